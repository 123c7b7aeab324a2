// oxlint-disable typescript/no-explicit-any -- answers are looked into as the JSON that they are
import { createHash, generateKeyPairSync } from 'node:crypto';
import { argon2Verify } from 'hash-wasm';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { Secret, TOTP } from 'otpauth';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { meaningOf } from '../../../domain/scan/scanned-code.ts';
import { recoveryCodeText } from '../../../domain/staff/codes.ts';
import type { AccountRole } from '../../contract/api/permissions.ts';
import { createApi } from '../api/serve.ts';
import type { Sql } from '../database.ts';
import { createDocumentSource } from '../down/documents.ts';
import { lockRevision } from '../down/publish.ts';
import { signingKeyOf } from '../identity/signing-key.ts';
import { ensureKiosk } from '../identity/kiosks.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { devStaff, ensureDevStaff } from './dev-staff.ts';
import { publishStaff } from './publish.ts';
import { staffRoutes } from './routes.ts';
import { plainText } from '../down/at-rest.ts';
import { createSeal } from './seal.ts';
import { pinFault } from './secrets.ts';

const signer = signingKeyOf(generateKeyPairSync('ed25519').privateKey);
const kiosk = kioskIdSchema.parse('kiosk-001');
const other = kioskIdSchema.parse('kiosk-002');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
let now: number;
let role: AccountRole | undefined;
let audited: string[];
let postgres: TestPostgres;
let sql: Sql;
let app: FastifyInstance;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  ({ sql } = await postgres.createDatabase());
  now = 1_800_000_000_000;
  role = 'operator';
  audited = [];
  for (const id of [kiosk, other]) await ensureKiosk(sql, id, id, now);
  app = Fastify();
  const api = createApi(app, {
    readSession: async () => role && ({ accountId: 'a', sessionId: 's', name: 'ana', role } as never), now: () => now,
    writeAudit: async (act) => audited.push(JSON.stringify(act)),
  });
  staffRoutes(api, { sql, now: () => now, signingKey: signer });
});
afterEach(async () => {
  await app.close();
  // Each test's connections: all of them together are more than there are.
  await sql.end({ timeout: 1 });
});

async function ask(method: 'GET' | 'POST' | 'PUT', url: string, payload: object = {}): Promise<{ status: number; body: any }> {
  const { statusCode, body } = await app.inject({ method, url, ...(method === 'GET' ? {} : { payload }) });
  return { status: statusCode, body: JSON.parse(body) };
}
const add = (number: string, places: string[] = ['all']) => ask('POST', '/api/staff/members', { number, name: `Member ${number}`, role: 'restocker', places });
const codeOf = (secret: string, at = now) => new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 }).generate({ timestamp: at });
async function link(number: string): Promise<string> {
  const { body } = await ask('POST', `/api/staff/members/${number}/link`);
  return body.path.split('#')[1];
}
async function enrol(number: string, pin = '583921'): Promise<{ secret: string; codes: string[] }> {
  const token = await link(number);
  const { body: opened } = await ask('POST', '/api/staff/enrolment', { token });
  const done = await ask('POST', '/api/staff/enrolment/finish', { token, pin, code: codeOf(opened.secret) });
  expect(done.status).toBe(200);
  return { secret: opened.secret, codes: done.body.codes };
}
const staffAt = async (kioskId = kiosk) => {
  const found = (await createDocumentSource(sql, signer).documentsFor(kioskId, {}, now)).find(({ kind }) => kind === 'staff');
  return (found?.content.kind === 'whole' ? JSON.parse(found.content.text).members : []) as { number: string; role: string; pinHash: string; totpSecret: string; recoveryHashes?: string[]; cardHash?: string }[];
};

