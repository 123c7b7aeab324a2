import { createHash, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** An Ed25519 public key in its forms: SPKI (DER) is what is stored and compared, base64 of it is what travels. */
export interface PublicKey {
  readonly key: KeyObject;
  readonly spki: Buffer;
  /** SHA-256 of the SPKI, hex. */
  readonly fingerprint: string;
}

/** @returns undefined for what is no Ed25519 public key in SPKI */
export function readPublicKey(spki: Uint8Array): PublicKey | undefined {
  try {
    return publicKeyOf(createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }));
  } catch {
    return undefined;
  }
}

/** Takes base64 of the SPKI, as it travels. */
export function decodePublicKey(text: string): PublicKey | undefined {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? readPublicKey(Buffer.from(text, 'base64')) : undefined;
}

/** From a public key or a private one. */
export function publicKeyOf(key: KeyObject): PublicKey | undefined {
  if (key.asymmetricKeyType !== 'ed25519') return undefined;
  const open = key.type === 'private' ? createPublicKey(key) : key;
  const spki = open.export({ format: 'der', type: 'spki' });
  return { key: open, spki, fingerprint: createHash('sha256').update(spki).digest('hex') };
}
