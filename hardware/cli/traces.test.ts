import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../codec/zvt/frame.ts';
import { createDigitMask, maskDigits } from './mask-digits.ts';
import { createEscPosAnswerTrace, createEscPosTrace } from './trace-escpos.ts';
import { createHexTrace } from './trace-hex.ts';
import { createTextLineTrace } from './trace-lines.ts';
import type { LineTrace } from './trace.ts';
import { createZvtTrace } from './trace-zvt.ts';

const ascii = (text: string) => new TextEncoder().encode(text);
const hex = (text: string) => Uint8Array.from(text.split(/\s+/).filter(Boolean), (pair) => Number.parseInt(pair, 16));

/** Everything that a trace says of these bytes, cut anywhere. */
function told(trace: LineTrace, bytes: Uint8Array, cuts: readonly number[] = []): string[] {
  const lines: string[] = [];
  let from = 0;
  for (const cut of [...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]) {
    if (cut > from) lines.push(...trace.push(bytes.subarray(from, cut)));
    from = cut;
  }
  return [...lines, ...trace.rest()];
}

const anyCuts = fc.array(fc.nat(500), { maxLength: 6 });

describe('what nobody knows the meaning of', () => {
  const digits = fc.stringMatching(/^[1-9][0-9]{12,18}$/);
  const around = fc.uint8Array({ maxLength: 20 }).map((bytes) => bytes.map((byte) => byte | 0x80 | 0x0a));

  it('a number as long as a card number shows its first six digits at the most, however it is cut', () => {
    fc.assert(fc.property(digits, fc.boolean(), around, around, anyCuts, (number, asBcd, before, after, cuts) => {
      const padded = number.length % 2 === 1 ? `${number}f` : number;
      const written = asBcd ? Uint8Array.from(padded.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) : ascii(number);
      const bytes = Uint8Array.from([...before, ...written, ...after]);
      const mask = createDigitMask();
      const pieces = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
      let from = 0;
      const visible = pieces.flatMap((cut) => {
        const piece = mask.visible(bytes.subarray(from, cut));
        from = Math.max(from, cut);
        return [...piece];
      });
      expect(visible).toHaveLength(bytes.length);
      const shown = visible.slice(before.length, before.length + written.length).filter(Boolean).length * (asBcd ? 2 : 1);
      // A last half byte with its padding is no BCD byte, and holds one digit.
      expect(shown).toBeLessThanOrEqual(asBcd && number.length % 2 === 1 ? 8 : 6);
    }));
  });

  it('short numbers, times and prices are shown', () => {
    expect(told(createHexTrace(), ascii('12:30 no. A042 ￥82.50\n'))).toEqual([
      '31 32 3a 33 30 20 6e 6f 2e 20 41 30 34 32 20 ef  12:30 no. A042 .',
      'bf a5 38 32 2e 35 30 0a                          ..82.50.',
    ]);
  });

  it('a long number in hex is not told, in either column', () => {
    const lines = told(createHexTrace(), ascii('Konto:6222021234567890123.')).join('\n');
    expect(lines).toContain('Konto:622*');
    expect(lines).not.toMatch(/6222|36 32 32 32/);
    expect(lines).toContain('*');
  });

  it('texts hide long numbers with blanks between them', () => {
    expect(maskDigits('card 6222 0212 3456 7890 at 12:30')).toBe('card 6222 02** **** **** at 12:30');
    expect(maskDigits('receipt 0042 trace 000123')).toBe('receipt 0042 trace 000123');
  });
});

