import { feedbackChips } from '../../domain/feedback/feedback.ts';
import { pickupNumber } from '../../domain/order/order.ts';
import type { PhoneKey } from '../../hq/server/orders/phones.ts';
import { phoneDigest } from '../../hq/server/orders/phones.ts';
import { sealWords } from '../../hq/server/personal.ts';
import type { TableCopy } from './copy.ts';
import type { SeedOffer } from './offers.ts';
import { seedOffers, seedWords } from './offers.ts';
import type { Random } from './random.ts';
import { createDraw, createRandom } from './random.ts';
import type { SeedTable } from './tables.ts';
import type { Place } from './year.ts';
import { timesOf } from './year.ts';

const dayMs = 86_400_000;
const utcOffsetMs = 8 * 3_600_000;
const basisPoints = 600;
const taxIn = (gross: number) => Math.round((gross * basisPoints) / (10_000 + basisPoints));

export interface SeedKiosk {
  readonly kioskId: string;
  readonly name: string;
  readonly place: Place;
  readonly orders: number;
}

export interface SeedYear {
  readonly seed: number;
  /** The midnight with which it ends, epoch milliseconds UTC. */
  readonly until: number;
  readonly days: number;
  readonly publicUrl: string;
  readonly phoneKey: PhoneKey;
}

export type Copies = Readonly<Record<SeedTable, TableCopy>>;

interface Day { orders: number; amount: number; free: number; refunds: number; refunded: number; cards: number; cardAmount: number; unsettled: number }

