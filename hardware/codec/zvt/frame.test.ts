import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf } from './bytes.ts';
import { crc16 } from './crc.ts';
import { createFrameDecoder, encodeFrame, maxApduLength } from './frame.ts';
import type { FrameEvent } from './frame.ts';

const decode = (...chunks: readonly Uint8Array[]): FrameEvent[] => {
  const decoder = createFrameDecoder();
  return chunks.flatMap((chunk) => decoder.push(chunk));
};

const apdus = fc.uint8Array({ minLength: 3, maxLength: 300 });
/** Bytes that matter to the framing come often. */
const trickyApdus = fc
  .array(fc.constantFrom(0x10, 0x02, 0x03, 0x06, 0x15, 0x00, 0xff), { minLength: 3, maxLength: 60 })
  .map((bytes) => Uint8Array.from(bytes));

test('CRC-16/KERMIT gives the check value of its catalogue entry', () => {
  expect(crc16(new TextEncoder().encode('123456789'))).toBe(0x2189);
});

describe('frames', () => {
  test('come back from the line as they were sent, however they are split', () => {
    fc.assert(
      fc.property(fc.oneof(apdus, trickyApdus), fc.array(fc.nat(80), { maxLength: 20 }), (apdu, cuts) => {
        const frame = encodeFrame(apdu);
        const positions = [0, ...cuts.filter((cut) => cut < frame.length).toSorted((a, b) => a - b), frame.length];
        const chunks = positions.slice(1).map((end, index) => frame.slice(positions[index], end));
        expect(decode(...chunks)).toEqual([{ kind: 'apdu', apdu }]);
      }),
    );
  });

  test('are read at every split into two of a line with ACK and NAK between the frames', () => {
    const line = Uint8Array.from([
      0x06,
      ...encodeFrame(bytesOf('040f022700')),
      0x15,
      ...encodeFrame(bytesOf('06010704000000001000')),
      0x06,
      0x06,
    ]);
    const whole = decode(line);
    expect(whole.map((event) => event.kind)).toEqual(['ack', 'apdu', 'nak', 'apdu', 'ack', 'ack']);
    for (let cut = 0; cut <= line.length; cut += 1) expect(decode(line.slice(0, cut), line.slice(cut))).toEqual(whole);
    expect(decode(...Array.from(line, (byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  test('with one bit turned never come out as another APDU', () => {
    fc.assert(
      fc.property(apdus, fc.nat(), fc.integer({ min: 0, max: 7 }), (apdu, at, bit) => {
        const frame = encodeFrame(apdu);
        const position = at % frame.length;
        frame[position] = (frame[position] ?? 0) ^ (1 << bit);
        for (const event of decode(frame)) if (event.kind === 'apdu') expect(event.apdu).toEqual(apdu);
      }),
    );
  });

  test('cut off by the beginning of the next one are told as broken, and the next one is read', () => {
    const apdu = bytesOf('060f00');
    expect(decode(bytesOf('1002040f'), encodeFrame(apdu))).toEqual([
      { kind: 'broken', reason: 'framing' },
      { kind: 'apdu', apdu },
    ]);
  });

  test('are found behind rubbish, in which no 06 counts as an ACK', () => {
    const apdu = bytesOf('060f00');
    expect(decode(bytesOf('ff0606150006'), encodeFrame(apdu))).toEqual([{ kind: 'apdu', apdu }]);
  });

  test('without an end are given up at the greatest length that can be announced', () => {
    const decoder = createFrameDecoder();
    decoder.push(bytesOf('1002'));
    const events = decoder.push(new Uint8Array(maxApduLength + 1));
    expect(events).toEqual([{ kind: 'broken', reason: 'too_long' }]);
  });
});

test('a reset forgets what has begun', () => {
  const decoder = createFrameDecoder();
  decoder.push(bytesOf('1002040f'));
  expect(decoder.isPending()).toBe(true);
  decoder.reset();
  expect(decoder.isPending()).toBe(false);
  expect(decoder.push(Uint8Array.of(0x06))).toEqual([{ kind: 'ack' }]);
});

test('arbitrary bytes never throw and always end', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.uint8Array({ maxLength: 64 }), trickyApdus), { maxLength: 20 }), (chunks) => {
      expect(() => decode(...chunks)).not.toThrow();
    }),
    { numRuns: 2_000 },
  );
});
