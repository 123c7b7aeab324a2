import type { CardDetails } from '../../../domain/payment/card.ts';
import { cardDetailsOf } from '../../codec/zvt/card-details.ts';
import { decodeMessage } from '../../codec/zvt/decode.ts';
import { encodeMessage } from '../../codec/zvt/encode.ts';
import type { ZvtMessage } from '../../codec/zvt/message.ts';
import type { Transport } from '../../transport/transport.ts';
import type { TerminalSlip } from '../../../domain/payment/slip.ts';
import { createAlarm } from './alarm.ts';
import { createInbox } from './inbox.ts';
import type { TerminalProfile } from './profiles.ts';
import { isPrintMessage } from './slips.ts';
import type { PrintMessage, Slips } from './slips.ts';
import type { TraceListener } from './trace.ts';
import { GOODS_FAILED, GOODS_NOT_OUT_YET, PRINTER_NOT_READY, UNKNOWN_MESSAGE, answerToUnasked, isAnswer, isApproval, isEndOfAnother, isStatusInformation, negative, positive } from './zvt-answers.ts';
import type { SendResult, ZvtLink } from './zvt-link.ts';

export type ExchangeEnd<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** 84 xx: the terminal did not take the command. */
  | { readonly kind: 'refused'; readonly code: number }
  | { readonly kind: 'not_sent'; readonly detail: string }
  /** The line, T3 or T4: how far the terminal went is not known. */
  | { readonly kind: 'unfinished'; readonly detail: string };

/** What to answer to one message, and the result of the whole exchange where it ends with that message. */
export interface Step<T> {
  readonly answer: ZvtMessage;
  readonly end?: { readonly value: T };
  /** So long may the terminal be silent after this answer, instead of T4. */
  readonly waitMs?: number;
}

/** What is known of our answer to a message: the terminal has it for certain, or seems to have it; `unknown` where not even that. */
export type Taken = 'certainly' | 'apparently' | 'unknown';

export interface Exchange<T> {
  readonly command: ZvtMessage;
  readonly t4Ms: number;
  /**
   * A purchase, a reversal, a refund: a refusal counts only as the first answer, since a later one may be to something else.
   */
  readonly movesMoney: boolean;
  /** When we stop waiting the terminal is asked to stop (06 B0) and its last words are heard for T3. A reversal never is: it is to go through. */
  readonly isStopped?: boolean;
  /** `tooLate`: our 06 B0 is T3 old and the terminal has not refused it, so that nobody wants an approval any more. */
  readonly onMessage: (message: ZvtMessage, tooLate: boolean) => Step<T> | Promise<Step<T>>;
  /** A message that could not be read and was refused, by its control field. */
  readonly onUnreadable?: (controlField: number) => void;
  /** For commands that no completion follows (06 02, 06 B0): the exchange ends with their positive answer. */
  readonly endsWithAnswer?: { readonly value: T };
  readonly onAnswered?: (message: ZvtMessage, taken: Taken) => void;
  /** A line or block to print was answered with 84 CC (false) or taken. So long may the terminal be silent then, instead of what is left of T4. */
  readonly onPrinted?: (isTaken: boolean) => number | undefined;
  /** Of slips that come line by line; of the customer's unless told otherwise. */
  readonly slipKind?: TerminalSlip['kind'];
}

export interface ZvtExchanges {
  /** One at a time: the caller sees to that. */
  run<T>(exchange: Exchange<T>): Promise<ExchangeEnd<T>>;
  /**
   * Sends 06 B0 as soon as the running exchange allows it, and again after each T3 without an answer to it. The exchange
   * is unfinished when the last of three was not answered, or when one was accepted and the terminal then says nothing more.
   */
  abort(): void;
  close(): void;
}

/** Waiting for the answer to the command (T3), for the messages that follow (T4), or for what the terminal says after we gave up. */
type Phase = 'answer' | 'messages' | 'last_words';

/**
 * What became of the wish to stop. `accepted`: 80 00; the end (06 1E) is still to come. `refused`: 84 xx; the purchase goes on.
 * `settled`: an approval was taken; it is too late for a 06 B0.
 */
type Abort = 'none' | 'wanted' | 'sent' | 'accepted' | 'refused' | 'settled';

/** 06 B0 goes out at most so often for one wish to stop. */
const ABORTS = 3;
/** So many T3 may an aborted purchase be silent: a terminal that takes back what it had begun needs a while. */
const ABORTED_SILENCE = 3;

