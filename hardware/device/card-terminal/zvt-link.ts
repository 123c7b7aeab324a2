import { equalBytes } from '../../codec/zvt/bytes.ts';
import { ACK, NAK, createFrameDecoder, encodeFrame } from '../../codec/zvt/frame.ts';
import type { FrameEvent } from '../../codec/zvt/frame.ts';
import type { Transport } from '../../transport/transport.ts';
import { describeApdu } from './describe.ts';
import type { TerminalProfile } from './profiles.ts';
import type { TraceListener } from './trace.ts';
import { isAnswer } from './zvt-answers.ts';

export type SendResult =
  /**
   * The terminal has it. `certain`: by an ACK that can have been for this frame only. Otherwise it is concluded from what
   * the terminal said next (a terminal that gave up on an answer goes on as well), or the ACK may have been a late one for
   * a frame before, or the line has no ACK (TCP).
   */
  | { readonly kind: 'acknowledged'; readonly certain: boolean }
  /** Certainly not one byte of it was handed to the line. */
  | { readonly kind: 'not_sent'; readonly detail: string }
  /** It was handed to the line, wholly or in part, and nothing came back: the terminal may have it all the same. */
  | { readonly kind: 'not_acknowledged'; readonly detail: string };

export interface SendOptions {
  readonly repeats?: number;
  /**
   * What the terminal says meanwhile is more urgent than whether it has this: from then on the ACK is awaited for T1 only
   * and nothing is repeated, so that the answer to the terminal is not late.
   */
  readonly yields?: boolean;
}

export interface ZvtLink {
  /** One frame after the other, in the order of the calls. */
  send(apdu: Uint8Array, options?: SendOptions): Promise<SendResult>;
  /** Each APDU once, however often the terminal repeats its frame. It is acknowledged before the listener hears of it. */
  onApdu(listener: (apdu: Uint8Array) => void): () => void;
  /** Forget everything of the line as it was: after a reopening nothing of before counts. */
  reset(): void;
  close(): void;
}

export interface ZvtLinkDeps {
  readonly transport: Transport;
  readonly profile: Pick<TerminalProfile, 't1Ms' | 't2Ms' | 'repeats'>;
  readonly trace: TraceListener;
}

type Reply = 'ack' | 'implied' | 'nak' | 'timeout' | 'yielded' | 'lost';

interface Outstanding {
  readonly apdu: Uint8Array;
  readonly yields: boolean;
  reply(reply: Reply): void;
}

