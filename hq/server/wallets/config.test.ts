import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StartFailure } from '../start-failure.ts';
import { vectorFile, vectorText } from './adapter/vectors.fixture.ts';
import { gatewaysHere, readWallets } from './config.ts';
import { walletNotifications } from './notifications.ts';

const now = () => Date.UTC(2026, 10, 24);
let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'wallets-')); });
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string | Buffer) => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};
const wechat = (more: Record<string, string | undefined> = {}) => ({
  WECHAT_PAY_MCHID: '1900000109', WECHAT_PAY_APPID: 'wxd678efh567hg6787', WECHAT_PAY_KEY_FILE: vectorFile('merchant-key.pem'), WECHAT_PAY_CERT_FILE: vectorFile('merchant-cert.pem'),
  WECHAT_PAY_APIV3_KEY: '0123456789abcdefghijklmnopqrstuv', WECHAT_PAY_PLATFORM_KEYS: `PUB_KEY_ID_0119=${vectorFile('platform-public.pem')}`, WECHAT_PAY_NOTIFY_URL: 'https://hq.example/notify/wechat', ...more,
});
const alipay = (more: Record<string, string | undefined> = {}) => ({
  ALIPAY_APP_ID: '2021000000000001', ALIPAY_KEY_FILE: vectorFile('app-key.pem'), ALIPAY_PUBLIC_KEY_FILE: vectorFile('alipay-public.pem'), ALIPAY_NOTIFY_URL: 'https://hq.example/notify/alipay', ...more,
});
const certificates = { ALIPAY_PUBLIC_KEY_FILE: undefined, ALIPAY_APP_CERT_FILE: vectorFile('app-cert.pem'), ALIPAY_PUBLIC_CERT_FILE: vectorFile('alipay-cert.pem'), ALIPAY_ROOT_CERT_FILE: vectorFile('root-cert.pem') };
const walletsOf = async (variables: Record<string, string | undefined>) => (await readWallets(variables, now)).map(({ wallet }) => wallet);
const failure = async (variables: Record<string, string | undefined>) => {
  try {
    await readWallets(variables, now);
  } catch (error) {
    if (error instanceof StartFailure) return error.message;
    throw error;
  }
  return 'none';
};

