import fs from 'node:fs';
import path from 'node:path';
import type { KioskId } from '../domain/ids.ts';
import type { Customers } from './customers.ts';
import { createCustomers } from './customers.ts';
import type { SimKiosk } from './kiosk.ts';
import { createSimKiosk } from './kiosk.ts';
import type { Setting } from './setting.ts';

/** A machine that stands somewhere and is started again whenever it is off, until somebody switches it off for good. */
export interface Machine {
  readonly kiosk: SimKiosk;
  readonly customers: Customers;
  /** No power before that, in the world's milliseconds. */
  offUntilMs: number;
  isGone: boolean;
  image: string | undefined;
  /** The other machine with its identity. */
  clone: Machine | undefined;
}

const watchEveryMs = 120_000;
const houseEveryMs = 240_000;

export function createMachine(setting: Setting, name: string, kioskId: KioskId, folder: string): Machine {
  const { world, random: all, story, network, epochMs, hqPublicKey, ledger, terminals } = setting;
  const random = all.fork(name);
  const kiosk = createSimKiosk({
    name, kioskId, folder, world, random, story, epochMs, hqPublicKey,
    fetchOf: network.fetchOf,
    enrolmentCode: () => setting.codes.get(kioskId),
    onRestart() {
      const { starts } = kiosk;
      const before = starts();
      machine.offUntilMs = world.nowMs() + 5_000;
      return void kiosk.stop().then(() => {
        if (kiosk.starts() === before) world.after(5_000, () => void (machine.isGone || kiosk.start()));
      });
    },
  });
  const customers = createCustomers({ kiosk, world, random: random.fork('customers'), ledger, terminals, story, isCalm: () => setting.isCalm });
  const machine: Machine = { kiosk, customers, offUntilMs: 0, isGone: false, image: undefined, clone: undefined };
  kiosk.onStarted(() => world.after(100, () => customers.keepHouse()));

  const watch = () => {
    if (machine.isGone) return;
    if (!kiosk.running() && world.nowMs() >= machine.offUntilMs) kiosk.start();
    world.after(watchEveryMs / 2 + random.int(watchEveryMs), watch);
  };
  const house = () => {
    if (machine.isGone) return;
    if (kiosk.running()) customers.keepHouse();
    world.after(houseEveryMs / 2 + random.int(houseEveryMs), house);
  };
  const copies = () => {
    if (machine.isGone) return;
    if (!kiosk.isFull()) kiosk.running()?.copy();
    world.after(4 * 3_600_000 + random.int(3_600_000), copies);
  };
  watch();
  world.after(60_000, house);
  world.after(1_800_000, copies);
  return machine;
}

export function imageFolder(setting: Setting, name: string): string {
  const folder = path.join(setting.folder, `image-${name}`);
  fs.rmSync(folder, { recursive: true, force: true });
  return folder;
}
