import { askStatus } from '../../codec/escpos/commands.ts';
import type { Transport } from '../../transport/transport.ts';
import { enableAutomaticStatus } from './automatic-status.ts';
import type { ComposedJob } from './compose.ts';
import type { Inbox } from './inbox.ts';
import type { PrinterState } from './port.ts';
import type { PrinterProfile } from './profiles.ts';
import { createPulse } from './pulse.ts';
import { streamBytes } from './stream.ts';
import { markJob } from './waypoints.ts';

export type SendOutcome =
  | { readonly kind: 'confirmed' }
  /** Not one byte reached the line. */
  | { readonly kind: 'untouched'; readonly state: PrinterState }
  | Unconfirmed;

interface Unconfirmed {
  readonly kind: 'unconfirmed';
  readonly state: PrinterState;
  readonly detail: string;
  /** How much of the job went out, 0 to 1. */
  readonly share: number;
  /** Bytes that the printer may still hold. */
  readonly heldBytes: number;
}

export interface SenderTiming {
  /** For one answer to DLE EOT. */
  readonly answerMs: number;
  /** How often to ask for the state while waiting for the marker. */
  readonly pollMs: number;
  /** For the operating system to take one chunk: flow control may hold it while the printer prints. */
  readonly chunkMs: number;
  /** How far the writing may run ahead of the line. */
  readonly aheadMs: number;
  /** How long the printer may hold the stream (XOFF, a full buffer) without any progress. */
  readonly holdMs: number;
  /** How long a head that is too hot may take to cool down in the middle of a job. */
  readonly coolMs: number;
}

export interface SenderOptions {
  readonly transport: Transport;
  readonly inbox: Inbox;
  readonly askState: () => Promise<PrinterState>;
  /** Closes and opens the line, so that the operating system forgets what it could not get rid of. */
  readonly reset: () => Promise<void>;
  readonly profile: PrinterProfile;
  readonly baud: number;
  readonly timing: SenderTiming;
}

export interface Sender {
  /** Streams a job and waits until the printer has processed all of it. `beforeMs`: what may still be in the printer's buffer. */
  send(job: ComposedJob, beforeMs?: number): Promise<SendOutcome>;
  /** Waits until no marker was answered for `quietMs`, so that the answers of earlier jobs are not taken for those of new ones. */
  settle(quietMs: number): Promise<void>;
  /** The longest that a job can take, from its length, the line and the slowest print speed: twice that, and two seconds. */
  allowanceMs(job: ComposedJob): number;
}

/** Room that is kept in the printer's buffer: they call themselves full at 128 free bytes; status questions and a few strays need some, too. */
export const reserveBytes = 256;
/** XOFF comes when 128 bytes are free: less than that may be on its way. */
const xoffAheadBytes = 96;

