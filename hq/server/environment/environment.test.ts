import { describe, expect, test } from 'vitest';
import { isLoopbackHost, readEnvironment } from './environment.ts';

const code = 'dev-code';

describe('the environment', () => {
  test('has safe defaults: loopback, sessions that end', () => {
    expect(readEnvironment({ DATA_FOLDER: '/data' })).toMatchObject({ host: '127.0.0.1', port: 24024, isLoopback: true, devAccount: undefined, sessionRules: { idleMs: 1_800_000, absoluteMs: 43_200_000 }, database: { kind: 'embedded', dataFolder: '/data' } });
  });

  test('takes a development account on loopback only, by a password that is one', () => {
    expect(readEnvironment({ DATA_FOLDER: '/data', HQ_DEV_ACCOUNT: 'dev:a-password-for:tests' }).devAccount).toEqual({ name: 'dev', password: 'a-password-for:tests' });
    expect(() => readEnvironment({ DATA_FOLDER: '/data', HOST: '0.0.0.0', HQ_DEV_ACCOUNT: 'dev:a-password-for-tests' })).toThrow(/HQ_DEV_ACCOUNT.*loopback/);
    for (const wrong of ['dev', 'dev:short', 'Dev:a-password-for-tests']) expect(() => readEnvironment({ DATA_FOLDER: '/data', HQ_DEV_ACCOUNT: wrong })).toThrow(/HQ_DEV_ACCOUNT/);
  });

  test('takes origins of the console, and refuses what is none', () => {
    expect(readEnvironment({ DATA_FOLDER: '/data', PUBLIC_ORIGIN: 'https://hq.example, https://hq.example:8443' }).publicOrigins).toEqual(['https://hq.example', 'https://hq.example:8443']);
    for (const wrong of ['hq.example', 'https://hq.example/', 'https://hq.example/x']) expect(() => readEnvironment({ DATA_FOLDER: '/data', PUBLIC_ORIGIN: wrong })).toThrow(/PUBLIC_ORIGIN/);
  });

  test('takes a development kiosk on loopback only', () => {
    expect(readEnvironment({ DATA_FOLDER: '/data', HQ_DEV_KIOSK: `kiosk-001:${code}` }).devKiosk).toEqual({ kioskId: 'kiosk-001', code });
    expect(() => readEnvironment({ DATA_FOLDER: '/data', HOST: '0.0.0.0', HQ_DEV_KIOSK: `kiosk-001:${code}` })).toThrow(/loopback/);
  });

  test('names each wrong variable and never its value', () => {
    const wrong = () => readEnvironment({ DATA_FOLDER: '/data', PORT: '99999', HQ_DEV_KIOSK: 'secret' });
    expect(wrong).toThrow(/PORT.*HQ_DEV_KIOSK/);
    expect(wrong).not.toThrow(/secret/);
    expect(() => readEnvironment({})).toThrow(/DATA_FOLDER.*DATABASE_URL/);
  });

  test('takes the names under which kiosks call HQ, and refuses what is none', () => {
    expect(readEnvironment({ DATA_FOLDER: '/data' }).publicAuthorities).toEqual([]);
    expect(readEnvironment({ DATA_FOLDER: '/data', PUBLIC_AUTHORITY: 'HQ.example, hq.example:8443,[::1]:80' }).publicAuthorities).toEqual(['hq.example', 'hq.example:8443', '[::1]:80']);
    for (const wrong of ['https://hq.example', 'hq.example/', 'a b']) expect(() => readEnvironment({ DATA_FOLDER: '/data', PUBLIC_AUTHORITY: wrong })).toThrow(/PUBLIC_AUTHORITY/);
  });

  test('believes no proxy unless it is named', () => {
    expect(readEnvironment({ DATA_FOLDER: '/data' }).trustedProxies).toEqual([]);
    expect(readEnvironment({ DATA_FOLDER: '/data', TRUSTED_PROXIES: 'loopback, 10.0.0.0/8, ::1' }).trustedProxies).toEqual(['loopback', '10.0.0.0/8', '::1']);
    for (const wrong of ['everyone', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/']) expect(() => readEnvironment({ DATA_FOLDER: '/data', TRUSTED_PROXIES: wrong })).toThrow(/TRUSTED_PROXIES/);
  });

  test('speaks TLS with a certificate and its key, never with one of them', () => {
    expect(readEnvironment({ DATA_FOLDER: '/data' }).tls).toBeUndefined();
    expect(readEnvironment({ DATA_FOLDER: '/data', TLS_CERT_FILE: '/c.pem', TLS_KEY_FILE: '/k.pem' }).tls).toEqual({ certFile: '/c.pem', keyFile: '/k.pem' });
    for (const name of ['TLS_CERT_FILE', 'TLS_KEY_FILE']) expect(() => readEnvironment({ DATA_FOLDER: '/data', [name]: '/x.pem' })).toThrow(/TLS_CERT_FILE and TLS_KEY_FILE/);
  });

  test('names the file of the signing key, where there is one', () => {
    expect(readEnvironment({ DATA_FOLDER: '/data', HQ_KEY_FILE: '/keys/hq.pem' }).hqKeyFile).toBe('/keys/hq.pem');
    expect(readEnvironment({ DATA_FOLDER: '/data' }).hqKeyFile).toBeUndefined();
  });

  test('prefers a given database', () => {
    expect(readEnvironment({ DATA_FOLDER: '/data', DATABASE_URL: 'postgres://hq@db/hq' }).database).toEqual({ kind: 'given', url: 'postgres://hq@db/hq' });
  });
});

test.each([['127.0.0.1', true], ['127.8.8.8', true], ['localhost', true], ['[::1]', true], ['::1', true], ['0.0.0.0', false], ['127.evil.example', false], ['192.168.1.5', false], ['localhost.evil.example', false]])(
  'whether %s is loopback: %s',
  (host, expected) => expect(isLoopbackHost(host)).toBe(expected),
);
