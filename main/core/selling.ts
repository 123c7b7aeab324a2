import { isWithin } from '../../domain/catalogue/window.ts';
import type { KioskConfig } from '../../domain/contract/config.ts';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { Answer, EventPayload, HelpView, KioskStatus, Scanned, Shopfront } from '../../domain/contract/kiosk.ts';
import type { requests } from '../../domain/contract/kiosk.ts';
import type { DevicesView } from '../../domain/contract/staff.ts';
import type { DeviceState } from '../../domain/device/state.ts';
import type { z } from 'zod';
import type { OrderId } from '../../domain/ids.ts';
import type { NumberView } from '../../domain/contract/number.ts';
import type { Tender } from '../../domain/payment/tender.ts';
import type { PaymentCode, Wallet } from '../../domain/scan/payment-code.ts';
import type { StaffCardId } from '../../domain/scan/scanned-code.ts';
import { isPaid, nextState } from '../../domain/order/order.ts';
import type { OrderView } from '../../domain/order/view.ts';
import { composeTerminalSlip } from '../../domain/receipt/terminal-slip.ts';
import { composeTestPage } from '../../domain/receipt/test-page.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { dayAt } from '../../domain/sync/day-closing.ts';
import { momentOf } from '../../domain/time.ts';
import type { PrintKind, StoreReader } from '../store/reader.ts';
import type { Pause } from '../store/commands.ts';
import { createDayStore } from '../store/day-reports.ts';
import { createStaffOrders } from '../store/staff-orders.ts';
import { createStockReader, createStockWriter } from '../store/stock.ts';
import type { StoreWriter } from '../store/writer.ts';
import { createAges } from './ages.ts';
import type { Backstage } from './backstage.ts';
import type { CatalogueKeeper } from './catalogue-keeper.ts';
import { createCatalogueKeeper } from './catalogue-keeper.ts';
import { createCommands } from './commands.ts';
import { besideConfig } from './configuration.ts';
import type { Devices } from './devices.ts';
import type { LineTap } from './devices.ts';
import { createDevices } from './devices.ts';
import { createFaults } from './faults.ts';
import type { Help } from './help.ts';
import { createHelp } from './help.ts';
import type { Log } from './log.ts';
import { createOfferPictures } from './offer-pictures.ts';
import { createOrderOnScreen } from './order-on-screen.ts';
import { orderView } from './order-view.ts';
import type { OrderingDeps } from './ordering.ts';
import { placeOrder } from './ordering.ts';
import { createPaper } from './paper.ts';
import { createPaying } from './paying.ts';
import { createPrintComposer } from './print-composer.ts';
import { createPrinting } from './printing.ts';
import type { Scanning } from './scanning.ts';
import { createScanning } from './scanning.ts';
import { createShopfront } from './shopfront.ts';
import { createServiceActs } from './service-acts.ts';
import { createAuditNames } from './staff/audit-names.ts';
import { createStaffControl } from './staff/control.ts';
import { createStaffDay } from './staff/day.ts';
import { createStaffDevices } from './staff/devices.ts';
import type { StaffHandlers } from './staff/gate.ts';
import { createMoves } from './staff/moves.ts';
import { createStaffOrderHandlers } from './staff/orders.ts';
import { createStaffStock } from './staff/stock.ts';
import type { SellingHandlers } from './technician.ts';
import { createTechnician, forecastOf } from './technician.ts';

