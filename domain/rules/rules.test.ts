import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cart, CartLine } from '../cart/cart.ts';
import { maxCartLines } from '../cart/cart.ts';
import type { Offer } from '../catalogue/offer.ts';
import { fieldsOf } from '../catalogue/offer.ts';
import { keptOfForm } from '../catalogue/form.ts';
import { findOffer } from '../catalogue/catalogue.ts';
import type { RuleFacts } from './facts.ts';
import { withSoldOut } from './facts.ts';
import { applySuggestion } from './mend.ts';
import { offerTrouble } from './offer.ts';
import { inWords } from './opening-hours.ts';
import type { Refusal, Suggestion } from './refusal.ts';
import { refusalSchema } from './refusal.ts';
import { checkCart, checkWish } from './rules.ts';
import { agreed, cart, catalogue, district, facts, goodBroadband, goodCombo, goodKettle, goodTea, goodTopUp, line, moment, phone } from './testing/shop.ts';
import { totalChanged } from './total.ts';

const everything = [goodTea, goodCombo, goodTopUp, goodBroadband, goodKettle, line('cola', { quantity: 4 }), line('porridge'), line('map')];

/** As seen, without the text: that has its own tests. */
const withoutText = ({ text, ...rest }: Refusal) => (expect(text.zh.length * text.en.length).toBeGreaterThan(0), rest);

describe('a cart that may become an order', () => {
  it('has nothing to refuse, whatever kinds are in it', () => {
    expect(checkCart(facts, cart(...everything))).toEqual([]);
  });

  it('may take the last piece, the most of an offer and the most of money', () => {
    expect(checkCart({ ...facts, available: new Map([['cola', 2]]) }, cart(line('cola', { quantity: 2 })))).toEqual([]);
    expect(checkCart({ ...facts, maxTotal: 600 }, cart(line('cola', { quantity: 2 })))).toEqual([]);
  });

  it('needs nobody to say where goods are eaten, and no payment for what is free', () => {
    const { dining, ...notAsked } = cart(line('map'), goodBroadband);
    expect(dining).toBe('eat_in');
    expect(checkCart({ ...facts, canPay: false }, notAsked)).toEqual([]);
  });

  it('may hold what is sold from an age on once a person has seen it', () => {
    expect(checkCart({ ...facts, isAgeChecked: true }, cart(line('beer')))).toEqual([]);
  });
});

describe('what is not to be sold now', () => {
  it('is refused as sold out, counted or not, and comes back with its stock', () => {
    const soldOut = { ...facts, available: withSoldOut(facts.available, new Set(['tea', 'cola', 'of-another-catalogue'])) };
    const wanted = cart(goodTea, goodTopUp, line('cola'));
    expect(checkCart(soldOut, wanted).map(({ code, offerId }) => [code, offerId])).toEqual([['sold_out', 'tea'], ['sold_out', 'cola']]);
    expect(checkCart({ ...facts, available: withSoldOut(facts.available, new Set()) }, wanted)).toEqual([]);
    expect(facts.available.get('cola')).toBe(9);
  });

  it('takes a combo with it where nothing else can be chosen in its place', () => {
    const alone = { ...catalogue, offers: catalogue.offers.map((offer) => (offer.id === 'combo' ? { ...offer, options: offer.options.map((group) => ({ ...group, choices: group.choices.slice(0, 1) })) } : offer)) };
    const refusals = checkCart({ ...facts, catalogue: alone, available: new Map([['cup-cola', 0]]) }, cart(line('combo', { choices: { drink: ['cola'], sides: ['egg', 'egg'] } })));
    expect(refusals.map(({ code, suggestion }) => [code, suggestion.kind])).toEqual([['sold_out', 'remove_line']]);
  });
});

