import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Database } from 'better-sqlite3';
import { lanes } from '../../../domain/contract/hq.ts';
import type { OrderId } from '../../../domain/ids.ts';
import { chainText, genesisHash } from '../../../domain/sync/chain.ts';
import { makeDurable, openKeyed } from '../connection.ts';
import { hashOf } from '../emitter.ts';
import { readJournal } from '../journal-read.ts';
import { openStore } from '../open.ts';
import { createOutbox } from '../outbox.ts';
import { createStoreReader } from '../reader.ts';
import type { Cut } from './loop-disk.ts';
import { startLoopDisk } from './loop-disk.ts';
import type { Said } from './power-cut-seller.ts';
import { powerCutKey } from './power-cut-seller.ts';

/** What was found on the disks of all cuts, as one line of JSON. Run by `runWithLoopDisk`: its folder, then how many cuts, then a weakness of the seller. */
export interface PowerCutFindings {
  readonly cuts: number;
  /** Blocks that were written and not flushed at a cut, of all cuts together: what could be lost. */
  readonly unflushed: number;
  readonly said: number;
  /** What was said to be confirmed before a cut, and is not in the store as the disk had it. */
  readonly lost: number;
  readonly cutsWithLoss: number;
  /** The same of steps of payments, in the journal. */
  readonly lostInJournal: number;
  readonly cutsWithJournalLoss: number;
  /** What is wrong with a store, before or after it was opened as the kiosk does. */
  readonly faults: readonly string[];
  /** Whether the opened store had to be brought back, by cause; a payment that was in the journal and not yet in the store is `behind_journal`. */
  readonly recoveries: Readonly<Record<string, number>>;
}

const [top = '', cutsAsked = '8', weakness = 'none'] = process.argv.slice(2);
const sellerFile = fileURLToPath(new URL('./power-cut-seller.ts', import.meta.url));

interface Taken { readonly cut: Cut; readonly said: readonly Said[] }

const disk = await startLoopDisk(top, 64);
const seller = spawn(process.execPath, [sellerFile, path.join(disk.folder, 'store'), weakness], { stdio: ['ignore', 'pipe', 'inherit'] });
const said: Said[] = [];
createInterface(seller.stdout).on('line', (line) => said.push(JSON.parse(line) as Said));

const taken: Taken[] = [];
async function cut(kept: number): Promise<void> {
  // What is said after this may be on the image, and need not be.
  const before = [...said];
  taken.push({ cut: await disk.cut(kept), said: before });
}
// While the store is made, too: nothing is confirmed yet, and all the same it must open.
for (let early = 0; early < 3; early++) {
  await wait(40 + Math.random() * 120);
  await cut(Math.random());
}
while (said.length === 0) await wait(10);
for (const kept of Array.from({ length: Number(cutsAsked) }, (_none, index) => [0, 1, Math.random()][index % 3]!)) {
  await wait(50 + Math.random() * 400);
  await cut(kept);
}
const ended = once(seller, 'exit');
seller.kill('SIGKILL');
const [code, signal] = (await ended) as [number | null, string | null];
if (signal !== 'SIGKILL') throw new Error(`the seller ended by itself with ${String(code)}`);
await disk.close();

const faults: string[] = [];
const recoveries: Record<string, number> = {};
let [lost, cutsWithLoss, lostInJournal, cutsWithJournalLoss] = [0, 0, 0, 0];
for (const [index, { cut: taking, said: confirmed }] of taken.entries()) {
  const fault = (what: string) => faults.push(`cut ${index + 1}: ${what}`);
  await disk.inImage(taking, (folder) => {
    const store = path.join(folder, 'store');
    if (!fs.existsSync(store) && confirmed.length === 0) return;
    // The kiosk's own way of opening mends things: so first a copy is looked at as it is.
    const asItWas = path.join(top, `as-it-was-${index}`);
    fs.cpSync(store, asItWas, { recursive: true });
    const [missing, missingInJournal] = confirmed.length === 0 ? [0, 0] : lookAtCopy(asItWas, confirmed, fault);
    fs.rmSync(asItWas, { recursive: true });
    lost += missing;
    lostInJournal += missingInJournal;
    if (missing > 0) cutsWithLoss += 1;
    if (missingInJournal > 0) cutsWithJournalLoss += 1;
    openAsKiosk(store, confirmed, fault);
  });
}
const findings: PowerCutFindings = {
  cuts: taken.length, unflushed: taken.reduce((sum, { cut: { unflushed } }) => sum + unflushed, 0), said: said.length,
  lost, cutsWithLoss, lostInJournal, cutsWithJournalLoss, faults, recoveries,
};
process.stdout.write(JSON.stringify(findings));

