import { describe, expect, test } from 'vitest';
import { decodeApdu } from './apdu.ts';
import { bytesOf, hexOf } from './bytes.ts';
import { decodeMessage } from './decode.ts';
import type { Asked } from './decode.ts';
import { encodeMessage } from './encode.ts';
import { createFrameDecoder, encodeFrame } from './frame.ts';
import type { ZvtMessage } from './message.ts';
import { decodeTlvLength, decodeTlvTag, encodeTlvLength, encodeTlvTag } from './tlv.ts';
import { decodeVarLength, encodeVarLength } from './var-length.ts';
import published from './vectors.json' with { type: 'json' };

interface Vector {
  readonly name: string;
  readonly layer: 'serial' | 'apdu' | 'apdu-length' | 'field';
  readonly hex: string;
  readonly meaning: string;
}

const vectors = published as readonly Vector[];

/** 06 0F after 05 01 is read otherwise than any other 06 0F, and a vector does not say what was asked before it. */
const answersToStatusEnquiry = new Set(['serial-completion-with-version', 'ecrterm-completion-status-tlv', 'bo-completion-dc']);

/** Vectors that are wrong on purpose, or printed wrongly in the specification, with the error they must give. */
const invalid: Readonly<Record<string, string>> = {
  'spec-authorisation-msgseqid-wrong-length': 'wrong_length',
  'apdu-incomplete-2-bytes': 'incomplete',
  'apdu-incomplete-short-data': 'incomplete',
  'portalum-abortviatimeout': 'incomplete',
};

/** Field 22 with more digits than a kiosk may hold: it comes back masked, all else byte for byte. */
const masked: Readonly<Record<string, readonly [sent: string, kept: string]>> = {
  'serial-status-information-approved': ['22f1f15966666666d2002122010017', '22f0f5eeeeee666617'],
};

/** Vectors that wait for a later change, with the reason. */
const remaining: Readonly<Record<string, string>> = {};

/** What `meaning` says of the messages the kiosk lives by, field by field as BMP: hex. */
const meanings: Readonly<Record<string, Partial<Record<string, unknown>> & { readonly kind: ZvtMessage['kind'] }>> = {
  'serial-registration': { kind: 'registration', password: '123456', configByte: 0xba, currencyCode: '0978' },
  'bo-registration-terminal-prints': { kind: 'registration', password: '123456', configByte: 0x08, currencyCode: '0978' },
  'ecrterm-registration-tlv-full': { kind: 'registration', password: '000000', configByte: 0xfe, currencyCode: '0978', 3: '00' },
  'serial-initialisation': { kind: 'initialisation', password: '123456' },
  'serial-print-line': { kind: 'print_line', attribute: 0, text: 'Gesamt      0       0,00' },
  'spec-print-empty-line-centred': { kind: 'print_line', attribute: 0x40, text: '' },
  'serial-84-9c': { kind: 'answer', code: 0x9c },
  'spec-wrong-currency': { kind: 'answer', code: 0x1e, resultCode: 0x6f },
  'serial-status-enquiry': { kind: 'status_enquiry', password: '123456' },
  'serial-status-enquiry-service-byte': { kind: 'status_enquiry', password: '123456', 3: '04' },
  'serial-completion-with-version': { kind: 'status_completion', softwareVersion: '2.14.15', terminalStatus: 0 },
  'bo-completion-dc': { kind: 'status_completion', terminalStatus: 0xdc },
  'serial-status-information-approved': { kind: 'status_information', 0x27: '00', 0x04: '000000004000', 0x49: '0978', 0x0c: '093848', 0x0d: '0425', 0x17: '0001', 0x87: '0175', 0x0b: '613995', 0x19: '40', 0x29: '60099914', 0x0e: '0512', 0x8a: '02' },
  'serial-c-authorisation-2500': { kind: 'authorisation', 0x04: '000000002500', 0x49: '0978' },
  'ecrterm-authorisation-full': { kind: 'authorisation', 0x02: '01', 0x04: '000000001000', 0x19: '44', 0x49: '0978' },
  'serial-c-completion': { kind: 'completion' },
  'spec-registration-completion': { kind: 'completion', 0x19: '00', 0x29: '65000028', 0x49: '0978' },
  'spec-completion-27-e0': { kind: 'completion', 0x27: 'e0' },
  'serial-c-abort-6c': { kind: 'abort', resultCode: 0x6c },
  'portalum-abort-empty': { kind: 'abort', resultCode: undefined },
  'ecrterm-open-reservation-none': { kind: 'abort', resultCode: 0xb8, 0x87: 'ffff' },
  'spec-intermediate-status-text': { kind: 'intermediate_status', code: 0x17, timeoutMinutes: 3 },
  'portalum-intermediate-insert-card': { kind: 'intermediate_status', code: 0x0a, timeoutMinutes: undefined },
  'spec-status-info-ec-reversed': { kind: 'status_information', 0x27: '6c' },
  'spec-ack': { kind: 'positive' },
  'spec-84-9d-partial-issue': { kind: 'answer', code: 0x9d, 0x04: '000000002200' },
  'spec-repeat-receipt-status-no-print': { kind: 'repeat_receipt', password: '123456', 3: '03' },
  'spec-reversal': { kind: 'reversal', password: '123456', 0x87: '0022', 0x04: '000000002500', 0x49: '0978' },
  'spec-refund': { kind: 'refund', password: '123456', 0x04: '000000000500', 0x49: '0978' },
  'spec-date-time-to-ecr': { kind: 'set_date_and_time', 0xaa: '261122', 0x0c: '112419' },
  'portalum-abortbykey': { kind: 'status_information', 0x27: '6c', 0x29: '28004869', 0x3c: hexOf(latin1('Abbruch durch Kunde')) },
  'portalum-paymentgood1': { kind: 'status_information', 0x27: '00', 0x04: '000000002040', 0x0b: '000470', 0x0c: '223953', 0x0d: '1006', 0x0e: '2512', 0x19: '70', 0x22: 'eeeeeeeeeeee4771', 0x29: '28004869', 0x87: '0470', 0x88: '000470', 0x8a: '2e', 0x8b: hexOf(latin1('Debit Mastercard\0')) },
  'ecrterm-status-visa-0.01': { kind: 'status_information', 0x27: '00', 0x04: '000000000001', 0x22: '474843eeeeee7743', 0x29: '42003036', 0x8a: '0a' },
};

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

