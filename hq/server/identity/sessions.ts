import { randomBytes, randomUUID } from 'node:crypto';
import type { Hello } from '../../../domain/contract/hq.ts';
import type { KioskId } from '../../../domain/ids.ts';
import type { Queries, Sql, Transaction } from '../database.ts';
import { raiseWithFacts } from '../alerts/raise.ts';
import { announceEnd } from './endings.ts';

/** Numbers so far below the highest that came are taken as seen: more than a kiosk ever has in flight. */
export const replayWindow = 62;
/** `replayWindow` ones. */
const allSeen = '4611686018427387903';

export type Use = 'taken' | 'replayed' | 'superseded' | 'ended';

/**
 * Takes a request's number in its session, once: a window slides behind the highest, so that several may be in flight and arrive in any
 * order. One statement, so that any number of HQ processes agree.
 */
export async function useSession(sql: Queries, kioskId: KioskId, session: string, counter: number): Promise<Use> {
  const taken = await sql`
    update kiosk_sessions set
      spoken = true,
      counter = greatest(counter, ${counter}),
      seen = case
        when ${counter} <= counter then seen | (1::bigint << (counter - ${counter})::int)
        when ${counter} - counter < ${replayWindow} then ((seen << (${counter} - counter)::int) & ${allSeen}::bigint) | 1
        else 1
      end
    where kiosk_id = ${kioskId} and session = ${session} and state = 'open'
      and (${counter} > counter or (counter - ${counter} < ${replayWindow} and (seen & (1::bigint << (counter - ${counter})::int)) = 0))
    returning kiosk_id`;
  if (taken.length > 0) return 'taken';
  const [row] = await sql<{ state: Row['state'] }[]>`select state from kiosk_sessions where kiosk_id = ${kioskId} and session = ${session}`;
  return row?.state === 'open' ? 'replayed' : row?.state === 'superseded' ? 'superseded' : 'ended';
}

interface Row {
  readonly instance: string;
  readonly session: string;
  readonly state: 'open' | 'superseded' | 'ended';
  readonly spoken: boolean;
  readonly challenge: string | null;
  readonly hello_counter: number;
}

export type Opened =
  | { readonly kind: 'open'; readonly session: string }
  | { readonly kind: 'replayed' }
  | { readonly kind: 'superseded'; readonly challenge: string }
  | { readonly kind: 'cloned' };

/**
 * Opens a run's session in place of the one before. A run that was superseded has to repeat a challenge, which no late message can.
 * When it does, and the run that superseded it has spoken in its session, both were alive at once: two machines. Where that other one
 * has never spoken, it was a late hello of a run that is gone, and nobody is blamed.
 * @param counter of the hello's nonce; it rises with each message of a run
 */
export async function openSession(sql: Sql, hello: Hello, counter: number, now: number): Promise<Opened> {
  const { kioskId, instance } = hello;
  return sql.begin(async (transaction): Promise<Opened> => {
    // The kiosk's contact row is the lock: its hellos wait for each other.
    await transaction`
      insert into kiosk_contacts (kiosk_id, last_seen_at) values (${kioskId}, ${now})
      on conflict (kiosk_id) do update set last_seen_at = greatest(kiosk_contacts.last_seen_at, excluded.last_seen_at)`;
    const [kiosk] = await transaction<{ cloned_at: number | null }[]>`select cloned_at from kiosks where kiosk_id = ${kioskId}`;
    if (kiosk?.cloned_at) return { kind: 'cloned' };
    const rows = await transaction<Row[]>`
      select instance, session, state, spoken, challenge, hello_counter from kiosk_sessions
      where kiosk_id = ${kioskId} and (instance = ${instance} or state = 'open')`;
    const own = rows.find((row) => row.instance === instance);
    const other = rows.find((row) => row.state === 'open' && row.instance !== instance);
    if (own && counter <= own.hello_counter) return { kind: 'replayed' };

    if (own && other) {
      if (own.challenge === null || hello.challenge !== own.challenge) {
        const challenge = own.challenge ?? randomBytes(24).toString('base64url');
        await transaction`update kiosk_sessions set challenge = ${challenge}, hello_counter = ${counter} where kiosk_id = ${kioskId} and instance = ${instance}`;
        return { kind: 'superseded', challenge };
      }
      if (other.spoken) {
        await flagClones(transaction, hello, other.instance, now);
        return { kind: 'cloned' };
      }
    }
    if (own?.state === 'open') {
      // The same run again: its session goes on, so that what it has in flight is not refused.
      await transaction`
        update kiosk_sessions set hello_counter = ${counter}, app = ${hello.app}, protocol = ${hello.protocol}, schema = ${hello.schema}, boot = ${hello.clock.boot}
        where kiosk_id = ${kioskId} and instance = ${instance}`;
      return { kind: 'open', session: own.session };
    }
    if (other) {
      await transaction`update kiosk_sessions set state = 'superseded', ended_at = ${now} where kiosk_id = ${kioskId} and instance = ${other.instance}`;
      await announceEnd(transaction, kioskId);
    }
    // Only an answer to a challenge that is given after this proves that somebody lives beside this run.
    await transaction`update kiosk_sessions set challenge = null where kiosk_id = ${kioskId} and challenge is not null`;
    const session = randomUUID();
    // Who repeated a challenge has proved to be alive, as one who speaks in its session does.
    const spoken = own !== undefined && other !== undefined;
    await transaction`
      insert into kiosk_sessions (kiosk_id, instance, session, state, spoken, hello_counter, counter, seen, app, protocol, schema, boot, opened_at)
      values (${kioskId}, ${instance}, ${session}, 'open', ${spoken}, ${counter}, ${counter}, ${allSeen}::bigint, ${hello.app}, ${hello.protocol}, ${hello.schema}, ${hello.clock.boot}, ${now})
      on conflict (kiosk_id, instance) do update set
        session = excluded.session, state = 'open', spoken = excluded.spoken, challenge = null, hello_counter = excluded.hello_counter,
        counter = greatest(kiosk_sessions.counter, excluded.counter), seen = excluded.seen,
        app = excluded.app, protocol = excluded.protocol, schema = excluded.schema, boot = excluded.boot, opened_at = excluded.opened_at, ended_at = null`;
    return { kind: 'open', session };
  });
}

async function flagClones(sql: Transaction, { kioskId, instance }: Hello, otherInstance: string, now: number): Promise<void> {
  await sql`update kiosks set cloned_at = ${now} where kiosk_id = ${kioskId}`;
  await endSessions(sql, kioskId, now);
  await sql`update kiosk_sessions set state = 'ended', challenge = null where kiosk_id = ${kioskId} and instance = ${instance}`;
  await raiseWithFacts(sql, { kioskId, kind: 'cloned', subject: '', facts: { runs: [instance, otherInstance] }, at: now });
}

/** Ends what is open of a kiosk, and the bell streams that belong to it. */
export async function endSessions(sql: Transaction, kioskId: string, now: number): Promise<void> {
  await sql`update kiosk_sessions set state = 'ended', challenge = null, ended_at = ${now} where kiosk_id = ${kioskId} and state = 'open'`;
  await announceEnd(sql, kioskId);
}
