import type { CaseResult } from './case.ts';
import type { PlannedCase } from './plan.ts';
import type { TruthName } from './truths.ts';
import { truths } from './truths.ts';

export interface JudgedCase {
  readonly planned: PlannedCase;
  readonly result: CaseResult;
}

interface Count {
  readonly cases: number;
  readonly agreed: number;
  readonly held: number;
  readonly passedForOurs: number;
  readonly failed: number;
}

function countOf(judged: readonly JudgedCase[]): Count {
  const failed = judged.filter(({ result }) => result.faults.length > 0).length;
  return {
    cases: judged.length,
    failed,
    agreed: judged.length - failed,
    held: judged.filter(({ result }) => result.faults.length === 0 && result.isHeld).length,
    passedForOurs: judged.filter(({ result }) => result.faults.length === 0 && result.passedForOurs).length,
  };
}

/** The matrix as Markdown: each moment of death by each truth of the terminal for a sale, the other scenarios by their moments. */
export function matrixTable(judged: readonly JudgedCase[], minutes: number): string {
  const total = countOf(judged);
  const once = judged.filter(({ planned }) => planned.scenario === 'sale' && !planned.again && planned.group !== paperGroup);
  const others = judged.filter((one) => !once.includes(one));
  const groups = [...new Set(once.map(({ planned }) => planned.group))];
  const names = (Object.keys(truths) as TruthName[]).filter((name) => once.some(({ planned }) => planned.truth === name));
  return [
    `${total.cases} cases in ${minutes.toFixed(1)} minutes: ${total.agreed} agree, ${total.held} of them held for a person, ${total.passedForOurs} of them taken for ours; ${total.failed} failed.`,
    '',
    'One sale, killed at every moment, by what is then true of the terminal:',
    '',
    row(['then', ...groups]),
    row(['---', ...groups.map(() => '---:')]),
    ...names.map((truth) => row([truths[truth].says, ...groups.map((group) => cell(countOf(once.filter(({ planned }) => planned.truth === truth && planned.group === group))))])),
    '',
    'Everything else:',
    '',
    row(['killed in', 'cases', 'agreed', 'of them held', 'failed']),
    row(['---', '---:', '---:', '---:', '---:']),
    ...[...new Set(others.map(({ planned }) => planned.group))].map((group) => {
      const { cases, agreed, held, failed } = countOf(others.filter(({ planned }) => planned.group === group));
      return row([group, cases, agreed, held, failed].map(String));
    }),
    '',
  ].join('\n');
}

/** Its truths are the printer's, not the terminal's. */
export const paperGroup = 'receipt on its way';

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** "70" where all agree, "70, 12 held", "70, **1 failed**". */
function cell({ cases, held, passedForOurs, failed }: Count): string {
  if (cases === 0) return '';
  return [String(cases), ...(held > 0 ? [`${held} held`] : []), ...(passedForOurs > 0 ? [`${passedForOurs} taken for ours`] : []), ...(failed > 0 ? [`**${failed} failed**`] : [])].join(', ');
}