export interface SellingDeps {
  /** With what HQ has set in it. */
  readonly config: KioskConfig;
  readonly configFile: string;
  readonly backstage: Backstage;
  /** This run, and its clock that nobody sets. */
  readonly boot: { readonly id: string; readonly monotonicMs: () => number };
  readonly log: Log;
  readonly now: () => number;
  readonly monotonicNow: () => number;
  readonly newId: () => string;
  readonly newToken: () => string;
  readonly random: () => number;
  readonly onStatus: () => void;
  readonly kioskStatus: () => KioskStatus;
  readonly onShopfront: (shopfront: Shopfront) => void;
  readonly onStock: (stock: Pick<Shopfront, 'available' | 'snoozed'>) => void;
  /** The order on the customer's screen has changed. */
  readonly onOrder: (order: OrderView) => void;
  readonly onScanned: (scanned: Scanned) => void;
  /** What the customer is to know of a call for a person. */
  readonly onHelp: (view: HelpView) => void;
  /** Somebody is at the screen, as the page says: with an order or without. */
  readonly isVisited: () => boolean;
  readonly isStaffIn: () => boolean;
  /** Money may be taken: the store can be written, and no staff are in. */
  readonly mayTakeMoney: () => boolean;
  /** Something that staff asked for is under way: what it is done with stays. */
  readonly isStaffBusy: () => boolean;
  /** HQ has said anew who may come in. */
  readonly onStaffDocument: () => void;
  readonly onStaffCard: (card: StaffCardId) => void;
  readonly onStaffSlots: (slots: readonly string[]) => void;
  readonly onStaffScan: (seen: EventPayload<'staff_scan'>) => void;
  /** As staff read it beside the devices. */
  readonly around: () => Pick<DevicesView, 'hq' | 'app' | 'kioskId' | 'freeBytes' | 'paused'>;
  readonly takePicture: () => Promise<Result<string, string>>;
  /** Where pictures are kept that HQ has sent. */
  readonly sentPicturesFolder: string;
  /** Rises with each who comes to the screen. */
  readonly visits: () => number;
  readonly onDevices: () => void;
  /** HQ has set what everything here was made of (configuration, currency): selling begins anew with it, now that nobody is there. */
  readonly onRemake: () => void;
  /** HQ wants core to be started again. */
  readonly onRestartWanted: () => void;
  readonly probes?: Probes;
}

/** Where a test may stand between the parts, to stop the process before and after each step and each byte. */
export interface Probes {
  readonly tap?: LineTap;
  readonly writer?: (writer: StoreWriter) => StoreWriter;
  /** No threads: nothing goes to HQ, and the store's chores are not done. For processes that live seconds. */
  readonly isAlone?: boolean;
}

/** Logs are there while the kiosk sells nothing, too. */
export type SellingStaffHandlers = Omit<StaffHandlers, `logs.${string}`>;

export interface Selling {
  /** A payment is under way at the terminal, or with a wallet. */
  isPaying(): boolean;
  /** No visit, no order on the screen, no payment under way, nothing at the printer, no staff. */
  isNobodyThere(): boolean;
  /** A customer pays, or has an order on the screen. */
  isServing(): boolean;
  /** What staff may ask for while the kiosk sells. */
  readonly staff: SellingStaffHandlers;
  /** Undefined unless HQ has paused the kiosk. */
  paused(): Pause | undefined;
  /** HQ has answered or sent something, or the store was brought up to date: what may be done now is done. */
  lookAround(): void;
  devices(): Pick<KioskStatus, 'card' | 'wallets' | 'paper'>;
  deviceStates(): readonly DeviceState[];
  paperForecast(): ReturnType<typeof forecastOf>;
  shopfront(): Shopfront;
  /** HQ has come or gone. */
  hqChanged(): void;
  readonly technician: SellingHandlers;
  readonly scanning: Pick<Scanning, 'want' | 'typed' | 'test'>;
  /** A page begins: `watching` is the order that it shows. Whatever else is unpaid and not being paid is given up. */
  customerComes(watching: OrderId | undefined): OrderView | undefined;
  /** The customer is gone: an unpaid order is given up; a payment under way is stopped if it can be. */
  customerLeaves(): void;
  /** The page says that nobody is there any more: what is left of the visit ends. */
  visitEnded(): void;
  /** The page is gone, the customer perhaps not: a payment under way goes on, and the next page shows it, or its result. */
  pageLost(): void;
  place(request: z.output<(typeof requests)['place']['params']>): Result<Answer<'place'>, CodedError>;
  pay(orderId: OrderId, tender: Tender): Result<OrderView, CodedError>;
  /** Whose number it is that a service is wanted for, before it is paid. */
  lookUpNumber(offerId: string, number: string): Promise<Result<NumberView, CodedError>>;
  cancelPayment(orderId: OrderId): Result<OrderView, CodedError>;
  cancelOrder(orderId: OrderId): Result<OrderView, CodedError>;
  /** `screen` is where the customer stood. */
  callHelp(screen: string): HelpView;
  endHelp(): HelpView;
  /** Of the order that is on the screen, or was last: anybody else's is refused. */
  feedback(feedback: z.output<(typeof requests)['feedback']['params']>): Result<Record<string, never>, CodedError>;
  stop(): Promise<void>;
}

