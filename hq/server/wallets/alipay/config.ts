import type { KeyObject, X509Certificate } from 'node:crypto';
import { StartFailure } from '../../start-failure.ts';
import type { Variables, Warn } from '../adapter/key-files.ts';
import { checkDates, demand, isSameKey, readAddress, readCertificate, readFileOf, readNotifyUrl, readPrivateKey, readPublicKey } from '../adapter/key-files.ts';

export interface AlipayConfig {
  readonly appId: string;
  readonly privateKey: KeyObject;
  /** Alipay's, whom its answers and notifications must be signed by. */
  readonly alipayKey: KeyObject;
  /** Certificate mode (公钥证书): PEM of the application's, Alipay's and the roots. */
  readonly certificates: { readonly app: string; readonly alipay: string; readonly root: string } | undefined;
  readonly gateway: URL;
  readonly notifyUrl: string;
  readonly sellerId: string | undefined;
}

/** Undefined where ALIPAY_APP_ID is not set. Throws a StartFailure that names what is missing or does not fit together (the variables: ../config.ts). */
export function readAlipay(variables: Variables, now: number, warn: Warn): AlipayConfig | undefined {
  const appId = variables['ALIPAY_APP_ID'];
  if (!appId) return undefined;
  if (!/^\d{10,32}$/.test(appId)) throw new StartFailure('ALIPAY_APP_ID must be the application id, digits alone.');
  const mode = modeOf(variables);
  const set = demand(variables, 'ALIPAY_APP_ID', ['ALIPAY_KEY_FILE', ...mode, 'ALIPAY_NOTIFY_URL']);
  const privateKey = readPrivateKey('ALIPAY_KEY_FILE', set.ALIPAY_KEY_FILE);
  const gateway = readAddress('ALIPAY_GATEWAY', variables['ALIPAY_GATEWAY'] || 'https://openapi.alipay.com/gateway.do', 'https or loopback');
  const sellerId = variables['ALIPAY_SELLER_ID'] || undefined;
  if (sellerId !== undefined && !/^2088\d{12}$/.test(sellerId)) throw new StartFailure('ALIPAY_SELLER_ID must be 16 digits that begin with 2088.');
  const isCertificates = mode.length > 1;
  const alipayKey = isCertificates ? alipayCertificate(set.ALIPAY_PUBLIC_CERT_FILE, now, warn).publicKey : readPublicKey('ALIPAY_PUBLIC_KEY_FILE', set.ALIPAY_PUBLIC_KEY_FILE);
  // The commonest mistake of all: Alipay's page shows both.
  if (isSameKey(alipayKey, privateKey)) throw new StartFailure(`${isCertificates ? 'ALIPAY_PUBLIC_CERT_FILE' : 'ALIPAY_PUBLIC_KEY_FILE'} is the application's own; Alipay's is wanted, which its open platform shows beside it.`);
  return {
    appId, privateKey, alipayKey, gateway, sellerId, notifyUrl: readNotifyUrl('ALIPAY_NOTIFY_URL', set.ALIPAY_NOTIFY_URL, { wallet: 'alipay', gateway }),
    certificates: isCertificates ? readCertificates(set, privateKey, now, warn) : undefined,
  };
}

const certificateNames = ['ALIPAY_APP_CERT_FILE', 'ALIPAY_PUBLIC_CERT_FILE', 'ALIPAY_ROOT_CERT_FILE'] as const;
type Needed = 'ALIPAY_PUBLIC_KEY_FILE' | (typeof certificateNames)[number];

function modeOf(variables: Variables): readonly Needed[] {
  const hasCertificates = certificateNames.some((name) => variables[name]);
  if (hasCertificates && variables['ALIPAY_PUBLIC_KEY_FILE']) throw new StartFailure(`Set ALIPAY_PUBLIC_KEY_FILE or the three certificates (${certificateNames.join(', ')}), not both: an application has one way or the other.`);
  return hasCertificates ? certificateNames : ['ALIPAY_PUBLIC_KEY_FILE'];
}

function alipayCertificate(file: string, now: number, warn: Warn): X509Certificate {
  const certificate = readCertificate('ALIPAY_PUBLIC_CERT_FILE', file);
  checkDates('ALIPAY_PUBLIC_CERT_FILE', certificate, now, warn);
  return certificate;
}

function readCertificates(set: Readonly<Record<Needed, string>>, privateKey: KeyObject, now: number, warn: Warn): NonNullable<AlipayConfig['certificates']> {
  const app = readCertificate('ALIPAY_APP_CERT_FILE', set.ALIPAY_APP_CERT_FILE);
  checkDates('ALIPAY_APP_CERT_FILE', app, now, warn);
  if (!isSameKey(app.publicKey, privateKey)) throw new StartFailure('ALIPAY_APP_CERT_FILE and ALIPAY_KEY_FILE do not belong together: the certificate is of another key.');
  const root = readFileOf('ALIPAY_ROOT_CERT_FILE', set.ALIPAY_ROOT_CERT_FILE).toString('utf8');
  const roots = [...root.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)].map(([pem]) => pem);
  if (roots.length === 0) throw new StartFailure(`ALIPAY_ROOT_CERT_FILE: ${set.ALIPAY_ROOT_CERT_FILE} holds no certificate in PEM.`);
  return { app: app.toString(), alipay: readFileOf('ALIPAY_PUBLIC_CERT_FILE', set.ALIPAY_PUBLIC_CERT_FILE).toString('utf8'), root };
}