describe('what an offer is made of', () => {
  const withGroup = (group: Partial<Offer['options'][number]>): Offer => ({
    ...findOffer(catalogue, 'tea')!, id: 'made', price: 0,
    options: [{ id: 'parts', name: { zh: '配料', en: 'Parts' }, kind: 'step', min: 2, max: 2, repeats: false, free: 10, beyondFree: 0, preselected: [], choices: [['map', 500], ['cola', 200], ['beer', 0]].map(([id, price]) => ({ id: String(id), offerId: String(id), name: { zh: '料', en: 'Part' }, price: Number(price) })), ...group }],
  });
  const soldOut = (offer: Offer, ...gone: string[]) => offerTrouble({ ...facts, available: new Map(gone.map((id) => [id, 0])) }, offer)?.code;

  it('has to be left as often as it has to be chosen', () => {
    expect([soldOut(withGroup({}), 'map'), soldOut(withGroup({}), 'map', 'cola')]).toEqual([undefined, 'sold_out']);
    expect([soldOut(withGroup({ repeats: true }), 'map', 'cola'), soldOut(withGroup({ repeats: true }), 'map', 'cola', 'beer')]).toEqual([undefined, 'sold_out']);
    expect(soldOut(withGroup({ min: 0, repeats: true }), 'map', 'cola', 'beer')).toBeUndefined();
  });

  it('costs at least what the cheapest of it does', () => {
    const unpayable = (group: Partial<Offer['options'][number]>) => offerTrouble({ ...facts, canPay: false }, withGroup(group))?.code;
    expect([unpayable({}), unpayable({ min: 1 }), unpayable({ min: 2, repeats: true }), unpayable({ min: 2, repeats: true, free: 1, beyondFree: 100 })]).toEqual(['payment_unavailable', undefined, undefined, 'payment_unavailable']);
  });
});

const about = (offerId: string) => ({ lineId: `${offerId}-line`, offerId });
const remove = (offerId: string) => ({ kind: 'remove_line', lineId: `${offerId}-line` });
const choose = (offerId: string, groupId: string) => ({ kind: 'choose_options', lineId: `${offerId}-line`, groupId });
const fillIn = (offerId: string, field: string) => ({ kind: 'fill_in', lineId: `${offerId}-line`, field });
const without = (whole: CartLine, field: string): CartLine => ({ ...whole, form: Object.fromEntries(Object.entries(whole.form).filter(([id]) => id !== field)) });
const filled = (whole: CartLine, form: Record<string, string>): CartLine => ({ ...whole, form: { ...whole.form, ...form } });

