import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DayClosing } from '../../domain/contract/hq.ts';
import { lanes } from '../../domain/contract/hq.ts';
import type { KioskId } from '../../domain/ids.ts';
import { createClosings } from './closing.ts';
import { createEmitter } from './emitter.ts';
import { replayRecords } from './replay.ts';
import type { ReplayRig } from './testing/replay-rig.ts';
import { createReplayRig, emptyStore, historyOf, onCopy, randomStep } from './testing/replay-rig.ts';

const steps = fc.array(fc.record({ what: fc.nat(18), which: fc.nat(99), how: fc.nat(99) }), { minLength: 1, maxLength: 12 });
/** Work, and whether the day is closed after it. */
const days = fc.array(fc.record({ steps, isClosed: fc.boolean() }), { minLength: 1, maxLength: 3 });

/** What a kiosk closes, by the events' ids: their numbers may change later. */
function bookkeeper(counted: Set<string>) {
  const idsOf = ({ database }: Pick<ReplayRig, 'database'>, ranges: DayClosing['ranges']) => ranges.flatMap(({ lane, epoch, from, to }) =>
    database.prepare<[string, number, number, number], string>('SELECT id FROM outbox WHERE lane = ? AND epoch = ? AND sequence BETWEEN ? AND ?').pluck().all(lane, epoch, from, to));
  const close = (rig: Pick<ReplayRig, 'database' | 'now' | 'newId'>) => {
    const { database, now, newId } = rig;
    const { ranges } = createClosings({ database, emitter: createEmitter({ database, now, newId }), kioskId: 'kiosk-001' as KioskId, now, sign: () => 'AA==' }).close('2026-11-22');
    for (const id of idsOf(rig, ranges)) counted.add(id);
  };
  const live = (rig: ReplayRig, of: { readonly steps: Parameters<typeof randomStep>[1][]; readonly isClosed: boolean }[]) => {
    for (const day of of) {
      for (const step of day.steps) randomStep(rig, step);
      if (day.isClosed) close(rig);
    }
  };
  return { close, live };
}
const allIds = ({ database }: Pick<ReplayRig, 'database'>) => database.prepare<[], string>('SELECT id FROM outbox ORDER BY position').pluck().all();

it('a kiosk that hears, lane by lane, what another machine wrote and closed under its name counts all that nobody has counted', () => {
  fc.assert(fc.property(days, days, days, fc.constantFrom(...[lanes, lanes.toReversed()]), (together, here, there, order) => {
    const rig = createReplayRig();
    try {
      const counted = new Set<string>();
      const { close, live } = bookkeeper(counted);
      live(rig, together);
      const other = onCopy(rig, rig.copy());
      live(other, there);
      live(rig, here);
      for (const lane of lanes) rig.outbox.openEpoch(lane, 1, 2, 'unacknowledged');
      const { events, keys } = historyOf(other.database);
      for (const lane of order) replayRecords(rig.database, events.filter((event) => event.lane === lane).map((event) => ({ kind: 'event', ...event })), { now: rig.now, newId: rig.newId, source: 'hq', keys });
      const before = new Set(allIds(rig));
      close(rig);
      expect([...before].filter((id) => !counted.has(id))).toEqual([]);
    } finally {
      rig.dispose();
    }
  }), { numRuns: 40 });
});

it('a store that was lost, and hears all of it from HQ, counts what came after the last closing, in whatever order the lanes come', () => {
  fc.assert(fc.property(days, fc.constantFrom(...[lanes, lanes.toReversed()]), (lived, order) => {
    const rig = createReplayRig();
    const lost = emptyStore();
    try {
      const counted = new Set<string>();
      const { close, live } = bookkeeper(counted);
      live(rig, lived);
      const { events, keys } = historyOf(rig.database);
      const again = { database: lost.database, now: rig.now, newId: rig.newId };
      for (const lane of order) replayRecords(lost.database, events.filter((event) => event.lane === lane).map((event) => ({ kind: 'event', ...event })), { now: rig.now, newId: rig.newId, source: 'hq', keys });
      close(again);
      expect(allIds(rig).filter((id) => !counted.has(id))).toEqual([]);
    } finally {
      lost.dispose();
      rig.dispose();
    }
  }), { numRuns: 40 });
});
