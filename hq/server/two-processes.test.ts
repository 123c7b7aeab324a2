import { createPrivateKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Lane, Welcome } from '../../domain/contract/hq.ts';
import { kioskIdSchema } from '../../domain/ids.ts';
import { connectDatabase } from './database.ts';
import { give } from './down/commands.ts';
import { publish } from './down/publish.ts';
import { approve } from './identity/decisions.ts';
import { makeCode } from './identity/enrolment.ts';
import { signingKeyOf } from './identity/signing-key.ts';
import type { CuttingProxy, HqProcess } from './testing/process-rig.ts';
import { overHttp, startCuttingProxy, startHqProcess } from './testing/process-rig.ts';
import type { TestDatabase, TestPostgres } from './testing/database.ts';
import { startTestPostgres, temporaryFolder } from './testing/database.ts';
import type { SigningKiosk } from './testing/signing-kiosk.ts';
import { createSigningKiosk } from './testing/signing-kiosk.ts';
import type { Story } from './testing/story.ts';
import { createStory } from './testing/story.ts';

let postgres: TestPostgres;
let folder: string;
let keyFile: string;
const pair = generateKeyPairSync('ed25519');
const pem = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
const signingKey = signingKeyOf(createPrivateKey(pem));
beforeAll(async () => {
  postgres = await startTestPostgres();
  folder = await temporaryFolder();
  keyFile = join(folder, 'hq.pem');
  await writeFile(keyFile, pem, { mode: 0o600 });
}, 60_000);
afterAll(async () => {
  await postgres?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});
const cleanups: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function startProcess({ url }: TestDatabase): HqProcess {
  const hq = startHqProcess({ DATABASE_URL: url, HQ_KEY_FILE: keyFile, PORT: '0', LOG_LEVEL: 'warn', WEBHOOKS_PRIVATE: 'yes' });
  cleanups.push(() => {
    hq.child.kill('SIGKILL');
    return hq.exited;
  });
  return hq;
}

async function addKiosk({ sql }: TestDatabase, name: string, proxy: CuttingProxy): Promise<SigningKiosk> {
  const kioskId = kioskIdSchema.parse(name);
  const kiosk = createSigningKiosk({ app: overHttp(() => proxy.url), kioskId, now: Date.now, hqPublicKey: signingKey.publicKey });
  // The proxy is not cutting yet.
  const { code } = await makeCode(sql, kioskId, name, Date.now(), 60_000);
  expect((await kiosk.enrol(code)).body).toMatchObject({ state: 'waiting' });
  expect(await approve(sql, kioskId, '', Date.now())).toMatchObject({ ok: true });
  return kiosk;
}

