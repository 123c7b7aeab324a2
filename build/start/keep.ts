import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { ScriptOptions } from './child.ts';
import { endChild, startScript } from './child.ts';

export interface KeptScript<Ready> {
  /** Answers what it said when it was ready. @throws where it cannot start, with its own last words */
  start(): Promise<Ready>;
  /** Ends it for good, even while it starts. */
  end(): Promise<void>;
}

export interface KeptScriptOptions<Ready> {
  /** For people: "HQ". */
  readonly name: string;
  /** How to start it; again with what it said the first time, so that it is found where it was. */
  readonly script: (first: Ready | undefined) => ScriptOptions;
  readonly onBack?: (ready: Ready) => void;
}

/** Before each new try; after the last one it stays away. */
const pausesS = [1, 2, 5, 10, 15];
/** One that ran this long was healthy: its next end is counted from the beginning. */
const healthyMs = 60_000;

/** One of our scripts that is started again when it ends by itself. What depends on it can live without it meanwhile. */
export function keepScript<Ready extends { kind: 'ready' }>({ name, script, onBack }: KeptScriptOptions<Ready>): KeptScript<Ready> {
  const stop = new AbortController();
  let first: Ready | undefined;
  let child: ChildProcess | undefined;

  function launch() {
    return startScript<Ready>({ ...script(first), onSpawn: (spawned) => (child = spawned) });
  }

  async function keep(started: ChildProcess): Promise<void> {
    let running = started;
    let tries = 0;
    for (;;) {
      const since = performance.now();
      const [code, signal] = (await once(running, 'exit')) as [number | null, string | null];
      if (performance.now() - since > healthyMs) tries = 0;
      let why = `${name} has ended by itself (${signal ?? `code ${code}`})`;
      for (let isBack = false; !isBack; ) {
        if (stop.signal.aborted) return;
        const pauseS = pausesS[tries];
        if (pauseS === undefined) return console.error(`start: ${why}, and stays away after ${tries} tries: the rest goes on without it; for it, start again.`);
        tries += 1;
        console.error(`start: ${why}; it is started again in ${pauseS} s.`);
        await pause(pauseS * 1000, undefined, { signal: stop.signal }).catch(() => {});
        if (stop.signal.aborted) return;
        try {
          const again = await launch();
          running = again.child;
          isBack = true;
          if (!stop.signal.aborted) onBack?.(again.ready);
        } catch (cause) {
          why = `${name} did not come back (${cause instanceof Error ? cause.message : String(cause)})`;
        }
      }
    }
  }

  return {
    async start() {
      const started = await launch();
      if (stop.signal.aborted) throw new Error(`${name} was ended while it started.`);
      first = started.ready;
      void keep(started.child);
      return started.ready;
    },
    async end() {
      stop.abort();
      if (child) await endChild(child);
    },
  };
}
