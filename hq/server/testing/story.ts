import { createCipheriv, createHash } from 'node:crypto';
import type { EventKind, HqEvent, HqEventPayload, Lane } from '../../../domain/contract/hq.ts';
import { laneOf, versionOf } from '../../../domain/contract/hq.ts';
import type { KioskId } from '../../../domain/ids.ts';
import { uuidV7From } from '../../../domain/ids.ts';
import { includedTax, money } from '../../../domain/money.ts';
import type { OrderLine } from '../../../domain/order/order.ts';
import { pickupNumber } from '../../../domain/order/order.ts';
import { sealedText } from '../../../domain/personal/sealed.ts';
import type { Shop } from '../../../domain/receipt/shop.ts';
import { chainText, genesisHash } from '../../../domain/sync/chain.ts';

export const storyShop: Shop = {
  name: { zh: '廿四小铺', en: 'Counter24 Shop' },
  address: { zh: '上海市静安区南京西路 1266 号 1 楼', en: '1/F, 1266 West Nanjing Road, Shanghai' },
  phone: '021 6288 0000',
  timeZone: 'Asia/Shanghai',
};

/** The start of the kiosk that tells the stories. */
export const storyBoot = '0190a000-0000-4000-8000-000000000001';
export const storyBootAt = Date.UTC(2026, 10, 1);

type Line = Omit<OrderLine, 'total' | 'quantity' | 'tax' | 'discount'>;
const basisPoints = 600;
const phoneField = { id: 'phone', kind: 'phone', label: { zh: '手机号', en: 'Mobile number' } } as const;

/** One of each business, and one free of charge. */
export const storyOffers = {
  latte: {
    offerId: 'oat-latte', name: { zh: '燕麦拿铁', en: 'Oat latte' }, fulfilment: { kind: 'food' }, unitPrice: 2400, form: {}, fields: [],
    choices: [{ id: 'large', name: { zh: '大杯', en: 'Large' }, price: 400 }, { id: 'less-sugar', name: { zh: '少糖', en: 'Less sugar' }, price: 0 }],
  },
  dumplings: { offerId: 'dumplings', name: { zh: '鲜肉小馄饨', en: 'Pork wonton soup' }, fulfilment: { kind: 'food' }, unitPrice: 1850, form: {}, fields: [], choices: [] },
  charger: { offerId: 'usb-charger', name: { zh: '双口快充充电器', en: 'Dual-port fast charger' }, fulfilment: { kind: 'goods', initialStock: 20 }, unitPrice: 8900, form: {}, fields: [], choices: [] },
  umbrella: { offerId: 'umbrella', name: { zh: '折叠雨伞', en: 'Folding umbrella' }, fulfilment: { kind: 'goods', initialStock: 12 }, unitPrice: 3900, form: {}, fields: [], choices: [] },
  topUp: { offerId: 'top-up-50', name: { zh: '话费充值 50 元', en: 'Top-up ￥50' }, fulfilment: { kind: 'telecom', service: 'top_up' }, unitPrice: 4990, form: { phone: '13912345678' }, fields: [phoneField], choices: [] },
  water: { offerId: 'hot-water', name: { zh: '免费热水', en: 'Hot water, free' }, fulfilment: { kind: 'food' }, unitPrice: 0, form: {}, fields: [], choices: [] },
  broadband: {
    offerId: 'broadband-500', name: { zh: '500 兆宽带办理', en: 'Broadband 500' }, fulfilment: { kind: 'telecom', service: 'application' }, unitPrice: 0, choices: [], form: { name: '王小明', terms: '2026-1' },
    fields: [{ id: 'name', kind: 'name', label: { zh: '姓名', en: 'Name' } }, { id: 'terms', kind: 'consent', label: { zh: '同意条款', en: 'Agreement' } }],
  },
} as const satisfies Record<string, Line>;

export type StoryOffer = keyof typeof storyOffers;

