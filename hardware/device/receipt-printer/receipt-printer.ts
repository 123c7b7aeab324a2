import type { Receipt } from '../../../domain/receipt/receipt.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Transport } from '../../transport/transport.ts';
import { composeClearing, composeReceipt } from './compose.ts';
import { createInbox } from './inbox.ts';
import { createKeptLine } from './kept-line.ts';
import type { Printed, PrinterState, PrintFailure, ReceiptPrinter } from './port.ts';
import type { PrinterProfile } from './profiles.ts';
import { createSender } from './send.ts';
import { sameState } from './state.ts';
import { createStatusQuery } from './status-query.ts';

export interface ReceiptPrinterTiming {
  /** Between two status questions while nothing is printed. */
  readonly heartbeatMs: number;
  /** For one answer to DLE EOT. */
  readonly answerMs: number;
  /** Between two status questions while a receipt is printed. */
  readonly pollMs: number;
  /** For the operating system to take 256 bytes. */
  readonly chunkMs: number;
  readonly reopenFirstMs: number;
  readonly reopenMaxMs: number;
  readonly openMs: number;
}

const defaultTiming: ReceiptPrinterTiming = {
  heartbeatMs: 2000,
  answerMs: 400,
  pollMs: 500,
  chunkMs: 5000,
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
}

/** A receipt printer on a serial line that speaks ESC/POS. */
export function createReceiptPrinter(options: ReceiptPrinterOptions): ReceiptPrinter {
  const { transport, profile } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const listeners = new Set<(state: PrinterState) => void>();
  const inbox = createInbox();
  const askState = createStatusQuery({ transport, inbox, answerMs: timing.answerMs });
  const sender = createSender({ transport, inbox, askState, profile, baud: options.baud ?? profile.baud, pollMs: timing.pollMs, chunkMs: timing.chunkMs });

  let state: PrinterState = { kind: 'unplugged', detail: 'not opened yet' };
  let queue: Promise<unknown> = Promise.resolve();
  let heartbeat: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  /** Set while nobody knows what the printer still holds of an earlier receipt: how long that may take to print. */
  let leftoverMs: number | undefined = options.startsAfterCrash === true ? 10_000 : undefined;

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
    if (now.kind !== 'ready' || leftoverMs === undefined || !mayClear) return;
    mayClear = false;
    await clear(leftoverMs);
  }

  async function printNow(receipt: Receipt): Promise<Result<Printed, PrintFailure>> {
    const job = composeReceipt(receipt, profile);
    const before = await ask();
    if (before.kind !== 'ready') return err({ kind: 'not_started', state: before });
    if (leftoverMs !== undefined && !(await clear(leftoverMs))) return err({ kind: 'not_started', state });

    const sent = await sender.send(job);
    if (sent.kind === 'untouched') return err({ kind: 'not_started', state: become(sent.state) });
    const known = sent.kind === 'unconfirmed' && sent.state.kind === 'unplugged' && state.kind === 'unplugged';
    const after = sent.kind === 'confirmed' ? await askAfterwards() : known ? state : become(sent.state);
    if (sent.kind === 'confirmed' && after.kind === 'ready') return ok({ bytes: job.bytes.length, paper: after.paper });
    leftoverMs = sender.allowanceMs(job);
    mayClear = true;
    return err({ kind: 'uncertain', state: after, detail: sent.kind === 'confirmed' ? 'confirmed, but not ready afterwards' : sent.detail });
  }

  /** The end was confirmed twice: one answer that is late says nothing against it, and is asked for again. */
  async function askAfterwards(): Promise<PrinterState> {
    const first = await ask();
    return first.kind === 'no_answer' ? ask() : first;
  }

  /** Cuts off what an earlier job left behind, and waits for what the printer still owes. Nothing of a new receipt is sent before. */
  async function clear(beforeMs: number): Promise<boolean> {
    const job = composeClearing(profile);
    const sent = await sender.send(job, beforeMs);
    if (sent.kind !== 'confirmed') {
      become(sent.state.kind === 'ready' ? { kind: 'no_answer', detail: 'status is answered, but not the end of a job' } : sent.state);
      return false;
    }
    await sender.settle(sender.allowanceMs(job));
    if ((await ask()).kind !== 'ready') return false;
    leftoverMs = undefined;
    return true;
  }

  async function ask(): Promise<PrinterState> {
    if (!(await line.ensureOpen())) return state.kind === 'unplugged' ? state : become({ kind: 'unplugged', detail: 'cannot be opened' });
    const losses = inbox.losses();
    const answer = await askState();
    if (inbox.losses() === losses) return become(answer);
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
      }, timing.heartbeatMs);
    });
    return run;
  }

  function become(next: PrinterState): PrinterState {
    if (closed || sameState(state, next)) return state;
    state = next;
    for (const listener of listeners) listener(next);
    return next;
  }
}