describe('a member of staff', () => {
  test('sets PIN and time-based code by a link that is good once, and is then at every kiosk', async () => {
    expect(await add('3000')).toMatchObject({ status: 200 });
    expect(await staffAt()).toEqual([]);
    const { secret, codes } = await enrol('3000');
    const [member] = await staffAt();
    expect(member).toMatchObject({ number: '3000', role: 'restocker', totpSecret: secret });
    expect(await argon2Verify({ password: '583921', hash: member!.pinHash })).toBe(true);
    expect(member!.pinHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(codes).toHaveLength(10);
    expect(member!.recoveryHashes).toEqual(codes.map((code) => sha256(recoveryCodeText(code)!)));
    expect((await ask('GET', '/api/staff/members')).body.members).toMatchObject([{ number: '3000', isEnrolled: true, codesLeft: 10, linkUntil: null }]);
  });

  test('is not enrolled by a link that is used up, has run out, or of which a newer one was made; nor with a wrong code or a simple PIN', async () => {
    await add('3000');
    const old = await link('3000');
    const token = await link('3000');
    const open = (which: string) => ask('POST', '/api/staff/enrolment', { token: which });
    expect((await open(old)).status).toBe(404);
    const { body: { secret } } = await open(token);
    const finish = (pin: string, code: string) => ask('POST', '/api/staff/enrolment/finish', { token, pin, code });
    expect(await finish('123456', codeOf(secret))).toMatchObject({ status: 422, body: { field: 'pin', kind: 'trivial' } });
    expect(await finish('5839', codeOf(secret))).toMatchObject({ status: 422, body: { field: 'pin', kind: 'length' } });
    expect(await finish('583921', codeOf(secret, now - 300_000))).toMatchObject({ status: 422, body: { field: 'code' } });
    expect(await finish('583921', codeOf(secret))).toMatchObject({ status: 200 });
    expect((await finish('583921', codeOf(secret))).status).toBe(404);
    const late = await link('3000');
    now += 49 * 3_600_000;
    expect((await open(late)).status).toBe(404);
  });

  test('cannot be guessed into: after ten wrong codes the link is none', async () => {
    await add('3000');
    const token = await link('3000');
    const { body: { secret } } = await ask('POST', '/api/staff/enrolment', { token });
    const wrong = codeOf(secret, now - 300_000);
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask('POST', '/api/staff/enrolment/finish', { token, pin: '583921', code: wrong })));
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(10);
    expect((await ask('POST', '/api/staff/enrolment/finish', { token, pin: '583921', code: codeOf(secret) })).status).toBe(404);
  });

  test('comes in where they may: everywhere, at a group’s kiosks, or at one', async () => {
    await sql`insert into kiosk_groups ${sql({ group_id: 'metro', name: 'Metro' })}`;
    await sql`insert into kiosk_group_members ${sql({ group_id: 'metro', kiosk_id: other })}`;
    await add('1000');
    await add('2000', ['kiosk:kiosk-001']);
    await add('3000', ['group:metro']);
    for (const number of ['1000', '2000', '3000']) await enrol(number);
    expect((await staffAt()).map(({ number }) => number)).toEqual(['1000', '2000']);
    expect((await staffAt(other)).map(({ number }) => number)).toEqual(['1000', '3000']);
    // Into a group comes a kiosk, and the job takes it in; done again it is done.
    await sql`insert into kiosk_group_members ${sql({ group_id: 'metro', kiosk_id: kiosk })}`;
    expect(await publishStaff(sql, createSeal(signer), signer, now, 'HQ')).toBe(1);
    expect((await staffAt()).map(({ number }) => number)).toEqual(['1000', '2000', '3000']);
    expect(await publishStaff(sql, createSeal(signer), signer, now, 'HQ')).toBe(0);
    expect(await add('4000', ['kiosk:nowhere'])).toMatchObject({ status: 404 });
  });

  test('is ended at once, everywhere, and the number is nobody else’s', async () => {
    await add('3000');
    await add('2000', ['kiosk:kiosk-002']);
    await enrol('3000');
    await enrol('2000');
    expect((await ask('POST', '/api/staff/members/3000/end')).status).toBe(200);
    expect([await staffAt(), (await staffAt(other)).map(({ number }) => number)]).toEqual([[], ['2000']]);
    expect(await add('3000')).toMatchObject({ status: 422 });
    expect(await sql`select pin_hash, totp_sealed from staff_members where number = '3000'`).toEqual([{ pin_hash: null, totp_sealed: null }]);
    expect((await ask('POST', '/api/staff/members/3000/link')).status).toBe(404);
  });

  test('is changed by one person at a time', async () => {
    await add('3000');
    const seen = now;
    now += 1000;
    const change = (changedAt: number) => ask('PUT', '/api/staff/members/3000', { name: 'Li', role: 'manager', places: ['all'], changedAt });
    expect((await change(seen)).status).toBe(200);
    expect(await change(seen)).toMatchObject({ status: 409, body: { by: 'ana', at: now } });
  });

  test('has a card that a kiosk’s scanner knows; a new one ends the one before', async () => {
    await add('3000');
    await enrol('3000');
    const { body: { text } } = await ask('POST', '/api/staff/members/3000/card');
    const scanned = meaningOf({ catalogue: { offers: [] } as never, receiptUrlPrefix: 'https://x/r/' }, text);
    expect(scanned).toEqual({ kind: 'staff_card', card: text.slice('C24S:'.length) });
    expect((await staffAt())[0]!.cardHash).toBe(sha256(text.slice('C24S:'.length)));
    await ask('POST', '/api/staff/members/3000/card/drop');
    expect((await staffAt())[0]!.cardHash).toBeUndefined();
  });

  test('uses a recovery code up at a kiosk, and no kiosk takes it from then on', async () => {
    await add('3000');
    const { codes } = await enrol('3000');
    const used = sha256(recoveryCodeText(codes[3]!)!);
    await sql`insert into staff_codes_used (kiosk_id, number, code_hash, used_at) values (${kiosk}, '3000', ${used}, ${now})`;
    expect(await publishStaff(sql, createSeal(signer), signer, now, 'HQ')).toBe(1);
    expect((await staffAt(other))[0]!.recoveryHashes).toHaveLength(9);
    expect((await staffAt(other))[0]!.recoveryHashes).not.toContain(used);
    expect((await ask('GET', '/api/staff/members')).body.members[0].codesLeft).toBe(9);
  });
});

