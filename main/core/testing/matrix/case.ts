import { deadlinePassed, within } from '../../../../hardware/transport/deadline.ts';
import { gatherEvidence } from './evidence.ts';
import type { KillPoint } from './kill-point.ts';
import { nameOfPoint, pointOfName } from './kill-point.ts';
import type { Judgement } from './judge.ts';
import { judge } from './judge.ts';
import type { Life } from './life.ts';
import type { Pool } from './pool.ts';
import type { Scenario, ScenarioName } from './scenarios.ts';
import { isDone, lastTold, payUntil, scenarios, tooOldMs } from './scenarios.ts';
import type { Stage } from './stage.ts';
import { openStage, untilInService } from './stage.ts';
import type { Truth, TruthName } from './truths.ts';
import { isSettled, saleAmount, truths } from './truths.ts';
import { sinceCommand, traceOf } from './wire-trace.ts';

/** One sale, one or two moments of death, and what is true of the terminal then. */
export interface MatrixCase {
  readonly scenario: ScenarioName;
  readonly point: KillPoint;
  readonly truth: TruthName;
  /** The process that recovers is killed, too. */
  readonly again?: KillPoint;
}

export interface CaseResult extends Judgement {
  readonly name: string;
  readonly tookMs: number;
  /** Where it failed: everything that happened, by name. */
  readonly trace?: string;
  /** The second moment was not reached: the recovery was done before. */
  readonly againMissed?: true;
}

/** "sale/terminal-out-17-before/reboots": runs it alone again. */
export function nameOfCase({ scenario, point, truth, again }: MatrixCase): string {
  return [scenario, nameOfPoint(point), truth, ...(again ? [nameOfPoint(again)] : [])].join('/');
}

export function caseOfName(name: string): MatrixCase | undefined {
  const [scenario = '', pointName = '', truth = '', againName] = name.split('/');
  const point = pointOfName(pointName);
  const again = againName === undefined ? undefined : pointOfName(againName);
  if (!point || !Object.hasOwn(scenarios, scenario) || !Object.hasOwn(truths, truth) || (againName !== undefined && !again)) return undefined;
  return { scenario: scenario as ScenarioName, point, truth: truth as TruthName, ...(again ? { again } : {}) };
}

/** After the sale is through: what has not come by then will not come. */
const deathLimitMs = 6_000;
/** Far beyond all other limits: what hangs is told, and hangs up nothing else. */
const caseLimitMs = 150_000;
const settleLimitMs = 30_000;

export async function runCase(pool: Pool, matrixCase: MatrixCase, { alwaysTrace = false } = {}): Promise<CaseResult> {
  const startedAt = performance.now();
  const truth: Truth = truths[matrixCase.truth];
  const scenario: Scenario = scenarios[matrixCase.scenario];
  const stage = await openStage(pool, truth.terminal ?? {}, scenario.isTooLate ? { unpaidOrderMs: tooOldMs } : {});
  const faults: string[] = [];
  let judgement: Judgement = { faults: [], isHeld: false, passedForOurs: false };
  let againMissed = false;
  try {
    const performed = await within(perform(stage, matrixCase, truth, faults), caseLimitMs);
    if (performed === deadlinePassed) throw new Error(`not done within ${caseLimitMs} ms`);
    againMissed = performed;
    judgement = judge(gatherEvidence(stage), truth);
  } catch (cause) {
    faults.push(cause instanceof Error ? cause.message : String(cause));
  }
  const all = [...faults, ...judgement.faults];
  const trace = alwaysTrace || all.length > 0 ? traceOfStage(stage) : undefined;
  await stage.close();
  return {
    ...judgement, name: nameOfCase(matrixCase), faults: all, tookMs: performance.now() - startedAt,
    ...(trace === undefined ? {} : { trace }), ...(againMissed ? { againMissed } : {}),
  };
}

/** Answers whether the second moment of death was missed. */
async function perform(stage: Stage, matrixCase: MatrixCase, truth: Truth, faults: string[]): Promise<boolean> {
  const { point, again } = matrixCase;
  const scenario: Scenario = scenarios[matrixCase.scenario];
  const orderId = await sellUntilDeath(stage, scenario, matrixCase, truth, faults);
  // What is found too late is sent back by the recovery: its truths are about the death in that.
  if (scenario.isTooLate) await new Promise((resolve) => setTimeout(resolve, 1.2 * tooOldMs));
  else await truth.whileDown?.(stage);

  let life: Life;
  let missed = false;
  if (again) {
    if (scenario.isTooLate) atNextDeath(stage, truth);
    life = await stage.begin({ point: again, from: scenario.isTooLate ? 'reversal' : 'start' });
    await recover(stage, life, scenario.isTooLate ? {} : truth, orderId, scenario);
    await untilDeathOrDone(stage, life);
    missed = !life.isOver();
    if (missed) life.spare();
    else {
      await freeAfter(stage, life, faults);
      if (scenario.isTooLate) await truth.whileDown?.(stage);
      life = await stage.begin();
      await recover(stage, life, truth, orderId, scenario);
    }
  } else {
    life = await stage.begin();
    await recover(stage, life, truth, orderId, scenario);
  }
  if (point.kind === 'byte' && point.device === 'terminal' && point.direction === 'out') checkBytes(stage, point, faults);
  if (life.isOver()) return void faults.push(`core ended by itself: ${await life.ended}`), missed;
  await settle(stage, life, truth, again !== undefined, faults);
  await buyAgain(stage, life, orderId, faults);
  return missed;
}

