import type { KioskId } from '../../../domain/ids.ts';
import { bellChannel, readRing } from '../down/ring.ts';
import { endingsChannel } from '../identity/endings.ts';
import { createListener } from './listener.ts';

/** One kiosk's open stream. */
export interface BellStream {
  /** Text to be sent as it is. False where the kiosk reads too slowly, or not at all: the stream is dropped. */
  readonly write: (text: string) => boolean;
  readonly end: () => void;
  /** A session of its kiosk was ended, perhaps the one before: looks whether its own is still open, and ends where it is not. Without it, it ends. */
  readonly lookAgain?: () => void;
}

export interface Bells {
  /** Holds the stream until the answer is called, or until it is ended here. Undefined: no more streams here. */
  readonly open: (kioskId: KioskId, stream: BellStream) => (() => void) | undefined;
  readonly count: () => number;
  readonly isListening: () => boolean;
  /** Ends every stream; new ones are refused from then on. */
  readonly close: () => Promise<void>;
}

export interface BellsDeps {
  readonly url: string;
  readonly onProblem: (error: unknown) => void;
  readonly retryMs?: number;
  readonly heartbeatMs?: number;
  readonly maxStreams?: number;
  /** After it a stream ends, and the kiosk comes again with a new signature, perhaps to another process. */
  readonly maxAgeMs?: number;
  /** When all are rung, so many at a time, each `chunkMs`: ten thousand kiosks that ask at once would be an attack. */
  readonly chunk?: number;
  readonly chunkMs?: number;
}

const news = 'event: news\ndata: {}\n\n';
const beat = ': beat\n\n';

interface Open {
  readonly kioskId: KioskId;
  readonly stream: BellStream;
  readonly openedAtBeat: number;
}

/**
 * The bells of this process: every stream of every kiosk hangs on one database connection and one timer. A kiosk has one stream; a newer one takes the
 * place of the older. After a gap in listening all streams end, spread over time: an end or a ring may have been missed, and each kiosk that comes
 * again shows its key again.
 */
export function createBells({ url, onProblem, retryMs = 1000, heartbeatMs = 15_000, maxStreams = 20_000, maxAgeMs = 3_600_000, chunk = 100, chunkMs = 50 }: BellsDeps): Bells {
  const open = new Map<KioskId, Open>();
  const pending = new Set<NodeJS.Timeout>();
  let beats = 0;
  let isClosed = false;
  let hasListened = false;
  const maxBeats = Math.max(1, Math.floor(maxAgeMs / heartbeatMs));

  const remove = (entry: Open): boolean => open.get(entry.kioskId) === entry && open.delete(entry.kioskId);
  const end = (entry: Open) => {
    if (remove(entry)) entry.stream.end();
  };
  const write = (entry: Open, text: string) => {
    if (open.get(entry.kioskId) === entry && !entry.stream.write(text)) end(entry);
  };
  const spread = (act: (entry: Open) => void) => {
    const entries = [...open.values()];
    for (let from = 0, wait = 0; from < entries.length; from += chunk, wait += chunkMs) {
      const some = entries.slice(from, from + chunk);
      if (wait === 0) {
        some.forEach(act);
        continue;
      }
      const timer = setTimeout(() => {
        pending.delete(timer);
        some.forEach(act);
      }, wait);
      pending.add(timer);
    }
  };

  const listener = createListener({
    url, channels: [bellChannel, endingsChannel], onProblem, retryMs,
    onNotice: (payload, channel) => {
      const rung = channel === bellChannel ? readRing(payload) : payload;
      if (typeof rung === 'object') return spread((entry) => write(entry, news));
      const entry = open.get(rung as KioskId);
      if (!entry) return;
      if (channel === bellChannel) write(entry, news);
      // The word of an old session's end may come when the new one's stream stands already.
      else if (entry.stream.lookAgain) entry.stream.lookAgain();
      else end(entry);
    },
    onListening: () => {
      if (hasListened) spread(end);
      hasListened = true;
    },
  });

  const timer = setInterval(() => {
    beats++;
    for (const entry of open.values()) {
      if (beats - entry.openedAtBeat > maxBeats) end(entry);
      else write(entry, beat);
    }
  }, heartbeatMs);

  return {
    open: (kioskId, stream) => {
      const before = open.get(kioskId);
      if (isClosed || (!before && open.size >= maxStreams)) return undefined;
      if (before) end(before);
      // Those of one moment do not all end in one moment.
      const entry: Open = { kioskId, stream, openedAtBeat: beats - Math.floor(Math.random() * maxBeats * 0.2) };
      open.set(kioskId, entry);
      // What was published before the stream stood is asked for now.
      write(entry, news);
      return () => void remove(entry);
    },
    count: () => open.size,
    isListening: listener.isListening,
    close: async () => {
      isClosed = true;
      clearInterval(timer);
      pending.forEach(clearTimeout);
      pending.clear();
      for (const entry of open.values()) end(entry);
      await listener.close();
    },
  };
}
