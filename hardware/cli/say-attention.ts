import type { Attention, AttentionKind, Decision } from '../../domain/attention/attention.ts';
import { decisionsFor } from '../../domain/attention/attention.ts';
import { formatMoney } from '../../domain/money.ts';
import type { CardDetails } from '../../domain/payment/card.ts';
import type { Io } from './io.ts';
import { plainText } from './trace.ts';

const questions: Readonly<Record<AttentionKind, string>> = {
  payment_unclear: "Was this paid? Look into the terminal's own book; no card is taken until it is decided",
  reversal_refused: 'Is the money back? The terminal would not send it back',
  print_uncertain: 'Did the paper come out?',
  refund_refused: 'A part of the money was to go back, and HQ or the gateway would not. Does its customer have it?',
  service_refused: 'A part of the order was paid for and could not be carried out. Does its customer have the money for it?',
};

/** What each decision says and does. */
export const decisionTexts: Readonly<Record<Decision, string>> = {
  paid: 'the terminal has taken the money, and its customer gets what they have paid for',
  paid_send_back: 'the terminal has taken the money, nobody waits for the goods, and the money goes back through the terminal',
  not_paid: 'the terminal has taken no money',
  given_back: 'somebody has given the money back in another way',
  was_back: 'the money was back already',
  stays_paid: 'settled with the customer: the order stays paid, and is carried out where it was not yet',
  print_copy: 'it is printed once more, marked COPY',
  leave: 'nothing more is printed',
  part_given_back: 'somebody has given the money for this part back',
  part_settled: 'settled with the customer in another way: the money for this part stays',
};

/** One thing of the staff's list with all that a person needs to decide it. Times are UTC. */
export function sayAttention({ id, kind, orderId, orderNumber, amount, startedAt, card, lastCard, detail, raisedAt }: Attention, io: Io): void {
  io.out(`${id}  ${kind}: ${questions[kind]}.`);
  const facts: readonly (readonly [string, string])[] = [
    ['order', [orderNumber, orderId].filter(Boolean).join(', id ')],
    ['amount', amount ? formatMoney(amount) : ''],
    ['bought', startedAt === undefined ? '' : timeText(startedAt)],
    ['card', cardText(card)],
    ['terminal\'s last', cardText(lastCard)],
    ['why', detail],
    ['waits since', timeText(raisedAt)],
  ];
  for (const [name, value] of facts) if (value) io.out(`    ${name.padEnd(16)} ${plainText(value)}`);
  const decisions = decisionsFor[kind];
  const width = Math.max(...decisions.map(({ length }) => length));
  for (const decision of decisions) io.out(`    settle ${id} ${decision.padEnd(width)}  ${decisionTexts[decision]}`);
}

function cardText(card: CardDetails | undefined): string {
  if (!card) return '';
  const { cardName, maskedPan, receiptNumber, traceNumber, terminalId, date, time } = card;
  return [
    [cardName, maskedPan].filter(Boolean).join(' '),
    receiptNumber && `receipt ${receiptNumber}`,
    traceNumber && `trace ${traceNumber}`,
    terminalId && `terminal ${terminalId}`,
    (date || time) && `its clock ${[date, time].filter(Boolean).join(' ')}`,
  ].filter(Boolean).join(', ');
}

function timeText(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
