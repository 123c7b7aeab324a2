import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeApdu } from './apdu.ts';
import { bytesOf, concat, hexOf } from './bytes.ts';
import { cardDetailsOf } from './card-details.ts';
import { decodeMessage } from './decode.ts';
import { encodeMessage } from './encode.ts';
import { displayTextOf, printedLineOf, slipOfTextBlock } from './slip.ts';
import { encodeTlvs } from './tlv.ts';

/** Card numbers of 13 to 19 digits with a right check digit, as cards begin. */
const pans = fc.tuple(fc.constantFrom('4', '51', '2221', '34', '3528', '622202', '6011'), fc.stringMatching(/^[0-9]{17}$/), fc.integer({ min: 13, max: 19 })).map(([prefix, digits, length]) => {
  const body = (prefix + digits).slice(0, length - 1);
  const sum = [...body].toReversed().reduce((total, character, index) => {
    const digit = Number(character) * (index % 2 === 0 ? 2 : 1);
    return total + (digit > 9 ? digit - 9 : digit);
  }, 0);
  return body + ((10 - (sum % 10)) % 10);
});

const ascii = (words: string) => new TextEncoder().encode(words);
const packed = (digits: string) => bytesOf(digits.length % 2 === 0 ? digits : `${digits}f`);
const spaced = (pan: string) => pan.replaceAll(/(.{4})(?=.)/g, '$1 ');
const container = (tlvs: Parameters<typeof encodeTlvs>[0]) => {
  const bytes = encodeTlvs(tlvs);
  return concat([[0x06, 0x81, bytes.length], bytes]);
};

/** What may leave the codec, in every form that something may take it: bytes, digits, texts. */
function everythingOf(control: number, data: Uint8Array): string {
  const decoded = decodeMessage(encodeApdu({ control, data }));
  if (!decoded.ok) return JSON.stringify(decoded.error);
  const message = decoded.value;
  const fields = 'fields' in message ? message.fields : [];
  const said = [
    JSON.stringify(cardDetailsOf(fields, 'cp437')),
    displayTextOf(fields, 'cp437') ?? '',
    JSON.stringify(slipOfTextBlock(fields, 'cp437') ?? ''),
    message.kind === 'print_line' ? JSON.stringify(printedLineOf(message.attribute, message.text, 'cp437')) : '',
  ];
  return [hexOf(encodeMessage(message)), ...said].join('\n');
}

function expectMasked(told: string, pan: string): void {
  expect(told).not.toContain(pan);
  expect(told).not.toContain(hexOf(ascii(pan)));
  expect(told).not.toContain(spaced(pan));
  expect(told).not.toContain(hexOf(ascii(spaced(pan))));
  // Not even the digits between the first six and the last four.
  const middle = pan.slice(6, -4);
  if (middle.length >= 5) expect(told.replaceAll(/[ -]/g, '')).not.toContain(pan.slice(0, 6) + middle);
}

describe('a card number never leaves the codec', () => {
  const places: readonly (readonly [string, number, (pan: string) => Uint8Array])[] = [
    ['in the place of the card number', 0x040f, (pan) => concat([[0x22, 0xf0 | Math.floor(packed(pan).length / 10), 0xf0 | (packed(pan).length % 10)], packed(pan)])],
    ['in a print line', 0x06d1, (pan) => concat([[0], ascii(`Karte ${pan} ok`)])],
    ['in a print line in groups', 0x06d1, (pan) => concat([[0x40], ascii(spaced(pan))])],
    ['in a TLV container behind a print line', 0x06d1, (pan) => concat([[0], ascii('Summe'), container([{ tag: 0x1f41, value: ascii(pan) }])])],
    ['in a text block', 0x06d3, (pan) => container([{ tag: 0x1f07, value: Uint8Array.of(2) }, { tag: 0x25, value: [{ tag: 0x07, value: ascii(`Nr ${pan}`) }] }])],
    ['in the words for the display', 0x04ff, (pan) => concat([[0x0a, 0x01], container([{ tag: 0x24, value: [{ tag: 0x07, value: ascii(spaced(pan)) }] }])])],
    ['as text in an unknown object', 0x060f, (pan) => container([{ tag: 0x1f7a, value: ascii(pan) }])],
    ['packed in an unknown object', 0x060f, (pan) => container([{ tag: 0x1f7a, value: packed(pan) }])],
    ['packed among other bytes of an unknown object', 0x040f, (pan) => container([{ tag: 0x1f7a, value: concat([[0x00, 0xfe, 0x01], packed(pan), [0xff, 0x01]]) }])],
    ['packed in an unknown object within objects', 0x061e, (pan) => concat([[0x6c], container([{ tag: 0x2f, value: [{ tag: 0xe4, value: [{ tag: 0x1f7a, value: packed(pan) }] }] }])])],
    ['as an EMV object: number and track 2', 0x040f, (pan) => container([{ tag: 0x5a, value: packed(pan) }, { tag: 0x57, value: bytesOf(`${pan}d25122010000${pan.length % 2 === 0 ? 'ff' : 'f'}`.slice(0, 2 * Math.floor((pan.length + 14) / 2))) }])],
    ['in the additional text', 0x040f, (pan) => concat([[0x3c, 0xf0, 0xf0 | Math.floor(pan.length / 10), 0xf0 | (pan.length % 10)], ascii(pan)])],
    ['in the name of the card', 0x040f, (pan) => concat([[0x8b, 0xf0 | Math.floor(pan.length / 10), 0xf0 | (pan.length % 10)], ascii(pan)])],
    ['in a field that nobody knows, whose error is told', 0x040f, (pan) => concat([[0x99], packed(pan)])],
    ['behind a field that is cut off, whose error is told', 0x040f, (pan) => concat([[0x27, 0x00, 0x8b, 0xf9, 0xf9], packed(pan)])],
    ['in a message that nobody knows, whose error is told', 0x0699, (pan) => packed(pan)],
  ];

  test.each(places)('%s', (_where, control, place) => {
    fc.assert(fc.property(pans, (pan) => expectMasked(everythingOf(control, place(pan)), pan)), { numRuns: 200 });
  });

  test('in the name of the software, after a status enquiry', () => {
    fc.assert(
      fc.property(pans, (pan) => {
        const decoded = decodeMessage(encodeApdu({ control: 0x060f, data: concat([[0xf0, 0xf0 | Math.floor(pan.length / 10), 0xf0 | (pan.length % 10)], ascii(pan), [0]]) }), 'status_enquiry');
        if (!decoded.ok) throw new Error(decoded.error.detail);
        expectMasked(hexOf(encodeMessage(decoded.value)), pan);
      }),
    );
  });
});

test('amounts, dates, times and numbers of transactions are left as they are', () => {
  const apdu = bytesOf('040f' + '27' + '2700' + '04000000012345' + '490156' + '0b123456' + '0c235959' + '0d1231' + '870042' + '2924000001' + '88000470' + '0e2512');
  apdu[2] = apdu.length - 3;
  const decoded = decodeMessage(apdu);
  expect(decoded.ok && hexOf(encodeMessage(decoded.value))).toBe(hexOf(apdu));
});
