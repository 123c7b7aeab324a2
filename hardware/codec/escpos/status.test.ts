import { describe, expect, test } from 'vitest';
import type { PrinterStatus, StatusAnswers } from './status.ts';
import { parseStatus } from './status.ts';

const healthy: StatusAnswers = [0x12, 0x12, 0x12, 0x12];
const on = (answers: StatusAnswers): readonly string[] =>
  Object.entries(parseStatus(answers))
    .filter(([, value]) => value)
    .map(([name]) => name);

describe('DLE EOT answers', () => {
  test('a healthy printer has nothing to say, whatever its drawer does', () => {
    expect(on(healthy)).toEqual([]);
    expect(on([0x16, 0x12, 0x12, 0x12])).toEqual(['drawerPinHigh']);
  });

  const table: readonly (readonly [number, number, keyof PrinterStatus])[] = [
    [1, 0x04, 'drawerPinHigh'],
    [1, 0x08, 'offline'],
    [1, 0x20, 'waitingToRecover'],
    [1, 0x40, 'feedPressed'],
    [2, 0x04, 'coverOpen'],
    [2, 0x08, 'feedingByButton'],
    [2, 0x20, 'stoppedByPaper'],
    [2, 0x40, 'stoppedByError'],
    [3, 0x04, 'recoverableError'],
    [3, 0x08, 'cutterError'],
    [3, 0x20, 'unrecoverableError'],
    [3, 0x40, 'selfRecoveringError'],
    [4, 0x04, 'paperLow'],
    [4, 0x08, 'paperLow'],
    [4, 0x0c, 'paperLow'],
    [4, 0x20, 'paperOut'],
    [4, 0x40, 'paperOut'],
    [4, 0x60, 'paperOut'],
  ];
  test.each(table)('n=%i bit %i is %s and nothing else', (n, bit, name) => {
    const answers = healthy.map((byte, index) => (index === n - 1 ? byte | bit : byte)) as unknown as StatusAnswers;
    expect(on(answers)).toEqual([name]);
  });

  test('1A 32 12 7E is a printer out of paper', () => {
    expect(on([0x1a, 0x32, 0x12, 0x7e])).toEqual(['offline', 'stoppedByPaper', 'paperLow', 'paperOut']);
  });
});
