import { randomBytes, randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { unheardWords } from '../../domain/attention/unheard.ts';
import { uuidV7From } from '../../domain/ids.ts';
import { money } from '../../domain/money.ts';
import { ok } from '../../domain/result.ts';
import { createCommandInbox, createCommandStore } from '../store/commands.ts';
import { createEmitter } from '../store/emitter.ts';
import { createHelpStore } from '../store/help.ts';
import { createStoreReader } from '../store/reader.ts';
import { recordsOf, replayRecords } from '../store/replay.ts';
import { historyOf } from '../store/testing/replay-rig.ts';
import { createStoreWriter } from '../store/writer.ts';
import type { CommandsDeps } from './commands.ts';
import { createCommands } from './commands.ts';
import { createFaults } from './faults.ts';
import { createLog } from './log.ts';
import type { WalletRig } from './testing/wallet-rig.ts';
import { openWalletRig } from './testing/wallet-rig.ts';
import { createWalletRefunds } from './wallet-refunds.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const newId = () => uuidV7From(Date.now(), randomBytes(10));
const log = createLog(() => {}, Date.now);

/** A start of the kiosk on a store, which is given HQ's command and works on it. */
async function workOn(database: Database.Database, command: Parameters<ReturnType<typeof createCommandInbox>['take']>[0][number], rig: WalletRig): Promise<void> {
  const boot = randomUUID();
  const emitter = createEmitter({ database, now: Date.now, newId });
  const reader = createStoreReader(database);
  const writer = createStoreWriter({ database, reader, now: Date.now, newId, emitter });
  const faults = createFaults(log);
  const walletRefunds = createWalletRefunds({
    reader, writer, online: { wallet: rig.desk.ask }, log, faults, monotonicNow: Date.now, ageMs: (_id, at) => Date.now() - at, onChange: () => {}, isHistoryKnown: () => true, afterCommit: emitter.afterCommit,
  });
  const commands = createCommands({
    store: createCommandStore(database, emitter, boot), transaction: emitter.transaction, afterCommit: emitter.afterCommit, reader, writer, walletRefunds, isHistoryKnown: () => true, log, faults,
    payments: { running: () => undefined, settleOpenAttempt: () => {} }, help: createHelpStore(database, emitter, Date.now, newId), boot: { id: boot, monotonicMs: () => 0 }, isNobodyThere: () => true,
    restart: () => {}, sendLogs: async () => ok(''), backUp: async () => ok(''), followLogs: () => {}, takePicture: async () => ok(''), visits: () => 0, emitPicture: () => {},
    testPage: () => ({ language: 'en', lines: [] }), onPrintQueued: () => {}, onPause: () => {}, onOrderChange: () => {}, onHelpAnswered: () => {},
  } as unknown as CommandsDeps);
  createCommandInbox(database, boot).take([command], 0, 0, true);
  walletRefunds.look();
  commands.work();
  await rig.pass(120_000);
  walletRefunds.stop();
  commands.stop();
}

it.each([{ isTold: false }, { isTold: true }])('a part that HQ commanded goes back once, though the store was brought back and has forgotten having begun it (HQ tells of the part: $isTold)', async ({ isTold }) => {
  const rig = openWalletRig();
  const run = rig.run();
  const orderId = await rig.paid(run);
  const copy = new Database(rig.database.serialize());
  run.kill();
  rig.desk.refundsAs('asked');
  const command = { id: randomUUID(), sequence: 1, kind: 'refund' as const, params: { orderId, reason: 'sour', amount: 100, by: 'Zhao' }, expiresInMs: 600_000 };
  await workOn(rig.database, command, rig);
  if (isTold) replayRecords(copy, recordsOf(historyOf(rig.database)), { now: Date.now, newId, source: 'hq' });
  rig.desk.refundsAs('done');
  await workOn(copy, command, rig);
  const asked = rig.desk.asked().flatMap((question) => (question.act === 'refund' ? [question.refundId] : []));
  expect(new Set(asked).size).toBe(1);
  expect(createStoreReader(copy).refundsOf(orderId)).toMatchObject([{ state: 'done', amount: { amount: 100 } }]);
});

it('a part that HQ commands beside one that stands on the list of the kiosk is refused: that one may still go by itself', async () => {
  const rig = openWalletRig();
  const run = rig.run();
  const orderId = await rig.paid(run);
  const part = rig.writer.askRefund({ orderId, amount: money(100, 'CNY'), way: 'tender', reason: 'sour', by: '2000' });
  rig.writer.settleRefund(part.id, { state: 'refused', detail: `${unheardWords} whether it has gone back` });
  run.kill();
  await workOn(rig.database, { id: randomUUID(), sequence: 1, kind: 'refund', params: { orderId, reason: 'sour', amount: 100, by: 'Zhao' }, expiresInMs: 600_000 }, rig);
  const answers = rig.database.prepare<[], string>("SELECT payload FROM outbox WHERE kind = 'command.answered'").pluck().all();
  expect(answers.map((payload) => JSON.parse(payload) as unknown)).toMatchObject([{ outcome: 'refused', detail: expect.stringContaining('may still go by itself') }]);
  expect(rig.reader.refundsOf(orderId)).toHaveLength(1);
});
