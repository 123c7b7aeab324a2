import { generateKeyPairSync, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { selfSignedCertificate } from './x509.ts';

const pem = z.string().startsWith('-----BEGIN ');
const keysSchema = z.strictObject({
  wechat: z.strictObject({
    mchid: z.string(),
    appid: z.string(),
    /** 32 bytes of ASCII, known to both. */
    apiV3Key: z.string().length(32),
    merchant: z.strictObject({ serial: z.string(), privateKey: pem, certificate: pem }),
    /** "WeChat Pay public key" mode: what new merchants get. */
    publicKey: z.strictObject({ id: z.string().startsWith('PUB_KEY_ID_'), privateKey: pem, publicKey: pem }),
    /** "Platform certificate" mode. Both at once is what a merchant sees while it moves from one to the other. */
    certificate: z.strictObject({ serial: z.string(), privateKey: pem, certificate: pem }),
    /** Signs where a script wants a signature by a key that is not the gateway's. */
    foreign: z.strictObject({ privateKey: pem }),
  }),
  alipay: z.strictObject({
    appId: z.string(),
    sellerId: z.string(),
    appPrivateKey: pem,
    appPublicKey: pem,
    alipayPrivateKey: pem,
    alipayPublicKey: pem,
  }),
});

/** Everything that both sides of both gateways need, as PEM. What a merchant has, and what the gateway has, stand here together: it is for one machine and no money. */
export type GatewayKeys = z.infer<typeof keysSchema>;

/** Makes a whole set; takes about a second, so tests share one. */
export function makeKeys(now: number = Date.now()): GatewayKeys {
  const merchant = certified('counter24 loopback merchant', now);
  const platform = certified('Tenpay.com loopback platform', now);
  const publicKey = pair();
  const app = pair();
  const alipay = pair();
  return {
    wechat: {
      mchid: `19${digits(8)}`,
      appid: `wx${randomBytes(8).toString('hex')}`,
      apiV3Key: randomBytes(16).toString('hex'),
      merchant,
      publicKey: { id: `PUB_KEY_ID_0${digits(31)}`, privateKey: publicKey.privatePem, publicKey: publicKey.publicPem },
      certificate: platform,
      foreign: { privateKey: pair().privatePem },
    },
    alipay: {
      appId: `2021${digits(12)}`,
      sellerId: `2088${digits(12)}`,
      appPrivateKey: app.privatePem,
      appPublicKey: app.publicPem,
      alipayPrivateKey: alipay.privatePem,
      alipayPublicKey: alipay.publicPem,
    },
  };
}

/** The set that lies in a folder, made at the first time, readable by its owner alone. @throws where the file is there and is no such set */
export function loadKeys(folder: string): GatewayKeys {
  const file = path.join(folder, 'loopback-keys.json');
  if (fs.existsSync(file)) {
    const read = keysSchema.safeParse(parse(fs.readFileSync(file, 'utf8')));
    if (!read.success) throw new Error(`${file} is no set of loopback keys: remove it, and a new one is made.`);
    return read.data;
  }
  const keys = makeKeys();
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeSecret(file, `${JSON.stringify(keys, null, 2)}\n`);
  return keys;
}

/**
 * The merchant's half, as files in `folder`, and the environment by which HQ finds them: what a person gets from the real gateways' sites, for these ones.
 * `hqUrl`: where HQ hears notifications.
 */
export function merchantEnvironment({ keys, folder, gatewayUrl, hqUrl }: { readonly keys: GatewayKeys; readonly folder: string; readonly gatewayUrl: string; readonly hqUrl: string }): Record<string, string> {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (name: string, text: string): string => {
    writeSecret(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const { wechat, alipay } = keys;
  return {
    WECHAT_PAY_MCHID: wechat.mchid,
    WECHAT_PAY_APPID: wechat.appid,
    WECHAT_PAY_KEY_FILE: file('apiclient_key.pem', wechat.merchant.privateKey),
    WECHAT_PAY_CERT_FILE: file('apiclient_cert.pem', wechat.merchant.certificate),
    WECHAT_PAY_APIV3_KEY_FILE: file('apiv3_key.txt', `${wechat.apiV3Key}\n`),
    WECHAT_PAY_PLATFORM_KEYS: [
      `${wechat.publicKey.id}=${file('wechat_pub_key.pem', wechat.publicKey.publicKey)}`,
      `${wechat.certificate.serial}=${file('wechat_platform_cert.pem', wechat.certificate.certificate)}`,
    ].join(','),
    WECHAT_PAY_NOTIFY_URL: new URL('/notify/wechat', hqUrl).href,
    WECHAT_PAY_BASE_URL: new URL('/', gatewayUrl).href,
    ALIPAY_APP_ID: alipay.appId,
    ALIPAY_KEY_FILE: file('alipay_app_key.pem', alipay.appPrivateKey),
    ALIPAY_PUBLIC_KEY_FILE: file('alipay_public_key.pem', alipay.alipayPublicKey),
    ALIPAY_NOTIFY_URL: new URL('/notify/alipay', hqUrl).href,
    ALIPAY_GATEWAY: new URL('/gateway.do', gatewayUrl).href,
    ALIPAY_SELLER_ID: alipay.sellerId,
  };
}

function certified(commonName: string, now: number): { serial: string; privateKey: string; certificate: string } {
  const { privateKey, publicKey, privatePem } = pair();
  const { pem: certificate, serial } = selfSignedCertificate({ privateKey, publicKey, commonName, from: now - 86_400_000, until: now + 5 * 365 * 86_400_000 });
  return { serial, privateKey: privatePem, certificate };
}

function pair() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    privateKey,
    publicKey,
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

function digits(count: number): string {
  return Array.from(randomBytes(count), (byte) => String(byte % 10)).join('');
}

function writeSecret(file: string, text: string): void {
  // Whole or not at all: a half-written set would be refused at the next start.
  fs.writeFileSync(`${file}.new`, text, { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
