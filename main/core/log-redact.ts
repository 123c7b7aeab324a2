import type { LogLine } from '../../domain/contract/hq.ts';

/**
 * The one redaction of every sink: the program's output, the log on the disk, its exports, and the lines that go to HQ. It takes out what nobody meant to
 * write: card numbers, phone numbers, mail addresses, keys, tokens, PINs and codes. It rather takes too much: a long number that is none is a small loss. What
 * identifies our own things stays (UUIDs, times, addresses of the network). A name cannot be told from a word, so names are never given to a log at all.
 */
export function redactText(text: string): string {
  // From left to right, the first that fits: what is to stay goes before what looks like it.
  return text.replace(token, '/r/[token]').replace(said, '$1[redacted]').replace(telling, (found) => {
    if (uuid.test(found) || dateTime.test(found) || ipAddress(found)) return found;
    if (found.startsWith('sealed:')) return '[sealed]';
    if (/^(-----|otpauth:|\$argon2)/.test(found)) return '[key]';
    if (mailAddress.test(found)) return '[address]';
    if (looksLikeNumber.test(found)) return isPersonalNumber(found) ? '[number]' : found;
    return isKey(found) ? '[key]' : found.replace(digitRun, (digits) => (isPersonalNumber(digits) ? '[number]' : digits));
  });
}

/** Fields whose name says what they hold are not looked into. */
const secretNames =
  /^(phone|mobile|tel(ephone)?|e?mail|pan|card_?number|key|key_?hex|private_?key|token|secret|totp(_?secret)?|otp|one_?time_?code|recovery(_?code)?|auth_?code|payment_?code|password|pin|pin_?hash|form|customer|address|recipient|typed|barcode)$/i;

export function redactFields(fields: Readonly<Record<string, unknown>>): NonNullable<LogLine['fields']> {
  return Object.fromEntries(Object.entries(fields).slice(0, maxFields).flatMap(([name, value]) => {
    const clean = redactText(name).slice(0, 60);
    if (value === undefined) return [];
    return [[clean, secretNames.test(name) && value !== null ? '[redacted]' : redactValue(value)]];
  }));
}

const maxFields = 40;
const maxFieldText = 1000;

function redactValue(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return null;
    return isPersonalQuantity(value) ? '[number]' : value;
  }
  const text = (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, maxFieldText * 10);
  // Cut last: half a number must not slip through at the edge.
  return redactText(text).slice(0, maxFieldText);
}

/** A short number that is named as what it is. */
const said = /(\b(?:pin|totp|otp|passcode|password|one-time code|recovery code|cvv|cvc)\b\s*(?:is|was|[:=])?\s*["']?)[A-Za-z0-9-]*\d[A-Za-z0-9-]*/gi;
const mailSource = String.raw`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`;
const mailAddress = new RegExp(`^${mailSource}$`);
/** Who has it sees the customer's receipt. */
const token = /\/r\/[A-Za-z0-9_-]{16,}/g;
const digitRunSource = String.raw`(?:\+[ (]{0,2}|\()?\p{Nd}(?:[\s\-.()/]{0,3}\p{Nd}){6,}`;
const digitRun = new RegExp(digitRunSource, 'gu');
const looksLikeNumber = new RegExp(`^${digitRunSource}$`, 'u');
const uuidSource = String.raw`(?<![0-9a-fA-F])[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![0-9a-fA-F])`;
const uuid = new RegExp(`^${uuidSource}$`);
const dateTimeSource = String.raw`(?<!\d)20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?Z?)?(?![\d])`;
const dateTime = new RegExp(`^${dateTimeSource}$`);
const ipSource = String.raw`(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])`;

const telling = new RegExp([
  String.raw`-----BEGIN [A-Z ]*KEY-----[\s\S]*?(?:-----END [A-Z ]*KEY-----|$)`,
  String.raw`otpauth:\S+`, String.raw`\$argon2[a-z]*\$[^\s"']+`, mailSource,
  uuidSource, dateTimeSource, ipSource,
  String.raw`sealed:[A-Za-z0-9_-]+`,
  String.raw`[A-Za-z0-9+/_-]{32,}={0,2}`,
  // A secret of a TOTP, as Base32.
  String.raw`\b(?=[A-Z]*[2-7])[A-Z2-7]{16,}\b`,
  digitRunSource,
].join('|'), 'gu');

function ipAddress(text: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) && text.split('.').every((octet) => Number(octet) <= 255);
}

/** 16 bytes or more as hex, or 24 or more as base64; a path or a sentence in it is neither. */
function isKey(text: string): boolean {
  if (/[0-9a-fA-F]{32,}/.test(text) || /^[A-Z2-7]{16,}$/.test(text)) return true;
  return /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d|[+_]/.test(text);
}

/** Cards have 12 to 19 digits, phones with their country 7 to 15, Chinese mobiles 11. */
function isPersonalNumber(text: string): boolean {
  const digits = text.normalize('NFKC').replace(/\D/g, '');
  if (/^\d+$/.test(text) && isEpochMs(Number(digits)) && digits.length === 13) return false;
  return digits.length >= 10 || text.trimStart().startsWith('+');
}

/** Of a number that is one: amounts, bytes and times are long, too. */
function isPersonalQuantity(value: number): boolean {
  const digits = Math.abs(Math.trunc(value)).toFixed(0);
  if (digits.length === 11) return /^1[3-9]/.test(digits);
  return digits.length >= 12 && !isEpochMs(value);
}

/** Between 2020 and 2050. */
function isEpochMs(value: number): boolean {
  return value >= 1_577_000_000_000 && value <= 2_524_700_000_000;
}
