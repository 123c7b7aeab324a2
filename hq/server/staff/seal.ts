import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Signer } from '../down/publish.ts';

export interface Seal {
  /** @param about what it belongs to: sealed for one, it opens for no other */
  readonly seal: (plain: string, about: string) => string;
  readonly open: (sealed: string, about: string) => string;
}

/**
 * AES-256-GCM by a key that is made of HQ's signing key: who has a copy of the database alone has no secret of theirs. The signing key gives away nothing
 * but signatures; Ed25519 makes the same one of the same text each time (RFC 8032, 5.1.6), and this text is signed nowhere else, so the signature is a secret
 * that every HQ process with the same key file has.
 */
export function createSeal(signer: Signer): Seal {
  const key = Buffer.from(hkdfSync('sha256', signer.sign('counter24 staff secrets, sealed at rest, 1'), '', 'counter24 staff secrets', 32));
  return {
    seal: (plain, about) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about, 'utf8'));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    open: (sealed, about) => {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(about, 'utf8'));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    },
  };
}