type Event =
  | { readonly kind: 'apdu'; readonly apdu: Uint8Array }
  | { readonly kind: 'lost'; readonly detail: string }
  | { readonly kind: 'timer'; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'abort' };

export interface ZvtExchangesDeps {
  readonly link: ZvtLink;
  readonly transport: Pick<Transport, 'onLost'>;
  readonly profile: Pick<TerminalProfile, 't3Ms' | 'abortSupported' | 'charset'>;
  readonly trace: TraceListener;
  /** An approval is about to be answered 84 66, whoever asked for it or nobody. */
  readonly onRefusedApproval: (card: CardDetails) => void;
  readonly slips: Slips;
}

/**
 * The application protocol of PA00P016, 3: command, answer within T3, then the terminal has the word and each of its
 * messages is answered, until completion or abort within T4.
 */
export function createZvtExchanges({ link, transport, profile, trace, onRefusedApproval, slips }: ZvtExchangesDeps): ZvtExchanges {
  const inbox = createInbox<Event>();
  let running = false;

  const stopApdu = link.onApdu((apdu) => (running ? inbox.push({ kind: 'apdu', apdu }) : void answerUnasked(apdu)));
  const stopLost = transport.onLost((detail) => running && inbox.push({ kind: 'lost', detail }));

  return {
    async run(exchange) {
      if (running) throw new Error('zvt: two exchanges at once');
      running = true;
      inbox.drain();
      slips.begin(exchange.slipKind ?? 'customer');
      try {
        return await runNow(exchange);
      } finally {
        running = false;
        slips.end();
        answerLeftover();
      }
    },
    abort() {
      if (running) inbox.push({ kind: 'abort' });
    },
    close() {
      stopApdu();
      stopLost();
      if (running) inbox.push({ kind: 'lost', detail: 'closed' });
    },
  };

  async function runNow<T>(exchange: Exchange<T>): Promise<ExchangeEnd<T>> {
    let phase = 'answer' as Phase;
    let abort = 'none' as Abort;
    let abortsSent = 0;
    let tooLate = false;
    let givenUp = '';
    const ring = (timer: NodeJS.Timeout) => inbox.push({ kind: 'timer', timer });
    /** T3, T4 (or what a step has set in its place) or the last words. */
    const wait = createAlarm(ring);
    let patienceMs = exchange.t4Ms;
    /** For the answer to 06 B0, and after it for the end. */
    const abortWait = createAlarm(ring);
    /** From the first 06 B0 until an approval comes too late. */
    const grace = createAlarm(ring);

    try {
      const sent = await link.send(encodeMessage(exchange.command), { yields: !exchange.movesMoney });
      if (sent.kind === 'not_sent') return sent;
      if (sent.kind === 'acknowledged') wait.set(profile.t3Ms);
      else await giveUp(`${exchange.command.kind}: ${sent.detail}`);

      for (;;) {
        if (phase === 'last_words' && !wait.isSet()) return unfinished(givenUp);
        const event = await inbox.next();
        const end = await take(event);
        if (end) return end;
        if (abort === 'wanted' && phase === 'messages') await sendAbort();
      }
    } finally {
      for (const alarm of [wait, abortWait, grace]) alarm.clear();
    }

    async function take(event: Event): Promise<ExchangeEnd<T> | undefined> {
      switch (event.kind) {
        case 'lost':
          return unfinished(givenUp || `line lost: ${event.detail}`);
        case 'abort':
          if (exchange.isStopped && profile.abortSupported && (abort === 'none' || abort === 'refused')) abort = 'wanted';
          return undefined;
        case 'timer':
          return takeRing(event.timer);
        case 'apdu':
          return takeApdu(event.apdu);
      }
    }

    async function takeRing(timer: NodeJS.Timeout): Promise<ExchangeEnd<T> | undefined> {
      if (grace.takes(timer)) tooLate = true;
      else if (wait.takes(timer)) {
        if (phase === 'answer') await giveUp(`T3: no answer within ${profile.t3Ms} ms`);
        else if (phase === 'messages') await giveUp(`T4: no completion within ${patienceMs} ms`);
      } else if (abortWait.takes(timer)) {
        // The terminal has been told to stop as often as it makes sense: there are no last words to wait for.
        if (abort !== 'sent') return unfinished('aborted: 06 B0 was accepted, and then nothing ended the purchase');
        if (abortsSent >= ABORTS) return unfinished(`aborted: 06 B0 was not answered ${ABORTS} times`);
        await sendAbort();
      }
      return undefined;
    }

    function unfinished(detail: string): ExchangeEnd<T> {
      return { kind: 'unfinished', detail };
    }

    async function takeApdu(apdu: Uint8Array): Promise<ExchangeEnd<T> | undefined> {
      const decoded = decodeMessage(apdu, exchange.command.kind === 'status_enquiry' ? 'status_enquiry' : 'anything_else');
      if (!decoded.ok) {
        // An unreadable 04 0F refused this way is reversed by the terminal: never taken for an approval.
        trace({ kind: 'fault', detail: `${decoded.error.kind}: ${decoded.error.detail}` });
        exchange.onUnreadable?.(((apdu[0] ?? 0) << 8) | (apdu[1] ?? 0));
        if (!isAnswer(apdu)) await link.send(encodeMessage(negative(UNKNOWN_MESSAGE)));
        return undefined;
      }
      const message = decoded.value;
      if (message.kind === 'positive' || message.kind === 'answer') return takeAnswer(message);
      if (phase === 'answer') {
        if (isEndOfAnother(message)) {
          // The end of an exchange before this one, repeated: it says nothing of this one. Taken for its end, each answer that
          // follows would be one exchange late, and the status that 06 20 asked for would come when nobody asks.
          await link.send(encodeMessage(positive));
          return undefined;
        }
        // A terminal that goes on has taken the command, whatever became of its 80 00 00.
        beginMessages();
      }
      return answerMessage(message);
    }

    async function takeAnswer(message: ZvtMessage & { readonly kind: 'positive' | 'answer' }): Promise<ExchangeEnd<T> | undefined> {
      const code = message.kind === 'answer' ? message.code : 0;
      if (phase !== 'answer') {
        // In a purchase it answers our 06 B0: what that led to is told by the message that ends the exchange. Elsewhere
        // the first answer was an old one, repeated by a terminal that did not notice that the cable was out.
        if (exchange.movesMoney) return takeAnswerToAbort(code);
        return code === 0 ? undefined : refused();
      }
      if (code !== 0) return refused();
      if (exchange.endsWithAnswer) return { kind: 'done', value: exchange.endsWithAnswer.value };
      beginMessages();
      return undefined;

      function refused(): ExchangeEnd<T> {
        return { kind: 'refused', code: (message.kind === 'answer' ? message.resultCode : undefined) ?? code };
      }
    }

    function takeAnswerToAbort(code: number): undefined {
      if (abort !== 'sent') return undefined;
      abort = code === 0 ? 'accepted' : 'refused';
      if (abort === 'accepted') abortWait.set(ABORTED_SILENCE * profile.t3Ms);
      else stopAborting();
      return undefined;
    }

    /** The purchase goes on as if nobody had wanted to stop it. */
    function stopAborting(): void {
      abortWait.clear();
      grace.clear();
      tooLate = false;
      abortsSent = 0;
    }

    async function answerMessage(message: ZvtMessage): Promise<ExchangeEnd<T> | undefined> {
      if (phase === 'messages' && (message.kind === 'intermediate_status' || message.kind === 'status_information')) {
        const minutes = message.kind === 'intermediate_status' ? (message.timeoutMinutes ?? 0) : 0;
        beginPatience(minutes > 0 ? minutes * 60_000 : exchange.t4Ms);
        if (abort === 'accepted') abortWait.set(ABORTED_SILENCE * profile.t3Ms);
      }
      const step = isPrintMessage(message) ? print(message) : await stepOf(message);
      if (isOvertaken(message)) {
        exchange.onAnswered?.(message, 'unknown');
        return step.end && { kind: 'done', value: step.end.value };
      }
      tellRefusal(message, step.answer);
      const answered: SendResult = await link.send(encodeMessage(step.answer));
      exchange.onAnswered?.(message, takenOf(answered));
      if (exchange.isStopped && isApproval(message)) decideAbort(step.answer);
      if (step.end) return { kind: 'done', value: step.end.value };
      if (answered.kind !== 'acknowledged') return unfinished(`answer to ${message.kind}: ${answered.detail}`);
      if (step.waitMs !== undefined && phase === 'messages') beginPatience(step.waitMs);
      return undefined;
    }

    async function stepOf(message: ZvtMessage): Promise<Step<T>> {
      // The terminal has gone on from its print lines: the slip is whole, and is told before anything else is answered.
      if (message.kind !== 'intermediate_status') slips.end();
      return exchange.onMessage(message, tooLate);
    }

    function print(message: PrintMessage): Step<T> {
      const isTaken = slips.take(message);
      const waitMs = exchange.onPrinted?.(isTaken);
      return { answer: isTaken ? positive : negative(PRINTER_NOT_READY), ...(waitMs === undefined ? {} : { waitMs }) };
    }

    /** An approval has been answered: taken, it is too late to stop; refused, the terminal is at work taking it back. */
    function decideAbort(answer: ZvtMessage): void {
      if (answer.kind === 'positive' || (answer.kind === 'answer' && answer.code === GOODS_NOT_OUT_YET)) {
        stopAborting();
        abort = 'settled';
      } else if (abort === 'sent' || abort === 'accepted') {
        abort = 'accepted';
        abortWait.set(ABORTED_SILENCE * profile.t3Ms);
      }
    }

    function beginMessages(): void {
      phase = 'messages';
      beginPatience(exchange.t4Ms);
    }

    function beginPatience(ms: number): void {
      patienceMs = ms;
      wait.set(ms);
    }

    async function giveUp(detail: string): Promise<void> {
      trace({ kind: 'fault', detail });
      givenUp = detail;
      phase = 'last_words';
      wait.clear();
      abortWait.clear();
      if (!exchange.isStopped || !profile.abortSupported || abort === 'settled') return;
      if (abort === 'wanted') {
        abort = 'sent';
        grace.set(profile.t3Ms);
      }
      const sent = await linkAbort();
      // Where not even that was heard there are no last words to wait for.
      if (sent.kind === 'acknowledged') wait.set(profile.t3Ms);
    }

    async function sendAbort(): Promise<void> {
      abort = 'sent';
      abortsSent += 1;
      if (abortsSent === 1) grace.set(profile.t3Ms);
      abortWait.set(profile.t3Ms);
      await linkAbort();
    }

    /** Repeated by us after T3 and not by the link, so that the terminal's own messages are heard in between. */
    function linkAbort(): Promise<SendResult> {
      return link.send(encodeMessage({ kind: 'abort_command', fields: [] }), { repeats: 0, yields: true });
    }
  }

  /**
   * An answer names no message: sent when the terminal has gone on, it would be taken for the answer to what came next. Where
   * either of the two is an approval that must not be: a late "yes" to a display text would book it.
   */
  function isOvertaken(message: ZvtMessage): boolean {
    return inbox.has((event) => event.kind === 'apdu' && !isAnswer(event.apdu) && (isApproval(message) || isStatusInformation(event.apdu)));
  }

  /** What came too late for the exchange: the terminal waits for the answer to the last of it. */
  function answerLeftover(): void {
    const last = inbox.drain().findLast((event) => event.kind === 'apdu' && !isAnswer(event.apdu));
    if (last?.kind === 'apdu') void answerUnasked(last.apdu);
  }

  /** Nothing was asked, or not by us: a terminal that goes on after we gave up, or after this process was started anew. */
  async function answerUnasked(apdu: Uint8Array): Promise<void> {
    const decoded = decodeMessage(apdu);
    if (decoded.ok && (decoded.value.kind === 'positive' || decoded.value.kind === 'answer')) return;
    if (!decoded.ok && isAnswer(apdu)) return;
    if (decoded.ok && !isPrintMessage(decoded.value)) slips.end();
    const answer = decoded.ok ? unaskedAnswer(decoded.value) : negative(UNKNOWN_MESSAGE);
    if (decoded.ok) tellRefusal(decoded.value, answer);
    await link.send(encodeMessage(answer));
  }

  function unaskedAnswer(message: ZvtMessage): ZvtMessage {
    if (isPrintMessage(message)) return slips.take(message) ? positive : negative(PRINTER_NOT_READY);
    return answerToUnasked(message);
  }

  function tellRefusal(message: ZvtMessage, answer: ZvtMessage): void {
    if (message.kind !== 'status_information' || !isApproval(message)) return;
    if (answer.kind === 'answer' && answer.code === GOODS_FAILED) onRefusedApproval(cardDetailsOf(message.fields, profile.charset));
  }
}

function takenOf(sent: SendResult): Taken {
  if (sent.kind !== 'acknowledged') return 'unknown';
  return sent.certain ? 'certainly' : 'apparently';
}
