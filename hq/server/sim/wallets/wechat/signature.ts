import { X509Certificate, createCipheriv, createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Request } from '../http.ts';
import { header } from '../http.ts';
import type { GatewayKeys } from '../keys.ts';
import type { Sealing } from '../notices.ts';
import type { PlatformKey } from '../script.ts';

export interface WechatSignatures {
  /** Undefined where the request is signed by our merchant and is not stale, otherwise why not. */
  findFault(request: Request): string | undefined;
  /** The headers that sign a body; what is to be tampered with is changed after that (docs, "应答和通知的签名"): timestamp, nonce and body, a line end after each. `wanted`: a key's id, from the request's Wechatpay-Serial. */
  signedHeaders(body: string, sealing: Sealing, wanted?: string): Record<string, string>;
  /** A notification's resource, or a certificate: AES-256-GCM with the APIv3 key, the tag in the last 16 bytes. */
  encrypt(text: string, associatedData: string): { readonly ciphertext: string; readonly nonce: string; readonly associated_data: string };
}

const scheme = 'WECHATPAY2-SHA256-RSA2048';
const maximumAgeMs = 300_000;

export function createWechatSignatures({ keys, now, platformKey }: { readonly keys: GatewayKeys['wechat']; readonly now: () => number; readonly platformKey: () => PlatformKey | undefined }): WechatSignatures {
  const merchantKey = new X509Certificate(keys.merchant.certificate).publicKey;
  const platform: Readonly<Record<PlatformKey, { readonly id: string; readonly key: KeyObject }>> = {
    public_key: { id: keys.publicKey.id, key: createPrivateKey(keys.publicKey.privateKey) },
    certificate: { id: keys.certificate.serial, key: createPrivateKey(keys.certificate.privateKey) },
  };
  const foreignKey = createPrivateKey(keys.foreign.privateKey);
  // A key whose public half HQ has under this name must exist, so that a wrong start fails here and not at the first answer.
  createPublicKey(keys.publicKey.publicKey);

  return {
    findFault(request) {
      const [given, fields = ''] = (header(request, 'authorization') ?? '').split(/ (.*)/s);
      if (given !== scheme) return 'Http头Authorization认证类型不正确';
      const parts = new Map([...fields.matchAll(/(?:^|,)\s*([a-z_]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
      const [mchid, nonce, timestamp, serial, signature] = ['mchid', 'nonce_str', 'timestamp', 'serial_no', 'signature'].map((name) => parts.get(name) ?? '');
      if (!mchid || !nonce || !timestamp || !serial || !signature) return 'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》';
      if (mchid !== keys.mchid) return '商户号不存在';
      if (serial.toUpperCase() !== keys.merchant.serial) return '商户证书序列号有误';
      if (!/^\d{10}$/.test(timestamp) || Math.abs(now() - Number(timestamp) * 1000) > maximumAgeMs) return 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟';
      const message = `${request.method}\n${request.target}\n${timestamp}\n${nonce}\n${request.body}\n`;
      return verify('sha256', Buffer.from(message, 'utf8'), merchantKey, Buffer.from(signature, 'base64')) ? undefined : '错误的签名，验签失败';
    },
    signedHeaders(body, { isUnsigned, isForeign, isStale }, wanted) {
      if (isUnsigned) return {};
      const forced = platformKey();
      const { id, key } = forced ? platform[forced] : (Object.values(platform).find((candidate) => candidate.id === wanted) ?? platform.public_key);
      const timestamp = String(Math.floor(now() / 1000) - (isStale ? 600 : 0));
      const nonce = randomBytes(16).toString('hex').toUpperCase();
      const signature = sign('sha256', Buffer.from(`${timestamp}\n${nonce}\n${body}\n`, 'utf8'), isForeign ? foreignKey : key);
      return {
        'Wechatpay-Timestamp': timestamp,
        'Wechatpay-Nonce': nonce,
        'Wechatpay-Signature': signature.toString('base64'),
        'Wechatpay-Signature-Type': scheme,
        'Wechatpay-Serial': id,
      };
    },
    encrypt(text, associatedData) {
      // 12 characters, as the documents' examples.
      const nonce = randomBytes(6).toString('hex');
      const cipher = createCipheriv('aes-256-gcm', Buffer.from(keys.apiV3Key, 'utf8'), Buffer.from(nonce, 'utf8')).setAAD(Buffer.from(associatedData, 'utf8'));
      const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
      return { ciphertext, nonce, associated_data: associatedData };
    },
  };
}
