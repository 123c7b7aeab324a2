import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { codedError } from '../../domain/contract/errors.ts';
import type { LogLine } from '../../domain/contract/hq.ts';
import { eventPayloads } from '../../domain/contract/hq.ts';
import type { DiskState } from '../store/disk.ts';
import type { Log } from './log.ts';
import { createLog } from './log.ts';
import type { LogShipper } from './log-shipper.ts';
import { createLogShipper } from './log-shipper.ts';
import { redactFields, redactText } from './log-redact.ts';

interface Sent { readonly lines: readonly LogLine[]; readonly dropped: number }
let sent: Sent[];
let refuses: boolean;
let disk: DiskState;
let shipper: LogShipper;
let log: Log;
let written: string[];

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 22) });
  sent = [];
  written = [];
  refuses = false;
  disk = 'well';
  shipper = createLogShipper({
    emit(lines, dropped) {
      if (refuses) throw new Error('the store cannot be written');
      eventPayloads['log.lines'].parse({ lines: [...lines], dropped });
      sent.push({ lines, dropped });
    },
    now: Date.now, timers: { setTimeout, clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout) }, disk: () => disk,
  });
  log = shipper.tee(createLog((line) => written.push(line), Date.now));
});
afterEach(() => {
  shipper.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const messages = () => sent.flatMap(({ lines }) => lines.map(({ message }) => message));

describe('log lines to HQ', () => {
  it('warnings and errors go by themselves, together, and never from within whoever logs', () => {
    log.warn('paper is low', { metres: 3 });
    log.error(codedError('DISK_LOW', 'on /'), { state: 'low' });
    log.info('a customer came');
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(3_000);
    expect(sent).toHaveLength(1);
    expect(sent[0]!.lines).toMatchObject([{ level: 'warn', message: 'paper is low', fields: { metres: 3 } }, { level: 'error', code: 'DISK_LOW', fields: { state: 'low' } }]);
    expect(written).toHaveLength(3);
    vi.advanceTimersByTime(60_000);
    expect(sent).toHaveLength(1);
  });

  it('while HQ follows, what is only informative goes by itself, too, together with the rest; and no longer than it was asked for', () => {
    log.info('before');
    shipper.followFor(5);
    log.info('followed', { source: 'payments', event: 'payment.begun', order: '019a0000-0000-7000-8000-00000000000a' });
    vi.advanceTimersByTime(3_000);
    expect(messages()).toEqual(['followed']);
    expect(sent[0]!.lines[0]!.fields).toEqual({ source: 'payments', event: 'payment.begun', order: '019a0000-0000-7000-8000-00000000000a' });
    vi.advanceTimersByTime(5 * 60_000);
    log.info('after');
    shipper.followFor(5);
    shipper.followFor(0);
    log.info('ended');
    vi.advanceTimersByTime(10_000);
    expect(messages()).toEqual(['followed']);
  });

  it('in a flood while HQ follows, informative lines go before warnings do, and those before errors', () => {
    shipper.followFor(5);
    log.error(codedError('DISK_LOW'));
    log.warn('a warning');
    for (let line = 0; line < 3_000; line++) log.info(`line ${line}`);
    log.warn('the last warning');
    vi.advanceTimersByTime(60_000);
    expect(messages()).toEqual(expect.arrayContaining(['a warning', 'the last warning']));
    expect(messages().length).toBe(1_000);
  });

  it('a flood makes at most one event in three seconds, of at most 200 lines, and what is too much is counted', () => {
    for (let line = 0; line < 5_000; line++) log.warn(`line ${line}`);
    vi.advanceTimersByTime(3_000);
    expect(sent.map(({ lines }) => lines.length)).toEqual([200]);
    vi.advanceTimersByTime(60_000);
    expect(sent.map(({ lines, dropped }) => [lines.length, dropped])).toEqual([[200, 4_000], [200, 0], [200, 0], [200, 0], [200, 0]]);
    expect(messages().slice(0, 2)).toEqual(['line 0', 'line 1']);
  });

  it('an event never becomes larger than HQ takes, whatever the lines are', () => {
    shipper.followFor(60);
    for (let line = 0; line < 150; line++) log.warn('語'.repeat(5_000), Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`field ${index}`, 'x'.repeat(3_000)])));
    vi.advanceTimersByTime(3_600_000);
    expect(sent.reduce((sum, { lines }) => sum + lines.length, 0)).toBe(150);
    expect(Math.max(...sent.map((event) => JSON.stringify(event).length))).toBeLessThan(200_000);
  });

  it('what is said for ever fills no disk: so much an hour, some of it for errors alone, and HQ hears how many lines it lacks', () => {
    const characters = () => sent.reduce((sum, { lines }) => sum + JSON.stringify(lines).length, 0);
    const flood = (level: 'warn' | 'error') => {
      for (let second = 0; second < 1_200; second++) {
        for (let line = 0; line < 5; line++) {
          if (level === 'warn') log.warn('the page reports a fault', { detail: 'x'.repeat(300) });
          else log.error(codedError('INTERNAL', 'x'.repeat(300)));
        }
        vi.advanceTimersByTime(1_000);
      }
    };
    flood('warn');
    expect(characters()).toBeLessThan(310_000);
    flood('error');
    expect(messages().some((message) => message.startsWith('INTERNAL'))).toBe(true);
    expect(characters()).toBeLessThan(510_000);
    vi.advanceTimersByTime(3_600_000);
    log.error(codedError('INTERNAL', 'an hour later'));
    vi.advanceTimersByTime(3_000);
    expect(messages().at(-1)).toContain('an hour later');
    expect(sent.reduce((sum, { lines, dropped }) => sum + lines.length + dropped, 0)).toBe(12_001);
  });

  it('errors are kept before warnings where there is not room for all', () => {
    for (let line = 0; line < 1_000; line++) log.warn(`warning ${line}`);
    log.error(codedError('INTERNAL', 'the one that matters'));
    vi.advanceTimersByTime(60_000);
    expect(messages().filter((message) => message.includes('the one that matters'))).toHaveLength(1);
    expect(messages()).not.toContain('warning 999');
  });

  it('a store that cannot be written is tried again later; nothing is lost or doubled by it', () => {
    refuses = true;
    log.warn('one');
    vi.advanceTimersByTime(3_000);
    log.warn('two');
    vi.advanceTimersByTime(20_000);
    refuses = false;
    vi.advanceTimersByTime(10_000);
    expect(messages()).toEqual(['one', 'two']);
    expect(sent.map(({ dropped }) => dropped)).toEqual([0]);
  });

  it('a low disk thins them to errors, a full one writes none, and how many were left out is told when there is room', () => {
    disk = 'low';
    log.warn('left out');
    log.error(codedError('INTERNAL', 'told'));
    vi.advanceTimersByTime(3_000);
    disk = 'full';
    log.error(codedError('INTERNAL', 'left out'));
    vi.advanceTimersByTime(60_000);
    expect(sent.map(({ lines, dropped }) => [lines.length, dropped])).toEqual([[1, 1]]);
    disk = 'well';
    log.warn('again');
    vi.advanceTimersByTime(3_000);
    expect(sent.slice(1).map(({ lines, dropped }) => [lines.length, dropped])).toEqual([[1, 1]]);
  });

  it('what waited when the disk became full is dropped and counted', () => {
    log.warn('one');
    disk = 'full';
    vi.advanceTimersByTime(3_000);
    disk = 'well';
    log.warn('two');
    vi.advanceTimersByTime(3_000);
    expect(sent).toMatchObject([{ lines: [{ message: 'two' }], dropped: 1 }]);
  });

  it('the last minutes go when they are asked for, once, with what is only informative', () => {
    log.info('too old');
    vi.advanceTimersByTime(16 * 60_000);
    const since = Date.now();
    for (let line = 0; line < 10; line++) log.info(`line ${line}`);
    log.warn('between');
    expect(shipper.shipSince(since)).toBe(10);
    vi.advanceTimersByTime(3_000);
    expect(messages()).toHaveLength(11);
    expect(shipper.shipSince(0)).toBe(0);
  });

  it('informative lines are kept only so many and so long', () => {
    for (let line = 0; line < 50_000; line++) log.info(`line ${line} ${'x'.repeat(1_000)}`);
    const count = shipper.shipSince(0);
    expect(count).toBeGreaterThan(500);
    expect(count).toBeLessThanOrEqual(1_000);
    vi.advanceTimersByTime(60_000);
    expect(messages().at(-1)).toContain('line 49999 ');
  });

  it('what waits goes when it is stopped, and nothing after it', () => {
    log.warn('last words');
    shipper.stop();
    log.warn('too late');
    vi.advanceTimersByTime(60_000);
    expect(messages()).toEqual(['last words']);
  });

  it('nothing that is logged can make it throw', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const silent = () => undefined;
    const odd = shipper.tee({ info: silent, warn: silent, error: silent });
    for (const value of [Number.NaN, Infinity, undefined, circle, 10n, Symbol('x'), () => 1, { toJSON: () => { throw new Error('no'); } }]) odd.warn('odd', { value } as never);
    for (const message of [undefined, null, 7, circle]) odd.warn(message as never);
    vi.advanceTimersByTime(3_000);
    expect(messages().filter((message) => message === 'odd').length).toBeGreaterThan(2);
  });
});