/** The year of one kiosk, the same for one seed: its rows, as taking its events would have left them. Flushed each few thousand orders. */
export async function seedKiosk({ seed, until, days, publicUrl, phoneKey }: SeedYear, { kioskId, name, place, orders }: SeedKiosk, copies: Copies): Promise<void> {
  const random = createRandom(seed, [...kioskId].reduce((sum, letter) => (sum * 33 + letter.charCodeAt(0)) | 0, 5));
  const from = until - days * dayMs;
  const keptFrom = until - 90 * dayMs;
  const shop = JSON.stringify({ name: { zh: `廿四小铺 ${name}`, en: `Counter24 ${kioskId}` }, address: { zh: name, en: kioskId }, phone: '021 6288 0000', timeZone: 'Asia/Shanghai' });
  const drawBusiness = createDraw(['food', 'goods', 'telecom'] as const, place === 'mall' ? [50, 30, 20] : place === 'campus' ? [62, 24, 14] : [68, 22, 10]);
  const drawOffer = { food: drawOf(random, seedOffers.food), goods: drawOf(random, seedOffers.goods), telecom: drawOf(random, seedOffers.telecom) };
  const book = new Map<number, Day>();
  const dayOf = (at: number): Day => {
    const number = Math.floor((at + utcOffsetMs) / dayMs);
    const day = book.get(number) ?? { orders: 0, amount: 0, free: 0, refunds: 0, refunded: 0, cards: 0, cardAmount: 0, unsettled: 0 };
    book.set(number, day);
    return day;
  };

  let index = 0;
  for (const at of timesOf(random, { place, orders, from, days, utcOffsetMs })) {
    const orderId = idAt(random, at);
    const token = Buffer.from(random.hex(32), 'hex').toString('base64url');
    const lines = linesOf(random, drawBusiness, drawOffer);
    const total = lines.reduce((sum, line) => sum + line.total, 0);
    const asksPhone = lines.some(({ offer }) => offer.asksPhone);
    const lot = total === 0 ? 0 : random.next();
    const end = lot < 0.938 ? 'fulfilled' : lot < 0.95 ? 'refunded' : lot < 0.978 ? 'cancelled' : lot < 0.9985 ? 'expired' : 'payment_unknown';
    const isSold = end === 'fulfilled' || end === 'refunded';
    const isKept = at >= keptFrom;
    const stars = isSold && random.chance(0.035) ? drawStars(random) : undefined;
    const words = stars !== undefined && random.chance(0.3) ? random.pick(seedWords[stars]!) : null;
    const key = isKept && (asksPhone || words !== null) ? Buffer.from(random.hex(64), 'hex') : undefined;
    const phone = asksPhone ? `1${random.pick(['39', '38', '58', '86', '77'])}${String(random.between(0, 99_999_999)).padStart(8, '0')}` : '';
    // A key that is gone opens nothing: what it had sealed is as good as any bytes.
    const sealed = phone === '' ? '' : key ? sealWords(key, orderId, phone) : `sealed:${random.hex(56)}`;
    const form = JSON.stringify(phone === '' ? {} : { phone: sealed });
    const fields = JSON.stringify(phone === '' ? [] : [{ id: 'phone', kind: 'phone', label: { zh: '手机号', en: 'Mobile number' } }]);
    const paidAt = at + random.between(9000, 60_000);
    const doneAt = isSold ? paidAt + random.between(1500, 6000) : at + (end === 'expired' ? 180_000 : random.between(8000, 90_000));
    const refundAt = Math.min(until - 1, paidAt + random.between(300_000, 30 * 3_600_000));
    const stateAt = end === 'refunded' ? refundAt : doneAt;
    const day = dayOf(at);

    copies.orders.add(
      kioskId, orderId, pickupNumber(index++), end, stateAt, at, random.chance(0.86) ? 'zh' : 'en', 1 + Math.floor((at - from) / (7 * dayMs)), total, 'CNY', token, `${publicUrl}/r/${token}`, shop,
      `[{"basisPoints":${basisPoints},"included":true,"gross":${total},"tax":${taxIn(total)}}]`, idAt(random, at), at + random.between(200, 4000), at, lines.some(({ offer }) => offer.fulfilment.kind === 'food') ? (random.chance(0.3) ? 'eat_in' : 'take_away') : null, utcOffsetMs,
    );
    lines.forEach(({ offer, quantity, total: gross }, line) => {
      copies.order_lines.add(
        kioskId, orderId, line + 1, offer.id, offer.name.zh, offer.name.en, JSON.stringify(offer.fulfilment), '[]', quantity, offer.price, gross, offer.asksPhone ? form : '{}',
        `{"basisPoints":${basisPoints},"included":true,"amount":${taxIn(gross)}}`, offer.asksPhone ? fields : '[]',
      );
      if (!isSold || offer.fulfilment.kind !== 'telecom') return;
      const jobId = idAt(random, paidAt);
      copies.jobs.add(kioskId, jobId, orderId, 'request_service', 'done', paidAt, paidAt);
      copies.service_requests.add(kioskId, jobId, orderId, offer.id, offer.fulfilment.service, quantity, gross, form, paidAt, 1, index);
      copies.service_settlements.add(kioskId, jobId, orderId, 'done', `C${random.hex(12)}`, paidAt + random.between(2000, 60_000));
    });
    if (key) copies.personal_keys.add(kioskId, orderId, key, at, null, at);
    else if (asksPhone || words !== null) copies.personal_keys.add(kioskId, orderId, null, at, at + 90 * dayMs, at);
    if (key && phone !== '') for (const part of [phone.slice(-4), phone]) copies.order_phones.add(kioskId, orderId, phoneDigest(phoneKey, part));

    let cardAttempt = '';
    if (total > 0) {
      const started = at + random.between(2000, 5000);
      if (isSold) {
        if (random.chance(0.045)) copies.payments.add(kioskId, idAt(random, started), orderId, total, 'CNY', random.chance(0.8) ? 'declined' : 'cancelled', null, '6c', started, started + 4000);
        cardAttempt = idAt(random, started + 5000);
        copies.payments.add(kioskId, cardAttempt, orderId, total, 'CNY', end === 'refunded' ? 'reversed' : 'approved', cardOf(random, paidAt, index), null, started + 5000, end === 'refunded' ? refundAt : paidAt);
        // By when it was begun, as the sums have it: a payment over midnight belongs to the day before.
        const paidDay = dayOf(started + 5000);
        paidDay.cards += 1;
        paidDay.cardAmount += total;
      } else if (end === 'payment_unknown') {
        cardAttempt = idAt(random, started);
        const isOpen = at > until - 3 * dayMs;
        copies.payments.add(kioskId, cardAttempt, orderId, total, 'CNY', isOpen ? 'unclear' : 'not_paid', null, null, started, started + 55_000);
        copies.attention.add(kioskId, idAt(random, started + 55_000), 'payment_unclear', orderId, cardAttempt, total, 'CNY', 'the terminal did not answer', started + 55_000, isOpen ? null : 'not_paid', isOpen ? null : started + 7_200_000);
        if (isOpen) day.unsettled += 1;
      } else if (random.chance(0.45)) {
        copies.payments.add(kioskId, idAt(random, started), orderId, total, 'CNY', random.chance(0.6) ? 'declined' : 'cancelled', null, '6c', started, started + random.between(3000, 40_000));
      }
    }
    if (isSold) {
      const printed = random.chance(0.994) ? 'done' : 'failed';
      copies.jobs.add(kioskId, idAt(random, paidAt), orderId, 'print_receipt', printed, paidAt, doneAt);
      day.orders += 1;
      day.amount += total;
      if (total === 0) day.free += 1;
    }
    if (end === 'refunded') {
      const refundDay = dayOf(refundAt);
      refundDay.refunds += 1;
      refundDay.refunded += total;
      refundDay.cards -= 1;
      refundDay.cardAmount -= total;
    }
    if (stars !== undefined) {
      const chip = feedbackChips[stars > 3 ? random.between(0, 2) : random.between(3, feedbackChips.length - 1)]!;
      const told = words === null ? null : key ? sealWords(key, orderId, words) : `sealed:${random.hex(56)}`;
      copies.feedback.add(kioskId, orderId, stars, JSON.stringify([chip]), told, Math.min(until - 1, doneAt + random.between(5000, 60_000)));
    }
    if (index % 4000 === 0) await flush(copies);
  }
  seedDays(random, kioskId, book, copies);
  seedShelf(random, kioskId, until, copies);
  seedStates(random, kioskId, { from, until }, copies);
  await flush(copies);
}

