import { err, ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';

/**
 * One thing that a simulated device does, and when. Plain data: a test, the workbench's window and a person at a keyboard
 * write the same. `[{ "at": "sending 04 0f", "do": "drop" }, { "at": "received 06 01", "afterMs": 500, "do": "reboot" }]`
 */
export interface ScriptStep {
  /** The moment, in the words of the device: its vocabulary says which there are. */
  readonly at: string;
  /** So many such moments go by first; none unless told otherwise. */
  readonly skip?: number;
  /** At so many such moments in a row; one unless told otherwise. */
  readonly times?: number;
  /** So long after the moment; at once unless told otherwise. */
  readonly afterMs?: number;
  /** The action, in the words of the device. */
  readonly do: string;
  /** Milliseconds, bytes or a code: what the action takes. */
  readonly value?: number;
}

export type Script = readonly ScriptStep[];

/** The moments and actions that a device knows. */
export interface Vocabulary {
  /** Each a whole moment, as "powered on", or a beginning that ends in a blank, as "sending ". */
  readonly moments: readonly string[];
  readonly actions: readonly string[];
}

export interface ScriptPlayer {
  /** Replaces what is left of the script before. A word that the device does not know refuses the whole. */
  load(script: unknown): Result<void, string>;
  /** The device is at this moment. Answers what is to be done at once; what comes later is performed when it is due. */
  moment(name: string): readonly ScriptStep[];
  /** Steps that have not been done yet. */
  left(): Script;
  /** Forgets the script and what was still to come of it. */
  stop(): void;
}

interface Waiting {
  readonly step: ScriptStep;
  skip: number;
  times: number;
}

export function createScriptPlayer(vocabulary: Vocabulary, perform: (step: ScriptStep) => void): ScriptPlayer {
  let waiting: Waiting[] = [];
  const timers = new Set<NodeJS.Timeout>();

  function stop(): void {
    waiting = [];
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
  }

  return {
    load(script) {
      const parsed = parseScript(script, vocabulary);
      if (!parsed.ok) return parsed;
      stop();
      waiting = parsed.value.map((step) => ({ step, skip: step.skip ?? 0, times: step.times ?? 1 }));
      return ok();
    },
    moment(name) {
      const now: ScriptStep[] = [];
      for (const entry of waiting) {
        if (entry.step.at !== name) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.times -= 1;
        if (entry.step.afterMs === undefined) now.push(entry.step);
        else later(entry.step, entry.step.afterMs);
      }
      waiting = waiting.filter((entry) => entry.times > 0);
      return now;
    },
    left: () => waiting.map(({ step, skip, times }) => ({ ...step, skip, times })),
    stop,
  };

  function later(step: ScriptStep, ms: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      perform(step);
    }, ms);
    timers.add(timer);
  }
}

const numbers = ['skip', 'times', 'afterMs', 'value'] as const;
const keys: ReadonlySet<string> = new Set(['at', 'do', ...numbers]);

/** A script out of any value, as a window or a file gives it; one sentence says what is wrong with it. */
export function parseScript(value: unknown, { moments, actions }: Vocabulary): Result<Script, string> {
  if (!Array.isArray(value)) return err('a script is a list of steps');
  for (const [index, step] of value.entries()) {
    const wrong = faultOf(step);
    if (wrong) return err(`step ${index + 1}: ${wrong}`);
  }
  return ok(value as Script);

  function faultOf(step: unknown): string | undefined {
    if (typeof step !== 'object' || step === null) return 'is no object';
    const fields = step as Record<string, unknown>;
    const strange = Object.keys(fields).find((key) => !keys.has(key));
    if (strange !== undefined) return `"${strange}" is unknown`;
    const { at } = fields;
    if (typeof at !== 'string' || !moments.some((moment) => (moment.endsWith(' ') ? at.startsWith(moment) : at === moment))) {
      return `"at" must be one of ${moments.map((moment) => `"${moment}${moment.endsWith(' ') ? '…' : ''}"`).join(', ')}`;
    }
    if (typeof fields['do'] !== 'string' || !actions.includes(fields['do'])) return `"do" must be one of ${actions.join(', ')}`;
    const bad = numbers.find((key) => fields[key] !== undefined && !(Number.isSafeInteger(fields[key]) && (fields[key] as number) >= 0));
    return bad === undefined ? undefined : `"${bad}" must be a whole number, 0 or more`;
  }
}