/** Unpaid orders, waiting receipts and the catalogue's file are looked after this often. */
const housekeepingMs = 2_000;
const printPatienceMs = 60_000;

const customersKinds = ['print_receipt', 'print_copy', 'print_document', 'print_terminal_slip'] as const;
const staffsKinds = ['print_kitchen', 'print_staff_slip'] as const;

/** Whatever was begun last and is not known to have come out whole may still be in the printer, or hang out of it. */
function mayHoldHalf(reader: StoreReader, kinds: readonly PrintKind[]): boolean {
  const last = reader.lastSlip(kinds);
  return last !== undefined && last.state !== 'done';
}

/** Everything that a kiosk in service does, joined together. Where it cannot begin, it leaves nothing open. */
export function startSelling(deps: SellingDeps): Result<Selling, CodedError> {
  const { config, configFile, backstage, log, now } = deps;
  const { reader, documents } = backstage;
  const writer = deps.probes?.writer?.(backstage.writer) ?? backstage.writer;
  const catalogues = createCatalogueKeeper({ file: besideConfig(configFile, config.catalogueFile), ofHq: () => documents.current('catalogue'), reader, writer, log });
  if (!catalogues.ok) return catalogues;
  const devices = createDevices({
    config, currency: catalogues.value.current().currency, log, now, ...(deps.probes?.tap ? { tap: deps.probes.tap } : {}),
    mayHoldHalf: { receipt: mayHoldHalf(reader, customersKinds), kitchen: mayHoldHalf(reader, staffsKinds) },
  });
  if (!devices.ok) return devices;
  try {
    return ok(sellWith(deps, reader, writer, catalogues.value, devices.value));
  } catch (cause) {
    void devices.value.close();
    throw cause;
  }
}

