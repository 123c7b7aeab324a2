import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { uuidV7From } from '../../domain/ids.ts';
import type { StoreEvents } from './integrity-events.ts';
import { createJournal, segmentsOf } from './journal.ts';
import { readJournal } from './journal-read.ts';
import type { RecoveryJournal } from './recover.ts';
import { replayRecords } from './replay.ts';

/** The journal beside the store, as recovery uses it. Read once, when it is asked for. */
export function createRecoveryJournal(storeFolder: string, keysHex: readonly string[], now: () => number, { onEvent }: StoreEvents): RecoveryJournal {
  const folder = path.join(storeFolder, 'journal');
  let contents: ReturnType<RecoveryJournal['read']>;
  return {
    read() {
      if (contents) return contents;
      const [firstSegment] = segmentsOf(folder);
      if (firstSegment === undefined) return undefined;
      const { records, problems } = readJournal({ folder, keysHex });
      // Under another key altogether: it is no journal of this store, or the key is wrong.
      if (records.length === 0 && problems.some(({ kind }) => kind === 'wrong_key')) return undefined;
      contents = { records, isWhole: problems.length === 0, firstSegment };
      return contents;
    },
    replay: (database, records, emitter) => replayRecords(database, records, { now, newId: () => uuidV7From(now(), randomBytes(10)), emitter }).unfinishedPrints,
    write: (keyHex) => {
      if (segmentsOf(folder).length === 0) return undefined;
      return createJournal({ folder, keyHex, onProblem: ({ kind, segment }) => onEvent?.({ level: 'warn', message: 'the journal is damaged', fields: { kind, segment } }) });
    },
  };
}
