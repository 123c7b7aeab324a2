import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { mayStillGoBack } from '../../domain/attention/unheard.ts';
import type { CommandKind } from '../../domain/contract/hq-down.ts';
import { commandKinds, commandParams } from '../../domain/contract/hq-down.ts';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import { describeIssues } from '../../domain/contract/issues.ts';
import type { JobId, OrderId, RefundId } from '../../domain/ids.ts';
import { uuidV7From } from '../../domain/ids.ts';
import type { Attempt } from '../../domain/payment/attempt.ts';
import type { Receipt } from '../../domain/receipt/receipt.ts';
import type { Result } from '../../domain/result.ts';
import { err } from '../../domain/result.ts';
import type { CommandOutcome, CommandStore, Pause, StoredCommand } from '../store/commands.ts';
import type { Emitter } from '../store/emitter.ts';
import type { HelpStore } from '../store/help.ts';
import type { StoreReader } from '../store/reader.ts';
import type { StoreWriter } from '../store/writer.ts';
import type { Faults } from './faults.ts';
import type { Log } from './log.ts';
import type { Payments } from './payments.ts';
import type { WalletRefunds } from './wallet-refunds.ts';

export interface Commands {
  /** Begins what may be begun now, and answers what has ended; called whenever something may have changed, and every few seconds. */
  work(): void;
  /** Undefined while nothing is paused. */
  paused(): Pause | undefined;
  /** Somebody at the kiosk pauses it, or lets it sell again: the same pause as HQ's, and whoever speaks last is right. May be a part of a transaction. */
  pauseHere(pause: Pause | undefined): void;
  stop(): void;
}

export interface CommandsDeps {
  readonly store: CommandStore;
  readonly transaction: Emitter['transaction'];
  readonly afterCommit: Emitter['afterCommit'];
  readonly reader: Pick<StoreReader, 'order' | 'attempts' | 'unsettledAttempt' | 'printJob' | 'service' | 'isPartGivenBack' | 'refundable' | 'refund' | 'attention'>;
  readonly writer: Pick<StoreWriter, 'startReversal' | 'askRefund' | 'queueDocument' | 'settleService'>;
  readonly help: Pick<HelpStore, 'answer'>;
  readonly payments: Pick<Payments, 'running' | 'settleOpenAttempt'>;
  readonly walletRefunds: Pick<WalletRefunds, 'look'>;
  /** This run, and the clock by which sync said how long a command may be begun: the same one in both threads. */
  readonly boot: { readonly id: string; readonly monotonicMs: () => number };
  /** No visit, no order on the screen, no payment under way. */
  readonly isNobodyThere: () => boolean;
  /** Ends core, which is started again. Returns at once. */
  readonly restart: () => void;
  /** Log lines of the last minutes as events; answers how many. */
  readonly sendLogs: (minutes: number) => Promise<Result<string, string>>;
  /** A copy of the store; answers where. */
  readonly backUp: () => Promise<Result<string, string>>;
  readonly testPage: () => Receipt;
  /** For so long every log line comes to HQ by itself. */
  readonly followLogs: (minutes: number) => void;
  /** The screen as it is now, a JPEG as base64. */
  readonly takePicture: () => Promise<Result<string, string>>;
  /** Rises with each customer who comes: so it is known that nobody was there in between, either. */
  readonly visits: () => number;
  /** Only within a transaction. */
  readonly emitPicture: (commandId: string, picture: string) => void;
  readonly onPrintQueued: () => void;
  readonly onPause: () => void;
  /** A customer is to read that somebody has seen the call. */
  readonly onHelpAnswered: () => void;
  /** False while HQ may still tell a restored store of what it has forgotten: services, refunds, decisions. */
  readonly isHistoryKnown: () => boolean;
  readonly onOrderChange: (orderId: OrderId) => void;
  readonly log: Log;
  readonly faults: Faults;
}

type ParamsOf<K extends CommandKind> = z.output<(typeof commandParams)[K]>;
interface Ending {
  readonly outcome: CommandOutcome;
  readonly detail: string;
}

/**
 * These wait until nobody is there. The others disturb nobody and are done at once: a pause that waited for a gap between two customers might never
 * find one, and lets whoever is there finish anyway.
 */
const needsNobody: ReadonlySet<CommandKind> = new Set(['restart', 'refund', 'back_up', 'test_print', 'screenshot']);
/** A test page that has not come out by then is told as such; it comes when the printer can. */
const printedWithinMs = 60_000;
const firstTry = 'first try';
const secondTry = 'second try';

/**
 * HQ's commands, each once. It is `doing` on disk before anything is done, with a note by which another run finds how far it came: a refund and a test page are
 * begun in the very transaction that says so; a pause, a service's result and the answer to a call are nothing but such a transaction; a restart that another run finds has happened; logs and copies do no
 * harm twice, so they are tried a second time and no third.
 */
