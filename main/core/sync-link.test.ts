import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { CodedError } from '../../domain/contract/errors.ts';
import { kioskIdSchema, uuidV7From } from '../../domain/ids.ts';
import { createEmitter } from '../store/emitter.ts';
import { claimIdentity } from '../store/identity.ts';
import { openStore } from '../store/open.ts';
import { createOutbox } from '../store/outbox.ts';
import type { SyncLinkDeps } from './sync-link.ts';
import { startSync } from './sync-link.ts';
import { startHqRig } from './testing/hq-rig.ts';

const kioskId = kioskIdSchema.parse('kiosk-001');
const keyHex = 'c3'.repeat(32);
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openBoth(changes: Partial<SyncLinkDeps> = {}) {
  const hq = await startHqRig('ABCD-EFGH');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-link-'));
  closers.push(() => fs.rmSync(folder, { recursive: true, force: true }), hq.close);
  const opened = openStore({ folder: path.join(folder, 'store'), keyHex, keyProvider: 'test' });
  if (!opened.ok) throw new Error(opened.error.code);
  closers.push(opened.value.close);
  const { database } = opened.value;
  fs.writeFileSync(path.join(folder, 'code'), 'ABCD-EFGH\n');
  const bornMs = performance.now();
  const boot = { id: randomUUID(), monotonicMs: () => performance.now() - bornMs };
  const emitter = createEmitter({ database, now: Date.now, newId: () => uuidV7From(Date.now(), crypto.getRandomValues(new Uint8Array(10))), boot });
  if (!claimIdentity(database, kioskId, emitter).ok) throw new Error('not ours');
  const outbox = createOutbox(database);
  const troubles: CodedError[] = [];
  const waiters = new Set<() => void>();
  const look = () => [...waiters].forEach((waiter) => waiter());
  const link = startSync({
    kioskId, hq: { url: hq.url, retryMaxMs: 200 }, enrolmentFile: path.join(folder, 'code'), guardFile: path.join(folder, 'guard.json'),
    store: { file: path.join(folder, 'store/store.db'), keyHex }, journalFolder: path.join(folder, 'journal'), app: '0.0.0', boot, needsHistory: false,
    onAcknowledged: look, onNews: look, onState: look, onNote: look, onReplayed: look, onHistoryTold: look,
    onTrouble(error) {
      troubles.push(error);
      look();
    },
    ...changes,
  });
  closers.push(link.stop);
  const until = (holds: () => boolean) => new Promise<void>((resolve) => {
    const check = () => {
      if (!holds()) return;
      waiters.delete(check);
      resolve();
    };
    waiters.add(check);
    check();
  });
  const emit = emitter.transaction(() => emitter.emit('store.key_rotated', { provider: 'test' }));
  return { hq, outbox, link, troubles, until, emit, boot };
}

it('brings what the store holds to HQ from a thread of its own, beside a connection that goes on writing', async () => {
  const { hq, outbox, link, troubles, until, emit, boot } = await openBoth();
  for (let count = 0; count < 50; count++) emit();
  await until(() => outbox.position('orders').acknowledged === 50);
  link.customerPresent(true);
  emit();
  link.kick();
  await until(() => outbox.position('orders').acknowledged === 51);
  await until(() => link.state()?.online === true && link.state()?.waiting.orders === 0);
  expect([hq.complaints(), troubles]).toEqual([[], []]);
  expect(link.state()).toMatchObject({ enrolled: true, refusedAs: undefined });
  // The thread's clock is the one that the events bear.
  const [batch] = hq.batches();
  expect(batch?.clock.boot).toBe(boot.id);
  expect(batch?.clock.monotonicMs).toBeGreaterThanOrEqual(batch?.events.at(-1)?.monotonicMs ?? Number.NaN);
  expect(batch?.clock.monotonicMs).toBeLessThanOrEqual(boot.monotonicMs());
});

it('stops promptly while HQ holds an answer back, and leaves the store to others', async () => {
  const { hq, link, emit, outbox } = await openBoth();
  emit();
  let held: () => void = () => {};
  const asked = new Promise<void>((resolve) => (held = resolve));
  hq.setFaults((asking) => {
    if (asking !== '/api/kiosk/events') return undefined;
    held();
    return { kind: 'half_an_answer' };
  });
  await asked;
  const began = performance.now();
  await link.stop();
  expect(performance.now() - began).toBeLessThan(2_000);
  emit();
  expect(outbox.position('orders')).toMatchObject({ last: 2, acknowledged: 0 });
});

it('a question goes through the thread and its answer comes back; one that is under way when it ends is told so', async () => {
  const { hq, link, until } = await openBoth();
  expect(await link.ask('/api/kiosk/ways', { kioskId }, 5_000)).toMatchObject({ ok: false, error: { kind: 'not_asked' } });
  await until(() => link.state()?.online === true);
  expect(await link.ask('/api/kiosk/ways', { kioskId }, 5_000)).toMatchObject({ ok: true, value: { wallets: [], numbers: false } });
  hq.desk.setFaults(() => 'lost');
  const pending = link.ask('/api/kiosk/wallet', { kioskId, act: 'state', attemptId: '01900000-0000-7000-8000-000000000001', wallet: 'wechat' }, 60_000);
  await link.stop();
  expect(await pending).toMatchObject({ ok: false, error: { kind: 'no_answer' } });
  expect(await link.ask('/api/kiosk/ways', { kioskId }, 5_000)).toMatchObject({ ok: false, error: { kind: 'not_asked' } });
});

it('a guard file that cannot be written is said, and keeps nothing from HQ', async () => {
  const { hq, troubles, until, outbox, emit } = await openBoth({ guardFile: '/nowhere/guard.json' });
  emit();
  await until(() => outbox.position('orders').acknowledged === 1);
  expect(troubles.map(({ code }) => code)).toEqual(['STORE_FAILED']);
  expect(hq.complaints()).toEqual([]);
});

it('a thread that cannot begin is started again with pauses, and stop ends that, too', async () => {
  const { troubles, until, link } = await openBoth({ store: { file: '/nowhere/store.db', keyHex } });
  await until(() => troubles.length === 2);
  expect(troubles.every(({ code }) => code === 'INTERNAL')).toBe(true);
  await link.stop();
  const said = troubles.length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(troubles.length).toBe(said);
});
