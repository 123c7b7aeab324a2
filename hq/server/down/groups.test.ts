import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DownRequest } from '../../../domain/contract/hq-down.ts';
import { documentSignatureText } from '../../../domain/contract/hq-down.ts';
import { kioskIdSchema } from '../../../domain/ids.ts';
import type { Sql } from '../database.ts';
import { connectDatabase } from '../database.ts';
import { signingKeyOf } from '../identity/signing-key.ts';
import type { TestDatabase, TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { createDocumentSource } from './documents.ts';
import { cancelPlan, listPlans, plan, publishDue } from './planned.ts';
import type { Scope } from './publish.ts';
import { publish, withdraw } from './publish.ts';

const kiosk = kioskIdSchema.parse('kiosk-001');
const other = kioskIdSchema.parse('kiosk-002');
const pair = generateKeyPairSync('ed25519');
const signer = signingKeyOf(pair.privateKey);
const now = 1_800_000_000_000;
const soldOut = (...offerIds: string[]) => JSON.stringify({ offerIds });
const sha = (text: string) => createHash('sha256').update(text).digest('hex');

let postgres: TestPostgres;
let database: TestDatabase;
let sql: Sql;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  database = await postgres.createDatabase();
  ({ sql } = database);
});

const say = async (text: string, scope: Scope) => {
  const done = await publish(sql, { kind: 'sold_out', scope, text, signer, by: 'Ana', now });
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return done.value.revision;
};
const join = (group: string, kioskId: string) => sql`insert into kiosk_group_members ${sql({ group_id: group, kiosk_id: kioskId })}`;
const leave = (group: string, kioskId: string) => sql`delete from kiosk_group_members where group_id = ${group} and kiosk_id = ${kioskId}`;
const get = async (kioskId = kiosk, has: DownRequest['documents'] = {}) => (await createDocumentSource(sql, signer).documentsFor(kioskId, has, now))[0];
const held = (revision: number, text: string): DownRequest['documents'] => ({ sold_out: { revision, sha256: sha(text) } });

describe('a group’s document', () => {
  test('goes to its members as their own, signed for each, so that a kiosk which knows no groups takes it', async () => {
    await join('metro', kiosk);
    await say(soldOut('general'), 'all');
    await say(soldOut('metro'), 'group:metro');
    await say(soldOut('general-again'), 'all');
    const document = await get();
    expect(document).toMatchObject({ revision: 2, scope: 'kiosk:kiosk-001', sha256: sha(soldOut('metro')) });
    expect(verify(null, Buffer.from(documentSignatureText('sold_out', 2, 'kiosk:kiosk-001', sha(soldOut('metro')))), pair.publicKey, Buffer.from(document!.signature, 'base64'))).toBe(true);
    expect(await get(other)).toMatchObject({ revision: 3, scope: 'all' });
    expect(await get(kiosk, held(2, soldOut('metro')))).toBeUndefined();
  });

  test('gives way to a kiosk’s own; of two groups’ the newer one counts', async () => {
    await join('metro', kiosk);
    await join('airport', kiosk);
    await say(soldOut('airport'), 'group:airport');
    await say(soldOut('metro'), 'group:metro');
    expect(await get()).toMatchObject({ revision: 2 });
    await say(soldOut('airport-again'), 'group:airport');
    expect(await get()).toMatchObject({ revision: 3, sha256: sha(soldOut('airport-again')) });
    await say(soldOut('own'), `kiosk:${kiosk}`);
    await say(soldOut('metro-again'), 'group:metro');
    expect(await get()).toMatchObject({ revision: 4, sha256: sha(soldOut('own')) });
  });

  test('reaches one that comes into the group, and leaves one that goes, above what it holds: once, however many ask', async () => {
    await say(soldOut('metro'), 'group:metro');
    await say(soldOut('general'), 'all');
    expect(await get(kiosk)).toMatchObject({ revision: 2 });
    await join('metro', kiosk);
    expect(await get(kiosk, held(2, soldOut('general')))).toMatchObject({ revision: 3, sha256: sha(soldOut('metro')) });
    await leave('metro', kiosk);
    await Promise.all([get(kiosk, held(3, soldOut('metro'))), get(kiosk, held(3, soldOut('metro')))]);
    expect(await get(kiosk, held(3, soldOut('metro')))).toMatchObject({ revision: 4, scope: 'all', sha256: sha(soldOut('general')) });
    expect(await sql`select count(*) as n from documents`).toEqual([{ n: 4 }]);
    // Where nothing more general is, it keeps what it has.
    await sql`update documents set withdrawn_at = 1 where scope = 'all'`;
    expect(await get(kiosk, held(3, soldOut('metro')))).toBeUndefined();
  });

  test('goes again instead of a kiosk’s own that was withdrawn, and can be withdrawn itself', async () => {
    await join('metro', kiosk);
    await say(soldOut('general'), 'all');
    await say(soldOut('metro'), 'group:metro');
    await say(soldOut('own'), `kiosk:${kiosk}`);
    expect(await withdraw(sql, { kind: 'sold_out', scope: `kiosk:${kiosk}`, signer, by: 'Ana', now })).toEqual({ revision: 4 });
    expect(await get(kiosk, held(3, soldOut('own')))).toMatchObject({ revision: 4, sha256: sha(soldOut('metro')), scope: `kiosk:${kiosk}` });
    expect(await withdraw(sql, { kind: 'sold_out', scope: 'group:metro', signer, by: 'Ana', now })).toEqual({ revision: 5 });
    expect(await get(kiosk, held(4, soldOut('metro')))).toMatchObject({ revision: 5, scope: 'all', sha256: sha(soldOut('general')) });
    expect(await withdraw(sql, { kind: 'sold_out', scope: 'group:metro', signer, by: 'Ana', now })).toBe('none');
  });
});

