import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../../domain/contract/hq-down.ts';
import { eventPayloads } from '../../domain/contract/hq.ts';
import { uuidV7From } from '../../domain/ids.ts';
import { createCommandInbox, createCommandStore, rememberAnswer } from './commands.ts';
import { createEmitter } from './emitter.ts';
import { migrations } from './migrations/all.ts';

function openDatabase() {
  const database = new Database(':memory:');
  for (const { sql, finish } of migrations) {
    database.exec(sql);
    finish?.(database);
  }
  let ids = 0;
  const emitter = createEmitter({ database, now: () => 5, newId: () => uuidV7From(++ids, new Uint8Array(10)) });
  return { database, emitter };
}

let rig: ReturnType<typeof openDatabase>;
beforeEach(() => void (rig = openDatabase()));
afterEach(() => void rig.database.close());

const [boot, nextBoot] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const command = (index: number, rest: Partial<Command> = {}): Command => ({ id: idOf(index), sequence: index, kind: 'back_up', params: {}, expiresInMs: 1000, ...rest });
const answers = () => (rig.database.prepare("SELECT payload FROM outbox WHERE kind = 'command.answered' ORDER BY position").pluck().all() as string[])
  .map((payload) => eventPayloads['command.answered'].parse(JSON.parse(payload)));