describe('a refusal says what would make it right', () => {
  it.each<[string, Partial<RuleFacts>, CartLine[], object]>([
    ['kiosk_paused', { isPaused: true }, [line('cola'), line('coffee')], { code: 'kiosk_paused', suggestion: { kind: 'keep_shopping' } }],
    ['cart_empty', {}, [], { code: 'cart_empty', suggestion: { kind: 'keep_shopping' } }],
    ['offer_gone', {}, [line('coffee')], { code: 'offer_gone', ...about('coffee'), suggestion: remove('coffee') }],
    ['snoozed', { snoozed: new Map([['cola', moment.at + 1]]) }, [line('cola')], { code: 'snoozed', ...about('cola'), suggestion: remove('cola') }],
    ['outside_hours', { moment: { ...moment, minute: 600 } }, [line('porridge')], { code: 'outside_hours', ...about('porridge'), suggestion: remove('porridge') }],
    ['sold_out', { available: new Map([['cola', 0]]) }, [line('cola')], { code: 'sold_out', ...about('cola'), suggestion: remove('cola') }],
    ['stock_short', { available: new Map([['cola', 2]]) }, [line('cola', { quantity: 3 })], { code: 'stock_short', ...about('cola'), suggestion: { kind: 'set_quantity', lineId: 'cola-line', quantity: 2 } }],
    ['stock_short: to what one order may have as well', { available: new Map([['cola', 5]]) }, [line('cola', { quantity: 7 })], { code: 'stock_short', ...about('cola'), suggestion: { kind: 'set_quantity', lineId: 'cola-line', quantity: 4 } }],
    ['too_many', {}, [line('cola', { quantity: 5 })], { code: 'too_many', ...about('cola'), suggestion: { kind: 'set_quantity', lineId: 'cola-line', quantity: 4 } }],
    ['online_only', { isHqThere: false }, [goodTopUp], { code: 'online_only', ...about('top-up'), suggestion: remove('top-up') }],
    ['option_missing', {}, [line('tea')], { code: 'option_missing', ...about('tea'), suggestion: choose('tea', 'size') }],
    ['option_missing: one of two', {}, [line('combo', { choices: { drink: ['cola'], sides: ['egg'] } })], { code: 'option_missing', ...about('combo'), suggestion: choose('combo', 'sides') }],
    ['option_unknown: a choice that is none', {}, [line('tea', { choices: { size: ['huge'] } })], { code: 'option_unknown', ...about('tea'), suggestion: choose('tea', 'size') }],
    ['option_unknown: a choice twice', {}, [line('tea', { choices: { size: ['small'], extras: ['ice', 'ice'] } })], { code: 'option_unknown', ...about('tea'), suggestion: choose('tea', 'extras') }],
    ['option_unknown: more than allowed', {}, [line('tea', { choices: { size: ['small', 'large'] } })], { code: 'option_unknown', ...about('tea'), suggestion: choose('tea', 'size') }],
    ['option_unknown: more repeats than allowed', {}, [line('combo', { choices: { drink: ['cola'], sides: ['egg', 'egg', 'egg', 'egg', 'egg'] } })], { code: 'option_unknown', ...about('combo'), suggestion: choose('combo', 'sides') }],
    ['option_unknown: a group that is none', {}, [line('tea', { choices: { size: ['small'], colour: ['red'] } })], { code: 'option_unknown', ...about('tea'), suggestion: remove('tea') }],
    ['option_sold_out', { available: new Map([['cup-cola', 0]]) }, [goodCombo], { code: 'option_sold_out', ...about('combo'), suggestion: choose('combo', 'drink') }],
    ['option_sold_out: resting', { snoozed: new Map([['cup-cola', moment.at + 60_000]]) }, [goodCombo], { code: 'option_sold_out', ...about('combo'), suggestion: choose('combo', 'drink') }],
    ['form_missing', {}, [line('top-up')], { code: 'form_missing', ...about('top-up'), suggestion: fillIn('top-up', 'phone') }],
    ['form_missing: left empty', {}, [line('top-up', { form: { phone: '' } })], { code: 'form_missing', ...about('top-up'), suggestion: fillIn('top-up', 'phone') }],
    ['form_missing: not agreed', {}, [without(goodBroadband, 'terms')], { code: 'form_missing', ...about('broadband'), suggestion: fillIn('broadband', 'terms') }],
    ['form_missing: asked by the answer before', {}, [without(goodBroadband, 'account')], { code: 'form_missing', ...about('broadband'), suggestion: fillIn('broadband', 'account') }],
    ['form_invalid: agreed to another text', {}, [filled(goodBroadband, { terms: 'v0' })], { code: 'form_invalid', ...about('broadband'), suggestion: fillIn('broadband', 'terms') }],
    ['form_invalid: an identity card of a wrong check character', {}, [filled(goodBroadband, { 'id-card': '110105194912310021' })], { code: 'form_invalid', ...about('broadband'), suggestion: fillIn('broadband', 'id-card') }],
    ['form_invalid: not asked any more', {}, [filled(goodBroadband, { 'has-line': 'no' })], { code: 'form_invalid', ...about('broadband'), suggestion: fillIn('broadband', 'has-line') }],
    ['form_invalid: nobody asked', {}, [line('cola', { form: { phone } })], { code: 'form_invalid', ...about('cola'), suggestion: remove('cola') }],
    ['phone_invalid', {}, [line('top-up', { form: { phone: '1391234567' } })], { code: 'phone_invalid', ...about('top-up'), suggestion: fillIn('top-up', 'phone') }],
    ['address_invalid: no district', {}, [filled(goodKettle, { district: '310100' })], { code: 'address_invalid', ...about('kettle'), suggestion: fillIn('kettle', 'district') }],
    ['address_invalid: a postcode of elsewhere', {}, [filled(goodKettle, { postcode: '100001' })], { code: 'address_invalid', ...about('kettle'), suggestion: fillIn('kettle', 'postcode') }],
    ['age_restricted', {}, [line('beer')], { code: 'age_restricted', ...about('beer'), suggestion: remove('beer') }],
    ['age_restricted, whatever else is wrong with the line', {}, [line('beer', { quantity: 99 })], { code: 'age_restricted', ...about('beer'), suggestion: remove('beer') }],
    ['payment_unavailable', { canPay: false }, [line('cola')], { code: 'payment_unavailable', suggestion: { kind: 'keep_shopping' } }],
    ['payment_unavailable: with something free', { canPay: false }, [line('cola'), line('map')], { code: 'payment_unavailable', suggestion: { kind: 'keep_free' } }],
    ['total_too_high', { maxTotal: 299 }, [line('cola')], { code: 'total_too_high', suggestion: { kind: 'keep_shopping' } }],
  ])('%s', (_code, changed, lines, refusal) => {
    const found = checkCart({ ...facts, ...changed }, cart(...lines));
    expect(found.map(withoutText)).toEqual([refusal]);
    expect(refusalSchema.parse(found[0])).toEqual(found[0]);
  });

  it('dining_missing, where there is food', () => {
    const { dining: _dining, ...notAsked } = cart(goodTea);
    expect(checkCart(facts, notAsked).map(withoutText)).toEqual([{ code: 'dining_missing', suggestion: { kind: 'choose_dining' } }]);
  });

  it('total_changed, with both totals', () => {
    expect(refusalSchema.parse(totalChanged({ amount: 350, currency: 'CNY' }, { amount: 400, currency: 'CNY' }))).toEqual({
      code: 'total_changed', suggestion: { kind: 'accept_total', total: { amount: 400, currency: 'CNY' } },
      text: { zh: '价格有变动：原来 ￥3.50，现在 ￥4.00', en: 'The price has changed: it was ￥3.50, now it is ￥4.00' },
    });
  });

  it('over all lines of an offer: the first has what there is, the last gives up', () => {
    const lines = [line('cola', { id: 'first', quantity: 2 }), line('cola', { id: 'second', quantity: 3 }), line('cola', { id: 'third', quantity: 1 })];
    const told = (available: number) => checkCart({ ...facts, available: new Map([['cola', available]]) }, cart(...lines)).map(({ code, suggestion }) => [code, suggestion]);
    expect(told(9)).toEqual([['too_many', { kind: 'set_quantity', lineId: 'second', quantity: 2 }], ['too_many', { kind: 'remove_line', lineId: 'third' }]]);
    expect(told(2)).toEqual([['stock_short', { kind: 'remove_line', lineId: 'second' }], ['stock_short', { kind: 'remove_line', lineId: 'third' }]]);
  });

  it('for each line that needs mending, and the total only when the lines are right', () => {
    expect(checkCart({ ...facts, maxTotal: 1 }, cart(line('coffee'), line('tea'), goodTopUp)).map(({ code }) => code)).toEqual(['offer_gone', 'option_missing']);
  });

  it('for each line that asks for an age, each with its own tap: what is left of the cart can be paid', () => {
    const wished = cart(line('beer'), line('cola'), line('beer', { id: 'again' }));
    const refusals = checkCart(facts, wished);
    expect(refusals.map(({ code, suggestion }) => [code, suggestion])).toEqual([['age_restricted', { kind: 'remove_line', lineId: 'beer-line' }], ['age_restricted', { kind: 'remove_line', lineId: 'again' }]]);
    const left = refusals.reduce((now, { suggestion }) => applySuggestion(now, suggestion, facts), wished);
    expect([left.lines.map(({ offerId }) => offerId), checkCart(facts, left)]).toEqual([['cola'], []]);
  });

  it('for payment before anything that would have to be filled in', () => {
    expect(checkCart({ ...facts, canPay: false }, cart(line('top-up'), line('tea'))).map(({ code }) => code)).toEqual(['payment_unavailable']);
  });

  it('for each line that an order has no room for, the last ones first to go', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => line('top-up', { id: `line-${index}`, form: { phone } }));
    const roomy = { ...facts, catalogue: { ...catalogue, offers: catalogue.offers.map((offer) => ({ ...offer, maxPerOrder: 99 })) }, maxTotal: 10_000_000 };
    expect(checkCart(roomy, cart(...many(maxCartLines)))).toEqual([]);
    expect(checkCart(roomy, cart(...many(maxCartLines + 2))).map(withoutText)).toEqual([maxCartLines, maxCartLines + 1].map((index) => (
      { code: 'too_many_lines', lineId: `line-${index}`, offerId: 'top-up', suggestion: { kind: 'remove_line', lineId: `line-${index}` } })));
  });

  it("for a wish alone, as the offer's sheet asks", () => {
    const tea = findOffer(catalogue, 'tea')!;
    expect(checkWish(tea, goodTea, facts.isDistrict)).toEqual([]);
    expect(checkWish(tea, line('tea'), facts.isDistrict).map(({ code }) => code)).toEqual(['option_missing']);
  });
});

