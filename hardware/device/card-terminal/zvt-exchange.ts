import { decodeMessage } from '../../codec/zvt/decode.ts';
import { encodeMessage } from '../../codec/zvt/encode.ts';
import { control } from '../../codec/zvt/message.ts';
import type { ZvtMessage } from '../../codec/zvt/message.ts';
import { BMP } from '../../codec/zvt/bmp.ts';
import { valueOf } from '../../codec/zvt/fields.ts';
import type { Transport } from '../../transport/transport.ts';
import { createInbox } from './inbox.ts';
import type { TerminalProfile } from './profiles.ts';
import type { TraceListener } from './trace.ts';
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
}

export interface Exchange<T> {
  readonly command: ZvtMessage;
  readonly t4Ms: number;
  /**
   * A purchase. When we stop waiting the terminal is asked to stop (06 B0) and its last words are heard for T3; and a
   * refusal counts only as the first answer, since a later one may be to something else.
   */
  readonly movesMoney: boolean;
  readonly onMessage: (message: ZvtMessage) => Step<T> | Promise<Step<T>>;
  /** A message that could not be read and was refused, by its control field. */
  readonly onUnreadable?: (controlField: number) => void;
  /** For commands that no completion follows (06 02, 06 B0): the exchange ends with their positive answer. */
  readonly endsWithAnswer?: { readonly value: T };
  /** The answer has gone out; `taken` is false where nobody can know whether the terminal has it. */
  readonly onAnswered?: (message: ZvtMessage, taken: boolean) => void;
}

export interface ZvtExchanges {
  /** One at a time: the caller sees to that. */
  run<T>(exchange: Exchange<T>): Promise<ExchangeEnd<T>>;
  /** Sends 06 B0 as soon as the running exchange allows it. */
  abort(): void;
  close(): void;
}

/** Waiting for the answer to the command (T3), for the messages that follow (T4), or for what the terminal says after we gave up. */
type Phase = 'answer' | 'messages' | 'last_words';

type Event =
  | { readonly kind: 'apdu'; readonly apdu: Uint8Array }
  | { readonly kind: 'lost'; readonly detail: string }
  | { readonly kind: 'timer'; readonly timer: NodeJS.Timeout | undefined }
  | { readonly kind: 'abort' };

/** 80 00 00. */
export const positive: ZvtMessage = { kind: 'positive', fields: [] };
/** 84 xx 00. */
export const negative = (code: number): ZvtMessage => ({ kind: 'answer', code, fields: [] });
const UNKNOWN_MESSAGE = 0x83;
const GOODS_FAILED = 0x66;

export interface ZvtExchangesDeps {
  readonly link: ZvtLink;
  readonly transport: Pick<Transport, 'onLost'>;
  readonly profile: Pick<TerminalProfile, 't3Ms' | 'abortSupported'>;
  readonly trace: TraceListener;
}

/**
 * The application protocol of PA00P016, 3: command, answer within T3, then the terminal has the word and each of its
 * messages is answered, until completion or abort within T4.
 */
