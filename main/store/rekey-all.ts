import path from 'node:path';
import type { CodedError } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { ok } from '../../domain/result.ts';
import { createCopyKeeper } from './copies.ts';
import type { StoreEvents } from './integrity-events.ts';
import { rewriteJournal } from './journal.ts';
import type { RekeyDeps, RekeyOutcome } from './rekey.ts';
import { rekeyStore } from './rekey.ts';

export interface RekeyAllOptions extends Omit<RekeyDeps, 'rewriteJournal' | 'remakeCopies'>, StoreEvents {
  readonly secondFolder?: string | undefined;
  /** Epoch milliseconds UTC. */
  readonly now: () => number;
}

/**
 * Brings everything that a kiosk keeps under its next key: the store, the journal, and the copies, which are made anew at once, since the old ones
 * would open only with a key that is about to be forgotten. Where the outcome has nothing waiting the old key is needed by nothing any more.
 *
 * Copies in a second folder that is not there now stay under the old key: they are of no use from then on, and go when it is there at a later change.
 */
export function rekeyAll(options: RekeyAllOptions): Result<RekeyOutcome, CodedError> {
  const { folder, keyHex, nextKeyHex, onEvent } = options;
  return rekeyStore({
    ...options,
    rewriteJournal() {
      const problems = rewriteJournal({ folder: path.join(folder, 'journal'), fromKeyHex: keyHex, toKeyHex: nextKeyHex });
      // What cannot be read under the old key will not be readable under any: it is said, and nothing waits for it.
      for (const { segment, kind, position } of problems) onEvent?.({ level: 'warn', message: 'a part of the journal could not be brought under the new key', fields: { segment, kind, position } });
      return ok();
    },
    remakeCopies: () => createCopyKeeper(options).remake(nextKeyHex),
  });
}