describe('the words of a refusal', () => {
  const words = (changed: Partial<RuleFacts>, ...lines: CartLine[]) => checkCart({ ...facts, ...changed }, cart(...lines)).map(({ text }) => text);

  it.each<[Partial<RuleFacts>, CartLine, string, string]>([
    [{ available: new Map([['cola', 2]]) }, line('cola', { quantity: 3 }), '可乐只剩 2 件了', 'Only 2 of Cola left'],
    [{}, line('cola', { quantity: 5 }), '可乐每单最多 4 件', 'Cola: 4 at most in one order'],
    [{ available: new Map([['cola', 0]]) }, line('cola'), '可乐卖完了', 'Cola is sold out'],
    [{ snoozed: new Map([['cola', moment.at + 90 * 60_000]]) }, line('cola'), '可乐暂时不卖，今天 10:30 再来', 'Cola is taking a break. It is back today at 10:30'],
    [{ moment: { ...moment, minute: 600 } }, line('porridge'), '现在不是白粥的供应时间，明天 06:00 开始供应', 'Porridge is not served at this time. It starts tomorrow at 06:00'],
    [{ isHqThere: false }, goodTopUp, '现在联系不上运营商，充值 50 元暂时办不了', 'We cannot reach the carrier right now, so Top-up 50 has to wait'],
    [{ available: new Map([['cup-cola', 0]]) }, goodCombo, '单人套餐：可乐没有了，请换一样', 'Meal for one: Cola is gone. Please choose another'],
    [{}, line('beer'), '啤酒只卖给年满 18 周岁的顾客，需要当面核对年龄，请到柜台购买', 'Beer is only for people aged 18 or over, and needs an age check. Please buy it at the counter'],
    [{}, line('top-up', { form: { phone: '1391234' } }), '充值 50 元，手机号：手机号是 11 位，还差 4 位', 'Top-up 50, Mobile number: A mobile number has 11 digits. 4 more to go'],
  ])('names the offer and says what is the matter: %#', (changed, wish, zh, en) => {
    expect(words(changed, wish)).toEqual([{ zh, en }]);
  });

  it('fit their field, however long the names of the catalogue are', () => {
    const long = { zh: '长'.repeat(300), en: 'l'.repeat(300) };
    const stretched = {
      ...catalogue,
      offers: catalogue.offers.map((offer) => ({
        ...offer, name: long, options: offer.options.map((group) => ({ ...group, name: long, choices: group.choices.map((choice) => ({ ...choice, name: long })) })), form: offer.form.map((field) => ({ ...field, label: long })),
      })),
    };
    const bad: [Partial<RuleFacts>, CartLine[]][] = [
      [{}, [line('cola', { quantity: 9 }), line('tea'), line('top-up'), line('broadband', { form: { account: '1' } })]], [{ isHqThere: false }, [goodTopUp]],
      [{ available: new Map([['cola', 0]]) }, [goodCombo, line('cola')]], [{ available: new Map([['cola', 1]]) }, [line('cola', { quantity: 3 })]],
      [{ snoozed: new Map([['cola', moment.at + 1]]) }, [line('cola'), goodCombo]], [{ moment: { ...moment, minute: 1000 } }, [line('porridge')]], [{}, [line('beer')]],
    ];
    for (const [changed, lines] of bad) for (const refusal of checkCart({ ...facts, ...changed, catalogue: stretched }, cart(...lines))) expect(refusalSchema.safeParse(refusal).success).toBe(true);
  });
});

