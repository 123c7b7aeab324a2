import type { EventKind, HqEvent, HqEventPayload } from '../../../domain/contract/hq.ts';
import type { KioskId } from '../../../domain/ids.ts';
import { uuidV7From } from '../../../domain/ids.ts';
import { includedTax, money } from '../../../domain/money.ts';
import type { OrderLine } from '../../../domain/order/order.ts';
import { pickupNumber } from '../../../domain/order/order.ts';
import type { Shop } from '../../../domain/receipt/shop.ts';

export const storyShop: Shop = {
  name: { zh: '廿四小铺', en: 'Counter24 Shop' },
  address: { zh: '上海市静安区南京西路 1266 号 1 楼', en: '1/F, 1266 West Nanjing Road, Shanghai' },
  phone: '021 6288 0000',
  timeZone: 'Asia/Shanghai',
};

type Line = Omit<OrderLine, 'total' | 'quantity'>;

/** One of each business, and one free of charge. */
export const storyOffers = {
  latte: {
    offerId: 'oat-latte', name: { zh: '燕麦拿铁', en: 'Oat latte' }, fulfilment: { kind: 'food' }, unitPrice: 2400, form: {},
    choices: [{ id: 'large', name: { zh: '大杯', en: 'Large' }, price: 400 }, { id: 'less-sugar', name: { zh: '少糖', en: 'Less sugar' }, price: 0 }],
  },
  dumplings: { offerId: 'dumplings', name: { zh: '鲜肉小馄饨', en: 'Pork wonton soup' }, fulfilment: { kind: 'food' }, unitPrice: 1850, form: {}, choices: [] },
  charger: { offerId: 'usb-charger', name: { zh: '双口快充充电器', en: 'Dual-port fast charger' }, fulfilment: { kind: 'goods', initialStock: 20 }, unitPrice: 8900, form: {}, choices: [] },
  umbrella: { offerId: 'umbrella', name: { zh: '折叠雨伞', en: 'Folding umbrella' }, fulfilment: { kind: 'goods', initialStock: 12 }, unitPrice: 3900, form: {}, choices: [] },
  topUp: { offerId: 'top-up-50', name: { zh: '话费充值 50 元', en: 'Top-up ￥50' }, fulfilment: { kind: 'telecom', service: 'top_up' }, unitPrice: 4990, form: { phone: '13912345678' }, choices: [] },
  water: { offerId: 'hot-water', name: { zh: '免费热水', en: 'Hot water, free' }, fulfilment: { kind: 'food' }, unitPrice: 0, form: {}, choices: [] },
} as const satisfies Record<string, Line>;

export type StoryOffer = keyof typeof storyOffers;

export type Ending =
  | 'fulfilled' | 'declined_then_paid' | 'print_failed' | 'cancelled' | 'expired' | 'payment_unknown' | 'refunded'
  /** The customer is still at the terminal. */
  | 'awaiting_payment';

export interface OrderPlan {
  readonly offers: readonly (readonly [StoryOffer, number])[];
  readonly ending: Ending;
  readonly at: number;
  readonly language?: 'zh' | 'en';
}

export interface Story {
  readonly events: readonly HqEvent[];
  readonly order: (plan: OrderPlan) => { readonly orderId: string; readonly receiptToken: string; readonly number: string };
  readonly add: <K extends EventKind>(kind: K, payload: HqEventPayload<K>, at: number) => void;
}