/** A recovery that has had nothing left to do for a while will not reach its moment any more. */
async function untilDeathOrDone(stage: Stage, life: Life): Promise<void> {
  const { reader } = stage.store();
  let doneSinceMs: number | undefined;
  const isDoneForAWhile = () => {
    if (reader.unsettledAttempt() || reader.unfinishedPrintJobs().length > 0 || life.status()?.card !== 'ready') doneSinceMs = undefined;
    else doneSinceMs ??= performance.now();
    return doneSinceMs !== undefined && performance.now() - doneSinceMs > 500;
  };
  if (!life.isOver()) await life.until(isDoneForAWhile, 20_000);
}

function atNextDeath(stage: Stage, truth: Truth): void {
  const stop = stage.terminalWire.onFree(() => {
    stop();
    truth.atDeath?.(stage);
  });
}

async function sellUntilDeath(stage: Stage, scenario: Scenario, { point }: MatrixCase, truth: Truth, faults: string[]) {
  stage.setTapping(scenario.taps);
  // The terminal has sold before, and for the same amount: never to be taken for ours.
  await stage.otherSale(saleAmount);
  if (!scenario.isTooLate) atNextDeath(stage, truth);
  const life = await stage.begin({ point, from: 'sale' });
  await untilInService(life);
  scenario.before?.(stage);
  const placed = await life.request('place', stage.placing('cola'));
  const orderId = placed?.ok && placed.value.kind === 'placed' ? placed.value.order.id : undefined;
  if (orderId) await scenario.act(stage, life, orderId);
  await life.until(() => false, life.isOver() ? 0 : deathLimitMs);
  if (!life.isOver()) faults.push(`the moment ${nameOfPoint(point)} was not reached`);
  if (!life.isOver()) await life.end();
  else await freeAfter(stage, life, faults);
  return orderId;
}

async function freeAfter(stage: Stage, life: Life, faults: string[]): Promise<void> {
  const how = await life.ended;
  if (how !== 'SIGKILL') faults.push(`core was not killed: ${how}`);
  await Promise.all([stage.terminalWire.untilFree(), stage.printerWire.untilFree()]);
}

/** What a killed process had handed to its line has arrived, to the byte; otherwise another moment was tried than was meant. */
function checkBytes(stage: Stage, point: KillPoint & { readonly kind: 'byte' }, faults: string[]): void {
  const wanted = point.edge === 'before' ? point.byte - 1 : point.byte;
  const sale = sinceCommand(stage.terminalWire.passed(), 'purchase');
  const went = sale.filter(({ from, kiosk }) => from === 'kiosk' && kiosk === sale[0]!.kiosk).reduce((sum, { bytes }) => sum + bytes.length, 0);
  // Of less than four bytes nobody sees yet that they are a purchase.
  if (wanted > 3 && went !== wanted) faults.push(`${went} bytes went out, and ${wanted} were meant`);
}

async function recover(stage: Stage, life: Life, truth: Pick<Truth, 'afterRestart'>, orderId: Awaited<ReturnType<typeof sellUntilDeath>>, scenario: Scenario): Promise<void> {
  await life.request('open', orderId ? { watching: orderId } : {});
  if (scenario.isTooLate) await life.request('leave', {});
  if (!life.isOver()) await truth.afterRestart?.(stage, life);
}

/** Until nothing is under way any more: the card is ready or held for a person, the paper ready, the terminal at rest. */
async function settle(stage: Stage, life: Life, truth: Truth, isKilledAgain: boolean, faults: string[]): Promise<void> {
  const { reader } = stage.store();
  const isAtRest = () => {
    const status = life.status();
    const attempt = reader.unsettledAttempt();
    const card = attempt ? attempt.state === 'unclear' : status?.card === 'ready';
    return status?.service.kind === 'in_service' && card && status.paper === 'ready' && reader.unfinishedPrintJobs().length === 0 && isSettled(stage);
  };
  if (!(await life.until(isAtRest, settleLimitMs))) {
    return void faults.push(`not settled within ${settleLimitMs} ms: ${JSON.stringify(life.status())}, attempt ${reader.unsettledAttempt()?.state ?? 'none'}, jobs ${reader.unfinishedPrintJobs().length}`);
  }
  const held = reader.unsettledAttempt();
  if (!held) return;
  const wasAuthorised = held.card !== undefined;
  // The answer to the 06 20 of a process that was killed reaches the next one as an approval that nobody waits for. It has to be refused,
  // and where the terminal keeps what was never taken, nobody can tell whether it took notice.
  const keptAndRefused = isKilledAgain && held.refused === true && truth.terminal?.reversesUnacknowledged === false;
  if (truth.mayBeHeld !== 'any' && !(truth.mayBeHeld === 'authorised' && wasAuthorised) && !keptAndRefused) faults.push(`held for a person (${wasAuthorised ? 'authorised' : 'started'}), where the terminal could tell`);
}

