import fs from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cart, CartLine } from '../../domain/cart/cart.ts';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import { catalogueSchema } from '../../domain/catalogue/catalogue.ts';
import { kioskConfigSchema } from '../../domain/contract/config.ts';
import type { CodedError } from '../../domain/contract/errors.ts';
import { describeError } from '../../domain/contract/errors.ts';
import { eventPayloads, hqEventSchema } from '../../domain/contract/hq.ts';
import type { CartId } from '../../domain/ids.ts';
import { uuidV7From } from '../../domain/ids.ts';
import { priceCart } from '../../domain/pricing/pricing.ts';
import { momentOf } from '../../domain/time.ts';
import { createEmitter } from '../store/emitter.ts';
import { migrations } from '../store/migrations/all.ts';
import type { StoreReader } from '../store/reader.ts';
import { createStoreReader } from '../store/reader.ts';
import { createStockWriter } from '../store/stock.ts';
import type { StoreWriter } from '../store/writer.ts';
import { createStoreWriter } from '../store/writer.ts';
import type { OrderingDeps } from './ordering.ts';
import { placeOrder } from './ordering.ts';
import { rigCatalogue } from './testing/catalogue-rig.ts';

const config = kioskConfigSchema.parse(JSON.parse(fs.readFileSync(path.join(import.meta.dirname, '../../config/kiosk.json'), 'utf8')));
/** Sunday, 22 November 2026, 23:50:30 in Shanghai. */
const lateEvening = Date.UTC(2026, 10, 22, 15, 50, 30);

let database: Database.Database;
let reader: StoreReader;
let writer: StoreWriter;
let errors: string[];
const log = { error: (error: CodedError) => void errors.push(describeError(error)) };
let ids: number;
let time: number;
const newId = () => uuidV7From(1_700_000_000_000 + ++ids, new Uint8Array(10));

beforeEach(() => {
  database = new Database(':memory:');
  for (const { sql, finish } of migrations) {
    database.exec(sql);
    finish?.(database);
  }
  [ids, time, errors] = [0, lateEvening, []];
  reader = createStoreReader(database);
  writer = createStoreWriter({ database, reader, now: () => time, newId });
  writer.saveCatalogue(rigCatalogue);
});
afterEach(() => void database.close());

function cartOf(lines: readonly (Partial<CartLine> & { readonly offerId: string })[], dining?: Cart['dining']): Cart {
  return { id: newId() as CartId, lines: lines.map((line, index) => ({ id: `line-${index}`, quantity: 1, choices: {}, form: {}, ...line })), ...(dining ? { dining } : {}) };
}

function place(cart: Cart, change: { readonly facts?: Partial<OrderingDeps['facts']>; readonly soldOut?: readonly string[]; readonly catalogue?: Catalogue; readonly shownAt?: number } = {}) {
  const { catalogue = rigCatalogue, soldOut = [], shownAt = time } = change;
  const facts = { snoozed: new Map<string, number>(), isHqThere: true, canPay: true, ...change.facts };
  const placed = placeOrder({ reader, writer, log, config, now: () => time, newId, newToken: () => 'abcdefghijklmnopqrstuv', soldOut: new Set(soldOut), facts }, {
    catalogue, cart, language: 'en', shownTotal: priceCart(catalogue, cart, momentOf(shownAt, config.shop.timeZone)).total,
  });
  return placed.ok ? { order: reader.order(placed.value)!.order } : { refusals: placed.error };
}

const noodles = { offerId: 'beef-noodles', choices: { size: ['small'] } };