export function createCommands(deps: CommandsDeps): Commands {
  const { store, transaction, reader, writer, payments, walletRefunds, boot, isNobodyThere, log, faults } = deps;
  let paused = store.paused();
  let stopped = false;
  let restarting = false;
  /** A restart waits for what is under way: nothing more is begun before it. */
  let restartWaits = false;
  /** Of this run: under way, or ended and not written down yet. */
  const running = new Map<string, 'under_way' | Ending>();
  const printingSince = new Map<string, number>();

  function work(): void {
    restartWaits = false;
    for (const command of faults.guard("reading HQ's commands", store.open) ?? []) {
      // What comes after a restart is for the next run.
      if (stopped || restarting) return;
      faults.guard(`command ${command.kind}`, () => (command.state === 'waiting' ? consider(command) : goOn(command)));
    }
  }

  function consider(command: StoredCommand): void {
    const { kind, params } = command;
    if (!isKnown(kind)) return answer(command, 'refused', `this kiosk knows no command ${kind}`);
    const checked = commandParams[kind].safeParse(params);
    if (!checked.success) return answer(command, 'refused', describeIssues(checked.error));
    // Taken by an earlier run: sync asks HQ how long it may still be begun.
    if (command.boot !== boot.id) return;
    if (boot.monotonicMs() > command.beginBeforeMs) return answer(command, 'expired', 'it was not begun in its time');
    // What goes back to a wallet disturbs nobody: the terminal has no part in it.
    const isQuiet = kind === 'refund' && !isByCard((checked.data as ParamsOf<'refund'>).orderId);
    if (needsNobody.has(kind) && !isQuiet && !isNobodyThere()) return;
    if (restartWaits && kind !== 'pause' && kind !== 'resume') return;
    begin(command, kind, checked.data);
  }

  function begin(command: StoredCommand, kind: CommandKind, params: ParamsOf<CommandKind>): void {
    switch (kind) {
      case 'pause':
        return setPaused(command, params as ParamsOf<'pause'>);
      case 'resume':
        return setPaused(command, undefined);
      case 'restart':
        restartWaits = running.size > 0;
        if (restartWaits) return;
        store.begin(command.id);
        return restart();
      case 'send_logs':
      case 'back_up':
        store.begin(command.id, firstTry);
        return run(command, kind, params);
      case 'follow_logs': {
        const { minutes } = params as ParamsOf<'follow_logs'>;
        answer(command, 'done', `${minutes} min`);
        // It lasts as long as this run does: a core that ends here would have forgotten it anyway.
        return deps.followLogs(minutes);
      }
      case 'screenshot':
        store.begin(command.id, firstTry);
        return takePicture(command);
      case 'refund':
        return beginRefund(command, params as ParamsOf<'refund'>);
      case 'service_result':
        return settleService(command, params as ParamsOf<'service_result'>);
      case 'answer_help':
        return answerHelp(command, params as ParamsOf<'answer_help'>);
      case 'test_print':
        transaction(() => store.begin(command.id, writer.queueDocument(deps.testPage(), 'print_document', undefined)))();
        return deps.onPrintQueued();
    }
  }

  /** Begun, by this run or by an earlier one. */
  function goOn(command: StoredCommand): void {
    const state = running.get(command.id);
    if (state === 'under_way') return;
    if (state) return answer(command, state.outcome, state.detail);
    switch (command.kind as CommandKind) {
      case 'restart':
        return command.boot === boot.id ? restart() : answer(command, 'done', 'core was started again');
      case 'send_logs':
      case 'back_up': {
        if (command.note !== firstTry) return answer(command, 'failed', 'core ended twice while it was at it');
        const params = commandParams[command.kind as 'send_logs' | 'back_up'].safeParse(command.params);
        if (!params.success) return answer(command, 'failed', describeIssues(params.error));
        store.beginAgain(command.id, secondTry);
        return run(command, command.kind as 'send_logs' | 'back_up', params.data);
      }
      case 'screenshot':
        // Somebody came in between, or core ended: a picture does no harm twice.
        return isNobodyThere() ? takePicture(command) : undefined;
      case 'refund':
        return followRefund(command);
      case 'test_print':
        return followPrint(command, command.note as JobId | undefined);
      default:
        return answer(command, 'failed', 'core ended while it was at it');
    }
  }

  function setPaused(command: StoredCommand, pause: Pause | undefined): void {
    transaction(() => {
      store.setPaused(pause);
      store.answer(command, 'done', '');
    })();
    paused = pause;
    told(command, 'done', '');
    deps.onPause();
  }

  /** What HQ says and what follows from it are one transaction with the answer: a run that finds the command open has done none of it. */
  function settleService(command: StoredCommand, { jobId, outcome, reference }: ParamsOf<'service_result'>): void {
    // What a restored store has not been told yet decides about the money: its order may be refunded already.
    if (!deps.isHistoryKnown()) return;
    const service = reader.service(jobId);
    if (!service) return answer(command, 'refused', 'no such service was asked for');
    const settled = transaction(() => {
      const result = writer.settleService(jobId, outcome, reference);
      store.answer(command, result === 'final' ? 'refused' : 'done', result === 'final' ? `it is ${service.state}, and stays so` : '');
      return result;
    })();
    told(command, settled === 'final' ? 'refused' : 'done', settled === 'final' ? `${jobId} is ${service.state}` : '');
    if (settled === 'settled') deps.onOrderChange(service.orderId);
  }

  function answerHelp(command: StoredCommand, { callId, words }: ParamsOf<'answer_help'>): void {
    const isOpen = transaction(() => {
      const wasOpen = deps.help.answer(callId, words);
      store.answer(command, wasOpen ? 'done' : 'refused', wasOpen ? '' : 'the call is over');
      return wasOpen;
    })();
    told(command, isOpen ? 'done' : 'refused', isOpen ? '' : 'the call is over');
    if (isOpen) deps.onHelpAnswered();
  }

  function restart(): void {
    log.info('restarting, as HQ has asked');
    deps.restart();
    restarting = true;
  }

  function run(command: StoredCommand, kind: 'send_logs' | 'back_up', params: unknown): void {
    running.set(command.id, 'under_way');
    const work = async () => (kind === 'send_logs' ? deps.sendLogs((params as ParamsOf<'send_logs'>).minutes) : deps.backUp());
    work()
      .catch((cause: unknown): Result<string, string> => err(messageOf(cause)))
      .then((result) => {
        if (stopped) return;
        const ending: Ending = result.ok ? { outcome: 'done', detail: result.value } : { outcome: 'failed', detail: result.error };
        running.set(command.id, ending);
        // Where it cannot be written now, it is at the next occasion, and the work is not done again.
        faults.guard(`command ${kind}`, () => answer(command, ending.outcome, ending.detail));
      })
      .catch((cause: unknown) => faults.report(`command ${kind}`, cause));
  }

  /** A screen that a customer or staff may have been at, if only for a moment, is not kept: it is taken anew when nobody is there. */
  function takePicture(command: StoredCommand): void {
    running.set(command.id, 'under_way');
    const before = deps.visits();
    deps.takePicture()
      .catch((cause: unknown): Result<string, string> => err(messageOf(cause)))
      .then((taken) => {
        running.delete(command.id);
        if (stopped) return;
        faults.guard('command screenshot', () => {
          if (!taken.ok) return answer(command, 'failed', taken.error);
          if (!isNobodyThere() || deps.visits() !== before) return;
          transaction(() => {
            deps.emitPicture(command.id, taken.value);
            store.answer(command, 'done', '');
          })();
          told(command, 'done', '');
        });
      })
      .catch((cause: unknown) => faults.report('command screenshot', cause));
  }

  const paidBy = (orderId: OrderId) => reader.attempts(orderId).find(({ state }) => state === 'approved' || state === 'reversing');

  const isByCard = (orderId: OrderId) => paidBy(orderId)?.tender === 'card';

  function beginRefund(command: StoredCommand, params: ParamsOf<'refund'>): void {
    // A restored store may hear yet that a part of it, or all, was given back.
    if (!deps.isHistoryKnown()) return;
    const { orderId, reason } = params;
    const known = reader.refund(refundIdOf(command));
    if (known) return store.begin(command.id, known.id);
    const hindrance = whyNotRefundable(params);
    if (hindrance !== undefined) return answer(command, 'refused', hindrance);
    const attempt = paidBy(orderId)!;
    // Being taken back already, by staff or by an earlier command: its end is the answer.
    if (attempt.state === 'reversing') store.begin(command.id, attempt.id);
    else if (attempt.tender !== 'card') beginAtWallet(command, attempt, params);
    else {
      // The terminal has one thing to settle at a time.
      if (payments.running() || reader.unsettledAttempt()) return;
      transaction(() => {
        store.begin(command.id, attempt.id);
        writer.startReversal(attempt.id);
      })();
    }
    log.info('refund, as HQ has asked', { event: 'refund.asked', order: orderId, attempt: attempt.id, reason, ...(params.amount === undefined ? {} : { amount: params.amount }) });
    deps.onOrderChange(orderId);
    if (attempt.tender === 'card') payments.settleOpenAttempt();
    else walletRefunds.look();
  }

  /** The whole is a reversal, unless a part has gone before: then what is left is a part, too. */
  function beginAtWallet(command: StoredCommand, attempt: Attempt, { orderId, reason, amount, by }: ParamsOf<'refund'>): void {
    const id = refundIdOf(command);
    const { left, isWhole } = reader.refundable(orderId)!;
    const wanted = amount === undefined ? left : { ...left, amount };
    transaction(() => {
      if (isWhole && wanted.amount === left.amount) {
        store.begin(command.id, attempt.id);
        writer.startReversal(attempt.id);
      } else store.begin(command.id, writer.askRefund({ id, orderId, amount: wanted, way: 'tender', reason, by: (by === undefined ? 'HQ' : `HQ, ${by}`).slice(0, 80) }).id);
    })();
  }

  function whyNotRefundable({ orderId, amount }: ParamsOf<'refund'>): string | undefined {
    if (!reader.order(orderId)) return 'there is no such order';
    const attempt = paidBy(orderId);
    if (!attempt) return reader.attempts(orderId).some(({ state }) => state === 'reversed') ? 'the money is back already' : 'nothing of it was paid';
    const isWhole = amount === undefined || amount === attempt.amount.amount;
    if (attempt.state === 'reversing') return isWhole ? undefined : 'all of it is on its way back';
    if (attempt.tender === 'card') {
      if (!isWhole) return 'the card terminal gives back whole orders only: a part is given back by hand, at the kiosk';
      return reader.isPartGivenBack(orderId) ? 'a part of it was given back by hand, and the card terminal gives back whole orders only: the rest is given back by hand' : undefined;
    }
    if (!isWhole && mayStillGoBack(reader.attention(), orderId)) return 'a refund of it stands on the list of this kiosk, and may still go by itself';
    const left = reader.refundable(orderId)?.left.amount ?? 0;
    if (left === 0) return 'all of it is back, or on its way';
    return amount !== undefined && amount > left ? `no more than ${left} of it is left, in minor units` : undefined;
  }

  /** The journal says how it stands: nothing is remembered here, so nothing is forgotten. */
  function followRefund(command: StoredCommand): void {
    const { orderId } = commandParams.refund.parse(command.params);
    const words = ({ amount, currency }: Attempt['amount']) => `order ${reader.order(orderId)?.order.number ?? orderId}: ${amount} ${currency} in minor units`;
    const part = reader.refund(command.note as RefundId);
    if (part) {
      if (part.state === 'asked') return walletRefunds.look();
      return part.state === 'done' ? answer(command, 'done', words(part.amount)) : answer(command, 'failed', `it was refused (${part.detail ?? 'no reason given'}): a person decides, on the list of this kiosk`);
    }
    const attempt = reader.attempts(orderId).find(({ id }) => id === command.note);
    const isCard = attempt?.tender === 'card';
    if (attempt?.state === 'reversing') return isCard ? payments.settleOpenAttempt() : walletRefunds.look();
    if (attempt?.state === 'reversed') return answer(command, 'done', words(attempt.amount));
    answer(command, 'failed', `${isCard ? 'the card terminal' : 'the wallet'} did not take it back: a person decides, on the list of this kiosk`);
  }

  function followPrint(command: StoredCommand, jobId: JobId | undefined): void {
    const state = jobId && reader.printJob(jobId)?.state;
    const sinceMs = printingSince.get(command.id) ?? boot.monotonicMs();
    printingSince.set(command.id, sinceMs);
    const isOpen = state === 'queued' || state === 'doing';
    if (isOpen && boot.monotonicMs() - sinceMs < printedWithinMs) return;
    if (isOpen) answer(command, 'failed', 'the printer cannot print now: the page comes when it can');
    else answer(command, state === 'done' ? 'done' : 'failed', `the page is ${state ?? 'unknown'}`);
  }

  function answer(command: StoredCommand, outcome: CommandOutcome, detail: string): void {
    store.answer(command, outcome, detail);
    running.delete(command.id);
    printingSince.delete(command.id);
    told(command, outcome, detail);
  }

  function told({ id, kind }: StoredCommand, outcome: CommandOutcome, detail: string): void {
    if (outcome === 'done') log.info('command of HQ done', { command: id, kind });
    else log.error(codedError('COMMAND_REFUSED', `${kind}: ${outcome}${detail ? `, ${detail}` : ''}`), { command: id });
  }

  return {
    work,
    paused: () => paused,
    pauseHere(pause) {
      store.setPaused(pause);
      deps.afterCommit(() => {
        paused = pause;
        deps.onPause();
      });
    },
    stop() {
      stopped = true;
    },
  };
}

/** A store that was brought back has forgotten that it began a command, and gets it once more: the part of it is the same one then, here and at HQ. */
function refundIdOf({ id }: StoredCommand): RefundId {
  return uuidV7From(0, createHash('sha256').update(id).digest().subarray(0, 10)) as RefundId;
}

function isKnown(kind: string): kind is CommandKind {
  return (commandKinds as readonly string[]).includes(kind);
}
