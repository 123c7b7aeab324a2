import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, vi } from 'vitest';
import type { TestContext } from 'vitest';
import { writeKioskFiles } from '../../../build/start/kiosk-files.ts';
import type { Cart, CartLine } from '../../../domain/cart/cart.ts';
import type { Catalogue } from '../../../domain/catalogue/catalogue.ts';
import type { KioskConfig } from '../../../domain/contract/config.ts';
import type { Answer, KioskStatus, Params } from '../../../domain/contract/kiosk.ts';
import type { StartMessage } from '../../../domain/contract/shell.ts';
import type { CartId, OrderId } from '../../../domain/ids.ts';
import { uuidV7From } from '../../../domain/ids.ts';
import { isPaid } from '../../../domain/order/order.ts';
import type { OrderView } from '../../../domain/order/view.ts';
import { priceCart } from '../../../domain/pricing/pricing.ts';
import { momentOf } from '../../../domain/time.ts';
import type { EscPosPrinterSim, EscPosPrinterSimOptions } from '../../../hardware/sim/escpos-printer/printer-sim.ts';
import { createEscPosPrinterSim } from '../../../hardware/sim/escpos-printer/printer-sim.ts';
import { slipText } from '../../../hardware/sim/escpos-printer/paper.ts';
import type { SerialLine } from '../../../hardware/sim/lines/socat.ts';
import { createSerialLine } from '../../../hardware/sim/lines/socat.ts';
import type { BookEntry } from '../../../hardware/sim/zvt-terminal/book.ts';
import type { TerminalPhase } from '../../../hardware/sim/zvt-terminal/display.ts';
import type { ZvtTerminalSim, ZvtTerminalSimOptions } from '../../../hardware/sim/zvt-terminal/sim.ts';
import { createZvtTerminalSim } from '../../../hardware/sim/zvt-terminal/sim.ts';
import { rigCatalogue } from './catalogue-rig.ts';
import type { HqRig } from './hq-rig.ts';
import { startHqRig } from './hq-rig.ts';
import type { KioskProcess, LogLine } from './kiosk-process.ts';
import { startKioskProcess } from './kiosk-process.ts';
import type { StoreRig } from './store-rig.ts';
import { openStoreRig } from './store-rig.ts';

// Whole kiosks, several at once: on a busy machine a test lasts longer, and is no less right.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

export interface StageOptions {
  readonly terminal?: ZvtTerminalSimOptions;
  /** Of the card terminal. */
  readonly profile?: string;
  readonly printer?: Partial<EscPosPrinterSimOptions>;
  readonly times?: Partial<KioskConfig['times']>;
  /** Of the receipt printer. */
  readonly rollMetres?: number;
  /** Staff have a printer of their own. */
  readonly hasStaffPrinter?: boolean;
  readonly isQuick?: boolean;
  /** Before the kiosk starts: to break a file. */
  readonly before?: (files: StageFiles) => void;
  readonly key?: StartMessage['key'];
  /** The kiosk is not expected to come into service. */
  readonly isOutOfService?: boolean;
}

export interface StageFiles {
  readonly folder: string;
  readonly dataFolder: string;
  readonly configFile: string;
  readonly catalogueFile: string;
}

export type Wish = string | (Partial<CartLine> & { readonly offerId: string });