describe('goods with a day', () => {
  const fill = (bestBefore: string, change: number) => createStockWriter({ database, emitter: createEmitter({ database, now: () => time, newId }), now: () => time, newId })
    .move({ moveId: newId(), staff: '1001', reason: 'refilled', changes: [{ lot: { offerId: 'umbrella', bestBefore }, change }] });

  it('are sold until midnight of it where the shop is, and not a minute longer', () => {
    expect(place(cartOf([{ offerId: 'umbrella' }])).order).toBeDefined();
    fill('2026-11-22', 2);
    expect(place(cartOf([{ offerId: 'umbrella' }])).order).toBeDefined();
    time += 10 * 60_000;
    expect(place(cartOf([{ offerId: 'umbrella' }])).refusals).toMatchObject([{ code: 'sold_out' }]);
    fill('2026-11-24', 1);
    expect(place(cartOf([{ offerId: 'umbrella', quantity: 2 }])).refusals).toMatchObject([{ code: 'stock_short', suggestion: { quantity: 1 } }]);
    expect(place(cartOf([{ offerId: 'umbrella' }])).order).toBeDefined();
  });
});

describe('an order', () => {
  it('bears where food is eaten, and is taxed by it', () => {
    expect(place(cartOf([noodles], 'eat_in')).order).toMatchObject({ dining: 'eat_in', taxes: [{ basisPoints: 600, included: true }] });
    expect(place(cartOf([noodles], 'take_away')).order).toMatchObject({ dining: 'take_away', taxes: [{ basisPoints: 1300, included: true }], lines: [{ tax: { basisPoints: 1300 } }] });
    expect(place(cartOf([noodles])).refusals).toMatchObject([{ code: 'dining_missing', suggestion: { kind: 'choose_dining' } }]);
  });

  it('without food bears nothing of where', () => {
    expect(place(cartOf([{ offerId: 'cola' }], 'take_away')).order?.dining).toBeUndefined();
  });

  it('keeps what its fields were called', () => {
    const { order } = place(cartOf([{ offerId: 'top-up-30', form: { phone: '13912345678' } }]));
    expect(order?.lines).toMatchObject([{ form: { phone: '13912345678' }, fields: [{ id: 'phone', kind: 'phone' }] }]);
  });

  it('is priced by the shop’s own minute: what ended in between is told with both totals', () => {
    const until = lateEvening - (lateEvening % 60_000) + 60_000;
    const catalogue = catalogueSchema.parse({ ...rigCatalogue, promotions: [{ kind: 'special_price', id: 'last-hour', name: { zh: '末班', en: 'Last hour' }, offerIds: ['cola'], price: 100, until }] });
    const cart = cartOf([{ offerId: 'cola' }]);
    expect(place(cartOf([{ offerId: 'cola' }]), { catalogue }).order?.lines).toMatchObject([{ total: 100, discount: { amount: 250, name: { en: 'Last hour' } } }]);
    time = until;
    const [refusal, ...others] = place(cart, { catalogue, shownAt: lateEvening }).refusals ?? [];
    expect([refusal, others]).toMatchObject([{ code: 'total_changed', suggestion: { kind: 'accept_total', total: { amount: 350 } } }, []]);
    expect(refusal?.text.en).toMatch(/1\.00.*3\.50/);
    expect(refusal?.text.zh).toMatch(/1\.00.*3\.50/);
  });
});

