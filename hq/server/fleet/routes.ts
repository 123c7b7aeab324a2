import type { KioskId } from '../../../domain/ids.ts';
import type { Result } from '../../../domain/result.ts';
import {
  addGroup, addKiosk, approveKiosk, cancelCommand, giveCommand, giveManyCommands, listCommandsRoute, listFleet, listGroups, listLogLines, listPlaces, listStaffActs, makeKioskCode, readBatch,
  readConfig, readKioskHistory, readKioskRoute, readScreenshot, reinstateKiosk, removeConfig, removeGroup, revokeKiosk, setConfig, updateGroup, updateKiosk,
} from '../../contract/api/fleet.ts';
import type { Api } from '../api/serve.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Queries, Sql } from '../database.ts';
import { cancel, give } from '../down/commands.ts';
import type { Scope, Signer } from '../down/publish.ts';
import { publishIn, readNewest, withdraw } from '../down/publish.ts';
import type { DecisionError } from '../identity/decisions.ts';
import { approve, reinstate, revoke } from '../identity/decisions.ts';
import { makeCode } from '../identity/enrolment.ts';
import { announceFleet } from '../live/announce.ts';
import { listActs } from './acts-list.ts';
import { giveToMany, listKioskCommands, readBatchCommands } from './commands.ts';
import { changeGroup, createGroup, deleteGroup, listKioskGroups } from './groups.ts';
import { readSpans } from './history.ts';
import { listFleetPage, listFleetPlaces } from './list.ts';
import { listLog } from './logs.ts';
import { readKioskInFull } from './one.ts';
import { writeOfKiosk } from './written.ts';

export interface FleetDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly signingKey: Signer;
}

const dayMs = 86_400_000;

/** The fleet: how each kiosk is, what it is told to do, and which machines it may be. */
export function fleetRoutes(api: Api, { sql, now, signingKey }: FleetDeps): void {
  api.serve(listFleet, async ({ query: { after, limit, ...filters } }) => {
    const at = now();
    return { now: at, ...await listFleetPage(sql, filters, { after, limit, now: at }) };
  });
  api.serve(listPlaces, async ({ query }) => {
    const at = now();
    return { now: at, ...await listFleetPlaces(sql, query, at) };
  });
  api.serve(readKioskRoute, async ({ params: { kiosk } }) => (await readKioskInFull(sql, kiosk, now())) ?? unknownKiosk());
  api.serve(readKioskHistory, async ({ params: { kiosk }, query: { days } }) => {
    const [{ created_at: createdAt } = unknownKiosk()] = await sql<{ created_at: number }[]>`select created_at from kiosks where kiosk_id = ${kiosk}`;
    const to = now();
    // Before HQ knew of it, it was not away.
    const from = Math.min(to - 1, Math.max(to - days * dayMs, createdAt));
    return { from, to, spans: await readSpans(sql, kiosk, { from, to }) };
  });
  api.serve(listLogLines, async ({ params: { kiosk }, query }) => {
    await known(sql, kiosk);
    return listLog(sql, kiosk, query);
  });
  api.serve(listStaffActs, async ({ params: { kiosk }, query }) => {
    await known(sql, kiosk);
    return listActs(sql, kiosk, query);
  });
  serveCommands(api, { sql, now });
  serveEnrolment(api, { sql, now });
  serveGroups(api, { sql, now });
  serveConfig(api, { sql, now, signingKey });

  api.serve(updateKiosk, async ({ params: { kiosk }, body: { version, ...words }, account, note }) => {
    note(Object.keys(words).join(', '));
    return { version: await writeOfKiosk(sql, kiosk, version, words, { by: account?.name ?? '', at: now() }) };
  });
}