describe.each(vectors.filter((vector) => vector.layer === 'serial'))('$name', ({ name, hex }) => {
  const bytes = bytesOf(hex);

  test('is read from its frame and framed again byte for byte', () => {
    const events = createFrameDecoder().push(bytes);
    expect(events).toHaveLength(1);
    const event = events[0];
    if (name === 'serial-ack' || name === 'serial-nak') return expect(event).toEqual({ kind: name.slice('serial-'.length) });
    if (event?.kind !== 'apdu') throw new Error(`not a frame: ${event?.kind}`);
    expect(hexOf(encodeFrame(event.apdu))).toBe(hex);
    if (!(name in remaining)) checkApdu(name, event.apdu);
  });
});

describe.each(vectors.filter((vector) => vector.layer.startsWith('apdu') && !(vector.name in remaining)))('$name', ({ name, hex }) => {
  test(name in invalid ? `gives the error ${invalid[name]}` : 'is decoded to its meaning and encoded byte for byte', () => {
    checkApdu(name, bytesOf(hex));
  });
});

function checkApdu(name: string, apdu: Uint8Array): void {
  const asked: Asked = answersToStatusEnquiry.has(name) ? 'status_enquiry' : 'anything_else';
  const decoded = decodeMessage(apdu, asked);
  const error = invalid[name];
  if (error !== undefined) return expect(decoded).toMatchObject({ ok: false, error: { kind: error } });
  if (!decoded.ok) throw new Error(`${decoded.error.kind}: ${decoded.error.detail}`);

  const [sent, kept] = masked[name] ?? ['', ''];
  const hex = hexOf(apdu);
  const original = sent ? decodeApdu(apdu) : undefined;
  if (original?.ok) expect(hexOf(original.value.data)).toContain(sent);
  const again = hexOf(encodeMessage(decoded.value));
  expect(sent ? again.slice(6) : again).toBe(sent ? hex.slice(6).replace(sent, kept) : hex);

  const meaning = meanings[name];
  if (meaning) expect(plain(decoded.value)).toMatchObject(plainMeaning(meaning));
}

/** The message with its fields beside its properties, values as hex, texts as text. */
function plain(message: ZvtMessage): Record<string, unknown> {
  const properties: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(message)) {
    if (value instanceof Uint8Array) properties[key] = String.fromCharCode(...value);
    else if (key !== 'fields') properties[key] = value;
  }
  const fields = 'fields' in message ? message.fields : [];
  for (const field of fields) properties[field.bmp] = 'value' in field ? hexOf(field.value) : field.tlvs;
  return properties;
}

function plainMeaning(meaning: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(meaning).filter(([, value]) => value !== undefined));
}

describe('field vectors', () => {
  const hexOfVector = (name: string) => bytesOf(vectors.find((vector) => vector.name === name)?.hex ?? '');

  test.each([
    ['llvar-18', 2, 18],
    ['lllvar-189', 3, 189],
    ['llvar-12', 2, 12],
  ] as const)('%s is a length of %i digits', (name, digits, length) => {
    const bytes = hexOfVector(name);
    expect(decodeVarLength(bytes, 0, digits)).toEqual({ ok: true, value: length });
    expect(encodeVarLength(length, digits)).toEqual([...bytes.subarray(0, digits)]);
  });

  test.each([
    ['tlv-tag-2byte', 0x1f07, 2],
    ['tlv-tag-3byte', 0x1f8000, 3],
  ] as const)('%s', (name, tag, size) => {
    expect(decodeTlvTag(hexOfVector(name), 0)).toEqual({ ok: true, value: { tag, size } });
    expect(encodeTlvTag(tag)).toEqual([...hexOfVector(name)]);
  });

  test('tlv-length-650', () => {
    expect(decodeTlvLength(hexOfVector('tlv-length-650'), 0)).toEqual({ ok: true, value: { length: 650, size: 3 } });
    expect(encodeTlvLength(650)).toEqual([...hexOfVector('tlv-length-650')]);
  });
});

test('every vector is used or stands in the table of what remains', () => {
  const known = new Set(vectors.map((vector) => vector.name));
  expect(vectors.length).toBe(known.size);
  for (const name of [...Object.keys(invalid), ...Object.keys(remaining), ...Object.keys(meanings), ...Object.keys(masked)]) expect(known).toContain(name);
});
