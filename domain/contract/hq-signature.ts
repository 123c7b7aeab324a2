/**
 * HTTP Message Signatures (RFC 9421) between kiosks and HQ, both ways: what is covered, in this order. Both sides sign with Ed25519 over exactly
 * these; a signature over less is wrong. `content-digest` (RFC 9530, sha-256) is of the body as it travels, compressed or empty.
 */
export const requestComponents = ['@method', '@authority', '@path', '@query', 'content-digest', 'counter24-session'] as const;
/** `counter24-nonce` repeats the request's nonce, so that an old answer cannot stand for a new one. */
export const responseComponents = ['@status', 'content-digest', 'counter24-nonce'] as const;

/** The session that HQ opened; `none` before there is one. */
export const sessionHeader = 'counter24-session';
export const noSession = 'none';
export const nonceHeader = 'counter24-nonce';

export const requestTag = 'counter24-kiosk';
export const responseTag = 'counter24-hq';
/** `keyid` of HQ's answers; a kiosk's is its kiosk id. */
export const hqKeyId = 'hq';

/** A request's nonce: how many this run of the kiosk has sent before, and random text. HQ takes each number of a session once. */
export function nonceOf(counter: number, random: string): string {
  return `${counter}.${random}`;
}

export function counterOf(nonce: string): number | undefined {
  const found = /^(\d{1,15})\.[\w-]{1,40}$/.exec(nonce);
  return found ? Number(found[1]) : undefined;
}
