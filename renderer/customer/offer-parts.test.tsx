import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import rawCatalogue from '../../config/catalogue.json';
import { emptyCart } from '../../domain/cart/cart.ts';
import { catalogueSchema } from '../../domain/catalogue/catalogue.ts';
import { deliveryFields, formFieldSchema, phoneField } from '../../domain/catalogue/form.ts';
import type { OptionGroup } from '../../domain/catalogue/offer.ts';
import { optionGroupSchema } from '../../domain/catalogue/offer.ts';
import type { Shopfront } from '../../domain/contract/kiosk.ts';
import { cartIdSchema } from '../../domain/ids.ts';
import type { Language } from '../../domain/language.ts';
import { languages } from '../../domain/language.ts';
import { Keyboard } from '../keyboard/keyboard.tsx';
import { Keypad } from '../keyboard/keypad.tsx';
import { wordsOf } from '../i18n/language.ts';
import type { Model } from '../state/model.ts';
import { noModel } from '../state/model.ts';
import { status } from '../state/testing/shop-rig.ts';
import { newVisit } from '../state/visit.ts';
import { ConsentPart } from './consent-part.tsx';
import { FieldsPart } from './field-part.tsx';
import { KioskProvider } from './kiosk-context.tsx';
import { GroupChoices, GroupHint } from './option-group.tsx';
import { PhoneCheck, PhonePart } from './phone-field.tsx';
import { TermsPart } from './terms-part.tsx';

const catalogue = catalogueSchema.parse(rawCatalogue);
const shopfront = { catalogue, available: { gone: 0, left: 2 }, snoozed: {}, defaultLanguage: 'zh', dining: { choices: ['eat_in', 'take_away'] } } as unknown as Shopfront;
const cartId = cartIdSchema.parse('01900000-0000-7000-8000-000000000001');

function shown(language: Language, part: ReactNode): string {
  const visit = { ...newVisit(cartId, language, { kind: 'home' }), cart: emptyCart(cartId) };
  const model: Model = { ...noModel, core: 'open', shopfront, status, visit, moment: { at: 1_000_000, weekday: 1, minute: 600 } };
  return renderToStaticMarkup(<KioskProvider store={{ getModel: () => model, dispatch: () => {}, subscribe: () => () => {} }}>{part}</KioskProvider>);
}

const group = (change: object): OptionGroup => optionGroupSchema.parse({
  id: 'extras', name: { zh: '加料', en: 'Extras' }, min: 0, max: 3, preselected: [],
  choices: [
    { id: 'egg', name: { zh: '卤蛋', en: 'Egg' }, price: 200, offerId: 'left' },
    { id: 'beef', name: { zh: '牛肉', en: 'Beef' }, price: 0, offerId: 'gone' },
  ],
  ...change,
});

/** Every start tag of an element, to be read by itself. */
const tags = (html: string, name: string) => html.match(new RegExp(`<${name}\\b[^>]*>`, 'g')) ?? [];