function serveCommands(api: Api, { sql, now }: Omit<FleetDeps, 'signingKey'>): void {
  api.serve(listCommandsRoute, async ({ params: { kiosk } }) => {
    await known(sql, kiosk);
    const at = now();
    return { now: at, commands: await listKioskCommands(sql, kiosk, at) };
  });
  api.serve(giveCommand, async ({ params: { kiosk }, body: { command: { kind, params }, validMinutes }, account, note }) => {
    await known(sql, kiosk);
    const given = await give(sql, { kioskId: kiosk, kind, params, validMs: validMinutes * 60_000, by: account?.name ?? '', now: now() });
    if (!given.ok) throw new ApiRefusal('HQ_INVALID', given.error);
    await announceFleet(sql, kiosk);
    note(kind);
    return { commandId: given.value.commandId };
  });
  api.serve(cancelCommand, async ({ params: { kiosk, command } }) => {
    if (!await cancel(sql, kiosk, command)) throw new ApiRefusal('HQ_CHANGED_MEANWHILE', 'the command does not wait any more');
    await announceFleet(sql, kiosk);
    return {};
  });
  api.serve(giveManyCommands, async ({ body: { to, command: { kind, params }, validMinutes }, account, note }) => {
    const rows = to === 'all'
      ? await sql<{ kiosk_id: KioskId }[]>`select kiosk_id from kiosks order by kiosk_id`
      : await sql<{ kiosk_id: KioskId }[]>`select kiosk_id from kiosk_group_members where group_id = ${to.group} order by kiosk_id`;
    if (rows.length === 0) throw new ApiRefusal('HQ_INVALID', 'there is no kiosk in this group');
    const given = await giveToMany(sql, rows.map(({ kiosk_id }) => kiosk_id), { kind, params, validMs: validMinutes * 60_000, by: account?.name ?? '', now: now() });
    note(`${kind} to ${to === 'all' ? 'all' : `group ${to.group}`}: ${given.given} given, ${given.refused.length} refused`);
    return given;
  });
  api.serve(readBatch, async ({ params: { batch } }) => {
    const at = now();
    return { now: at, commands: await readBatchCommands(sql, batch, at) };
  });
  api.serve(readScreenshot, async ({ params: { kiosk, command }, reply }) => {
    const [row] = await sql<{ picture: Buffer }[]>`select picture from kiosk_screenshots where kiosk_id = ${kiosk} and command_id = ${command}`;
    if (!row) throw new ApiRefusal('HQ_NOT_FOUND', 'there is no such picture');
    reply.type('image/jpeg').send(row.picture);
    return {};
  });
}

function serveEnrolment(api: Api, { sql, now }: Omit<FleetDeps, 'signingKey'>): void {
  api.serve(addKiosk, async ({ body: { kioskId, name, minutes } }) => {
    const [taken] = await sql`select 1 from kiosks where kiosk_id = ${kioskId}`;
    if (taken) throw new ApiRefusal('HQ_INVALID', `there is a kiosk ${kioskId} already`, { field: 'kioskId' });
    const made = await makeCode(sql, kioskId, name, now(), minutes * 60_000);
    await announceFleet(sql, kioskId);
    return made;
  });
  api.serve(makeKioskCode, async ({ params: { kiosk }, body: { minutes } }) => {
    await known(sql, kiosk);
    const made = await makeCode(sql, kiosk, undefined, now(), minutes * 60_000);
    await announceFleet(sql, kiosk);
    return made;
  });
  const decided = async <T>(kiosk: KioskId, result: Result<T, DecisionError>): Promise<T> => {
    if (!result.ok) throw new ApiRefusal(result.error.kind === 'unknown' ? 'HQ_NOT_FOUND' : 'HQ_CHANGED_MEANWHILE', decisionWords[result.error.kind]);
    await announceFleet(sql, kiosk);
    return result.value;
  };
  api.serve(approveKiosk, async ({ params: { kiosk }, body: { fingerprint }, note }) => {
    await decided(kiosk, await approve(sql, kiosk, fingerprint, now()));
    note(fingerprint.slice(0, 16));
    return {};
  });
  api.serve(revokeKiosk, async ({ params: { kiosk } }) => decided(kiosk, await revoke(sql, kiosk, now())));
  api.serve(reinstateKiosk, async ({ params: { kiosk }, body: { fingerprint } }) => ({ was: (await decided(kiosk, await reinstate(sql, kiosk, fingerprint ?? '', now()))).was }));
}

