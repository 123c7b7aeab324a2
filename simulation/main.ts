import { parseArgs } from 'node:util';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { startSimPostgres } from './hq.ts';
import type { Outcome } from './run.ts';
import { runSeed } from './run.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Share { readonly seeds: readonly number[]; readonly hours: number; readonly isVerbose: boolean }

function readOptions() {
  const { values } = parseArgs({ options: { seeds: { type: 'string' }, from: { type: 'string' }, hours: { type: 'string' }, seed: { type: 'string' }, workers: { type: 'string' }, verbose: { type: 'boolean' } } });
  const whole = (name: 'seeds' | 'from' | 'hours' | 'seed' | 'workers', otherwise: number) => {
    const value = Number(values[name] ?? otherwise);
    if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} takes a whole number from 1`);
    return value;
  };
  const first = values.seed === undefined ? whole('from', 1) : whole('seed', 1);
  const count = values.seed === undefined ? whole('seeds', 200) : 1;
  return { seeds: Array.from({ length: count }, (_, index) => first + index), hours: whole('hours', 48), workers: whole('workers', 2), isVerbose: values.verbose ?? false };
}

function tell(outcome: Outcome, hours: number): void {
  if (outcome.wrongs.length === 0) return;
  say(`\nseed ${outcome.seed} failed`);
  for (const wrong of outcome.wrongs.slice(0, 20)) say(`  ${wrong}`);
  say(`  faults:\n${outcome.faults.map((line) => `    ${line}`).join('\n')}`);
  say(`  at the end:\n${outcome.last.map((line) => `    ${line}`).join('\n')}`);
  say(`  again: npm run sim -- --seed ${outcome.seed} --hours ${hours} --verbose\n`);
}

async function main(): Promise<void> {
  const { seeds, hours, workers, isVerbose } = readOptions();
  const startedMs = performance.now();
  const failed: number[] = [];
  const sums = { orders: 0, events: 0, requests: 0, faults: 0, hours: 0 };
  let done = 0;
  const hear = (outcome: Outcome) => {
    done += 1;
    tell(outcome, hours);
    if (outcome.wrongs.length > 0) failed.push(outcome.seed);
    for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += outcome.figures[name];
    if (done % 50 === 0) say(`${done} of ${seeds.length} seeds, ${failed.length} failed`);
  };
  // In turn, so that each thread has as much to do.
  const shares = Array.from({ length: Math.min(workers, seeds.length) }, (_, share): Share => ({ seeds: seeds.filter((_seed, index) => index % workers === share), hours, isVerbose }));
  await Promise.all(shares.map((share) => new Promise<void>((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: share });
    worker.on('message', hear);
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  })));
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  say(`${done} seeds of ${hours} h and what followed (${sums.hours} h): ${sums.faults} faults, ${sums.orders} orders, ${sums.events} events, ${sums.requests} requests; ${failed.length} failed, ${seconds} s`);
  if (failed.length > 0) say(`failed: ${failed.sort((one, other) => one - other).join(', ')}`);
  process.exitCode = failed.length > 0 || done < seeds.length ? 1 : 0;
}

async function work({ seeds, hours, isVerbose }: Share): Promise<void> {
  const postgres = await startSimPostgres();
  try {
    for (const seed of seeds) parentPort?.postMessage(await runSeed({ seed, hours, postgres, onLine: isVerbose ? (line) => say(line) : undefined }));
  } finally {
    await postgres.stop();
  }
}

if (isMainThread) await main();
else await work(workerData as Share);