describe('what is planned', () => {
  const planned = (text: string, at: number) => plan(sql, { kind: 'sold_out', scope: 'all', text, at, by: 'Ana', now, over: 0 });

  test('is published when its time has come, once, by two processes at the same moment', async () => {
    await planned(soldOut('later'), now + 5000);
    for (let index = 0; index < 5; index++) await planned(soldOut(`now-${index}`), now + index);
    const elsewhere = connectDatabase(database.url);
    const counts = await Promise.all([publishDue(sql, signer, now + 100), publishDue(elsewhere, signer, now + 100), publishDue(sql, signer, now + 100)]);
    await elsewhere.end();
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5);
    expect(await sql`select revision, published_by from documents order by revision`).toEqual([1, 2, 3, 4, 5].map((revision) => ({ revision, published_by: 'Ana' })));
    expect((await listPlans(sql, 'sold_out')).map(({ state }) => state)).toEqual(['waiting', 'published', 'published', 'published', 'published', 'published']);
  });

  test('can be cancelled until then; one that is no document any more fails with its reason, and holds up nothing', async () => {
    const id = await planned(soldOut('x'), now - 1);
    expect(await cancelPlan(sql, id, now)).toBe(true);
    expect(await cancelPlan(sql, id, now)).toBe(false);
    await planned('{"offerIds": 3}', now);
    await planned(soldOut('y'), now + 1);
    expect(await publishDue(sql, signer, now + 1)).toBe(2);
    expect((await listPlans(sql, 'sold_out')).map(({ state, revision, detail }) => [state, revision, detail?.split(':')[0]])).toEqual([['published', 1, undefined], ['failed', null, 'what Ana planned at 2027-01-15T08'], ['cancelled', null, undefined]]);
  });

  test('may hold its own revision', async () => {
    const done = await publish(sql, { kind: 'sold_out', scope: 'all', text: (revision) => soldOut(`r-${revision}`), signer, by: 'Ana', now });
    expect(done).toMatchObject({ ok: true, value: { revision: 1, sha256: sha(soldOut('r-1')) } });
  });
});
