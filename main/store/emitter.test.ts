import { afterEach, beforeEach, expect, it } from 'vitest';
import { openMemoryStore } from '../core/staff/staff.fixture.ts';

let store: ReturnType<typeof openMemoryStore>;
beforeEach(() => {
  store = openMemoryStore(() => 1);
});
afterEach(() => void store.database.close());

it('what is told afterwards is told after the outermost commit, in its order; outside of a transaction at once', () => {
  const { emitter, database } = store;
  const told: string[] = [];
  const tell = (what: string) => emitter.afterCommit(() => told.push(`${what} ${database.inTransaction ? 'within' : 'after'}`));
  const inner = emitter.transaction(() => tell('inner'));
  emitter.transaction(() => {
    tell('first');
    inner();
    tell('last');
    expect(told).toEqual([]);
  })();
  tell('now');
  expect(told).toEqual(['first after', 'inner after', 'last after', 'now after']);
});

it('what was undone is never told, of an inner one alone or of all', () => {
  const { emitter } = store;
  const told: string[] = [];
  const tell = (what: string) => emitter.afterCommit(() => told.push(what));
  const failing = emitter.transaction(() => {
    tell('undone');
    throw new Error('no');
  });
  emitter.transaction(() => {
    tell('kept');
    expect(failing).toThrow('no');
  })();
  expect(failing).toThrow('no');
  expect(told).toEqual(['kept']);
  emitter.transaction(() => tell('later'))();
  expect(told).toEqual(['kept', 'later']);
});

it('one that throws keeps none of the others from being told, and whoever ended the transaction hears of it', () => {
  const { emitter } = store;
  const told: string[] = [];
  const run = emitter.transaction(() => {
    emitter.afterCommit(() => {
      throw new Error('a bug');
    });
    emitter.afterCommit(() => told.push('told'));
  });
  expect(run).toThrow('a bug');
  expect(told).toEqual(['told']);
});
