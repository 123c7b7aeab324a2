import { expect, test } from 'vitest';
import { createAsker } from './ask.ts';
import type { GatewayUnknown } from './gateway.ts';
import { createScriptedGateway } from './testing/scripted-gateway.ts';

const now = () => 1_800_000_000_000;
const unbelieved: GatewayUnknown = { kind: 'unknown', detail: 'the gateway answered, and its signature is wrong' };

test('a gateway whose answers nobody can believe is one that customers are not sent to, once it was about more than one payment', async () => {
  const asker = createAsker({ gateways: [createScriptedGateway({ now })], now });
  const ask = (subject: string) => asker.ask('wechat', async () => unbelieved, subject);
  for (let times = 0; times < 20; times++) await ask('one');
  expect(asker.stateOf('wechat')).toBe('ready');
  await ask('two');
  expect(asker.stateOf('wechat')).toBe('away');
  // Any answer brings it back, also to a question about nobody's payment.
  await asker.probe('wechat');
  expect(asker.stateOf('wechat')).toBe('ready');
  for (const subject of ['one', 'two', 'one']) await ask(subject);
  expect(asker.stateOf('wechat')).toBe('ready');
});

test('what a gateway throws is told in words without a payment code', async () => {
  const asker = createAsker({ gateways: [createScriptedGateway({ now })], now });
  const answer = await asker.ask('wechat', () => Promise.reject(new Error('auth_code=134567890123456789 is wrong')), 'one');
  expect(answer).toMatchObject({ kind: 'unknown', detail: 'auth_code=… is wrong' });
});
