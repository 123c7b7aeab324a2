import type { Database } from 'better-sqlite3';
import type { StoredEntry } from './entry.ts';
import { chunkSize } from './log-writer.ts';
import { matchOf, shardOf, shardSize, shardsOf, textColumns } from './shards.ts';

/** As `logFilterSchema`: everything that is given must fit. */
export interface EntryFilter {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly levels?: readonly string[] | undefined;
  readonly sources?: readonly string[] | undefined;
  readonly event?: string | undefined;
  readonly code?: string | undefined;
  readonly orderId?: string | undefined;
  readonly text?: string | undefined;
}

export interface EntryPage {
  /** Newest first. */
  readonly entries: readonly StoredEntry[];
  /** Where to ask on (as `before`): the page is full, or there was no time for all. Undefined at the log's beginning. */
  readonly next: number | undefined;
}

export interface LogReader {
  /** @param before ids below this; @param budgetMs looks no longer, and says where to go on */
  find(filter: EntryFilter, before: number | undefined, limit: number, budgetMs?: number): EntryPage;
  /** What has come after this id, oldest first; at most the newest `limit`. */
  since(filter: EntryFilter, after: number, limit: number): readonly StoredEntry[];
  /** Oldest first, for exports: up to `limit` after this id. */
  forward(filter: EntryFilter, after: number, limit: number): readonly StoredEntry[];
  sources(): readonly string[];
  newest(): number;
  faults(): readonly StoredFault[];
  /** When HQ said that it has this event; undefined where no line tells. @param notBefore epoch ms of the event */
  acknowledgedAt(lane: string, epoch: number, sequence: number, notBefore: number): number | undefined;
  /** The SQL of a question, for tests that hold its plan. */
  sqlOf(filter: EntryFilter): string;
}

export interface StoredFault { readonly code: string; readonly source: string; readonly since: number; readonly lastAt: number; readonly times: number; readonly clearedAt: number | null }

const columns = 'id, at, level, source, event, code, order_id AS orderId, message, fields';
const defaultBudgetMs = 150;
/** The newest are looked through in small pieces first: they often fill the page. */
const firstWindow = 1_024;
/** Where a filter by an index leaves so few of a shard, each is looked at; else the text's index is asked first. */
const fewEnough = 600;

type Parameters = Record<string, string | number>;

