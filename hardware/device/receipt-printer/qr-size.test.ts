import { encode } from 'uqr';
import { expect, test } from 'vitest';
import { qrSize } from '../../../domain/receipt/layout/qr-size.ts';

test('is the size that a QR encoder makes of as many bytes at correction M', () => {
  for (const length of [1, 14, 15, 106, 107, 300, 666, 1000, 1500, 2331]) {
    const modules = encode('y'.repeat(length), { ecc: 'M', border: 0, boostEcc: false }).size;
    const size = qrSize(length, 576);
    expect(size?.dots).toBe(modules * (size?.cell ?? 0));
  }
});

test('fits the paper or is not there', () => {
  for (let length = 1; length <= 2400; length += 1) {
    const size = qrSize(length, 384);
    if (length > 2331) expect(size).toBeUndefined();
    else {
      expect(size?.dots).toBeLessThanOrEqual(384);
      expect(size?.cell).toBeGreaterThanOrEqual(2);
    }
  }
});
