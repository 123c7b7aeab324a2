import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DownRequest } from '../../../domain/contract/hq-down.ts';
import { documentSignatureText } from '../../../domain/contract/hq-down.ts';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { applyTextDelta } from '../../../domain/sync/text-delta.ts';
import type { Sql } from '../database.ts';
import { signingKeyOf } from '../identity/signing-key.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { createDocumentSource } from './documents.ts';
import type { Scope } from './publish.ts';
import { listDocuments, publish, withdraw } from './publish.ts';

const kiosk = kioskIdSchema.parse('kiosk-001');
const other = kioskIdSchema.parse('kiosk-002');
const pair = generateKeyPairSync('ed25519');
const signer = signingKeyOf(pair.privateKey);
const now = 1_800_000_000_000;
const soldOut = (...offerIds: string[]) => JSON.stringify({ offerIds }, null, 2);
const many = (count: number, changed = '') => soldOut(...Array.from({ length: count }, (_, index) => `offer-${index}`), ...(changed ? [changed] : []));
const sha = (text: string) => createHash('sha256').update(text).digest('hex');

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());

const say = (sql: Sql, text: string, scope: Scope = 'all') => publish(sql, { kind: 'sold_out', scope, text, signer, by: 'Ana', now });
const say1 = async (sql: Sql, text: string, scope: Scope = 'all') => {
  const done = await say(sql, text, scope);
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return done.value;
};
async function fetchFor(sql: Sql, has: DownRequest['documents'] = {}, kioskId = kiosk, at = now) {
  return createDocumentSource(sql, signer).documentsFor(kioskId, has, at);
}

