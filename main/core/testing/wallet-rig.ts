import Database from 'better-sqlite3';
import { onTestFinished, vi } from 'vitest';
import type { AttemptId, CartId, OrderId } from '../../../domain/ids.ts';
import { uuidV7From } from '../../../domain/ids.ts';
import { money } from '../../../domain/money.ts';
import type { OrderLine } from '../../../domain/order/order.ts';
import { createEmitter } from '../../store/emitter.ts';
import { migrations } from '../../store/migrations/all.ts';
import type { StoreReader } from '../../store/reader.ts';
import { createStoreReader } from '../../store/reader.ts';
import type { StoreWriter } from '../../store/writer.ts';
import { createStoreWriter } from '../../store/writer.ts';
import type { Faults } from '../faults.ts';
import { createFaults } from '../faults.ts';
import { createLog } from '../log.ts';
import type { OrderView } from '../../../domain/order/view.ts';
import { orderView } from '../order-view.ts';
import type { WalletRefunds } from '../wallet-refunds.ts';
import { createWalletRefunds } from '../wallet-refunds.ts';
import type { Wallets } from '../wallets.ts';
import { createWallets } from '../wallets.ts';
import type { WalletDesk } from './wallet-desk.ts';
import { createWalletDesk } from './wallet-desk.ts';

const shop = { name: { zh: '小店', en: 'Shop' }, address: { zh: '路', en: 'Road' }, phone: '021', timeZone: 'Asia/Shanghai' };
export const tea: OrderLine = { offerId: 'tea', name: { zh: '茶', en: 'Tea' }, fulfilment: { kind: 'food' }, choices: [], quantity: 1, unitPrice: 350, total: 350, tax: { basisPoints: 600, included: true, amount: 20 }, form: {}, fields: [] };

/** One life of the kiosk's wallets on the rig's store: it can be killed, and another one come up. */
export interface WalletRun {
  readonly wallets: Wallets;
  readonly refunds: WalletRefunds;
  readonly faults: Faults;
  view(orderId: OrderId): OrderView;
  /** Nothing of it does anything any more. */
  kill(): void;
}

export interface WalletRig {
  readonly desk: WalletDesk;
  readonly database: Database.Database;
  readonly reader: StoreReader;
  readonly writer: StoreWriter;
  /** Every line that was logged. */
  readonly logged: readonly string[];
  /** What a page would have been shown, in order. */
  readonly shown: OrderView[];
  close(): void;
  /** Whose order is on the screen. */
  screen: OrderId | undefined;
  isTooLate: boolean;
  isHqThere: boolean;
  /** False while a store that was brought back has not heard all of HQ. */
  isHistoryKnown: boolean;
  shownMs: number;
  run(probe?: (step: string) => void): WalletRun;
  place(lines?: readonly Partial<OrderLine>[]): OrderId;
  /** An order that its customer has paid by phone a moment ago. */
  paid(run: WalletRun, lines?: readonly Partial<OrderLine>[]): Promise<OrderId>;
  states(orderId: OrderId): readonly string[];
  attemptOf(orderId: OrderId): AttemptId;
  pass(ms: number): Promise<void>;
}

