import { apduOf, digitsOf, tlv } from './bytes.ts';
import type { Book, BookEntry } from './book.ts';
import type { TerminalPhase } from './display.ts';
import { encodeText } from './slips.ts';
import type { SlipKind, SlipText } from './slips.ts';
import { paymentSlip } from './slips.ts';
import type { SimCard } from './status-information.ts';
import { statusInformation } from './status-information.ts';

export type Action = 'card' | 'declined_card' | 'red_key' | 'kiosk_abort' | 'timeout';
export type Answer = { readonly kind: 'answer'; readonly code: number } | { readonly kind: 'none' };

/** What a purchase needs of the terminal that it runs in. */
export interface Till extends SimCard {
  readonly book: Book;
  readonly currency: string;
  readonly processingMs: number;
  readonly autoApproveAfterMs: number | undefined;
  readonly resultShownMs: number;
  readonly reversesUnacknowledged: boolean;
  readonly reportsReversalAsTransaction: boolean;
  /** A reversal names the trace number of what it takes back (BMP 37). */
  readonly namesReversed: boolean;
  readonly tellsTexts: boolean;
  readonly charset: 'cp437' | 'utf-8';
  now(): number;
  show(phase: TerminalPhase, amount?: number): void;
  phase(): TerminalPhase;
  isBusy(): boolean;
  isSilent(): boolean;
  hang(): void;
  pause(ms: number): Promise<void>;
  /** The next thing that a customer, the kiosk or the time does. */
  nextAction(): Promise<Action>;
  perform(action: Action): boolean;
  forgetAction(): void;
  wasAbortAsked(): boolean;
  takeDeclineCode(): number | undefined;
  willDecline(): boolean;
  takeFallSilent(): 'before_status' | 'after_status' | 'after_acknowledgement' | undefined;
  moment(name: string): void;
  send(apdu: readonly number[]): Promise<boolean>;
  /** One message and the kiosk's answer to it, within T3. */
  tell(apdu: readonly number[], whenOut?: () => void): Promise<Answer>;
  /** True when every line was taken; also where the kiosk does not print for us. */
  print(kind: SlipKind, text: SlipText): Promise<boolean>;
}

export interface SaleRequest {
  readonly kind: 'purchase' | 'refund';
  readonly amount: number;
  readonly maxStatusInfos: number;
  /** The terminal was restarted since. */
  readonly isStale: () => boolean;
}

const completion = apduOf(0x06, 0x0f);
const abort = (code: number) => apduOf(0x06, 0x1e, [code]);
const words: Readonly<Record<number, string>> = { 0x0a: 'Bitte Karte\neinstecken', 0x17: 'Bitte warten', 0x1d: 'Abgelehnt', 0x05: 'Storno läuft' };

