import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import type { CheckpointOutcome } from '../store/checkpoints.ts';
import type { Verdict } from '../store/integrity.ts';
import type { Forgotten } from '../store/retention.ts';

export interface ChoreDeps {
  readonly monotonicMs: () => number;
  readonly timers: { setTimeout(act: () => void, ms: number): unknown; clearTimeout(timer: unknown): void };
  /** Nobody is at the kiosk. */
  readonly isQuiet: () => boolean;
  /** The hour of the shop's day, 0 to 23. */
  readonly hour: () => number;
  readonly checkpoint: () => CheckpointOutcome;
  /** Cuts the WAL, so that what was forgotten is gone from it, too. */
  readonly cutWal: () => CheckpointOutcome;
  readonly copy: () => Result<unknown, CodedError>;
  readonly check: () => Verdict;
  readonly forget: () => Forgotten;
  /** How old the newest copy is; undefined where there is none. */
  readonly copyAgeMs: () => number | undefined;
  readonly onTrouble: (error: CodedError) => void;
  readonly onNote: (message: string, fields?: Readonly<Record<string, number>>) => void;
  /** The store is broken: whoever sells closes it and opens it again, which repairs it. */
  readonly onDamage: (detail: string) => void;
}

export const choreNames = ['copy', 'check', 'forget'] as const;
export type ChoreName = (typeof choreNames)[number];

const tickMs = 1_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** A chore waits so long for a quiet moment, and then is done beside a customer: it is on a connection of its own. */
const copyPatienceMs = 20 * minuteMs;
/** The first night after a start is checked, and a kiosk that is switched off at night after 16 hours; it takes 10 ms a megabyte. */
const checkEveryMs = 20 * hourMs;
const checkPatienceMs = 36 * hourMs;
/** When few people come. */
const night = { from: 2, to: 5 } as const;
/** A kiosk that has just started has customers to think of. */
const firstCopyMs = 2 * minuteMs;
const firstForgetMs = 5 * minuteMs;

/** What must be done to a store now and then, and never in the thread that sells. One thing at a time; what fails is told and tried at its next time. */
export function createChores(deps: ChoreDeps): { run(chore: ChoreName): Result<unknown, CodedError>; stop(): void } {
  const { monotonicMs, timers, isQuiet, onTrouble, onNote } = deps;
  const startedMs = monotonicMs();
  const age = deps.copyAgeMs();
  let copyDueMs = startedMs + Math.max(firstCopyMs, age !== undefined && age >= 0 && age < hourMs ? hourMs - age : 0);
  let forgetDueMs = startedMs + firstForgetMs;
  let checkedMs = startedMs - checkEveryMs;
  let isForgetting = false;
  /** What was forgotten still stands in the WAL. */
  let isCutDue = false;
  let isHeld = false;
  const said = new Map<string, string>();
  let timer = timers.setTimeout(tick, tickMs);

  function tick(): void {
    attempt('a checkpoint', checkpoint);
    if (isCutDue) attempt('cutting the log of the store', cut);
    const nowMs = monotonicMs();
    // One of the long ones a tick, so that a question comes between two.
    if (nowMs >= copyDueMs && (isQuiet() || nowMs >= copyDueMs + copyPatienceMs)) attempt('the hourly copy', copy);
    else if (isCheckDue(nowMs)) attempt('the nightly check', check);
    else if (isForgetting || (nowMs >= forgetDueMs && isQuiet())) attempt('retention', forget);
    // Pieces of a long retention follow each other closely, with sales and questions between them.
    timer = timers.setTimeout(tick, isForgetting ? 10 : tickMs);
  }

  function isCheckDue(nowMs: number): boolean {
    const sinceMs = nowMs - checkedMs;
    if (sinceMs < checkEveryMs || !isQuiet()) return false;
    const hour = deps.hour();
    return (hour >= night.from && hour < night.to) || sinceMs >= checkPatienceMs;
  }

  function checkpoint(): void {
    const outcome = deps.checkpoint();
    if (outcome.kind === 'held' && !isHeld) onNote('somebody reads an old state of the store: its log cannot be cut', { walBytes: outcome.walBytes });
    isHeld = outcome.kind === 'held' || (isHeld && outcome.kind === 'nothing');
  }

  function cut(): void {
    isCutDue = deps.cutWal().kind === 'held';
  }

  function copy(): Result<unknown, CodedError> {
    copyDueMs = monotonicMs() + hourMs;
    const made = deps.copy();
    if (!made.ok) complain('the hourly copy', made.error);
    else said.delete('the hourly copy');
    return made;
  }

  function check(): Verdict {
    checkedMs = monotonicMs();
    const verdict = deps.check();
    if (verdict.kind === 'well') onNote('the store was checked, and is whole');
    else deps.onDamage(verdict.detail);
    return verdict;
  }

  function forget(): Forgotten {
    const forgotten = deps.forget();
    isForgetting = forgotten.isMore;
    forgetDueMs = monotonicMs() + hourMs;
    if (forgotten.shredded > 0) isCutDue = true;
    if (isCutDue && !forgotten.isMore) cut();
    if (forgotten.shredded > 0) onNote('customers\' words were shredded', { orders: forgotten.shredded });
    return forgotten;
  }

  /** The same trouble is news once, until the thing went well. */
  function complain(where: string, error: CodedError): void {
    if (said.get(where) === error.detail) return;
    said.set(where, error.detail);
    onTrouble(error);
  }

  function attempt(where: string, act: () => unknown): void {
    try {
      act();
    } catch (cause) {
      isForgetting = false;
      complain(where, codedError('STORE_FAILED', `${where}: ${messageOf(cause)}`));
    }
  }

  return {
    run(chore) {
      try {
        if (chore === 'copy') return copy();
        return { ok: true, value: chore === 'check' ? check() : forget() };
      } catch (cause) {
        return { ok: false, error: codedError('STORE_FAILED', messageOf(cause)) };
      }
    },
    stop: () => timers.clearTimeout(timer),
  };
}
