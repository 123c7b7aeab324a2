import { err } from '../../domain/result.ts';
import type { LocatedTransport } from './located.ts';

/**
 * A line that calls itself lost when the far end has answered nothing for `silentMs` though it was written to, so that its
 * driver opens it anew. For lines of which nobody tells the loss: a socket whose other end lost its power stays "connected"
 * for a quarter of an hour, and a device that was exchanged behind its adapter may talk at another speed. Only for
 * devices that answer whatever they are sent. It is found by the next write, never by a clock: a line that nobody uses is not lost.
 */
export function createSilenceWatch(line: LocatedTransport, silentMs: number): LocatedTransport {
  const lostListeners = new Set<(detail: string) => void>();
  let unansweredSince: number | undefined;
  let fellSilent = false;
  // Both for as long as the line lives, however often it is opened.
  line.onData(() => {
    unansweredSince = undefined;
  });
  line.onLost(tellLost);

  return {
    ...line,
    onLost(listener) {
      lostListeners.add(listener);
      return () => lostListeners.delete(listener);
    },
    async open() {
      if (!line.isOpen()) unansweredSince = undefined;
      const opened = await line.open();
      if (opened.ok) fellSilent = false;
      return opened;
    },
    async write(bytes, timeoutMs) {
      const now = performance.now();
      if (unansweredSince !== undefined && now - unansweredSince >= silentMs && line.isOpen()) {
        const detail = `${line.name}: nothing heard for ${Math.round(silentMs / 1000)} s`;
        await line.close();
        fellSilent = true;
        tellLost(detail);
        return err({ kind: 'write_failed', detail });
      }
      unansweredSince ??= now;
      return line.write(bytes, timeoutMs);
    },
    // Whoever asks why it is lost is not told that the cable is out.
    failure: () => line.failure() ?? (fellSilent ? 'silent' : undefined),
  };

  function tellLost(detail: string): void {
    unansweredSince = undefined;
    for (const listener of [...lostListeners]) listener(detail);
  }
}
