import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { DocumentOf } from '../../../domain/contract/hq-down.ts';
import { documentSignatureText } from '../../../domain/contract/hq-down.ts';
import type { KioskId } from '../../../domain/ids.ts';
import type { Queries, Sql } from '../database.ts';
import type { Scope, Signer } from '../down/publish.ts';
import { lockRevision, publishIn } from '../down/publish.ts';
import type { Job } from '../jobs/jobs.ts';
import type { MemberRow } from './members.ts';
import { readMembers } from './members.ts';
import type { Seal } from './seal.ts';

type Members = DocumentOf<'staff'>['members'];

/** Lists that one transaction publishes: whoever else publishes lists of the staff waits for so many and no more. */
const listsAtOnce = 25;
/** HQ's other jobs wait for this one. */
const jobMs = 5000;

/**
 * Brings what kiosks know of the staff up to what stands here: the members that are everywhere go to all, and a kiosk at which more may come in gets a whole list
 * of its own, which then goes before that. Only what is another than before is published, and where nothing is, nothing is locked, so it may be done at any time
 * and by any process. What a kiosk told of (a recovery code that was used up) and who came into a group is taken in by the job below, and so is what a run that
 * was cut off has left.
 * @param forMs begins nothing more after so long but for the first lists
 * @returns how many documents were published
 */
export async function publishStaff(sql: Sql, seal: Seal, signer: Signer, now: number, by: string, { forMs = Number.POSITIVE_INFINITY }: { readonly forMs?: number } = {}): Promise<number> {
  const begun = performance.now();
  const scopes = (await readOutdated(sql, seal, signer)).map(({ scope }) => scope);
  let count = 0;
  for (let from = 0; from < scopes.length && (from === 0 || performance.now() - begun <= forMs); from += listsAtOnce) {
    count += await sql.begin(async (transaction) => {
      await lockRevision(transaction, 'staff');
      // Read again behind the lock: of two who publish the later one must not bring back whom the other has just taken out.
      const lists = await readOutdated(transaction, seal, signer, scopes.slice(from, from + listsAtOnce));
      for (const { scope, text } of lists) {
        const published = await publishIn(transaction, { kind: 'staff', scope, text, signer, by, now });
        if (!published.ok && published.error.kind === 'malformed') throw new Error(`staff: ${published.error.detail}`);
      }
      return lists.length;
    });
  }
  return count;
}

interface Outdated {
  readonly scope: Scope;
  readonly text: string;
}

/** Lists that are not in force as they should be: another text, or signed by a key that HQ has no more. @param only looked at; otherwise all */
async function readOutdated(sql: Queries, seal: Seal, signer: Signer, only?: readonly Scope[]): Promise<readonly Outdated[]> {
  const members = (await readMembers(sql)).filter(({ endedAt, pinHash }) => endedAt === null && pinHash !== null);
  const scopes = only ?? (['all', ...(await sql<{ kiosk_id: KioskId }[]>`select kiosk_id from kiosks order by kiosk_id`).map((row): Scope => `kiosk:${row.kiosk_id}`)] as const);
  const groups = await sql<{ group_id: string; scope: Scope }[]>`select group_id::text as group_id, 'kiosk:' || kiosk_id as scope from kiosk_group_members where 'kiosk:' || kiosk_id = any(${[...scopes]})`;
  // Each scope's newest by its own way through the index: all revisions there ever were are very many.
  const inForce = await sql<{ scope: Scope; revision: number; sha256: string; signature: string }[]>`
    select s.scope, d.revision, d.sha256, d.signature from unnest(${[...scopes]}::text[]) s (scope) cross join lateral (
      select revision, sha256, signature from documents where kind = 'staff' and scope = s.scope and withdrawn_at is null order by revision desc limit 1) d`;
  const heldOf = new Map(inForce.map((document) => [document.scope, document]));
  const groupsOf = Map.groupBy(groups, ({ scope }) => scope);
  const opened = new Map(members.map(({ number, totpSealed }) => [number, totpOf(totpSealed, number, seal)]));
  const general = members.filter(({ places }) => places.includes('all'));
  // Most kiosks have one of a few lists.
  const texts = new Map<string, { readonly text: string; readonly sha256: string }>();
  const textOf = (list: readonly MemberRow[]) => {
    const numbers = list.map(({ number }) => number).join(' ');
    const known = texts.get(numbers);
    if (known) return known;
    const text = staffText(list, opened);
    const made = { text, sha256: createHash('sha256').update(text, 'utf8').digest('hex') };
    texts.set(numbers, made);
    return made;
  };
  const outdated: Outdated[] = [];
  for (const [index, scope] of scopes.entries()) {
    // A signature for each kiosk takes a while, and kiosks want to be answered meanwhile.
    if (index % 50 === 49) await setImmediate();
    const here = new Set(['all', scope, ...(groupsOf.get(scope) ?? []).map((row) => `group:${row.group_id}`)]);
    const list = members.filter(({ places }) => places.some((place) => here.has(place)));
    const held = heldOf.get(scope);
    // Once a kiosk has its own, that goes on before what is for all. A list of nobody is said where there was somebody: HQ without staff says nothing.
    if (!held && list.length === (scope === 'all' ? 0 : general.length)) continue;
    const { text, sha256 } = textOf(list);
    if (held?.sha256 === sha256 && held.signature === signer.sign(documentSignatureText('staff', held.revision, scope, sha256)).toString('base64')) continue;
    outdated.push({ scope, text });
  }
  return outdated;
}

/** The same members make the same text: nothing is published anew that is as it was. */
function staffText(members: readonly MemberRow[], opened: ReadonlyMap<string, { readonly totpSecret?: string }>): string {
  const list: Members = members.map(({ number, name, role, pinHash, recoveryHashes, cardHash }) => ({
    number, name, role, pinHash: pinHash ?? '',
    ...opened.get(number),
    ...(recoveryHashes.length > 0 ? { recoveryHashes: [...recoveryHashes] } : {}),
    ...(cardHash === null ? {} : { cardHash }),
  }));
  return JSON.stringify({ members: list } satisfies DocumentOf<'staff'>, null, 1);
}

/** Sealed by a key that HQ has lost, it is none: the member comes in nowhere until they have set up another by a new link. The others' list goes out all the same. */
function totpOf(totpSealed: string | null, number: string, seal: Seal): { readonly totpSecret?: string } {
  if (totpSealed === null) return {};
  try {
    return { totpSecret: seal.open(totpSealed, number) };
  } catch {
    return {};
  }
}

export function staffJob(sql: Sql, seal: Seal, signer: Signer, now: () => number): Job {
  return { name: 'publish staff', everyMs: 15_000, run: () => publishStaff(sql, seal, signer, now(), 'HQ', { forMs: jobMs }) };
}