describe('ZVT', () => {
  const frames = (...apdus: string[]) => Uint8Array.from(apdus.flatMap((apdu) => [...encodeFrame(hex(apdu)), 0x06]));

  it('a payment reads as its messages by name, with amount and numbers', () => {
    const status = '04 0f 24 27 00 04 00 00 00 00 12 50 49 01 56 0b 00 01 23 87 00 42 22 f1 f0 62 22 02 12 34 56 78 90 12 3f 29 12 34 56 78';
    const bytes = hex(status);
    bytes[2] = bytes.length - 3;
    const apdu = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    expect(told(createZvtTrace(), frames('06 01 0a 04 00 00 00 00 12 50 49 01 56', '80 00 00', '04 ff 01 0a', apdu, '06 0f 00'))).toEqual([
      '06 01 authorisation: amount ￥12.50', 'ACK',
      '80 00 positive', 'ACK',
      '04 ff intermediate status: status 0a', 'ACK',
      '04 0f status information: result 00, amount ￥12.50, receipt 0042, trace 000123, terminal 12345678, card 622202*********0123', 'ACK',
      '06 0f completion', 'ACK',
    ]);
  });

  it('a completion is read by what was asked, also in the other direction', () => {
    const conversation = { asked: 'anything_else' as const };
    const [toDevice, toKiosk] = [createZvtTrace(conversation), createZvtTrace(conversation)];
    expect(told(toDevice, frames('05 01 03 00 00 00'))[0]).toBe('05 01 status enquiry');
    expect(told(toKiosk, frames('06 0f 01 dc'))[0]).toBe('06 0f completion: terminal status dc');
  });

  it('another speed is told as such, and ends with the silence', () => {
    const trace = createZvtTrace();
    expect(told(trace, hex('fe 80 78 00 e6'))).toEqual(['5 bytes that are no whole frame: another speed, stop bits or device?']);
    expect(told(trace, frames('80 00 00'))).toEqual(['80 00 positive', 'ACK']);
  });

  it('each published vector is told without its card data, in any split', () => {
    const file = join(import.meta.dirname, '../codec/zvt/vectors.json');
    const vectors = JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))).match(/"(?:[0-9A-Fa-f]{2}[ ]?){3,}"/g) ?? [];
    expect(vectors.length).toBeGreaterThan(50);
    for (const vector of vectors) {
      const apdu = Uint8Array.from(vector.replace(/[^0-9A-Fa-f]/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      const whole = told(createZvtTrace(), encodeFrame(apdu));
      expect(told(createZvtTrace(), encodeFrame(apdu), Array.from(apdu, (_, index) => index))).toEqual(whole);
      expect(whole.join('\n')).not.toMatch(/\d{13}/);
    }
  });
});

describe('ESC/POS', () => {
  const receipt = Uint8Array.from([...hex('1b 40 1c 26 1b 61 01'), ...hex('bb b6 d3 ad'), 0x0a, ...ascii('Total 82.50'), 0x0a, ...hex('1d 28 6b 06 00 31 50 30 68 74 74'), ...hex('1d 56 42 00 10 04 01')]);

  it('commands read by name and Chinese as text', () => {
    expect(told(createEscPosTrace(), receipt)).toEqual([
      'ESC @: initialise', 'FS &: Chinese mode', 'ESC a: alignment 01', '"欢迎"', 'LF', '"Total 82.50"', 'LF', 'GS ( k: QR code, 11 bytes', 'GS V: cut 42 00', 'DLE EOT: status wanted 01',
    ]);
  });

  it('reads the same in any split', () => {
    fc.assert(fc.property(anyCuts, (cuts) => {
      expect(told(createEscPosTrace(), receipt, cuts)).toEqual(told(createEscPosTrace(), receipt));
    }));
  });

  it('pictures and long barcodes go by without being taken for commands', () => {
    const picture = [0x1d, 0x76, 0x30, 0x00, 0x48, 0x00, 0x20, 0x00, ...Array.from({ length: 0x48 * 0x20 }, (_, index) => index & 0xff)];
    expect(told(createEscPosTrace(), Uint8Array.from([...picture, ...hex('1b 40')]))).toEqual(['GS v 0: picture, 2312 bytes', 'ESC @: initialise']);
    expect(told(createEscPosTrace(), Uint8Array.from([...hex('1d 6b 49 06'), ...ascii('ABC123'), ...hex('1d 6b 04'), ...ascii('X1'), 0, 0x0a]))).toEqual(['GS k: barcode, 10 bytes', 'GS k: barcode, 6 bytes', 'LF']);
  });

  it('answers of the printer are told apart by their fixed bits', () => {
    expect(told(createEscPosAnswerTrace(), hex('12 14 00 13 ff'))).toEqual(['12 answer to DLE EOT', '14 automatic status, first byte', '00 status byte (GS r, or of an automatic status)', '13 XOFF: wait', 'ff no status: another speed or device?']);
  });
});