/** 06 01 and 06 31 from the card to the completion. */
export async function runSale(till: Till, { kind, amount, maxStatusInfos, isStale }: SaleRequest): Promise<void> {
  const { book } = till;
  const entryOf = (entry: BookEntry) => book.find(entry.receiptNumber) ?? entry;
  const isTakenBack = (entry: BookEntry) => entryOf(entry).state === 'reversed';

  till.show('present_card', amount);
  const action = till.nextAction();
  await till.send(apduOf(0x80, 0x00));
  // A kiosk that does not answer has gone: no card is taken for it.
  if ((await till.tell(intermediate(0x0a))).kind === 'none' && !till.isSilent()) return void (isStale() || till.show('idle'));
  if (isStale()) return;
  till.moment('card asked for');
  if (till.autoApproveAfterMs !== undefined) {
    void till.pause(till.autoApproveAfterMs).then(() => isStale() || till.perform(till.willDecline() ? 'declined_card' : 'card'));
  }
  const done = await action;
  till.forgetAction();
  if (isStale()) return;
  if (done === 'red_key' || done === 'kiosk_abort' || done === 'timeout') return end('cancelled', abort(0x6c));

  till.show('please_wait', amount);
  const interrupted = till.nextAction();
  till.moment('card tapped');
  await till.tell(intermediate(0x17));
  await Promise.race([till.pause(till.processingMs), interrupted]);
  till.forgetAction();
  if (isStale()) return;
  if (till.wasAbortAsked()) return end('cancelled', abort(0x6c));
  return done === 'declined_card' || till.willDecline() ? declined() : authorised();

  async function declined(): Promise<void> {
    const code = till.takeDeclineCode() ?? 0x05;
    const entry = book.begin({ amount, currency: till.currency, state: 'declined', resultCode: digitsOf([code]), time: till.now() });
    till.show('declined', amount);
    till.moment('declined');
    await till.tell(intermediate(0x1d));
    await till.tell(statusInformation(entry, till));
    return end('declined', abort(code));
  }

  async function authorised(): Promise<void> {
    const entry = book.begin({ amount, currency: till.currency, state: 'authorised', resultCode: '00', time: till.now() });
    till.moment('authorised');
    till.show('please_wait', amount);
    if (isStale()) return;
    const fallSilent = till.takeFallSilent();
    if (fallSilent === 'before_status') till.hang();
    // 84 9C: goods not out yet, asked again every two seconds, at most "max. status-infos" times more.
    let answer: Answer = { kind: 'none' };
    for (let asked = 0; asked <= maxStatusInfos; asked += 1) {
      if (asked > 0) await till.pause(2_000);
      if (isStale()) return;
      answer = await till.tell(statusInformation(entry, till), fallSilent === 'after_status' ? till.hang : undefined);
      if (isStale()) return;
      if (answer.kind === 'none' || answer.code !== 0x9c) break;
    }
    const isAcknowledged = answer.kind === 'answer' && answer.code === 0x00 && !isTakenBack(entry);
    if (isAcknowledged) {
      // Final only with the last line of what the kiosk prints for us.
      const isPrinted = await printAll(entry);
      if (isStale()) return;
      if (isPrinted && !isTakenBack(entry)) return approved(entry, fallSilent === 'after_acknowledgement');
      return reverse(entry, 'not printed');
    }
    return reverse(entry, answer.kind === 'none' ? 'not acknowledged' : `answered 84 ${digitsOf([answer.code])}`);
  }

  async function approved(entry: BookEntry, fallsSilent: boolean): Promise<void> {
    book.change(entry.receiptNumber, { state: kind === 'refund' ? 'refund' : 'approved' });
    till.moment('approved');
    if (isStale()) return;
    if (fallsSilent) till.hang();
    if (isTakenBack(entry)) return reverse(entry, 'by itself');
    return end('approved', completion);
  }

  async function reverse(entry: BookEntry, reason: string): Promise<void> {
    const reversal = isTakenBack(entry) ? undefined : settleUnacknowledged(till, entry, reason);
    // It deviates, keeps the money, and does not say otherwise.
    if (entryOf(entry).state === 'approved') return end('approved', completion);
    till.show('reversed', amount);
    till.moment('reversed');
    await till.tell(intermediate(0x05));
    await till.tell(reversal ? statusInformation(reversal, till) : apduOf(0x04, 0x0f, [0x27, 0x6c]));
    return end('reversed', abort(0x6c));
  }

  async function printAll(entry: BookEntry): Promise<boolean> {
    for (const slip of [1, 2] as const) if (!(await till.print(slip, paymentSlip(slip, entry, till.maskedPan, till.cardName)))) return false;
    return true;
  }

  async function end(shown: TerminalPhase, lastWord: readonly number[]): Promise<void> {
    if (isStale()) return;
    till.show(shown);
    await till.tell(lastWord);
    // The result stays on the display for a moment.
    void till.pause(till.resultShownMs).then(() => isStale() || till.isBusy() || till.phase() !== shown || till.show('idle'));
  }

  function intermediate(code: number): readonly number[] {
    if (!till.tellsTexts) return apduOf(0x04, 0xff, [code]);
    const text = (words[code] ?? '').split('\n').flatMap((line) => tlv([0x07], encodeText(line, till.charset)));
    const inner = tlv([0x24], text);
    return apduOf(0x04, 0xff, [code, 0x03, 0x06, ...tlv([], inner)]);
  }
}

/** An approval that the kiosk never acknowledged: taken back, or kept by a terminal that deviates. The reversal, where it is a transaction of its own. */
export function settleUnacknowledged(till: Pick<Till, 'book' | 'reversesUnacknowledged' | 'reportsReversalAsTransaction' | 'namesReversed' | 'now'>, entry: BookEntry, reason: string): BookEntry | undefined {
  const keeps = !till.reversesUnacknowledged && !reason.startsWith('answered');
  till.book.change(entry.receiptNumber, keeps ? { state: 'approved', reason } : { state: 'reversed', resultCode: '6c', reason });
  if (keeps || !till.reportsReversalAsTransaction) return undefined;
  return till.book.begin({ amount: entry.amount, currency: entry.currency, state: 'reversal', resultCode: '00', time: till.now(), ...(till.namesReversed ? { originalTraceNumber: entry.traceNumber } : {}) });
}
