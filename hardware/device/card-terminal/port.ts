import type { Money } from '../../../domain/money.ts';
import type { Result } from '../../../domain/result.ts';
import type { CardDetails, TerminalMessage } from '../../../domain/payment/card.ts';
import type { TerminalSlip } from '../../../domain/payment/slip.ts';
import type { LastTransaction } from '../../../domain/payment/resolve.ts';

export type { CardDetails, LastTransaction, TerminalMessage, TerminalSlip };

export type CardTerminalState =
  | { readonly kind: 'ready' }
  | { readonly kind: 'busy' }
  /** Line open, not yet registered. */
  | { readonly kind: 'starting' }
  | { readonly kind: 'unplugged'; readonly detail: string }
  | { readonly kind: 'no_answer'; readonly detail: string };

/** How an authorisation ended. `unknown` is never guessed and never retried. */
export type AuthorisationOutcome =
  | { readonly kind: 'approved'; readonly card: CardDetails }
  /**
   * The terminal or the bank said no: `resultCode` as in BMP 27 or the abort, two hex digits. `card` where the terminal
   * gave it receipt or trace numbers: it may name this transaction when it is asked for the last one.
   */
  | { readonly kind: 'declined'; readonly resultCode: string; readonly card?: CardDetails }
  /**
   * By the customer at the terminal, by our abort, or by the terminal's time-out (6C); or an approval that was refused and that the
   * terminal has certainly given back. No money moved.
   */
  | { readonly kind: 'cancelled'; readonly resultCode: string; readonly card?: CardDetails }
  /** Not one byte of the authorisation was handed to the line: certainly no money moved. */
  | { readonly kind: 'not_sent'; readonly detail: string }
  /**
   * `refused` where an approval of this purchase was answered 84 66 or could not be read (84 83): the terminal reverses it,
   * and the purchase was never accepted. Then no later answer of the terminal means "paid", neither the refused transaction
   * itself nor another of the same amount (some report the reversal as a transaction of its own, with result 00). It holds
   * the numbers that the terminal gave of the first approval refused; none where it gave none.
   */
  | { readonly kind: 'unknown'; readonly detail: string; readonly refused?: CardDetails };

export interface Authorisation {
  readonly amount: Money;
  /** What the terminal shows meanwhile, for the kiosk's own words; `text` where it has words of its own (masked, one line, at most 120 characters). */
  readonly onMessage: (message: TerminalMessage, text?: string) => void;
  /**
   * Awaited between "04 0F approved" and its acknowledgement, so that the caller can commit the approval first.
   * If it rejects, the terminal is answered 84 66 (failed: it reverses) and the outcome is `unknown` until asked.
   */
  readonly onApproved: (card: CardDetails) => Promise<void>;
  /**
   * Where a machine gives out the goods: begun once, after `onApproved` has been committed. The terminal waits meanwhile
   * (84 9C; MDB: the session stays open) as long as it can be made to, and the approval becomes final only with `released`.
   * With `failed`, a rejection or too late an answer it is refused (84 66; D,END,-1): the terminal gives the money back.
   */
  readonly release?: (
    /** At the least so long the terminal waits, from the beginning of the release on; goods that come later are refused all the same. */
    withinMs?: number,
  ) => Promise<'released' | 'failed'>;
}

/** How taking back an approved purchase ended. It may be asked for again after `not_sent` and `unknown`: taking back twice takes back once. */
export type ReversalOutcome =
  /** The money is back, now or since an earlier try (B4). `card`: the reversal's own numbers, where it has some. */
  | { readonly kind: 'reversed'; readonly card?: CardDetails }
  /** The terminal will not (B5: a day was closed since, …): a person must give the money back. */
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'not_sent'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string };

export interface ReversiblePurchase {
  readonly amount: Money;
  /** As it was approved: names it by its receipt number. */
  readonly card: CardDetails;
}

export type TerminalFailure =
  | { readonly kind: 'unplugged' | 'no_answer' | 'refused'; readonly detail: string }
  /** One of another kind is under way. */
  | { readonly kind: 'busy'; readonly detail: string };

