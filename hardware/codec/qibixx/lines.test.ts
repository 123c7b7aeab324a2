import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineDecoder } from './lines.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textsOf = (lines: ReturnType<ReturnType<typeof createLineDecoder>['push']>) => lines.map((line) => (line.ok ? line.value : line.error.reason));

describe('lines of the Qibixx protocol', () => {
  it('are the same in every split of the bytes', () => {
    const bytes = bytesOf('v,4.0.2.0,0011\r\nd,STATUS,RESULT,1,12.50\r\nd,STATUS,IDLE\n');
    for (let first = 0; first <= bytes.length; first += 1) {
      for (let second = first; second <= bytes.length; second += 1) {
        const decoder = createLineDecoder();
        const lines = [bytes.slice(0, first), bytes.slice(first, second), bytes.slice(second)].flatMap((part) => decoder.push(part));
        expect(textsOf(lines)).toEqual(['v,4.0.2.0,0011', 'd,STATUS,RESULT,1,12.50', 'd,STATUS,IDLE']);
        expect(decoder.isPending()).toBe(false);
      }
    }
  });

  it('may begin with NULs, but a NUL within one breaks it: what stood there is not known', () => {
    expect(textsOf(createLineDecoder().push(bytesOf('\0\0d,STATUS,IDLE\r\n')))).toEqual(['d,STATUS,IDLE']);
    expect(textsOf(createLineDecoder().push(bytesOf('d,STATUS,RESULT,1,1\0.50\r\nV\r\n')))).toEqual(['not_text', 'V']);
  });

  it('are broken by bytes that are no text, and by a CR within', () => {
    expect(textsOf(createLineDecoder().push(Uint8Array.of(0xff, 0x64, 0x0a)))).toEqual(['not_text']);
    expect(textsOf(createLineDecoder().push(bytesOf('d,STATUS\r,IDLE\r\nV\n')))).toEqual(['not_text', 'V']);
  });

  it('say nothing when they are empty', () => {
    expect(createLineDecoder().push(bytesOf('\r\n\n\r\n'))).toEqual([]);
  });

  it('are told once where they are too long, and the next one is read as it stands', () => {
    const decoder = createLineDecoder(16);
    expect(textsOf(decoder.push(bytesOf('x'.repeat(100_000))))).toEqual([]);
    expect(textsOf(decoder.push(bytesOf('\r\nd,STATUS,IDLE\r\n')))).toEqual(['too_long', 'd,STATUS,IDLE']);
    expect(textsOf(decoder.push(bytesOf(`${'y'.repeat(16)}\r\n`)))).toEqual(['y'.repeat(16)]);
  });

  it('begin anew after a reset', () => {
    const decoder = createLineDecoder();
    decoder.push(bytesOf('d,STATUS,RES'));
    expect(decoder.isPending()).toBe(true);
    decoder.reset();
    expect(textsOf(decoder.push(bytesOf('d,STATUS,IDLE\r\n')))).toEqual(['d,STATUS,IDLE']);
  });

  it('are as many as there are line ends with something before them, whatever comes, and never throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      const decoder = createLineDecoder(64);
      const lines = decoder.push(bytes);
      const ends = bytes.filter((byte) => byte === 0x0a).length;
      expect(lines.length).toBeLessThanOrEqual(ends);
      for (const line of lines) if (line.ok) expect(line.value).toMatch(/^[\x20-\x7e]{1,64}$/);
      // The next whole line is read, whatever came before its beginning.
      expect(textsOf(decoder.push(bytesOf('\nV\r\n'))).at(-1)).toBe('V');
    }));
  });
});