/** Fake timers have to be on. `hasStaffPrinter`: what the kitchen makes has a ticket of its own. */
export function openWalletRig({ hasStaffPrinter = false } = {}): WalletRig {
  const database = new Database(':memory:');
  for (const { sql, finish } of migrations) {
    database.exec(sql);
    finish?.(database);
  }
  let ids = 0;
  const newId = () => uuidV7From(1_700_000_000_000 + ++ids, new Uint8Array(10));
  const now = () => Date.now();
  const emitter = createEmitter({ database, now, newId });
  const reader = createStoreReader(database);
  const writer = createStoreWriter({ database, reader, now, newId, emitter, hasStaffPrinter });
  const desk = createWalletDesk();
  const logged: string[] = [];
  const shown: OrderView[] = [];
  const log = createLog((line) => logged.push(line), now);
  const runs: WalletRun[] = [];
  function close(): void {
    for (const { kill } of runs.splice(0)) kill();
    if (database.open) database.close();
  }
  onTestFinished(close);

  const rig: WalletRig = {
    desk, database, reader, writer, logged, shown, close,
    screen: undefined, isTooLate: false, isHqThere: true, isHistoryKnown: true, shownMs: 120_000,

    run(probe = () => {}) {
      let isDead = false;
      const probed = <T extends object>(part: T, names: readonly (keyof T & string)[]): T => {
        const changed = Object.fromEntries(names.map((name) => [name, (...given: unknown[]) => {
          if (isDead) throw new Error('killed');
          probe(`before ${name}`);
          const result = (part[name] as (...all: unknown[]) => unknown)(...given);
          probe(`after ${name}`);
          return result;
        }]));
        return { ...part, ...changed };
      };
      const probedWriter = probed(writer, ['startAttempt', 'settleAttempt', 'startReversal', 'settleReversal', 'askRefund', 'settleRefund']);
      const faults = createFaults(log);
      const online = {
        canPay: () => rig.isHqThere,
        async wallet(...[question, timeoutMs]: Parameters<WalletDesk['ask']>) {
          if (isDead) return new Promise<never>(() => {});
          probe(`before ${question.act}`);
          const answer = await desk.ask(question, timeoutMs);
          probe(`after ${question.act}`);
          return isDead ? new Promise<never>(() => {}) : answer;
        },
      };
      const onChange = (orderId: OrderId) => {
        if (!isDead && orderId === rig.screen) shown.push(run.view(orderId));
      };
      const wallets = createWallets({
        reader, writer: probedWriter, online, log, faults, monotonicNow: now, shownMs: rig.shownMs, shopName: '小店', isOnScreen: (orderId) => orderId === rig.screen,
        isTooLate: () => rig.isTooLate, isOverdue: ({ startedAt }) => now() - startedAt > 86_400_000, isHistoryKnown: () => rig.isHistoryKnown, onChange,
      });
      const refunds = createWalletRefunds({
        reader, writer: probedWriter, online, log, faults, monotonicNow: now, ageMs: (_id, at) => now() - at, onChange, isHistoryKnown: () => rig.isHistoryKnown, afterCommit: emitter.afterCommit,
      });
      const run: WalletRun = {
        wallets, refunds, faults,
        view: (orderId) => orderView(reader, { card: undefined, wallet: wallets.running(orderId) }, now(), orderId)!,
        kill() {
          isDead = true;
          wallets.stop();
          refunds.stop();
        },
      };
      runs.push(run);
      wallets.settleOpen();
      refunds.look();
      return run;
    },

    place(lines = [{}]) {
      const orderId = newId() as OrderId;
      const receiptToken = `${ids}`.padStart(22, '0');
      const all = lines.map((line) => ({ ...tea, ...line }));
      writer.placeOrder({
        id: orderId, cartId: newId() as CartId, number: 'A042', placedAt: now(), language: 'zh', catalogueRevision: 1, total: money(all.reduce((sum, { total }) => sum + total, 0), 'CNY'), taxes: [], receiptToken, lines: all,
      }, shop, `http://shop.example/r/${receiptToken}`);
      rig.screen = orderId;
      return orderId;
    },
    async paid({ wallets }, lines) {
      const orderId = rig.place(lines);
      wallets.show(orderId, 'wechat');
      await rig.pass(1000);
      desk.pay(rig.attemptOf(orderId));
      await rig.pass(1000);
      return orderId;
    },
    states: (orderId) => reader.attempts(orderId).map(({ state }) => state),
    attemptOf: (orderId) => reader.attempts(orderId).at(-1)!.id,
    pass: async (ms) => void (await vi.advanceTimersByTimeAsync(ms)),
  };
  return rig;
}
