import { formatMoney } from '../../domain/money.ts';
import { attentionIdSchema } from '../../domain/ids.ts';
import { decisionsFor, decisionSchema } from '../../domain/attention/attention.ts';
import type { Attention } from '../../domain/attention/attention.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { CliError } from './cli-error.ts';
import type { ExitCode, Io } from './io.ts';
import { askKiosk } from './kiosk-socket.ts';
import type { CliOptions } from './options.ts';
import { saySlip, sayState, sayTimes, sayVerdict } from './say.ts';

const quickMs = 10_000;
/** What moves paper, or dials. */
const slowMs = 300_000;

/** Commands that a running kiosk answers, because its devices are its own. */
export async function askRunningKiosk(folder: string, options: CliOptions, io: Io): Promise<Result<ExitCode, CliError>> {
  switch (options.command) {
    case 'status': {
      const answer = await askKiosk(folder, 'status', {}, quickMs);
      if (!answer.ok) return answer;
      const { kiosk, devices, paper, waitingPrints } = answer.value;
      const { service } = kiosk;
      io.out(`kiosk            ${service.kind}${service.kind === 'out_of_service' ? `: ${service.reason.code} ${service.reason.detail}` : ''}; card ${kiosk.card}, paper ${kiosk.paper}`);
      for (const state of devices) {
        sayState(state, options.language, io);
        sayTimes(state, io.now(), io);
      }
      const { usedMm, leftMm, receiptsLeft } = paper;
      io.out(`paper            ${metres(usedMm)} used of this roll${leftMm === undefined ? '' : `, ${metres(leftMm)} left`}${receiptsLeft === undefined ? '' : `, about ${receiptsLeft} receipts`}`);
      io.out(`print queue      ${waitingPrints} waiting`);
      const verdict = sayVerdict(devices, io);
      return ok(service.kind === 'in_service' ? verdict : 1);
    }
    case 'attention': {
      const answer = await askKiosk(folder, 'attention.list', {}, quickMs);
      if (!answer.ok) return answer;
      const { items } = answer.value;
      for (const item of items) sayAttention(item, io);
      io.out(items.length === 0 ? 'Nothing waits for a decision.' : `${items.length} wait for a decision.`);
      return ok(items.length === 0 ? 0 : 1);
    }
    case 'settle': {
      const [id, decision] = [attentionIdSchema.safeParse(options.operands[0]), decisionSchema.safeParse(options.operands[1])];
      if (!id.success || !decision.success) return err({ code: 'USAGE', detail: `settle ID DECISION, with the id from "attention" and one of ${Object.values(decisionsFor).flat().join(', ')}` });
      const answer = await askKiosk(folder, 'attention.settle', { id: id.data, decision: decision.data }, quickMs);
      if (!answer.ok) return answer;
      io.out('Decided.');
      return ok(0);
    }
    case 'print-test': {
      const answer = await askKiosk(folder, 'print-test', { language: options.language }, slowMs);
      if (!answer.ok) return answer;
      io.out(`Printed: ${answer.value.bytes} bytes, and the printer has confirmed the end of the page.`);
      return ok(0);
    }
    case 'diagnose': {
      const answer = await askKiosk(folder, 'diagnose', {}, slowMs);
      if (!answer.ok) return answer;
      for (const slip of answer.value.slips) saySlip(slip, io);
      const { clock } = answer.value;
      if (clock) io.out(`The terminal's clock: ${clock.date} ${clock.time} (MMDD HHMMSS)`);
      io.out('The diagnosis ended well.');
      return ok(0);
    }
    case 'reprint': {
      const [order] = options.operands;
      if (!order) return err({ code: 'USAGE', detail: 'reprint ORDER, by its number or its id' });
      const answer = await askKiosk(folder, 'reprint', { order }, slowMs);
      if (!answer.ok) return answer;
      io.out('The receipt is printed once more, as a copy.');
      return ok(0);
    }
    case 'reverse': {
      const [order] = options.operands;
      if (!order) return err({ code: 'USAGE', detail: 'reverse ORDER, by its number or its id' });
      const answer = await askKiosk(folder, 'reverse', { order }, slowMs);
      if (!answer.ok) return answer;
      io.out('The payment is sent back; what the terminal refuses will stand under "attention".');
      return ok(0);
    }
    default:
      return err({ code: 'USAGE', detail: `a running kiosk answers status, attention, settle, print-test, diagnose, reprint and reverse, not "${options.command}"` });
  }
}

function metres(mm: number): string {
  return `${(mm / 1000).toFixed(1)} m`;
}

function sayAttention({ id, kind, orderId, amount, card, detail, raisedAt }: Attention, io: Io): void {
  io.out(`${id}  ${kind}  since ${new Date(raisedAt).toISOString()}`);
  io.out(`    order ${orderId}${amount ? `, ${formatMoney(amount)}` : ''}${card?.receiptNumber ? `, terminal receipt ${card.receiptNumber}` : ''}${card?.traceNumber ? `, trace ${card.traceNumber}` : ''}`);
  if (detail) io.out(`    ${detail}`);
  io.out(`    decide by: settle ${id} ${decisionsFor[kind].join('|')}`);
}