export function createZvtExchanges({ link, transport, profile, trace }: ZvtExchangesDeps): ZvtExchanges {
  const inbox = createInbox<Event>();
  let running = false;

  const stopApdu = link.onApdu((apdu) => (running ? inbox.push({ kind: 'apdu', apdu }) : void answerUnasked(apdu)));
  const stopLost = transport.onLost((detail) => running && inbox.push({ kind: 'lost', detail }));

  return {
    async run(exchange) {
      if (running) throw new Error('zvt: two exchanges at once');
      running = true;
      inbox.clear();
      try {
        return await runNow(exchange);
      } finally {
        running = false;
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
    let abortWanted = false;
    let timer: NodeJS.Timeout | undefined;
    let givenUp = '';

    const sent = await link.send(encodeMessage(exchange.command));
    if (sent.kind === 'not_sent') return sent;
    if (sent.kind === 'acknowledged') restartTimer(profile.t3Ms);
    else await giveUp(`${exchange.command.kind}: ${sent.detail}`);

    try {
      for (;;) {
        if (phase === 'last_words' && !timer) return { kind: 'unfinished', detail: givenUp };
        const event = await inbox.next();
        if (event.kind === 'lost') return { kind: 'unfinished', detail: givenUp || `line lost: ${event.detail}` };
        if (event.kind === 'abort') {
          abortWanted = true;
          if (phase === 'messages') await sendAbort();
        }
        if (event.kind === 'timer' && event.timer === timer) {
          timer = undefined;
          if (phase === 'answer') await giveUp(`T3: no answer within ${profile.t3Ms} ms`);
          else if (phase === 'messages') await giveUp(`T4: no completion within ${exchange.t4Ms} ms`);
        }
        if (event.kind === 'apdu') {
          const end = await takeApdu(event.apdu);
          if (end) return end;
        }
      }
    } finally {
      clearTimeout(timer);
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
        if (exchange.movesMoney && (message.kind === 'completion' || message.kind === 'abort')) {
          // The end of an exchange before this one, repeated: it says nothing of this purchase.
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
        return code === 0 || exchange.movesMoney ? undefined : refused();
      }
      if (code !== 0) return refused();
      if (exchange.endsWithAnswer) return { kind: 'done', value: exchange.endsWithAnswer.value };
      beginMessages();
      if (abortWanted) await sendAbort();
      return undefined;

      function refused(): ExchangeEnd<T> {
        return { kind: 'refused', code: (message.kind === 'answer' ? message.resultCode : undefined) ?? code };
      }
    }

    async function answerMessage(message: ZvtMessage): Promise<ExchangeEnd<T> | undefined> {
      if (phase === 'messages' && (message.kind === 'intermediate_status' || message.kind === 'status_information')) {
        const minutes = message.kind === 'intermediate_status' ? (message.timeoutMinutes ?? 0) : 0;
        restartTimer(minutes > 0 ? minutes * 60_000 : exchange.t4Ms);
      }
      const step = await exchange.onMessage(message);
      const answered: SendResult = await link.send(encodeMessage(step.answer));
      exchange.onAnswered?.(message, answered.kind === 'acknowledged');
      if (step.end) return { kind: 'done', value: step.end.value };
      if (answered.kind === 'acknowledged') return undefined;
      return { kind: 'unfinished', detail: `answer to ${message.kind}: ${answered.detail}` };
    }

    function beginMessages(): void {
      phase = 'messages';
      restartTimer(exchange.t4Ms);
    }

    async function giveUp(detail: string): Promise<void> {
      trace({ kind: 'fault', detail });
      givenUp = detail;
      phase = 'last_words';
      clearTimeout(timer);
      timer = undefined;
      if (!exchange.movesMoney || !profile.abortSupported) return;
      const sent = await link.send(encodeMessage({ kind: 'abort_command', fields: [] }), { repeats: 0 });
      // Where not even that was heard there are no last words to wait for.
      if (sent.kind === 'acknowledged') restartTimer(profile.t3Ms);
    }

    async function sendAbort(): Promise<void> {
      abortWanted = false;
      if (profile.abortSupported) await link.send(encodeMessage({ kind: 'abort_command', fields: [] }));
    }

    function restartTimer(ms: number): void {
      clearTimeout(timer);
      const started: NodeJS.Timeout = setTimeout(() => inbox.push({ kind: 'timer', timer: started }), ms);
      timer = started;
    }
  }

  /** Nothing was asked, or not by us: a terminal that goes on after we gave up, or after this process was started anew. */
  async function answerUnasked(apdu: Uint8Array): Promise<void> {
    const decoded = decodeMessage(apdu);
    if (decoded.ok && (decoded.value.kind === 'positive' || decoded.value.kind === 'answer')) return;
    if (!decoded.ok && isAnswer(apdu)) return;
    await link.send(encodeMessage(decoded.ok ? answerToUnasked(decoded.value) : negative(UNKNOWN_MESSAGE)));
  }
}

/** An approval that nobody waits for any more is refused, so that the terminal reverses it; all else is taken. */
export function answerToUnasked(message: ZvtMessage): ZvtMessage {
  if (message.kind !== 'status_information') return positive;
  return valueOf(message.fields, BMP.RESULT_CODE)?.[0] === 0 ? negative(GOODS_FAILED) : positive;
}

function isAnswer(apdu: Uint8Array): boolean {
  return apdu[0] === control.POSITIVE >>> 8 || apdu[0] === 0x84;
}
