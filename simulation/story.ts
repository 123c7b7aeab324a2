import { createHash } from 'node:crypto';
import type { World } from './world.ts';

/** What happened, in a sentence each: the last of it is printed with the seed of a run that failed. */
export interface Story {
  happens(who: string, what: string): void;
  /** Something that must never happen. The run goes on, and fails at its end. */
  wrong(what: string): void;
  readonly faults: readonly string[];
  readonly wrongs: readonly string[];
  last(count: number): readonly string[];
  /** Of everything that happened: two runs of one seed must have the same. */
  digest(): string;
}

export function createStory(world: World, onLine?: (line: string) => void): Story {
  const lines: string[] = [];
  const faults: string[] = [];
  const wrongs: string[] = [];
  const hash = createHash('sha256');
  return {
    happens(who, what) {
      const line = `${timeOf(world.nowMs())} ${who}: ${what}`;
      hash.update(line);
      lines.push(line);
      if (who === 'fault') faults.push(line);
      onLine?.(line);
    },
    wrong(what) {
      wrongs.push(`${timeOf(world.nowMs())} ${what}`);
      onLine?.(`WRONG ${what}`);
    },
    faults, wrongs,
    last: (count) => lines.slice(-count),
    digest: () => hash.copy().digest('hex').slice(0, 16),
  };
}

function timeOf(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${String(ms % 1000).padStart(3, '0')}`;
}