function lookAtCopy(folder: string, confirmed: readonly Said[], fault: (what: string) => void): [number, number] {
  const durable = makeDurable(openKeyed({ file: path.join(folder, 'store.db'), keyHex: powerCutKey }));
  if (!durable.ok) throw new Error(durable.error.detail);
  const missing = missingIn(durable.value, confirmed);
  checkWhole(durable.value, fault);
  durable.value.close();
  const { records, problems } = readJournal({ folder: path.join(folder, 'journal'), keysHex: [powerCutKey] });
  for (const problem of problems) if (problem.kind !== 'torn_tail') fault(`journal: ${JSON.stringify(problem)}`);
  const kept = new Set(records.flatMap((record) => (record.kind === 'event' && record.event.kind === 'payment.attempt' ? [attemptOf(record.event.payload)] : [])));
  return [missing, confirmed.filter(([what, id]) => what !== 'order' && !kept.has(`${what} ${id}`)).length];
}

function openAsKiosk(folder: string, confirmed: readonly Said[], fault: (what: string) => void): void {
  const opened = openStore({ folder, keyHex: powerCutKey, keyProvider: 'test' });
  if (!opened.ok) return void fault(`does not open: ${opened.error.code} ${opened.error.detail}`);
  const { database, recovery, close } = opened.value;
  if (recovery) recoveries[recovery.cause] = (recoveries[recovery.cause] ?? 0) + 1;
  if (weakness === 'none' && missingIn(database, confirmed) > 0) fault('opened, it lacks what was confirmed');
  checkWhole(database, fault);
  close();
}

/** How much of what was confirmed is not there with its rows and its events. */
function missingIn(database: Database, confirmed: readonly Said[]): number {
  const reader = createStoreReader(database);
  const events = createOutbox(database).events('orders', 0, 1_000_000);
  const placed = new Set(events.filter(({ kind }) => kind === 'order.placed').map(({ payload }) => (JSON.parse(payload) as { order: { id: string } }).order.id));
  const attempts = new Set(events.filter(({ kind }) => kind === 'payment.attempt').map(({ payload }) => attemptOf(payload)));
  const orderOf = database.prepare<[string], { order_id: string; state: string }>('SELECT order_id, state FROM payment_attempts WHERE id = ?');
  return confirmed.filter(([what, id]) => {
    if (what === 'order') return !placed.has(id) || reader.order(id as OrderId)?.state !== 'paid' || reader.jobs(id as OrderId).length === 0;
    const row = orderOf.get(id);
    return !row || !attempts.has(`${what} ${id}`) || (what === 'approved' && (row.state !== 'approved' || reader.order(row.order_id as OrderId)?.state !== 'paid'));
  }).length;
}

function attemptOf(payload: string): string {
  const { state, attemptId } = JSON.parse(payload) as { state: string; attemptId: string };
  return `${state} ${attemptId}`;
}

/** Every page; each lane's chain from its beginning; each order with its event, each event with its order. */
function checkWhole(database: Database, fault: (what: string) => void): void {
  const integrity = database.pragma('integrity_check', { simple: true });
  if (integrity !== 'ok') fault(`integrity: ${String(integrity)}`);
  const outbox = createOutbox(database);
  for (const lane of lanes) {
    const { epoch, last, head } = outbox.position(lane);
    let before: string = genesisHash;
    let sequence = 0;
    for (const event of outbox.events(lane, 0, 1_000_000)) {
      sequence += 1;
      const { hash, ...unsigned } = event;
      if (event.sequence !== sequence || hashOf(chainText(before, lane, epoch, unsigned)) !== hash) return void fault(`the chain of ${lane} is broken at ${sequence}`);
      before = hash;
    }
    if (last !== sequence || head !== before) fault(`${lane} ends at ${sequence}, and says ${last}`);
  }
  const orders = database.prepare('SELECT count(*) FROM orders').pluck().get();
  const told = database.prepare("SELECT count(*) FROM outbox WHERE kind = 'order.placed'").pluck().get();
  if (orders !== told) fault(`${String(orders)} orders, ${String(told)} told`);
}
