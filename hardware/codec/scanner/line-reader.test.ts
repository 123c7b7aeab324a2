import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeGbk } from '../gbk.ts';
import { findGm65Answer, findNoAnswer, findSsiAnswer } from './answers.ts';
import type { LineReaderOptions } from './line-reader.ts';
import { createLineReader } from './line-reader.ts';
import type { CodeReader, ReaderEvent } from './reader.ts';

const base: LineReaderOptions = { characterSet: 'utf-8', maxBytes: 1024, findAnswer: findGm65Answer, endsBySilence: true };
const utf8 = (text: string) => new TextEncoder().encode(text);
const answer = Uint8Array.of(0x02, 0x00, 0x00, 0x01, 0x00, 0x33, 0x31);
const heartbeat = Uint8Array.of(0x03, 0x00, 0x00, 0x01, 0x00, 0x33, 0x31);
const join = (...parts: readonly (Uint8Array | string)[]) => Uint8Array.from(parts.flatMap((part) => [...(typeof part === 'string' ? utf8(part) : part)]));
const codesOf = (events: readonly ReaderEvent[]) => events.flatMap((event) => (event.kind === 'code' ? event.text : []));
const refusalsOf = (events: readonly ReaderEvent[]) => events.flatMap((event) => (event.kind === 'refused' ? event.reason : []));

/** All at once, then silence. */
function read(bytes: Uint8Array, options: Partial<LineReaderOptions> = {}): ReaderEvent[] {
  const reader = createLineReader({ ...base, ...options });
  return [...reader.push(bytes), ...reader.silence()];
}

function inPieces(reader: CodeReader, bytes: Uint8Array, cuts: readonly number[]): ReaderEvent[] {
  const places = [0, ...[...cuts].sort((left, right) => left - right), bytes.length];
  return places.slice(1).flatMap((end, index) => reader.push(bytes.subarray(places[index], end)));
}

/** No control characters, nothing to trim. */
const someCode = fc.stringMatching(/^[!-~]{1,40}$/);

describe('codes on a line', () => {
  it.each([['CR', '\r'], ['LF', '\n'], ['CR LF', '\r\n'], ['TAB', '\t']])('end with %s', (_name, suffix) => {
    const reader = createLineReader(base);
    expect(reader.push(utf8(`4006381333931${suffix}`))).toEqual([{ kind: 'code', text: '4006381333931' }]);
    expect(reader.isPending()).toBe(false);
  });

  it('end with silence, and not before', () => {
    const reader = createLineReader(base);
    expect(reader.push(utf8('4006381333931'))).toEqual([]);
    expect(reader.isPending()).toBe(true);
    expect(reader.silence()).toEqual([{ kind: 'code', text: '4006381333931' }]);
    expect(reader.silence()).toEqual([]);
  });

  it('that have lost their end are no codes where each has a suffix', () => {
    expect(read(utf8('40063813'), { endsBySilence: false })).toEqual([{ kind: 'refused', reason: 'torn' }]);
  });

  it('are the same in every split, with answers before, behind and inside of them', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(someCode.map((text) => utf8(`${text}\r\n`)), fc.constant(answer), fc.constant(heartbeat)), { maxLength: 8 }), fc.array(fc.nat(400), { maxLength: 30 }), (parts, cuts) => {
        const bytes = join(...parts);
        const whole = createLineReader(base).push(bytes);
        expect(inPieces(createLineReader(base), bytes, cuts.map((cut) => cut % (bytes.length + 1)))).toEqual(whole);
        expect(codesOf(whole)).toEqual(parts.filter((part) => part !== answer && part !== heartbeat).map((part) => new TextDecoder().decode(part).trim()));
        expect(whole.filter(({ kind }) => kind === 'answer')).toHaveLength(parts.filter((part) => part === answer || part === heartbeat).length);
      }),
    );
  });

  it('are taken out from around an answer, wherever it is glued into them', () => {
    fc.assert(
      fc.property(someCode, fc.nat(), fc.constantFrom('\r', ''), (text, place, suffix) => {
        const at = place % (text.length + 1);
        const once = text.length >= 16 && text.slice(0, text.length / 2).repeat(2) === text;
        fc.pre(!once);
        expect(read(join(text.slice(0, at), answer, text.slice(at), suffix))).toEqual(expect.arrayContaining([{ kind: 'answer', taken: true }, { kind: 'code', text }]));
      }),
    );
  });

  it('glued to each other are told apart by their suffix', () => {
    expect(codesOf(read(utf8('4006381333931\r\n96385074\r\n036000291452\r\n')))).toEqual(['4006381333931', '96385074', '036000291452']);
  });

  it('without a suffix that come doubled count once, short ones may be meant', () => {
    expect(codesOf(read(utf8('40063813339314006381333931')))).toEqual(['4006381333931']);
    expect(codesOf(read(utf8('12121212')))).toEqual(['12121212']);
  });

  it('keep letters of the character set that the scanner is set to', () => {
    const gbk = encodeGbk('取货A042');
    expect(codesOf(read(utf8('取货A042\r')))).toEqual(['取货A042']);
    expect(codesOf(read(join(gbk, '\r'), { characterSet: 'gbk' }))).toEqual(['取货A042']);
    expect(refusalsOf(read(join(gbk, '\r')))).toEqual(['not_in_character_set']);
    expect(refusalsOf(read(utf8('取货A042\r'), { characterSet: 'ascii' }))).toEqual(['not_in_character_set']);
  });
});