export function createSender(options: SenderOptions): Sender {
  const { transport, inbox, askState, profile, baud, timing } = options;
  const wireMs = (bytes: number): number => (bytes * 10_000) / baud;
  const allowanceMs = (job: ComposedJob): number => 2 * (wireMs(job.bytes.length) + (job.paperMm * 1000) / profile.speedMmPerSecond + 500) + 2000;
  const aheadMs = profile.flowControl === 'xon_xoff' ? Math.min(timing.aheadMs, wireMs(xoffAheadBytes)) : timing.aheadMs;
  const byCts = profile.flowControl === 'rts_cts';
  const bufferBytes = Math.max(profile.bufferBytes >> 1, profile.bufferBytes - reserveBytes);

  return { send, settle, allowanceMs };

  async function send(job: ComposedJob, beforeMs = 0): Promise<SendOutcome> {
    inbox.discard('marker');
    inbox.forgetTold();
    const losses = inbox.losses();
    const startedAt = performance.now();
    const isLost = (): boolean => inbox.losses() !== losses;
    const { bytes, markers, pulses } = markJob(job.bytes, {
      afterInitialise: profile.automaticStatus ? enableAutomaticStatus() : new Uint8Array(),
      pulse: byCts ? askStatus(1) : new Uint8Array(),
    });
    inbox.discard('status');
    const pulse = createPulse(pulses, inbox, aheadMs + 2 * timing.answerMs);
    const hold = createHold(isLost);
    let answered = 0;
    let sent = 0;

    const streamed = await streamBytes(bytes, {
      transport, baud, aheadMs, chunkMs: timing.chunkMs,
      allowed() {
        const asked = markers.filter((end) => end <= sent).length;
        // What comes before its question is a stray.
        answered = Math.min(asked, answered + inbox.discard('marker'));
        if (isLost() || pulse.isLate() || inbox.isHeld() || isFault(inbox.told())) return 0;
        const processed = markers[answered - 1] ?? 0;
        return Math.max(processed + bufferBytes, markers[answered] ?? bytes.length);
      },
      hold: async (at) => !pulse.isLate() && hold.wait(at * 100 + answered),
      onSent(count) {
        sent = count;
        pulse.sentTo(count);
      },
    });
    const unconfirmed = async (detail: string, known?: PrinterState): Promise<Unconfirmed> => {
      const state = known ?? (transport.isOpen() ? await askState() : ({ kind: 'unplugged', detail } as const));
      // Nothing went through: with the port held (CTS, or XOFF where the operating system obeys it), the bytes wait in it, and would
      // come out when it is released.
      if (state.kind === 'no_answer' && profile.flowControl !== 'none') await options.reset();
      return { kind: 'unconfirmed', state, detail, share: streamed.bytes / bytes.length, heldBytes: streamed.bytes - (markers[answered - 1] ?? 0) };
    };
    if (streamed.kind === 'failed') {
      const { error } = streamed;
      if (streamed.bytes === 0 && error.kind === 'not_open') return { kind: 'untouched', state: { kind: 'unplugged', detail: error.detail } };
      if (error.kind === 'write_timeout') await options.reset();
      return unconfirmed(error.detail);
    }
    if (streamed.kind === 'stopped') {
      const detail = isLost() ? 'line lost' : pulse.isLate() ? 'silent in the middle of the job' : hold.why();
      inbox.release();
      if (streamed.bytes > 0) return unconfirmed(detail);
      if (isLost()) return { kind: 'untouched', state: { kind: 'unplugged', detail } };
      const state = await askState();
      return { kind: 'untouched', state: state.kind === 'ready' ? { kind: 'no_answer', detail } : state };
    }

    await pulse.settled();
    if (isLost()) return unconfirmed('line lost');
    if (pulse.isLate()) return unconfirmed('silent in the middle of the job');
    const patienceMs = byCts ? timing.pollMs / 2 : timing.pollMs;
    let deadline = Math.max(startedAt + allowanceMs(job), streamed.wireFreeAt + allowanceMs(job) / 2) + beforeMs;
    let patience = Math.max(0, streamed.wireFreeAt - performance.now()) + patienceMs;
    let silences = 0;
    let hotMs = 0;
    // Our question may itself stand behind a full buffer, but only where the receipt is longer than that.
    const mayStall = job.bytes.length > profile.bufferBytes;
    while (answered < markers.length) {
      const turnAt = performance.now();
      if (turnAt >= deadline) return unconfirmed('no confirmation in time');
      const answer = await inbox.next('marker', Math.min(deadline - turnAt, patience));
      if (isLost()) return unconfirmed('line lost');
      if (answer !== undefined) {
        answered += 1;
        continue;
      }
      patience = patienceMs;
      const state = await askState();
      if (isLost()) return unconfirmed('line lost');
      if (isHot(state) && hotMs < timing.coolMs) {
        // It goes on by itself, with the customer still there.
        hotMs += performance.now() - turnAt;
        deadline += performance.now() - turnAt;
        continue;
      }
      silences = state.kind === 'no_answer' ? silences + 1 : 0;
      // A definite fault ends the wait at once, as a printer that is offline will not answer.
      if ((silences >= 2 && !mayStall) || (silences >= 1 && byCts) || isFault(state)) return unconfirmed('stopped before the end was confirmed', state);
    }
    return { kind: 'confirmed' };
  }

  /** Waiting in the middle of the stream. `wait` resolves to false when there is nothing more to wait for. */
  function createHold(isLost: () => boolean): { readonly wait: (progress: number) => Promise<boolean>; readonly why: () => string } {
    let lastProgress = -1;
    let since = 0;
    let askedAt = 0;
    let why = 'the printer took no more';
    return {
      why: () => why,
      async wait(progress) {
        const now = performance.now();
        if (progress !== lastProgress) {
          lastProgress = progress;
          since = now;
          askedAt = now;
        }
        if (isLost()) return false;
        const told = inbox.told();
        let state = told;
        // Four bytes of noise may look like a fault: it is asked for. Without one not at once, as the question goes out in the
        // middle of a command, which real-time commands may, but better do not.
        if (now - askedAt >= (isFault(told) && !isHot(told) ? 0 : 4 * timing.pollMs)) {
          state = await askState();
          askedAt = performance.now();
          if (isLost()) return false;
          if (state.kind === 'ready') inbox.forgetTold();
        }
        if (isFault(state) && !isHot(state)) {
          why = 'stopped by a fault while it was being sent';
          return false;
        }
        if (now - since >= (isHot(state) ? timing.coolMs : timing.holdMs)) {
          why = inbox.isHeld() ? 'XOFF without an end' : 'the printer took no more';
          return false;
        }
        await inbox.activity(timing.pollMs);
        return true;
      },
    };
  }

  async function settle(quietMs: number): Promise<void> {
    while ((await inbox.next('marker', quietMs)) !== undefined);
  }
}

function isFault(state: PrinterState | undefined): boolean {
  return state !== undefined && state.kind !== 'ready' && state.kind !== 'no_answer';
}

function isHot(state: PrinterState | undefined): boolean {
  return state?.kind === 'fault' && state.fault === 'too_hot';
}
