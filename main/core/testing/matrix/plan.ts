import type { KillPoint } from './kill-point.ts';
import type { MatrixCase } from './case.ts';
import type { Pool } from './pool.ts';
import type { ScenarioName } from './scenarios.ts';
import { scenarios, tooOldMs } from './scenarios.ts';
import { openStage, untilInService } from './stage.ts';
import type { TruthName } from './truths.ts';
import { saleAmount } from './truths.ts';
import { paperGroup } from './table.ts';
import type { WireBytes } from './wire.ts';
import { sinceCommand, wireItems } from './wire-trace.ts';

export interface PlannedCase extends MatrixCase {
  /** The row of the table that it counts in. */
  readonly group: string;
}

interface PlannedPoint {
  readonly point: KillPoint;
  readonly group: string;
}

/** What one run of a scenario is made of, as it was seen: nothing of it is written down beforehand. */
interface Rehearsal {
  readonly terminal: readonly PlannedPoint[];
  readonly steps: readonly PlannedPoint[];
  readonly printer: readonly PlannedPoint[];
}

const terminalTruths: readonly TruthName[] = [
  'reverses', 'keeps', 'restarts_at_once', 'restarts_at_once_keeps', 'reboots', 'reboots_keeps', 'silent_speaks_before', 'silent_speaks_after',
  'reversal_booked', 'reversal_booked_at_once', 'repeat_refused_first', 'repeat_unanswered_first', 'day_closed', 'other_sale_same_amount', 'other_sale_other_amount',
];
const waitingTruths: readonly TruthName[] = ['tapped_after', 'silent_speaks_after'];
const declinedTruths: readonly TruthName[] = ['reverses', 'restarts_at_once', 'reboots', 'other_sale_same_amount'];
const cancelledTruths: readonly TruthName[] = ['reverses', 'restarts_at_once', 'reboots', 'tapped_after'];
const paperTruths: readonly TruthName[] = ['restarts_at_once', 'paper_out', 'printer_power_cut'];
const reversalTruths: readonly TruthName[] = ['reverses', 'restarts_at_once', 'reboots', 'silent_speaks_before'];
/** Of the truths in which a recovery has the most to ask. */
const twiceTruths: readonly TruthName[] = ['reverses', 'keeps', 'restarts_at_once', 'silent_speaks_before', 'reboots'];

/** All cases, in a fixed order. */
export async function planMatrix(pool: Pool): Promise<readonly PlannedCase[]> {
  const [sale, waiting, declined, cancelled] = await Promise.all((['sale', 'waiting', 'declined', 'cancelled'] as const).map((name) => rehearse(pool, name)));
  const before = (points: readonly PlannedPoint[], group: string) => points.filter((point) => point.group !== group);
  const cases = [
    ...cross('sale', [...sale!.steps, ...sale!.terminal], terminalTruths),
    ...cross('sale', sale!.printer, paperTruths),
    ...cross('waiting', waiting!.terminal, waitingTruths),
    ...cross('declined', [...declined!.steps.slice(-2), ...before(declined!.terminal, 'purchase (06 01)')], declinedTruths),
    ...cross('cancelled', [...cancelled!.steps.slice(-2), ...before(cancelled!.terminal, 'purchase (06 01)')], cancelledTruths),
  ];
  const reversal = (await rehearseTooLate(pool)).flatMap(({ point, group }) =>
    reversalTruths.map((truth): PlannedCase => ({ scenario: 'too_late', point: unheard, truth, again: point, group: `${scenarios.too_late.says}: ${group}` })));
  return [...cases, ...reversal, ...twice(cases)];
}

function cross(scenario: ScenarioName, points: readonly PlannedPoint[], names: readonly TruthName[]): readonly PlannedCase[] {
  const row = (group: string) => (scenario === 'sale' ? group : `${scenarios[scenario].says}: ${group}`);
  return points.flatMap(({ point, group }) => names.map((truth) => ({ scenario, point, truth, group: row(group) })));
}

/** A recovery asks the terminal for its state, registers, asks what it did last: some 60 bytes out, some 120 in; and settles. */
function twice(cases: readonly PlannedCase[]): readonly PlannedCase[] {
  const random = randomFrom(7);
  const seconds: readonly KillPoint[] = [
    ...spread('out', 60, 5), ...spread('in', 120, 9),
    ...(['before', 'after'] as const).flatMap((edge) => [1, 2].map((nth): KillPoint => ({ kind: 'step', step: 'settleAttempt', nth, edge }))),
  ];
  const firsts = shuffled(cases.filter(({ scenario, truth }) => scenario === 'sale' && twiceTruths.includes(truth)), random);
  return firsts.slice(0, 10 * seconds.length).map((first, index) => ({ ...first, again: seconds[index % seconds.length]!, group: 'killed again in the recovery' }));

  function spread(direction: 'out' | 'in', until: number, every: number): readonly KillPoint[] {
    return Array.from({ length: Math.floor(until / every) }, (_, index) => ({ kind: 'byte', device: 'terminal', direction, byte: 1 + index * every, edge: 'before' }));
  }
}

/** After the terminal has its 80 00, and before the store has the end: paid, and core does not know it. */
const unheard: KillPoint = { kind: 'step', step: 'settleAttempt', nth: 1, edge: 'before' };