/** Core in a process of its own with both devices on real serial lines and an HQ, in a folder of its own. */
export interface Stage extends StageFiles {
  readonly kiosk: KioskProcess;
  readonly terminal: ZvtTerminalSim;
  readonly printer: EscPosPrinterSim;
  /** Plugged in only where `hasStaffPrinter`. */
  readonly staffPrinter: EscPosPrinterSim;
  readonly terminalLine: SerialLine;
  readonly printerLine: SerialLine;
  readonly hq: HqRig;
  readonly store: StoreRig;
  /** Starts core again on the same data; the one before has ended. */
  restart(options?: { readonly key?: StartMessage['key'] }): Promise<KioskProcess>;
  open(watching?: OrderId): Promise<Answer<'open'>>;
  untilStatus(fits: (status: KioskStatus) => boolean): Promise<void>;
  /** What a page sends for these wishes, priced by the stage's catalogue. */
  placing(...wishes: readonly Wish[]): Params<'place'>;
  place(...wishes: readonly Wish[]): Promise<OrderView>;
  pay(orderId: OrderId): Promise<OrderView>;
  untilOrder(orderId: OrderId, fits: (order: OrderView) => boolean, from?: number): Promise<OrderView>;
  untilPhase(phase: TerminalPhase): Promise<void>;
  untilBook(fits: (book: readonly BookEntry[]) => boolean): Promise<void>;
  untilPaper(fits: (slips: readonly string[], current: string) => boolean): Promise<void>;
  /** Slips that bear this order's receipt, finished or still in the printer. */
  slipsOf(orderId: OrderId): readonly string[];
  /** The errors that core has logged by now. */
  errors(): Promise<readonly LogLine[]>;
  /** Waits until HQ has everything, then compares store, book, paper and HQ; fails where two of them disagree. */
  expectAgreement(): Promise<void>;
  writeCatalogue(catalogue: Catalogue): void;
}

export const approving: ZvtTerminalSimOptions = { processingMs: 0, autoApproveAfterMs: 0 };

