import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeKioskFiles } from '../../../../build/start/kiosk-files.ts';
import type { Cart } from '../../../../domain/cart/cart.ts';
import type { KioskConfig } from '../../../../domain/contract/config.ts';
import type { Params } from '../../../../domain/contract/kiosk.ts';
import type { StartMessage } from '../../../../domain/contract/shell.ts';
import type { CartId, OrderId } from '../../../../domain/ids.ts';
import { uuidV7From } from '../../../../domain/ids.ts';
import type { OrderView } from '../../../../domain/order/view.ts';
import { priceCart } from '../../../../domain/pricing/pricing.ts';
import { momentOf } from '../../../../domain/time.ts';
import type { EscPosPrinterSim } from '../../../../hardware/sim/escpos-printer/printer-sim.ts';
import { createEscPosPrinterSim } from '../../../../hardware/sim/escpos-printer/printer-sim.ts';
import { slipText } from '../../../../hardware/sim/escpos-printer/paper.ts';
import type { BookEntry } from '../../../../hardware/sim/zvt-terminal/book.ts';
import type { ZvtTerminalSim, ZvtTerminalSimOptions } from '../../../../hardware/sim/zvt-terminal/sim.ts';
import { createZvtTerminalSim } from '../../../../hardware/sim/zvt-terminal/sim.ts';
import { rigCatalogue } from '../catalogue-rig.ts';
import type { StoreRig } from '../store-rig.ts';
import { openStoreRig } from '../store-rig.ts';
import type { KillPlan } from './kill-point.ts';
import type { Life } from './life.ts';
import { beginLife } from './life.ts';
import { sellAtOtherTill } from './other-till.ts';
import type { Member, Pool } from './pool.ts';
import type { Wire } from './wire.ts';
import { createWire } from './wire.ts';

/** What a customer's screen was told of one order, and what the terminal's book held just then. */
export interface Told {
  readonly life: number;
  readonly view: OrderView;
  readonly approved: readonly BookEntry[];
}

/** One kiosk's data on disk and its two devices, which live on while its processes come and go. */
export interface Stage {
  readonly terminalWire: Wire;
  readonly printerWire: Wire;
  readonly printer: EscPosPrinterSim;
  terminal(): ZvtTerminalSim;
  /** Every entry of every terminal that stood here. */
  book(): readonly BookEntry[];
  /** Entries that other tills made. */
  foreign(): readonly BookEntry[];
  told(): readonly Told[];
  lives(): readonly Life[];
  /** Resolves once it is in service with both devices, or is killed before. */
  begin(plan?: KillPlan): Promise<Life>;
  store(): StoreRig;
  placing(offerId: string): Params<'place'>;
  slipsOf(orderId: OrderId): readonly string[];
  /** The customer at hand taps a card as soon as one is asked for, or never. */
  setTapping(taps: boolean): void;
  untilTerminal(holds: () => boolean, limitMs: number): Promise<boolean>;
  otherSale(amount: number): Promise<void>;
  /** The terminal forgets what it did last, and its receipts begin anew: a day was closed, or another terminal put in its place. */
  replaceTerminal(): void;
  close(): Promise<void>;
}

/** Both sides' limits are shortened alike (fast-clock.ts): 5 s becomes about a second. */
const terminalTimes = { t1Ms: 150, t2Ms: 400, t3Ms: 1_200, cardTimeoutMs: 4_000, processingMs: 1 } as const;
const readyLimitMs = 20_000;

