import { createDecipheriv, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** Older or newer than this, and an answer or notification is not believed (APIv3, 签名验证). */
export const clockToleranceMs = 300_000;

export type Headers = Readonly<Record<string, string | undefined>>;

/** Who says so: the platform's public keys, and the clock. */
export interface Verifier {
  readonly platformKeys: ReadonlyMap<string, KeyObject>;
  readonly now: () => number;
}

/**
 * Whether WeChat Pay has signed these bytes a moment ago: `timestamp\nnonce\nbody\n`, RSA-SHA256. Undefined where it has; else why not, for people.
 * Headers by their names in small letters.
 */
export function whyUnverified({ platformKeys, now }: Verifier, headers: Headers, body: Buffer): string | undefined {
  const { 'wechatpay-timestamp': timestamp, 'wechatpay-nonce': nonce, 'wechatpay-serial': serial, 'wechatpay-signature': signature } = headers;
  if (!timestamp || !nonce || !serial || !signature) return 'it is not signed';
  if (!/^\d{1,12}$/.test(timestamp)) return 'its timestamp is none';
  if (Math.abs(now() - Number(timestamp) * 1000) > clockToleranceMs) return 'its timestamp is more than 5 minutes from our clock';
  const key = platformKeys.get(serial) ?? platformKeys.get(serial.toUpperCase());
  if (!key) return 'it is signed with a key that WECHAT_PAY_PLATFORM_KEYS does not name (has WeChat Pay changed its own?)';
  const message = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')]);
  return verify('RSA-SHA256', message, key, Buffer.from(signature, 'base64')) ? undefined : 'its signature is wrong';
}

/** AEAD_AES_256_GCM: the last 16 bytes are the tag. Undefined where it was not sealed with this key. */
export function unseal(apiv3Key: Buffer, sealed: { readonly ciphertext: string; readonly nonce: string | Buffer; readonly associatedData: string | Buffer }): Buffer | undefined {
  const bytes = Buffer.from(sealed.ciphertext, 'base64');
  if (bytes.length < 16) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', apiv3Key, sealed.nonce, { authTagLength: 16 });
    decipher.setAAD(typeof sealed.associatedData === 'string' ? Buffer.from(sealed.associatedData) : sealed.associatedData);
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]);
  } catch {
    return undefined;
  }
}
