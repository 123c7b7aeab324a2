import fs from 'node:fs';
import path from 'node:path';
import type { CommandKind, DocumentKind } from '../domain/contract/hq-down.ts';
import { give } from '../hq/server/down/commands.ts';
import { publish } from '../hq/server/down/publish.ts';
import { simSigningKey } from './hq.ts';
import { readHq, readKiosk } from './judge.ts';
import { withVersion } from './customers.ts';
import type { Machine } from './machines.ts';
import { createMachine, imageFolder } from './machines.ts';
import type { Setting } from './setting.ts';
import { catalogueOf } from './wares.ts';
import { drawWeather } from './weather.ts';

export interface Faults {
  /** Draws one, and lets it happen. */
  strike(): Promise<void>;
  /** HQ gives something down. */
  giveDown(): Promise<void>;
  /** Everything works again, and nothing is to happen any more. */
  cease(): Promise<void>;
  /** A person looks after what only a person can: approvals, machines that were cloned. */
  person(): Promise<void>;
  /** Ids of events that HQ does not understand. */
  readonly strange: ReadonlySet<string>;
  readonly cloned: ReadonlySet<string>;
  /** Their disk had said that log and journal were written, and lost the end of both. */
  readonly liedTo: ReadonlySet<string>;
}

type Fault = (machine: Machine) => void | Promise<void>;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export function createFaults(setting: Setting, machines: Machine[]): Faults {
  const { world, story, hq, network, ledger, hqClock } = setting;
  const random = setting.random.fork('faults');
  const strange = new Set<string>();
  const cloned = new Set<string>();
  const liedTo = new Set<string>();
  let isOver = false;
  let catalogueRevision = 1;
  let published = 0;
  let hasBackup = false;

  const fault = (what: string) => story.happens('fault', what);
  const later = (mostMs: number, run: () => void | Promise<void>) => world.after(1_000 + random.int(mostMs), run);

  /** Facts that are neither at a kiosk nor at HQ now are gone from the world: nobody can bring them back. */
  async function forget(kioskId: Machine['kiosk']['kioskId']): Promise<void> {
    const isUp = hq.isUp();
    if (!isUp) await hq.start();
    const there = await readHq(hq.sql(), kioskId, 0);
    if (!isUp) await hq.stop();
    const kept = [there, ...machines.flatMap(({ kiosk, isGone }) => {
      const running = kiosk.kioskId === kioskId && !isGone ? kiosk.running() : undefined;
      return running ? [readKiosk(running.database)] : [];
    })];
    const lost = ledger.keepOnly(kioskId, (fact) => kept.some(({ orders, payments }) => {
      if (fact.kind === 'charged') return payments.some((line) => line.startsWith(fact.attemptId) && / (approved|reversed|authorised|reversing) /.test(line));
      return orders.some((line) => line.startsWith(fact.orderId) && (fact.kind === 'placed' || / (paid|fulfilled|refunded) /.test(line)));
    }));
    if (lost > 0) story.happens('world', `${lost} facts of ${kioskId} are nowhere any more`);
  }

  function killed(machine: Machine, how: string, losses: Parameters<Machine['kiosk']['kill']>[0], mostOffMs = 10 * minuteMs): void {
    fault(`${machine.kiosk.name} ${how}`);
    machine.kiosk.kill(losses);
    machine.offUntilMs = world.nowMs() + 1_000 + random.int(mostOffMs);
  }

  /** Off, and started again at once, so that it can be looked into. */
  async function startedAnew(machine: Machine): Promise<void> {
    machine.offUntilMs = world.nowMs();
    if (!machine.kiosk.start()) return;
    await forget(machine.kiosk.kioskId);
  }

  function walBytesOf({ kiosk }: Machine): number {
    const size = fs.statSync(path.join(kiosk.folder, 'store/store.db-wal'), { throwIfNoEntry: false })?.size ?? 0;
    return size > 0 ? 1 + random.int(Math.min(size, random.chance(0.7) ? 60_000 : size)) : 0;
  }

  const ofMachine: readonly (readonly [number, Fault])[] = [
    [6, (machine) => killed(machine, 'is killed', {})],
    [4, (machine) => killed(machine, 'loses power: what was not synced is gone', { unsynced: true })],
    [3, ({ kiosk }) => {
      const where = random.pick(['before_journal', 'after_journal', 'torn_journal'] as const);
      fault(`${kiosk.name} is killed in a transaction (${where})`);
      kiosk.dieIn(where);
    }],
    [3, (machine) => {
      const walBytes = walBytesOf(machine);
      killed(machine, `loses power and the last ${walBytes} bytes of its log`, { walBytes });
    }],
    [2, async (machine) => {
      const walBytes = walBytesOf(machine);
      killed(machine, `loses power, the last ${walBytes} bytes of its log and the end of its journal`, { walBytes, unsynced: true });
      liedTo.add(machine.kiosk.kioskId);
      await startedAnew(machine);
    }],
    [2, (machine) => {
      killed(machine, 'is killed, and a bit of its store flips', {});
      machine.kiosk.flip();
    }],
    [4, ({ kiosk }) => {
      if (kiosk.isFull()) return;
      fault(`${kiosk.name}'s disk fills up`);
      kiosk.setFull(true);
      later(40 * minuteMs, () => {
        story.happens(kiosk.name, 'has room again');
        kiosk.setFull(false);
      });
    }],
    [3, (machine) => {
      const byMs = random.int(random.chance(0.5) ? 2 * hourMs : 80 * hourMs) * (random.chance(0.5) ? 1 : -1);
      fault(`${machine.kiosk.name}'s clock jumps by ${Math.round(byMs / 1000)} s`);
      machine.kiosk.jumpClock(byMs);
    }],
    [5, (machine) => {
      machine.image = imageFolder(setting, machine.kiosk.name);
      fault(`an image of ${machine.kiosk.name} is taken`);
      machine.kiosk.image(machine.image);
    }],
    [4, async (machine) => {
      if (!machine.image) return;
      killed(machine, 'is put back to its image', {});
      machine.kiosk.putBack(machine.image);
      await startedAnew(machine);
    }],
    [2, (machine) => {
      if (machine.clone || !machine.kiosk.running()) return;
      const { kiosk } = machine;
      const name = `${kiosk.name}'`;
      const folder = path.join(setting.folder, `clone-${machines.length}`);
      fault(`${kiosk.name} is cloned`);
      cloned.add(kiosk.kioskId);
      kiosk.image(folder);
      const clone = createMachine(setting, name, kiosk.kioskId, folder);
      clone.clone = machine;
      machine.clone = clone;
      machines.push(clone);
    }],
    [3, ({ kiosk }) => {
      const isKind = random.chance(0.5);
      fault(`${kiosk.name} tells what this HQ does not know (${isKind ? 'a kind' : 'a version'})`);
      kiosk.act('telling something new', ({ emitter }) => {
        // Noted before the commit: a process that dies after its journal has it tells it when it is back.
        const tell = emitter.transaction(() => strange.add(isKind ? emitter.emit('mood.changed' as 'disk.state', { state: 'well', freeBytes: 1 }) : emitter.emit('disk.state', { state: 'well', freeBytes: 1, bits: 8 } as never)));
        if (isKind) tell();
        else withVersion('disk.state', 7, tell);
      });
    }],
  ];

  const ofHq: readonly (readonly [number, () => void | Promise<void>])[] = [
    [3, async () => {
      fault('HQ is killed');
      await hq.stop();
      later(40 * minuteMs, hq.start);
    }],
    [3, () => {
      fault('HQ is killed before its next commit');
      hq.dieInNextBatch();
    }],
    [3, async () => {
      if (!hq.isUp()) return;
      fault("a copy of HQ's database is made");
      hasBackup = true;
      await hq.keepCopy();
    }],
    [3, async () => {
      if (!hasBackup) return;
      hasBackup = false;
      fault('HQ is restored from its copy');
      await hq.goBack();
      for (const kioskId of new Set(machines.map(({ kiosk }) => kiosk.kioskId))) await forget(kioskId);
    }],
    [2, () => {
      const byMs = random.int(26 * hourMs) * (random.chance(0.5) ? 1 : -1);
      fault(`HQ's clock jumps by ${Math.round(byMs / 1000)} s`);
      hqClock.offsetMs += byMs;
    }],
  ];

  function pickWeighted<T>(from: readonly (readonly [number, T])[]): T {
    let drawn = random.int(from.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, value] of from) if ((drawn -= weight) < 0) return value;
    throw new Error('nothing to pick from');
  }

  async function publishOne(kind: DocumentKind): Promise<void> {
    published += 1;
    if (kind === 'catalogue') catalogueRevision += 1;
    const value = kind === 'catalogue' ? catalogueOf(catalogueRevision)
      : kind === 'sold_out' ? { offerIds: random.chance(0.5) ? ['umbrella'] : ['battery', `x${published}`] }
        : { help: { zh: `帮助 ${published}`, en: `Help ${published}` } };
    const scope = kind === 'texts' && random.chance(0.3) ? (`kiosk:${random.pick(machines).kiosk.kioskId}` as const) : 'all';
    const done = await publish(hq.sql(), { kind, scope, text: JSON.stringify(value, undefined, 1), signer: simSigningKey, by: 'simulation', now: world.nowMs() + setting.epochMs + hqClock.offsetMs });
    story.happens('HQ', done.ok ? `publishes ${kind} ${done.value.revision} for ${scope}` : `does not publish ${kind}: ${done.error.kind}`);
  }

  async function command(): Promise<void> {
    const { kioskId } = random.pick(machines).kiosk;
    const charged = ledger.of(kioskId).flatMap((fact) => (fact.kind === 'charged' ? [fact.orderId] : []));
    const kind = random.pick<CommandKind>(['pause', 'resume', 'restart', 'send_logs', 'back_up', 'test_print', ...(charged.length > 0 ? ['refund', 'refund'] as const : [])]);
    const params = kind === 'send_logs' ? { minutes: 10 } : kind === 'refund' ? { orderId: random.pick(charged), reason: 'sour' } : {};
    const given = await give(hq.sql(), { kioskId, kind, params, validMs: random.chance(0.3) ? 30 * minuteMs : 24 * hourMs, by: 'simulation', now: setting.epochMs + world.nowMs() + hqClock.offsetMs });
    story.happens('HQ', given.ok ? `gives ${kioskId} ${kind}` : `cannot give ${kind}: ${given.error}`);
  }

  return {
    strange, cloned, liedTo,
    async strike() {
      if (isOver) return;
      if (random.chance(0.25)) network.setWeather(drawWeather(random));
      if (random.chance(0.3)) return pickWeighted(ofHq)();
      const machine = random.pick(machines.filter(({ isGone }) => !isGone));
      if (!machine.kiosk.running()) return;
      return pickWeighted(ofMachine)(machine);
    },
    async giveDown() {
      if (isOver || !hq.isUp()) return;
      if (random.chance(0.5)) await command();
      else await publishOne(random.pick(['catalogue', 'sold_out', 'texts'] as const));
    },
    async person() {
      if (!hq.isUp()) return;
      for (const { kiosk } of machines) await hq.approve(kiosk.kioskId);
      for (const machine of machines) {
        const { clone } = machine;
        if (machine.isGone || clone?.isGone || !(await hq.isCloned(machine.kiosk.kioskId))) continue;
        if (!clone) {
          // HQ has gone back to a copy of when there were two.
          await hq.reinstate(machine.kiosk.kioskId);
          continue;
        }
        const [goes, stays] = random.chance(0.5) ? [machine, clone] : [clone, machine];
        story.happens('person', `${goes.kiosk.name} is switched off for good, ${stays.kiosk.name} stays`);
        goes.isGone = true;
        goes.kiosk.kill();
        stays.clone = undefined;
        if (!stays.kiosk.running()) {
          stays.offUntilMs = world.nowMs();
          stays.kiosk.start();
        }
        await forget(stays.kiosk.kioskId);
        await hq.reinstate(stays.kiosk.kioskId);
      }
      await hq.work();
    },
    async cease() {
      isOver = true;
      for (const { kiosk, isGone } of machines) {
        kiosk.setFull(false);
        if (!isGone) kiosk.start();
      }
      await hq.start();
      network.setWeather({ lost: 0, doubled: 0, late: 0, cut: 0, answerLost: 0, proxied: 0 });
    },
  };
}
