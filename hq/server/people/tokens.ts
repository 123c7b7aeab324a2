import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits as 43 characters of base64url. Shown once: HQ keeps `hashToken` of it. */
export function makeToken(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256, without salt or stretching: what it is of holds 256 random bits, so there is nothing to guess. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Takes as long for a near miss as for a far one. */
export function isSameSecret(a: string, b: string): boolean {
  return timingSafeEqual(hashToken(a), hashToken(b));
}
