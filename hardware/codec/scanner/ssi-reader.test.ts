import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReaderEvent } from './reader.ts';
import { createSsiReader } from './ssi-reader.ts';
import { encodeSsi, ssiCommand, ssiOpcodes, ssiResend, ssiStatus } from './ssi.ts';

const reader = () => createSsiReader({ characterSet: 'utf-8', maxBytes: 1024 });
const ean13 = 0x0b;
const acknowledge = { kind: 'owed', bytes: ssiCommand(ssiOpcodes.acknowledged) } as const;
const again = { kind: 'owed', bytes: ssiResend() } as const;

function packetOf(text: string, status = 0): Uint8Array {
  return encodeSsi({ opcode: ssiOpcodes.decodeData, source: 0, status, data: Uint8Array.of(ean13, ...new TextEncoder().encode(text)) });
}

const codesOf = (events: readonly ReaderEvent[]) => events.flatMap((event) => (event.kind === 'code' ? event.text : []));

describe('packets of a Zebra', () => {
  it('are acknowledged before their code is told', () => {
    expect(reader().push(packetOf('4006381333931'))).toEqual([acknowledge, { kind: 'code', text: '4006381333931' }]);
  });

  it('are the same in every split', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[!-~]{1,60}$/), { maxLength: 5 }), fc.integer({ min: 1, max: 40 }), (texts, size) => {
        const bytes = Uint8Array.from(texts.flatMap((text) => [...packetOf(text)]));
        const [split, codes] = [reader(), [] as string[]];
        for (let at = 0; at < bytes.length; at += size) codes.push(...codesOf(split.push(bytes.subarray(at, at + size))));
        expect(codes).toEqual(texts);
      }),
    );
  });

  it('that are sent again because our ACK was lost count once', () => {
    const one = reader();
    expect(codesOf(one.push(packetOf('4006381333931')))).toEqual(['4006381333931']);
    expect(one.push(packetOf('4006381333931', ssiStatus.retransmit))).toEqual([acknowledge]);
  });

  it('of which only the second sending arrives count', () => {
    expect(codesOf(reader().push(packetOf('4006381333931', ssiStatus.retransmit)))).toEqual(['4006381333931']);
  });

  it('make one code of several, each acknowledged', () => {
    const one = reader();
    const events = [packetOf('https://shop.example/', ssiStatus.continues), packetOf('r/AbC')].flatMap((packet) => one.push(packet));
    expect(events.filter((event) => event.kind === 'owed')).toHaveLength(2);
    expect(codesOf(events)).toEqual(['https://shop.example/r/AbC']);
  });

  it('of a code whose rest never comes do not become the front of the next', () => {
    const cut = reader();
    cut.push(packetOf('https://shop.example/', ssiStatus.continues));
    expect(cut.isPending()).toBe(true);
    expect(cut.silence()).toEqual([{ kind: 'refused', reason: 'torn' }]);
    expect(codesOf(cut.push(packetOf('96385074')))).toEqual(['96385074']);
  });

  it('that came broken or cut short are asked for again', () => {
    const broken = packetOf('4006381333931');
    broken[7]! ^= 1;
    const noisy = reader();
    expect(noisy.push(broken)).toEqual([{ kind: 'refused', reason: 'broken_packet' }, again]);
    expect(codesOf(noisy.push(packetOf('4006381333931', ssiStatus.retransmit)))).toEqual(['4006381333931']);
    expect(noisy.push(packetOf('96385074').subarray(0, 9))).toEqual([]);
    expect(noisy.silence()).toEqual([again]);
    expect(codesOf(noisy.push(packetOf('96385074', ssiStatus.retransmit)))).toEqual(['96385074']);
  });

  it('tell whether our command was taken', () => {
    const answered = reader();
    expect(answered.push(encodeSsi({ opcode: ssiOpcodes.acknowledged, source: 0, status: 0, data: new Uint8Array() }))).toEqual([{ kind: 'answer', taken: true }]);
    expect(answered.push(encodeSsi({ opcode: ssiOpcodes.refused, source: 0, status: 0, data: Uint8Array.of(2) }))).toEqual([{ kind: 'answer', taken: false }]);
  });

  it('with our own address are our echo and nothing else', () => {
    expect(reader().push(ssiCommand(ssiOpcodes.startSession))).toEqual([]);
  });

  it('lose a suffix that the scanner adds to the data', () => {
    expect(codesOf(reader().push(packetOf('96385074\r\n')))).toEqual(['96385074']);
  });

  it('may be rubbish: nothing throws, nothing grows, and after silence codes are read again', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 7168 }), (bytes) => {
        const noisy = reader();
        noisy.push(bytes);
        // As long as a packet may still be awaited.
        for (let times = 0; times < 3; times += 1) noisy.silence();
        expect(noisy.isPending()).toBe(false);
        expect(codesOf(noisy.push(packetOf('96385074')))).toEqual(['96385074']);
      }),
      { numRuns: 50 },
    );
  });

  it('7 KB in packets that always go on are one refusal until the line is quiet', () => {
    const endless = reader();
    const events = Array.from({ length: 35 }, () => endless.push(packetOf('A'.repeat(200), ssiStatus.continues))).flat();
    expect(events.filter((event) => event.kind === 'refused')).toEqual([{ kind: 'refused', reason: 'too_long' }]);
    expect(codesOf(events)).toEqual([]);
  });
});