/** Sends all of a story as a kiosk would: what was not acknowledged again, after a fault hello first. @returns how often something went wrong */
async function drain(kiosk: SigningKiosk, story: Story, onBatch: () => void): Promise<number> {
  let faults = 0;
  const lanes: Lane[] = ['orders', 'stock'];
  const acknowledged = new Map<string, number>();
  const isDone = () => lanes.every((lane) => acknowledged.get(lane) === story.lane(lane).length);
  let isWelcome = false;
  for (const until = Date.now() + 60_000; !isDone() && Date.now() < until; ) {
    try {
      if (!isWelcome) {
        const answer = await kiosk.hello();
        if (answer.status !== 200 || !answer.isSigned) throw new Error(`hello: ${answer.status}`);
        for (const lane of lanes) acknowledged.set(lane, (answer.body as Welcome).lanes.find((known) => known.lane === lane)?.acknowledged ?? 0);
        isWelcome = true;
      }
      for (const lane of lanes) {
        const from = acknowledged.get(lane) ?? 0;
        const events = story.lane(lane).slice(from, from + 40);
        if (events.length === 0) continue;
        const answer = await kiosk.send(events, { lane });
        if (answer.status !== 200 || !answer.isSigned) throw new Error(`events: ${answer.status} ${JSON.stringify(answer.body)}`);
        acknowledged.set(lane, (answer.body as { acknowledged: number }).acknowledged);
        onBatch();
      }
    } catch {
      faults++;
      isWelcome = false;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  if (!isDone()) throw new Error(`${kiosk.kioskId} did not get everything over: ${JSON.stringify([...acknowledged])}`);
  return faults;
}

describe('two HQ processes behind a load balancer', () => {
  test('one of them killed in mid-load, and lines cut all along: every event is there once, every order right, every endpoint told', async () => {
    const database = await postgres.createDatabase();
    const proxy = await startCuttingProxy();
    cleanups.push(proxy.close);
    const told: string[] = [];
    const receiver = http.createServer((request, response) => {
      told.push(String(request.headers['webhook-id']));
      request.resume().once('end', () => response.writeHead(204).end());
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => void receiver.close());
    await database.sql`
      insert into webhooks (webhook_id, url, secret, kinds, created_at)
      values (${randomUUID()}, ${`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`}, 'whsec_AAAA', ${['order.paid']}, 1)`;

    const first = startProcess(database);
    const second = startProcess(database);
    const urls = [await first.ready, await second.ready];
    proxy.setTargets(urls);
    const orders = 60;
    const kiosks = await Promise.all(['kiosk-001', 'kiosk-002', 'kiosk-003'].map(async (name) => {
      const story = createStory(kioskIdSchema.parse(name), 'https://hq.example', 'sealed');
      for (let index = 0; index < orders; index++) story.order({ offers: [['latte', 1], ['umbrella', 1]], ending: index % 5 === 0 ? 'declined_then_paid' : 'fulfilled', at: Date.now() - 600_000 + index * 1000 });
      return { kiosk: await addKiosk(database, name, proxy), story };
    }));

    let batches = 0;
    let isKilled = false;
    const onBatch = () => {
      batches++;
      // Every few batches a line breaks: sometimes after HQ has committed and before the kiosk hears of it.
      if (batches % 7 === 0) proxy.cut();
      proxy.cutAnswersAfter(batches % 5 === 0 ? 0 : undefined);
      if (batches === 15) {
        isKilled = true;
        first.child.kill('SIGKILL');
      }
    };
    // The line that answers nothing must not stay so while nobody gets through.
    const mend = setInterval(() => proxy.cutAnswersAfter(undefined), 30);
    cleanups.push(() => clearInterval(mend));
    const faults = await Promise.all(kiosks.map(({ kiosk, story }) => drain(kiosk, story, onBatch)));
    expect(isKilled).toBe(true);
    expect((await first.exited).code).toBe(null);
    expect(faults.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3);

    const { sql } = database;
    for (const { kiosk: { kioskId }, story } of kiosks) {
      for (const lane of ['orders', 'stock'] as const) {
        const rows = await sql<{ event_id: string; payload: string; hash: string; repeated: boolean }[]>`
          select event_id, payload, hash, repeated from events where kiosk_id = ${kioskId} and lane = ${lane} order by epoch, sequence`;
        expect(rows).toEqual(story.lane(lane).map(({ id, payload, hash }) => ({ event_id: id, payload, hash, repeated: false })));
      }
      expect(await sql`select count(*) as n, count(*) filter (where state = 'fulfilled') as fulfilled from orders where kiosk_id = ${kioskId}`).toEqual([{ n: orders, fulfilled: orders }]);
      expect(await sql`select sum(change)::bigint as n from stock_moves where kiosk_id = ${kioskId} and offer_id = 'umbrella' and reason = 'reserved'`).toEqual([{ n: -orders }]);
    }
    expect(await sql`select count(*) as n from quarantined_events`).toEqual([{ n: 0 }]);
    // Each paid order, and none twice: the process that was killed may have told one that the other tells again, which its id shows.
    await expect.poll(async () => new Set(told).size).toBe(orders * kiosks.length);
    expect(await sql`select count(*) as n from webhook_deliveries`).toEqual([{ n: orders * kiosks.length }]);
  }, 180_000);

  test('ring a kiosk of one for what was published through the other, and serve it through any', async () => {
    const database = await postgres.createDatabase();
    const proxy = await startCuttingProxy();
    cleanups.push(proxy.close);
    const hqs = [startProcess(database), startProcess(database)];
    const urls = await Promise.all(hqs.map(({ ready }) => ready));
    proxy.setTargets(urls);
    const kiosk = await addKiosk(database, 'kiosk-001', proxy);
    expect((await kiosk.hello()).status).toBe(200);
    const ringer = async (url: string) => {
      const { headers } = kiosk.prepare('GET', '/api/kiosk/bell');
      const heard = { text: '', ended: false };
      const request = http.get(`${url}/api/kiosk/bell`, { headers, agent: false }, (answer) => {
        answer.on('data', (chunk: Buffer) => (heard.text += chunk.toString()));
        answer.on('close', () => { heard.ended = true; });
        answer.on('error', () => {});
      });
      request.on('error', () => {});
      cleanups.push(() => void request.destroy());
      return heard;
    };
    const bells = [await ringer(urls[0]!)];
    const rings = () => (bells[0]?.text.split('event: news').length ?? 0) - 1;
    await expect.poll(() => rings()).toBe(1);
    const sql = connectDatabase(database.url, { maxConnections: 1 });
    cleanups.push(() => sql.end());
    const text = '{"offerIds":["oat-latte"]}';
    expect(await publish(sql, { kind: 'sold_out', scope: 'all', text, signer: signingKey, by: 'Ana', now: Date.now() })).toMatchObject({ ok: true });
    await expect.poll(() => rings()).toBe(2);
    expect(await give(sql, { kioskId: kioskIdSchema.parse('kiosk-001'), kind: 'pause', params: {}, validMs: 60_000, by: 'Ana', now: Date.now() })).toMatchObject({ ok: true });
    await expect.poll(() => rings()).toBe(3);
    for (let time = 0; time < 2; time++) {
      const answer = await kiosk.down();
      expect([answer.status, answer.isSigned]).toEqual([200, true]);
      expect(answer.body).toMatchObject({ documents: [{ kind: 'sold_out', revision: 1, content: { kind: 'whole', text } }], commands: [{ sequence: 1, kind: 'pause' }], resend: [] });
    }
    // The database cuts every connection, as when it is started anew: both processes find it again by themselves.
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    await expect.poll(() => bells[0]?.ended).toBe(true);
    await vi.waitFor(async () => {
      for (const url of urls) expect((await fetch(`${url}/ready`)).status).toBe(200);
    }, { timeout: 60_000, interval: 100 });
    bells.push(await ringer(urls[0]!));
    await expect.poll(() => bells[1]?.text).toContain('event: news');

    // A stop ends the stream, and the process ends in order.
    await hqs[0]!.stop();
    expect(bells[1]?.ended).toBe(true);
    expect((await hqs[0]!.exited).code).toBe(0);
    expect((await kiosk.down()).status).toBe(200);
  }, 120_000);
});