/** What a card terminal did in a service operation: what it wanted printed, and its own totals. */
export interface ServiceReport {
  readonly slips: readonly TerminalSlip[];
  /** Of an end of day (BMP 60), where the terminal told them. */
  readonly totals?: TerminalTotals;
  /** The terminal's own clock where it told it (04 01): "MMDD", "HHMMSS". */
  readonly clock?: { readonly date: string; readonly time: string };
}

export interface TerminalTotals {
  readonly total: Money;
  /** How many transactions. */
  readonly count: number;
  readonly fromReceipt?: string;
  readonly toReceipt?: string;
}

/** What a technician or manager asks of a terminal. Each waits until the terminal is free, and never rejects. */
export interface TerminalService {
  /** Closes the day: what was paid before can be given back only as a refund (06 50). */
  endOfDay(): Promise<Result<ServiceReport, TerminalFailure>>;
  /** Tries its way to the bank (06 70). */
  diagnose(): Promise<Result<ServiceReport, TerminalFailure>>;
  /** Fetches its parameters anew (06 93). */
  initialise(): Promise<Result<ServiceReport, TerminalFailure>>;
  /** Its last receipt once more (06 20). */
  repeatReceipt(): Promise<Result<ServiceReport, TerminalFailure>>;
  /** Sets its clock (06 91): "YYMMDD", "HHMMSS" in the shop's own time. */
  setTime(date: string, time: string): Promise<Result<void, TerminalFailure>>;
  /** Gives money to a card, without a purchase before (06 31). Never begun twice: an unknown outcome is for a person. */
  refund(amount: Money): Promise<ReversalOutcome>;
  /** The terminal may be used by its own keys until it is registered again, by itself, for the next payment (06 02). */
  logOff(): Promise<Result<void, TerminalFailure>>;
}

export interface CardTerminal {
  state(): CardTerminalState;
  onState(listener: (state: CardTerminalState) => void): () => void;
  /** One at a time; a call while one is under way is a bug and throws. Never rejects otherwise. */
  authorise(authorisation: Authorisation): Promise<AuthorisationOutcome>;
  /**
   * Asks the running authorisation to stop (06 B0, sent again while it is not answered). The outcome still comes from
   * `authorise`: an approval may have been quicker. One that comes later than T3 after the first 06 B0 is refused (84 66),
   * unless the terminal has refused to stop; a terminal that does not answer at all leaves an `unknown` after three T3. Where
   * the profile has no abort nothing is sent.
   */
  abort(): void;
  /** After an unknown outcome or a restart: waits until the terminal is ready (05 01), then asks what it did last (06 20, service 03). */
  lastTransaction(): Promise<Result<LastTransaction, TerminalFailure>>;
  /** Takes back one approved purchase (06 30). One at a time, and none while a purchase is under way: then it throws. */
  reverse(purchase: ReversiblePurchase): Promise<ReversalOutcome>;
  /** Where the terminal has such operations. */
  readonly service?: TerminalService;
  /** Our printer prints for it: before a purchase it must be able to (PA00P015: otherwise it is answered 84 CC, and reverses). */
  readonly needsPrinter: boolean;
  /** Each whole slip that the terminal wants printed (06 D1, 06 D3), told before it hears that we have it. */
  onSlip(listener: (slip: TerminalSlip) => void): () => void;
  /**
   * What the terminal had done last when it was registered (06 20, service 03), known before `ready` is told. Undefined where
   * it would not say, before the first registration, and after a registration with an unknown outcome of `authorise` that
   * `lastTransaction` has not answered yet. This driver knows nothing of an earlier process: to a caller that holds an
   * unsettled purchase of before a restart the baseline may be that very purchase.
   */
  baseline(): LastTransaction | undefined;
  /**
   * Each approval that is refused with 84 66, in a purchase or where nobody waits for one (any more, or after a restart),
   * told before the refusal is handed to the line: what the listener commits is committed before the terminal can reverse.
   * The same one may be told again. Not told: what comes between an unanswered 06 20 and the next registration, since it is most
   * likely the late answer to that, and may be a purchase that is paid. What was refused before there was a listener is told to the first at once.
   */
  onRefusedApproval(listener: (card: CardDetails) => void): () => void;
  close(): Promise<void>;
}
