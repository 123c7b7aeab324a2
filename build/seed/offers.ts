import type { OrderLine } from '../../domain/order/order.ts';
import type { Bilingual } from '../../domain/language.ts';

export interface SeedOffer {
  readonly id: string;
  readonly name: Bilingual;
  readonly fulfilment: OrderLine['fulfilment'];
  readonly price: number;
  /** How often it is bought beside others of its business. */
  readonly weight: number;
  /** Its customer gives a phone number. */
  readonly asksPhone: boolean;
}

const food = (id: string, zh: string, en: string, price: number, weight: number): SeedOffer => ({ id, name: { zh, en }, fulfilment: { kind: 'food' }, price, weight, asksPhone: false });
const goods = (id: string, zh: string, en: string, price: number, weight: number): SeedOffer => ({ id, name: { zh, en }, fulfilment: { kind: 'goods', initialStock: 20 }, price, weight, asksPhone: false });
const telecom = (id: string, zh: string, en: string, price: number, weight: number, service: 'top_up' | 'data_pack' | 'plan_change'): SeedOffer =>
  ({ id, name: { zh, en }, fulfilment: { kind: 'telecom', service }, price, weight, asksPhone: true });

/** What the kiosks of the year sell: prices in fen. */
export const seedOffers: Readonly<Record<'food' | 'goods' | 'telecom', readonly SeedOffer[]>> = {
  food: [
    food('oat-latte', '燕麦拿铁', 'Oat latte', 2400, 30), food('americano', '美式咖啡', 'Americano', 1600, 26), food('cappuccino', '卡布奇诺', 'Cappuccino', 2200, 14),
    food('soy-milk', '现磨豆浆', 'Fresh soy milk', 600, 22), food('pork-bun', '鲜肉包', 'Pork bun', 350, 28), food('vegetable-bun', '香菇青菜包', 'Vegetable bun', 300, 18),
    food('fried-dough', '油条', 'Fried dough stick', 250, 16), food('tea-egg', '茶叶蛋', 'Tea egg', 200, 24), food('congee', '皮蛋瘦肉粥', 'Congee with pork', 1200, 12),
    food('dumplings', '鲜肉小馄饨', 'Pork wonton soup', 1850, 18), food('beef-noodles', '红烧牛肉面', 'Beef noodles', 2800, 20), food('cold-noodles', '葱油拌面', 'Scallion oil noodles', 1500, 12),
    food('chicken-rice', '照烧鸡腿饭', 'Teriyaki chicken rice', 2600, 17), food('fish-rice', '酸菜鱼饭', 'Pickled fish rice', 3200, 9), food('sandwich', '金枪鱼三明治', 'Tuna sandwich', 1800, 11),
    food('salad', '鸡胸沙拉', 'Chicken salad', 2900, 6), food('milk-tea', '珍珠奶茶', 'Bubble tea', 1500, 21), food('lemon-tea', '手打柠檬茶', 'Lemon tea', 1300, 13),
    food('jasmine-tea', '茉莉花茶', 'Jasmine tea', 900, 8), food('mango-ice', '芒果冰沙', 'Mango smoothie', 2000, 7), food('egg-tart', '葡式蛋挞', 'Egg tart', 700, 12),
    food('croissant', '黄油可颂', 'Croissant', 1200, 9), food('hot-water', '免费热水', 'Hot water, free', 0, 9),
  ],
  goods: [
    goods('water-550', '矿泉水 550ml', 'Water 550 ml', 250, 30), goods('cola-330', '可乐 330ml', 'Cola 330 ml', 350, 20), goods('green-tea-500', '绿茶 500ml', 'Green tea 500 ml', 450, 14),
    goods('crisps', '原味薯片', 'Crisps', 750, 12), goods('chocolate', '黑巧克力', 'Dark chocolate', 1290, 8), goods('chewing-gum', '口香糖', 'Chewing gum', 600, 8),
    goods('tissues', '手帕纸', 'Tissues', 300, 12), goods('masks', '口罩 10 片', 'Masks, 10', 990, 6), goods('umbrella', '折叠雨伞', 'Folding umbrella', 3900, 4),
    goods('usb-charger', '双口快充充电器', 'Dual-port fast charger', 8900, 3), goods('usb-cable', 'Type-C 数据线', 'USB-C cable', 2900, 5), goods('power-bank', '移动电源', 'Power bank', 12_900, 2),
    goods('earphones', '有线耳机', 'Earphones', 4900, 2), goods('umbrella-kids', '儿童雨伞', "Children's umbrella", 3500, 1), goods('battery-aa', '5 号电池 4 粒', 'AA batteries, 4', 1590, 3),
  ],
  telecom: [
    telecom('top-up-30', '话费充值 30 元', 'Top-up ￥30', 2995, 16, 'top_up'), telecom('top-up-50', '话费充值 50 元', 'Top-up ￥50', 4990, 28, 'top_up'), telecom('top-up-100', '话费充值 100 元', 'Top-up ￥100', 9980, 26, 'top_up'),
    telecom('top-up-200', '话费充值 200 元', 'Top-up ￥200', 19_960, 8, 'top_up'), telecom('data-5', '流量包 5GB', 'Data pack 5 GB', 1500, 9, 'data_pack'), telecom('data-20', '流量包 20GB', 'Data pack 20 GB', 3000, 7, 'data_pack'),
    telecom('data-100', '流量包 100GB', 'Data pack 100 GB', 10_000, 2, 'data_pack'), telecom('plan-59', '畅享套餐 59', 'Plan 59', 5900, 2, 'plan_change'),
  ],
};

/** What customers write, by how many stars they gave. */
export const seedWords: Readonly<Record<number, readonly string[]>> = {
  1: ['付款两次都失败，等了很久。', '小票没有打出来，也没有人来。', 'Payment failed twice and nobody was there.', '机器反应太慢了。'],
  2: ['找不到退款的地方。', '字有点小，老人看不清。', 'Hard to find what I wanted.', '咖啡等了十五分钟。'],
  3: ['还可以，就是排队长。', '一般。', 'Okay.', '希望多一些早餐。'],
  4: ['挺方便的，支付很快。', 'Quick and clear.', '面不错，下次还来。', '充值到账快。'],
  5: ['非常好用！', '阿姨教我一次就会了，赞。', 'Best kiosk I have used.', '三十秒搞定，太快了。', '豆浆很香。'],
};
