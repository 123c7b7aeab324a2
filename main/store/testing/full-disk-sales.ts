import fs from 'node:fs';
import path from 'node:path';
import { boundWal } from '../checkpoints.ts';
import { isDiskFull, watchDisk } from '../disk.ts';
import type { OpenStore } from '../open.ts';
import { openStore } from '../open.ts';
import { createSellerRig } from './seller-rig.ts';

/**
 * Sells on a disk until it is full in the middle of a sale, of a payment, of a first order; again after room was made; and prints what it saw as one
 * JSON object. Run by `runOnSmallDisk`.
 */
const folder = process.argv[2]!;
const keyHex = 'd8'.repeat(32);
const ballast = path.join(folder, 'ballast');
const storeFolder = path.join(folder, 'store');

/** Somebody else's file takes all that is left but so much. */
function fillUp(leaveBytes: number): void {
  const file = fs.openSync(ballast, 'a');
  for (const size of [65_536, 4_096]) {
    const chunk = Buffer.alloc(size, 1);
    try {
      for (;;) if (fs.writeSync(file, chunk) < size) break;
    } catch (cause) {
      if (!isDiskFull(cause)) throw cause;
    }
  }
  fs.ftruncateSync(file, Math.max(0, fs.fstatSync(file).size - leaveBytes));
  fs.closeSync(file);
}

function attempt(act: () => unknown): 'done' | 'disk full' {
  try {
    act();
    return 'done';
  } catch (cause) {
    if (isDiskFull(cause)) return 'disk full';
    throw cause;
  }
}

/** Undefined where there is not even room to open it. */
function tryOpen(): OpenStore | undefined {
  const opened = openStore({ folder: storeFolder, keyHex, keyProvider: 'test' });
  if (!opened.ok && opened.error.code === 'DISK_FULL') return undefined;
  if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.detail}`);
  boundWal(opened.value.database);
  return opened.value;
}

function open(): OpenStore {
  const opened = tryOpen();
  if (!opened) throw new Error('there is room, and the store does not open');
  return opened;
}

let store = open();
let seller = createSellerRig(store.database);
const watch = watchDisk({ folder: storeFolder, minFreeMegabytes: 2, timers: { setTimeout: () => undefined, clearTimeout: () => undefined }, onState: () => undefined });
const states = [await watch.look()];
const said: string[] = [];
let failedSales = 0;
let failedApprovals = 0;

for (let round = 0; round < 12; round++) {
  const paying = seller.startPaying();
  let cart = seller.cart(0);
  // Each time another write of another transaction is the first that finds no room.
  fillUp(round * 10 * 4_096);
  states.push(await watch.look());
  for (;;) {
    const order = cart;
    if (attempt(() => seller.place(order)) === 'disk full') {
      failedSales += 1;
      break;
    }
    said.push(order.id);
    const next: (typeof cart)[] = [];
    if (attempt(() => next.push(seller.cart(0))) === 'disk full') {
      failedSales += 1;
      break;
    }
    cart = next[0]!;
  }
  // The terminal has taken the money, and it cannot be written: tried again and again, as the payments do.
  const approvals = [1, 2, 3].map(() => attempt(() => seller.approve(paying)));
  if (approvals.includes('disk full')) failedApprovals += 1;
  const stateThen = seller.reader.unsettledAttempt()?.id === paying.id ? 'unsettled' : 'settled';
  const isInDoubt = approvals.includes('disk full') === (stateThen === 'unsettled') || approvals.at(-1) === 'done';
  if (!isInDoubt) throw new Error(`the approval was ${approvals.join(', ')}, and the attempt is ${stateThen}`);

  // Half of the rounds end as a power cut does: opened again while there is no room.
  if (round % 2 === 1) {
    store.close();
    const opened = tryOpen();
    fs.rmSync(ballast);
    store = opened ?? open();
    seller = createSellerRig(store.database);
  } else {
    fs.rmSync(ballast);
  }
  states.push(await watch.look());

  // By itself, with the very same cart and the very same payment.
  if (seller.reader.orderOfCart(cart.cartId) === undefined) said.push(seller.place(cart));
  if (seller.reader.unsettledAttempt()) seller.approve(paying);
  if (seller.reader.attempts(paying.orderId).map(({ state }) => state).join(',') !== 'approved') throw new Error('the payment is not approved');
  said.push(paying.orderId);
}
watch.stop();

const { database } = store;
const column = (sql: string) => database.prepare(sql).pluck().all() as string[];
const placed = column("SELECT json_extract(payload, '$.order.id') FROM outbox WHERE kind = 'order.placed' ORDER BY position");
const approved = column("SELECT json_extract(payload, '$.attemptId') FROM outbox WHERE kind = 'payment.attempt' AND json_extract(payload, '$.state') = 'approved'");
process.stdout.write(JSON.stringify({
  states,
  failedSales, hasFailedApprovals: failedApprovals > 0,
  lost: said.filter((id) => !['paid', 'fulfilled'].includes(String(seller.reader.order(id as never)?.state))),
  isEachPlacedOnce: new Set(placed).size === placed.length && placed.length === column('SELECT id FROM orders').length,
  isEachSaid: placed.every((id) => said.includes(id)),
  approved: [approved.length, new Set(approved).size],
  gaps: column("SELECT lane FROM lanes WHERE last <> (SELECT count(*) FROM outbox WHERE outbox.lane = lanes.lane AND outbox.epoch = lanes.epoch)"),
  integrity: database.pragma('integrity_check', { simple: true }),
}));
store.close();