describe.each(languages)('the pages of an offer, %s', (language) => {
  const words = wordsOf[language].details;

  it('says what is free and what comes after it, and how many are chosen', () => {
    const html = shown(language, <GroupHint group={group({ repeats: true, free: 2, beyondFree: 100 })} chosen={['egg', 'egg']} tried={false} />);
    expect(html).toContain(words.freeThenEach(2, '￥1.00'));
    expect(html).toContain(words.chosen(2, 3));
  });

  it('gives what may be taken several times a counter that names it, which stops at the most', () => {
    const html = shown(language, <GroupChoices group={group({ repeats: true })} chosen={['egg', 'egg', 'egg']} look="tiles" />);
    const name = language === 'zh' ? '卤蛋' : 'Egg';
    const more = tags(html, 'button').find((tag) => tag.includes(words.takeOneMore(`${name} +￥2`)));
    expect(more).toMatch(/disabled/);
    expect(tags(html, 'button').find((tag) => tag.includes(`aria-label="${words.takeOneLess(name)}"`))).not.toMatch(/disabled/);
  });

  it.each([{ min: 1, max: 1 }, { min: 0, max: 2 }])('says by a word that a choice is sold out, and takes no tap on it: %o', (change) => {
    const html = shown(language, <GroupChoices group={group(change)} chosen={[]} look="chips" />);
    const name = language === 'zh' ? '牛肉' : 'Beef';
    const [gone] = html.match(new RegExp(`<(button|input)\\b[^>]*aria-label="${name} ${words.soldOut}"[^>]*>`)) ?? [];
    expect(gone).toMatch(/disabled/);
    expect(html).toContain(`>${words.soldOut}</small>`);
  });

  it('says of what is beyond the most that may be chosen why it cannot be, to the eye and to who hears it', () => {
    const choices = ['a', 'b', 'c'].map((id) => ({ id, name: { zh: `料${id}`, en: `Extra ${id}` }, price: 0 }));
    const several = group({ max: 2, choices });
    const html = shown(language, <><GroupHint group={several} chosen={['a', 'b']} tried={false} /><GroupChoices group={several} chosen={['a', 'b']} look="chips" /></>);
    const [a, , c] = tags(html, 'input');
    expect(a).not.toContain('aria-disabled');
    expect(c).toContain('aria-disabled="true"');
    // Keys and the voice come to it all the same.
    expect(c).not.toMatch(/ disabled/);
    const [, id] = /aria-describedby="([^"]+)"/.exec(c!)!;
    expect(html).toMatch(new RegExp(`<span id="${id}" aria-live="polite">${words.chosenAll}</span>`));
    const open = shown(language, <><GroupHint group={several} chosen={['a']} tried={false} /><GroupChoices group={several} chosen={['a']} look="chips" /></>);
    expect(open).not.toContain(words.chosenAll);
    expect(open).not.toContain('aria-disabled');
  });

  it('asks nobody to take one off where nothing else is left to choose', () => {
    const choices = ['a', 'b', 'c'].map((id) => ({ id, name: { zh: `料${id}`, en: `Extra ${id}` }, price: 0 }));
    const hint = (change: object, chosen: readonly string[]) => shown(language, <GroupHint group={group({ choices, ...change })} chosen={chosen} tried={false} />);
    const all = hint({ max: 3 }, ['a', 'b', 'c']);
    expect(all).not.toContain(words.chosenAll);
    expect(all).toContain(wordsOf[language].offer.pickUpTo(3));
    expect(hint({ max: 3, repeats: true }, ['a', 'b', 'c'])).toContain(words.chosenAll);
    expect(hint({ max: 2 }, ['a', 'b'])).toContain(words.chosenAll);
  });

  it('counts no choice that is not offered any more, which nobody could take off', () => {
    const choices = ['a', 'b', 'c'].map((id) => ({ id, name: { zh: `料${id}`, en: `Extra ${id}` }, price: 0 }));
    const several = group({ max: 2, choices });
    const html = shown(language, <><GroupHint group={several} chosen={['old', 'a']} tried={false} /><GroupChoices group={several} chosen={['old', 'a']} look="chips" /></>);
    expect(html).toContain(words.chosen(1, 2));
    expect(html).not.toContain('aria-disabled');
  });

  it('explains a wrong prefix at once, beside the number', () => {
    const html = shown(language, <PhonePart field={phoneField} value="12" tried={false} />);
    const [, hintId] = /<input[^>]*aria-describedby="([^"]+)"/.exec(html)!;
    expect(html).toContain('aria-invalid="true"');
    expect(html).toMatch(new RegExp(`id="${hintId}"[^>]*role="status"`));
    expect(html).toContain(language === 'zh' ? '没有 12 开头' : 'begins with 12');
    expect(shown(language, <PhonePart field={phoneField} value="13912" tried={false} />)).toContain(words.phone.left(6));
  });

  it('shows a number again in groups, and says it digit by digit', () => {
    const html = shown(language, <PhoneCheck value="13912345678" />);
    expect(html).toContain('>139</span>');
    expect(html).toContain('1 3 9   1 2 3 4   5 6 7 8');
  });

  it('names what is missing below its field once the customer tried to go on, not before', () => {
    const [name] = deliveryFields;
    const missing = language === 'zh' ? '请填写' : 'Please fill this in';
    expect(shown(language, <FieldsPart fields={[name!]} form={{}} tried={false} />)).not.toContain(missing);
    const html = shown(language, <FieldsPart fields={[name!]} form={{}} tried />);
    expect(html).toContain(missing);
    expect(html).toContain('aria-invalid="true"');
  });

  it('gives each field the keys of its kind', () => {
    const field = (kind: string, more: object = {}) => formFieldSchema.parse({ id: kind.replace('_', '-'), kind, label: { zh: '某项', en: 'Something' }, ...more });
    const html = (kind: string, more?: object) => shown(language, <FieldsPart fields={[field(kind, more)]} form={{}} tried={false} />);
    for (const kind of ['name', 'text', 'street']) expect(html(kind), kind).toContain('class="keyboard');
    for (const kind of ['id_card', 'postcode']) expect(html(kind), kind).toContain('class="keypad');
    expect(html('digits', { minLength: 4, maxLength: 8 })).toContain('class="keypad');
    expect(html('id_card')).toContain('aria-label="X"');
    const choice = html('choice', { choices: [{ id: 'a', label: { zh: '甲', en: 'A' } }, { id: 'b', label: { zh: '乙', en: 'B' } }] });
    expect(choice).not.toMatch(/class="key/);
    expect(choice).toContain('role="radiogroup"');
  });

  it('has a box for consent that nobody has ticked before', () => {
    const consent = formFieldSchema.parse({ id: 'consent', kind: 'consent', label: { zh: '协议', en: 'Terms' }, text: { zh: '条款正文', en: 'The terms' }, version: 'v7' });
    if (consent.kind !== 'consent') throw new Error('no consent');
    const html = shown(language, <ConsentPart field={consent} value="" tried={false} />);
    expect(tags(html, 'input')[0]).not.toContain('checked');
    // A name for its record alone.
    expect(html).not.toContain('v7');
    expect(html).toContain(words.consent.agree);
    // One version's tick is none for another.
    expect(tags(shown(language, <ConsentPart field={consent} value="v6" tried={false} />), 'input')[0]).not.toContain('checked');
    expect(tags(shown(language, <ConsentPart field={consent} value="v7" tried={false} />), 'input')[0]).toContain('checked');
  });

  it.each([[9900, 7900, 'saves'], [7900, 9900, 'costsMore']] as const)('says in words what a pack costs beside going without it, %i and %i', (before, after, word) => {
    const side = (price: number) => ({ name: { zh: '流量', en: 'Data' }, price });
    const pack = catalogue.offers.find(({ fulfilment, terms }) => fulfilment.kind === 'telecom' && fulfilment.service === 'data_pack' && terms !== undefined)!;
    const html = shown(language, <TermsPart offer={pack} terms={{ before: side(before), after: side(after), per: 'month' }} known={undefined} />);
    expect(html).toContain(words.terms[word]('￥20.00'));
    // What it would cost without is no plan that anybody has.
    expect(html).not.toContain(`>${words.terms.before}<`);
  });

  it('gives every key a name', () => {
    for (const mode of ['text', 'latin', 'digits'] as const) {
      const html = shown(language, <Keyboard value="" onChange={() => {}} language={language} mode={mode} label="x" />);
      const keys = tags(html, 'button');
      expect(keys.length).toBeGreaterThan(11);
      for (const key of keys) expect(key).toMatch(/aria-label="[^"]+"/);
      expect(new Set(keys.map((key) => /aria-label="([^"]+)"/.exec(key)![1])).size).toBe(keys.length);
    }
    expect(tags(shown(language, <Keypad value="1" onChange={() => {}} language={language} label="x" />), 'button')).toHaveLength(12);
  });
});
