import { describe, expect, test } from 'vitest';
import { money } from '../../../domain/money.ts';
import { bytesOf, hexOf } from '../../codec/zvt/bytes.ts';
import { decodeMessage } from '../../codec/zvt/decode.ts';
import { encodeMessage } from '../../codec/zvt/encode.ts';
import type { ZvtMessage } from '../../codec/zvt/message.ts';
import { specification } from './profiles.ts';
import type { Step, Taken } from './zvt-exchange.ts';
import { refundExchange, reversalExchange } from './zvt-reversal.ts';
import type { ReversalOutcome } from './port.ts';

const amount = money(1250, 'CNY');
const given = '040f132700040000000012508700020b000002490156';

function read(hex: string): ZvtMessage {
  const decoded = decodeMessage(bytesOf(hex));
  if (!decoded.ok) throw new Error(decoded.error.detail);
  return decoded.value;
}

/** What comes of these messages, each answered and `taken` as said. */
async function outcomeOf(messages: readonly string[], taken: Taken, make = () => reversalExchange({ amount, card: { receiptNumber: '0001' } }, specification)): Promise<ReversalOutcome> {
  const { exchange, outcomeOf: of } = make();
  for (const hex of messages) {
    const message = read(hex);
    const step: Step<ReversalOutcome> = await exchange.onMessage(message, false);
    exchange.onAnswered?.(message, taken);
    if (step.end) return of({ kind: 'done', value: step.end.value });
  }
  return of({ kind: 'unfinished', detail: 'line lost' });
}

test('06 30 and 06 31 are as the specification writes them', () => {
  expect(hexOf(encodeMessage(reversalExchange({ amount, card: { receiptNumber: '0022' } }, { ...specification, password: '123456' }).exchange.command))).toBe('063010123456870022040000000012504901' + '56');
  expect(hexOf(encodeMessage(refundExchange(money(500, 'CNY'), { ...specification, password: '123456' }).exchange.command))).toBe('06310d12345604000000000500490156');
});

describe('a reversal', () => {
  test.each([
    ['completed', [given, '060f00'], 'apparently', 'reversed'],
    ['aborted when the terminal had our answer', [given, '061e01ff'], 'certainly', 'reversed'],
    ['aborted when it may not have had it', [given, '061e01ff'], 'apparently', 'unknown'],
    ['taken back itself', [given, '040f02276c', '061e016c'], 'certainly', 'unknown'],
    ['of another amount', [given.replace('1250', '1251'), '060f00'], 'certainly', 'unknown'],
    ['completed without a result', ['060f00'], 'certainly', 'unknown'],
    ['done before', ['061e01b4'], 'certainly', 'reversed'],
    ['done before, by its status', ['040f0227b4', '061e01b4'], 'certainly', 'reversed'],
    ['impossible', ['061e01b5'], 'certainly', 'refused'],
    ['refused by the bank', ['040f022705', '061e0105'], 'certainly', 'refused'],
    ['not possible now', ['061e01a0'], 'certainly', 'unknown'],
    ['told and then cut off', [given], 'certainly', 'unknown'],
  ] as const)('%s', async (_how, messages, taken, kind) => {
    expect((await outcomeOf(messages, taken)).kind).toBe(kind);
  });

  test.each([[0xb4, 'reversed'], [0xb5, 'refused'], [0x6b, 'unknown'], [0xa0, 'unknown']])('answered 84 %i is %s', (code, kind) => {
    expect(reversalExchange({ amount, card: { receiptNumber: '0001' } }, specification).outcomeOf({ kind: 'refused', code }).kind).toBe(kind);
  });
});

describe('a refund', () => {
  const make = () => refundExchange(amount, specification);

  test.each([
    ['completed', [given, '060f00'], 'reversed'],
    ['cancelled', ['061e016c'], 'refused'],
    ['said to have been done before, which it was not', ['061e01b4'], 'refused'],
    ['cut off', [given], 'unknown'],
  ] as const)('%s', async (_how, messages, kind) => {
    expect((await outcomeOf(messages, 'apparently', make)).kind).toBe(kind);
  });
});
