import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startHqProcess } from '../../testing/process-rig.ts';
import { temporaryFolder } from '../../testing/database.ts';
import { vectorFile, vectorText } from './vectors.fixture.ts';

const apiv3Key = '0123456789abcdefghijklmnopqrstuv';
const wallets = {
  WECHAT_PAY_MCHID: '1900000109', WECHAT_PAY_APPID: 'wxd678efh567hg6787', WECHAT_PAY_KEY_FILE: vectorFile('merchant-key.pem'), WECHAT_PAY_CERT_FILE: vectorFile('merchant-cert.pem'), WECHAT_PAY_APIV3_KEY: apiv3Key,
  WECHAT_PAY_PLATFORM_KEYS: `PUB_KEY_ID_0119=${vectorFile('platform-public.pem')}`, WECHAT_PAY_NOTIFY_URL: 'http://127.0.0.1:9/notify/wechat', WECHAT_PAY_BASE_URL: 'http://127.0.0.1:9/',
  ALIPAY_APP_ID: '2021000000000001', ALIPAY_KEY_FILE: vectorFile('app-key.pem'), ALIPAY_PUBLIC_KEY_FILE: vectorFile('alipay-public.pem'), ALIPAY_NOTIFY_URL: 'https://hq.example/notify/alipay',
};

test('a wallet whose keys do not fit together keeps HQ from starting, with one sentence that names what is wrong', async () => {
  const hq = startHqProcess({ DATA_FOLDER: '/nowhere', ...wallets, WECHAT_PAY_CERT_FILE: vectorFile('app-cert.pem') });
  expect(await hq.exited).toMatchObject({ code: 1, stdout: '', stderr: 'HQ: WECHAT_PAY_CERT_FILE and WECHAT_PAY_KEY_FILE do not belong together: the certificate is of another key.\n' });
}, 20_000);

test('HQ with wallets says which it takes and that one is for trying, hears notifications that are signed and no others, and logs no key', async () => {
  const dataFolder = await temporaryFolder();
  const hq = startHqProcess({ DATA_FOLDER: dataFolder, PORT: '0', LOG_LEVEL: 'trace', ...wallets });
  try {
    const url = await hq.ready;
    const notify = (wallet: string, body: string, type: string) => fetch(`${url}/notify/${wallet}`, { method: 'POST', headers: { 'content-type': type }, body }).then(({ status }) => status);
    expect(await notify('wechat', '{"id":"EV-1"}', 'application/json')).toBeGreaterThanOrEqual(400);
    expect(await notify('alipay', vectorText('alipay-notification.form').replace('%35%30%2e', '%39%30%2e'), 'application/x-www-form-urlencoded')).toBeGreaterThanOrEqual(400);
  } finally {
    await hq.stop();
    await rm(dataFolder, { recursive: true, force: true });
  }
  const { code, stderr } = await hq.exited;
  expect(code).toBe(0);
  expect(stderr).toContain('"wallets":["wechat","alipay"],"msg":"wallets are taken"');
  expect(stderr).toContain('"wallets":["wechat"],"msg":"WALLETS ARE PAID AT A GATEWAY ON THIS MACHINE: no money moves"');
  for (const secret of [apiv3Key, ...[vectorText('merchant-key.pem'), vectorText('app-key.pem')].map((pem) => pem.split('\n')[2] ?? '')]) expect(stderr).not.toContain(secret);
}, 60_000);