it.each([
  [0, '今天 09:00 ', 'today at 09:00'], [14 * 60 + 59, '今天 23:59 ', 'today at 23:59'], [15 * 60, '明天 00:00 ', 'tomorrow at 00:00'], [2 * 1440 + 5, '周三 09:05 ', 'on Wednesday at 09:05'],
  [6 * 1440, '周日 09:00 ', 'on Sunday at 09:00'], [7 * 1440 - 1, '下周一 08:59 ', 'next Monday at 08:59'], [9 * 1440, '9 天后', 'in 9 days'],
])('%i minutes from Monday, nine o’clock, people say %j and %j', (minutes, zh, en) => {
  expect(inWords(moment, minutes)).toEqual({ zh, en });
});

describe('what a card and a button show of an offer', () => {
  const troubleOf = (offerId: string, changed: Partial<RuleFacts> = {}) => offerTrouble({ ...facts, ...changed }, findOffer(catalogue, offerId)!)?.code;

  it('is nothing where it can be had, though a person has to see the customer first', () => {
    expect(catalogue.offers.map(({ id }) => troubleOf(id))).toEqual(catalogue.offers.map(() => undefined));
  });

  it.each<[string, Partial<RuleFacts>, string | undefined]>([
    ['cola', { isPaused: true }, 'kiosk_paused'],
    ['cola', { available: new Map([['cola', 0]]) }, 'sold_out'],
    ['combo', { available: new Map([['cup-cola', 0]]) }, undefined],
    ['tea', { snoozed: new Map([['tea', moment.at + 1]]) }, 'snoozed'],
    ['tea', { snoozed: new Map([['tea', moment.at]]) }, undefined],
    ['porridge', { moment: { ...moment, minute: 359 } }, 'outside_hours'],
    ['porridge', { moment: { ...moment, minute: 360 } }, undefined],
    ['top-up', { isHqThere: false }, 'online_only'],
    ['kettle', { isHqThere: false }, undefined],
    ['cola', { canPay: false }, 'payment_unavailable'],
    ['map', { canPay: false }, undefined],
    ['broadband', { canPay: false }, undefined],
  ])('%s, %j: %s', (offerId, changed, code) => {
    expect(troubleOf(offerId, changed)).toBe(code);
  });

  it('agrees with the rules of the cart: what a card offers, a cart with that alone may have', () => {
    const good = new Map([goodTea, goodCombo, goodTopUp, goodBroadband, goodKettle].map((wish) => [wish.offerId, wish]));
    const someFacts = fc.record({
      available: fc.record({ cola: fc.nat(2), map: fc.nat(2), charger: fc.nat(1) }).map((stock) => new Map(Object.entries(stock))),
      snoozed: fc.subarray(catalogue.offers.map(({ id }) => id)).map((ids) => new Map(ids.map((id) => [id, moment.at + 60_000]))),
      moment: fc.nat(1439).map((minute) => ({ ...moment, minute })),
      isHqThere: fc.boolean(), canPay: fc.boolean(), isPaused: fc.boolean(), isAgeChecked: fc.constant(true),
    });
    fc.assert(fc.property(someFacts, fc.constantFrom(...catalogue.offers.map(({ id }) => id)), (changed, id) => {
      const rules = { ...facts, ...changed };
      const refusals = checkCart(rules, cart(good.get(id) ?? line(id))).map(({ code }) => code).filter((code) => code !== 'option_sold_out');
      expect(refusals.length > 0).toBe(offerTrouble(rules, findOffer(catalogue, id)!) !== undefined);
    }), { numRuns: 500 });
  });
});