/** What a kiosk tells HQ while it sells: real events in the order in which core writes them, the same each time. */
export function createStory(kioskId: KioskId, publicUrl = 'https://hq.example'): Story {
  const events: HqEvent[] = [];
  let ids = 0;
  let orders = 0;
  let receipts = 0;
  const seed = [...kioskId].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 65_521, 7);
  const newId = (at: number) => {
    ids++;
    return uuidV7From(at, Uint8Array.from([ids >> 8, ids, seed >> 8, seed, 4, 5, 6, ids >> 16, ids >> 8, ids]));
  };
  const add: Story['add'] = (kind, payload, at) => {
    events.push({ sequence: events.length + 1, id: newId(at) as HqEvent['id'], kind, version: 1, at, payload: JSON.stringify(payload) });
  };

  const order: Story['order'] = ({ offers, ending, at, language = 'zh' }) => {
    const orderId = newId(at);
    const receiptToken = Buffer.from(orderId.replaceAll('-', ''), 'hex').toString('base64url');
    const number = pickupNumber(orders++);
    const lines = offers.map(([offer, quantity]) => {
      const line: Line = storyOffers[offer];
      const unitPrice = line.unitPrice + line.choices.reduce((sum, choice) => sum + choice.price, 0);
      return { ...line, choices: [...line.choices], unitPrice, quantity, total: unitPrice * quantity };
    });
    const total = lines.reduce((sum, line) => sum + line.total, 0);
    const amount = { amount: total, currency: 'CNY' } as const;
    const receiptUrl = `${publicUrl}/r/${receiptToken}`;
    add('order.placed', {
      order: {
        id: orderId, cartId: newId(at), number, placedAt: at, language, catalogueRevision: 3, lines, total: amount, receiptToken,
        taxes: [{ ratePerMille: 60, gross: total, tax: includedTax(money(total, 'CNY'), 60).amount }],
      },
      shop: storyShop, receiptUrl,
    }, at);
    for (const line of lines) {
      if (line.fulfilment.kind === 'goods') add('stock.moved', { offerId: line.offerId, change: -line.quantity, left: 10, reason: 'reserved', orderId }, at);
    }
    const state = (from: HqEventPayload<'order.state'>['from'], to: HqEventPayload<'order.state'>['to'], when: number) => add('order.state', { orderId, from, to }, when);
    const attempt = (attemptId: string, result: HqEventPayload<'payment.attempt'>['state'], when: number) =>
      add('payment.attempt', {
        attemptId, orderId, amount, state: result,
        ...(result === 'approved' ? { card: { receiptNumber: String(++receipts).padStart(4, '0'), traceNumber: String(100 + receipts).padStart(6, '0'), terminalId: '52500038', date: '1122', time: '130502', maskedPan: '************4242', cardName: 'UnionPay' } } : {}),
        ...(result === 'declined' ? { resultCode: '6c' } : {}),
      }, when);

    if (ending === 'cancelled' || ending === 'expired') {
      state('placed', ending, at + 20_000);
      return { orderId, receiptToken, number };
    }
    let paidFrom: 'placed' | 'awaiting_payment' = 'placed';
    if (total > 0) {
      paidFrom = 'awaiting_payment';
      const first = newId(at + 3000);
      attempt(first, 'started', at + 3000);
      state('placed', 'awaiting_payment', at + 3000);
      if (ending === 'awaiting_payment') return { orderId, receiptToken, number };
      if (ending === 'payment_unknown') {
        attempt(first, 'unknown', at + 40_000);
        state('awaiting_payment', 'payment_unknown', at + 40_000);
        return { orderId, receiptToken, number };
      }
      let last = first;
      if (ending === 'declined_then_paid') {
        attempt(first, 'declined', at + 9000);
        last = newId(at + 14_000);
        attempt(last, 'started', at + 14_000);
      }
      attempt(last, 'approved', at + 18_000);
    }
    state(paidFrom, 'paid', at + 18_000);
    const print = newId(at + 18_000);
    add('job.state', { jobId: print, orderId, kind: 'print_receipt', state: 'queued' }, at + 18_000);
    for (const line of lines) {
      if (line.fulfilment.kind !== 'telecom') continue;
      const jobId = newId(at + 18_000);
      add('job.state', { jobId, orderId, kind: 'request_service', state: 'done' }, at + 18_000);
      add('service.requested', { jobId, orderId, offerId: line.offerId, service: line.fulfilment.service, quantity: line.quantity, amount: line.total, phone: line.form.phone ?? '' }, at + 18_000);
    }
    add('job.state', { jobId: print, orderId, kind: 'print_receipt', state: 'doing' }, at + 18_100);
    add('job.state', { jobId: print, orderId, kind: 'print_receipt', state: ending === 'print_failed' ? 'failed' : 'done' }, at + 20_000);
    state('paid', 'fulfilled', at + 20_000);
    if (ending === 'refunded') state('fulfilled', 'refunded', at + 600_000);
    return { orderId, receiptToken, number };
  };
  return { events, order, add };
}