/** What a recovery is made of that finds a payment too late and sends it back: where it is killed is the matrix of the reversal. */
async function rehearseTooLate(pool: Pool): Promise<readonly PlannedPoint[]> {
  const stage = await openStage(pool, {}, { unpaidOrderMs: tooOldMs });
  const killed = await stage.begin({ point: unheard, from: 'sale' });
  await untilInService(killed);
  const placed = await killed.request('place', stage.placing('cola'));
  if (placed?.ok && placed.value.kind === 'placed') await scenarios.too_late.act(stage, killed, placed.value.order.id);
  await killed.ended;
  await new Promise((resolve) => setTimeout(resolve, 1.2 * tooOldMs));
  const life = await stage.begin();
  await life.request('open', {});
  const { reader } = stage.store();
  await life.until(() => !reader.unsettledAttempt() && life.status()?.card === 'ready', 20_000);
  const steps = (await life.end()) ?? [];
  const points = [...pointsOfSteps(steps), ...pointsOfTerminal(sinceCommand(stage.terminalWire.passed(), 'reversal'), false)];
  await stage.close();
  return points;
}

async function rehearse(pool: Pool, name: ScenarioName): Promise<Rehearsal> {
  const scenario = scenarios[name];
  const stage = await openStage(pool, {});
  stage.setTapping(scenario.taps);
  await stage.otherSale(saleAmount);
  const life = await stage.begin();
  await untilInService(life);
  if ('before' in scenario) scenario.before(stage);
  const placed = await life.request('place', stage.placing('cola'));
  if (!placed?.ok || placed.value.kind !== 'placed') throw new Error('the rehearsal did not place its order');
  await scenario.act(stage, life, placed.value.order.id);
  const steps = (await life.end()) ?? [];
  const result: Rehearsal = {
    steps: pointsOfSteps(steps),
    terminal: pointsOfTerminal(sinceCommand(stage.terminalWire.passed(), 'purchase'), name === 'waiting'),
    printer: name === 'sale' ? pointsOfPrinter(stage.printerWire.passed()) : [],
  };
  await stage.close();
  return result;
}

function pointsOfSteps(steps: readonly string[]): readonly PlannedPoint[] {
  const counts = new Map<string, number>();
  return steps.flatMap((step) => {
    const nth = (counts.get(step) ?? 0) + 1;
    counts.set(step, nth);
    return (['before', 'after'] as const).map((edge) => ({ point: { kind: 'step', step, nth, edge } as const, group: 'steps of the store' }));
  });
}

/**
 * Before each byte of each frame, and after its last: between two bytes that travel together "after the one" and "before the
 * next" are one moment.
 */
function pointsOfTerminal(passed: readonly WireBytes[], isUntilTap: boolean): readonly PlannedPoint[] {
  const went = { kiosk: 0, device: 0 };
  const points: PlannedPoint[] = [];
  let message = '';
  const isPurchase = passed[0]?.bytes[3] === 0x01;
  let intermediates = 0;
  for (const { from, name, bytes } of wireItems(passed)) {
    if (name === 'unfinished') break;
    if (name !== 'ACK' && name !== 'NAK' && !(from === 'kiosk' && name === '80 00')) message = name;
    if (from === 'device' && name === '04 ff') intermediates += 1;
    // What follows the end of the exchange is no part of the sale.
    if (from === 'kiosk' && name === '05 01') break;
    if (isUntilTap && intermediates > 1) break;
    const group = groupOf(message, isPurchase ? intermediates : 0, from === 'kiosk' && name === '80 00');
    const start = went[from];
    went[from] += bytes;
    const direction = from === 'kiosk' ? 'out' : 'in';
    const at = (byte: number, edge: 'before' | 'after') => points.push({ point: { kind: 'byte', device: 'terminal', direction, byte, edge }, group });
    for (let byte = start + 1; byte <= start + bytes; byte += 1) at(byte, 'before');
    at(start + bytes, 'after');
  }
  return points;
}

function groupOf(message: string, intermediates: number, isAnswer: boolean): string {
  switch (message) {
    case '06 01':
      return 'purchase (06 01)';
    case '06 30':
      return 'reversal (06 30)';
    case '80 00':
      return 'command taken (80 00)';
    case '04 ff':
      return ['intermediate status (04 FF)', 'present card (04 FF)'][intermediates] ?? 'please wait (04 FF)';
    case '04 0f':
      return isAnswer ? 'answer to the result (80 00)' : 'result (04 0F)';
    case '06 0f':
      return 'completion (06 0F)';
    case '06 1e':
      return 'abort (06 1E)';
    case '06 b0':
      return 'our abort (06 B0)';
    default:
      return message;
  }
}

/** The receipt is some thousand bytes of text: its first and last, and every fortieth; of the answers each one. */
function pointsOfPrinter(passed: readonly WireBytes[]): readonly PlannedPoint[] {
  const first = passed.findIndex(({ from, bytes }) => from === 'kiosk' && bytes.length >= 64);
  if (first === -1) return [];
  const count = (from: 'kiosk' | 'device') => passed.slice(first).filter((item) => item.from === from).reduce((sum, { bytes }) => sum + bytes.length, 0);
  const [out, back] = [count('kiosk'), Math.min(8, count('device'))];
  const bytes = [...Array.from({ length: Math.ceil(out / 40) }, (_, index) => 1 + index * 40), out - 12, out - 9, out - 6];
  return [
    ...[...new Set(bytes)].filter((byte) => byte > 0 && byte <= out).map((byte) => at('out', byte, 'before')),
    ...Array.from({ length: back }, (_, index) => (['before', 'after'] as const).map((edge) => at('in', index + 1, edge))).flat(),
  ];

  function at(direction: 'out' | 'in', byte: number, edge: 'before' | 'after'): PlannedPoint {
    return { point: { kind: 'byte', device: 'printer', direction, byte, edge }, group: paperGroup };
  }
}

/** Mulberry32: a seed gives the same cases at each run. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items.map((item) => ({ item, rank: random() })).sort((left, right) => left.rank - right.rank).map(({ item }) => item);
}