export function createLogReader(database: Database, monotonicMs: () => number): LogReader {
  const newest = database.prepare<[], number | null>('SELECT max(id) FROM entries').pluck();
  const oldest = database.prepare<[], number | null>('SELECT min(id) FROM entries').pluck();
  const chunks = database.prepare<[number, number], { first: number | null; last: number | null }>('SELECT min(chunk) AS first, max(chunk) AS last FROM chunks WHERE max_at >= ? AND min_at <= ?');
  const faults = database.prepare<[], StoredFault>('SELECT code, source, since, last_at AS lastAt, times, cleared_at AS clearedAt FROM faults ORDER BY last_at DESC');
  // A step of a loose index scan: the next source, however many lines the one before has.
  const nextSource = database.prepare<[string], string | null>('SELECT min(source) FROM entries WHERE source > ?').pluck();
  const acknowledgements = database.prepare<[number], { at: number; fields: string }>(
    "SELECT at, fields FROM entries INDEXED BY entries_by_event WHERE event = 'sync.acknowledged' AND id >= ? ORDER BY id");

  /** Ids between which what fits by time must lie. */
  function boundsOf({ from, to }: EntryFilter): { readonly first: number; readonly last: number } {
    const all = { first: oldest.get() ?? 1, last: newest.get() ?? 0 };
    if (from === undefined && to === undefined) return all;
    const { first, last } = chunks.get(from ?? 0, to ?? Number.MAX_SAFE_INTEGER)!;
    if (first === null || last === null) return { first: 1, last: 0 };
    return { first: Math.max(all.first, first * chunkSize), last: Math.min(all.last, (last + 1) * chunkSize - 1) };
  }

  function* windowsDown(first: number, last: number, isText: boolean): Generator<readonly [number, number]> {
    let size = firstWindow;
    for (let high = last; high >= first;) {
      // A text is looked for in one index at a time, and those have their bounds.
      const floor = isText ? shardOf(high) * shardSize : Math.floor((high - size) / chunkSize) * chunkSize;
      const low = Math.max(first, floor);
      yield [low, high];
      high = low - 1;
      size = Math.min(size * 4, shardSize * 2);
    }
  }

  function readWindow(filter: EntryFilter, words: readonly string[], low: number, high: number, limit: number, order: 'DESC' | 'ASC', shards: ReadonlySet<number>): readonly StoredEntry[] {
    const { where, parameters, driver } = conditionsOf(filter, words);
    const matches = words.map(matchOf).filter((match) => match !== undefined);
    const within = { ...parameters, low, high, limit };
    const byIndex = matches.length > 0 && shards.has(shardOf(low)) && !(driver && isFew(driver, filter, low, high));
    const sql = byIndex ? textSql(shardOf(low), where, order) : plainSql(where, driver, order);
    return database.prepare<[Parameters], StoredEntry>(sql).all(byIndex ? { ...within, match: matches.join(' AND ') } : within);
  }

  function isFew(driver: Driver, filter: EntryFilter, low: number, high: number): boolean {
    const { where, parameters } = conditionsOf({ [driver.of]: filter[driver.of] }, []);
    const sql = `SELECT count(*) FROM (SELECT 1 FROM entries INDEXED BY ${driver.index} WHERE ${[...where, 'id BETWEEN :low AND :high'].join(' AND ')} LIMIT ${fewEnough + 1})`;
    return database.prepare<[Parameters], number>(sql).pluck().get({ ...parameters, low, high })! <= fewEnough;
  }

  const reader: LogReader = {
    find(filter, before, limit, budgetMs = defaultBudgetMs) {
      const endsAt = monotonicMs() + budgetMs;
      const words = wordsOf(filter.text);
      const { first, last } = boundsOf(filter);
      const shards = new Set(words.length > 0 ? shardsOf(database) : []);
      const entries: StoredEntry[] = [];
      for (const [low, high] of windowsDown(first, Math.min(last, (before ?? Infinity) - 1), words.length > 0)) {
        entries.push(...readWindow(filter, words, low, high, limit + 1 - entries.length, 'DESC', shards));
        if (entries.length > limit) return { entries: entries.slice(0, limit), next: entries[limit - 1]!.id };
        if (monotonicMs() > endsAt && low > first) return { entries, next: low };
      }
      return { entries, next: undefined };
    },
    since(filter, after, limit) {
      const last = newest.get() ?? 0;
      // Who follows looks at the newest alone.
      const low = Math.max(after + 1, last - shardSize + 1);
      if (low > last) return [];
      const { where, parameters } = conditionsOf(filter, wordsOf(filter.text));
      return database.prepare<[Parameters], StoredEntry>(plainSql(where, undefined, 'DESC')).all({ ...parameters, low, high: last, limit }).reverse();
    },
    forward(filter, after, limit) {
      const words = wordsOf(filter.text);
      const { first, last } = boundsOf(filter);
      const shards = new Set(words.length > 0 ? shardsOf(database) : []);
      const entries: StoredEntry[] = [];
      for (let low = Math.max(first, after + 1); low <= last && entries.length < limit;) {
        const high = Math.min(last, (shardOf(low) + 1) * shardSize - 1);
        entries.push(...readWindow(filter, words, low, high, limit - entries.length, 'ASC', shards));
        low = high + 1;
      }
      return entries;
    },
    sources() {
      const found: string[] = [];
      for (let next = nextSource.get(''); next !== null && next !== undefined && found.length < 100; next = nextSource.get(next)) found.push(next);
      return found;
    },
    newest: () => newest.get() ?? 0,
    faults: () => faults.all(),
    acknowledgedAt(lane, epoch, sequence, notBefore) {
      const { first } = chunks.get(notBefore, Number.MAX_SAFE_INTEGER)!;
      if (first === null) return undefined;
      for (const { at, fields } of acknowledgements.iterate(first * chunkSize)) {
        const told = JSON.parse(fields) as { lane?: unknown; epoch?: unknown; upTo?: unknown };
        if (told.lane === lane && (Number(told.epoch) > epoch || (told.epoch === epoch && Number(told.upTo) >= sequence))) return at;
      }
      return undefined;
    },
    sqlOf(filter) {
      const words = wordsOf(filter.text);
      const { where, driver } = conditionsOf(filter, words);
      return words.some((word) => matchOf(word) !== undefined) && !driver ? textSql(0, where, 'DESC') : plainSql(where, driver, 'DESC');
    },
  };
  return reader;
}

