import { afterEach, expect, it } from 'vitest';
import { startHqRig } from '../core/testing/hq-rig.ts';
import { openKiosk, quickRuntime, rigCode } from './testing/kiosk-rig.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

it('an epoch of many events is opened piece by piece; what is sold meanwhile follows in order, and a stop in the middle is gone on with before hello', async () => {
  const [kiosk, hq] = [openKiosk(), await startHqRig(rigCode, { now: quickRuntime.now })];
  closers.push(kiosk.close, hq.close);
  for (let count = 0; count < 300; count++) kiosk.sell();
  const ids = kiosk.outbox.events('orders', 0, 10_000).map(({ id }) => id as string);
  // As sync leaves it that is stopped after its first piece.
  kiosk.outbox.beginEpoch('orders', 1, 2, 'kept');
  expect(kiosk.outbox.continueEpochs()).toBe(true);
  const sync = kiosk.sync(hq.url);
  closers.push(sync.stop);
  const sold = kiosk.sell();
  await sync.untilDry();
  await sync.stop();
  expect(sync.codes()).toEqual([]);
  expect(hq.complaints()).toEqual([]);
  const { last, acknowledged, epoch } = kiosk.outbox.position('orders');
  expect([epoch, acknowledged]).toEqual([2, last]);
  const theirs = hq.events().map(({ id }) => id as string).filter((id) => ids.includes(id));
  expect(theirs).toEqual(ids);
  expect(kiosk.outbox.events('orders', ids.length, 10).some(({ payload }) => payload.includes(sold))).toBe(true);
});