describe('publishing', () => {
  test('gives a kiosk the exact text, signed for its revision and scope', async () => {
    const { sql } = await postgres.createDatabase();
    const text = ' { "offerIds": [ "latte" ] }\n';
    expect(await say1(sql, text)).toEqual({ revision: 1, sha256: sha(text) });
    const [document] = await fetchFor(sql);
    expect(document).toMatchObject({ kind: 'sold_out', revision: 1, scope: 'all', sha256: sha(text), content: { kind: 'whole', text } });
    const signed = Buffer.from(documentSignatureText('sold_out', 1, 'all', sha(text)));
    expect(verify(null, signed, pair.publicKey, Buffer.from(document!.signature, 'base64'))).toBe(true);
    expect(await fetchFor(sql, { sold_out: { revision: 1, sha256: sha(text) } })).toEqual([]);
  });

  test('the same text again is unchanged, unless another key has signed it: no kiosk would take that', async () => {
    const { sql } = await postgres.createDatabase();
    await say1(sql, soldOut('latte'));
    expect(await say(sql, soldOut('latte'))).toMatchObject({ ok: false, error: { kind: 'unchanged', revision: 1 } });
    const newKey = signingKeyOf(generateKeyPairSync('ed25519').privateKey);
    expect(await publish(sql, { kind: 'sold_out', scope: 'all', text: soldOut('latte'), signer: newKey, by: 'Ana', now })).toMatchObject({ ok: true, value: { revision: 2 } });
  });

  test.each([
    ['no JSON', '{', /no JSON/], ['another shape', '{"offers":[]}', /offerIds/], ['a NUL', '{"offerIds":["a\0"]}', /NUL/],
    ['half a surrogate pair', '{"offerIds":["\ud800"]}', /Unicode/], ['a deep nest', '['.repeat(50_000), /nests deeper/],
  ])('refuses %s in words, and takes no number for it', async (_title, text, words) => {
    const { sql } = await postgres.createDatabase();
    expect(await say(sql, text)).toMatchObject({ ok: false, error: { kind: 'malformed', detail: expect.stringMatching(words) } });
    expect((await say1(sql, soldOut('latte'))).revision).toBe(1);
  });

  test('of what is in force already makes no revision', async () => {
    const { sql } = await postgres.createDatabase();
    await say1(sql, soldOut('latte'));
    expect(await say(sql, soldOut('latte'))).toEqual({ ok: false, error: { kind: 'unchanged', revision: 1 } });
    expect((await say1(sql, soldOut('tea'))).revision).toBe(2);
  });

  test('by many at once gives each its own number, without a gap, rising as they commit', async () => {
    const { sql } = await postgres.createDatabase();
    const done = await Promise.all(Array.from({ length: 12 }, (_, index) => say1(sql, soldOut(`offer-${index}`))));
    expect(done.map(({ revision }) => revision).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    const newest = done.find(({ revision }) => revision === 12);
    expect((await fetchFor(sql))[0]).toMatchObject({ revision: 12, sha256: newest?.sha256 });
  });

  test('that fails gives its number to the next one', async () => {
    const { sql } = await postgres.createDatabase();
    const broken = { sign: () => { throw new Error('no key'); } };
    await expect(publish(sql, { kind: 'sold_out', scope: 'all', text: soldOut('a'), signer: broken, by: 'Ana', now })).rejects.toThrow('no key');
    expect((await say1(sql, soldOut('latte'))).revision).toBe(1);
  });
});

describe('what a kiosk gets', () => {
  test('is a delta from the revision that it has, where that is smaller', async () => {
    const { sql } = await postgres.createDatabase();
    const texts = [many(500), many(500, 'new-one')];
    for (const text of texts) await say1(sql, text);
    const [document] = await fetchFor(sql, { sold_out: { revision: 1, sha256: sha(texts[0]!) } });
    if (document?.content.kind !== 'delta') throw new Error('no delta');
    expect(document.content.base).toBe(1);
    expect(JSON.stringify(document.content.delta).length).toBeLessThan(200);
    expect(applyTextDelta(texts[0]!, document.content.delta)).toEqual({ ok: true, value: texts[1] });
  });

  test('is whole where its text is not the one that HQ had under that number, and where everything changed', async () => {
    const { sql } = await postgres.createDatabase();
    await say1(sql, many(50));
    await say1(sql, many(50, 'new-one'));
    expect((await fetchFor(sql, { sold_out: { revision: 1, sha256: sha('x') } }))[0]?.content.kind).toBe('whole');
    await say1(sql, '{"offerIds":["z"]}');
    expect((await fetchFor(sql, { sold_out: { revision: 1, sha256: sha(many(50)) } }))[0]?.content.kind).toBe('whole');
  });

  test('is whole for one that is more than twenty revisions behind; hashes and authors of old ones stay', async () => {
    const { sql } = await postgres.createDatabase();
    for (let index = 0; index < 22; index++) await say1(sql, many(100, `new-${index}`));
    expect((await fetchFor(sql, { sold_out: { revision: 1, sha256: sha(many(100, 'new-0')) } }))[0]?.content.kind).toBe('whole');
    expect((await fetchFor(sql, { sold_out: { revision: 3, sha256: sha(many(100, 'new-2')) } }))[0]?.content.kind).toBe('delta');
    expect(await sql`select count(*) as n, count(text) as texts from documents`).toEqual([{ n: 22, texts: 20 }]);
  });

  test('is its own before what is for all, whichever is newer, until that is withdrawn', async () => {
    const { sql } = await postgres.createDatabase();
    await say1(sql, soldOut('general'));
    await say1(sql, soldOut('own'), `kiosk:${kiosk}`);
    await say1(sql, soldOut('general-again'));
    expect((await fetchFor(sql))[0]).toMatchObject({ revision: 2, scope: 'kiosk:kiosk-001' });
    expect((await fetchFor(sql, {}, other))[0]).toMatchObject({ revision: 3, scope: 'all' });
    expect(await fetchFor(sql, { sold_out: { revision: 2, sha256: sha(soldOut('own')) } })).toEqual([]);
    expect(await withdraw(sql, { kind: 'sold_out', scope: `kiosk:${kiosk}`, signer, by: 'Ana', now })).toEqual({ revision: 4 });
    const [document] = await fetchFor(sql, { sold_out: { revision: 2, sha256: sha(soldOut('own')) } });
    expect(document).toMatchObject({ revision: 4, scope: 'all', sha256: sha(soldOut('general-again')) });
    expect(await withdraw(sql, { kind: 'sold_out', scope: `kiosk:${kiosk}`, signer, by: 'Ana', now })).toBe('none');
    expect((await listDocuments(sql)).map(({ revision, scope }) => [revision, scope])).toEqual([[4, 'all']]);
  });

  test('is not sent each minute again once it refused it, but is tried again after an hour', async () => {
    const { sql } = await postgres.createDatabase();
    const { sha256 } = await say1(sql, soldOut('latte'));
    await sql`
      insert into kiosk_documents (kiosk_id, document, epoch, sequence, revision, sha256, outcome, occurred_at)
      values (${kiosk}, 'sold_out', 1, 1, 1, ${sha256}, 'refused', ${now})`;
    expect(await fetchFor(sql)).toEqual([]);
    expect(await fetchFor(sql, {}, other)).toHaveLength(1);
    expect(await fetchFor(sql, {}, kiosk, now + 3_700_000)).toHaveLength(1);
  });

  test('after HQ was restored from a copy is nothing older; the next publication is above everything that kiosks have', async () => {
    const { sql } = await postgres.createDatabase();
    await say1(sql, soldOut('old'));
    expect(await fetchFor(sql, { sold_out: { revision: 5, sha256: sha('lost') } })).toEqual([]);
    expect((await say1(sql, soldOut('new'))).revision).toBe(6);
    // Published before any kiosk had asked: it comes once more, above what they have.
    const { revision: low } = await say1(sql, soldOut('low'));
    await sql`
      insert into kiosk_documents (kiosk_id, document, epoch, sequence, revision, sha256, outcome, occurred_at)
      values (${kiosk}, 'sold_out', 1, 1, ${low + 20}, ${sha('lost, too')}, 'applied', ${now - 1})`;
    const has = { sold_out: { revision: low + 20, sha256: sha('lost, too') } };
    expect(await fetchFor(sql, has)).toEqual([]);
    expect((await fetchFor(sql, has))[0]).toMatchObject({ revision: low + 21, sha256: sha(soldOut('low')) });
    // Once: nothing was published since.
    await fetchFor(sql, has);
    expect((await fetchFor(sql, has))[0]?.revision).toBe(low + 21);
    // A kiosk that says what cannot be does not use up the numbers.
    await fetchFor(sql, { sold_out: { revision: Number.MAX_SAFE_INTEGER, sha256: sha('lost') } });
    expect((await say1(sql, soldOut('newer'))).revision).toBe(low + 22);
  });
});