/** What the page's one button does, with a customer who answers rightly when asked. */
function accept(rules: RuleFacts, now: Cart, suggestion: Suggestion): { readonly cart: Cart; readonly rules: RuleFacts } {
  const mend = (lineId: string, change: (wish: CartLine, offer: Offer) => CartLine) =>
    ({ rules, cart: { ...now, lines: now.lines.map((wish) => (wish.id === lineId ? change(wish, findOffer(catalogue, wish.offerId)!) : wish)) } });
  switch (suggestion.kind) {
    case 'set_quantity':
    case 'remove_line':
    case 'keep_free':
      return { rules, cart: applySuggestion(now, suggestion, rules) };
    case 'choose_options': {
      const { lineId, groupId } = suggestion;
      return mend(lineId, (wish, offer) => {
        const group = offer.options.find(({ id }) => id === groupId)!;
        const left = group.choices.filter(({ offerId }) => offerId === undefined || ((rules.available.get(offerId) ?? 1) > 0 && !rules.snoozed.has(offerId)));
        return { ...wish, choices: { ...wish.choices, [groupId]: Array.from({ length: group.min }, (_, index) => left[group.repeats ? 0 : index]!.id) } };
      });
    }
    case 'fill_in':
      return mend(suggestion.lineId, (wish, offer) => {
        const form = { ...wish.form, [suggestion.field]: rightAnswers[suggestion.field]! };
        return { ...wish, form: keptOfForm(fieldsOf(offer), form) };
      });
    case 'choose_dining':
      return { rules, cart: { ...now, dining: 'take_away' } };
    case 'keep_shopping':
      return { rules, cart: { ...now, lines: [] } };
    case 'accept_total':
    case 'call_staff':
      throw new Error('no rule suggests it');
  }
}
const rightAnswers: Readonly<Record<string, string>> = { phone, 'contact-phone': phone, ...goodKettle.form, ...goodBroadband.form, 'has-line': 'no', note: '无' };

