import { describe, expect, it } from 'vitest';
import type { SearchOffer } from './search-index.ts';
import { createSearchIndex } from './search-index.ts';
import { searchOffers } from './testing/offers.ts';
import { queriesOf, queryKinds } from './testing/queries.ts';

const offer = (id: string, zh: string, en: string, rest: Partial<SearchOffer> = {}): SearchOffer => ({ id, zh, en, keywords: [], rank: undefined, price: 500, ...rest });

const shop = createSearchIndex([
  offer('noodles', '重庆小面', 'Chongqing noodles'),
  offer('tofu', '长沙臭豆腐', 'Changsha stinky tofu'),
  offer('holder', '银行卡套', 'Bank card holder'),
  offer('cola', '可乐', 'Cola'),
  offer('big-cola', '可乐大瓶', 'Cola, large bottle', { price: 300 }),
  offer('ice-cola', '冰可乐', 'Ice-cold cola', { rank: 1 }),
  offer('cable', 'USB 充电线', 'Charging cable', { keywords: ['快充', 'fast charger', '可乐'] }),
  offer('beef', '红烧牛肉面', 'Braised beef noodles', { rank: 3 }),
  offer('cake', '草莓蛋糕', 'Strawberry cake', { rank: 2 }),
]);
const found = (query: string) => shop.search(query, 20).ids;

describe('search', () => {
  it.each([
    ['chongqing', 'noodles'], ['zhongqing', 'noodles'], ['zqxm', 'noodles'], ['changsha', 'tofu'], ['zhangsha', 'tofu'], ['yinhang', 'holder'], ['yinxing', 'holder'], ['kele', 'cola'], ['keyue', 'cola'],
  ])('%s finds a character by each of its readings', (query, id) => {
    expect(found(query)).toContain(id);
  });

  it('puts the whole name first, then its beginning, then a part, then what a keyword says', () => {
    expect(found('可乐')).toEqual(['cola', 'big-cola', 'ice-cola', 'cable']);
    expect(found('kele')).toEqual(['cola', 'big-cola', 'ice-cola', 'cable']);
  });

  it.each([
    ['hsnrm', ['beef']], ['hong shao niu rou mian', ['beef']], ["hong'shao", ['beef']], ['红烧面', ['beef']], ['ＵＳＢ', ['cable']], ['快充', ['cable']], ['charger fast', ['cable']], ['berry', ['cake']], ['NOODLES beef', ['beef']],
  ])('%s finds %s', (query, ids) => {
    expect(found(query).slice(0, 1)).toEqual(ids);
  });

  it.each([['hongshoa', 'beef'], ['nuroumian', 'beef'], ['strawbery', 'cake'], ['straberry ckae', 'cake'], ['chargin', 'cable'], ['曹莓蛋糕', 'cake'], ['红绕牛肉面', 'beef']])('%s is forgiven its mistake', (query, id) => {
    expect(found(query)[0]).toBe(id);
  });

  const categories = createSearchIndex([
    offer('espresso', '意式浓缩', 'Espresso', { keywords: ['咖啡烘焙', 'Coffee & bakery'] }), offer('croissant', '可颂', 'Croissant', { keywords: ['咖啡烘焙', 'Coffee & bakery'], rank: 1 }),
    offer('iced', '冰咖啡', 'Iced coffee', { price: 9000 }), offer('top-up', '话费充值 50 元', 'Top-up 50'), offer('plan', '轻享套餐', 'Light plan'), offer('data', '流量体验包', 'Trial data'), offer('clover', '四叶草', 'Clover'),
  ]);
  const answered = (query: string) => categories.search(query, 20).ids;

  it('puts what has the word in its name before what has it in its category, however dear, and nothing that only sounds like it beside them', () => {
    expect(answered('咖啡')).toEqual(['iced', 'croissant', 'espresso']);
    expect(answered('coffee')).toEqual(['iced', 'croissant', 'espresso']);
    expect(answered('bakery')).toEqual(['croissant', 'espresso']);
  });

  it.each(['早餐', '蛋挞', '菜费'])('offers for %s no other word whose letters are one mistake away', (query) => {
    expect(answered(query)).toEqual([]);
  });

  it('forgives two characters that are written wrongly and sound right', () => {
    expect(new Set(answered('咖飞'))).toEqual(new Set(['iced', 'croissant', 'espresso']));
    expect(categories.search('浓所', 20)).toEqual({ ids: ['espresso'], exact: 0, similar: 1 });
  });

  it('says how many hold what was typed, and how many are only like it', () => {
    expect(shop.search('cola', 2)).toEqual({ ids: ['cola', 'big-cola'], exact: 3, similar: 0 });
    expect(shop.search('colla', 20)).toMatchObject({ exact: 0, similar: 3 });
  });

  it.each(['', '   ', '…', '🍜', 'qqqqqqq', '龘'])('finds nothing for "%s", and says so', (query) => {
    expect(shop.search(query, 20)).toEqual({ ids: [], exact: 0, similar: 0 });
  });

  it('answers each query alone: nothing of one is left in the next', () => {
    const first = shop.search('kele', 20);
    shop.search('strawberry cake', 20);
    expect(shop.search('kele', 20)).toEqual(first);
  });

  it('of equal answers shows the most bought first, then the cheapest', () => {
    const equals = createSearchIndex([offer('dear', '茶一', 'Tea', { price: 900 }), offer('cheap', '茶二', 'Tea', { price: 100 }), offer('bought', '茶三', 'Tea', { price: 950, rank: 7 })]);
    expect(equals.search('tea', 9).ids).toEqual(['bought', 'cheap', 'dear']);
  });
});

describe('over 10,000 offers that are much alike', () => {
  const offers = searchOffers(10_000);
  const index = createSearchIndex(offers);

  it('have 10,000 names', () => {
    expect(new Set(offers.map(({ zh }) => zh)).size).toBe(10_000);
  });

  it.each(queryKinds)('at least 95 % are found by $name', (kind) => {
    const queries = queriesOf(kind, offers, 200);
    const hits = queries.filter(({ query, id }) => index.search(query, kind.whole ? 20 : offers.length).ids.includes(id));
    expect(hits.length / queries.length).toBeGreaterThanOrEqual(0.95);
  });
});
