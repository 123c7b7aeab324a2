import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCopyKeeper } from './copies.ts';
import type { DamageRig } from './open-rig.ts';
import { createDamageRig, flip, rigKey } from './open-rig.ts';
import { createOutbox } from './outbox.ts';
import type { RecoveryStep } from './recover.ts';

let rig: DamageRig;
beforeEach(() => {
  rig = createDamageRig();
});
afterEach(() => rig.remove());

const frame = 24 + 4096;

/** Each leaves a damaged store, and says which orders were sold. */
const damages: Record<string, { readonly harm: () => string[]; readonly steps: readonly RecoveryStep[] }> = {
  'back to a copy': {
    harm: () => {
      const orders = rig.sell(3);
      createCopyKeeper({ folder: rig.folder, now: rig.time }).make(rigKey);
      orders.push(...rig.sell(3, 'kill'));
      flip(rig.file, 2000);
      return orders;
    },
    steps: ['copied', 'migrated', 'replayed', 'drafted', 'finished', 'aside_made', 'file_moved', 'aside_done', 'placed'],
  },
  'from the journal alone': {
    harm: () => {
      const orders = rig.sell(3);
      fs.writeFileSync(rig.file, Buffer.alloc(8192));
      return orders;
    },
    steps: ['emptied', 'migrated', 'replayed', 'drafted', 'finished', 'aside_made', 'file_moved', 'aside_done', 'placed'],
  },
  'by what can be read': {
    harm: () => {
      const orders = rig.sell(3);
      const store = rig.open();
      const page = Number(store.database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'jobs_by_order'").pluck().get());
      store.close();
      flip(rig.file, (page - 1) * 4096 + 200);
      return orders;
    },
    steps: ['salvaged', 'migrated', 'replayed', 'drafted', 'finished', 'aside_made', 'file_moved', 'aside_done', 'placed'],
  },
  'in place, after its log was cut': {
    harm: () => {
      const orders = [...rig.sell(3), ...rig.sell(5, 'kill')];
      fs.truncateSync(`${rig.file}-wal`, 32 + 7 * frame + 100);
      return orders;
    },
    steps: ['aside_made', 'file_moved', 'aside_done', 'replayed'],
  },
};

describe('a recovery that is killed is done by the next start', () => {
  const cases = Object.entries(damages).flatMap(([name, { steps }]) => steps.flatMap((step) => [1, 2].map((turn) => [name, step, turn] as const)));
  // A turn that never comes is a recovery that is not stopped: then the start has nothing left to do.
  it.each(cases)('%s: after %s, time %i', (name, step, turn) => {
    const orders = damages[name]!.harm();
    let seen = 0;
    const stopped = rig.tryOpen({
      onStep: (at) => {
        if (at === step && ++seen === turn) throw new Error('killed');
      },
    });
    if (stopped.ok) stopped.value.close();
    expect([seen >= turn, stopped.ok]).toEqual([!stopped.ok, stopped.ok]);
    if (turn === 1) expect(stopped).toMatchObject({ ok: false, error: { detail: 'killed' } });

    const store = rig.open();
    expect(rig.orders(store)).toEqual([...orders].sort());
    expect(store.recovery).toBeDefined();
    expect(store.database.pragma('integrity_check', { simple: true })).toBe('ok');
    const { last } = createOutbox(store.database).position('orders');
    expect(createOutbox(store.database).events('orders', 0, 10_000).length).toBe(last);
    // One that was said and then did not happen is said again.
    expect(store.database.prepare("SELECT count(*) FROM outbox WHERE kind = 'store.recovered'").pluck().get()).toBeGreaterThanOrEqual(1);
    store.close();
    // What was damaged is kept, however often it was tried.
    expect(rig.damagedFolders().length).toBeGreaterThanOrEqual(1);
    expect(fs.readdirSync(rig.folder).filter((file) => /recover(ing|ed)|salvage|draft/.test(file))).toEqual([]);
  });
});

describe('a recovery whose process is killed by the system is done by the next start', () => {
  const dieAfter = (step: RecoveryStep) => {
    const code = `
      import { openStore } from './open.ts';
      openStore({ folder: ${JSON.stringify(rig.folder)}, keyHex: '${rigKey}', keyProvider: 'test', onStep: (step) => {
        if (step === '${step}') process.kill(process.pid, 'SIGKILL');
      } });`;
    return spawnSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: import.meta.dirname, stdio: ['ignore', 'inherit', 'inherit'] }).signal;
  };
  const cases: readonly (readonly [string, RecoveryStep])[] = [
    ['back to a copy', 'replayed'], ['back to a copy', 'finished'], ['back to a copy', 'file_moved'], ['from the journal alone', 'drafted'],
    ['by what can be read', 'salvaged'], ['by what can be read', 'placed'], ['in place, after its log was cut', 'file_moved'], ['in place, after its log was cut', 'replayed'],
  ];
  it.each(cases)('%s: after %s', (name, step) => {
    const orders = damages[name]!.harm();
    expect(dieAfter(step)).toBe('SIGKILL');
    const store = rig.open();
    expect(rig.orders(store)).toEqual([...orders].sort());
    expect(store.recovery).toMatchObject({ needsHistory: name === 'from the journal alone' });
    const { last } = createOutbox(store.database).position('orders');
    expect(createOutbox(store.database).events('orders', 0, 10_000).length).toBe(last);
    store.close();
    expect(fs.readdirSync(rig.folder).filter((file) => /recover(ing|ed)|salvage|draft|trouble/.test(file))).toEqual([]);
  });
});

describe('a start that does not come to its end', () => {
  const stop = () => rig.tryOpen({
    onStep: (step) => {
      if (step === 'replayed') throw new Error('no room');
    },
  });

  it('and is tried again and again, keeps the same damaged log once', () => {
    damages['in place, after its log was cut']!.harm();
    const log = fs.readFileSync(`${rig.file}-wal`);
    for (let count = 0; count < 4; count++) {
      expect(stop().ok).toBe(false);
      fs.writeFileSync(`${rig.file}-wal`, log);
    }
    expect(rig.damagedFolders()).toHaveLength(1);
  });

  it('has not forgotten a damaged log that SQLite has tidied up', () => {
    rig.sell(3, 'close', { journal: false });
    rig.sell(5, 'kill', { journal: false });
    fs.truncateSync(`${rig.file}-wal`, 32 + 7 * frame + 100);
    expect(stop().ok).toBe(false);
    const store = rig.open();
    expect(store.recovery).toMatchObject({ cause: 'log', needsHistory: true });
    expect(createOutbox(store.database).position('orders').epoch).toBe(2);
    store.close();
    rig.events.length = 0;
    rig.open().close();
    expect(rig.events).toEqual([]);
  });
});