const someForms: fc.Arbitrary<Record<string, string>> = fc.oneof(
  fc.constant({}),
  fc.record({ phone: fc.constantFrom('', phone, '123') }),
  fc.dictionary(fc.constantFrom('name', 'id-card', 'has-line', 'account', 'district', 'street', 'postcode', 'terms', 'contact-name', 'unheard-of'),
    fc.constantFrom('', 'yes', 'no', '王小明', '12345678', district, '200001', agreed, '11010519491231002X'), { noNullPrototype: true }));
const someLines: fc.Arbitrary<CartLine[]> = fc.array(fc.record({
  offerId: fc.constantFrom('cola', 'cola', 'charger', 'map', 'beer', 'tea', 'combo', 'porridge', 'top-up', 'broadband', 'kettle', 'coffee'),
  quantity: fc.integer({ min: 1, max: 12 }),
  choices: fc.dictionary(fc.constantFrom('size', 'extras', 'drink', 'sides', 'colour'), fc.array(fc.constantFrom('small', 'large', 'ice', 'milk', 'cola', 'egg', 'tofu', 'red'), { maxLength: 4 }), { noNullPrototype: true }),
  form: someForms,
}), { minLength: 1, maxLength: 6 }).map((list) => list.map((wish, index) => ({ ...wish, id: `line-${index}` })));
const someRules: fc.Arbitrary<RuleFacts> = fc.record({
  available: fc.record({ cola: fc.integer({ min: 0, max: 8 }), charger: fc.integer({ min: 0, max: 8 }), map: fc.integer({ min: 0, max: 3 }) }).map((stock) => new Map(Object.entries(stock))),
  snoozed: fc.subarray(['cola', 'tea', 'top-up']).map((ids) => new Map(ids.map((id) => [id, moment.at + 60_000]))),
  isHqThere: fc.boolean(), canPay: fc.boolean(), moment: fc.constantFrom(moment, { ...moment, minute: 900 }), maxTotal: fc.constantFrom(20_000, 10_000_000),
}).map((changed) => ({ ...facts, ...changed }));

