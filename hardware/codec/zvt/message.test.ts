import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeApdu, encodeApdu } from './apdu.ts';
import { BMP, bmpDefinitions } from './bmp.ts';
import { bytesOf, concat, hexOf } from './bytes.ts';
import { cardDetailsOf } from './card-details.ts';
import { decodeMessage } from './decode.ts';
import { encodeMessage } from './encode.ts';
import { decodeFields, encodeFields } from './fields.ts';
import type { Field } from './fields.ts';
import type { ZvtMessage } from './message.ts';
import { decodeTlvs, encodeTlvs } from './tlv.ts';
import type { Tlv } from './tlv.ts';
import { amountBytes, amountOf } from './values.ts';

/** No digits, in text or packed, so that nothing in them is masked. */
const values = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength, min: 0x6a, max: 0x6f });

const tlvs: fc.Arbitrary<readonly Tlv[]> = fc.letrec<{ list: readonly Tlv[]; one: Tlv }>((tie) => ({
  list: fc.array(tie('one'), { maxLength: 4 }),
  one: fc.oneof(
    { maxDepth: 3 },
    fc.record({ tag: fc.constantFrom(0x07, 0x08, 0x12, 0x1f07, 0x1f10, 0x1f8001), value: values(0, 200) }),
    fc.record({ tag: fc.constantFrom(0x24, 0x25, 0x26, 0x60, 0xe4, 0x3f21), value: tie('list') }),
  ),
})).list;

const fields: fc.Arbitrary<readonly Field[]> = fc.array(
  fc.constantFrom(...bmpDefinitions.entries()).filter(([, definition]) => !definition.secret).chain(([bmp, { format }]): fc.Arbitrary<Field> => {
    if (format === 'tlv') return tlvs.map((inner) => ({ bmp: BMP.TLV_CONTAINER, tlvs: inner }));
    if (bmp === BMP.PAN) return fc.constant({ bmp, value: bytesOf('622202eeeeee1234') });
    if (typeof format === 'number') return values(format, format).map((value) => ({ bmp, value }));
    return values(0, format === 'llvar' ? 99 : 300).map((value) => ({ bmp, value }));
  }),
  { maxLength: 8 },
);

const code = fc.integer({ min: 0, max: 0xff });
const password = fc.stringMatching(/^[0-9]{6}$/);
const messages: fc.Arbitrary<ZvtMessage> = fc.oneof(
  fc.record({ kind: fc.constant('registration' as const), password, configByte: code, currencyCode: fc.constantFrom('0156', '0978'), fields: fc.constant([]) }),
  fc.record({ kind: fc.constantFrom('authorisation' as const, 'status_information' as const, 'completion' as const, 'positive' as const, 'log_off' as const), fields }),
  fc.record({ kind: fc.constantFrom('status_enquiry' as const, 'repeat_receipt' as const, 'reversal' as const, 'refund' as const), password, fields }),
  fc.record({ kind: fc.constant('intermediate_status' as const), code, timeoutMinutes: code, fields }),
  fc.record({ kind: fc.constant('abort' as const), resultCode: code, fields }),
  fc.record({ kind: fc.constant('answer' as const), code: code.filter((value) => value !== 0x1e), fields }),
  fc.record({ kind: fc.constant('print_line' as const), attribute: code, text: values(0, 300) }),
);

test('every message that we can write reads back as itself', () => {
  fc.assert(
    fc.property(messages, (message) => {
      expect(decodeMessage(encodeMessage(message))).toEqual({ ok: true, value: message });
    }),
    { numRuns: 500 },
  );
});

test('an APDU of any length reads back, from 255 bytes on with the extended length', () => {
  for (const length of [0, 1, 0xfe, 0xff, 0x100, 0xffff]) {
    const data = new Uint8Array(length).fill(0x10);
    const bytes = encodeApdu({ control: 0x06d3, data });
    expect(bytes.length).toBe(length + (length < 0xff ? 3 : 5));
    expect(decodeApdu(bytes)).toEqual({ ok: true, value: { control: 0x06d3, data } });
  }
});

test('an APDU cut anywhere is incomplete, and one with bytes behind it has a wrong length', () => {
  const bytes = encodeApdu({ control: 0x040f, data: new Uint8Array(300) });
  for (let length = 0; length < bytes.length; length += 1) {
    expect(decodeApdu(bytes.slice(0, length))).toMatchObject({ ok: false, error: { kind: 'incomplete' } });
  }
  expect(decodeApdu(concat([bytes, [0]]))).toMatchObject({ ok: false, error: { kind: 'wrong_length' } });
});

test('an intermediate status whose time-out was left out before its TLV container is read all the same, and written back as it was', () => {
  const bytes = bytesOf('04ff091706062404070257' + '41');
  bytes[2] = bytes.length - 3;
  const decoded = decodeMessage(bytes);
  expect(decoded).toMatchObject({ ok: true, value: { kind: 'intermediate_status', code: 0x17, fields: [{ bmp: 0x06, tlvs: [{ tag: 0x24 }] }] } });
  expect(decoded.ok && 'timeoutMinutes' in decoded.value).toBe(false);
  expect(decoded.ok && hexOf(encodeMessage(decoded.value))).toBe(hexOf(bytes));
});

test('fields and TLV objects keep their order', () => {
  fc.assert(
    fc.property(fields, (list) => {
      expect(decodeFields(encodeFields(list))).toEqual({ ok: true, value: list });
    }),
  );
  fc.assert(
    fc.property(tlvs, (list) => {
      expect(decodeTlvs(encodeTlvs(list))).toEqual({ ok: true, value: list });
    }),
  );
});

