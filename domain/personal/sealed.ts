/**
 * A customer's own words (a phone number, an address, a name) rest and travel sealed, each order's under a key of its own: who deletes the key
 * has shredded them in every table, event and copy at once, and no hash over the event changes.
 */
const prefix = 'sealed:';

/** Text of a sealed value: `sealed:<base64url of nonce, ciphertext and tag>` (AES-256-GCM, 12-byte nonce, 16-byte tag). */
export function sealedText(base64url: string): string {
  return prefix + base64url;
}

export function isSealed(value: string): boolean {
  return value.startsWith(prefix);
}

/** What was sealed, as base64url. */
export function sealedBytes(value: string): string {
  return value.slice(prefix.length);
}

/** Stands where the key is gone. */
export const shredded = '•••';
