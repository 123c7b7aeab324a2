import fs from 'node:fs';
import path from 'node:path';
import { loadKeys } from '../../../../hq/server/sim/wallets/keys.ts';
import { readBooks } from './books.ts';
import { caseOfName } from './case.ts';
import { installClock } from './clock.ts';
import { judge } from './judge.ts';
import { moodOf, runStory } from './story.ts';
import { createGround } from './world.ts';

/** One operating system process of the matrix: `worker.ts DATABASE_URL FOLDER KEYS_FOLDER [loud]`. It is told names of cases, one after the other, and answers each. */
export interface CaseResult {
  readonly name: string;
  readonly faults: readonly string[];
  readonly trace: readonly string[];
  readonly tookMs: number;
  /** Of its own process; the database's comes on top. */
  readonly cpuMs: number;
  readonly wasReached: boolean;
  /** What a person has on a list in the end. */
  readonly listed: number;
}

const [databaseUrl = '', folder = '', keysFolder = '', loud] = process.argv.slice(2);
const stray: string[] = [];
process.on('unhandledRejection', (cause) => void stray.push(`unhandled: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`));
process.on('uncaughtException', (cause) => void stray.push(`uncaught: ${cause.stack ?? cause.message}`));
/** Of those who were killed. */
const ofTheDead = /was killed|it is dead|database connection is not open|CONNECTION_|ECONNRESET|socket hang up|The database connection/;

fs.mkdirSync(path.dirname(folder), { recursive: true });
const keys = loadKeys(keysFolder);
const clock = installClock();
const ground = await createGround({ clock, databaseUrl, folder, keys, isLoud: loud === 'loud' });

async function run(name: string): Promise<CaseResult> {
  const one = caseOfName(name);
  const startedMs = clock.realNowMs();
  const cpu = process.cpuUsage();
  if (!one) return { name, faults: ['there is no such case'], trace: [], tookMs: 0, cpuMs: 0, wasReached: false, listed: 0 };
  stray.length = 0;
  const world = await ground.open(moodOf(one.cart));
  let found: readonly string[];
  let wasReached = false;
  let listed = 0;
  try {
    const told = await runStory(world, one);
    ({ wasReached } = told);
    const books = await readBooks(world, told);
    listed = books.kiosk.list.length + books.hq.wallets.filter(({ state, refused }) => state === 'held' || refused > 0).length;
    found = judge(one, told, books);
    if (loud === 'loud') console.log(JSON.stringify({ ...books, kiosk: { ...books.kiosk, text: '' }, hq: { ...books.hq, text: '' } }, null, 1), world.kills.steps().join(', '), world.gateways.books.calls().map(({ on, outcome }) => `${on} ${outcome}`).join(', '));
  } catch (cause) {
    found = [`the story broke off: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`];
  }
  const left = stray.filter((words) => !ofTheDead.test(words));
  await world.close();
  const { user, system } = process.cpuUsage(cpu);
  return { name, faults: [...found, ...left], trace: found.length + left.length > 0 ? world.trace : [], tookMs: clock.realNowMs() - startedMs, cpuMs: (user + system) / 1000, wasReached, listed };
}

let queue: Promise<unknown> = Promise.resolve();
process.on('message', ({ name }: { readonly name: string | undefined }) => {
  queue = queue.then(async () => {
    if (name === undefined) {
      await ground.close();
      process.exit(0);
    }
    process.send?.({ result: await run(name) });
  });
});
process.on('disconnect', () => process.exit(1));
process.send?.({ ready: true });
