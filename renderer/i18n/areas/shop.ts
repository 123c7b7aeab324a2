import type { Language } from '../../../domain/language.ts';

export interface ShopWords {
  readonly search: {
    /** The button that leads there, and its whole name. */
    readonly open: string; readonly openLabel: string;
    readonly title: string; readonly field: string; readonly hint: string; readonly clear: string; readonly showKeyboard: string; readonly hideKeyboard: string;
    readonly popular: string; readonly found: (count: number) => string; readonly foundMany: (count: number, shown: number) => string;
    readonly similar: (count: number) => string; readonly foundAndSimilar: (count: number) => string; readonly none: (query: string) => string; readonly noneText: string; readonly looking: string; readonly results: string;
  };
  readonly card: {
    readonly before: string; readonly from: (price: string) => string; readonly fromShort: string; readonly quantityPrice: (from: number, price: string) => string;
    readonly age: (years: number) => string; readonly delivered: string; readonly atMost: (name: string) => string; readonly addOne: (name: string, price: string) => string; readonly beside: string;
  };
  readonly list: { readonly hours: (hours: string) => string; readonly closedNow: (name: string, hours: string) => string; readonly offersOf: (category: string, count: number) => string; readonly empty: string };
  readonly hours: { readonly days: readonly string[]; readonly to: string; readonly and: string; readonly at: (days: string, hours: string) => string };
  readonly cart: {
    readonly list: string; readonly off: (name: string | undefined, amount: string) => string; readonly ask: (name: string) => string;
    readonly remove: string; readonly keep: string; readonly most: (count: number) => string;
  };
}

const things = (count: number) => (count === 1 ? '1 item' : `${count.toLocaleString('en')} items`);

export const shopWords: Readonly<Record<Language, ShopWords>> = {
  zh: {
    search: {
      open: '搜索', openLabel: '搜索商品和业务', title: '想找什么？', field: '搜索', hint: '名称、拼音或首字母', clear: '清空搜索', showKeyboard: '打开键盘', hideKeyboard: '收起键盘',
      popular: '大家常买', found: (count) => `找到 ${count} 件`, foundMany: (count, shown) => `找到 ${count} 件，先列出最接近的 ${shown} 件`,
      similar: (count) => `您要找的可能是这 ${count} 件`, foundAndSimilar: (count) => `找到 ${count} 件，后面的比较接近`, none: (query) => `没有找到“${query}”`, noneText: '换个说法试试，或者从分类里找。', looking: '正在查找…', results: '搜索结果',
    },
    card: {
      before: '原价', from: (price) => `${price} 起`, fromShort: '起', quantityPrice: (from, price) => `${from} 件起 每件 ${price}`,
      age: (years) => `满 ${years} 岁`, delivered: '送货上门', atMost: (name) => `${name} 已加到上限`, addOne: (name, price) => `加一件 ${name} ${price}`, beside: '，',
    },
    list: { hours: (hours) => `供应时间 ${hours}`, closedNow: (name, hours) => `${name}现在不供应，供应时间是 ${hours}。`, offersOf: (category, count) => `${category}，共 ${count} 种`, empty: '这里暂时没有东西，看看别的分类吧。' },
    hours: { days: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'], to: '至', and: '、', at: (days, hours) => `${days} ${hours}` },
    cart: {
      list: '已选的东西', off: (name, amount) => (name === undefined ? `优惠 -${amount}` : `${name} -${amount}`), ask: (name) => `移除 ${name}？填好的内容也会清掉。`,
      remove: '移除', keep: '保留', most: (count) => `最多 ${count} 件`,
    },
  },
  en: {
    search: {
      open: 'Search', openLabel: 'Search everything on offer', title: 'What are you looking for?', field: 'Search', hint: 'Name, pinyin or initials', clear: 'Clear the search', showKeyboard: 'Show keyboard', hideKeyboard: 'Hide keyboard',
      popular: 'Most bought', found: (count) => `${things(count)} found`, foundMany: (count, shown) => `${things(count)} found, the best ${shown} are shown`,
      similar: (count) => count === 1 ? 'Did you mean this one?' : `Did you mean one of these ${count}?`, foundAndSimilar: (count) => `${things(count)} found, and some that come close`, none: (query) => `Nothing found for “${query}”`,
      noneText: 'Try another word, or look through the categories.', looking: 'Looking…', results: 'What was found',
    },
    card: {
      before: 'Was', from: (price) => `from ${price}`, fromShort: 'from', quantityPrice: (from, price) => `${from} or more: ${price} each`,
      age: (years) => `${years} and over`, delivered: 'Delivered', atMost: (name) => `${name}: as many as you can take`, addOne: (name, price) => `Add one ${name} ${price}`, beside: ', ',
    },
    list: { hours: (hours) => `Served ${hours}`, closedNow: (name, hours) => `${name}: not served right now. Hours are ${hours}.`, offersOf: (category, count) => `${category}, ${things(count)}`, empty: 'Nothing here for now. Have a look at the other categories.' },
    hours: { days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'], to: ' to ', and: ', ', at: (days, hours) => `${days} ${hours}` },
    cart: {
      list: 'What you have chosen', off: (name, amount) => (name === undefined ? `Reduced by ${amount}` : `${name} -${amount}`), ask: (name) => `Remove ${name}? What you filled in goes as well.`,
      remove: 'Remove', keep: 'Keep', most: (count) => `${count} at most`,
    },
  },
};
