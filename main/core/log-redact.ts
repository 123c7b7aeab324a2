import type { LogLine } from '../../domain/contract/hq.ts';

/**
 * The one redaction of every sink: the program's output, the log on the disk, its exports, and the lines that go to HQ. It takes out what nobody meant to
 * write: card numbers, phone numbers, mail addresses, keys, tokens, PINs and codes. It rather takes too much: a long number that is none is a small loss. What
 * identifies our own things stays (UUIDs, times, addresses of the network). A name cannot be told from a word, so names are never given to a log at all.
 */
export function redactText(text: string): string {
  // From left to right, the first that fits: what is to stay goes before what looks like it.
  return text.replace(token, '/r/[token]').replace(said, '$1[redacted]').replace(telling, (found) => {
    if (ours.test(found)) return found;
    if (found.startsWith('sealed:')) return '[sealed]';
    if (/^(-----|otpauth:|\$argon2)/.test(found)) return '[key]';
    if (mailAddress.test(found)) return '[address]';
    if (looksLikeNumber.test(found)) return isPersonalNumber(found) ? '[number]' : found;
    return isKey(found) ? '[key]' : found.replace(withinWords, (part) => (!ours.test(part) && isPersonalNumber(part) ? '[number]' : part));
  });
}

/** Fields whose name says what they hold are not looked into. */
const secretNames =
  /^(phone|mobile|tel(ephone)?|e?mail|pan|card_?number|key|key_?hex|private_?key|token|secret|totp(_?secret)?|otp|one_?time_?code|recovery(_?code)?|auth_?code|payment_?code|password|pin|pin_?hash|passcode|cvv|cvc|form|customer|address|recipient|typed|barcode)$/i;

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
  const text = (typeof value === 'string' ? value : textOf(value)).slice(0, maxFieldText * 10);
  // Cut last: half a number must not slip through at the edge.
  return redactText(text).slice(0, maxFieldText);
}

/** As JSON, in which the same names say what they hold. Its texts are gone over before it escapes what stands between their digits. */
function textOf(value: unknown): string {
  let room = maxFieldText * 10;
  return JSON.stringify(value, (name, inner: unknown) => {
    if (secretNames.test(name) && inner !== null) return '[redacted]';
    if (typeof inner !== 'string') return inner;
    const text = inner.slice(0, room);
    room -= text.length;
    return redactText(text);
  }) ?? '';
}

// No pattern may go over the same letters again and again: each repetition that another one, or another beginning, could also take is bounded.
/** A short number that is named as what it is, in JSON too. */
const said = new RegExp(
  String.raw`((?:\b(?:pin|totp|otp|passcode|password|one-time code|recovery code|cvv|cvc)\b码?|密码|口令|验证码|恢复码)[\\"']{0,4}\s{0,8}(?:is|was|[:=：＝是为])?\s{0,8}[\\"'“]{0,4})[A-Za-z-]{0,64}\p{Nd}[A-Za-z\p{Nd}-]*`, 'giu');
const mailSource = String.raw`[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`;
const mailAddress = new RegExp(`^${mailSource}$`);
/** Who has it sees the customer's receipt. */
const token = /\/r\/[A-Za-z0-9_-]{16,}/g;

const uuidSource = String.raw`(?<![0-9a-fA-F])[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![0-9a-fA-F])`;
const dateTimeSource = String.raw`(?<!\d)20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?Z?)?(?!\d)`;
const octet = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|\d{1,2})`;
const ipSource = String.raw`(?<!\d|\d\.)${octet}(?:\.${octet}){3}(?!\d|\.\d)`;
/** What is ours, and stays. */
const ourSource = `${uuidSource}|${dateTimeSource}|${ipSource}`;
const ours = new RegExp(`^(?:${ourSource})$`);

/** Dashes, dots and signs that nobody sees (a zero-width space, the enclosing of a keycap) are put between digits as blanks are. A number ends where something of ours begins. */
const between = String.raw`[\s\p{Pd}\p{Cf}\p{M}\u2212_＿.．·•‧∙⋅・()（）/／]{0,3}`;
const digitRunSource = String.raw`(?:[+＋][ (]{0,2}|[(（])?(?!${ourSource})\p{Nd}(?:${between}(?!${ourSource})\p{Nd}){6,}`;
/** A path with an id in it is as long as a key. */
const withinWords = new RegExp(`${ourSource}|${digitRunSource}`, 'gu');
const looksLikeNumber = new RegExp(`^${digitRunSource}$`, 'u');

const telling = new RegExp([
  String.raw`-----BEGIN [A-Z ]*KEY-----[\s\S]*?(?:-----END [A-Z ]*KEY-----|$)`,
  String.raw`otpauth:\S+`, String.raw`\$argon2[a-z]*\$[^\s"']+`, mailSource,
  ourSource,
  String.raw`sealed:[A-Za-z0-9_-]+`,
  String.raw`[A-Za-z0-9+/_-]{32,}={0,2}`,
  // A secret of a TOTP, as Base32.
  String.raw`\b(?=[A-Z]*[2-7])[A-Z2-7]{16,}\b`,
  digitRunSource,
].join('|'), 'gu');

/** 16 bytes or more as hex, or 24 or more as base64; a path or a sentence in it is neither. */
function isKey(text: string): boolean {
  if (/[0-9a-fA-F]{32,}/.test(text) || /^[A-Z2-7]{16,}$/.test(text)) return true;
  return /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d|[+_]/.test(text);
}

/** Cards have 12 to 19 digits, phones with their country 7 to 15, Chinese mobiles 11. */
function isPersonalNumber(text: string): boolean {
  if (/^[(（]?\d{13}$/.test(text) && isEpochMs(Number(text.slice(-13)))) return false;
  return text.replace(/\P{Nd}/gu, '').length >= 10 || /^[+＋]/.test(text);
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
