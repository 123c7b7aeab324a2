import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeIntoDocs } from '../matrix/docs.ts';
import { caseOfName, nameOfCase } from './case.ts';
import { planWalletMatrix, randomFrom, shuffled } from './plan.ts';
import { createWalletPool } from './pool.ts';
import { walletTable } from './table.ts';
import type { CaseResult } from './worker.ts';

/** `npm run matrix -- --wallets` (build/matrix.ts says what its options mean). */
const { values } = parseArgs({
  options: {
    wallets: { type: 'boolean' }, case: { type: 'string' }, only: { type: 'string' }, draw: { type: 'string' }, seed: { type: 'string', default: '24' }, 'at-once': { type: 'string', default: '2' }, list: { type: 'boolean' },
    write: { type: 'boolean' }, minutes: { type: 'string' },
  },
});
const root = path.resolve(import.meta.dirname, '../../../..');

let isStopped = false;
// What runs is ended, and what was made on disk is removed.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void (isStopped = true));
process.exitCode = (await (values.case === undefined ? runAll() : runOne(values.case))) ? 0 : 1;

async function runOne(name: string): Promise<boolean> {
  if (!caseOfName(name)) {
    console.error(`matrix: there is no case "${name}"; --wallets --list prints their names`);
    return false;
  }
  const pool = await createWalletPool({ workers: 1, isLoud: true });
  const [result] = await pool.run([name]);
  await pool.close();
  say(result!);
  return result!.faults.length === 0;
}

async function runAll(): Promise<boolean> {
  const planned = planWalletMatrix().filter((one) => values.only === undefined || `${nameOfCase(one)} ${one.group}`.includes(values.only));
  const cases = values.draw === undefined ? planned : shuffled(planned, randomFrom(Number(values.seed))).slice(0, Number(values.draw));
  if (values.list) {
    for (const one of cases) console.log(nameOfCase(one));
    return true;
  }
  const startedMs = performance.now();
  const minutes = () => (performance.now() - startedMs) / 60_000;
  console.log(`matrix: ${cases.length} cases of wallets and carrier, ${values['at-once']} at once`);
  const pool = await createWalletPool({ workers: Number(values['at-once']) });
  const results = await pool.run(cases.map(nameOfCase), (result, done) => {
    if (result.faults.length > 0) say(result);
    if (done % 100 === 0) console.log(`matrix: ${done} of ${cases.length} after ${minutes().toFixed(1)} minutes`);
  }, () => isStopped || (values.minutes !== undefined && minutes() > Number(values.minutes)));
  await pool.close();
  const byName = new Map(results.map((result) => [result.name, result]));
  const table = walletTable(cases.flatMap((one) => {
    const result = byName.get(nameOfCase(one));
    return result ? [{ one, result }] : [];
  }), minutes());
  fs.mkdirSync(path.join(root, 'out'), { recursive: true });
  fs.writeFileSync(path.join(root, 'out/wallet-matrix.md'), table);
  if (values.write) writeIntoDocs(root, 'wallet matrix', table);
  console.log(`\n${table}`);
  return results.every(({ faults }) => faults.length === 0);
}

function say({ name, faults, listed, tookMs, cpuMs, trace }: CaseResult): void {
  console.log(`${faults.length > 0 ? 'FAILED' : 'agrees'}${listed > 0 ? ', on a list' : ''}: npm run matrix -- --wallets --case=${name} (${Math.round(tookMs)} ms, ${Math.round(cpuMs)} ms of a processor)`);
  for (const fault of faults) console.log(`  ${fault}`);
  if (faults.length > 0 && values.case === undefined) for (const line of trace.slice(-60)) console.log(`    ${line.slice(0, 200)}`);
}
