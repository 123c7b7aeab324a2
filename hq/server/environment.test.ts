import { describe, expect, test } from 'vitest';
import { isLoopbackHost, readEnvironment } from './environment.ts';

const token = '0123456789abcdef';

describe('the environment', () => {
  test('has safe defaults: loopback, the console for this machine alone', () => {
    expect(readEnvironment({ DATA_FOLDER: '/data' })).toMatchObject({ host: '127.0.0.1', port: 24024, isLoopback: true, console: 'served', database: { kind: 'embedded', dataFolder: '/data' } });
  });

  test('withholds the console beyond loopback unless told by a word of its own', () => {
    expect(readEnvironment({ DATA_FOLDER: '/data', HOST: '0.0.0.0' }).console).toBe('withheld');
    expect(readEnvironment({ DATA_FOLDER: '/data', HOST: '0.0.0.0', CONSOLE_WITHOUT_LOGIN: 'yes' }).console).toBe('served');
  });

  test('takes a development kiosk on loopback only', () => {
    expect(readEnvironment({ DATA_FOLDER: '/data', HQ_DEV_KIOSK: `kiosk-001:${token}` }).devKiosk).toEqual({ kioskId: 'kiosk-001', token });
    expect(() => readEnvironment({ DATA_FOLDER: '/data', HOST: '0.0.0.0', HQ_DEV_KIOSK: `kiosk-001:${token}` })).toThrow(/loopback/);
  });

  test('names each wrong variable and never its value', () => {
    const wrong = () => readEnvironment({ DATA_FOLDER: '/data', PORT: '99999', HQ_DEV_KIOSK: 'secret' });
    expect(wrong).toThrow(/PORT.*HQ_DEV_KIOSK/);
    expect(wrong).not.toThrow(/secret/);
    expect(() => readEnvironment({})).toThrow(/DATA_FOLDER.*DATABASE_URL/);
  });

  test('prefers a given database', () => {
    expect(readEnvironment({ DATA_FOLDER: '/data', DATABASE_URL: 'postgres://hq@db/hq' }).database).toEqual({ kind: 'given', url: 'postgres://hq@db/hq' });
  });
});

test.each([['127.0.0.1', true], ['127.8.8.8', true], ['localhost', true], ['[::1]', true], ['::1', true], ['0.0.0.0', false], ['127.evil.example', false], ['192.168.1.5', false], ['localhost.evil.example', false]])(
  'whether %s is loopback: %s',
  (host, expected) => expect(isLoopbackHost(host)).toBe(expected),
);