describe('what is no code', () => {
  it.each([['a control character', '4006\u00013339'], ['DEL', '4006\u007f'], ['an invisible character beyond ASCII', '4006\u200b3339'], ['a new line that is none of ASCII', '4006\u2028'], ['a change of direction', '\u202e4006']])('%s is refused', (_what, text) => {
    expect(read(utf8(`${text}\r`))).toEqual([{ kind: 'refused', reason: 'control_character' }]);
  });

  it('7 KB without an end are one refusal, hold no memory, and leave the next code alone', () => {
    const reader = createLineReader(base);
    const events = Array.from({ length: 7 }, () => reader.push(new Uint8Array(1024).fill(0x41))).flat();
    expect(events).toEqual([{ kind: 'refused', reason: 'too_long' }]);
    expect(reader.silence()).toEqual([]);
    expect(reader.push(utf8('96385074\r'))).toEqual([{ kind: 'code', text: '96385074' }]);
  });

  it('any 7 KB of rubbish are one refusal at most after the first thing that is wrong', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 7168, maxLength: 7168 }), (bytes) => {
        bytes[0] = 0x01;
        const reader = createLineReader(base);
        const events = [...reader.push(bytes), ...reader.silence()];
        expect(refusalsOf(events)).toHaveLength(1);
        expect(codesOf(events)).toEqual([]);
        expect(reader.isPending()).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it('an answer with a wrong CRC is not cut out of a code as if it were one', () => {
    const wrong = Uint8Array.of(0x02, 0x00, 0x00, 0x01, 0x00, 0x33, 0x32);
    expect(codesOf(read(join('4006', wrong, '381333931\r')))).toEqual([]);
    expect(refusalsOf(read(join('4006', wrong, '381333931\r')))).toEqual(['control_character']);
  });

  it('half an answer does not wait for the next code', () => {
    const reader = createLineReader(base);
    reader.push(answer.subarray(0, 3));
    expect(reader.isPending()).toBe(true);
    expect(refusalsOf(reader.silence())).toEqual(['control_character']);
    expect(codesOf(reader.push(utf8('96385074\r')))).toEqual(['96385074']);
  });

  it('is never told with its contents', () => {
    fc.assert(fc.property(fc.stringMatching(/^1[0-5]\d{16}$/), (secret) => void expect(JSON.stringify(read(utf8(`${secret}\u0001`)))).not.toContain(secret)));
  });
});

describe("a scanner's answers", () => {
  it('of a Zebra that sends raw data are found, ACK and NAK', () => {
    const acknowledged = Uint8Array.of(0x04, 0xd0, 0x00, 0x00, 0xff, 0x2c);
    const refused = Uint8Array.of(0x05, 0xd1, 0x00, 0x00, 0x02, 0xff, 0x28);
    expect(read(join(acknowledged, '96385074', refused, '\r'), { findAnswer: findSsiAnswer })).toEqual([
      { kind: 'answer', taken: true }, { kind: 'answer', taken: false }, { kind: 'code', text: '96385074' },
    ]);
  });

  it('are control characters like any other where there should be none', () => {
    expect(refusalsOf(read(answer, { findAnswer: findNoAnswer }))).toEqual(['control_character']);
  });
});