describe('a fleet’s lists', () => {
  const seal = createSeal(signer);
  const publishes = (forMs?: number) => publishStaff(sql, seal, signer, now, 'HQ', forMs === undefined ? {} : { forMs });
  const newest = async () => (await sql<{ revision: number }[]>`select coalesce(max(revision), 0) as revision from documents where kind = 'staff'`)[0]!.revision;
  /** How many lists each transaction has published since. */
  const piecesSince = async (revision: number) => (await sql<{ lists: number }[]>`select count(*)::int as lists from documents where kind = 'staff' and revision > ${revision} group by xmin::text order by min(revision)`).map(({ lists }) => lists);
  /** 60 kiosks in a group, two beside it; members everywhere, in the group, and at one kiosk. */
  const fleet = async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `metro-${String(index).padStart(2, '0')}`);
    await sql`insert into kiosk_groups ${sql({ group_id: 'metro', name: 'Metro' })}`;
    for (const id of ids) await ensureKiosk(sql, kioskIdSchema.parse(id), id, now);
    for (const id of ids) await sql`insert into kiosk_group_members ${sql({ group_id: 'metro', kiosk_id: id })}`;
    await add('1000');
    await add('2000', ['kiosk:kiosk-002']);
    await add('3000', ['group:metro']);
    for (const number of ['1000', '2000', '3000']) await enrol(number);
    return ids;
  };
  const scopesSince = async (revision: number) => (await sql<{ scope: string }[]>`select scope from documents where kind = 'staff' and revision > ${revision} order by scope`).map(({ scope }) => scope);

  test('that are as they should be are published by nobody and lock nothing', async () => {
    await fleet();
    const before = await newest();
    await sql.begin(async (transaction) => {
      await lockRevision(transaction, 'staff');
      const begun = performance.now();
      expect(await publishes()).toBe(0);
      // Who waits for the lock waits ten seconds for it, and is then refused.
      expect(performance.now() - begun).toBeLessThan(9000);
    });
    expect(await newest()).toBe(before);
  }, 60_000);

  test('change only where a member is placed who ends, in pieces that each hold the lock for few kiosks', async () => {
    const ids = await fleet();
    let before = await newest();
    expect((await ask('POST', '/api/staff/members/2000/end')).status).toBe(200);
    expect(await scopesSince(before)).toEqual(['kiosk:kiosk-002']);
    before = await newest();
    expect((await ask('POST', '/api/staff/members/3000/end')).status).toBe(200);
    expect(await scopesSince(before)).toEqual(ids.map((id) => `kiosk:${id}`));
    expect(await piecesSince(before)).toEqual([25, 25, 10]);
    expect((await staffAt(kioskIdSchema.parse('metro-59'))).map(({ number }) => number)).toEqual(['1000']);
  }, 60_000);

  test('are gone on with by the next run where one was cut off, and by then as things are then', async () => {
    const ids = await fleet();
    const before = await newest();
    await sql`update staff_members set ended_at = ${now}, pin_hash = null where number = '3000'`;
    expect(await publishes(0)).toBe(25);
    await sql`update staff_members set name = 'Renamed' where number = '1000'`;
    // All, kiosk-002 and the 60: the first 25 once more, since another was renamed.
    expect(await publishes()).toBe(62);
    expect(await publishes()).toBe(0);
    expect((await piecesSince(before)).every((lists) => lists <= 25)).toBe(true);
    for (const id of ids) expect(await staffAt(kioskIdSchema.parse(id)), id).toMatchObject([{ number: '1000', name: 'Renamed' }]);
  }, 60_000);

  test('that cannot be published now undo no act: whoever did it hears that it is done, and the job publishes it', async () => {
    await add('3000');
    await enrol('3000');
    await add('4000');
    const token = await link('4000');
    const { body: { secret } } = await ask('POST', '/api/staff/enrolment', { token });
    const before = await newest();
    // As where somebody holds the lock for longer than anybody waits for it, and at once.
    await sql.unsafe(`create function busy() returns trigger language plpgsql as $$ begin raise exception 'lock timeout' using errcode = '55P03'; end $$`);
    await sql.unsafe('create trigger busy before insert on documents for each row execute function busy()');
    expect((await ask('POST', '/api/staff/members/3000/end')).status).toBe(200);
    const finished = await ask('POST', '/api/staff/enrolment/finish', { token, pin: '583921', code: codeOf(secret) });
    // Told for the only time.
    expect([finished.status, finished.body.codes?.length]).toEqual([200, 10]);
    await sql.unsafe('drop trigger busy on documents');
    expect(audited.filter((entry) => /kiosks are told later/.test(entry)).map((entry) => JSON.parse(entry).route).toSorted()).toEqual(['POST /api/staff/enrolment/finish', 'POST /api/staff/members/:number/end']);
    expect(await newest()).toBe(before);
    expect(await publishes()).toBe(1);
    expect((await staffAt()).map(({ number }) => number)).toEqual(['4000']);
  }, 60_000);
});