describe('what is right', () => {
  test('without any variable HQ takes no wallet; each is taken by itself, or both', async () => {
    expect(await Promise.all([walletsOf({}), walletsOf({ WECHAT_PAY_MCHID: '' }), walletsOf(wechat()), walletsOf(alipay()), walletsOf({ ...wechat(), ...alipay() })])).toEqual([[], [], ['wechat'], ['alipay'], ['wechat', 'alipay']]);
  });

  test('the serial may be given instead of the certificate, or with it, in letters of any size', async () => {
    expect(await walletsOf(wechat({ WECHAT_PAY_CERT_FILE: undefined, WECHAT_PAY_SERIAL: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1' }))).toEqual(['wechat']);
    expect(await walletsOf(wechat({ WECHAT_PAY_SERIAL: '5157f09efdc096de15ebe81a47057a7232f1b8e1' }))).toEqual(['wechat']);
  });

  test('the APIv3 key may lie in a file, with a line end after it', async () => {
    expect(await walletsOf(wechat({ WECHAT_PAY_APIV3_KEY: undefined, WECHAT_PAY_APIV3_KEY_FILE: write('apiv3', '0123456789abcdefghijklmnopqrstuv\r\n') }))).toEqual(['wechat']);
  });

  test("WeChat Pay's old certificate and its new public key may stand side by side; OpenSSL's leading zero is none of ours", async () => {
    const cert = vectorFile('platform-cert.pem');
    for (const first of [cert, `0FAB4E7E52B6F7A5F4F2F4F0F3D1F2B3C4D5E6F7=${cert}`, `FAB4E7E52B6F7A5F4F2F4F0F3D1F2B3C4D5E6F7=${cert}`]) {
      expect(await walletsOf(wechat({ WECHAT_PAY_PLATFORM_KEYS: `${first}, PUB_KEY_ID_0119=${vectorFile('platform-public.pem')}` }))).toEqual(['wechat']);
    }
  });

  test("Alipay's key may be PKCS#1, PKCS#8, or the bare base64 of either; its own public key bare as well", async () => {
    const bare = (name: string) => write(name, vectorText(name).replace(/-----[^-]+-----|\s/g, ''));
    for (const file of [vectorFile('app-key-pkcs1.pem'), bare('app-key.pem'), bare('app-key-pkcs1.pem')]) expect(await walletsOf(alipay({ ALIPAY_KEY_FILE: file }))).toEqual(['alipay']);
    expect(await walletsOf(alipay({ ALIPAY_PUBLIC_KEY_FILE: bare('alipay-public.pem') }))).toEqual(['alipay']);
    expect(await walletsOf(alipay(certificates))).toEqual(['alipay']);
  });

  test('a gateway on this machine may be spoken to over a plain line, and is told of', async () => {
    const here = { ...wechat({ WECHAT_PAY_BASE_URL: 'http://127.0.0.1:8080/', WECHAT_PAY_NOTIFY_URL: 'http://127.0.0.1:24024/notify/wechat' }), ...alipay({ ALIPAY_GATEWAY: 'http://localhost:8080/gateway.do', ALIPAY_NOTIFY_URL: 'http://127.0.0.1:24024/notify/alipay' }) };
    expect(await walletsOf(here)).toEqual(['wechat', 'alipay']);
    expect([gatewaysHere(here), gatewaysHere({ ...wechat(), ...alipay() })]).toEqual([['wechat', 'alipay'], []]);
  });
});

test('the paths of notifications that are taken are those that HQ serves, also behind a proxy that takes something off the front', async () => {
  const app = Fastify();
  const variables = { ...wechat(), ...alipay() };
  const gateways = await readWallets(variables, now);
  app.register(async (scope) => walletNotifications(scope, { sql: undefined as never, now, gateways }));
  await app.ready();
  expect([variables.WECHAT_PAY_NOTIFY_URL, variables.ALIPAY_NOTIFY_URL].map((url = '') => app.hasRoute({ method: 'POST', url: new URL(url).pathname }))).toEqual([true, true]);
  await app.close();
  expect(await walletsOf(alipay({ ALIPAY_NOTIFY_URL: 'https://example.com/counter24/notify/alipay' }))).toEqual(['alipay']);
});

describe('what is wrong is named', () => {
  test.each<[string, () => Record<string, string | undefined>, string]>([
    ['a wallet by half', () => ({ WECHAT_PAY_APPID: 'wx1' }), 'WECHAT_PAY_APPID is set, so HQ also needs WECHAT_PAY_MCHID.'],
    ['the other by half', () => ({ ALIPAY_KEY_FILE: '/x' }), 'ALIPAY_KEY_FILE is set, so HQ also needs ALIPAY_APP_ID.'],
    ['a merchant number alone', () => ({ WECHAT_PAY_MCHID: '1900000109' }), 'WECHAT_PAY_MCHID is set, so HQ also needs WECHAT_PAY_APPID, WECHAT_PAY_KEY_FILE, WECHAT_PAY_APIV3_KEY_FILE, WECHAT_PAY_PLATFORM_KEYS, WECHAT_PAY_NOTIFY_URL.'],
    ['no certificate and no serial', () => wechat({ WECHAT_PAY_CERT_FILE: undefined }), "WECHAT_PAY_MCHID is set, so HQ also needs WECHAT_PAY_CERT_FILE (the merchant's certificate) or WECHAT_PAY_SERIAL (its serial number)."],
    ['a merchant number with letters', () => wechat({ WECHAT_PAY_MCHID: '19000x' }), 'WECHAT_PAY_MCHID must be the merchant number, digits alone.'],
    ['a key file that is not there', () => wechat({ WECHAT_PAY_KEY_FILE: '/nowhere/key.pem' }), 'WECHAT_PAY_KEY_FILE: /nowhere/key.pem cannot be read (ENOENT).'],
    ['a serial that is not the certificate\'s', () => wechat({ WECHAT_PAY_SERIAL: '5157F09EFDC096DE15EBE81A47057A7232F1B8E2' }), 'WECHAT_PAY_SERIAL is not the serial number of the certificate in WECHAT_PAY_CERT_FILE, which is 5157F09EFDC096DE15EBE81A47057A7232F1B8E1.'],
    ["another's certificate", () => wechat({ WECHAT_PAY_CERT_FILE: vectorFile('app-cert.pem') }), 'WECHAT_PAY_CERT_FILE and WECHAT_PAY_KEY_FILE do not belong together: the certificate is of another key.'],
    ['an APIv3 key that is short', () => wechat({ WECHAT_PAY_APIV3_KEY: 'short' }), 'WECHAT_PAY_APIV3_KEY must hold 32 bytes, and holds 5.'],
    ['two APIv3 keys', () => wechat({ WECHAT_PAY_APIV3_KEY_FILE: '/x' }), 'Set WECHAT_PAY_APIV3_KEY or WECHAT_PAY_APIV3_KEY_FILE, not both.'],
    ["the merchant's own certificate for the platform's", () => wechat({ WECHAT_PAY_PLATFORM_KEYS: vectorFile('merchant-cert.pem') }), `WECHAT_PAY_PLATFORM_KEYS: ${vectorFile('merchant-cert.pem')} is the merchant's own; WeChat Pay's is wanted, which the merchant platform gives out.`],
    ["a platform certificate under another's serial", () => wechat({ WECHAT_PAY_PLATFORM_KEYS: `ABCDEF0123=${vectorFile('platform-cert.pem')}` }), `WECHAT_PAY_PLATFORM_KEYS: ABCDEF0123 is not the serial number of the certificate ${vectorFile('platform-cert.pem')}, which is 0FAB4E7E52B6F7A5F4F2F4F0F3D1F2B3C4D5E6F7.`],
    ['a public key under no id', () => wechat({ WECHAT_PAY_PLATFORM_KEYS: vectorFile('platform-public.pem') }), `WECHAT_PAY_PLATFORM_KEYS: ${vectorFile('platform-public.pem')} is no certificate in PEM.`],
    ['a plain line to the gateway', () => wechat({ WECHAT_PAY_BASE_URL: 'http://api.mch.weixin.qq.com/' }), 'WECHAT_PAY_BASE_URL must begin with https://: over a plain line only a gateway on this machine is spoken to.'],
    ['a plain line for notifications', () => wechat({ WECHAT_PAY_NOTIFY_URL: 'http://hq.example/notify/wechat' }), 'WECHAT_PAY_NOTIFY_URL must begin with https://: gateways notify nobody over a plain line.'],
    ['a plain line for notifications to another machine, from a gateway on this one', () => wechat({ WECHAT_PAY_BASE_URL: 'http://127.0.0.1:8080/', WECHAT_PAY_NOTIFY_URL: 'http://192.0.2.7/notify/wechat' }), 'WECHAT_PAY_NOTIFY_URL must begin with https://: gateways notify nobody over a plain line.'],
    ['a path for notifications that HQ does not serve', () => wechat({ WECHAT_PAY_NOTIFY_URL: 'https://hq.example/wechat' }), 'WECHAT_PAY_NOTIFY_URL must end in /notify/wechat: there HQ hears this gateway, and nowhere else.'],
    ["the other wallet's path for notifications", () => alipay({ ALIPAY_NOTIFY_URL: 'https://hq.example/notify/wechat' }), 'ALIPAY_NOTIFY_URL must end in /notify/alipay: there HQ hears this gateway, and nowhere else.'],
    ['a path for notifications with a slash at its end', () => alipay({ ALIPAY_NOTIFY_URL: 'https://hq.example/notify/alipay/' }), 'ALIPAY_NOTIFY_URL must end in /notify/alipay: there HQ hears this gateway, and nowhere else.'],
    ['notifications with a query', () => wechat({ WECHAT_PAY_NOTIFY_URL: 'https://hq.example/notify?x=1' }), 'WECHAT_PAY_NOTIFY_URL must have no query (nothing after a question mark): gateways refuse one.'],
    ['an application alone', () => ({ ALIPAY_APP_ID: '2021000000000001' }), 'ALIPAY_APP_ID is set, so HQ also needs ALIPAY_KEY_FILE, ALIPAY_PUBLIC_KEY_FILE, ALIPAY_NOTIFY_URL.'],
    ['one certificate of three', () => alipay({ ALIPAY_PUBLIC_KEY_FILE: undefined, ALIPAY_APP_CERT_FILE: vectorFile('app-cert.pem') }), 'ALIPAY_APP_ID is set, so HQ also needs ALIPAY_PUBLIC_CERT_FILE, ALIPAY_ROOT_CERT_FILE.'],
    ['a public key and certificates', () => alipay({ ...certificates, ALIPAY_PUBLIC_KEY_FILE: vectorFile('alipay-public.pem') }), 'Set ALIPAY_PUBLIC_KEY_FILE or the three certificates (ALIPAY_APP_CERT_FILE, ALIPAY_PUBLIC_CERT_FILE, ALIPAY_ROOT_CERT_FILE), not both: an application has one way or the other.'],
    ["the application's public key for Alipay's", () => alipay({ ALIPAY_PUBLIC_KEY_FILE: vectorFile('app-public.pem') }), "ALIPAY_PUBLIC_KEY_FILE is the application's own; Alipay's is wanted, which its open platform shows beside it."],
    ["another's application certificate", () => alipay({ ...certificates, ALIPAY_APP_CERT_FILE: vectorFile('root-cert.pem') }), 'ALIPAY_APP_CERT_FILE and ALIPAY_KEY_FILE do not belong together: the certificate is of another key.'],
    ['a private key where a public one is wanted', () => alipay({ ALIPAY_PUBLIC_KEY_FILE: vectorFile('alipay-key.pem') }), `ALIPAY_PUBLIC_KEY_FILE: ${vectorFile('alipay-key.pem')} is a private key, and a public one is wanted.`],
    ['a seller that is none', () => alipay({ ALIPAY_SELLER_ID: '12' }), 'ALIPAY_SELLER_ID must be 16 digits that begin with 2088.'],
  ])('%s', async (_what, variables, words) => {
    expect(await failure(variables())).toBe(words);
  });

  test('a key that is no key, of another kind, or too short; and what the file holds is not repeated', async () => {
    const secret = 'c2VjcmV0IHRoYXQgaXMgbm8ga2V5';
    expect(await failure(wechat({ WECHAT_PAY_KEY_FILE: write('a', secret) }))).toBe(`WECHAT_PAY_KEY_FILE: ${join(folder, 'a')} holds no private key in PEM.`);
    copyFileSync(vectorFile('merchant-public.pem'), join(folder, 'b'));
    expect(await failure(wechat({ WECHAT_PAY_KEY_FILE: join(folder, 'b') }))).toBe(`WECHAT_PAY_KEY_FILE: ${join(folder, 'b')} holds no private key in PEM.`);
    expect(await failure(alipay({ ALIPAY_KEY_FILE: write('c', generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })) }))).toBe(`ALIPAY_KEY_FILE: ${join(folder, 'c')} holds a private key of ed25519, and RSA is wanted.`);
    expect(await failure(alipay({ ALIPAY_KEY_FILE: write('d', generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' })) }))).toBe(`ALIPAY_KEY_FILE: ${join(folder, 'd')} holds an RSA key of fewer than 2048 bits.`);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe(secret);
  });
});

test('a certificate that has ended or ends soon is told of, and keeps nobody from paying by other ways', async () => {
  const said = async (variables: Record<string, string | undefined>, at: () => number) => {
    const words: string[] = [];
    const wallets = await readWallets(variables, at, (one) => words.push(one));
    return [wallets.length, ...words.map((one) => one.replace(vectorFile('platform-cert.pem'), '…'))];
  };
  const withCertificate = wechat({ WECHAT_PAY_PLATFORM_KEYS: vectorFile('platform-cert.pem') });
  expect(await said(withCertificate, now)).toEqual([1]);
  expect(await said(withCertificate, () => Date.UTC(2126, 9, 20))).toEqual([1, 'WECHAT_PAY_CERT_FILE: the certificate ends on 2126-10-30. Renew it before.', 'WECHAT_PAY_PLATFORM_KEYS (…): the certificate ends on 2126-10-30. Renew it before.']);
  expect(await said(alipay(certificates), () => Date.UTC(2226, 0, 1))).toEqual([1, 'ALIPAY_PUBLIC_CERT_FILE: the certificate ended on 2126-10-30, and must be renewed.', 'ALIPAY_APP_CERT_FILE: the certificate ended on 2126-10-30, and must be renewed.']);
  expect(await said(alipay(certificates), () => Date.UTC(2020, 0, 1))).toEqual([1, 'ALIPAY_PUBLIC_CERT_FILE: the certificate begins only on 2026-11-23.', 'ALIPAY_APP_CERT_FILE: the certificate begins only on 2026-11-23.']);
});
