import type { Attention } from '../../domain/attention/attention.ts';
import type { KioskConfig } from '../../domain/contract/config.ts';
import type { CodedError } from '../../domain/contract/errors.ts';
import type { KioskStatus } from '../../domain/contract/kiosk.ts';
import type { OrderId } from '../../domain/ids.ts';
import type { Attempt } from '../../domain/payment/attempt.ts';
import type { Tender } from '../../domain/payment/tender.ts';
import type { Result } from '../../domain/result.ts';
import { ok } from '../../domain/result.ts';
import type { PaymentCode, Wallet } from '../../domain/scan/payment-code.ts';
import type { CardTerminal } from '../../hardware/device/card-terminal/port.ts';
import type { StoreReader } from '../store/reader.ts';
import type { StoreWriter } from '../store/writer.ts';
import type { Ages } from './ages.ts';
import type { Backstage } from './backstage.ts';
import type { Faults } from './faults.ts';
import type { Log } from './log.ts';
import type { Online } from './online.ts';
import { createOnline } from './online.ts';
import type { Running } from './order-view.ts';
import type { Payments } from './payments.ts';
import { createPayments } from './payments.ts';
import type { WalletRefunds } from './wallet-refunds.ts';
import { createWalletRefunds } from './wallet-refunds.ts';
import { createWalletsWaiting } from './wallets-waiting.ts';
import { createWallets } from './wallets.ts';

/** Payments as staff's screens look at them. */
export interface StaffPayments extends Payments {
  /** What is open with wallets in a store that was brought back and has waited too long for HQ to tell: to be seen, nobody can decide about it. */
  waiting(): readonly Attention[];
}

/** All the ways in which money comes and goes, joined: the card terminal, and wallets through HQ. */
export interface Paying {
  readonly card: StaffPayments;
  readonly refunds: WalletRefunds;
  /** Whose number it is that a service is wanted for. */
  readonly lookUpNumber: Online['number'];
  ways(): Pick<KioskStatus, 'card' | 'wallets'>;
  /** A payment is under way at the terminal, or with a wallet. What HQ has to find out about a wallet while it is away keeps nobody: it is asked after whatever comes. */
  isPaying(): boolean;
  /** What is under way, as far as this order's customer can follow it. */
  running(orderId: OrderId): Running;
  isRunning(orderId: OrderId): boolean;
  /** Whichever way it is being paid already, that is the one. */
  pay(orderId: OrderId, tender: Tender): Result<void, CodedError>;
  /** The same with the code that the customer's phone shows. */
  takeCode(orderId: OrderId, wallet: Wallet, code: PaymentCode): Result<void, CodedError>;
  /** Not wanted any more. A payment may have been quicker. */
  cancel(orderId: OrderId): void;
  /** Takes up what the journal says is unsettled or is to go back; called at the start, and now and then, since a restored store hears more of HQ. */
  settleOpen(): void;
  /** A customer is there, or nobody. */
  look(isVisited: boolean): void;
  /** HQ has come or gone. */
  hqChanged(): void;
  stop(): void;
}

export interface PayingDeps {
  readonly config: KioskConfig;
  readonly backstage: Pick<Backstage, 'ask' | 'isHqThere' | 'isHistoryKnown' | 'emitter'>;
  readonly reader: StoreReader;
  readonly writer: StoreWriter;
  readonly terminal: CardTerminal;
  readonly log: Log;
  readonly faults: Faults;
  readonly ages: Ages;
  readonly monotonicNow: () => number;
  /** The receipt printer can print. */
  readonly canPrint: () => boolean;
  readonly isOnScreen: (orderId: OrderId) => boolean;
  readonly onChange: (orderId: OrderId) => void;
  readonly onStatus: () => void;
}

/** How long a wallet's code is shown where the configuration does not say it. */
const shownWalletMs = 120_000;
/** What HQ has not told for so long of a wallet's payment is for a person. */
const overdueMs = 24 * 3_600_000;

export function createPaying({ config, backstage, reader, writer, terminal, log, faults, ages, monotonicNow, canPrint, isOnScreen, onChange, onStatus }: PayingDeps): Paying {
  const { ask, isHqThere, isHistoryKnown } = backstage;
  const { afterCommit } = backstage.emitter;
  const ageMs = ({ id, startedAt }: Attempt) => ages.ageMs(id, startedAt);
  const isTooLate = (attempt: Attempt) => !isOnScreen(attempt.orderId) && ageMs(attempt) > config.times.unpaidOrderMs;
  const card: StaffPayments = {
    ...createPayments({ reader, writer, terminal, log, faults, monotonicNow, canPrint, isTooLate, isHistoryKnown, onChange, afterCommit }),
    waiting: createWalletsWaiting({ reader, monotonicNow, ageMs: ages.ageMs, isHistoryKnown }),
  };
  const online = createOnline({ kioskId: config.kioskId, ask, isHqThere, log, monotonicNow, onChange: onStatus });
  const wallets = createWallets({
    reader, writer, online, log, faults, monotonicNow, isOnScreen, isTooLate, isHistoryKnown, onChange, isOverdue: (attempt) => ageMs(attempt) > overdueMs,
    shownMs: config.times.walletMs ?? shownWalletMs, shopName: config.shop.name[config.defaultLanguage],
  });
  const refunds = createWalletRefunds({ reader, writer, online, log, faults, monotonicNow, ageMs: ages.ageMs, isHistoryKnown, onChange, afterCommit });

  const isAtTerminal = (orderId: OrderId) => card.running()?.orderId === orderId;
  const isRunning = (orderId: OrderId) => isAtTerminal(orderId) || wallets.running(orderId) !== undefined;

  return {
    card,
    refunds,
    lookUpNumber: online.number,
    ways: () => ({ card: card.card(), wallets: online.wallets() }),
    isPaying: () => card.running() !== undefined || wallets.runningOrder() !== undefined,
    running: (orderId) => ({ card: card.running(), wallet: wallets.running(orderId) }),
    isRunning,

    pay(orderId, tender) {
      if (isRunning(orderId)) return ok();
      return tender === 'card' ? card.pay(orderId) : wallets.show(orderId, tender);
    },

    takeCode: wallets.read,

    cancel(orderId) {
      card.cancel(orderId);
      wallets.cancel(orderId);
    },

    settleOpen() {
      faults.guard('looking after payments', () => reader.unsettledAttempt() && !card.running() && card.settleOpenAttempt());
      faults.guard('looking after wallets', () => {
        wallets.settleOpen();
        refunds.look();
      });
    },

    look: online.look,

    hqChanged() {
      online.hqChanged();
      wallets.hqChanged();
      refunds.hqChanged();
    },

    stop() {
      card.stop();
      wallets.stop();
      refunds.stop();
      online.stop();
    },
  };
}
