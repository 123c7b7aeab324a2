import type { CaseResult, MatrixCase } from './case.ts';
import { runCase } from './case.ts';
import type { Pool } from './pool.ts';

export interface RunOptions {
  readonly pool: Pool;
  /** Cases mostly wait for a protocol's limits: more of them at once than processors. */
  readonly atOnce: number;
  readonly onResult?: (result: CaseResult, done: number) => void;
}

/** Runs all cases, in their order, several at once. */
export async function runCases<C extends MatrixCase>(cases: readonly C[], { pool, atOnce, onResult }: RunOptions): Promise<readonly { readonly planned: C; readonly result: CaseResult }[]> {
  const results: { planned: C; result: CaseResult }[] = [];
  let next = 0;
  async function work(): Promise<void> {
    for (let index = next++; index < cases.length; index = next++) {
      const result = await runCase(pool, cases[index]!);
      results[index] = { planned: cases[index]!, result };
      onResult?.(result, results.filter(Boolean).length);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}
