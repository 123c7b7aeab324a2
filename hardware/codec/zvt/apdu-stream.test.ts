import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeApdu } from './apdu.ts';
import { createApduDecoder } from './apdu-stream.ts';
import { bytesOf, concat } from './bytes.ts';

const apdu = fc
  .tuple(fc.constantFrom(0x040f, 0x04ff, 0x060f, 0x061e, 0x06d3, 0x8000, 0x8466), fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ minLength: 250, maxLength: 400 })))
  .map(([control, data]) => encodeApdu({ control, data }));

test('APDUs come out of a stream as they went in, however it is split', () => {
  fc.assert(
    fc.property(fc.array(apdu, { minLength: 1, maxLength: 6 }), fc.array(fc.nat(2_000), { maxLength: 12 }), (apdus, cuts) => {
      const stream = concat(apdus);
      const positions = [0, ...cuts.filter((cut) => cut < stream.length).toSorted((a, b) => a - b), stream.length];
      const decoder = createApduDecoder();
      const read = positions.slice(1).flatMap((end, index) => decoder.push(stream.slice(positions[index], end)).apdus);
      expect(read).toEqual(apdus);
      expect(decoder.isPending()).toBe(false);
    }),
  );
});

test('every split into two of two APDUs gives the same two', () => {
  const [first, second] = [bytesOf('040f022700'), encodeApdu({ control: 0x06d3, data: new Uint8Array(300) })];
  const stream = concat([first, second]);
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const decoder = createApduDecoder();
    expect([...decoder.push(stream.slice(0, cut)).apdus, ...decoder.push(stream.slice(cut)).apdus]).toEqual([first, second]);
  }
});

test('a byte that begins no APDU is out of step, and nothing comes out until it is begun anew', () => {
  const decoder = createApduDecoder();
  expect(decoder.push(bytesOf('060f00ff060f00'))).toEqual({ apdus: [bytesOf('060f00')], outOfStep: true });
  expect(decoder.push(bytesOf('060f00'))).toEqual({ apdus: [], outOfStep: true });
  decoder.reset();
  expect(decoder.push(bytesOf('060f00'))).toEqual({ apdus: [bytesOf('060f00')], outOfStep: false });
});

test('arbitrary bytes never throw, and never hold back more than one APDU', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), (chunks) => {
      const decoder = createApduDecoder();
      for (const chunk of chunks) expect(() => decoder.push(chunk)).not.toThrow();
    }),
    { numRuns: 1_000 },
  );
});
