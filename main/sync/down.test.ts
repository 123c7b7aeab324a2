import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command, DocumentKind, DocumentRevision, DownAnswer, DownRequest } from '../../domain/contract/hq-down.ts';
import { documentSignatureText, downRequestSchema } from '../../domain/contract/hq-down.ts';
import { kioskIdSchema, uuidV7From } from '../../domain/ids.ts';
import { err, ok } from '../../domain/result.ts';
import { makeTextDelta } from '../../domain/sync/text-delta.ts';
import { createCommandInbox, createCommandStore } from '../store/commands.ts';
import { createDocumentInbox, createDocumentStore } from '../store/documents.ts';
import { createEmitter } from '../store/emitter.ts';
import { migrations } from '../store/migrations/all.ts';
import { createOutbox } from '../store/outbox.ts';
import type { Down } from './down.ts';
import { createDown } from './down.ts';

const kioskId = kioskIdSchema.parse('kiosk-001');
const boot = '11111111-1111-4111-8111-111111111111';
const keys = generateKeyPairSync('ed25519');
const strangers = generateKeyPairSync('ed25519');
const hashOf = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

function revisionOf(kind: DocumentKind, revision: number, text: string, change: Partial<DocumentRevision> & { key?: typeof keys; base?: [number, string] } = {}): DocumentRevision {
  const { key = keys, base, ...rest } = change;
  const scope = rest.scope ?? 'all';
  const sha256 = rest.sha256 ?? hashOf(text);
  const signature = sign(null, Buffer.from(documentSignatureText(kind, revision, scope, sha256)), key.privateKey).toString('base64');
  const content = base ? { kind: 'delta' as const, base: base[0], delta: makeTextDelta(base[1], text)! } : { kind: 'whole' as const, text };
  return { kind, revision, scope, sha256, signature, content, ...rest };
}

