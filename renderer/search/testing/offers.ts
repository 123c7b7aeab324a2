import type { SearchOffer } from '../search-index.ts';

type Word = readonly [zh: string, en: string];

const places: readonly Word[] = [
  ['重庆', 'Chongqing'], ['长沙', 'Changsha'], ['四川', 'Sichuan'], ['云南', 'Yunnan'], ['海南', 'Hainan'], ['新疆', 'Xinjiang'], ['广东', 'Guangdong'], ['青岛', 'Qingdao'], ['西湖', 'West Lake'], ['东北', 'Northeast'],
  ['台湾', 'Taiwan'], ['内蒙古', 'Inner Mongolia'], ['厦门', 'Xiamen'], ['六安', "Lu'an"], ['法式', 'French'], ['日式', 'Japanese'], ['泰式', 'Thai'], ['意大利', 'Italian'], ['农家', 'Farmhouse'], ['老字号', 'Heritage'],
];
const tastes: readonly Word[] = [
  ['冰镇', 'Chilled'], ['红烧', 'Braised'], ['麻辣', 'Spicy'], ['清蒸', 'Steamed'], ['香草', 'Vanilla'], ['抹茶', 'Matcha'], ['蜂蜜', 'Honey'], ['柠檬', 'Lemon'], ['草莓', 'Strawberry'], ['椰香', 'Coconut'],
  ['原味', 'Original'], ['无糖', 'Sugar-free'], ['低盐', 'Low-salt'], ['现烤', 'Oven-baked'], ['手工', 'Handmade'], ['酸甜', 'Sweet and sour'], ['黑胡椒', 'Black pepper'], ['蒜香', 'Garlic'], ['孜然', 'Cumin'], ['焦糖', 'Caramel'],
];
const things: readonly Word[] = [
  ['可乐', 'cola'], ['牛肉面', 'beef noodles'], ['绿茶', 'green tea'], ['酸奶', 'yoghurt'], ['薯片', 'crisps'], ['豆浆', 'soy milk'], ['米饭', 'rice'], ['饺子', 'dumplings'], ['豆腐', 'tofu'], ['鸡腿', 'chicken leg'],
  ['咖啡', 'coffee'], ['饼干', 'biscuits'], ['巧克力', 'chocolate'], ['奶茶', 'milk tea'], ['春卷', 'spring rolls'], ['火腿肠', 'ham sausage'], ['海苔', 'seaweed'], ['花生', 'peanuts'], ['月饼', 'mooncake'], ['粽子', 'rice parcel'],
  ['三明治', 'sandwich'], ['蛋挞', 'egg tart'], ['虾仁', 'shrimps'], ['土豆丝', 'shredded potatoes'], ['宫保鸡丁', 'kung pao chicken'],
];
const sizes: readonly Word[] = [['小份', 'small'], ['大份', 'large'], ['家庭装', 'family pack'], ['礼盒', 'gift box'], ['六连包', 'pack of six']];

/** The same offers each time: names of four words, each once, as many and as alike as a large shop's are. */
export function searchOffers(count: number): readonly SearchOffer[] {
  const most = places.length * tastes.length * things.length * sizes.length;
  if (count > most) throw new Error(`there are ${most} names, not ${count}`);
  return Array.from({ length: count }, (_, index) => {
    // A stride without a common divisor visits each combination once, and mixes them.
    let rest = (index * 7919) % most;
    const next = (words: readonly Word[]): Word => {
      const word = words[rest % words.length]!;
      rest = Math.floor(rest / words.length);
      return word;
    };
    const words = [next(places), next(tastes), next(things), next(sizes)];
    return {
      id: `offer-${index}`, zh: words.map(([zh]) => zh).join(''), en: words.map(([, en]) => en).join(' '),
      keywords: [], rank: index % 50 === 0 ? index / 50 + 1 : undefined, price: 100 + ((index * 37) % 90) * 50,
    };
  });
}

/** Numbers from 0 to 1, the same each time (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One typing mistake somewhere after the first letter: a letter too many, missing, wrong, or two in the wrong order. */
export function mistype(text: string, random: () => number): string {
  const at = 1 + Math.floor(random() * (text.length - 2));
  const letter = String.fromCharCode(97 + Math.floor(random() * 26));
  const [before, own, after] = [text.slice(0, at), text.charAt(at), text.slice(at + 1)];
  switch (Math.floor(random() * 4)) {
    case 0:
      return before + letter + own + after;
    case 1:
      return before + after;
    case 2:
      return before + letter + after;
    default:
      return before + after.charAt(0) + own + after.slice(1);
  }
}