/** The transport layer of PA00P016, 2: frames, ACK and NAK, T1 and T2, at most two repeats. */
export function createZvtLink({ transport, profile, trace }: ZvtLinkDeps): ZvtLink {
  const decoder = createFrameDecoder();
  const listeners = new Set<(apdu: Uint8Array) => void>();
  let outstanding: Outstanding | undefined;
  let lastReceived: Uint8Array | undefined;
  let sending: Promise<unknown> = Promise.resolve();
  let t1: NodeJS.Timeout | undefined;
  /** Frames that went out and were never acknowledged: an ACK may still come for each. */
  let owedAcks = 0;

  const stopData = transport.onData((bytes) => {
    clearTimeout(t1);
    for (const event of decoder.push(bytes)) take(event);
    if (decoder.isPending()) t1 = setTimeout(t1Over, profile.t1Ms);
  });
  const stopLost = transport.onLost(() => outstanding?.reply('lost'));

  return {
    send(apdu, options) {
      const sent = sending.then(() => sendNow(apdu, { repeats: profile.repeats, yields: false, ...options }));
      sending = sent;
      return sent;
    },
    onApdu(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reset() {
      clearTimeout(t1);
      decoder.reset();
      lastReceived = undefined;
      owedAcks = 0;
      outstanding?.reply('lost');
    },
    close() {
      clearTimeout(t1);
      stopData();
      stopLost();
      outstanding?.reply('lost');
    },
  };

  async function sendNow(apdu: Uint8Array, { repeats, yields }: Required<SendOptions>): Promise<SendResult> {
    const frame = encodeFrame(apdu);
    let detail = '';
    let unanswered = 0;
    for (let repeat = 0; repeat <= repeats; repeat += 1) {
      const reply = waitForReply(apdu, yields);
      trace({ kind: 'sent', message: describeApdu(apdu), repeat });
      const written = await transport.write(frame, profile.t2Ms);
      if (!written.ok) {
        outstanding = undefined;
        const nothingBefore = repeat === 0 && written.error.kind === 'not_open';
        return { kind: nothingBefore ? 'not_sent' : 'not_acknowledged', detail: `${written.error.kind}: ${written.error.detail}` };
      }
      // T2 runs from when the bytes are out, not from when a slow line began to take them.
      const timer = setTimeout(() => outstanding?.reply('timeout'), profile.t2Ms);
      const answer: Reply = await reply;
      clearTimeout(timer);
      if (answer === 'ack' || answer === 'implied') {
        const certain = answer === 'ack' && owedAcks === 0;
        // One doubtful ACK for each that never came: on a line in order the doubt ends there.
        owedAcks = answer === 'ack' ? Math.max(0, owedAcks - 1) + unanswered : owedAcks + unanswered + 1;
        // After a repeat a second, late ACK may still be on its way; it must not be taken for that of the next frame.
        if (repeat > 0) await quiet();
        return { kind: 'acknowledged', certain };
      }
      if (answer !== 'nak') unanswered += 1;
      detail = { nak: 'NAK', timeout: `no ACK within ${profile.t2Ms} ms`, yielded: 'no ACK, but a message', lost: 'line lost' }[answer];
      trace({ kind: 'fault', detail });
      if (answer === 'lost' || answer === 'yielded') break;
    }
    owedAcks += unanswered;
    return { kind: 'not_acknowledged', detail };
  }

  function waitForReply(apdu: Uint8Array, yields: boolean): Promise<Reply> {
    return new Promise((resolve) => {
      const mine: Outstanding = {
        apdu,
        yields,
        reply(reply) {
          if (outstanding === mine) outstanding = undefined;
          resolve(reply);
        },
      };
      outstanding = mine;
    });
  }

  function quiet(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, profile.t1Ms));
  }

  function take(event: FrameEvent): void {
    switch (event.kind) {
      case 'ack':
      case 'nak':
        if (event.kind === 'ack' && outstanding) lastReceived = undefined;
        if (event.kind === 'ack' && !outstanding) owedAcks = Math.max(0, owedAcks - 1);
        return outstanding?.reply(event.kind);
      case 'broken':
        trace({ kind: 'fault', detail: `broken frame (${event.reason})` });
        return answer(NAK);
      case 'apdu':
        return takeApdu(event.apdu);
    }
  }

  function takeApdu(apdu: Uint8Array): void {
    answer(ACK);
    // The terminal repeats a frame when our ACK did not reach it. It has then not gone on, so that nothing of ours was
    // acknowledged meanwhile; the same bytes after that are a message of their own.
    if (lastReceived && equalBytes(lastReceived, apdu)) {
      trace({ kind: 'fault', detail: `repeated: ${describeApdu(apdu)}` });
      return;
    }
    lastReceived = apdu;
    if (outstanding && impliesAck(outstanding.apdu, apdu)) {
      outstanding.reply('implied');
    } else if (outstanding?.yields) {
      const yielding = outstanding;
      setTimeout(() => yielding.reply('yielded'), profile.t1Ms);
    }
    trace({ kind: 'received', message: describeApdu(apdu) });
    for (const listener of listeners) listener(apdu);
  }

  function t1Over(): void {
    trace({ kind: 'fault', detail: `T1: nothing for ${profile.t1Ms} ms within a frame` });
    decoder.reset();
    answer(NAK);
  }

  function answer(byte: typeof ACK | typeof NAK): void {
    // A write that fails here is noticed by whoever waits for the terminal to go on.
    void transport.write(Uint8Array.of(byte), profile.t2Ms);
  }
}

/** An answer after our command, or the next message after our answer, says that our frame arrived and only its ACK was lost. */
function impliesAck(sent: Uint8Array, received: Uint8Array): boolean {
  return isAnswer(sent) ? !isAnswer(received) : isAnswer(received);
}