/** Accepts suggestions until there are none or the cart is empty. Fails where that does not end. */
function mendAll(first: RuleFacts, lines: readonly CartLine[], taken: (refusals: readonly Refusal[]) => readonly Refusal[]): { readonly cart: Cart; readonly rules: RuleFacts } {
  const { dining: _dining, ...notAsked } = cart(...lines);
  let now: { readonly cart: Cart; readonly rules: RuleFacts } = { cart: notAsked, rules: first };
  for (let round = 0; round < 100; round++) {
    const refusals = checkCart(now.rules, now.cart);
    if (refusals.length === 0 || now.cart.lines.length === 0) return now;
    now = taken(refusals).reduce((mended, { suggestion }) => accept(mended.rules, mended.cart, suggestion), now);
  }
  throw new Error('the suggestions lead nowhere');
}

describe('accepting what is suggested', () => {
  it.each<[string, (refusals: readonly Refusal[]) => readonly Refusal[]]>([
    ['one by one', (refusals) => refusals.slice(0, 1)],
    ['the last one first', (refusals) => refusals.slice(-1)],
    ['all at once', (refusals) => refusals],
  ])('%s leads to an order or an empty cart', (_how, taken) => {
    fc.assert(fc.property(someLines, someRules, (lines, rules) => {
      const mended = mendAll(rules, lines, taken);
      expect(mended.cart.lines.length === 0 || checkCart(mended.rules, mended.cart).length === 0).toBe(true);
    }), { numRuns: 300 });
  });

  it('makes that refusal go away', () => {
    fc.assert(fc.property(someLines, someRules, fc.nat(20), (lines, rules, at) => {
      const { dining: _dining, ...wanted } = cart(...lines);
      const refusals = checkCart(rules, wanted);
      const refusal = refusals[at % Math.max(1, refusals.length)];
      fc.pre(refusal !== undefined);
      const mended = accept(rules, wanted, refusal.suggestion);
      expect(checkCart(mended.rules, mended.cart)).not.toContainEqual(refusal);
    }), { numRuns: 500 });
  });

  it('never takes away more than the rules ask for, one by one or all at once', () => {
    const quantity = fc.integer({ min: 1, max: 9 });
    fc.assert(fc.property(quantity, quantity, fc.integer({ min: 0, max: 9 }), fc.boolean(), (first, second, left, isAllAtOnce) => {
      const rules = { ...facts, available: new Map([['charger', left]]), maxTotal: 10_000_000 };
      const lines = [line('charger', { id: 'first', quantity: first }), line('charger', { id: 'second', quantity: second })];
      const mended = mendAll(rules, lines, (refusals) => (isAllAtOnce ? refusals : refusals.slice(0, 1)));
      expect(mended.cart.lines.reduce((sum, wish) => sum + wish.quantity, 0)).toBe(Math.min(first + second, left, 9));
    }));
  });

  it('keeps of what is free only what is free without the rest', () => {
    const promoted = { ...catalogue, promotions: [{ id: 'two-for-one', name: { zh: '买一送一', en: 'Two for one' }, kind: 'buy_get' as const, buy: 1, free: 1, offerIds: ['tea'] }] };
    const pair = cart(goodTea, { ...goodTea, id: 'cheaper', choices: { size: ['small'] } }, line('map'));
    expect(applySuggestion(pair, { kind: 'keep_free' }, { catalogue: promoted, moment }).lines.map(({ id }) => id)).toEqual(['map-line']);
  });

  it('leaves the cart as it is where a person has to answer first', () => {
    const wanted = cart(line('tea'));
    for (const kind of ['choose_dining', 'call_staff', 'keep_shopping'] as const) expect(applySuggestion(wanted, { kind }, facts)).toBe(wanted);
  });
});
