import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import { isDiskFull } from '../store/disk.ts';
import type { Log } from './log.ts';

/** What went wrong where nobody waits for an answer: said once, not every few seconds, and it ends nothing. */
export interface Faults {
  report(where: string, cause: unknown): void;
  /** It went well there: the same fault is news again. */
  over(where: string): void;
  /** Answers what `act` answers, or undefined where it threw. */
  guard<T>(where: string, act: () => T): T | undefined;
}

/** @param onFault hears of each, also of those that were said before */
export function createFaults(log: Log, onFault: (cause: unknown) => void = () => undefined): Faults {
  const said = new Map<string, string>();

  function report(where: string, cause: unknown): void {
    onFault(cause);
    const error = faultOf(cause);
    if (said.get(where) === error.detail) return;
    said.set(where, error.detail);
    log.error({ ...error, detail: `${where}: ${error.detail}` });
  }

  return {
    report,
    over: (where) => void said.delete(where),
    guard(where, act) {
      try {
        const result = act();
        said.delete(where);
        return result;
      } catch (cause) {
        report(where, cause);
        return undefined;
      }
    },
  };
}

/** A full or failing disk is no bug. */
export function faultOf(cause: unknown): CodedError {
  if (isDiskFull(cause)) return codedError('DISK_FULL', messageOf(cause));
  const isStoreFault = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && cause.code.startsWith('SQLITE_');
  return codedError(isStoreFault ? 'STORE_FAILED' : 'INTERNAL', messageOf(cause));
}
