import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Receipt, ReceiptLine } from '../../../domain/receipt/receipt.ts';
import { connectedSim } from '../../sim/escpos-printer/sim-rig.ts';
import { composeReceipt } from './compose.ts';
import { chineseReceipt, longReceipt } from './printer-rig.ts';
import { printerProfiles } from './profiles.ts';
import { lineEnds, markJob } from './waypoints.ts';

const nothing = new Uint8Array();
const tm88 = printerProfiles['epson-tm-t88-42'];

function printed(bytes: Uint8Array) {
  const { sim, send, answers } = connectedSim({ columns: 42, dots: 512, dotsPerInch: 180, lineSpacingUnitsPerDot: 2 });
  // A logo in slot 1.
  send([0x1c, 0x71, 1, 1, 0, 1, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
  send([...bytes]);
  return { slips: sim.slips(), faults: sim.faults().map(({ detail }) => detail), answers };
}

const words = fc.string({ unit: fc.constantFrom('a', 'B', '7', ' ', '{', '牛', '肉', '面', '￥', 'é', '\n', '〓'), maxLength: 60 });
const line: fc.Arbitrary<ReceiptLine> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: words, align: fc.constantFrom('left', 'center', 'right'), size: fc.constantFrom('normal', 'double', 'quadruple'), bold: fc.boolean() }),
  fc.record({ kind: fc.constant('pair' as const), left: words, right: fc.constantFrom('', '￥12.00', '￥99999.00'), bold: fc.boolean(), indent: fc.nat({ max: 4 }) }),
  fc.record({ kind: fc.constant('qr' as const), data: fc.webUrl() }),
  fc.record({ kind: fc.constant('barcode' as const), data: fc.stringMatching(/^[ -~]{1,20}$/), text: fc.constant('A042') }),
  fc.record({ kind: fc.constant('feed' as const), lines: fc.integer({ min: 1, max: 3 }) }),
  fc.constant({ kind: 'rule' as const }),
  fc.constant({ kind: 'logo' as const, slot: 1, text: 'logo' }),
);

test('markers between the lines change nothing on the paper, whatever is on it, and each is answered', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 25 }), async (lines) => {
      const receipt: Receipt = { language: 'zh', lines };
      const { bytes } = await composeReceipt(receipt, tm88);
      const marked = markJob(bytes, { afterInitialise: nothing, pulse: Uint8Array.of(0x10, 0x04, 1) });
      const plain = printed(bytes);
      const withMarkers = printed(marked.bytes);
      expect(withMarkers.slips).toEqual(plain.slips);
      expect(withMarkers.faults).toEqual(plain.faults);
      expect(withMarkers.answers).toHaveLength(marked.markers.length + marked.pulses.length);
    }),
    { numRuns: 150 },
  );
});

test('no more than a few hundred bytes go by without a marker, to the end of a long receipt with everything in it', async () => {
  const rich: Receipt = { language: 'zh', lines: [...longReceipt(20).lines, ...chineseReceipt.lines, { kind: 'barcode', data: 'A042', text: 'A042' }, { kind: 'logo', slot: 1, text: '' }, ...longReceipt(60).lines] };
  const { bytes } = await composeReceipt(rich, tm88);
  const { markers } = markJob(bytes, { afterInitialise: nothing, pulse: nothing });
  expect(Math.max(...markers.map((end, index) => end - (markers[index - 1] ?? 0)))).toBeLessThan(600);
  expect(markers.length).toBeGreaterThan(10);
});

test('behind a command that is not known nothing is put between', () => {
  expect(lineEnds(Uint8Array.of(0x61, 0x0a, 0x62, 0x0a, 0x1b, 0x7a, 0x0a, 0x63, 0x0a))).toEqual([2, 4]);
});

test('a picture that contains line ends and commands is one command', () => {
  const picture = [0x1d, 0x76, 0x30, 0, 2, 0, 3, 0, 0x0a, 0x0a, 0x1b, 0x40, 0x1d, 0x72];
  expect(lineEnds(Uint8Array.of(...picture, 0x0a, 0x61))).toEqual([14, 15]);
});

test('what ESC @ ends is begun again behind the first and the last', () => {
  const again = Uint8Array.of(0x1d, 0x61, 0x0e);
  const { bytes, markers } = markJob(Uint8Array.of(0x1b, 0x40, 0x61, 0x0a, 0x1b, 0x40), { afterInitialise: again, pulse: nothing });
  expect([...bytes]).toEqual([0x1b, 0x40, ...again, 0x61, 0x0a, 0x1b, 0x40, ...again, ...[1, 2, 3, 4].flatMap(() => [0x1d, 0x72, 0x01])]);
  expect(markers).toEqual([15, 18, 21, 24]);
});
