import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactFields, redactText } from './log-redact.ts';

const digits = (min: number, max: number) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map((all) => all.join(''));
/** Where the digits of these scripts begin: ASCII, full width, Arabic-Indic, Persian, Devanagari, mathematical bold. */
const zeros = [0x30, 0xff10, 0x660, 0x6f0, 0x966, 0x1d7ce];
const inScript = (text: string, zero: number) => text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
const digitsIn = (text: string) => [...text].flatMap((sign) => {
  const zero = zeros.find((first) => sign.codePointAt(0)! >= first && sign.codePointAt(0)! < first + 10);
  return zero === undefined ? [] : [sign.codePointAt(0)! - zero];
}).join('');
const grouped = (text: string, size: number, separator: string) => (text.match(new RegExp(`.{1,${size}}`, 'gu')) ?? []).join(separator);

const separators = [
  '', ' ', '\t', '\n', '\u00a0', '\u3000', '-', ' - ', '\u2010', '\u2011', '\u2012', '–', '—', '\u2212', ' – ', '－', '_', '.', '．', '·', '•', '・', '/', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', ')(', '\ufe0f\u20e3',
];
const context = fc.constantFrom(' ', ': ', '="', ', ', 'PAN', '(', 'card ', '号', '\n', '{"x":"', ';', '\u200b', '–', '_', '·');

describe('what nobody meant to write', () => {
  it('card numbers, whatever stands between their digits, in whatever digits, wherever they stand', () => {
    const number = fc.tuple(fc.constantFrom('4', '51', '34', '62', '6011'), digits(11, 15)).map(([prefix, rest]) => `${prefix}${rest}`.slice(0, 19));
    fc.assert(fc.property(number, fc.constantFrom(3, 4, 5), fc.constantFrom(...separators), fc.constantFrom(...zeros), context, context, (card, size, separator, zero, before, after) => {
      const line = redactText(`tried${before}${grouped(inScript(card, zero), size, separator)}${after}end`);
      expect(digitsIn(line)).toBe('');
    }), { numRuns: 5_000 });
  });

  it('phone numbers, of here and elsewhere', () => {
    const phone = fc.oneof(
      fc.tuple(fc.constantFrom('13', '15', '18', '19'), digits(9, 9)).map((parts) => parts.join('')),
      fc.tuple(fc.constantFrom('+86', '+49', '+1', '＋86'), digits(7, 12)).map((parts) => parts.join('')),
    );
    fc.assert(fc.property(phone, fc.constantFrom(...separators), fc.constantFrom(...zeros), context, context, (number, separator, zero, before, after) => {
      const prefix = number.replace(/\d+$/, '');
      const line = redactText(`call${before}${prefix}${grouped(inScript(number.slice(prefix.length), zero), 4, separator)}${after}now`);
      expect(digitsIn(line)).toBe('');
    }), { numRuns: 5_000 });
  });

  it('PINs and codes by their names, as people write them and as programs do', () => {
    const value = fc.oneof(digits(4, 8), fc.tuple(fc.constantFrom('A', 'xK-'), digits(4, 6)).map((parts) => parts.join('')));
    const named = fc.constantFrom(
      (pin: string) => `PIN ${pin} is wrong`, (pin: string) => `pin: ${pin}`, (pin: string) => `PIN：${pin}`, (pin: string) => `the PIN is ${pin}.`, (pin: string) => `{"pin":"${pin}"}`, (pin: string) => `{'otp': '${pin}'}`,
      (pin: string) => `{\\"totp\\":\\"${pin}\\"}`, (pin: string) => `{"password" : "${pin}"}`, (pin: string) => `cvv=${pin}`, (pin: string) => `PIN码：${pin}`, (pin: string) => `密码是${pin}`, (pin: string) => `验证码 ${inScript(pin, 0xff10)}`,
    );
    fc.assert(fc.property(value, named, (pin, write) => {
      const line = redactText(write(pin));
      expect(line).toContain('[redacted]');
      expect(digitsIn(line)).toBe('');
    }), { numRuns: 2_000 });
  });

  it('what a field says it holds, however deep it lies, and what its texts hold once they are written as JSON', () => {
    const secret = fc.constantFrom('pin', 'phone', 'keyHex', 'authCode', 'cvv', 'customer');
    const at = fc.array(fc.oneof(fc.constantFrom('a', 'detail', 'of'), fc.constant(0)), { maxLength: 4 });
    fc.assert(fc.property(at, secret, fc.oneof(digits(4, 8), fc.integer({ min: 1000, max: 99_999_999 }), fc.record({ zh: fc.constant('王4821') })), (path, name, value) => {
      const inner: unknown = path.reduceRight<unknown>((held, step) => (step === 0 ? [held] : { [step]: held, ok: true }), { [name]: value, slot: 'A' });
      const text = JSON.stringify(redactFields({ answer: inner }));
      expect(text).toContain(`\\"${name}\\":\\"[redacted]\\"`);
      expect(digitsIn(text)).toBe('');
      expect(text).toContain('slot');
    }));
    expect(redactFields({ answer: { pin: null, said: ['4111\t1111\t1111\t1111', '139\n1234\n5678'] } })).toEqual({ answer: '{"pin":null,"said":["[number]","[number]"]}' });
  });
});