export type Ending =
  | 'fulfilled' | 'declined_then_paid' | 'print_failed' | 'cancelled' | 'expired' | 'payment_unknown' | 'refunded'
  /** The customer is still at the terminal. */
  | 'awaiting_payment'
  /** On the staff's list: the terminal's answer fitted neither, the printer fell silent, the terminal would not send the money back. */
  | 'payment_unclear' | 'print_uncertain' | 'reversal_refused';

export interface OrderPlan {
  readonly offers: readonly (readonly [StoryOffer, number])[];
  readonly ending: Ending;
  readonly at: number;
  readonly language?: 'zh' | 'en';
}

export interface StoryOrder {
  readonly orderId: string;
  readonly receiptToken: string;
  readonly number: string;
  /** What of it stands on the staff's list; empty where nothing does. */
  readonly attentionId: string;
  /** Of the last service that was asked for; empty where none was. */
  readonly jobId: string;
}

export interface Story {
  /** All in the order in which they were written, in one chain of orders as kiosks of before did it. */
  readonly events: readonly HqEvent[];
  /** One lane's events as a kiosk sends them. */
  readonly lane: (lane: Lane, epoch?: number) => HqEvent[];
  readonly order: (plan: OrderPlan) => StoryOrder;
  readonly add: <K extends EventKind>(kind: K, payload: HqEventPayload<K>, at: number) => void;
}

/**
 * What a kiosk tells HQ while it sells: real events in the order in which core writes them, the same each time.
 * @param words how customers' words travel: `plain`, as kiosks of before sent them, or `sealed`
 */
