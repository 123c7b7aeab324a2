import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { endGroup, root } from './start/child.ts';
import { endWithUs } from './start/lifeline.ts';

/**
 * `npm test`: everything that holds the house together. Static checks count as one test each. Its last line reads
 * "N passed, N failed", and it comes: a step that hangs is ended after its time. Names as arguments run a part of it: `npm test -- types lint imports unit e2e`.
 */
interface Count {
  readonly passed: number;
  readonly failed: number;
  /** Named once more at the end: what failed an hour ago is far up. */
  readonly failures?: readonly string[];
}

interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly limitMinutes: number;
  /** Where its runner writes its numbers; without one, the exit code is one test. */
  readonly count?: () => Count;
}

const bin = (name: string) => path.join(root, 'node_modules/.bin', name);
const out = (file: string) => path.join(root, 'out', file);

const steps: readonly Step[] = [
  { name: 'types', command: bin('tsc'), args: ['--project', '.'], limitMinutes: 5 },
  { name: 'types of domain', command: bin('tsc'), args: ['--project', 'domain', '--noEmit'], limitMinutes: 5 },
  { name: 'lint', command: bin('oxlint'), args: ['--deny-warnings'], limitMinutes: 5 },
  { name: 'imports', command: process.execPath, args: ['build/import-rules.ts'], limitMinutes: 5 },
  { name: 'unit', command: bin('vitest'), args: ['run', '--config', 'build/vitest.config.ts'], limitMinutes: 35, count: countVitest },
  { name: 'e2e', command: bin('playwright'), args: ['test', '--config', 'e2e/playwright.config.ts'], limitMinutes: 35, count: countPlaywright },
];

/** The step that runs, in a process group of its own. */
let running: ChildProcess | undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void (running ? endGroup(running) : Promise.resolve()).then(() => process.exit(130)));
}

async function run({ name, command, args, limitMinutes, count }: Step): Promise<Count> {
  console.log(`\ntest: ${name}`);
  const startedAt = performance.now();
  const child = spawn(command, args, { cwd: root, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
  running = child;
  endWithUs(child);
  let isOver = false;
  const limit = setTimeout(() => {
    isOver = true;
    console.error(`test: ${name} was not done after ${limitMinutes} minutes, and is ended.`);
    void endGroup(child);
  }, limitMinutes * 60_000);
  const exitCode = await new Promise<number>((resolve) => {
    child.once('error', (cause) => {
      console.error(`test: ${command}: ${cause.message}`);
      resolve(1);
    });
    child.once('exit', (exitCode) => resolve(exitCode ?? 1));
  });
  clearTimeout(limit);
  await endGroup(child);
  const code = isOver ? 1 : exitCode;
  const counted = count?.() ?? { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
  // A runner that failed without a failed test (no tests, a crash, an unhandled error) has failed all the same.
  const result = code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
  console.log(`test: ${name}: ${result.passed} passed, ${result.failed} failed, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  return result;
}

function countVitest(): Count {
  interface Assertion { readonly status: string; readonly fullName: string; readonly failureMessages?: readonly string[] }
  const results = readJson<{ numPassedTests: number; numFailedTests: number; testResults: readonly { readonly name: string; readonly assertionResults: readonly Assertion[] }[] }>(out('test/vitest.json'));
  if (!results) return { passed: 0, failed: 1 };
  const failures = results.testResults.flatMap(({ name, assertionResults }) => assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => `${path.relative(root, name)}: ${fullName}: ${failureMessages?.[0]?.split('\n')[0] ?? ''}`));
  return { passed: results.numPassedTests, failed: results.numFailedTests, failures };
}

function countPlaywright(): Count {
  const results = readJson<{ stats: { expected: number; unexpected: number; flaky: number } }>(out('e2e/results.json'));
  if (!results) return { passed: 0, failed: 1 };
  return { passed: results.stats.expected, failed: results.stats.unexpected + results.stats.flaky };
}

function readJson<T>(file: string): T | undefined {
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as T) : undefined;
}

// Numbers of an earlier run must never stand in for this one.
for (const file of ['test/vitest.json', 'e2e/results.json']) fs.rmSync(out(file), { force: true });

const wanted = process.argv.slice(2);
const chosen = wanted.length === 0 ? steps : steps.filter((step) => wanted.some((name) => step.name.startsWith(name)));
if (chosen.length === 0) console.error(`test: no step is called ${wanted.join(' or ')}; there are ${steps.map((step) => step.name).join(', ')}`);

let passed = 0;
let failed = chosen.length === 0 ? 1 : 0;
const failures: string[] = [];
for (const step of chosen) {
  const count = await run(step);
  passed += count.passed;
  failed += count.failed;
  if (count.failed > 0) failures.push(...(count.failures?.length ? count.failures : [step.name]));
}
for (const failure of failures) console.log(`\ntest: FAILED ${failure.slice(0, 600)}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