async function flush(copies: Copies): Promise<void> {
  for (const copy of Object.values(copies)) await copy.flush();
}

/** Each place has its own taste. */
function drawOf(random: Random, offers: readonly SeedOffer[]): (random: Random) => SeedOffer {
  return createDraw(offers, offers.map(({ weight }) => weight * Math.exp(0.35 * random.normal())));
}

interface Line { readonly offer: SeedOffer; readonly quantity: number; readonly total: number }

function linesOf(random: Random, drawBusiness: (random: Random) => keyof typeof seedOffers, drawOffer: Readonly<Record<keyof typeof seedOffers, (random: Random) => SeedOffer>>): readonly Line[] {
  const lot = random.next();
  const count = lot < 0.66 ? 1 : lot < 0.9 ? 2 : 3;
  const lines = new Map<string, Line>();
  for (let line = 0; line < count; line += 1) {
    const business = drawBusiness(random);
    const offer = drawOffer[business](random);
    const quantity = business === 'telecom' || offer.price === 0 ? 1 : random.chance(0.82) ? 1 : random.between(2, 3);
    lines.set(offer.id, { offer, quantity, total: offer.price * quantity });
  }
  return [...lines.values()];
}

const drawCard = createDraw(['UnionPay', 'Visa', 'Mastercard', 'Alipay', 'WeChat Pay'], [46, 8, 6, 18, 22]);
const drawStars = createDraw([1, 2, 3, 4, 5], [6, 5, 12, 31, 46]);

