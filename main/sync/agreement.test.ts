import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { History, HqEvent } from '../../domain/contract/hq.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { findAgreement } from './agreement.ts';
import type { HqFailure } from './hq-client.ts';
import type { KioskRig } from './testing/kiosk-rig.ts';
import { openKiosk } from './testing/kiosk-rig.ts';

/** The lane's epoch 1 has so many events, all acknowledged; epoch 2 some more. */
const [inFirst, inSecond] = [2_500, 300];
const session = { id: 'session', encoding: undefined };
let kiosk: KioskRig;
let first: readonly HqEvent[];
let second: readonly HqEvent[];

beforeAll(() => {
  kiosk = openKiosk();
  kiosk.log(inFirst);
  first = kiosk.outbox.events('logs', 0, inFirst);
  kiosk.outbox.setAcknowledged('logs', 1, inFirst);
  kiosk.outbox.openEpoch('logs', 1, 2, 'unacknowledged');
  kiosk.log(inSecond);
  second = kiosk.outbox.events('logs', 0, inSecond);
});
afterAll(() => kiosk.close());

interface Row { readonly epoch: number; readonly sequence: number; readonly hash: string }
const rowsOf = (epoch: number, events: readonly HqEvent[]) => events.map(({ sequence, hash }): Row => ({ epoch, sequence, hash }));
const foreign = (epoch: number, from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, index): Row => ({ epoch, sequence: from + index, hash: `${epoch}.${from + index}`.padEnd(64, 'f') }));

/** An HQ that has these rows, in order, and counts what it is asked. */
function hqOf(rows: readonly Row[], fails?: HqFailure) {
  let asked = 0;
  const template = first[0]!;
  return {
    asked: () => asked,
    mark: rows.at(-1) && { epoch: rows.at(-1)!.epoch, acknowledged: rows.at(-1)!.sequence, head: rows.at(-1)!.hash },
    client: {
      async history(lane: 'orders' | 'stock' | 'logs', epoch: number, after: number, _session: unknown, _stop?: AbortSignal, limit?: number): Promise<Result<History, HqFailure>> {
        asked += 1;
        expect(limit).toBe(1);
        if (fails) return err(fails);
        const found = rows.find((row) => row.epoch > epoch || (row.epoch === epoch && row.sequence > after));
        return ok({ events: found ? [{ lane, epoch: found.epoch, event: { ...template, sequence: found.sequence, hash: found.hash } }] : [], keys: [] });
      },
    },
  };
}

const ask = (hq: ReturnType<typeof hqOf>, acknowledged: { epoch: number; sequence: number }) =>
  findAgreement({ outbox: kiosk.outbox, client: hq.client }, { lane: 'logs', acknowledged, theirs: hq.mark, session });

describe('what HQ and a store have in common', () => {
  it('is found by one question where another machine has written behind what was acknowledged, and HQ lost nothing', async () => {
    const hq = hqOf([...rowsOf(1, first), ...rowsOf(2, second), ...foreign(3, 1, 40)]);
    expect(await ask(hq, { epoch: 2, sequence: 200 })).toEqual(ok({ fork: { epoch: 2, sequence: 200 }, lacks: 'nothing' }));
    expect(hq.asked()).toBe(1);
  });

  it("is HQ's mark where that is an event of the store, and nothing is asked", async () => {
    const hq = hqOf([...rowsOf(1, first.slice(0, 700))]);
    expect(await ask(hq, { epoch: 2, sequence: 0 })).toEqual(ok({ fork: { epoch: 1, sequence: 700 }, lacks: 'unknown' }));
    expect(await ask(hqOf(rowsOf(1, first)), { epoch: 2, sequence: 0 })).toEqual(ok({ fork: { epoch: 1, sequence: inFirst }, lacks: 'nothing' }));
    expect(hq.asked()).toBe(0);
  });

  it('is everything, where nothing that was acknowledged is kept', async () => {
    const hq = hqOf(foreign(1, 1, 3));
    expect(await findAgreement({ outbox: kiosk.outbox, client: hq.client }, { lane: 'stock', acknowledged: { epoch: 1, sequence: 0 }, theirs: hq.mark, session })).toEqual(ok({ fork: { epoch: 1, sequence: 0 }, lacks: 'nothing' }));
    expect(hq.asked()).toBe(0);
  });

  it('is nothing that is known, where HQ knows nothing of the lane', async () => {
    expect(await ask(hqOf([]), { epoch: 2, sequence: 3 })).toMatchObject({ ok: true, value: { lacks: 'unknown' } });
  });

  it('is not known where HQ does not tell, and the question is put off where HQ is away', async () => {
    const rows = [...rowsOf(1, first), ...foreign(2, 1, 40)];
    const refusing = hqOf(rows, { kind: 'refused', detail: '400' });
    expect(await ask(refusing, { epoch: 2, sequence: 200 })).toEqual(ok({ fork: { epoch: 1, sequence: 0 }, lacks: 'unknown' }));
    const away: HqFailure = { kind: 'away', detail: 'fetch failed' };
    expect(await ask(hqOf(rows, away), { epoch: 2, sequence: 200 })).toEqual(err(away));
  });

  it('is never said to be more than it is, wherever HQ was restored to and whatever others wrote there; few questions find it', async () => {
    const places = fc.oneof(fc.record({ epoch: fc.constant(1), sequence: fc.integer({ min: 1, max: inFirst }) }), fc.record({ epoch: fc.constant(2), sequence: fc.integer({ min: 1, max: inSecond }) }));
    await fc.assert(fc.asyncProperty(places, fc.nat(inFirst + inSecond), fc.nat(700), fc.constantFrom('on', 'next'), async (acknowledged, common, others, how) => {
      const ours = [...rowsOf(1, first), ...rowsOf(2, second)].slice(0, common);
      const end = ours.at(-1) ?? { epoch: 1, sequence: 0 };
      const theirs = how === 'on' ? foreign(end.epoch, end.sequence + 1, end.sequence + others) : foreign(end.epoch + 1, 1, others);
      const hq = hqOf([...ours, ...theirs]);
      const answer = await ask(hq, acknowledged);
      if (!answer.ok) throw new Error('no answer');
      const index = ({ epoch, sequence }: { epoch: number; sequence: number }) => (epoch === 1 ? 0 : inFirst) + sequence;
      const { fork, lacks } = answer.value;
      const [known, said] = [index(acknowledged), index(fork)];
      expect(said).toBeLessThanOrEqual(Math.min(common, known));
      expect(lacks === 'nothing').toBe(common >= known);
      if (lacks === 'nothing') expect(said).toBe(known);
      if (typeof lacks === 'object') expect(lacks.behind).toBe(fork.sequence);
      expect(hq.asked()).toBeLessThanOrEqual(5);
      // No more is looked at again than four times what is lost, and some.
      expect(Math.min(common, known) - said).toBeLessThanOrEqual(500 + 4 * Math.max(0, known - common));
    }), { numRuns: 300 });
  });
});
