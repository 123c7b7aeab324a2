import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer } from './answers.ts';
import { createAnswerReader } from './answers.ts';

const read = (...bytes: number[]): readonly Answer[] => createAnswerReader().push(Uint8Array.from(bytes));

describe('telling answers apart', () => {
  test('each byte alone is exactly what its fixed bits say', () => {
    for (let byte = 0; byte <= 0xff; byte += 1) {
      const [answer] = read(byte);
      const kind = answer?.kind ?? 'half';
      if (byte === 0x11 || byte === 0x13) expect(kind).toBe('flow');
      else if ((byte & 0b1001_0011) === 0b0001_0010) expect(kind).toBe('status');
      else if ((byte & 0b1001_0011) === 0b0001_0000) expect(kind).toBe('half');
      else if ((byte & 0b1001_0000) === 0) expect(['marker', 'unknown']).toContain(kind);
      else expect(answer).toEqual({ kind: 'unknown', byte });
    }
  });

  test.each([
    [0x00, 'ok'],
    [0x03, 'low'],
    [0x0c, 'out'],
    [0x0f, 'out'],
    [0x60, 'ok'],
  ])('GS r answered with %i says that the paper is %s', (byte, paper) => {
    expect(read(byte)).toEqual([{ kind: 'marker', byte, paper }]);
  });

  test('XON and XOFF are flow control, also between the bytes of an automatic status', () => {
    expect(read(0x11, 0x13)).toEqual([
      { kind: 'flow', go: true },
      { kind: 'flow', go: false },
    ]);
    expect(read(0x10, 0x13, 0x00, 0x00, 0x11, 0x00)).toContainEqual({ kind: 'automatic', bytes: [0x10, 0, 0, 0] });
  });

  test('the four bytes of an automatic status are one answer, and none of them a marker', () => {
    expect(read(0x18, 0x00, 0x0f, 0x00, 0x12)).toEqual([
      { kind: 'automatic', bytes: [0x18, 0x00, 0x0f, 0x00] },
      { kind: 'status', byte: 0x12 },
    ]);
  });

  test('an automatic status that breaks off is unknown, and what broke it is read', () => {
    expect(read(0x10, 0x00, 0x12)).toEqual([
      { kind: 'unknown', byte: 0x10 },
      { kind: 'unknown', byte: 0x00 },
      { kind: 'status', byte: 0x12 },
    ]);
  });

  test('after a reset a half automatic status is forgotten', () => {
    const reader = createAnswerReader();
    reader.push(Uint8Array.of(0x10, 0x00));
    reader.reset();
    expect(reader.push(Uint8Array.of(0x00))).toEqual([{ kind: 'marker', byte: 0, paper: 'ok' }]);
  });

  test('the same answers come out of every split of the bytes', () => {
    const stream = [0x12, 0x12, 0x10, 0x00, 0x03, 0x00, 0x1e, 0x00, 0xff, 0x11, 0x10, 0x00, 0x80, 0x03, 0x7e];
    const whole = JSON.stringify(read(...stream));
    for (let mask = 0; mask < 1 << (stream.length - 1); mask += 1) {
      const reader = createAnswerReader();
      const answers: Answer[] = [];
      let part: number[] = [];
      stream.forEach((byte, index) => {
        part.push(byte);
        if ((mask >> index) & 1 || index === stream.length - 1) {
          answers.push(...reader.push(Uint8Array.from(part)));
          part = [];
        }
      });
      if (JSON.stringify(answers) !== whole) expect.fail(`split ${mask.toString(2)} gives ${JSON.stringify(answers)}`);
    }
  });

  test('any bytes in any pieces give the same answers as at once, and never throw', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 12 })), (pieces) => {
        const reader = createAnswerReader();
        expect(pieces.flatMap((piece) => reader.push(piece))).toEqual(read(...pieces.flatMap((piece) => [...piece])));
      }),
    );
  });
});
