import { readFileSync } from 'node:fs';
import type { Catalogue } from '../../../domain/catalogue/catalogue.ts';
import { catalogueSchema } from '../../../domain/catalogue/catalogue.ts';
import { kioskConfigSchema } from '../../../domain/contract/config.ts';
import type { KioskStatus, Shopfront } from '../../../domain/contract/kiosk.ts';
import { cartIdSchema, orderIdSchema, uuidV7From } from '../../../domain/ids.ts';
import { money } from '../../../domain/money.ts';
import type { OrderView } from '../../../domain/order/view.ts';
import { ok } from '../../../domain/result.ts';
import type { Action, Effect, Fresh } from '../action.ts';
import type { Model } from '../model.ts';
import { noModel } from '../model.ts';
import { step } from '../step.ts';

/** The sample shop as a page gets it, at noon of a Wednesday in Shanghai, for tests of what the page does. */
const parsed = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../../config/${name}`, import.meta.url), 'utf8'));
const config = kioskConfigSchema.parse(parsed('kiosk.json'));
export const catalogue: Catalogue = catalogueSchema.parse(parsed('catalogue.json'));
export const noon = Date.UTC(2026, 10, 25, 4);

export function shopfrontOf(part: Partial<Shopfront> = {}): Shopfront {
  return {
    shopName: { zh: '店', en: 'Shop' }, defaultLanguage: 'zh', timeZone: 'Asia/Shanghai', catalogue, available: {}, snoozed: {}, maxOrderTotal: 500_000,
    times: { idleWarningMs: 45_000, idleEndMs: 20_000, resultMs: 30_000 }, brand: { ground: 'light' }, screen: config.screen, help: { phone: '021-5555 0024', onDuty: [] },
    dining: config.dining, assistiveKeys: config.assistiveKeys, ...part,
  };
}

export const status: KioskStatus = { service: { kind: 'in_service' }, card: 'ready', wallets: [], paper: 'ready', hq: 'ready', speech: 'ready' };
export const orderId = orderIdSchema.parse('019a0000-0000-7000-8000-000000000001');

export function orderView(part: Partial<OrderView> = {}): OrderView {
  return {
    id: orderId, number: 'A001', state: 'placed', language: 'en', total: money(350, 'CNY'), payment: { kind: 'due', last: 'none' }, receipt: { kind: 'none' }, services: [],
    receiptUrl: 'http://shop.example/r/1', ...part,
  };
}

/** The page's monotonic clock, which stands as well. */
export const monotonicMs = 5_000;

/** What the store makes for each step, from clocks that stand. */
export function createFresh(now = noon): () => Fresh {
  let made = 0;
  return () => ({ cartId: cartIdSchema.parse(uuidV7From(now + made++, new Uint8Array(10))), now, monotonicMs });
}

export type Take = (model: Model, ...actions: readonly Action[]) => { readonly model: Model; readonly effects: readonly Effect[] };

/** Steps one after another. */
export function createTake(fresh = createFresh()): Take {
  return (model, ...actions) =>
    actions.reduce<{ model: Model; effects: readonly Effect[] }>((current, action) => {
      const next = step(current.model, action, fresh());
      return { model: next.model, effects: [...current.effects, ...next.effects] };
    }, { model, effects: [] });
}

/** A page that has opened core and shows the attract screen. */
export function openPage(take: Take, shopfront = shopfrontOf()): Model {
  return take(noModel, { kind: 'connected' }, { kind: 'opened', result: ok({ status, shopfront }) }).model;
}