const texts = (words: Record<string, string>) => JSON.stringify(Object.fromEntries(Object.entries(words).map(([name, word]) => [name, { zh: word, en: word }])), undefined, 2);
const command = (index: number, rest: Partial<Command> = {}): Command => ({ id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`, sequence: index, kind: 'back_up', params: {}, expiresInMs: 60_000, ...rest });

let database: Database.Database;
let asked: DownRequest[];
let posted: { path: string; body: unknown }[];
let refused: [string, number, string][];
let news: number;
/** What HQ answers to the next questions, in order; nothing new after them. */
let answers: (Partial<DownAnswer> | 'away')[];
let monotonicMs: number;
let duringPost: () => Promise<void>;

beforeEach(() => {
  database = new Database(':memory:');
  for (const { sql, finish } of migrations) {
    database.exec(sql);
    finish?.(database);
  }
  [asked, posted, refused, news, answers, monotonicMs] = [[], [], [], 0, [], 1000];
  duringPost = async () => {};
});
afterEach(() => void database.close());

function down(): Down {
  return createDown({
    kioskId, hqKey: () => keys.publicKey, documents: createDocumentInbox(database), commands: createCommandInbox(database, boot), outbox: createOutbox(database),
    now: () => 5, monotonicMs: () => monotonicMs, onNews: () => (news += 1), onRefused: (...told) => void refused.push(told),
    async post(path, body) {
      await duringPost();
      if (path !== '/api/kiosk/down') {
        posted.push({ path, body });
        return ok({ accepted: 1 });
      }
      asked.push(downRequestSchema.parse(JSON.parse(JSON.stringify(body))));
      const answer = answers.shift() ?? {};
      if (answer === 'away') return err({ kind: 'away', detail: 'nobody answers' });
      return ok(JSON.parse(JSON.stringify({ hqTime: 1, documents: [], commands: [], resend: [], ...answer })));
    },
  });
}

const inbox = () => createDocumentInbox(database);
const refusedRow = () => database.prepare<[], { value: string }>("SELECT value FROM sync_state WHERE name LIKE 'refused%'").all();

describe('a revision of HQ', () => {
  it('is kept as its exact text, and told as held from then on', async () => {
    const text = `${texts({ help: '帮助' })}\n`;
    answers = [{ documents: [revisionOf('texts', 4, text)] }];
    expect(await down().poll()).toEqual(ok({ documents: ['texts'], refused: [], commands: 0, resent: 0 }));
    expect(inbox().textOf('texts', 4)).toBe(text);
    expect(asked.map(({ documents }) => documents)).toEqual([{}, { texts: { revision: 4, sha256: hashOf(text) } }]);
    expect(news).toBeGreaterThan(0);
  });

  it('is made by a delta of exactly the text that is here, waiting or in force', async () => {
    const [one, two, three] = [texts({ a: '1' }), texts({ a: '1', b: '2' }), texts({ a: '1', b: '3' })];
    answers = [{ documents: [revisionOf('texts', 1, one)] }, { documents: [revisionOf('texts', 2, two, { base: [1, one] })] }, { documents: [revisionOf('texts', 3, three, { base: [2, two] })] }];
    expect(await down().poll()).toMatchObject({ ok: true, value: { documents: ['texts'], refused: [] } });
    expect(inbox().textOf('texts', 3)).toBe(three);
  });

  it('is asked for whole where its delta does not make its hash, and where its base is not here', async () => {
    const text = texts({ a: '1' });
    const unfit: DocumentRevision = { ...revisionOf('texts', 3, text), content: { kind: 'delta', base: 2, delta: [[0, 99]] } };
    for (const [revision, bad] of [[2, revisionOf('texts', 2, text, { base: [1, 'another text'] })], [3, unfit]] as const) {
      answers = [{ documents: [bad] }, { documents: [revisionOf('texts', revision, text)] }];
      asked = [];
      expect(await down().poll()).toMatchObject({ ok: true, value: { documents: ['texts'], refused: [] } });
      expect(asked[1]?.documents).toEqual({ texts: { revision: 0, sha256: '0'.repeat(64) } });
    }
    expect(refused).toEqual([]);
  });

  it.each<[string, DocumentRevision, string]>([
    ['signed by another key', revisionOf('texts', 2, texts({}), { key: strangers }), "not signed by HQ's key"],
    ['signed as another revision', { ...revisionOf('texts', 2, texts({})), revision: 3 }, "not signed by HQ's key"],
    ['signed as another kind', { ...revisionOf('texts', 2, texts({})), kind: 'sold_out' }, "not signed by HQ's key"],
    ['for another kiosk', revisionOf('texts', 2, texts({}), { scope: 'kiosk:kiosk-002' }), 'it is for kiosk:kiosk-002'],
    ['with another hash', revisionOf('texts', 2, texts({}), { sha256: '7'.repeat(64) }), 'its text does not have its hash'],
    ['no JSON', revisionOf('texts', 2, '{'), 'it is no JSON'],
    ['against its schema', revisionOf('sold_out', 2, '{"offerIds":["UPPER"]}'), 'offerIds'],
    ['a catalogue that contradicts itself', revisionOf('catalogue', 2, '{"revision":1}'), 'currency'],
  ])('is refused whole, and what was there stays: %s', async (_name, bad, detail) => {
    const old = bad.kind === 'texts' ? texts({ old: '1' }) : '{"offerIds":[]}';
    const hasOld = bad.kind !== 'catalogue';
    answers = [...(hasOld ? [{ documents: [revisionOf(bad.kind, 1, old)] }] : []), { documents: [bad] }];
    expect(await down().poll()).toMatchObject({ ok: true, value: { refused: [bad.kind] } });
    expect(refused).toMatchObject([[bad.kind, bad.revision, expect.stringContaining(detail)]]);
    expect(inbox().held()[bad.kind]?.revision).toBe(hasOld ? 1 : undefined);
    expect(refusedRow()).toHaveLength(1);
  });

  it('that was refused does not come down again with each poll, but may an hour later; it is told once', async () => {
    const bad = revisionOf('texts', 2, '{');
    answers = [{ documents: [bad] }];
    const asking = down();
    await asking.poll();
    expect(asked.at(-1)?.documents).toEqual({ texts: { revision: 2, sha256: bad.sha256 } });
    monotonicMs += 3_600_000;
    answers = [{ documents: [bad] }];
    await asking.poll();
    expect(asked.map(({ documents }) => Object.keys(documents).length)).toEqual([0, 1, 0, 1]);
    const store = createDocumentStore(database, createEmitter({ database, now: () => 1, newId: () => uuidV7From(1, new Uint8Array(10)) }));
    expect([store.tellRefusals(), store.tellRefusals()]).toEqual([1, 0]);
  });

  it('with a lower number than what is here changes nothing; the same number with another text does', async () => {
    const [five, other] = [texts({ five: '5' }), texts({ other: '5' })];
    answers = [{ documents: [revisionOf('texts', 5, five)] }, { documents: [revisionOf('texts', 4, texts({}))] }];
    await down().poll();
    expect(inbox().held()).toEqual({ texts: { revision: 5, sha256: hashOf(five) } });
    answers = [{ documents: [revisionOf('texts', 5, other)] }];
    await down().poll();
    expect(inbox().textOf('texts', 5)).toBe(other);
  });

  it('is refused before the kiosk knows any HQ', async () => {
    answers = [{ documents: [revisionOf('texts', 1, texts({}))] }];
    const blind = createDown({
      kioskId, hqKey: () => undefined, documents: inbox(), commands: createCommandInbox(database, boot), outbox: createOutbox(database), now: () => 5, monotonicMs: () => 1,
      onNews: () => {}, onRefused: () => {}, post: async () => ok({ hqTime: 1, commands: [], resend: [], documents: [], ...(answers.shift() as object | undefined) }),
    });
    expect(await blind.poll()).toMatchObject({ ok: true, value: { documents: [], refused: ['texts'] } });
  });

  it('ends at the right text, whatever was lost, wrong or sent as a delta on the way', async () => {
    const steps = fc.array(fc.constantFrom('whole', 'delta', 'wrong_delta', 'wrong_hash', 'away', 'restart'), { minLength: 1, maxLength: 12 });
    await fc.assert(fc.asyncProperty(steps, async (kinds) => {
      database.exec('DELETE FROM documents; DELETE FROM sync_state');
      let asking = down();
      let text = texts({ word: '0' });
      let revision = 1;
      answers = [{ documents: [revisionOf('texts', 1, text)] }];
      await asking.poll();
      for (const kind of kinds) {
        const before = [revision, text] as [number, string];
        revision += 1;
        text = texts({ word: `${revision}`, [`more-${revision}`]: 'x' });
        const whole = { documents: [revisionOf('texts', revision, text)] };
        if (kind === 'whole') answers = [whole];
        else if (kind === 'delta') answers = [{ documents: [revisionOf('texts', revision, text, { base: before })] }, whole];
        else if (kind === 'wrong_delta') answers = [{ documents: [revisionOf('texts', revision, text, { base: [before[0], `${before[1]}\nmore`] })] }, whole];
        else if (kind === 'wrong_hash') answers = [{ documents: [revisionOf('texts', revision, text, { sha256: '1'.repeat(64) })] }];
        else answers = ['away'];
        if (kind === 'restart') asking = down();
        await asking.poll();
        const held = inbox().held().texts!;
        expect(hashOf(inbox().textOf('texts', held.revision)!)).toBe(held.sha256);
      }
      revision += 1;
      answers = [{ documents: [revisionOf('texts', revision, text)] }];
      await asking.poll();
      expect(inbox().textOf('texts', revision)).toBe(text);
    }), { numRuns: 60 });
  });
});

describe('what else comes down', () => {
  it('commands are on disk before HQ hears of it by the cursor, with their time by the monotonic clock from the question on', async () => {
    answers = [{ commands: [command(1), command(2, { kind: 'self_destruct' })] }];
    duringPost = async () => void (monotonicMs += 500);
    expect(await down().poll()).toMatchObject({ ok: true, value: { commands: 2 } });
    expect(asked.map(({ commands }) => commands)).toEqual([0, 2]);
    const emitter = createEmitter({ database, now: () => 1, newId: () => uuidV7From(1, new Uint8Array(10)) });
    expect(createCommandStore(database, emitter, boot).open().map(({ kind, beginBeforeMs }) => [kind, beginBeforeMs])).toEqual([['back_up', 61_000], ['self_destruct', 61_000]]);
  });

  it('events that HQ asks for again are sent as they stand, in portions', async () => {
    let ids = 0;
    const emitter = createEmitter({ database, now: () => 1, newId: () => uuidV7From(++ids, new Uint8Array(10)) });
    emitter.transaction(() => {
      for (let index = 0; index < 5; index++) emitter.emit('command.answered', { commandId: command(index).id, command: 'refund', outcome: 'done', detail: 'x'.repeat(150_000) });
    })();
    answers = [{ resend: [{ lane: 'orders', epoch: 1, sequences: [2, 3, 4, 5, 99] }] }];
    expect(await down().poll()).toMatchObject({ ok: true, value: { resent: 4 } });
    const bodies = posted.map(({ body }) => body as { lane: string; epoch: number; events: { sequence: number; hash: string }[] });
    expect(bodies.map(({ lane, epoch, events }) => [lane, epoch, events.map(({ sequence }) => sequence)])).toEqual([['orders', 1, [2, 3]], ['orders', 1, [4, 5]]]);
    expect(bodies[0]!.events).toEqual(createOutbox(database).eventsAt('orders', 1, [2, 3]));
  });

  it('documents of a kind that only a newer HQ knows keep nothing else from the kiosk', async () => {
    const text = texts({ a: '1' });
    answers = [{ documents: [{ ...revisionOf('texts', 9, 'x'), kind: 'planet' as never }, revisionOf('texts', 1, text)], commands: [command(1)] }];
    expect(await down().poll()).toMatchObject({ ok: true, value: { documents: ['texts'], refused: [], commands: 1 } });
  });

  it('an answer that is none changes nothing, and HQ that is away is told as such', async () => {
    const asking = down();
    answers = [{ documents: 'all of them' as never }];
    expect(await asking.poll()).toMatchObject({ ok: false, error: { kind: 'malformed' } });
    answers = ['away'];
    expect(await asking.poll()).toMatchObject({ ok: false, error: { kind: 'away' } });
    expect(inbox().held()).toEqual({});
  });

  it('who asks while one is under way gets the answer of a later one, and all who do share it', async () => {
    let release = () => {};
    duringPost = () => new Promise((resolve) => (release = resolve));
    const asking = down();
    const first = asking.poll();
    const [second, third] = [asking.poll(), asking.poll()];
    await Promise.resolve();
    answers = [{}, { commands: [command(1)] }];
    duringPost = async () => {};
    release();
    expect(await first).toMatchObject({ ok: true, value: { commands: 0 } });
    expect([await second, await third]).toMatchObject([{ ok: true, value: { commands: 1 } }, { ok: true, value: { commands: 1 } }]);
    expect(asked).toHaveLength(3);
  });

  it('an HQ that never comes to an end is left until the next poll', async () => {
    let index = 0;
    answers = Array.from({ length: 500 }, () => ({ commands: [command(++index)] }));
    expect(await down().poll()).toMatchObject({ ok: true });
    expect(asked.length).toBeLessThan(20);
  });
});
