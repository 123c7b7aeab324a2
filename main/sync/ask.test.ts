import { afterEach, describe, expect, it } from 'vitest';
import type { AttemptId } from '../../domain/ids.ts';
import type { HqRig } from '../core/testing/hq-rig.ts';
import { startHqRig } from '../core/testing/hq-rig.ts';
import type { KioskRig, SyncRig } from './testing/kiosk-rig.ts';
import { openKiosk, rigCode, rigKiosk } from './testing/kiosk-rig.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const ways = '/api/kiosk/ways';
const known = { wallets: [{ wallet: 'wechat', modes: ['shown'], state: 'ready' }] };

async function open(): Promise<{ readonly hq: HqRig; readonly kiosk: KioskRig; readonly rig: SyncRig; readonly ask: (timeoutMs?: number) => ReturnType<SyncRig['sync']['ask']> }> {
  const hq = await startHqRig(rigCode);
  hq.setWays([{ wallet: 'wechat', modes: ['shown'], state: 'ready' }]);
  const kiosk = openKiosk();
  closers.push(kiosk.close, hq.close);
  const rig = kiosk.sync(hq.url);
  closers.push(rig.stop);
  await rig.until(() => rig.status()?.online === true);
  return { hq, kiosk, rig, ask: (timeoutMs = 1_000_000) => rig.sync.ask(ways, { kioskId: rigKiosk }, timeoutMs) };
}

/** Of the clock of these tests, which runs fifty times as fast: 200 ms of ours. */
const shortMs = 10_000;

describe('a question for somebody who waits', () => {
  it('is asked in the session and its answer is told', async () => {
    const { ask } = await open();
    expect(await ask()).toMatchObject({ ok: true, value: known });
  });

  it('is not asked at all while HQ is known to be away, and again when it is back', async () => {
    const { hq, kiosk, rig, ask } = await open();
    hq.setAway(true);
    kiosk.sell();
    await rig.until(() => rig.status()?.online === false);
    const before = hq.asked().length;
    const startedAt = performance.now();
    expect(await ask()).toMatchObject({ ok: false, error: { kind: 'not_asked' } });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(hq.asked().slice(before)).not.toContain(ways);
    hq.setAway(false);
    await rig.until(() => rig.status()?.online === true);
    expect(await ask()).toMatchObject({ ok: true });
  });

  it('in a session that HQ has ended is asked once more, in a new one', async () => {
    const { hq, ask } = await open();
    hq.restore('stock', 0);
    expect(await ask()).toMatchObject({ ok: true, value: known });
    expect(hq.asked().filter((path) => path === ways)).toHaveLength(2);
  });

  it('whose answer is not of HQ is not answered, whoever else has said something', async () => {
    const { hq, ask } = await open();
    for (const kind of ['wrong_key', 'unsigned', 'hang_up'] as const) {
      hq.setFaults((path) => (path === ways ? { kind, take: true } : undefined));
      expect(await ask(), kind).toMatchObject({ ok: false, error: { kind: 'no_answer' } });
    }
  });

  it('that HQ refuses is told as refused', async () => {
    const { hq, ask } = await open();
    hq.setFaults((path) => (path === ways ? { kind: 'status', status: 400, code: 'HQ_INVALID', isSigned: true, take: false } : undefined));
    expect(await ask()).toMatchObject({ ok: false, error: { kind: 'refused' } });
  });

  it('has its own time limit, and stop ends it too', async () => {
    const { hq, rig } = await open();
    const attemptId = '01900000-0000-7000-8000-000000000001' as AttemptId;
    hq.desk.setFaults(() => 'lost');
    const wait = (timeoutMs: number) => rig.sync.ask('/api/kiosk/wallet', { kioskId: rigKiosk, act: 'state', attemptId, wallet: 'wechat' }, timeoutMs);
    const startedAt = performance.now();
    expect(await wait(shortMs)).toMatchObject({ ok: false, error: { kind: 'no_answer' } });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    const pending = wait(10_000_000);
    await rig.stop();
    expect(await pending).toMatchObject({ ok: false });
    expect(await wait(shortMs)).toMatchObject({ ok: false, error: { kind: 'not_asked' } });
  });

  it('that fails again and again keeps no event from HQ: those find out for themselves whether it is away', async () => {
    const { hq, kiosk, rig, ask } = await open();
    hq.setFaults((path) => (path === ways ? { kind: 'status', status: 503, code: 'HQ_UNAVAILABLE', isSigned: false, take: false } : undefined));
    for (let times = 0; times < 10; times += 1) expect(await ask()).toMatchObject({ ok: false, error: { kind: 'no_answer' } });
    expect(rig.status()?.online).toBe(true);
    const orderId = kiosk.sell();
    await hq.until(({ payload }) => 'order' in payload && payload.order.id === orderId);
    expect(rig.codes()).not.toContain('HQ_UNAVAILABLE');
  });
});