describe('commands of HQ', () => {
  it('are taken once by their id, whatever comes how often, and the cursor is the last one', () => {
    const inbox = createCommandInbox(rig.database, boot);
    expect(inbox.cursor()).toBe(0);
    expect(inbox.take([command(1), command(2)], 0, 10, true)).toBe(2);
    const store = createCommandStore(rig.database, rig.emitter, boot);
    store.answer(command(1), 'done', 'so it was');
    inbox.take([command(1), command(2), command(2)], 0, 20, true);
    expect(store.open().map(({ id, beginBeforeMs }) => [id, beginBeforeMs])).toEqual([[idOf(2), 1020]]);
    expect(inbox.cursor()).toBe(2);
    expect(answers()).toEqual([{ commandId: idOf(1), command: 'back_up', outcome: 'done', detail: 'so it was' }]);
  });

  it('that come again under another number, from an HQ that was restored, are the same and no news', () => {
    const inbox = createCommandInbox(rig.database, boot);
    expect(inbox.take([command(1)], 0, 10, true)).toBe(1);
    expect(inbox.take([command(1, { sequence: 9 })], 1, 20, true)).toBe(0);
    expect(createCommandStore(rig.database, rig.emitter, boot).open()).toHaveLength(1);
  });

  it('are begun once and answered once', () => {
    createCommandInbox(rig.database, boot).take([command(1)], 0, 0, true);
    const store = createCommandStore(rig.database, rig.emitter, boot);
    store.begin(idOf(1), 'a note');
    expect(() => store.begin(idOf(1))).toThrow('does not wait');
    expect(store.open()).toMatchObject([{ state: 'doing', note: 'a note' }]);
    store.answer(command(1), 'failed', 'x'.repeat(30_000));
    expect(() => store.answer(command(1), 'done', '')).toThrow('is not open');
    expect(answers().map(({ outcome, detail }) => [outcome, detail.length])).toEqual([['failed', 20_000]]);
  });

  it('that wait since an earlier run are asked for again, since only HQ knows their time', () => {
    createCommandInbox(rig.database, boot).take([command(1), command(2), command(3)], 0, 50_000, true);
    createCommandStore(rig.database, rig.emitter, boot).answer(command(1), 'done', '');
    const inbox = createCommandInbox(rig.database, nextBoot);
    const cursor = inbox.cursor();
    expect(cursor).toBe(1);
    // HQ gives the third anew; the second has no time left there.
    expect(inbox.take([command(3, { expiresInMs: 400 })], cursor, 70, true)).toBe(2);
    const store = createCommandStore(rig.database, rig.emitter, nextBoot);
    expect(store.open().map(({ boot: of, beginBeforeMs }) => [of, beginBeforeMs])).toEqual([[nextBoot, -1], [nextBoot, 470]]);
    expect(inbox.cursor()).toBe(3);
  });

  it('that HQ has not come to yet in a long list are not held for expired', () => {
    createCommandInbox(rig.database, boot).take([command(1), command(2), command(3)], 0, 0, true);
    const inbox = createCommandInbox(rig.database, nextBoot);
    inbox.take([command(1)], 0, 0, false);
    expect(inbox.cursor()).toBe(1);
  });

  it('of an HQ that was restored and counts anew take the numbers of what has ended, never of what is open', () => {
    const inbox = createCommandInbox(rig.database, boot);
    inbox.take([command(1), command(2)], 0, 0, true);
    const store = createCommandStore(rig.database, rig.emitter, boot);
    store.answer(command(1), 'done', '');
    inbox.take([command(7, { sequence: 1 }), command(8, { sequence: 2 })], 0, 0, true);
    expect(store.open().map(({ id }) => id)).toEqual([idOf(7), idOf(2)]);
  });

  it('that were answered before the store was restored are never open again', () => {
    const store = createCommandStore(rig.database, rig.emitter, boot);
    for (const index of [1, 2]) rememberAnswer(rig.database, { commandId: idOf(index), command: 'refund', outcome: 'done', detail: '' });
    const inbox = createCommandInbox(rig.database, boot);
    expect(inbox.cursor()).toBe(0);
    expect(inbox.take([command(1, { kind: 'refund' }), command(3)], 0, 0, true)).toBe(1);
    expect(store.open().map(({ id }) => id)).toEqual([idOf(3)]);
    expect(answers()).toEqual([]);
  });

  it('of any kind can be answered: the event holds a name', () => {
    const kinds = ['', '-', 'Öffne die Tür', 'self_destruct', 'x'.repeat(60)];
    createCommandInbox(rig.database, boot).take(kinds.map((kind, index) => command(index + 1, { kind })), 0, 0, true);
    const store = createCommandStore(rig.database, rig.emitter, boot);
    for (const open of store.open()) store.answer(open, 'refused', '');
    expect(answers().map(({ command: name }) => name)).toEqual(['x', 'x-', 'x-ffne-die-t-r', 'self_destruct', 'x'.repeat(60)]);
  });

  it('a pause is kept over restarts, with its notice or without', () => {
    const store = createCommandStore(rig.database, rig.emitter, boot);
    expect(store.paused()).toBeUndefined();
    store.setPaused({});
    expect(createCommandStore(rig.database, rig.emitter, nextBoot).paused()).toEqual({});
    store.setPaused({ notice: { zh: '补货', en: 'Restocking' } });
    expect(store.paused()).toEqual({ notice: { zh: '补货', en: 'Restocking' } });
    store.setPaused(undefined);
    expect(store.paused()).toBeUndefined();
  });
});

describe('whatever HQ sends, in whatever order and however often', () => {
  it('each command is answered at most once, and the cursor never passes one that was not taken', () => {
    const sent = fc.record({ index: fc.integer({ min: 1, max: 8 }), again: fc.boolean() });
    fc.assert(fc.property(fc.array(fc.array(sent, { maxLength: 5 }), { maxLength: 6 }), (polls) => {
      rig.database.close();
      rig = openDatabase();
      const seen = new Set<number>();
      for (const [run, list] of polls.entries()) {
        const inbox = createCommandInbox(rig.database, idOf(run));
        const store = createCommandStore(rig.database, rig.emitter, idOf(run));
        inbox.take(list.map(({ index }) => command(index)), inbox.cursor(), 0, false);
        for (const { index } of list) seen.add(index);
        expect(inbox.cursor()).toBeLessThanOrEqual(Math.max(0, ...seen));
        for (const open of store.open()) if (list.some(({ index, again }) => idOf(index) === open.id && again)) store.answer(open, 'done', '');
      }
      const ids = answers().map(({ commandId }) => commandId);
      expect(new Set(ids).size).toBe(ids.length);
    }), { numRuns: 60 });
  });
});