function serveGroups(api: Api, { sql, now }: Omit<FleetDeps, 'signingKey'>): void {
  api.serve(listGroups, async () => ({ groups: await listKioskGroups(sql) }));
  api.serve(addGroup, ({ body, account }) => createGroup(sql, body, { by: account?.name ?? '', at: now() }));
  api.serve(updateGroup, async ({ params: { group }, body: { version, ...words }, account }) => ({ version: await changeGroup(sql, group, version, words, { by: account?.name ?? '', at: now() }) }));
  api.serve(removeGroup, async ({ params: { group }, query: { version }, account }) => {
    await deleteGroup(sql, group, version, { by: account?.name ?? '', at: now() });
    return {};
  });
}

function serveConfig(api: Api, { sql, now, signingKey }: FleetDeps): void {
  api.serve(readConfig, async ({ query: { scope } }) => {
    const held = await readNewest(sql, 'config', scope as Scope);
    if (!held || held.text === null) return { revision: 0, config: null, publishedAt: null, publishedBy: null };
    const [row] = await sql<{ published_at: number; published_by: string }[]>`select published_at, published_by from documents where kind = 'config' and revision = ${held.revision}`;
    return { revision: held.revision, config: JSON.parse(held.text) as never, publishedAt: row?.published_at ?? null, publishedBy: row?.published_by ?? null };
  });
  api.serve(setConfig, async ({ query: { scope }, body: { revision, config }, account, note }) => {
    await knownScope(sql, scope);
    return sql.begin(async (transaction) => {
      const published = await publishIn(transaction, { kind: 'config', scope: scope as Scope, text: JSON.stringify(config), signer: signingKey, by: account?.name ?? '', now: now() });
      if (!published.ok && published.error.kind === 'unchanged') return { revision: published.error.revision };
      if (!published.ok) throw new ApiRefusal('HQ_INVALID', published.error.kind === 'malformed' ? published.error.detail : '');
      // Publications of one kind follow each other by a lock: what was in force before this one is known now, and not before.
      const [before] = await transaction<{ revision: number }[]>`
        select revision from documents where kind = 'config' and scope = ${scope} and withdrawn_at is null and revision < ${published.value.revision} order by revision desc limit 1`;
      if ((before?.revision ?? 0) !== revision) throw new ApiRefusal('HQ_CHANGED_MEANWHILE', 'somebody else has set these settings meanwhile', { revision: before?.revision ?? 0 });
      note(`${scope}, revision ${published.value.revision}`);
      return { revision: published.value.revision };
    });
  });
  api.serve(removeConfig, async ({ query: { scope, revision }, account, note }) => {
    if (scope === 'all') throw new ApiRefusal('HQ_INVALID', 'what is for all has nothing more general behind it');
    const gone = await withdraw(sql, { kind: 'config', scope: scope as Exclude<Scope, 'all'>, over: revision, signer: signingKey, by: account?.name ?? '', now: now() });
    if (gone === 'none') throw new ApiRefusal('HQ_NOT_FOUND', 'there are no settings of its own');
    if (gone === 'changed') throw new ApiRefusal('HQ_CHANGED_MEANWHILE', 'somebody else has set these settings meanwhile');
    note(scope);
    return {};
  });
}

const decisionWords: Readonly<Record<DecisionError['kind'], string>> = {
  unknown: 'HQ knows no key of this kiosk', none_waiting: 'this key does not wait for approval', nothing_to_undo: 'there is nothing to take back', several: 'several keys are meant: name one',
};

async function known(sql: Queries, kioskId: KioskId): Promise<void> {
  const [row] = await sql`select 1 from kiosks where kiosk_id = ${kioskId}`;
  if (!row) unknownKiosk();
}

async function knownScope(sql: Queries, scope: string): Promise<void> {
  if (scope.startsWith('kiosk:')) return known(sql, scope.slice('kiosk:'.length) as KioskId);
  if (scope === 'all') return;
  const [row] = await sql`select 1 from kiosk_groups where group_id = ${scope.slice('group:'.length)}`;
  if (!row) throw new ApiRefusal('HQ_NOT_FOUND', 'there is no such group');
}

function unknownKiosk(): never {
  throw new ApiRefusal('HQ_NOT_FOUND', 'there is no such kiosk');
}
