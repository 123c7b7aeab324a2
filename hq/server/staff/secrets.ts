import { createHash, randomBytes, randomInt } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { staffCardPrefix } from '../../../domain/scan/scanned-code.ts';
import { recoveryCodeText } from '../../../domain/staff/codes.ts';
import { hashArgon2 } from '../people/argon2.ts';

/** At a cost which a kiosk's machine does in a tenth of a second as well. */
export const hashPin = hashArgon2;

/** Why a PIN will not do; undefined where it does. What everybody tries first is refused: one digit, runs, repeats, days, the own number. */
export function pinFault(pin: string, number: string): 'length' | 'trivial' | undefined {
  if (!/^\d{6,12}$/.test(pin)) return 'length';
  const digits = [...pin].map(Number);
  const steps = new Set(digits.slice(1).map((digit, index) => (digit - digits[index]! + 10) % 10));
  const isPattern = steps.size === 1 || /^(\d{1,3})\1+$/.test(pin) || [...pin].toReversed().join('') === pin;
  const isDay = /^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(pin) || /^\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(pin);
  return isPattern || isDay || pin.includes(number) || new Set(digits).size < 3 ? 'trivial' : undefined;
}

/** 160 bits (RFC 4226, 4), in base32. */
export function makeTotpSecret(): string {
  return new Secret({ buffer: Uint8Array.from(randomBytes(20)).buffer }).base32;
}

export function totpUri(secret: string, number: string): string {
  return totpOf(secret, number).toString();
}

/** Whether it is the code of now, or of the half minute before or after: phones' clocks differ. */
export function isTotpCode(secret: string, code: string, now: number): boolean {
  return totpOf(secret, '').validate({ token: code.replaceAll(/[\s-]/g, ''), timestamp: now, window: 1 }) !== null;
}

function totpOf(secret: string, label: string): TOTP {
  return new TOTP({ issuer: 'Counter24 kiosk', label, algorithm: 'SHA1', digits: 6, period: 30, secret: Secret.fromBase32(secret) });
}

/** Without what is mistaken for one another when read off paper; 32 letters are 5 bits each. */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** Ten codes of 80 bits, and their hashes as kiosks know them (domain/staff/codes.ts). */
export function makeRecoveryCodes(): { readonly codes: readonly string[]; readonly hashes: readonly string[] } {
  const codes = Array.from({ length: 10 }, () => Array.from({ length: 16 }, (_, at) => `${at > 0 && at % 4 === 0 ? '-' : ''}${alphabet[randomInt(alphabet.length)]}`).join(''));
  return { codes, hashes: codes.map((code) => sha256(recoveryCodeText(code) ?? '')) };
}

/** What a staff card's QR code says, and the hash of what stands behind its prefix. 128 random bits. */
export function makeCard(): { readonly text: string; readonly hash: string } {
  const id = randomBytes(16).toString('hex');
  return { text: `${staffCardPrefix}${id}`, hash: sha256(id) };
}

/** 192 random bits for a link. */
export function makeToken(): { readonly token: string; readonly hash: string } {
  const token = randomBytes(24).toString('base64url');
  return { token, hash: sha256(token) };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