describe('what is ours stays as it is', () => {
  const time = fc.date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2049-12-31T00:00:00Z'), noInvalidDate: true });
  const octet = fc.nat(255);
  const ours: Readonly<Record<string, fc.Arbitrary<string>>> = {
    'the id of an event': fc.uuid(),
    'a time': fc.tuple(time, fc.constantFrom((at: Date) => at.toISOString(), (at: Date) => at.toISOString().slice(0, 10), (at: Date) => at.toISOString().slice(0, 16).replace('T', ' '))).map(([at, write]) => write(at)),
    'a number of milliseconds': time.map((at) => String(at.getTime())),
    'an amount': fc.tuple(fc.nat(9_999_999), fc.nat(99), fc.constantFrom('CNY ', '￥', '-', '')).map(([whole, part, sign]) => `${sign}${whole}.${String(part).padStart(2, '0')}`),
    'an amount with its thousands': fc.nat(999_999_999).map((amount) => amount.toLocaleString('en')),
    'a version': fc.tuple(fc.nat(99), fc.nat(99), fc.nat(9999), fc.constantFrom('', '-beta.2', '+build')).map(([major, minor, patch, more]) => `${major}.${minor}.${patch}${more}`),
    'an address of the network': fc.tuple(octet, octet, octet, octet, fc.constantFrom('', ':8443', '/24', '.')).map(([a, b, c, d, more]) => `${a}.${b}.${c}.${d}${more}`),
    // Of 32 letters and more it may be a key, and goes.
    'a short hash': fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: 7, maxLength: 12 }).map((all) => all.join('')).filter((hash) => (hash.match(/\d/g) ?? []).length < 10),
  };
  const before = fc.constantFrom('', 'at ', 'order ', 'since: ', '"', '(', 'attempt 42 ', 'try 12345, ', '从 ', 'a–');
  const after = fc.constantFrom('', ' is paid', '"', ')', ', 3 times', ' 起', '; 7', '–b');

  it.each(Object.keys(ours))('%s', (name) => {
    fc.assert(fc.property(ours[name]!, before, after, (text, head, tail) => {
      // Beside another number it may be one with it: that is taken out, but for ids, times and addresses.
      fc.pre(!head.startsWith('attempt') || /^(the id|a time$|an address)/.test(name));
      const line = `${head}${text}${tail}`;
      expect(redactText(line)).toBe(line);
    }), { numRuns: 3_000 });
  });

  it('also right behind a number, and with signs that are put between digits', () => {
    for (const text of [
      'order 12345 01980a5c-7b1e-7abc-8def-0123456789ab', '42 01980a5c-7b1e-7abc-8def-0123456789ab', 'kiosk-001_01980a5c-7b1e-7abc-8def-0123456789ab', '/api/orders/01980a5c-7b1e-7abc-8def-0123456789ab/refunds', '12345 2026-11-22T18:58:53.123Z', 'port 8443 10.20.130.240', 'from 10.20.130.240.',
      'CNY 28.00 – CNY 30.00', 'Counter24 · 0.6.0', 'logs_2026-11-23_12-30-45.zip', 'STORE_FAILED: SQLITE_FULL (13)', 'pin is missing', '{"pin":null,"at":1763837933123}', 'password was wrong 3 times', '1,234,567.89',
    ]) expect(redactText(text)).toBe(text);
    expect(redactText('12345 13912345678 2026-11-22 18:58')).toBe('[number] 2026-11-22 18:58');
  });
});

describe('whatever is written', () => {
  it('takes time by its length alone', () => {
    // Twice as long takes twice the time: by the square of their length each of these would take minutes.
    const length = 200_000;
    const hostile = [
      'a', 'a.', 'a%', 'pin ', 'pin-', 'pin', 'pin\t\t\t\t\t\t\t\t', 'password is "', '1 ', '1-', '1', '1   ', '12345 ', '1\u200b', '@', 'a@', 'a@a', 'a@a.', '2026-11-22 ', '1.1.1.', '01980a5c-', '-----BEGIN ', '-----BEGIN KEY----- -----END ', 'KEY', 'A', 'A2 ', 'f', '$argon2',
      '/r/', 'sealed:', 'otpauth', '密码', '+(', '((', '\\"', ' ',
    ];
    for (const unit of hostile) {
      for (const end of ['', '!', '@', 'KEY']) {
        const text = `pin ${unit.repeat(Math.ceil(length / unit.length))}${end}`;
        const began = performance.now();
        redactText(text);
        expect(performance.now() - began, JSON.stringify([unit, end])).toBeLessThan(10_000);
      }
    }
  });
});
