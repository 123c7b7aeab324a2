import type { Money } from '../../../domain/money.ts';
import type { Result } from '../../../domain/result.ts';
import type { CardDetails, TerminalMessage } from '../../../domain/payment/card.ts';
import type { LastTransaction } from '../../../domain/payment/resolve.ts';

export type { CardDetails, LastTransaction, TerminalMessage };

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
  /** By the customer at the terminal, by our abort, or by the terminal's time-out (6C). No money moved. */
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
  /** What the terminal shows meanwhile, for the kiosk's own words. */
  readonly onMessage: (message: TerminalMessage) => void;
  /**
   * Awaited between "04 0F approved" and its acknowledgement, so that the caller can commit the approval first.
   * If it rejects, the terminal is answered 84 66 (failed: it reverses) and the outcome is `unknown` until asked.
   */
  readonly onApproved: (card: CardDetails) => Promise<void>;
}

export type TerminalFailure = { readonly kind: 'unplugged' | 'no_answer' | 'refused'; readonly detail: string };

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
