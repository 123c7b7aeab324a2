import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { CartId, OrderId } from '../../../domain/ids.ts';
import { uuidV7From } from '../../../domain/ids.ts';
import { money } from '../../../domain/money.ts';
import type { Order } from '../../../domain/order/order.ts';
import type { Attempt } from '../../../domain/payment/attempt.ts';
import type { Shop } from '../../../domain/receipt/shop.ts';
import { createEmitter } from '../emitter.ts';
import type { Emitter, EmitterDeps } from '../emitter.ts';
import type { StoreReader } from '../reader.ts';
import { createStoreReader } from '../reader.ts';
import type { StoreWriter } from '../writer.ts';
import { createStoreWriter } from '../writer.ts';

export const sellerShop: Shop = { name: { zh: '店', en: 'Planted Shop' }, address: { zh: '路', en: 'Planted Road' }, phone: '021', timeZone: 'Asia/Shanghai' };

/** Sells on an open store with the real reader and writer: food that is free, or costs, or a top-up with a phone number. */
export interface SellerRig {
  readonly reader: StoreReader;
  readonly writer: StoreWriter;
  readonly emitter: Emitter;
  /** The same cart each time it is asked for, so that it can be tried again. */
  cart(price: number, phone?: string): Order;
  place(order: Order): OrderId;
  /** A free order, placed and paid at once. */
  sell(): OrderId;
  /** Starts an attempt on a new order that costs. */
  startPaying(): Attempt;
  approve(attempt: Attempt): void;
}

export function createSellerRig(database: Database, now: () => number = Date.now, makeEmitter: (deps: EmitterDeps) => Emitter = createEmitter): SellerRig {
  const newId = () => uuidV7From(now(), randomBytes(10));
  const reader = createStoreReader(database);
  const emitter = makeEmitter({ database, now, newId });
  const writer = createStoreWriter({ database, reader, emitter, now, newId });
  const words = { zh: '面', en: 'Planted noodles' };

  const rig: SellerRig = {
    reader, writer, emitter,
    cart(price, phone) {
      return {
        id: newId() as OrderId, cartId: newId() as CartId, number: writer.takePickupNumber(), placedAt: now(), language: 'en', catalogueRevision: 1,
        lines: [{
          offerId: phone === undefined ? 'noodles' : 'top-up', name: words, fulfilment: phone === undefined ? { kind: 'food' } : { kind: 'telecom', service: 'top_up' }, choices: [],
          quantity: 1, unitPrice: price, total: price, tax: { basisPoints: 600, included: true, amount: 0 }, form: phone === undefined ? {} : { phone }, fields: [],
        }],
        total: money(price, 'CNY'), taxes: [], receiptToken: randomBytes(16).toString('base64url'),
      };
    },
    place(order) {
      writer.placeOrder(order, sellerShop, `https://hq.example/r/${order.receiptToken}`);
      return order.id;
    },
    sell: () => rig.place(rig.cart(0)),
    startPaying() {
      const order = rig.cart(500);
      rig.place(order);
      return writer.startAttempt(order.id, order.total);
    },
    approve(attempt) {
      const card = { receiptNumber: '0042', traceNumber: attempt.id.slice(-6), maskedPan: '************1234' };
      writer.settleAttempt(attempt.id, { state: 'approved', card });
    },
  };
  return rig;
}