export function createStory(kioskId: KioskId, publicUrl = 'https://hq.example', words: 'plain' | 'sealed' = 'plain'): Story {
  const events: HqEvent[] = [];
  let ids = 0;
  let orders = 0;
  let receipts = 0;
  let head = genesisHash;
  const seed = [...kioskId].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 65_521, 7);
  const newId = (at: number) => {
    ids++;
    return uuidV7From(at, Uint8Array.from([ids >> 8, ids, seed >> 8, seed, 4, 5, 6, ids >> 16, ids >> 8, ids]));
  };
  const add: Story['add'] = (kind, payload, at) => {
    const event = {
      sequence: events.length + 1, id: newId(at) as HqEvent['id'], kind, version: versionOf(kind), at,
      boot: storyBoot, monotonicMs: Math.max(0, at - storyBootAt), payload: JSON.stringify(payload),
    };
    head = hashOf(chainText(head, 'orders', 1, event));
    events.push({ ...event, hash: head });
  };

  const cardOf = (receipt: number) => ({
    receiptNumber: String(receipt).padStart(4, '0'), traceNumber: String(100 + receipt).padStart(6, '0'), terminalId: '52500038', date: '1122', time: '130502',
    maskedPan: '************4242', cardName: 'UnionPay',
  });

  const wordsOf = (orderId: string, plain: string) => (words === 'sealed' && plain !== '' ? sealStoryWords(orderId, plain) : plain);

  const order: Story['order'] = ({ offers, ending, at, language = 'zh' }) => {
    const orderId = newId(at);
    const receiptToken = Buffer.from(orderId.replaceAll('-', ''), 'hex').toString('base64url');
    const number = pickupNumber(orders++);
    const lines = offers.map(([offer, quantity]) => {
      const line: Line = storyOffers[offer];
      const unitPrice = line.unitPrice + line.choices.reduce((sum, choice) => sum + choice.price, 0);
      const form = Object.fromEntries(Object.entries(line.form).map(([id, value]) => [id, wordsOf(orderId, value)]));
      const total = unitPrice * quantity;
      return { ...line, form, fields: [...line.fields], choices: [...line.choices], unitPrice, quantity, total, tax: { basisPoints, included: true, amount: includedTax(money(total, 'CNY'), basisPoints).amount } };
    });
    const total = lines.reduce((sum, line) => sum + line.total, 0);
    const amount = { amount: total, currency: 'CNY' } as const;
    const receiptUrl = `${publicUrl}/r/${receiptToken}`;
    add('order.placed', {
      order: {
        id: orderId, cartId: newId(at), number, placedAt: at, language, catalogueRevision: 3, lines, total: amount, receiptToken,
        // By line, and the rate's is their sum.
        taxes: [{ basisPoints, included: true, gross: total, tax: lines.reduce((sum, line) => sum + line.tax.amount, 0) }],
      },
      shop: storyShop, receiptUrl,
    }, at);
    for (const line of lines) {
      if (line.fulfilment.kind === 'goods') add('stock.moved', { offerId: line.offerId, change: -line.quantity, left: 10, reason: 'reserved', orderId }, at);
    }
    const state = (from: HqEventPayload<'order.state'>['from'], to: HqEventPayload<'order.state'>['to'], when: number) => add('order.state', { orderId, from, to }, when);
    const attempt = (attemptId: string, result: HqEventPayload<'payment.attempt'>['state'], when: number, card = result === 'approved' ? cardOf(++receipts) : null) =>
      add('payment.attempt', {
        attemptId, orderId, amount, state: result, tender: 'card',
        ...(card ? { card } : {}),
        ...(result === 'declined' ? { resultCode: '6c' } : {}),
      }, when);

    const raise = (about: Omit<HqEventPayload<'attention.raised'>, 'id' | 'orderId' | 'orderNumber' | 'raisedAt'>, when: number) => {
      const id = newId(when);
      add('attention.raised', { ...about, id, orderId, orderNumber: number, raisedAt: when }, when);
      return id;
    };

    if (ending === 'cancelled' || ending === 'expired') {
      state('placed', ending, at + 20_000);
      return { orderId, receiptToken, number, attentionId: '', jobId: '' };
    }
    let paying = '';
    let attentionId = '';
    let paidFrom: 'placed' | 'awaiting_payment' = 'placed';
    if (total > 0) {
      paidFrom = 'awaiting_payment';
      const first = newId(at + 3000);
      attempt(first, 'started', at + 3000);
      state('placed', 'awaiting_payment', at + 3000);
      if (ending === 'awaiting_payment') return { orderId, receiptToken, number, attentionId: '', jobId: '' };
      if (ending === 'payment_unknown' || ending === 'payment_unclear') {
        attempt(first, 'unknown', at + 40_000);
        state('awaiting_payment', 'payment_unknown', at + 40_000);
        if (ending === 'payment_unknown') return { orderId, receiptToken, number, attentionId: '', jobId: '' };
        attempt(first, 'unclear', at + 55_000);
        const detail = 'the terminal did 5990 last, we asked for another amount';
        attentionId = raise({ kind: 'payment_unclear', attemptId: first, amount, startedAt: at + 3000, lastCard: cardOf(9000), detail }, at + 55_000);
        return { orderId, receiptToken, number, attentionId, jobId: '' };
      }
      paying = first;
      if (ending === 'declined_then_paid') {
        attempt(first, 'declined', at + 9000);
        paying = newId(at + 14_000);
        attempt(paying, 'started', at + 14_000);
      }
      attempt(paying, 'approved', at + 18_000);
    }
    state(paidFrom, 'paid', at + 18_000);
    const print = newId(at + 18_000);
    add('job.state', { jobId: print, orderId, kind: 'print_receipt', state: 'queued' }, at + 18_000);
    let serviceJob = '';
    for (const line of lines) {
      if (line.fulfilment.kind !== 'telecom') continue;
      const jobId = newId(at + 18_000);
      serviceJob = jobId;
      add('job.state', { jobId, orderId, kind: 'request_service', state: 'done' }, at + 18_000);
      add('service.requested', { jobId, orderId, offerId: line.offerId, service: line.fulfilment.service, quantity: line.quantity, amount: line.total, form: line.form }, at + 18_000);
    }
    add('job.state', { jobId: print, orderId, kind: 'print_receipt', state: 'doing' }, at + 18_100);
    add('job.state', { jobId: print, orderId, kind: 'print_receipt', state: ending === 'print_failed' ? 'failed' : ending === 'print_uncertain' ? 'uncertain' : 'done' }, at + 20_000);
    if (ending === 'print_uncertain') attentionId = raise({ kind: 'print_uncertain', jobId: print, detail: 'print_receipt, slip 17' }, at + 20_000);
    state('paid', 'fulfilled', at + 20_000);
    if (ending === 'refunded' || ending === 'reversal_refused') attempt(paying, 'reversing', at + 600_000);
    if (ending === 'refunded') {
      attempt(paying, 'reversed', at + 604_000);
      state('fulfilled', 'refunded', at + 604_000);
    } else if (ending === 'reversal_refused') {
      attempt(paying, 'approved', at + 604_000, null);
      attentionId = raise({ kind: 'reversal_refused', attemptId: paying, amount, startedAt: at + 3000, card: cardOf(receipts), detail: 'the terminal refused the reversal: 6c' }, at + 604_000);
    }
    return { orderId, receiptToken, number, attentionId, jobId: serviceJob };
  };
  return { events, order, add, lane: (lane, epoch = 1) => chainOf(events.filter(({ kind }) => laneOf(kind as EventKind) === lane), lane, epoch) };
}

