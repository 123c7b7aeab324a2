import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventKind } from '../../../domain/contract/hq.ts';
import { money } from '../../../domain/money.ts';
import type { ApiAnswer } from '../../contract/api/route.ts';
import type { listOpenWallets } from '../../contract/api/wallets.ts';
import { housekeeping } from '../jobs/housekeeping.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import { createStory } from '../testing/story.ts';
import { createWalletEngine } from './engine.ts';
import { askRefund } from './refunds.ts';
import { createScriptedGateway } from './testing/scripted-gateway.ts';
import { beginRequest, newId } from './testing/wallet-rig.ts';

let postgres: TestPostgres;
beforeAll(async () => { postgres = await startTestPostgres(); }, 60_000);
afterAll(() => postgres?.stop());

test.each(['whole', 'part', 'service'] as const)('a kiosk’s refund (%s) that its gateway refused waits at HQ until somebody has decided about it at the kiosk, and no longer', async (what) => {
  const at = testNow;
  const database = await postgres.createDatabase();
  const { sql } = database;
  const hq = await startTestHq(database, { now: () => at });
  const story = createStory(testKiosk);
  const request = beginRequest(testKiosk, at, 'read');
  const engine = createWalletEngine({ sql, now: () => at, gateways: [createScriptedGateway({ now: () => at, onRefund: () => 'refused' })] });
  await engine.begin(request);
  const refundId = what === 'whole' ? request.attemptId : newId(at);
  const amount = money(what === 'whole' ? 1250 : 250, 'CNY');
  // Another of the same payment, about which nobody decides.
  const other = newId(at);
  await askRefund(sql, { ...request, refundId, amount, reason: 'refund', at });
  if (what !== 'whole') await askRefund(sql, { ...request, refundId: other, amount, reason: 'refund', at });
  for (const id of [refundId, other]) await engine.refund({ kioskId: testKiosk, refundId: id });
  const others = what === 'whole' ? 0 : 1;
  const open = async () => [
    (await hq.inject({ url: '/api/money/wallets/open' })).json<ApiAnswer<typeof listOpenWallets>>().open.length,
    (await sql`select 1 from alarms where kind = 'wallet_open' and settled_at is null`).length,
  ];
  // HQ's own job does it.
  const look = async () => housekeeping({ sql, now: () => at, onEffective: async () => {} }).find(({ name }) => name === 'give back what kiosks do not want')!.run();
  const id = newId(at);
  const about = what === 'whole' ? { kind: 'reversal_refused', attemptId: request.attemptId } : what === 'part' ? { kind: 'refund_refused', refundId } : { kind: 'service_refused', jobId: refundId };
  const add = (kind: EventKind, body: object) => story.add(kind, body as never, at);
  add('attention.raised', { id, ...about, orderId: request.orderId, amount, detail: 'the gateway refused', raisedAt: at });
  expect((await hq.send(story.events)).status).toBe(200);
  expect([await look(), await open()]).toEqual([0, [1 + others, 1 + others]]);
  add('attention.settled', { id, kind: about.kind, orderId: request.orderId, decision: what === 'whole' ? 'given_back' : 'part_given_back' });
  expect((await hq.send(story.events)).status).toBe(200);
  expect([await look(), await open()]).toEqual([1, [others, others]]);
  expect(await look()).toBe(0);
  await hq.close();
  await sql.end({ timeout: 1 });
});