describe('what is not known or not well formed is an error with its name', () => {
  test.each([
    ['unknown_message', '069900'],
    ['unknown_bmp', '040f0427009900'],
    ['malformed_field', '0600000000aa3e'],
    ['malformed_field', '040f0127'],
    ['malformed_field', '040f03223132'],
    ['malformed_field', '040f04060527'],
    ['malformed_field', '040f058bf0f5aa'],
    ['incomplete', '060002'],
    ['incomplete', '06000112'],
    ['incomplete', '04ff00'],
  ])('%s: %s', (kind, hex) => {
    const apdu = bytesOf(hex);
    const fitted = kind === 'incomplete' ? apdu : Uint8Array.from(apdu, (byte, index) => (index === 2 ? apdu.length - 3 : byte));
    expect(decodeMessage(fitted)).toMatchObject({ ok: false, error: { kind } });
  });

  test('no bytes at all throw, hang or give anything but a message or an error', () => {
    const controlled = fc
      .tuple(fc.constantFrom('040f', '04ff', '060f', '061e', '06d1', '06d3', '8000', '8400', '841e', '0600', '0501', '0620'), fc.uint8Array({ maxLength: 250 }))
      .map(([control, data]) => concat([bytesOf(control), [data.length], data]));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), controlled), fc.constantFrom('status_enquiry' as const, 'anything_else' as const), (bytes, asked) => {
        const decoded = decodeMessage(bytes, asked);
        if (decoded.ok) expect(() => encodeMessage(decoded.value)).not.toThrow();
        else expect(decoded.error.detail).not.toBe('');
      }),
      { numRuns: 5_000 },
    );
  });

  test('containers nested thousands deep are no trouble', () => {
    let nested = bytesOf('0700');
    while (nested.length < 60_000) nested = concat([[0x25, 0x82, nested.length >>> 8, nested.length & 0xff], nested]);
    expect(decodeTlvs(nested).ok).toBe(true);
  });
});

describe('card data', () => {
  const number = '6222021234567890';
  const status = (...parts: readonly string[]) => decodeMessage(encodeApdu({ control: 0x040f, data: bytesOf(parts.join('')) }));

  test('a full card number is masked to its first six and last four digits', () => {
    const decoded = status('22f0f8', number);
    expect(decoded.ok && decoded.value.kind === 'status_information' && cardDetailsOf(decoded.value.fields, 'cp437').maskedPan).toBe('622202******7890');
    expect(JSON.stringify(decoded)).not.toContain(number);
  });

  test('of track 2 in the place of the card number only the masked number stays', () => {
    const decoded = status('22f1f4', number, 'd25122010000');
    if (!decoded.ok) throw new Error(decoded.error.detail);
    expect(hexOf(encodeMessage(decoded.value))).toBe('040f0b22f0f8622202eeeeee7890');
  });

  test('tracks, chip data and CVV are not there at all', () => {
    const decoded = status('2700', '23f0f81234567890123456', '24f0f0f41234abcd', '2df0f2abcd', '3a123f', '2ef0f0f1aa', 'a7f0f1aa');
    expect(decoded).toEqual({ ok: true, value: { kind: 'status_information', fields: [{ bmp: 0x27, value: Uint8Array.of(0) }] } });
  });

  test.each(['4111111111111111', '4111 1111 1111 1111', 'Karte 4111-1111-1111-1111 OK', 'x6222021234567890128y'])('is starred in texts: %s', (text) => {
    const bytes = new TextEncoder().encode(text);
    const line = decodeMessage(encodeApdu({ control: 0x06d1, data: concat([[0], bytes]) }));
    if (!line.ok || line.value.kind !== 'print_line') throw new Error('no print line');
    const shown = new TextDecoder().decode(line.value.text);
    expect(shown).toHaveLength(text.length);
    expect(shown).toContain('*');
    expect(shown.replaceAll(/[^0-9]/g, '').length).toBeLessThanOrEqual(10);
  });

  test('no card number with a right check digit comes through any field, text or container', () => {
    const luhn = fc.stringMatching(/^[1-9][0-9]{14}$/).map((digits) => {
      const sum = [...digits].toReversed().reduce((total, character, index) => {
        const digit = Number(character) * (index % 2 === 0 ? 2 : 1);
        return total + (digit > 9 ? digit - 9 : digit);
      }, 0);
      return digits + ((10 - (sum % 10)) % 10);
    });
    fc.assert(
      fc.property(luhn, (pan) => {
        const text = hexOf(new TextEncoder().encode(pan));
        const decoded = status('22f0f8', pan, '3cf0f1f6', text, '061424120710', text);
        if (!decoded.ok) throw new Error(decoded.error.detail);
        const again = hexOf(encodeMessage(decoded.value));
        expect(again).not.toContain(pan);
        expect(again).not.toContain(text);
      }),
    );
  });

  test('masking is the same when done twice', () => {
    const once = status('22f0f8', number);
    if (!once.ok) throw new Error(once.error.detail);
    expect(decodeMessage(encodeMessage(once.value))).toEqual(once);
  });
});

test('amounts up to twelve digits read back, and nibbles that are no digits are no amount', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (amount) => {
      expect(amountOf(amountBytes(amount))).toBe(amount);
    }),
  );
  expect(amountOf(bytesOf('00000000000a'))).toBeUndefined();
  expect(() => amountBytes(-1)).toThrow();
  expect(() => amountBytes(1.5)).toThrow();
});
