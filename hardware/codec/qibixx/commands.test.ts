import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAmount, encodeAmount } from './amount.ts';
import type { ReaderScale } from './amount.ts';
import { encodeCommand } from './commands.ts';
import type { QibixxCommand } from './commands.ts';

const cents: ReaderScale = { currency: 'CNY', decimals: 2, scaleFactor: 1, amountBits: 16 };
const lineOf = (command: QibixxCommand, scale = cents) => {
  const bytes = encodeCommand(command, scale);
  return bytes.ok ? new TextDecoder().decode(bytes.value) : bytes.error.reason;
};

describe('commands to the interface', () => {
  it.each<[QibixxCommand, string]>([
    [{ kind: 'version' }, 'V\r\n'],
    [{ kind: 'stop_master' }, 'D,0\r\n'],
    [{ kind: 'start_master' }, 'D,2\r\n'],
    [{ kind: 'status' }, 'D,STATUS\r\n'],
    [{ kind: 'arm' }, 'D,READER,1\r\n'],
    [{ kind: 'disarm' }, 'D,READER,0\r\n'],
    [{ kind: 'request', amount: 120, product: 10 }, 'D,REQ,1.20,10\r\n'],
    [{ kind: 'request', amount: 5, product: 0 }, 'D,REQ,0.05,0\r\n'],
    [{ kind: 'cancel_request' }, 'D,REQ,-1\r\n'],
    [{ kind: 'end' }, 'D,END\r\n'],
    [{ kind: 'end_failed' }, 'D,END,-1\r\n'],
    [{ kind: 'set_serial', baudRate: 115_200 }, 'F,SERIAL,115200\r\n'],
  ])('%o', (command, line) => {
    expect(lineOf(command)).toBe(line);
  });

  it('refuse what the protocol cannot say', () => {
    expect(lineOf({ kind: 'request', amount: 120, product: -1 })).toBe('malformed');
    expect(lineOf({ kind: 'request', amount: 120, product: 70_000 })).toBe('malformed');
    expect(lineOf({ kind: 'set_serial', baudRate: 9600.5 })).toBe('malformed');
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 53])('never ask for %s', (amount) => {
    expect(lineOf({ kind: 'request', amount, product: 1 })).toBe('amount');
  });
});

describe('amounts', () => {
  it("are whole numbers of the reader's steps", () => {
    expect(encodeAmount(1250, { ...cents, decimals: 1 })).toEqual({ ok: true, value: '12.5' });
    expect(encodeAmount(1255, { ...cents, decimals: 1 })).toMatchObject({ ok: false, error: { reason: 'amount' } });
    expect(encodeAmount(1255, { ...cents, scaleFactor: 5 })).toEqual({ ok: true, value: '12.55' });
    expect(encodeAmount(1253, { ...cents, scaleFactor: 5 })).toMatchObject({ ok: false });
    expect(encodeAmount(1200, { ...cents, decimals: 0 })).toEqual({ ok: true, value: '12' });
    expect(encodeAmount(1200, { ...cents, decimals: 3 })).toEqual({ ok: true, value: '12.000' });
  });

  it('that do not fit into 16 bits are refused, not cut to a small price', () => {
    expect(encodeAmount(65_534, cents)).toEqual({ ok: true, value: '655.34' });
    expect(encodeAmount(65_535, cents)).toMatchObject({ ok: false });
    expect(encodeAmount(65_536 + 100, { ...cents, amountBits: 32 })).toEqual({ ok: true, value: '656.36' });
    expect(encodeAmount(65_535 * 5, { ...cents, scaleFactor: 5 })).toMatchObject({ ok: false });
  });

  it('come back as they went, in each of the ways a price may be written', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 65_534 }), fc.integer({ min: 2, max: 4 }), (amount, decimals) => {
      const text = encodeAmount(amount, { ...cents, decimals, amountBits: 32 });
      expect(text.ok && decodeAmount(text.value, 'CNY')).toEqual({ ok: true, value: amount });
      expect(text.ok && decodeAmount(text.value.replace(/\.?0+$/, ''), 'CNY')).toEqual({ ok: true, value: amount });
    }));
  });

  it('are exact where floats are not', () => {
    for (const [text, amount] of [['0.29', 29], ['1.15', 115], ['4.35', 435], ['655.34', 65_534], ['1', 100], ['1.5', 150]] as const) {
      expect(decodeAmount(text, 'EUR')).toEqual({ ok: true, value: amount });
    }
  });
});
