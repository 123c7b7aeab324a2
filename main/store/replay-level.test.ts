import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createCommandInbox, createCommandStore } from './commands.ts';
import { createEmitter } from './emitter.ts';
import { readJournal } from './journal-read.ts';
import { createStoreReader } from './reader.ts';
import { replayRecords } from './replay.ts';
import type { ReplayRig } from './testing/replay-rig.ts';
import { createReplayRig, rigKeyHex } from './testing/replay-rig.ts';

let rig: ReplayRig;
beforeEach(() => {
  rig = createReplayRig();
});
afterEach(() => rig.dispose());

const journal = () => readJournal({ folder: rig.journalFolder, keysHex: [rigKeyHex] }).records;
const replay = (database: Database, records = journal()) => replayRecords(database, records, { now: rig.now, newId: rig.newId });
const told = (database: Database) => database.prepare<[], { kind: string; payload: string }>("SELECT kind, payload FROM outbox WHERE lane = 'orders' ORDER BY epoch, sequence").all()
  .map(({ kind, payload }) => [kind, JSON.parse(payload) as Record<string, unknown>] as const);

/** An order that was paid, printed and paid back, and the store and the journal as they were when it was placed. */
function wholeStory() {
  const order = rig.place({ cola: 1 }, 300);
  const before = rig.copy();
  const early = journal();
  const attempt = rig.writer.startAttempt(order.id, order.total);
  rig.writer.settleAttempt(attempt.id, { state: 'approved', card: { receiptNumber: '0042' } });
  const jobs = rig.reader.jobs(order.id);
  for (const { id } of jobs) {
    rig.writer.setJobState(id, 'doing');
    rig.writer.setJobState(id, 'done');
  }
  rig.writer.startReversal(attempt.id);
  rig.writer.settleReversal(attempt.id, { kind: 'reversed' });
  return { order, attempt, jobs, before, early };
}

it('tables that forgot what the outbox tells get it back: money that went back is not given back again, and nothing is printed again', () => {
  const { order, attempt, jobs } = wholeStory();
  const mixed = rig.copy();
  mixed.prepare("UPDATE orders SET state = 'paid'").run();
  mixed.prepare("UPDATE payment_attempts SET state = 'approved'").run();
  mixed.prepare("UPDATE jobs SET state = 'queued'").run();
  const before = told(mixed);
  replay(mixed);
  const reader = createStoreReader(mixed);
  expect(reader.order(order.id)?.state).toBe('refunded');
  expect(reader.attempts(order.id)).toMatchObject([{ id: attempt.id, state: 'reversed' }]);
  expect(jobs.length).toBeGreaterThan(0);
  expect(reader.unfinishedPrintJobs()).toEqual([]);
  expect(told(mixed)).toEqual(before);
});

it('an outbox that forgot what the tables know tells it, once', () => {
  const { order, attempt, jobs, before, early } = wholeStory();
  const mixed = rig.copy();
  const { last, head } = before.prepare<[], { last: number; head: string }>("SELECT last, head FROM lanes WHERE lane = 'orders'").get()!;
  mixed.prepare("DELETE FROM outbox WHERE lane = 'orders' AND sequence > ?").run(last);
  mixed.prepare("UPDATE lanes SET last = ?, head = ? WHERE lane = 'orders'").run(last, head);
  // Of the payment and of a print one event is left, which is not the newest.
  const kinds = ['payment.attempt', 'job.state'] as const;
  const tail = journal().filter((record) => record.kind === 'event' && record.lane === 'orders' && record.event.sequence > last);
  const firsts = kinds.map((kind) => tail.find((record) => record.kind === 'event' && record.event.kind === kind)!);
  replay(mixed, [...early, ...firsts]);
  expect(createStoreReader(mixed).order(order.id)?.state).toBe('refunded');
  const ofStory = told(mixed);
  expect(ofStory.findLast(([kind]) => kind === 'payment.attempt')?.[1]).toMatchObject({ attemptId: attempt.id, state: 'reversed' });
  expect(ofStory.findLast(([kind, { jobId }]) => kind === 'job.state' && jobId === jobs[0]!.id)?.[1]).toMatchObject({ state: 'done' });
  replay(mixed, [...early, ...firsts]);
  expect(told(mixed)).toEqual(ofStory);
});

it('a command that was answered is not open again', () => {
  const id = '807b340b-88cb-4f9e-b86a-6f4b2a43a227';
  createCommandInbox(rig.database, 'boot').take([{ id, sequence: 1, kind: 'refund', params: {}, expiresInMs: 60_000 }], 0, 0, true);
  const store = createCommandStore(rig.database, createEmitter({ database: rig.database, now: rig.now, newId: rig.newId }), 'boot');
  rig.place({ noodles: 1 }, 0);
  store.answer({ id, kind: 'refund' }, 'refused', 'the money is back already');
  const mixed = rig.copy();
  mixed.prepare("UPDATE commands SET state = 'waiting', detail = NULL").run();
  replay(mixed);
  expect(mixed.prepare('SELECT state, detail FROM commands WHERE id = ?').get(id)).toEqual({ state: 'refused', detail: 'the money is back already' });
});