describe('what never leaves the kiosk', () => {
  const separators = ['', ' ', '-', '.', ' - ', '\t'];
  const digits = (min: number, max: number) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map((all) => all.join(''));
  const grouped = (text: string, size: number, separator: string) => text.match(new RegExp(`.{1,${size}}`, 'g'))!.join(separator);
  const hasDigits = (text: string, secret: string) => text.normalize('NFKC').replace(/\D/g, '').includes(secret);
  const context = fc.constantFrom(' ', ': ', '="', ', ', 'PAN', '(', 'card ', '号', '\n', '{"x":"', ';');

  it('card numbers, however they are grouped and wherever they stand', () => {
    fc.assert(fc.property(fc.constantFrom('4', '51', '34', '62', '6011'), digits(11, 15), fc.constantFrom(...separators), context, context, (prefix, rest, separator, before, after) => {
      const number = `${prefix}${rest}`.slice(0, 19);
      const line = redactText(`tried${before}${grouped(number, 4, separator)}${after}end`);
      expect(hasDigits(line, number)).toBe(false);
      expect(hasDigits(line, number.slice(0, 8))).toBe(false);
    }), { numRuns: 2_000 });
  });

  it('phone numbers of here and elsewhere', () => {
    fc.assert(fc.property(fc.constantFrom('13', '15', '18', '19', '+86 13', '0086 13', '+49 ', '+1 ', '(415) 55'), digits(9, 9), fc.constantFrom('', ' ', '-'), context, context, (prefix, rest, separator, before, after) => {
      const line = redactText(`call${before}${prefix}${grouped(rest, 4, separator)}${after}now`);
      expect(hasDigits(line, rest)).toBe(false);
    }), { numRuns: 2_000 });
  });

  it('keys, as hex, base64 or PEM, and tokens of receipts', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 64 }), fc.constantFrom<BufferEncoding>('hex', 'base64', 'base64url'), context, (bytes, encoding, before) => {
      const key = Buffer.from(bytes).toString(encoding);
      // A key of one letter only is none.
      fc.pre(new Set(bytes).size > 16);
      expect(redactText(`opened with${before}${key} and so on`)).not.toContain(key.slice(0, 12));
    }), { numRuns: 2_000 });
    expect(redactText('-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEI\n-----END PRIVATE KEY-----')).toBe('[key]');
    expect(redactText('x\'0f1e2d3c4b5a69788796a5b4c3d2e1f0\'')).toBe("x'[key]'");
    expect(redactText('https://hq.example/r/abcdefghijklmnopqrstuv')).toBe('https://hq.example/r/[token]');
    expect(redactText('phone sealed:AAECAwQFBgcICQoLDA-_x')).toBe('phone [sealed]');
  });

  it('fields by their names, and numbers that are cards or phones', () => {
    expect(redactFields({ phone: 'x', keyHex: 1, token: true, password: null, note: '13912345678', n: 13912345678, pan: 4111111111111111, card: 4111111111111111 }))
      .toEqual({ phone: '[redacted]', keyHex: '[redacted]', token: '[redacted]', password: null, note: '[number]', n: '[number]', pan: '[redacted]', card: '[number]' });
    expect(redactFields({ 'called 13912345678': 1 })).toEqual({ 'called [number]': 1 });
  });

  it('not at the edge where a line is cut either', () => {
    log.warn(`${'x '.repeat(995)}4111 1111 1111 1111`, { detail: `${'y '.repeat(495)}13912345678901` });
    vi.advanceTimersByTime(3_000);
    expect(JSON.stringify(sent)).not.toMatch(/\d{4} \d{4}|139123/);
  });

  it('and what helps to find a fault stays', () => {
    for (const text of [
      'order 01980a5c-7b1e-7abc-8def-0123456789ab is paid', '2026-11-22T18:58:53.123Z', 'since 2026-11-22 18:58', 'at 1763837933123', 'port 127.0.0.1:8443', '10.20.130.240',
      'STORE_FAILED: SQLITE_FULL (13)', '84 66 03 a0', 'receipt 0042, trace 000042', '************1234', '/var/lib/counter24/store/store.db-wal', 'CNY 1234.50', 'took 1234567 bytes',
      'the-quick-brown-fox-jumps-over-the-lazy-dog-again',
    ]) expect(redactText(text)).toBe(text);
    expect(redactFields({ freeBytes: 53_687_091_200, at: 1_763_837_933_123, amount: 2600, ok: true })).toEqual({ freeBytes: 53_687_091_200, at: 1_763_837_933_123, amount: 2600, ok: true });
  });
});