export async function openStage(pool: Pool, terminalOptions: ZvtTerminalSimOptions, times: Partial<KioskConfig['times']> = {}): Promise<Stage> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-matrix-'));
  const keyHex = randomBytes(32).toString('hex');
  const [terminalWire, printerWire] = await Promise.all([createWire('card terminal'), createWire('receipt printer')]);
  const catalogueFile = path.join(folder, 'catalogue.json');
  fs.writeFileSync(catalogueFile, JSON.stringify(rigCatalogue));
  const configFile = writeKioskFiles({
    folder: path.join(folder, 'kiosk'), printerPath: printerWire.path, terminalPath: terminalWire.path,
    hqUrl: 'http://127.0.0.1:9', changes: { catalogueFile },
  });
  const config = JSON.parse(fs.readFileSync(configFile, 'utf8')) as KioskConfig;
  fs.writeFileSync(configFile, JSON.stringify({ ...config, times: { ...config.times, ...times } }));
  // HQ has not admitted this kiosk yet, which sells all the same: the outbox is judged where it rests.
  const start: StartMessage = { kind: 'start', configFile, dataFolder: path.join(folder, 'data'), key: { ok: true, value: { hex: keyHex, provider: 'test' } } };

  const pastBooks: BookEntry[] = [];
  const foreign: BookEntry[] = [];
  const told: Told[] = [];
  const lives: Life[] = [];
  const members: Member[] = [];
  let taps = true;
  let store: StoreRig | undefined;
  let minutes = 0;

  const printer = createEscPosPrinterSim({ columns: 48 });
  printer.connect(printerWire.deviceEnd);
  let terminal = newTerminal();

  function newTerminal(): ZvtTerminalSim {
    const created = createZvtTerminalSim({
      ...terminalTimes, ...terminalOptions,
      // A clock of its own, a minute further with each transaction: the same bytes at each run.
      now: () => Date.UTC(2026, 2, 4, 8, 15, 30) + 61_000 * minutes++,
    });
    created.connect(terminalWire.deviceEnd);
    created.onChange(() => {
      if (taps && created.display().phase === 'present_card') setImmediate(() => void (taps && created.tapCard()));
    });
    return created;
  }

  const book = () => [...pastBooks, ...terminal.book()];

  return {
    terminalWire, printerWire, printer, book,
    terminal: () => terminal,
    foreign: () => foreign,
    told: () => told,
    lives: () => lives,
    async begin(plan) {
      await Promise.all([terminalWire.untilFree(), printerWire.untilFree()]);
      const member = await pool.take();
      const number = lives.length + 1;
      const life = beginLife(member, {
        start, ...(plan ? { plan } : {}),
        onTold: (view) => told.push({ life: number, view, approved: book().filter(({ state }) => state === 'approved') }),
      });
      lives.push(life);
      members.push(member);
      return life;
    },
    store: () => (store ??= openStoreRig(start.dataFolder, keyHex)),
    placing: (offerId) => placing(offerId),
    slipsOf(orderId) {
      const token = store?.reader.order(orderId)?.order.receiptToken ?? 'no order';
      return [...printer.slips(), printer.current()].map(slipText).filter((slip) => slip.includes(token));
    },
    setTapping(next) {
      taps = next;
      if (taps) terminal.tapCard();
    },
    untilTerminal(holds, limitMs) {
      return new Promise((resolve) => {
        const settle = (held: boolean) => {
          stop();
          clearTimeout(limit);
          resolve(held);
        };
        const stop = terminal.onChange(() => void (holds() && settle(true)));
        const limit = setTimeout(() => settle(holds()), limitMs);
        if (holds()) settle(true);
      });
    },
    async otherSale(amount) {
      const before = terminal.book().length;
      const tapped = taps;
      taps = true;
      await sellAtOtherTill(terminalWire, amount);
      taps = tapped;
      foreign.push(...terminal.book().slice(before));
    },
    replaceTerminal() {
      pastBooks.push(...terminal.book());
      terminal.close();
      terminal = newTerminal();
    },
    async close() {
      store?.close();
      for (const [index, life] of lives.entries()) if (!life.isOver() && (await life.end())) pool.giveBack(members[index]!);
      terminal.close();
      await Promise.all([terminalWire.close(), printerWire.close()]);
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** In service with both devices; false where the process was killed before. */
export async function untilInService(life: Life): Promise<boolean> {
  await life.request('open', {});
  return life.until(() => {
    const status = life.status();
    return status?.service.kind === 'in_service' && status.card === 'ready' && status.paper === 'ready';
  }, readyLimitMs);
}

function placing(offerId: string): Params<'place'> {
  const cart: Cart = { id: uuidV7From(Date.now(), randomBytes(10)) as CartId, lines: [{ id: 'line-0', offerId, quantity: 1, choices: {}, form: {} }] };
  return { cart, language: 'en', catalogueRevision: rigCatalogue.revision, shownTotal: priceCart(rigCatalogue, cart, momentOf(Date.now(), 'Asia/Shanghai')).total };
}