function cardOf(random: Random, at: number, index: number): string {
  const time = new Date(at + utcOffsetMs).toISOString();
  return JSON.stringify({
    receiptNumber: String(index % 10_000).padStart(4, '0'), traceNumber: String(index % 1_000_000).padStart(6, '0'), terminalId: '52500038', date: time.slice(5, 7) + time.slice(8, 10), time: time.slice(11, 19).replaceAll(':', ''),
    maskedPan: `************${String(random.between(0, 9999)).padStart(4, '0')}`, cardName: drawCard(random),
  });
}

/** What was closed at the terminal each night, three minutes before midnight; one night in two hundred the terminal's total is another than ours. */
function seedDays(random: Random, kioskId: string, book: ReadonlyMap<number, Day>, copies: Copies): void {
  let number = 0;
  for (const [day, { orders, amount, free, refunds, refunded, cards, cardAmount, unsettled }] of [...book].sort(([left], [right]) => left - right)) {
    const start = day * dayMs - utcOffsetMs;
    const to = start + dayMs - 1;
    const off = random.chance(0.005) ? random.pick([-1, 1]) * random.between(1, 40) * 100 : 0;
    const isTold = random.chance(0.985);
    copies.day_reports.add(
      kioskId, idAt(random, to), ++number, start, to, 'CNY', null, orders, amount, free, refunds, refunded, Math.max(0, cards), Math.max(0, cardAmount),
      isTold ? Math.max(0, cards) : null, isTold ? Math.max(0, cardAmount + off) : null, unsettled, to,
    );
  }
}

/** What stood on the shelves a day before the end, and log lines of the last month. */
function seedShelf(random: Random, kioskId: string, until: number, copies: Copies): void {
  seedOffers.goods.forEach(({ id }, index) => {
    const left = random.between(0, 30);
    copies.stock_moves.add(kioskId, 'stock', 1, index + 1, id, left, left, 'initial', null, until - dayMs);
    copies.stock.add(kioskId, id, left, until - dayMs);
  });
  for (let line = 0; line < 30 * 12; line += 1) {
    const at = until - Math.floor(((line + 1) / 360) * 30 * dayMs);
    const isFault = random.chance(0.04);
    copies.log_lines.add(kioskId, 1, line + 1, 1, at, at, isFault ? 'warn' : 'info', isFault ? 'the card terminal did not answer' : 'sync is up to date', isFault ? 'TERMINAL_SILENT' : null, null);
  }
}

/** How it was, told each hour; now and then for some hours not well, and sometimes not heard of. */
function seedStates(random: Random, kioskId: string, { from, until }: { readonly from: number; readonly until: number }, copies: Copies): void {
  let sequence = 0;
  let service = 'selling';
  let hoursLeft = 0;
  for (let at = from + random.between(0, 3_599_999); at < until; at += 3_600_000) {
    if (--hoursLeft <= 0) {
      const lot = random.next();
      service = lot < 0.985 ? 'selling' : lot < 0.992 ? 'limited' : lot < 0.995 ? 'paused' : lot < 0.998 ? 'out_of_service' : 'silent';
      hoursLeft = service === 'selling' ? 1 : random.between(1, 9);
    }
    if (service !== 'silent') copies.kiosk_state_log.add(kioskId, 1, ++sequence, at, service, service === 'limited' ? '["PAPER_LOW"]' : '[]');
  }
  copies.kiosk_states.add(kioskId, 1, sequence, 'selling', '[]', '[]', null, 40_000_000_000, '0.6.0', until - 60_000);
}

/** A UUID of version 7 (RFC 9562, 5.7). */
function idAt(random: Random, at: number): string {
  const time = Math.floor(at).toString(16).padStart(12, '0');
  const rest = random.hex(19);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-${'89ab'[parseInt(rest[3]!, 16) % 4]}${rest.slice(4, 7)}-${rest.slice(7)}`;
}
