import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crcXmodem, encodeGm65, gm65Stop, gm65Trigger, parseGm65 } from './gm65.ts';
import type { Gm65Command } from './gm65.ts';
import { parseSerialTrigger, serialStop, serialTrigger } from './keystroke.ts';
import { encodeSsi, maxSsiData, parseSsi, ssiCommand, ssiOpcodes } from './ssi.ts';

const bytesOf = (hex: string) => Uint8Array.from(hex.split(' ').map((byte) => Number.parseInt(byte, 16)));
const hexOf = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');

describe('a GM65 command', () => {
  // The manuals' own examples.
  it.each<[string, Gm65Command, 'checked' | 'unchecked', string]>([
    ['trigger', gm65Trigger, 'unchecked', '7E 00 08 01 00 02 01 AB CD'],
    ['stop', gm65Stop, 'unchecked', '7E 00 08 01 00 02 00 AB CD'],
    ['save', { kind: 'save' }, 'checked', '7E 00 09 01 00 00 00 DE C8'],
    ['baud 9600', { kind: 'write', address: 0x2a, data: Uint8Array.of(0x39, 0x01) }, 'checked', '7E 00 08 02 00 2A 39 01 A7 EA'],
    ['which baud', { kind: 'read', address: 0x2a, count: 2 }, 'checked', '7E 00 07 01 00 2A 02 D8 0F'],
    ['heartbeat', { kind: 'heartbeat' }, 'checked', '7E 00 0A 01 00 00 00 30 1A'],
  ])('%s is written and read as in the manual', (_name, command, crc, hex) => {
    expect(hexOf(encodeGm65(command, crc))).toBe(hex);
    expect(parseGm65(bytesOf(hex))).toEqual(command);
  });

  it("the answer's CRC is the same one", () => {
    expect(crcXmodem([0x00, 0x01, 0x00])).toBe(0x3331);
  });

  const anyCommand: fc.Arbitrary<Gm65Command> = fc.oneof(
    fc.record({ kind: fc.constant('read' as const), address: fc.integer({ min: 0, max: 0xffff }), count: fc.integer({ min: 1, max: 255 }) }),
    fc.record({ kind: fc.constant('write' as const), address: fc.integer({ min: 0, max: 0xffff }), data: fc.uint8Array({ minLength: 1, maxLength: 255 }) }),
    fc.constant<Gm65Command>({ kind: 'save' }),
    fc.constant<Gm65Command>({ kind: 'heartbeat' }),
  );

  it('reads back as it was written, with a CRC and without', () => {
    fc.assert(fc.property(anyCommand, fc.constantFrom('checked' as const, 'unchecked' as const), (command, crc) => void expect(parseGm65(encodeGm65(command, crc))).toEqual(command)));
  });

  it('with one wrong bit is not taken for another, unless the bit is in its "do not check"', () => {
    fc.assert(
      fc.property(anyCommand, fc.nat(), fc.nat(7), (command, place, bit) => {
        const bytes = encodeGm65(command, 'checked');
        bytes[place % bytes.length]! ^= 1 << bit;
        expect(parseGm65(bytes)).toBeUndefined();
      }),
    );
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void parseGm65(bytes)));
  });
});

describe('a serial trigger', () => {
  it('is SYN, a letter and CR', () => {
    expect([parseSerialTrigger(bytesOf('16 54 0D')), parseSerialTrigger(bytesOf('16 55 0D')), parseSerialTrigger(bytesOf('16 4D 0D')), parseSerialTrigger(bytesOf('16 54'))]).toEqual(['trigger', 'stop', undefined, undefined]);
    expect([hexOf(serialTrigger), hexOf(serialStop)]).toEqual(['16 54 0D', '16 55 0D']);
  });
});

describe('an SSI packet', () => {
  it.each([['E4', '04 E4 04 00 FF 14'], ['E5', '04 E5 04 00 FF 13'], ['D0', '04 D0 04 00 FF 28']])('%s of the host is as in the specification', (opcode, hex) => {
    expect(hexOf(ssiCommand(Number.parseInt(opcode, 16)))).toBe(hex);
  });

  const anyPacket = fc.record({ opcode: fc.nat(255), source: fc.nat(255), status: fc.nat(255), data: fc.uint8Array({ maxLength: maxSsiData }) });

  it('reads back as it was written', () => {
    fc.assert(fc.property(anyPacket, (packet) => void expect(parseSsi(encodeSsi(packet))).toEqual(packet)));
  });

  it('with one wrong byte is none', () => {
    fc.assert(
      fc.property(anyPacket, fc.nat(), fc.integer({ min: 1, max: 255 }), (packet, place, by) => {
        const bytes = encodeSsi(packet);
        const at = place % bytes.length;
        bytes[at] = (bytes[at]! + by) & 0xff;
        expect(parseSsi(bytes)).toBeUndefined();
      }),
    );
  });

  it('decoded data begins with the kind of barcode', () => {
    expect(hexOf(encodeSsi({ opcode: ssiOpcodes.decodeData, source: 0, status: 0, data: bytesOf('0B 41') }))).toBe('06 F3 00 00 0B 41 FE BB');
  });
});
