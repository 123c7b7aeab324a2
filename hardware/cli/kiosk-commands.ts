import { formatMoney } from '../../domain/money.ts';
import { attentionIdSchema } from '../../domain/ids.ts';
import { decisionsFor, decisionSchema } from '../../domain/attention/attention.ts';
import type { JobState } from '../../domain/contract/hq.ts';
import { terminalOperations } from '../../domain/contract/technician.ts';
import type { TerminalOperation } from '../../domain/contract/technician.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { CliError } from './cli-error.ts';
import type { ExitCode, Io } from './io.ts';
import { askKiosk } from './kiosk-socket.ts';
import type { CliOptions } from './options.ts';
import { saySlip } from './say.ts';
import { decisionTexts, sayAttention } from './say-attention.ts';
import { sayKiosk } from './say-kiosk.ts';

const quickMs = 10_000;
/** What moves paper, or dials. */
const slowMs = 300_000;

/** Commands that a running kiosk answers, because its devices are its own. */
export async function askRunningKiosk(folder: string, options: CliOptions, io: Io): Promise<Result<ExitCode, CliError>> {
  switch (options.command) {
    case 'status': {
      const answer = await askKiosk(folder, 'status', {}, quickMs);
      if (!answer.ok) return answer;
      return ok(sayKiosk(answer.value, options.language, folder, io));
    }
    case 'attention': {
      const answer = await askKiosk(folder, 'attention.list', {}, quickMs);
      if (!answer.ok) return answer;
      const { items } = answer.value;
      for (const item of items) sayAttention(item, io);
      io.out(items.length === 0 ? 'Nothing waits for a decision.' : `${items.length} ${items.length === 1 ? 'waits' : 'wait'} for a decision.`);
      return ok(items.length === 0 ? 0 : 1);
    }
    case 'settle': {
      const [id, decision] = [attentionIdSchema.safeParse(options.operands[0]), decisionSchema.safeParse(options.operands[1])];
      if (!id.success || !decision.success) return err({ code: 'USAGE', detail: `settle ID DECISION, with the id from "attention" and one of ${Object.values(decisionsFor).flat().join(', ')}` });
      const answer = await askKiosk(folder, 'attention.settle', { id: id.data, decision: decision.data }, quickMs);
      if (!answer.ok) return answer;
      io.out(`Decided: ${decisionTexts[decision.data]}.`);
      return ok(0);
    }
    case 'print-test': {
      const [printer] = options.operands;
      if (printer !== undefined && !'receipt printer'.startsWith(printer)) return err({ code: 'USAGE', detail: `a running kiosk prints the test page on its receipt printer only: for "${printer}" stop it, and use --config=FILE` });
      const answer = await askKiosk(folder, 'print-test', { language: options.language }, slowMs);
      return answer.ok ? sayPrinted(answer.value.state, io) : answer;
    }
    case 'new-roll': {
      const answer = await askKiosk(folder, 'new-roll', {}, quickMs);
      if (!answer.ok) return answer;
      io.out('The paper is counted as a new roll from now.');
      return ok(0);
    }
    case 'recover': {
      const answer = await askKiosk(folder, 'recover', {}, slowMs);
      if (!answer.ok) return answer;
      const isReady = answer.value.printer === 'ready';
      io.out(isReady ? 'The printer is ready.' : `The printer says ${answer.value.printer}: \`status\` says what it needs.`);
      return ok(isReady ? 0 : 1);
    }
    case 'diagnose':
      return operateTerminal(folder, 'diagnose', io);
    case 'terminal': {
      const operation = operationOf(options.operands[0]);
      return operation ? operateTerminal(folder, operation, io) : err({ code: 'USAGE', detail: `terminal OPERATION, one of ${terminalOperations.map(wordOf).join(', ')}` });
    }
    case 'rotate-key': {
      const answer = await askKiosk(folder, 'rotate-key', {}, slowMs);
      if (!answer.ok) return answer;
      io.out('The store gets another key as soon as nobody is at the kiosk; its log says how it went.');
      return ok(0);
    }
    case 'reprint': {
      const [order] = options.operands;
      if (!order) return err({ code: 'USAGE', detail: 'reprint ORDER, by its number or its id' });
      const answer = await askKiosk(folder, 'reprint', { order }, slowMs);
      if (!answer.ok) return answer;
      const { number, printerReady } = answer.value;
      io.out(printerReady ? `The receipt of order ${number} is printed once more, as a copy.` : `The copy of the receipt of order ${number} waits for the printer: \`status\` says what it needs.`);
      return ok(0);
    }
    case 'reverse': {
      const [order] = options.operands;
      if (!order) return err({ code: 'USAGE', detail: 'reverse ORDER, by its number or its id' });
      const answer = await askKiosk(folder, 'reverse', { order }, slowMs);
      if (!answer.ok) return answer;
      const { number, amount } = answer.value;
      // The kiosk has only written it down by now.
      io.out(`The payment is being sent back: order ${number}, ${formatMoney(amount)}; \`attention\` will list it if the terminal refuses.`);
      return ok(0);
    }
    default:
      return err({ code: 'USAGE', detail: `a running kiosk answers status, attention, settle, print-test, new-roll, recover, diagnose, terminal, reprint, reverse and rotate-key, not "${options.command}"` });
  }
}

async function operateTerminal(folder: string, operation: TerminalOperation, io: Io): Promise<Result<ExitCode, CliError>> {
  const answer = await askKiosk(folder, 'terminal', { operation }, slowMs);
  if (!answer.ok) return answer;
  const { slips, totals, clock } = answer.value;
  for (const slip of slips) saySlip(slip, io);
  if (totals) io.out(`The terminal's totals: ${formatMoney(totals.total)}, ${totals.count} ${totals.count === 1 ? 'transaction' : 'transactions'}`);
  if (clock) io.out(`The terminal's clock: ${clock.date} ${clock.time} (MMDD HHMMSS)`);
  io.out(operationDone[operation]);
  return ok(0);
}

const operationDone: Readonly<Record<TerminalOperation, string>> = {
  diagnose: 'The diagnosis ended well.',
  end_of_day: 'The day is closed: what was paid before cannot be sent back by the terminal any more.',
  initialise: 'The terminal has fetched its parameters anew.',
  repeat_receipt: 'The terminal has told its last receipt once more.',
  log_off: 'The terminal is logged off: it is registered again by itself for the next payment.',
};

/** "end-of-day" as it is typed. */
function wordOf(operation: TerminalOperation): string {
  return operation.replaceAll('_', '-');
}

function operationOf(word: string | undefined): TerminalOperation | undefined {
  return terminalOperations.find((operation) => wordOf(operation) === word);
}

function sayPrinted(state: JobState, io: Io): Result<ExitCode, CliError> {
  switch (state) {
    case 'done':
      io.out('Printed: the printer has confirmed the end of the page.');
      return ok(0);
    case 'queued':
    case 'doing':
      io.out('The test page waits for the printer, and is printed as soon as it can: `status` says what it needs.');
      return ok(1);
    case 'uncertain':
      return err({ code: 'PRINT_UNCERTAIN', detail: 'look at the printer; it is not printed again by itself' });
    case 'failed':
    case 'lapsed':
      return err({ code: 'NOT_PRINTED', detail: state === 'lapsed' ? 'the kiosk has given it up' : '`status` says what the printer needs' });
  }
}
