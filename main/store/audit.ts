import type { Database } from 'better-sqlite3';
import type { AuditEntry } from '../../domain/staff/audit.ts';
import { auditGenesis, auditText } from '../../domain/staff/audit.ts';
import type { Emitter } from './emitter.ts';
import { hashOf } from './emitter.ts';

export interface AuditNote {
  /** Missing where nobody was in. */
  readonly staff?: string | undefined;
  readonly act: string;
  readonly outcome: AuditEntry['outcome'];
  readonly subject?: string;
  readonly detail?: string;
}

export interface AuditCheck {
  readonly whole: boolean;
  /** Number of the first entry that does not follow, and why: for a log. */
  readonly detail: string;
}

/** What staff did at this kiosk. Each entry is told to HQ in the transaction that writes it. */
export interface AuditStore {
  /** A transaction of its own, or a part of the one that it is called in. */
  write(note: AuditNote): AuditEntry;
  /** Before something with effects outside of the store is done; `end` follows, or the next start says that it never did. */
  begin(note: Omit<AuditNote, 'outcome'>): number;
  end(begun: number, note: AuditNote): void;
  /** Of a run before this one: begun, and how it ended is not known. Answers how many there were. `isLate`: this run has begun acts of its own meanwhile, which go on. */
  closeCutOff(isLate?: boolean): number;
  /** Newest first: below the number `before`, at most `limit`. */
  entries(before: number | undefined, limit: number): readonly AuditEntry[];
  /** Does the sum over the whole chain again, in slices between which others get their turn. */
  check(): Promise<AuditCheck>;
}

export interface AuditRow { number: number; at: number; staff: string | null; act: string; outcome: AuditEntry['outcome']; subject: string; detail: string; previous: string; hash: string }

const entriesPerSlice = 2_000;

export function createAuditStore(database: Database, { emit, transaction }: Pick<Emitter, 'emit' | 'transaction'>, kioskId: string, now: () => number): AuditStore {
  const head = database.prepare<[], { number: number; hash: string }>('SELECT number, hash FROM staff_audit_head');
  const highest = database.prepare<[], number>('SELECT coalesce(max(number), 0) FROM staff_audit').pluck();
  const moveHead = database.prepare('UPDATE staff_audit_head SET number = ?, hash = ?');
  const insert = database.prepare('INSERT INTO staff_audit (number, at, staff, act, outcome, subject, detail, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const open = database.prepare('INSERT INTO staff_acts_open (number, staff, act, subject) VALUES (?, ?, ?, ?)');
  const closeOne = database.prepare('DELETE FROM staff_acts_open WHERE number = ?');
  const stillOpen = database.prepare<[], { number: number; staff: string | null; act: string; subject: string }>('SELECT number, staff, act, subject FROM staff_acts_open ORDER BY number');
  const newest = database.prepare<[number, number], AuditRow>('SELECT * FROM staff_audit WHERE number < ? ORDER BY number DESC LIMIT ?');
  const slice = database.prepare<[number, number], AuditRow>('SELECT * FROM staff_audit WHERE number > ? ORDER BY number LIMIT ?');

  const begunHere = new Set<number>();

  function append({ staff, act, outcome, subject = '', detail = '' }: AuditNote): AuditEntry {
    const last = head.get()!;
    const unsigned = {
      // A head that somebody has set back makes a broken chain, and keeps nobody from working.
      number: Math.max(last.number, highest.get()!) + 1, at: now(), ...(staff === undefined ? {} : { staff }), act, outcome,
      subject: asKept(subject, 200), detail: asKept(detail, 500), previous: last.hash,
    };
    const entry: AuditEntry = { ...unsigned, hash: hashOf(auditText(kioskId, unsigned)) };
    insert.run(entry.number, entry.at, entry.staff ?? null, entry.act, entry.outcome, entry.subject, entry.detail, entry.previous, entry.hash);
    moveHead.run(entry.number, entry.hash);
    emit('staff.acted', entry);
    return entry;
  }

  return {
    write: transaction(append),

    begin: transaction((note: Omit<AuditNote, 'outcome'>) => {
      const { number } = append({ ...note, outcome: 'begun' });
      open.run(number, note.staff ?? null, note.act, asKept(note.subject ?? '', 200));
      begunHere.add(number);
      return number;
    }),

    end: transaction((begun: number, note: AuditNote) => {
      closeOne.run(begun);
      append(note);
      begunHere.delete(begun);
    }),

    closeCutOff: transaction((isLate = false) => {
      const cutOff = stillOpen.all().filter(({ number }) => !isLate || !begunHere.has(number));
      for (const { number, staff, act, subject } of cutOff) {
        closeOne.run(number);
        append({ staff: staff ?? undefined, act, outcome: 'failed', subject, detail: `core ended while it was at it (entry ${number})` });
      }
      return cutOff.length;
    }),

    entries: (before = Number.MAX_SAFE_INTEGER, limit) => newest.all(before, limit).map(auditEntryOf),

    async check() {
      // What is written meanwhile is a matter of the next check.
      const end = head.get()!;
      if (highest.get()! > end.number) return { whole: false, detail: `there are entries after ${end.number}, which was the last` };
      let last = { number: 0, hash: auditGenesis };
      while (last.number < end.number) {
        const rows = slice.all(last.number, entriesPerSlice).filter(({ number }) => number <= end.number);
        if (rows.length === 0) return { whole: false, detail: `the entries after ${last.number} are gone, of ${end.number}` };
        for (const row of rows) {
          const why = whyNot(kioskId, row, last);
          if (why) return { whole: false, detail: `entry ${row.number}: ${why}` };
          last = { number: row.number, hash: row.hash };
        }
        await new Promise((resolve) => void setImmediate(resolve));
      }
      return last.hash === end.hash ? { whole: true, detail: '' } : { whole: false, detail: `entry ${end.number} is not the one that was written last` };
    },
  };
}

/** A page may say anything. Half of a surrogate pair would come back from the database as another character, and a NUL not from HQ's: the chain would be broken by words. */
function asKept(text: string, longest: number): string {
  return text.replaceAll('\0', ' ').slice(0, longest).toWellFormed();
}

function whyNot(kioskId: string, row: AuditRow, last: { readonly number: number; readonly hash: string }): string | undefined {
  if (row.number !== last.number + 1) return `it follows on ${last.number}`;
  if (row.previous !== last.hash) return 'it does not follow on the hash of the one before';
  const { hash, ...unsigned } = auditEntryOf(row);
  return hashOf(auditText(kioskId, unsigned)) === hash ? undefined : 'its hash is another';
}

export function auditEntryOf({ staff, ...row }: AuditRow): AuditEntry {
  return { ...row, ...(staff === null ? {} : { staff }) };
}
