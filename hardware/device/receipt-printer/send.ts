import { marker } from '../../codec/escpos/commands.ts';
import type { Transport } from '../../transport/transport.ts';
import type { ComposedJob } from './compose.ts';
import type { Inbox } from './inbox.ts';
import type { PrinterState } from './port.ts';
import type { PrinterProfile } from './profiles.ts';

export type SendOutcome =
  | { readonly kind: 'confirmed' }
  /** Not one byte reached the line. */
  | { readonly kind: 'untouched'; readonly state: PrinterState }
  | { readonly kind: 'unconfirmed'; readonly state: PrinterState; readonly detail: string };

export interface SenderOptions {
  readonly transport: Transport;
  readonly inbox: Inbox;
  readonly askState: () => Promise<PrinterState>;
  readonly profile: PrinterProfile;
  readonly baud: number;
  /** How often to ask for the state while waiting for the marker. */
  readonly pollMs: number;
  /** For the operating system to take one chunk: flow control may hold it while the printer prints. */
  readonly chunkMs: number;
}

export interface Sender {
  /** Streams a job and waits until the printer has processed all of it. `beforeMs`: what may still be in the printer's buffer. */
  send(job: ComposedJob, beforeMs?: number): Promise<SendOutcome>;
  /** Waits until no marker was answered for `quietMs`, so that the answers of earlier jobs are not taken for those of new ones. */
  settle(quietMs: number): Promise<void>;
  /** The longest that a job can take, from its length, the line and the slowest print speed: twice that, and two seconds. */
  allowanceMs(job: ComposedJob): number;
}

const chunkBytes = 256;

/**
 * An answer to GS r is one byte, and 00 is also what a line brings that is switched off or badly shielded. Only after as many
 * answers as there were markers is a receipt printed: all but one of them may be strays.
 */
const markers = 4;

export function createSender(options: SenderOptions): Sender {
  const { transport, inbox, askState, profile } = options;
  const wireMs = (bytes: number): number => (bytes * 10_000) / options.baud;
  const allowanceMs = (job: ComposedJob): number => 2 * (wireMs(job.bytes.length) + (job.paperMm * 1000) / profile.speedMmPerSecond + 500) + 2000;

  return { send, settle, allowanceMs };

  async function send(job: ComposedJob, beforeMs = 0): Promise<SendOutcome> {
    inbox.discard('marker');
    const losses = inbox.losses();
    const startedAt = performance.now();
    const bytes = Uint8Array.of(...job.bytes, ...Array.from({ length: markers }, () => [...marker()]).flat());
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      const written = await transport.write(bytes.subarray(at, at + chunkBytes), options.chunkMs);
      if (written.ok && inbox.losses() === losses) continue;
      const detail = written.ok ? 'line lost' : written.error.detail;
      if (at === 0 && !written.ok && written.error.kind === 'not_open') return { kind: 'untouched', state: { kind: 'unplugged', detail } };
      return unconfirmed(detail);
    }
    const deadline = startedAt + allowanceMs(job) + beforeMs;
    const wireFreeAt = startedAt + wireMs(job.bytes.length);
    for (let count = 0; count < markers; count += 1) {
      const failure = await answered({ losses, deadline, wireFreeAt, mayStall: job.bytes.length > profile.bufferBytes });
      if (failure !== undefined) return failure;
    }
    return { kind: 'confirmed' };
  }

  interface Wait {
    readonly losses: number;
    readonly deadline: number;
    readonly wireFreeAt: number;
    readonly mayStall: boolean;
  }

  /** Waits for the answer to one marker. A definite fault ends the wait at once, as a printer that is offline will not answer. */
  async function answered(wait: Wait): Promise<SendOutcome | undefined> {
    let patience = Math.max(0, wait.wireFreeAt - performance.now()) + options.pollMs;
    let silences = 0;
    for (;;) {
      const left = wait.deadline - performance.now();
      if (left <= 0) return { kind: 'unconfirmed', state: await askState(), detail: 'no confirmation in time' };
      const answer = await inbox.next('marker', Math.min(left, patience));
      if (inbox.losses() !== wait.losses) return unconfirmed('line lost');
      if (answer !== undefined) return undefined;
      patience = options.pollMs;
      const state = await askState();
      if (inbox.losses() !== wait.losses) return unconfirmed('line lost');
      silences = state.kind === 'no_answer' ? silences + 1 : 0;
      // Our question may itself stand behind a full buffer, but only where the receipt is longer than that.
      const silent = silences >= 2 && !wait.mayStall;
      if (silent || (state.kind !== 'ready' && state.kind !== 'no_answer')) return { kind: 'unconfirmed', state, detail: 'stopped before the end was confirmed' };
    }
  }

  async function settle(quietMs: number): Promise<void> {
    while ((await inbox.next('marker', quietMs)) !== undefined);
  }

  async function unconfirmed(detail: string): Promise<SendOutcome> {
    const state: PrinterState = transport.isOpen() ? await askState() : { kind: 'unplugged', detail };
    return { kind: 'unconfirmed', state, detail };
  }
}
