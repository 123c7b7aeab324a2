import { Secret, TOTP } from 'otpauth';

const periodSeconds = 30;

/**
 * The step (RFC 6238, T = floor(time / 30 s)) whose code this is: now's, the one before or the one after; undefined where it is none of them.
 * @param secret base32
 * @param atMs HQ's time, as far as it is known: the phone goes by the right one
 */
export function stepOfCode(secret: string, code: string, atMs: number): number | undefined {
  const totp = new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: periodSeconds });
  const delta = totp.validate({ token: code, timestamp: atMs, window: 1 });
  return delta === null ? undefined : Math.floor(atMs / 1000 / periodSeconds) + delta;
}