/** The key of each order of a story, in 32 bytes. */
export function storyKeyOf(orderId: string): Buffer {
  return createHash('sha256').update(`key of ${orderId}`).digest();
}

/** As a kiosk seals (domain/personal), with a nonce that is the same each time. */
export function sealStoryWords(orderId: string, words: string): string {
  const nonce = Buffer.alloc(12, 7);
  const cipher = createCipheriv('aes-256-gcm', storyKeyOf(orderId), nonce).setAAD(Buffer.from(orderId));
  return sealedText(Buffer.concat([nonce, cipher.update(words, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url'));
}

/** The same events as kiosks wrote them before version 3: taxes in thousandths and by rate alone, and a phone number as all that a service could ask for. */
export function asOlder(events: readonly HqEvent[], version: 1 | 2): HqEvent[] {
  return events.map((event) => {
    if (event.kind !== 'order.placed' && event.kind !== 'service.requested') return event;
    const body = JSON.parse(event.payload) as Record<string, unknown>;
    return { ...event, version, payload: JSON.stringify(event.kind === 'order.placed' ? { ...body, order: olderOrder(body['order'] as HqEventPayload<'order.placed'>['order']) } : olderService(body as never)) };
  });
}

function olderOrder({ lines, taxes, ...order }: HqEventPayload<'order.placed'>['order']): unknown {
  return {
    ...order,
    lines: lines.map(({ tax: _tax, fields: _fields, discount: _discount, ...line }) => line),
    taxes: taxes.map(({ basisPoints: points, gross, tax }) => ({ ratePerMille: points / 10, gross, tax })),
  };
}

function olderService({ form, ...service }: HqEventPayload<'service.requested'>): unknown {
  return { ...service, phone: form['phone'] ?? '' };
}

/** Numbers events from 1 and chains them, with their ids: what a kiosk does for each lane, and again when it opens an epoch. */
export function chainOf(events: readonly Omit<HqEvent, 'hash'>[], lane: Lane, epoch: number, after: { readonly sequence: number; readonly head: string } = { sequence: 0, head: genesisHash }): HqEvent[] {
  let { head } = after;
  return events.map((event, index) => {
    const moved = { ...event, sequence: after.sequence + index + 1 };
    head = hashOf(chainText(head, lane, epoch, moved));
    return { ...moved, hash: head };
  });
}

function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