interface Driver { readonly index: string; readonly of: 'orderId' | 'code' | 'event' | 'levels' | 'sources' }

/** What leaves the fewest leads; what is common (informative lines, all of a time) is read in the order of the ids. */
function driverOf({ orderId, code, event, levels, sources }: EntryFilter): Driver | undefined {
  if (orderId !== undefined) return { index: 'entries_by_order', of: 'orderId' };
  if (code !== undefined) return { index: 'entries_by_code', of: 'code' };
  if (event !== undefined) return { index: 'entries_by_event', of: 'event' };
  if (sources?.length) return { index: 'entries_by_source', of: 'sources' };
  if (levels?.length && !levels.includes('info')) return { index: 'entries_trouble', of: 'levels' };
  return undefined;
}

function conditionsOf(filter: EntryFilter, words: readonly string[]): { readonly where: readonly string[]; readonly parameters: Parameters; readonly driver: Driver | undefined } {
  const where: string[] = [];
  const parameters: Parameters = {};
  const add = (condition: string, values: Parameters) => {
    where.push(condition);
    Object.assign(parameters, values);
  };
  const oneOf = (column: string, values: readonly string[]) =>
    add(`${column} IN (${values.map((_, index) => `:${column}${index}`).join(', ')})`, Object.fromEntries(values.map((value, index) => [`${column}${index}`, value])));
  if (filter.orderId !== undefined) add('order_id = :orderId', { orderId: filter.orderId });
  if (filter.code !== undefined) add('code = :code', { code: filter.code });
  if (filter.event !== undefined) add('event = :event', { event: filter.event });
  // A partial index is used where its own condition is said.
  if (filter.levels?.length) {
    oneOf('level', filter.levels);
    if (!filter.levels.includes('info')) where.push("level <> 'info'");
  }
  if (filter.sources?.length) oneOf('source', filter.sources);
  if (filter.from !== undefined) add('at >= :from', { from: filter.from });
  if (filter.to !== undefined) add('at <= :to', { to: filter.to });
  for (const [index, word] of words.entries()) add(`instr(${textColumns}, :word${index}) > 0`, { [`word${index}`]: word });
  return { where, parameters, driver: driverOf(filter) };
}

function plainSql(where: readonly string[], driver: Driver | undefined, order: 'DESC' | 'ASC'): string {
  return `SELECT ${columns} FROM entries ${driver ? `INDEXED BY ${driver.index}` : 'NOT INDEXED'} WHERE ${[...where, 'id BETWEEN :low AND :high'].join(' AND ')} ORDER BY id ${order} LIMIT :limit`;
}

/** The index gives candidates, in the order of their ids; the line itself decides. */
function textSql(shard: number, where: readonly string[], order: 'DESC' | 'ASC'): string {
  return `SELECT ${columns} FROM text_${shard} AS found CROSS JOIN entries ON entries.id = found.rowid
    WHERE found.text_${shard} MATCH :match AND found.rowid BETWEEN :low AND :high AND ${where.join(' AND ')} ORDER BY found.rowid ${order} LIMIT :limit`;
}

/** Small letters, as the index has them; SQLite's own lower() knows ASCII alone, and the rest is compared as it stands. */
function wordsOf(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/u).filter((word) => word !== '').slice(0, 10).map((word) => word.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
}
