import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HelpView } from '../../domain/contract/kiosk.ts';
import { uuidV7From } from '../../domain/ids.ts';
import { createEmitter } from '../store/emitter.ts';
import type { HelpStore } from '../store/help.ts';
import { createHelpStore } from '../store/help.ts';
import { migrations } from '../store/migrations/all.ts';
import type { Help } from './help.ts';
import { createHelp } from './help.ts';

let database: Database.Database;
let store: HelpStore;
let help: Help;
let views: HelpView[];
let monotonicMs: number;
let isHqThere: boolean;
let isOnDuty: boolean;
let ids: number;

beforeEach(() => {
  database = new Database(':memory:');
  for (const { sql, finish } of migrations) {
    database.exec(sql);
    finish?.(database);
  }
  [views, monotonicMs, isHqThere, isOnDuty, ids] = [[], 0, true, true, 0];
  start();
});
afterEach(() => void database.close());

/** As one start of core makes it. */
function start(): void {
  const newId = () => uuidV7From(1_700_000_000_000 + ++ids, new Uint8Array(10));
  store = createHelpStore(database, createEmitter({ database, now: () => 5, newId }), () => 5, newId);
  help = createHelp({ store, isHqThere: () => isHqThere, isOnDuty: () => isOnDuty, monotonicNow: () => monotonicMs, onView: (view) => views.push(view) });
}
const told = () => database.prepare("SELECT kind, payload ->> '$.by' AS by FROM outbox ORDER BY position").all();

describe('a call for a person', () => {
  it('is one, however often it is asked for', () => {
    expect([help.call('home', undefined), help.call('cart', undefined)]).toEqual([{ kind: 'calling' }, { kind: 'calling' }]);
    expect(told()).toEqual([{ kind: 'help.called', by: null }]);
  });

  it('says whom it does not reach, and is written down all the same', () => {
    isOnDuty = false;
    expect(help.call('home', undefined)).toEqual({ kind: 'nobody', reason: 'off_duty' });
    help.end('customer');
    [isOnDuty, isHqThere] = [true, false];
    expect(help.call('home', undefined)).toEqual({ kind: 'nobody', reason: 'unreachable' });
    expect(told()).toMatchObject([{ kind: 'help.called' }, { kind: 'help.ended' }, { kind: 'help.called' }]);
  });

  it('reaches HQ when it is back, and its customer reads so, once', () => {
    isHqThere = false;
    help.call('home', undefined);
    help.look(true);
    isHqThere = true;
    help.look(true);
    help.look(true);
    expect(views).toEqual([{ kind: 'calling' }]);
  });

  it('is answered with words, whatever the hour and the line', () => {
    [isOnDuty, isHqThere] = [false, false];
    help.call('home', undefined);
    store.answer(store.open()[0]!.id, { zh: '马上来', en: 'Coming' });
    help.look(true);
    expect(views).toEqual([{ kind: 'answered', words: { zh: '马上来', en: 'Coming' } }]);
  });

  it('ends when its customer says so, and leaves nothing to the next one', () => {
    help.call('home', undefined);
    store.answer(store.open()[0]!.id, { zh: '马上来', en: 'Coming' });
    expect(help.end('customer')).toEqual({ kind: 'none' });
    help.look(true);
    expect([views, help.call('home', undefined), told()]).toEqual([[], { kind: 'calling' }, [{ kind: 'help.called', by: null }, { kind: 'help.ended', by: 'customer' }, { kind: 'help.called', by: null }]]);
  });

  it('outlives a restart while its customer is there, and the page that comes back hears of it', () => {
    help.call('home', undefined);
    start();
    help.look(false);
    monotonicMs = 9_000;
    help.look(false);
    help.pageCame();
    help.look(true);
    monotonicMs = 60_000;
    help.look(true);
    expect([views, store.open().length]).toEqual([[{ kind: 'calling' }, { kind: 'calling' }], 1]);
  });

  it('ends by itself when nobody is there any more, also after a restart', () => {
    help.call('home', undefined);
    start();
    help.look(false);
    monotonicMs = 10_000;
    help.look(false);
    expect([store.open(), views.at(-1), told().at(-1)]).toEqual([[], { kind: 'none' }, { kind: 'help.ended', by: 'idle' }]);
  });
});
