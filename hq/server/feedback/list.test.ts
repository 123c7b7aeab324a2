import { afterAll, beforeAll, expect, test } from 'vitest';
import { isSealed, shredded } from '../../../domain/personal/sealed.ts';
import type { FeedbackPage } from '../../contract/console.ts';
import { feedbackCommands } from '../cli/feedback.ts';
import type { Sql } from '../database.ts';
import { readEnvironment } from '../environment/environment.ts';
import { readOrderInFull } from '../orders/in-full.ts';
import { shredKeys } from '../personal.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import { createStory } from '../testing/story.ts';
import { readFeedback } from './list.ts';

let postgres: TestPostgres;
let sql: Sql;
let hq: TestHq;
beforeAll(async () => {
  postgres = await startTestPostgres();
  const database = await postgres.createDatabase();
  ({ sql } = database);
  hq = await startTestHq(database);
}, 60_000);
afterAll(async () => {
  await hq?.close();
  await postgres?.stop();
});

const words = 'Call me: 13987654321\u001b[2J';
const at = testNow - 3_600_000;

async function cli(...args: string[]): Promise<string[]> {
  const lines: string[] = [];
  await feedbackCommands[0]!.run({ args, sql, now: () => testNow, print: (line) => void lines.push(line), environment: readEnvironment({ DATA_FOLDER: '/nowhere' }), signingKey: () => Promise.reject(new Error('not needed')) });
  return lines;
}

test('what customers say is listed newest first, once for each order; their words rest sealed, are opened for reading, and go with the order’s key', async () => {
  expect(await cli()).toEqual(['no customer has said anything yet']);
  const story = createStory(testKiosk);
  const orders = Array.from({ length: 5 }, (_, index) => story.order({ offers: [['latte', 1]], ending: 'fulfilled', at: at + index * 60_000 }));
  for (const [index, { orderId }] of orders.entries()) {
    story.add('feedback.given', { orderId, stars: index + 1, chips: index % 2 ? ['quick', 'easy'] : [], ...(index === 4 ? { words } : {}) }, at + index * 60_000 + 30_000);
  }
  const last = orders[4]!;
  // A second one is let go.
  story.add('feedback.given', { orderId: last.orderId, stars: 1, chips: [] }, at + 400_000);
  expect(await hq.kiosk.send(story.events)).toMatchObject({ status: 200 });

  const [row] = await sql<{ words: string }[]>`select words from feedback where words is not null`;
  expect(isSealed(row?.words ?? '')).toBe(true);
  const page = (url: string) => hq.inject({ url }).then((answer) => answer.json<FeedbackPage>());
  const first = await page('/api/feedback?limit=3');
  expect(first.feedback.map(({ stars, chips, orderNumber }) => [stars, chips, orderNumber])).toEqual([[5, [], last.number], [4, ['quick', 'easy'], orders[3]!.number], [3, [], orders[2]!.number]]);
  expect(first.feedback[0]).toMatchObject({ kioskId: testKiosk, kioskName: 'Lobby', words });
  const second = await page(`/api/feedback?limit=3&before=${first.next}`);
  expect(second.feedback.map(({ stars }) => stars)).toEqual([2, 1]);
  expect(second.next).toBeNull();
  expect((await hq.inject({ url: '/api/feedback?before=x' })).statusCode).toBe(400);
  // Whoever looks at the order sees that something was said, and not what.
  expect(JSON.stringify(await readOrderInFull(sql, testKiosk, last.orderId))).not.toContain('13987654321');

  const lines = await cli('kiosk-001');
  expect(lines).toHaveLength(5);
  expect(lines[0]).toBe(`2026-11-22 04:04 UTC  kiosk-001  ${last.number}  5 of 5  Call me: 13987654321 [2J`);
  expect(lines[1]).toMatch(/4 of 5 {2}quick, easy$/);

  await shredKeys(sql, testNow + 1, testNow + 1);
  expect((await readFeedback(sql, { limit: 1 })).feedback[0]?.words).toBe(shredded);
});