export async function openStage(context: Pick<TestContext, 'onTestFinished' | 'onTestFailed'>, options: StageOptions = {}): Promise<Stage> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-core-'));
  const dataFolder = path.join(folder, 'data');
  const catalogueFile = path.join(folder, 'catalogue.json');
  const hqCode = randomBytes(16).toString('base64url');
  const keyHex = randomBytes(32).toString('hex');
  const key: StartMessage['key'] = options.key ?? { ok: true, value: { hex: keyHex, provider: 'test' } };
  const closers: (() => unknown)[] = [() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 })];
  const logs: (() => string)[] = [];
  context.onTestFailed(() => console.error(logs.map((log) => log()).join('\n--- restarted ---\n')));
  context.onTestFinished(async () => {
    for (const close of closers.reverse()) await close();
  });

  const [terminalLine, printerLine, hq] = await Promise.all([lineOf(folder, 'terminal'), lineOf(folder, 'printer'), startHqRig(hqCode)]);
  closers.push(hq.close, terminalLine.close, printerLine.close);
  const terminal = createZvtTerminalSim({ processingMs: 0, ...options.terminal });
  const printer = createEscPosPrinterSim({ columns: 48, ...options.printer });
  const staffPrinter = createEscPosPrinterSim({ columns: 48 });
  const staffLine = options.hasStaffPrinter ? await lineOf(folder, 'staff-printer') : undefined;
  if (staffLine) {
    staffPrinter.connect(staffLine.deviceEnd);
    closers.push(staffLine.close);
  }
  terminal.connect(terminalLine.deviceEnd);
  printer.connect(printerLine.deviceEnd);
  closers.push(terminal.close);

  const writeCatalogue = (catalogue: Catalogue) => {
    // As editors and installers do it: never half a file.
    fs.writeFileSync(`${catalogueFile}.new`, JSON.stringify(catalogue));
    fs.renameSync(`${catalogueFile}.new`, catalogueFile);
  };
  const configFile = writeKioskFiles({
    folder: path.join(folder, 'kiosk'), printerPath: printerLine.path, terminalPath: terminalLine.path, hqUrl: hq.url, hqCode, changes: { catalogueFile },
  });
  const config = JSON.parse(fs.readFileSync(configFile, 'utf8')) as KioskConfig;
  fs.writeFileSync(configFile, JSON.stringify({
    ...config, times: { ...config.times, ...options.times },
    printer: { ...config.printer, ...(options.rollMetres ? { rollMetres: options.rollMetres } : {}) },
    ...(staffLine ? { kitchenPrinter: { ...config.printer, path: staffLine.path } } : {}),
    cardTerminal: { ...config.cardTerminal, ...(options.profile ? { profile: options.profile } : {}) },
  }));
  writeCatalogue(rigCatalogue);
  options.before?.({ folder, dataFolder, configFile, catalogueFile });

  let status: KioskStatus | undefined;
  let statusFrom = 0;
  let store: StoreRig | undefined;
  let kiosk = await oneByOne(() => start(key));

  async function start(withKey: StartMessage['key']): Promise<KioskProcess> {
    const started = startKioskProcess({ configFile, dataFolder, key: withKey }, { isQuick: options.isQuick ?? false });
    // Also a test of every test: core was up to the end, and ends in order.
    closers.push(async () => expect([0, null]).toContain(await started.stop()));
    logs.push(() => started.log().map((line) => JSON.stringify(line)).join('\n'));
    status = undefined;
    statusFrom = 0;
    await started.started;
    return started;
  }

  async function open(watching?: OrderId): Promise<Answer<'open'>> {
    const from = kiosk.eventCount();
    const answer = await kiosk.request('open', watching ? { watching } : {});
    if (!answer.ok) throw new Error(answer.error.detail);
    status = answer.value.status;
    statusFrom = from;
    return answer.value;
  }

  async function untilStatus(fits: (status: KioskStatus) => boolean): Promise<void> {
    if (!status) await open();
    status = kiosk.last('status', statusFrom) ?? status!;
    const from = kiosk.eventCount();
    if (!fits(status)) await kiosk.until('status', fits, from);
  }

  const inService = async () => {
    await open();
    await untilStatus(({ service, card, paper }) => service.kind === 'in_service' && card === 'ready' && paper === 'ready');
  };

  const stage: Stage = {
    folder, dataFolder, configFile, catalogueFile, terminal, printer, staffPrinter, terminalLine, printerLine, hq,
    get kiosk() {
      return kiosk;
    },
    get store() {
      if (!store) {
        store = openStoreRig(dataFolder, keyHex);
        closers.push(store.close);
      }
      return store;
    },
    async restart(restartOptions = {}) {
      await kiosk.ended;
      kiosk = await oneByOne(() => start(restartOptions.key ?? key));
      return kiosk;
    },
    open,
    untilStatus,
    placing: (...wishes) => placing(rigCatalogue, wishes),
    async place(...wishes) {
      const placed = await kiosk.request('place', placing(rigCatalogue, wishes));
      if (!placed.ok || placed.value.kind !== 'placed') throw new Error(`not placed: ${JSON.stringify(placed)}`);
      return placed.value.order;
    },
    async pay(orderId) {
      const paying = await kiosk.request('pay', { orderId });
      if (!paying.ok) throw new Error(`${paying.error.code} ${paying.error.detail}`);
      return paying.value;
    },
    untilOrder: (orderId, fits, from) => kiosk.until('order', (order) => order.id === orderId && fits(order), from),
    untilPhase: (phase) => changed(terminal.onChange, () => terminal.display().phase === phase),
    untilBook: (fits) => changed(terminal.onChange, () => fits(terminal.book())),
    untilPaper: (fits) => changed(printer.onChange, () => fits(printer.slips().map(slipText), slipText(printer.current()))),
    slipsOf(orderId) {
      const token = stage.store.reader.order(orderId)!.order.receiptToken;
      return [...printer.slips(), printer.current()].map(slipText).filter((slip) => slip.includes(token));
    },
    async errors() {
      // Log and answers travel on two ways: this line comes after all that were before it.
      const message = `errors until ${newCartId()}`;
      await kiosk.request('report', { message });
      await kiosk.untilLog(({ detail }) => detail === message);
      return kiosk.log().filter(({ level }) => level === 'error');
    },
    expectAgreement: () => expectAgreement(stage),
    writeCatalogue,
  };
  if (!options.isOutOfService) await inService();
  return stage;
}

let startingNow: Promise<unknown> = Promise.resolve();
/** Loading core takes a processor for a moment: tests that run at once would otherwise make each other's devices late. */
function oneByOne<T>(start: () => Promise<T>): Promise<T> {
  const mine = startingNow.then(start);
  startingNow = mine.catch(() => undefined);
  return mine;
}