describe('lines', () => {
  it('commands of a vending interface read as they are', () => {
    expect(told(createTextLineTrace('commands'), ascii('D,REQ,1.50,10\r\nd,STATUS,VEND\r\n'), [3, 14])).toEqual(['D,REQ,1.50,10 (CR)', 'd,STATUS,VEND (CR)']);
  });

  it('what a customer showed the scanner is money for a minute: its beginning only', () => {
    expect(told(createTextLineTrace('codes'), ascii('134567890123456789\r'))).toEqual(['code of 18 characters: 1345************** (CR)']);
    expect(told(createTextLineTrace('codes'), ascii('134567890123456789'))).toEqual(['code of 18 characters: 1345************** (no end)']);
  });

  const code = fc.stringMatching(/^[0-9A-Za-z]{5,40}$/);
  const controls = fc.uint8Array({ max: 0x1f, maxLength: 2 }).map((bytes) => bytes.filter((byte) => byte !== 0x0a && byte !== 0x0d));

  it('of a code no more than four characters are told, whatever stands around it, in letters or in hex', () => {
    fc.assert(fc.property(code, controls, controls, fc.nat(40), fc.constantFrom('\r', '\n', ''), anyCuts, (text, before, inside, at, end, cuts) => {
      const whole = Uint8Array.from([...before, ...ascii(text.slice(0, at)), ...inside, ...ascii(text.slice(at)), ...ascii(end)]);
      const said = told(createTextLineTrace('codes'), whole, cuts).join('\n');
      const shown = said.match(/(?:^| )([0-9a-f]{2}(?: [0-9a-f]{2})*)/)?.[1]?.split(' ') ?? [];
      if (before.length + inside.length > 0) expect([shown.length, said.includes(text.slice(0, 5))]).toEqual([4, false]);
      else expect(said).toBe(`code of ${text.length} characters: ${text.slice(0, 4)}${'*'.repeat(Math.min(40, text.length - 4))} (${end === '\r' ? 'CR' : end === '\n' ? 'LF' : 'no end'})`);
    }));
  });

  it('a staff card behind STX is no command', () => {
    expect(told(createTextLineTrace('codes'), Uint8Array.from([0x02, ...ascii('STAFF-0042\r')]))).toEqual(['02 53 54 41 … 11 bytes (CR)']);
    expect(told(createTextLineTrace('codes'), hex('7e 00 08 0d'))).toEqual(['7e 00 08 (CR)']);
  });

  it('a code that goes on and on is told by its beginning once', () => {
    const lines = told(createTextLineTrace('codes'), ascii(`1345${'9'.repeat(9000)}\r1346789\r`));
    expect(lines.map((line) => line.replace(/\*+/, '*'))).toEqual(['code of 8192 characters: 1345* (and more)', 'code of 812 characters: * (CR)', 'code of 7 characters: 1346* (CR)']);
    const exactly = told(createTextLineTrace('codes'), ascii(`${'9'.repeat(8192)}\r1346789\r`));
    expect(exactly.at(-1)).toBe('code of 7 characters: 1346*** (CR)');
  });

  it('a long number in a command is hidden in hex, too', () => {
    const [line] = told(createTextLineTrace('commands'), Uint8Array.from([0x02, ...ascii('62220212345678\r')]));
    expect(line).toMatch(/^02 (3\d ){1,6}(\*\* ?)+ \(CR\)$/);
  });
});

it.each([['ZVT', () => createZvtTrace()], ['ESC/POS', createEscPosTrace], ['answers', createEscPosAnswerTrace], ['codes', () => createTextLineTrace('codes')], ['commands', () => createTextLineTrace('commands')], ['hex', createHexTrace]] as const)('%s: any bytes in any split are told in lines without control characters', (_name, make) => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), anyCuts, (bytes, cuts) => {
    for (const line of told(make(), bytes, cuts)) {
      expect(line.length).toBeLessThan(2000);
      // A terminal must not be steered by what a device sends.
      expect(line).not.toMatch(/\p{Cc}/u);
    }
  }), { numRuns: 300 });
});