function sellWith(deps: SellingDeps, reader: StoreReader, writer: StoreWriter, keeper: CatalogueKeeper, devices: Devices): Selling {
  const { printer, kitchenPrinter, terminal } = devices;
  const { config, backstage, boot, log, now, monotonicNow, newId, newToken, onStatus, onOrder } = deps;
  const { documents } = backstage;
  let printingSinceMs: number | undefined;
  const faults = createFaults(log, backstage.storeFault);
  const ages = createAges(now, monotonicNow);
  const screen = createOrderOnScreen({ monotonicNow, keptMs: config.times.resultMs });
  const paper = createPaper({ reader, writer, printer, rollMetres: config.printer.rollMetres });
  const compose = createPrintComposer(reader, config.defaultLanguage);
  const printDeps = { reader, writer, compose, log, faults, ages, receiptMs: config.times.receiptMs, onChange };
  const printing = createPrinting({ ...printDeps, printer, kinds: customersKinds });
  const kitchen = kitchenPrinter && createPrinting({ ...printDeps, printer: kitchenPrinter, kinds: staffsKinds });
  const kickPrinters = () => {
    printing.kick();
    kitchen?.kick();
  };
  const paying = createPaying({
    config, backstage, reader, writer, terminal, log, faults, ages, monotonicNow, onChange, onStatus, canPrint: () => paper.status() !== 'unavailable', isOnScreen: screen.is,
  });
  const { card: payments, refunds: walletRefunds } = paying;
  const offerPictures = createOfferPictures({ kioskId: config.kioskId, folder: deps.sentPicturesFolder, ask: backstage.ask, catalogue: keeper.current, now, log });
  const shopfronts = createShopfront({ config, configFile: deps.configFile, catalogue: keeper.current, documents, reader, now, log });
  const shopfront = shopfronts.current;
  const help: Help = createHelp({
    store: backstage.helpStore, isHqThere: backstage.isHqThere, monotonicNow, onView: deps.onHelp,
    isOnDuty: () => isWithin(config.help.onDuty, momentOf(now(), config.shop.timeZone)),
  });
  const scanning = createScanning({
    scanner: devices.scanner, catalogue: keeper.current, publicUrl: config.hq.publicUrl, monotonicNow, log, onScanned: deps.onScanned,
    onStaffCard: deps.onStaffCard, onPaymentCode, isStaffIn: deps.isStaffIn, slotsOfCode: (code) => stock.slotsOfCode(code), onSlots: deps.onStaffSlots, onTest: deps.onStaffScan,
  });
  const forgetSlips = terminal.onSlip((slip) => {
    const document = composeTerminalSlip(slip, config.defaultLanguage, false);
    writer.queueDocument(document, slip.kind === 'customer' ? 'print_terminal_slip' : 'print_document', payments.running()?.orderId, slip.kind === 'merchant' ? 'kept' : undefined);
    printing.kick();
  });
  const testPageFacts = {
    model: devices.printerProfile.model, columns: devices.printerProfile.columns, line: `${config.printer.path} ${config.printer.baudRate}`, timeZone: config.shop.timeZone,
  };
  const testPage = () => composeTestPage({ ...testPageFacts, at: now(), language: config.defaultLanguage });
  const { emitter } = backstage;
  const commands = createCommands({
    store: backstage.commandStore, transaction: emitter.transaction, afterCommit: emitter.afterCommit, reader, writer, payments, walletRefunds, boot, isNobodyThere, log, faults, testPage,
    restart: deps.onRestartWanted,
    sendLogs: async (minutes) => ok(`${backstage.sendLogs(minutes)} lines`),
    async backUp() {
      const made = await backstage.backUp();
      return made.ok ? ok('a copy was made') : err(made.error.detail);
    },
    followLogs: backstage.followLogs, takePicture: deps.takePicture, visits: deps.visits,
    emitPicture: (commandId, picture) => void emitter.emit('screenshot.taken', { commandId, picture }),
    onPrintQueued: () => kickPrinters(),
    onPause: onStatus,
    help: backstage.helpStore, onHelpAnswered: lookAtHelp, isHistoryKnown: backstage.isHistoryKnown,
    onOrderChange(orderId) {
      faults.guard('looking after refused services', sendBackRefused);
      onChange(orderId);
    },
  });

  const acts = createServiceActs({ reader, writer, payments, walletRefunds, printing, printer, terminal, testPage: testPageFacts, now, afterCommit: emitter.afterCommit, onChange });
  const stock = createStaffStock({
    reader: createStockReader(backstage.database), moves: createMoves(backstage.database), writer: createStockWriter({ database: backstage.database, emitter, now, newId }),
    catalogue: keeper.current, planogram: () => documents.current('planogram'), shop: config.shop, now, today: () => dayAt(now(), config.shop.timeZone),
    onStockChange: () => deps.onStock(shopfronts.stock()),
    print(document) {
      const jobId = writer.queueDocument(document, 'print_document', undefined);
      printing.kick();
      return jobId;
    },
    printed: (jobId) => acts.printed(jobId),
  });
  const day = createStaffDay({
    days: createDayStore(backstage.database, emitter, now), acts, terminal, shop: config.shop, currency: () => keeper.current().currency, isHistoryKnown: backstage.isHistoryKnown, log,
  });
  const staff: SellingStaffHandlers = {
    ...stock.handlers,
    ...createStaffOrderHandlers({ reader, orders: createStaffOrders(backstage.database), acts, payments, terminal, timeZone: config.shop.timeZone }),
    ...createStaffDevices({ devices, acts, paper, reader, scanning, isPrinting, around: deps.around }),
    ...day.handlers,
    ...createStaffControl({
      commands, audit: backstage.audit, afterCommit: emitter.afterCommit,
      auditNames: createAuditNames({ database: backstage.database, members: () => documents.current('staff')?.members ?? [], catalogue: keeper.current, planogram: () => documents.current('planogram') }),
      isPaying: () => paying.isPaying() || terminal.state().kind === 'busy', restart: deps.onRestartWanted, onBroken: (error) => log.error(error),
    }),
  };

  offerPictures.look();
  printer.onState(onStatus);
  terminal.onState(onStatus);
  devices.onChange(deps.onDevices);
  for (const { id } of reader.unpaidOrders()) tryGiveUp(id);
  paying.settleOpen();
  kickPrinters();
  const housekeeping = setInterval(keepHouse, housekeepingMs);
  lookAround();

  function isNobodyThere(): boolean {
    // What they have begun goes on when they are out: an end of day is not cut by a restart or a refund of HQ's.
    return isNoCustomerThere() && !deps.isStaffIn() && !deps.isStaffBusy();
  }

  function isNoCustomerThere(): boolean {
    return !deps.isVisited() && screen.current() === undefined && !screen.isAwaited() && !paying.isPaying() && !isPrinting();
  }

  /** A customer who holds it before the scanner, while an order is to be paid, pays with it. */
  function onPaymentCode(wallet: Wallet, code: PaymentCode): void {
    const orderId = screen.current();
    if (!orderId || !deps.mayTakeMoney() || payments.running()?.orderId === orderId) return;
    const begun = faults.guard('a payment code', () => paying.takeCode(orderId, wallet, code));
    if (begun?.ok) onChange(orderId);
    else if (begun) log.info('a payment code is of no use now', { event: 'payment.code_unused', order: orderId, wallet, why: begun.error.code });
  }

  /** A slip is at the printer: what closes everything would cut it. One that waits for paper in its middle does not hold up the kiosk for ever. */
  function isPrinting(): boolean {
    const isDoing = faults.guard('looking at the printer', () => reader.unfinishedPrintJobs().some(({ state }) => state === 'doing')) ?? false;
    if (!isDoing) printingSinceMs = undefined;
    else printingSinceMs ??= monotonicNow();
    return printingSinceMs !== undefined && monotonicNow() - printingSinceMs < printPatienceMs;
  }

  /** What HQ has sent is done and applied between two customers. */
  function lookAround(): void {
    backstage.customerPresent(!isNoCustomerThere());
    paying.look(deps.isVisited());
    commands.work();
    // Also while staff are in, who would wait for a new planogram for as long as they stand here; not in the middle of what they do.
    if (isNoCustomerThere() && !deps.isStaffBusy()) applyDocuments();
  }

  function lookAtHelp(): void {
    faults.guard('looking after calls for a person', () => help.look(deps.isVisited()));
  }

  /**
   * Money of refused services goes back the way it came: through the terminal at once to whoever looks at the order, else between two customers, since no card is taken
   * meanwhile; to a wallet at once. The journal of payments goes on from there.
   */
  function sendBackRefused(): void {
    if (!backstage.isHistoryKnown()) return;
    const isBack = (orderId: OrderId) => !isPaid(reader.order(orderId)!.state);
    if (reader.ordersWithRefused('open').length > 0 || reader.ordersWithRefused('owed').some(isBack)) writer.judgeRefusedServices();
    for (const orderId of reader.ordersWithRefused('owed')) {
      const isCard = reader.attempts(orderId).some(({ state, tender }) => state === 'approved' && tender === 'card');
      if (isCard && !screen.is(orderId) && !isNoCustomerThere()) continue;
      if (acts.reverse(orderId, 'service refused').ok) log.info('the money of a refused service goes back', { order: orderId });
    }
    walletRefunds.look();
  }

  function applyDocuments(): void {
    const { currency } = keeper.current();
    const changed = faults.guard("applying HQ's documents", documents.applyWaiting) ?? [];
    if (changed.length === 0) return;
    faults.guard('taking in the catalogue', keeper.refresh);
    offerPictures.look();
    if (changed.includes('staff')) deps.onStaffDocument();
    if (changed.includes('config') || keeper.current().currency !== currency) deps.onRemake();
    else deps.onShopfront(shopfront());
  }

  function view(orderId: OrderId): OrderView | undefined {
    return orderView(reader, paying.running(orderId), monotonicNow(), orderId);
  }

  function answerView(orderId: OrderId): Result<OrderView, CodedError> {
    const current = view(orderId);
    return current ? ok(current) : err(codedError('ORDER_UNKNOWN', orderId));
  }

  function onChange(orderId: OrderId): void {
    if (screen.isPageLost() && screen.is(orderId)) letGoUnlessPaying(orderId);
    const stored = reader.order(orderId);
    if (stored && isPaid(stored.state)) kickPrinters();
    // A payment that failed when nobody stood there any more leaves an order that nobody will pay.
    else if (!screen.is(orderId)) tryGiveUp(orderId);
    if (screen.is(orderId)) {
      const current = view(orderId);
      if (current) onOrder(current);
    }
    onStatus();
  }

  /** Its page was lost. What is there to be told of it waits for the next page for a while; a payment goes on, and is looked at when it has ended. */
  function letGoUnlessPaying(left: OrderId): void {
    if (paying.isRunning(left)) return;
    screen.clear();
    const state = reader.order(left)?.state;
    if (state && (isPaid(state) || state === 'payment_unknown')) screen.keep(left);
    else tryGiveUp(left);
  }

  /** Cancels what may be cancelled: unpaid, and no attempt of it unsettled. */
  function giveUp(orderId: OrderId, step: 'cancel' | 'expire' = 'cancel'): boolean {
    const stored = reader.order(orderId);
    const isBusy = payments.running()?.orderId === orderId || reader.unsettledOf(orderId) !== undefined;
    if (!stored || isBusy || nextState(stored.state, step) === undefined) return false;
    writer.endOrder(orderId, step);
    deps.onStock(shopfronts.stock());
    return true;
  }

  /** Where nobody waits for an answer: what cannot be written now is done at the next occasion, or expires. */
  function tryGiveUp(orderId: OrderId, step: 'cancel' | 'expire' = 'cancel'): boolean {
    return faults.guard('giving up an order', () => giveUp(orderId, step)) ?? false;
  }

  function keepHouse(): void {
    // What lasted until yesterday is not for sale today, whoever is there.
    faults.guard('a new day', () => shopfronts.hasDayTurned() && deps.onStock(shopfronts.stock()));
    faults.guard('looking after orders', () => {
      for (const { id, placedAt } of reader.unpaidOrders()) {
        if (ages.ageMs(id, placedAt) < config.times.unpaidOrderMs || !tryGiveUp(id, 'expire')) continue;
        ages.forget(id);
        if (screen.is(id)) onChange(id);
      }
    });
    if (faults.guard('taking in the catalogue', keeper.refresh)) deps.onShopfront(shopfront());
    paying.settleOpen();
    faults.guard('looking after refused services', sendBackRefused);
    day.finishCutOff();
    kickPrinters();
    lookAtHelp();
    lookAround();
  }

  function factsNow(): OrderingDeps['facts'] {
    const { card, wallets } = paying.ways();
    return { snoozed: documents.snoozed(), isHqThere: backstage.isHqThere(), canPay: card === 'ready' || wallets.some(({ state }) => state === 'ready') };
  }

  function tellPlaced(orderId: OrderId): void {
    const { order } = reader.order(orderId)!;
    log.info('an order is placed', { source: 'orders', event: 'order.placed', order: orderId, number: order.number, lines: order.lines.length, amount: order.total.amount, currency: order.total.currency });
  }

  return {
    isPaying: paying.isPaying,
    isServing: () => paying.isPaying() || screen.current() !== undefined,
    isNobodyThere,
    staff,
    paused: commands.paused,
    lookAround() {
      lookAround();
      const orderId = screen.current();
      if (orderId) onChange(orderId);
    },
    devices: () => ({ ...paying.ways(), paper: paper.status() }),
    deviceStates: devices.states,
    paperForecast: () => forecastOf(paper),
    shopfront,
    scanning,
    technician: createTechnician({ reader, paper, acts, kioskStatus: deps.kioskStatus, devices: devices.states }),

    customerComes(watching) {
      // A page that begins has not said yet that it can use a code.
      scanning.want(false);
      const kept = screen.pageCame();
      help.pageCame();
      // A wallet's only where its customer has not left: it may be being closed for somebody who has gone.
      const before = screen.current();
      const atWallet = before && paying.running(before).wallet ? before : undefined;
      const shown = watching ?? payments.running()?.orderId ?? atWallet ?? kept;
      screen.show(shown);
      for (const { id } of reader.unpaidOrders()) if (id !== shown) tryGiveUp(id);
      return shown && view(shown);
    },

    customerLeaves() {
      const left = screen.clear();
      if (!left) return;
      paying.cancel(left);
      tryGiveUp(left);
    },

    visitEnded() {
      screen.forgetSeen();
      help.end('idle');
    },

    hqChanged() {
      paying.hqChanged();
      offerPictures.look();
      lookAtHelp();
      onStatus();
    },

    callHelp: (place) => help.call(place, screen.current()),
    endHelp: () => help.end('customer'),

    feedback({ orderId, stars, chips, words }) {
      if (!screen.wasSeen(orderId)) return err(codedError('ORDER_UNKNOWN', orderId));
      writer.giveFeedback(orderId, { stars, chips: [...new Set(chips)], words });
      return ok({});
    },

    pageLost() {
      scanning.want(false);
      screen.pageLost();
      const orderId = screen.current();
      if (orderId) letGoUnlessPaying(orderId);
    },

    place({ cart, language, shownTotal }) {
      const isAgain = reader.orderOfCart(cart.id) !== undefined;
      const placed = placeOrder({ reader, writer, log, config, now, newId, newToken, soldOut: documents.soldOut(), facts: factsNow() }, { catalogue: keeper.current(), cart, language, shownTotal });
      if (!placed.ok) {
        log.info('an order is refused', { source: 'orders', event: 'order.refused', cart: cart.id, codes: placed.error.map(({ code }) => code).join(', ') });
        return ok({ kind: 'refused', refusals: [...placed.error], available: shopfronts.available() });
      }
      if (!isAgain) tellPlaced(placed.value);
      screen.show(placed.value);
      deps.onStock(shopfronts.stock());
      printing.kick();
      const order = answerView(placed.value);
      return order.ok ? ok({ kind: 'placed', order: order.value }) : order;
    },

    pay(orderId, tender) {
      const started = paying.pay(orderId, tender);
      if (!started.ok) return started;
      screen.show(orderId);
      onStatus();
      return answerView(orderId);
    },

    cancelPayment(orderId) {
      paying.cancel(orderId);
      return answerView(orderId);
    },

    async lookUpNumber(offerId, number) {
      const offer = keeper.current().offers.find(({ id }) => id === offerId);
      if (offer?.fulfilment.kind !== 'telecom') return ok({ kind: 'not_for_it' });
      return ok(await paying.lookUpNumber({ offerId: offer.id, service: offer.fulfilment.service, number }));
    },

    cancelOrder(orderId) {
      if (!giveUp(orderId)) return err(codedError('ORDER_NOT_CANCELLABLE', reader.order(orderId)?.state ?? 'unknown order'));
      return answerView(orderId);
    },

    async stop() {
      clearInterval(housekeeping);
      commands.stop();
      paying.stop();
      await offerPictures.stop();
      forgetSlips();
      scanning.stop();
      printing.stop();
      kitchen?.stop();
      paper.stop();
      await devices.close();
    },
  };
}