describe('secrets of the staff', () => {
  test('lie sealed in the database, each for its member alone, and stand in no audit', async () => {
    await add('3000');
    const { secret, codes } = await enrol('3000');
    const [row] = await sql<{ totp_sealed: string }[]>`select totp_sealed from staff_members`;
    const dump = JSON.stringify([await sql`select * from staff_members`, await sql`select * from staff_enrolments`, await sql`select * from documents`]);
    expect(dump).toContain('sealed:');
    for (const plain of [secret, '583921', ...codes]) expect(dump + audited.join()).not.toContain(plain);
    const seal = createSeal(signer);
    expect(seal.open(row!.totp_sealed, '3000')).toBe(secret);
    expect(() => seal.open(row!.totp_sealed, '2000')).toThrow();
    expect(() => createSeal(signingKeyOf(generateKeyPairSync('ed25519').privateKey)).open(row!.totp_sealed, '3000')).toThrow();
  });

  test('a PIN that is tried first is none', () => {
    for (const pin of ['123456', '654321', '000000', '121212', '123123', '246802', '19900312', '900312', '112211', '330001', '12345', '1234567890123', 'abcdef']) expect(pinFault(pin, '3000'), pin).toBeDefined();
    for (const pin of ['583921', '90417352', ...devStaff.map((member) => member.pin)]) expect(pinFault(pin, '3000'), pin).toBeUndefined();
  });

  test('are made and seen by those alone who may', async () => {
    for (role of ['viewer', 'merchandiser', 'accountant'] as const) {
      expect((await add('3000')).status).toBe(403);
      expect((await ask('GET', '/api/staff/members')).status).toBe(403);
    }
    role = undefined;
    expect((await ask('POST', '/api/staff/members/3000/card')).status).toBe(401);
    expect((await ask('POST', '/api/staff/enrolment', { token: 'x'.repeat(32) })).status).toBe(404);
  });

  test('of development are there once, and known', async () => {
    await ensureDevStaff(sql, signer, now);
    await ensureDevStaff(sql, signer, now);
    const members = await staffAt();
    expect(members.map(({ number, role: held }) => [number, held])).toEqual([['1000', 'manager'], ['2000', 'technician'], ['3000', 'restocker']]);
    for (const [index, { pin, recoveryCode, card }] of devStaff.entries()) {
      expect(await argon2Verify({ password: pin, hash: members[index]!.pinHash })).toBe(true);
      expect(members[index]!.recoveryHashes).toEqual([sha256(recoveryCodeText(recoveryCode)!)]);
      expect(members[index]!.cardHash).toBe(sha256(card));
    }
  });

  test('after HQ has lost its key, those with a secret of that one are published without it, and a new link makes a new one', async () => {
    await add('1000');
    await add('2000');
    const first = await enrol('1000');
    const renewed = signingKeyOf(generateKeyPairSync('ed25519').privateKey);
    const documentOf = async (by: typeof signer) => JSON.parse(plainText((await sql<{ text: string }[]>`select text from documents where kind = 'staff' order by revision desc limit 1`)[0]!.text, by)!).members as { number: string; totpSecret?: string }[];
    expect(await documentOf(signer)).toMatchObject([{ number: '1000', totpSecret: first.secret }]);
    expect(await publishStaff(sql, createSeal(renewed), renewed, now, 'HQ')).toBe(1);
    expect((await documentOf(renewed)).map(({ number, totpSecret }) => [number, totpSecret])).toEqual([['1000', undefined]]);
  });
});
