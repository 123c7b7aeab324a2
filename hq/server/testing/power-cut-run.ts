import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Batch, HqEvent } from '../../../domain/contract/hq.ts';
import type { KioskId } from '../../../domain/ids.ts';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { genesisHash } from '../../../domain/sync/chain.ts';
import type { Cut } from '../../../main/store/testing/loop-disk.ts';
import { startLoopDisk } from '../../../main/store/testing/loop-disk.ts';
import type { Sql } from '../database.ts';
import { connectDatabase } from '../database.ts';
import { firstBroken } from '../ingest/chain.ts';
import { receive } from '../ingest/receive.ts';
import { ensureKiosk } from '../identity/kiosks.ts';
import { migrate, readMigrations } from '../migrate.ts';
import { startPostgres } from '../embedded/postgres.ts';
import { createStory, storyBoot, storyBootAt } from './story.ts';

/** What was found on the disks of all cuts. Run by `runWithLoopDisk`: its folder, then how many cuts, then `no_fsync` to show that a cut is noticed. */
export interface HqPowerCutFindings {
  readonly cuts: number;
  readonly unflushed: number;
  /** Events that HQ had acknowledged when all was over. */
  readonly acknowledged: number;
  /** Events that were acknowledged before a cut, and are not there after it. */
  readonly lost: number;
  /** What else is wrong: it does not start, a chain is broken, a mark is ahead of its events, an order has no row. */
  readonly faults: readonly string[];
}

const [top = '', cutsAsked = '3', weakness = 'none'] = process.argv.slice(2);
const kiosks = ['kiosk-001', 'kiosk-002', 'kiosk-003'].map((id) => kioskIdSchema.parse(id));
const at = storyBootAt + 60_000;

interface Taken { readonly cut: Cut; readonly marks: ReadonlyMap<KioskId, number> }

const disk = await startLoopDisk(top, 512);
const owned = await startPostgres({ dataFolder: join(disk.folder, 'hq'), isThrowaway: weakness === 'no_fsync' });
const sql = connectDatabase(owned.url);
await migrate(sql, await readMigrations(), Date.now);
// What was made so far is on the disk, whatever the weakness: it is acknowledged events that are looked for.
await sql`checkpoint`;

const marks = new Map<KioskId, number>();
let isOver = false;
const sending = kiosks.map((kioskId) => send(sql, kioskId));
const taken: Taken[] = [];
while (marks.size < kiosks.length) await wait(10);
for (let index = 0; index < Number(cutsAsked); index++) {
  await wait(100 + Math.random() * 900);
  // What is acknowledged after this may be on the image, and need not be.
  const before = new Map(marks);
  taken.push({ cut: await disk.cut([0, 1, Math.random()][index % 3]!), marks: before });
}
isOver = true;
await Promise.all(sending);
await sql.end({ timeout: 5 });
await owned.stop();
await disk.close();

const faults: string[] = [];
let lost = 0;
for (const [index, { cut, marks: acknowledged }] of taken.entries()) {
  await disk.inImage(cut, async (folder) => {
    const fault = (what: string) => faults.push(`cut ${index + 1}: ${what}`);
    const started = await startPostgres({ dataFolder: join(folder, 'hq') }).catch((error: unknown) => void fault(`does not start: ${String(error)}`));
    if (!started) {
      lost += [...acknowledged.values()].reduce((sum, mark) => sum + mark, 0);
      return;
    }
    const found = connectDatabase(started.url);
    try {
      for (const [kioskId, mark] of acknowledged) lost += await look(found, kioskId, mark, fault);
    } catch (error) {
      lost += [...acknowledged.values()].reduce((sum, mark) => sum + mark, 0);
      fault(String(error));
    } finally {
      await found.end({ timeout: 5 });
      await started.stop();
    }
  });
}
rmSync(join(top, 'disk'), { force: true });
const findings: HqPowerCutFindings = {
  cuts: taken.length, unflushed: taken.reduce((sum, { cut }) => sum + cut.unflushed, 0), acknowledged: [...marks.values()].reduce((sum, mark) => sum + mark, 0), lost, faults,
};
process.stdout.write(JSON.stringify(findings));

/** Order after order, in batches of one and of some, each acknowledged before the next is sent. */
async function send(to: Sql, kioskId: KioskId): Promise<void> {
  await ensureKiosk(to, kioskId, kioskId, at);
  const story = createStory(kioskId, 'https://hq.example', 'sealed');
  let sent = 0;
  for (let turn = 0; !isOver; turn++) {
    for (let orders = 0; orders <= turn % 4; orders++) story.order({ offers: [['latte', 1], ['umbrella', 1]], ending: 'fulfilled', at: at + turn * 1000 });
    const events: readonly HqEvent[] = story.events.slice(sent);
    const batch: Batch = { kioskId, lane: 'orders', epoch: 1, clock: { at: at + turn * 1000, boot: storyBoot, monotonicMs: turn * 1000 + 60_000 }, events: [...events] };
    const received = await receive(to, batch, at + turn * 1000);
    if (received.kind !== 'taken') throw new Error(`HQ answered ${received.kind}`);
    sent += events.length;
    marks.set(kioskId, received.mark.acknowledged);
  }
}

/** Answers how many acknowledged events are missing. */
async function look(found: Sql, kioskId: KioskId, acknowledged: number, fault: (what: string) => void): Promise<number> {
  const events = await found<(HqEvent & { monotonicMs: number })[]>`
    select sequence, event_id as id, kind, version, at, boot, monotonic_ms as "monotonicMs", payload, hash from events where kiosk_id = ${kioskId} and lane = 'orders' and epoch = 1 order by sequence`;
  const [cursor] = await found<{ acknowledged: number; head: string }[]>`select acknowledged, head from cursors where kiosk_id = ${kioskId} and lane = 'orders' and epoch = 1`;
  if (cursor?.acknowledged !== events.length || cursor.head !== events.at(-1)?.hash) fault(`${kioskId}: the mark is ${cursor?.acknowledged}, and there are ${events.length} events`);
  const broken = firstBroken('orders', 1, events, genesisHash);
  if (broken || events.some(({ sequence }, index) => sequence !== index + 1)) fault(`${kioskId}: the chain is broken`);
  const placed = events.flatMap(({ kind, payload }) => (kind === 'order.placed' ? [(JSON.parse(payload) as { order: { id: string } }).order.id] : []));
  const orders = await found<{ order_id: string; lines: number; payments: number; state: string }[]>`
    select order_id, state, (select count(*) from order_lines l where l.kiosk_id = o.kiosk_id and l.order_id = o.order_id) as lines,
      (select count(*) from payments p where p.kiosk_id = o.kiosk_id and p.order_id = o.order_id and p.state = 'approved') as payments
    from orders o where kiosk_id = ${kioskId}`;
  const isEachThere = orders.length === placed.length && orders.every(({ order_id, lines, payments, state }) => placed.includes(order_id) && lines === 2 && payments === 1 && state === 'fulfilled');
  if (!isEachThere) fault(`${kioskId}: ${placed.length} orders were told, and ${orders.length} are there`);
  return Math.max(0, acknowledged - events.length);
}