async function lineOf(folder: string, name: string): Promise<SerialLine> {
  const line = await createSerialLine({ folder: path.join(folder, 'lines'), name });
  if (!line.ok) throw new Error(line.error.detail);
  return line.value;
}

function changed(onChange: (listener: () => void) => () => void, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!holds()) return;
      stop();
      resolve();
    };
    const stop = onChange(look);
    look();
  });
}

export function newCartId(): CartId {
  return uuidV7From(Date.now(), randomBytes(10)) as CartId;
}

function placing(catalogue: Catalogue, wishes: readonly Wish[]): Params<'place'> {
  const lines = wishes.map((wish, index): CartLine => ({ id: `line-${index}`, quantity: 1, choices: {}, form: {}, ...(typeof wish === 'string' ? { offerId: wish } : wish) }));
  const cart: Cart = { id: newCartId(), lines, dining: 'eat_in' };
  return { cart, language: 'en', catalogueRevision: catalogue.revision, shownTotal: priceCart(catalogue, cart, momentOf(Date.now(), 'Asia/Shanghai')).total };
}

async function expectAgreement({ store, terminal, hq, slipsOf }: Stage): Promise<void> {
  const givenBack = (orderId: OrderId) => store.reader.refundsOf(orderId).filter(({ state, way }) => state === 'done' && way === 'tender').reduce((sum, { amount }) => sum + amount.amount, 0);
  // What HQ's answers bring about is told, too.
  let told: readonly string[] = [];
  while (told.length !== store.eventIds().length) {
    told = store.eventIds();
    for (const id of told) await hq.until((event) => event.id === id);
  }
  expect(hq.complaints()).toEqual([]);
  // What the kiosk tells of itself by the clock may come at any moment: HQ has what was told, each once, and nothing else that the store does not know.
  const atHq = hq.events().map((event) => event.id as string);
  const since = new Set(store.eventIds());
  expect(new Set(atHq).size).toBe(atHq.length);
  expect(told.filter((eventId) => !atHq.includes(eventId))).toEqual([]);
  expect(atHq.filter((eventId) => !since.has(eventId))).toEqual([]);

  const taken = new Map(terminal.book().filter((entry) => entry.state === 'approved' && entry.reason !== 'of somebody else').map((entry) => [entry.receiptNumber, entry.amount]));
  for (const orderId of store.orderIds()) {
    const { order, state } = store.reader.order(orderId)!;
    expect(hq.stateOf(orderId), `${order.number} at HQ`).toBe(state);
    const paidBy = store.reader.attempts(orderId).filter((attempt) => attempt.state === 'approved');
    const isCharged = isPaid(state) && order.total.amount > 0;
    const byWallet = paidBy.filter(({ tender }) => tender !== 'card');
    expect(store.reader.attempts(orderId).filter(({ tender }) => tender !== 'card').reduce((sum, { id }) => sum + hq.desk.balance(id), 0), `${order.number} at the wallets' gateway`).toBe(byWallet.length > 0 ? order.total.amount - givenBack(orderId) : 0);
    if (byWallet.length > 0) expect(paidBy, `${order.number} is paid once`).toHaveLength(1);
    else expect(paidBy.map((attempt) => taken.get(attempt.card?.receiptNumber ?? '')), `${order.number} in the terminal's book`).toEqual(isCharged ? [order.total.amount] : []);
    for (const attempt of paidBy) taken.delete(attempt.card?.receiptNumber ?? '');
    const job = store.jobStates(orderId)['print_receipt'];
    const slips = slipsOf(orderId).length;
    if (job === 'uncertain') expect(slips, `${order.number} on paper`).toBeLessThanOrEqual(1);
    else expect(slips, `${order.number} on paper, ${job}`).toBe(job === 'done' ? 1 : 0);
  }
  expect([...taken], 'money that belongs to no order').toEqual([]);
}
