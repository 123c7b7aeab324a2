import type { Result } from '../../domain/result.ts';
import type { SyncRuntime } from './runtime.ts';

export interface BellDeps extends Pick<SyncRuntime, 'random' | 'timers'> {
  /** GET /api/kiosk/bell, signed, in the open session: the open stream, or why there is none. It ends when `stop` says so. */
  readonly open: (stop: AbortSignal) => Promise<Result<ReadableStream<Uint8Array>, { readonly kind: string; readonly detail: string; readonly retryAfterMs?: number | undefined }>>;
  /** HQ has news, or may have had some while nobody listened: ask. */
  readonly onRing: () => void;
  readonly onState?: (state: 'listening' | 'deaf', detail: string) => void;
  /** The longest wait between two tries. */
  readonly retryMaxMs?: number;
  /** HQ says something at least each 20 s; what is silent for longer than this is gone, whatever TCP believes. */
  readonly silenceMs?: number;
}

export interface Bell {
  start(): void;
  /** Nothing is open and no timer runs when it resolves. */
  stop(): Promise<void>;
}

const firstRetryMs = 1_000;
/** Opening it, until the first byte of the answer's head. */
const openWithinMs = 30_000;
/** A line that never ends is no doorbell. */
const maxLine = 10_000;

/**
 * A doorbell: says when to ask HQ, never what. Whatever it brings is not believed to be more than that, so nothing of it need be signed; without it a poll each
 * minute finds the same. Each time it is open anew it rings once, because what rang meanwhile was not heard.
 */
export function createBell({ open, onRing, onState = () => {}, random, timers, retryMaxMs = 60_000, silenceMs = 60_000 }: BellDeps): Bell {
  let stopped = true;
  let stopping = new AbortController();
  let listening: Promise<void> | undefined;
  let wake: (() => void) | undefined;

  async function listen(): Promise<void> {
    let failures = 0;
    while (!stopped) {
      const { heard, detail, retryAfterMs } = await hearOnce();
      if (stopped) return;
      onState('deaf', detail);
      // One that was heard and ended is a proxy's or a restart's doing: the first try comes soon, and the fleet's do not come at once.
      failures = heard ? 0 : failures + 1;
      const span = Math.min(retryMaxMs, firstRetryMs * 2 ** Math.min(failures, 16));
      await pause(Math.max(100, retryAfterMs ?? 0, Math.round(random() * span)));
    }
  }

  /** Until it ends, is silent for too long, or is stopped. */
  async function hearOnce(): Promise<{ heard: boolean; detail: string; retryAfterMs?: number | undefined }> {
    const attempt = new AbortController();
    const onStop = () => attempt.abort(new Error('stopped'));
    stopping.signal.addEventListener('abort', onStop, { once: true });
    if (stopping.signal.aborted) onStop();
    let timer: unknown;
    const limit = (delayMs: number) => {
      timers.clearTimeout(timer);
      timer = timers.setTimeout(() => attempt.abort(new Error(`nothing heard for ${delayMs} ms`)), delayMs);
    };
    const given = new Promise<never>((_, reject) => attempt.signal.addEventListener('abort', () => reject(attempt.signal.reason as Error), { once: true }));
    given.catch(() => {});
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
    let heard = false;
    try {
      limit(openWithinMs);
      const opened = await Promise.race([open(attempt.signal), given]);
      if (!opened.ok) return { heard, detail: `${opened.error.kind}: ${opened.error.detail}`, retryAfterMs: opened.error.retryAfterMs };
      reader = opened.value.getReader();
      const lines = createLineReader();
      onState('listening', '');
      onRing();
      for (;;) {
        limit(silenceMs);
        const read = await Promise.race([reader.read(), given]);
        if (read.done) return { heard, detail: 'HQ has closed it' };
        heard = true;
        // Several rings in one go ask once.
        if (lines.hasRung(read.value)) onRing();
      }
    } catch (cause) {
      return { heard, detail: cause instanceof Error ? cause.message : String(cause) };
    } finally {
      timers.clearTimeout(timer);
      stopping.signal.removeEventListener('abort', onStop);
      attempt.abort(new Error('over'));
      reader?.cancel().catch(() => {});
    }
  }

  function pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = timers.setTimeout(done, delayMs);
      function done(): void {
        timers.clearTimeout(timer);
        wake = undefined;
        resolve();
      }
      wake = done;
    });
  }

  return {
    start() {
      if (!stopped) return;
      stopped = false;
      stopping = new AbortController();
      const previous = listening;
      listening = (async () => {
        await previous;
        await listen();
      })();
    },
    async stop() {
      stopped = true;
      stopping.abort();
      wake?.();
      await listening;
    },
  };
}

/** As much of text/event-stream as a doorbell needs (WHATWG HTML, 9.2.6): `event: news`, dispatched by an empty line; comments are signs of life. */
function createLineReader(): { hasRung(bytes: Uint8Array): boolean } {
  const decoder = new TextDecoder();
  let rest = '';
  let isNews = false;
  return {
    hasRung(bytes) {
      rest += decoder.decode(bytes, { stream: true });
      // A CR at the end may be half of a CRLF.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      if (rest.length > maxLine) throw new Error('a line without an end');
      let rung = false;
      for (const line of lines) {
        if (line === '') {
          rung ||= isNews;
          isNews = false;
        } else if (/^event: ?/.test(line)) isNews = line.replace(/^event: ?/, '') === 'news';
      }
      return rung;
    },
  };
}