describe('an order that could not be kept or told', () => {
  const placedEvents = () => database.prepare("SELECT payload FROM outbox WHERE kind = 'order.placed'").pluck().all() as string[];
  const questions = catalogueSchema.parse({
    ...rigCatalogue,
    offers: rigCatalogue.offers.map((offer) => (offer.id !== 'broadband' ? offer : {
      ...offer, maxPerOrder: 99, form: Array.from({ length: 12 }, (_, index) => ({ id: `f-${index}`, kind: 'text', label: { zh: '问题', en: 'Question' } })),
    })),
  });
  const longForms = (count: number) => cartOf(Array.from({ length: count }, (_, line) => ({
    offerId: 'broadband', form: Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`f-${index}`, `${line} ${'答'.repeat(90)}`])),
  })));

  it('is too long for HQ by all that its customer filled in: without its last lines it is placed, and HQ takes it', () => {
    let cart = longForms(40);
    let tries = 0;
    for (let placed = place(cart, { catalogue: questions }); !placed.order; placed = place(cart, { catalogue: questions })) {
      const last = cart.lines.at(-1)!;
      expect(placed.refusals).toMatchObject([{ code: 'too_many_lines', lineId: last.id, suggestion: { kind: 'remove_line', lineId: last.id } }]);
      expect(placedEvents()).toEqual([]);
      cart = { ...cart, lines: cart.lines.slice(0, -1) };
      tries += 1;
    }
    expect(tries).toBeGreaterThan(0);
    // Much is still taken at once.
    expect(cart.lines.length).toBeGreaterThan(15);
    const [payload, ...others] = placedEvents();
    expect([hqEventSchema.shape.payload.safeParse(payload).success, others]).toEqual([true, []]);
    // No refused try has taken a number.
    expect(eventPayloads['order.placed'].parse(JSON.parse(payload!)).order.number).toBe('A001');
  });

  it('could not be read again: it is refused, said in the log, and nothing of it is written', () => {
    const catalogue: Catalogue = {
      ...rigCatalogue,
      offers: rigCatalogue.offers.map((offer) => (offer.id === 'city-map' ? { ...offer, price: 999_999_999_999, maxPerOrder: 9 } : offer)),
      promotions: [{ kind: 'percent_off', id: 'gift', name: { zh: '送', en: 'Gift' }, offerIds: ['city-map'], basisPoints: 10_000 }],
    };
    const { refusals } = place(cartOf([{ offerId: 'city-map', quantity: 9 }]), { catalogue });
    expect(refusals).toMatchObject([{ code: 'total_too_high', suggestion: { kind: 'keep_shopping' } }]);
    expect([placedEvents(), errors]).toEqual([[], [expect.stringContaining('lines.0.')]]);
  });
});

describe('an offer that cannot be had now', () => {
  it('rests until its time, and is sold again by itself', () => {
    const facts = { snoozed: new Map([['cola', lateEvening + 60_000]]) };
    expect(place(cartOf([{ offerId: 'cola' }]), { facts }).refusals).toMatchObject([{ code: 'snoozed', offerId: 'cola' }]);
    // Page and core go by whole minutes.
    time += 120_000;
    expect(place(cartOf([{ offerId: 'cola' }]), { facts }).order).toBeDefined();
  });

  it('is one that HQ has stopped, alone or as a part of a combo', () => {
    const combo = catalogueSchema.parse({
      ...rigCatalogue,
      offers: rigCatalogue.offers.flatMap((offer): readonly unknown[] => (offer.id !== 'beef-noodles' ? [offer] : [{ ...offer, id: 'soup', options: [] }, {
        ...offer, options: [{ id: 'drink', name: offer.name, kind: 'step', min: 0, max: 1, preselected: [], choices: [{ id: 'with-soup', name: offer.name, price: 0, offerId: 'soup' }] }],
      }])),
    });
    expect(place(cartOf([{ offerId: 'cola' }]), { soldOut: ['cola'] }).refusals).toMatchObject([{ code: 'sold_out' }]);
    const cart = cartOf([{ offerId: 'beef-noodles', choices: { drink: ['with-soup'] } }], 'eat_in');
    expect(place(cart, { catalogue: combo, soldOut: ['soup'] }).refusals).toMatchObject([{ code: 'option_sold_out' }]);
    expect(place(cart, { catalogue: combo }).order).toBeDefined();
  });

  it('needs HQ while it is away, or costs something while nothing can be paid', () => {
    expect(place(cartOf([{ offerId: 'top-up-30', form: { phone: '13912345678' } }]), { facts: { isHqThere: false } }).refusals).toMatchObject([{ code: 'online_only' }]);
    expect(place(cartOf([{ offerId: 'cola' }]), { facts: { canPay: false } }).refusals).toMatchObject([{ code: 'payment_unavailable' }]);
    expect(place(cartOf([{ offerId: 'city-map' }]), { facts: { canPay: false, isHqThere: false } }).order).toBeDefined();
  });
});

it('the same cart again is the same order, whatever holds by then', () => {
  const cart = cartOf([{ offerId: 'cola' }]);
  const first = place(cart).order;
  expect(place(cart, { facts: { canPay: false }, soldOut: ['cola'] }).order).toEqual(first);
});
