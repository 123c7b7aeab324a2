import type { Receipt } from '../../../domain/receipt/receipt.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Transport } from '../../transport/transport.ts';
import { enableAutomaticStatus } from './automatic-status.ts';
import type { ComposeOptions } from './compose.ts';
import { composeClearing, composeReceipt } from './compose.ts';
import { createInbox } from './inbox.ts';
import { createKeptLine } from '../../transport/kept-line.ts';
import type { Printed, PrinterState, PrintFailure, ReceiptPrinter } from './port.ts';
import type { PrinterProfile } from './profiles.ts';
import { recoverAndClear } from './recover.ts';
import type { SenderTiming } from './send.ts';
import { createSender, reserveBytes } from './send.ts';
import { sameState } from './state.ts';
import { createStatusQuery } from './status-query.ts';

export interface ReceiptPrinterTiming extends SenderTiming {
  /** Between two status questions while nothing is printed. */
  readonly heartbeatMs: number;
  /** The same while the printer is ready and tells of changes by itself. */
  readonly automaticHeartbeatMs: number;
  /** An answer "ready" that is no older needs no new question before a job. */
  readonly freshMs: number;
  readonly reopenFirstMs: number;
  readonly reopenMaxMs: number;
  readonly openMs: number;
}

const defaultTiming: ReceiptPrinterTiming = {
  heartbeatMs: 2000,
  automaticHeartbeatMs: 10_000,
  freshMs: 250,
  answerMs: 400,
  pollMs: 500,
  chunkMs: 5000,
  aheadMs: 160,
  holdMs: 10_000,
  coolMs: 60_000,
  reopenFirstMs: 250,
  reopenMaxMs: 4000,
  openMs: 3000,
};

export interface ReceiptPrinterOptions {
  /** Closed; the driver opens it, keeps it open and closes it. */
  readonly transport: Transport;
  readonly profile: PrinterProfile;
  /** Line speed if not the profile's. */
  readonly baud?: number;
  readonly timing?: Partial<ReceiptPrinterTiming>;
  /** A job was under way when the kiosk went down: half a receipt may hang in the printer. */
  readonly startsAfterCrash?: boolean;
  /** Draws what the printer's font lacks. */
  readonly raster?: ComposeOptions['raster'];
}

