import postgres from 'postgres';

/** Integers of 64 bits come as numbers: epoch milliseconds and minor units are well inside what a number holds. Arrays are of texts and of ids alone, in one dimension and without nulls. */
const types = {
  bigint: { to: 20, from: [20], parse: (text: string) => Number(text), serialize: (value: number) => String(value) },
  texts: { to: 1009, from: [1009], parse: readArray, serialize: writeArray },
  uuids: { to: 2951, from: [2951], parse: readArray, serialize: writeArray },
};

export type Sql = postgres.Sql<{ bigint: number }>;
export type Transaction = postgres.TransactionSql<{ bigint: number }>;
/** What both a pool and a transaction can do. */
export type Queries = postgres.ISql<{ bigint: number }>;

export interface DatabaseOptions {
  readonly maxConnections?: number;
}

/**
 * A pool that gives up on a database that does not answer, so that a kiosk hears of it and tries later.
 *
 * Around a fault of the driver (postgres 3.4.9, porsager/postgres#1154 and #1208): a connection whose line is cut while something was to be written
 * never writes again, and a write to one that is gone ends the process. So a pool that lost a connection is left to those who use it, and the next
 * query goes to a new one; and a transaction whose connection is gone is not rolled back through it.
 */
export function connectDatabase(url: string, { maxConnections = 10 }: DatabaseOptions = {}): Sql {
  let isEnded = false;
  let current: Sql | undefined;
  const leaving = new Set<Promise<void>>();

  const create = (): Sql => {
    const pool: Sql = postgres(url, {
      types,
      // It would ask for the types of arrays as the first thing on each connection, and nobody waits for that answer: a line that is cut then ends the process.
      fetch_types: false,
      max: maxConnections,
      connect_timeout: 5,
      // Connections live as long as their pool: each that ends makes a new pool.
      max_lifetime: null,
      onnotice: () => {},
      onclose: () => leave(pool),
      connection: {
        application_name: 'counter24-hq',
        statement_timeout: 30_000,
        lock_timeout: 10_000,
        idle_in_transaction_session_timeout: 60_000,
      },
    });
    return pool;
  };
  const leave = (pool: Sql) => {
    if (current !== pool || isEnded) return;
    current = undefined;
    // Longer than any statement may take.
    const left = pool.end({ timeout: 35 }).catch(() => {}).finally(() => void leaving.delete(left));
    leaving.add(left);
  };
  const pool = (): Sql => (current ??= create());

  const begin = (...args: readonly unknown[]) => {
    const work = args.at(-1) as (transaction: Transaction) => unknown;
    const guarded = async (transaction: Transaction) => {
      try {
        return await work(transaction);
      } catch (error) {
        // The driver would now write a rollback; it tells whoever began the transaction of the lost connection by another way.
        if (isConnectionLost(error)) return new Promise<never>(() => {});
        throw error;
      }
    };
    return (pool().begin as (...args: readonly unknown[]) => Promise<unknown>)(...args.slice(0, -1), guarded);
  };
  const end = async (options?: { timeout?: number }) => {
    isEnded = true;
    await Promise.all([pool().end(options), Promise.race([Promise.all(leaving), new Promise((resolve) => setTimeout(resolve, (options?.timeout ?? 5) * 1000).unref())])]);
  };
  const own: Readonly<Record<string | symbol, unknown>> = { begin, end };
  return new Proxy((() => {}) as unknown as Sql, {
    apply: (_target, _this, args) => Reflect.apply(pool() as unknown as (...args: unknown[]) => unknown, undefined, args),
    get: (_target, key) => (Object.hasOwn(own, key) ? own[key] : Reflect.get(pool(), key)),
  });
}

/** PostgreSQL, 8.15.2 and 8.15.6: what is quoted may be anything; of the rest no comma, brace or quote is part. */
function writeArray(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/[\\"]/g, '\\$&')}"`).join(',')}}`;
}

function readArray(literal: string): string[] {
  return [...literal.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/gs)].map(([, quoted, plain]) => quoted?.replace(/\\(.)/gs, '$1') ?? plain ?? '');
}

/** Broken off, or about to be: the server says these last ones (shut down, idle for too long in a transaction) and hangs up. */
function isConnectionLost(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return ['CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ERR_STREAM_DESTROYED', '57P01', '57P02', '57P03', '25P03'].includes(code);
}

const unavailableCodes = new Set([
  'CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT',
  'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN',
  // Cancelled by a time limit, waited too long for a lock, read-only standby, shut down, too many connections, disk full.
  '57014', '55P03', '25006', '57P01', '57P02', '57P03', '53000', '53100', '53200', '53300', '40001', '40P01',
]);

/** The database is away or overloaded: nothing was changed, and the same request may succeed later. */
export function isUnavailable(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return unavailableCodes.has(code) || code.startsWith('08');
}

/** A statement takes no more than 65,535. */
const parametersAtOnce = 30_000;

/**
 * Rows as one multi-row INSERT, or, where they are very many, a few after each other: whoever wants all or none calls it in a transaction. Not prepared: each number of rows would stay behind as a statement of its own in
 * every connection. Multi-row VALUES rather than UNNEST, because on Citus one dead worker then fails only its own kiosks.
 * @param head "insert into t (a, b)"; as many columns as each row has values
 * @param tail "on conflict … returning …"
 */
export async function insertRows<Row extends object>(sql: Queries, head: string, rows: readonly (readonly Value[])[], tail = ''): Promise<Row[]> {
  const rowsAtOnce = Math.floor(parametersAtOnce / (rows[0]?.length ?? 1));
  const answered: Row[] = [];
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const some = rows.slice(from, from + rowsAtOnce);
    let parameter = 0;
    const values = some.map((row) => `(${row.map(() => `$${++parameter}`).join(',')})`).join(',');
    answered.push(...(await sql.unsafe<Row[]>(`${head} values ${values} ${tail}`, some.flat() as never[])));
  }
  return answered;
}

/** A jsonb value is given as the plain object: the driver writes it, since the server names the column's type. */
export type Value = string | number | boolean | null | Buffer | object;

/** HQ acknowledges only what is on disk. A database that somebody set otherwise is named, loudly, but not refused: it is theirs. */
export async function checkDurability(sql: Sql): Promise<string | undefined> {
  const rows = await sql<{ name: string; setting: string }[]>`select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes')`;
  const risks = rows.filter(({ setting }) => setting === 'off').map(({ name }) => `${name} is off`);
  return risks.length > 0 ? risks.join(', ') : undefined;
}