/** The next customer, or the same one where they were told that they may pay again. */
async function buyAgain(stage: Stage, life: Life, orderId: Awaited<ReturnType<typeof sellUntilDeath>>, faults: string[]): Promise<void> {
  const { reader } = stage.store();
  stage.setTapping(true);
  const isStillDue = orderId !== undefined && lastTold(stage, orderId)?.payment.kind === 'due' && reader.order(orderId)?.state === 'awaiting_payment';
  if (!isStillDue && reader.unsettledAttempt()) {
    // Nothing that costs is taken before a person has decided: no second purchase can come of it.
    const refused = await life.request('place', stage.placing('cola'));
    const codes = refused?.ok && refused.value.kind === 'refused' ? refused.value.refusals.map(({ code }) => code) : [];
    if (codes.join() !== 'payment_unavailable') faults.push(`an order was taken while a payment is held: ${JSON.stringify(refused)}`);
    return;
  }
  const next = isStillDue ? orderId : await placeAnother();
  if (!next) return void faults.push('the next order was not placed');
  if (reader.unsettledAttempt()) {
    const paying = await life.request('pay', { orderId: next });
    if (!paying || paying.ok) faults.push('a purchase was begun while one is held');
    await life.request('cancelOrder', { orderId: next });
  } else if (!(await pay(next)) && !(isDeclined(next) && (await pay(next)))) {
    faults.push(`the next purchase was not paid and printed: ${JSON.stringify(lastTold(stage, next)?.payment)} ${lastTold(stage, next)?.receipt.kind}`);
  }
  // The store goes on from the receipt to the fulfilled order in the same moment; the page may hear of the first before.
  await life.until(() => reader.unfinishedPrintJobs().length === 0 && isSettled(stage), 5_000);

  async function pay(wanted: NonNullable<typeof orderId>): Promise<boolean> {
    await payUntil(stage, life, wanted, (view) => isDone(view) || (view.payment.kind === 'due' && view.payment.last !== 'none'));
    return isDone(lastTold(stage, wanted)!);
  }

  /** By the bank that was to decline the first one: that purchase never came so far. */
  function isDeclined(wanted: NonNullable<typeof orderId>): boolean {
    const payment = lastTold(stage, wanted)?.payment;
    return payment?.kind === 'due' && payment.last === 'declined';
  }

  async function placeAnother() {
    const placed = await life.request('place', stage.placing('cola'));
    return placed?.ok && placed.value.kind === 'placed' ? placed.value.order.id : undefined;
  }
}

function traceOfStage(stage: Stage): string {
  const store = (() => {
    try {
      const rig = stage.store();
      return rig.orderIds().map((id) => `${rig.reader.order(id)!.order.number} ${rig.reader.order(id)!.state}: attempts ${rig.reader.attempts(id).map(({ state, refused, card }) => `${state}${refused ? ' refused' : ''} ${card?.receiptNumber ?? '-'}`).join(', ')}; receipt ${rig.jobStates(id)['print_receipt'] ?? '-'}; slips ${stage.slipsOf(id).length}`).join('\n       ');
    } catch (cause) {
      return String(cause);
    }
  })();
  const told = stage.told().map(({ life, view }) => `${life}:${view.number} ${view.state} ${view.payment.kind}${'message' in view.payment ? ` ${view.payment.message}` : ''}${'last' in view.payment ? ` ${view.payment.last}` : ''} ${view.receipt.kind}`);
  const passed = stage.terminalWire.passed();
  const lines = [...new Set(passed.map(({ kiosk }) => kiosk))].map((number) => traceOf(passed.filter(({ kiosk }) => kiosk === number)));
  return [
    `book:  ${stage.book().map(({ receiptNumber, amount, state, reason }) => `${receiptNumber} ${amount} ${state}${reason ? ` (${reason})` : ''}`).join(', ')}`,
    `other: ${stage.foreign().map(({ receiptNumber }) => receiptNumber).join(', ')}`,
    `store: ${store}`,
    `told:  ${told.join('\n       ')}`,
    ...lines.map((line, index) => `line ${index + 1}: ${line}`),
    ...stage.lives().map((life, index) => `log ${index + 1}:\n       ${life.log().join('\n       ')}`),
  ].join('\n');
}