/** A receipt printer on a serial line that speaks ESC/POS. */
export function createReceiptPrinter(options: ReceiptPrinterOptions): ReceiptPrinter {
  const { transport, profile } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const listeners = new Set<(state: PrinterState) => void>();
  const inbox = createInbox({
    flowBytes: profile.flowControl === 'xon_xoff',
    automatic: profile.automaticStatus,
    onTold: (told) => {
      armed = true;
      become(told);
    },
  });
  const askState = createStatusQuery({ transport, inbox, answerMs: timing.answerMs });
  const sender = createSender({
    transport, inbox, askState, profile, timing,
    baud: options.baud ?? profile.baud,
    reset: async () => void (await line.reset()),
  });

  let state: PrinterState = { kind: 'unplugged', detail: 'not opened yet' };
  let queue: Promise<unknown> = Promise.resolve();
  let heartbeat: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  /** Set while nobody knows what the printer still holds of an earlier receipt: how long that may take to print. */
  let leftoverMs: number | undefined = options.startsAfterCrash === true ? 10_000 : undefined;
  /** And how many bytes of it. */
  let leftoverBytes = 0;

  /** The printer tells of changes by itself: it has done so since it was last asked to. */
  let armed = false;
  let readyAt = Number.NEGATIVE_INFINITY;
  /** Paper that was cut off with nobody's job. */
  let clearedMm = 0;

  /** Clearing feeds and cuts paper: the heart does it once, a receipt to be printed as often as it takes. */
  let mayClear = true;

  const line = createKeptLine({
    transport,
    firstMs: timing.reopenFirstMs,
    maxMs: timing.reopenMaxMs,
    openMs: timing.openMs,
    onData: (bytes) => inbox.push(bytes),
    onOpened: () => void exclusive(beat),
    onLost: (detail) => {
      inbox.lost();
      armed = false;
      become({ kind: 'unplugged', detail });
    },
  });

  return {
    state: () => state,
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    check: () => exclusive(ask),
    print: (receipt) => exclusive(() => printNow(receipt)),
    recover: () => exclusive(recoverNow),
    async close() {
      if (closed) return;
      become({ kind: 'unplugged', detail: 'closed' });
      closed = true;
      clearTimeout(heartbeat);
      inbox.lost();
      listeners.clear();
      await line.close();
    },
  };

  async function beat(): Promise<void> {
    const now = await ask();
    if (now.kind !== 'ready') return;
    if (leftoverMs !== undefined) {
      if (!mayClear) return;
      mayClear = false;
      if (!(await clear(leftoverMs))) return;
    }
    // Online, and nothing in its buffer: an XOFF that still stands was noise, or its XON was lost.
    inbox.release();
    await arm();
  }

  /** Again at each beat: power-on has ended it, and a printer that was off for a second only looks as if nothing had happened. */
  async function arm(): Promise<void> {
    if (!profile.automaticStatus) return;
    armed = false;
    const written = await transport.write(enableAutomaticStatus(), timing.answerMs);
    const losses = inbox.losses();
    const until = performance.now() + timing.answerMs;
    while (written.ok && !armed && inbox.losses() === losses && performance.now() < until) await inbox.activity(until - performance.now());
  }

  async function printNow(receipt: Receipt): Promise<Result<Printed, PrintFailure>> {
    const startedAt = performance.now();
    const job = await composeReceipt(receipt, profile, { raster: options.raster });
    const before = state.kind === 'ready' && performance.now() - readyAt <= timing.freshMs ? state : await ask();
    if (before.kind !== 'ready') return err({ kind: 'not_started', state: before });
    if (leftoverMs !== undefined && !(await clear(leftoverMs))) return err({ kind: 'not_started', state });

    readyAt = Number.NEGATIVE_INFINITY;
    const sent = await sender.send(job);
    if (sent.kind === 'untouched') return err({ kind: 'not_started', state: become(sent.state) });
    const known = sent.kind === 'unconfirmed' && sent.state.kind === 'unplugged' && state.kind === 'unplugged';
    const after = sent.kind === 'confirmed' ? await askAfterwards() : known ? state : become(sent.state);
    const paperMm = rounded(clearedMm + job.paperMm * (sent.kind === 'confirmed' ? 1 : sent.share));
    clearedMm = 0;
    if (sent.kind === 'confirmed' && after.kind === 'ready') {
      return ok({ bytes: job.bytes.length, paper: after.paper, paperMm, durationMs: Math.round(performance.now() - startedAt) });
    }
    leftoverMs = sender.allowanceMs(job);
    leftoverBytes = sent.kind === 'confirmed' ? 0 : sent.heldBytes;
    mayClear = true;
    await cancel(after);
    return err({ kind: 'uncertain', state: after, detail: sent.kind === 'confirmed' ? 'confirmed, but not ready afterwards' : sent.detail, paperMm });
  }

  /** Where the maker allows it, what waits for paper is forgotten now, and does not come out before somebody else's receipt. */
  async function cancel(now: PrinterState): Promise<void> {
    if (now.kind === 'paper_out' || now.kind === 'cover_open') await transport.write(recoverAndClear(), timing.answerMs);
  }

  async function recoverNow(): Promise<PrinterState> {
    const before = await ask();
    if (before.kind !== 'fault' || (before.fault !== 'cutter' && before.fault !== 'mechanical')) return before;
    // Whatever hangs in the printer is nobody's any more.
    leftoverMs ??= timing.answerMs;
    mayClear = true;
    await transport.write(recoverAndClear(), timing.answerMs);
    // The knife moves to its place and back first.
    for (let turn = 0; turn < 4; turn += 1) {
      await inbox.activity(timing.pollMs);
      if ((await ask()).kind !== 'fault') break;
    }
    return state;
  }

  /** The end was confirmed twice: one answer that is late says nothing against it, and is asked for again. */
  async function askAfterwards(): Promise<PrinterState> {
    const first = await ask();
    return first.kind === 'no_answer' ? ask() : first;
  }

  /** Cuts off what an earlier job left behind, and waits for what the printer still owes. Nothing of a new receipt is sent before. */
  async function clear(beforeMs: number): Promise<boolean> {
    const job = composeClearing(profile);
    // Not into a buffer that is still full: until the last of the old markers was answered, which come every few lines.
    if (leftoverBytes + job.bytes.length > profile.bufferBytes - reserveBytes) await sender.settle(4 * timing.pollMs);
    const sent = await sender.send(job, beforeMs);
    if (sent.kind === 'confirmed') clearedMm += job.paperMm;
    if (sent.kind !== 'confirmed') {
      become(sent.state.kind === 'ready' ? { kind: 'no_answer', detail: 'status is answered, but not the end of a job' } : sent.state);
      return false;
    }
    await sender.settle(sender.allowanceMs(job));
    if ((await ask()).kind !== 'ready') return false;
    leftoverMs = undefined;
    leftoverBytes = 0;
    return true;
  }

  async function ask(): Promise<PrinterState> {
    if (!(await line.ensureOpen())) return state.kind === 'unplugged' ? state : become({ kind: 'unplugged', detail: 'cannot be opened' });
    const losses = inbox.losses();
    const answer = await askState();
    if (inbox.losses() === losses) {
      if (answer.kind === 'ready') readyAt = performance.now();
      return become(answer);
    }
    // `onLost` has told why already.
    return state.kind === 'unplugged' ? state : become({ kind: 'unplugged', detail: 'line lost' });
  }

  /** Questions and jobs never overlap on the line; after each, the heart beats again. */
  function exclusive<T>(task: () => Promise<T>): Promise<T> {
    clearTimeout(heartbeat);
    const run = queue.then(task);
    const settled = run.then(
      () => undefined,
      () => undefined,
    );
    queue = settled;
    void settled.then(() => {
      if (closed || queue !== settled) return;
      clearTimeout(heartbeat);
      heartbeat = setTimeout(() => {
        // Without a line there is no heart to beat: `onOpened` starts it again.
        if (transport.isOpen()) void exclusive(beat);
      }, armed && state.kind === 'ready' ? timing.automaticHeartbeatMs : timing.heartbeatMs);
    });
    return run;
  }

  function become(next: PrinterState): PrinterState {
    if (next.kind !== 'ready') readyAt = Number.NEGATIVE_INFINITY;
    if (closed || sameState(state, next)) return state;
    state = next;
    for (const listener of listeners) listener(next);
    return next;
  }
}

/** To the tenth of a millimetre. */
function rounded(mm: number): number {
  return Math.round(mm * 10) / 10;
}
