import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { caseOfName, nameOfCase, runCase } from './case.ts';
import type { CaseResult } from './case.ts';
import { writeIntoDocs } from './docs.ts';
import { planMatrix, randomFrom, shuffled } from './plan.ts';
import type { Pool } from './pool.ts';
import { createPool } from './pool.ts';
import { runCases } from './run.ts';
import { matrixTable } from './table.ts';

/** `npm run matrix`, with core's process bundled already (build/matrix.ts says what its options mean). */
const { values } = parseArgs({
  options: {
    child: { type: 'string' }, case: { type: 'string' }, only: { type: 'string' }, draw: { type: 'string' }, seed: { type: 'string', default: '24' },
    'at-once': { type: 'string', default: '10' }, list: { type: 'boolean' }, write: { type: 'boolean' },
  },
});
const root = path.resolve(import.meta.dirname, '../../../..');

const pool = createPool({ childFile: values.child!, spares: 3 });
try {
  process.exitCode = (await (values.case === undefined ? runAll(pool) : runOne(pool, values.case))) ? 0 : 1;
} finally {
  await pool.close();
}

async function runOne(open: Pool, name: string): Promise<boolean> {
  const wanted = caseOfName(name);
  if (!wanted) {
    console.error(`matrix: there is no case "${name}"; --list prints their names`);
    return false;
  }
  const result = await runCase(open, wanted, { alwaysTrace: true });
  console.log(result.trace);
  say(result);
  return result.faults.length === 0;
}

async function runAll(open: Pool): Promise<boolean> {
  const startedAt = performance.now();
  const planned = (await planMatrix(open)).filter((one) => values.only === undefined || `${nameOfCase(one)} ${one.group}`.includes(values.only));
  const cases = values.draw === undefined ? planned : shuffled(planned, randomFrom(Number(values.seed))).slice(0, Number(values.draw));
  if (values.list) {
    for (const one of cases) console.log(nameOfCase(one));
    return true;
  }
  console.log(`matrix: ${cases.length} cases, ${values['at-once']} at once`);
  const judged = await runCases(cases, { pool: open, atOnce: Number(values['at-once']), onResult: report });
  const minutes = (performance.now() - startedAt) / 60_000;
  const table = matrixTable(judged, minutes);
  fs.mkdirSync(path.join(root, 'out'), { recursive: true });
  fs.writeFileSync(path.join(root, 'out/matrix.md'), table);
  if (values.write) writeIntoDocs(root, 'matrix', table);
  console.log(`\n${table}`);
  return judged.every(({ result }) => result.faults.length === 0);

  function report(result: CaseResult, done: number): void {
    if (result.faults.length > 0) {
      say(result);
      console.log(result.trace);
    }
    if (done % 100 === 0) console.log(`matrix: ${done} of ${cases.length} after ${Math.round((performance.now() - startedAt) / 1000)} s`);
  }
}

function say({ name, faults, isHeld, passedForOurs, againMissed, tookMs }: CaseResult): void {
  const verdict = faults.length > 0 ? `FAILED: ${faults.join('; ')}` : ['agrees', ...(isHeld ? ['held for a person'] : []), ...(passedForOurs ? ['taken for ours'] : []), ...(againMissed ? ['not killed again'] : [])].join(', ');
  console.log(`${name}: ${verdict} (${Math.round(tookMs)} ms)`);
}
