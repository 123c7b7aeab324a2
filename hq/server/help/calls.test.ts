import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { helpCommands } from '../cli/help-calls.ts';
import type { Sql } from '../database.ts';
import { readEnvironment } from '../environment/environment.ts';
import { reapply } from '../ingest/reapply.ts';
import { StartFailure } from '../start-failure.ts';
import type { LiveMessage } from '../live/hub.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import type { TestHq } from '../testing/hq.ts';
import { startTestHq, testKiosk, testNow } from '../testing/hq.ts';
import type { Story } from '../testing/story.ts';
import { chainOf, createStory } from '../testing/story.ts';
import { newsOf } from '../webhooks/note.ts';
import { answerHelp, listOpenCalls, unansweredMs, watchHelpCalls } from './calls.ts';

let postgres: TestPostgres;
let sql: Sql;
let hq: TestHq;
let story: Story;
let clock: number;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  clock = testNow;
  const database = await postgres.createDatabase();
  ({ sql } = database);
  hq = await startTestHq(database, { now: () => clock });
  story = createStory(testKiosk);
  return async () => {
    await hq.close();
    await sql.end({ timeout: 1 });
  };
});

const callId = '0190a000-0000-7000-8000-0000000000aa';
async function send(): Promise<void> {
  expect(await hq.kiosk.send(story.events)).toMatchObject({ status: 200 });
}
async function call(more: { readonly orderId?: string } = {}): Promise<void> {
  story.add('help.called', { callId, screen: 'pay', ...more }, clock);
  await send();
}
async function cli(name: string, ...args: string[]): Promise<string> {
  const lines: string[] = [];
  try {
    await helpCommands.find((command) => command.name === name)!.run({ args, sql, now: () => clock, print: (line) => void lines.push(line), environment: readEnvironment({ DATA_FOLDER: '/nowhere' }), signingKey: () => Promise.reject(new Error('not needed')) });
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    return `refused: ${error.message}`;
  }
  return lines.join('\n');
}
const commands = () => sql`select kind, params from commands order by sequence`;

describe('a call for help', () => {
  test('stands at once with every console that is connected, and in the list, until it ends', async () => {
    await expect.poll(() => hq.hub.isListening()).toBe(true);
    const heard: LiveMessage[] = [];
    hq.hub.subscribe((message) => void heard.push(message));
    const { orderId, number } = story.order({ offers: [['latte', 1]], ending: 'awaiting_payment', at: clock - 9000 });
    await call({ orderId });
    await expect.poll(() => heard.filter(({ event }) => event === 'help')).toEqual([{ event: 'help', data: { kioskId: testKiosk } }]);
    const [open] = await listOpenCalls(sql, clock);
    expect(open).toEqual({ kioskId: testKiosk, kioskName: 'Lobby', callId, screen: 'pay', orderId, orderNumber: number, calledAt: clock, answeredAt: null, answeredBy: null });
    const answer = await hq.inject({ url: '/api/help' });
    expect(answer.json()).toEqual({ now: clock, calls: [open] });
    clock += 60_000;
    expect(await cli('calls')).toBe(`${callId}  kiosk-001  Lobby  for 1 min  screen pay  order ${number}  not answered`);
    story.add('help.ended', { callId, by: 'customer' }, clock);
    await send();
    await expect.poll(() => heard.filter(({ event }) => event === 'help')).toHaveLength(2);
    expect(await listOpenCalls(sql, clock)).toEqual([]);
    expect(await cli('calls')).toBe('nobody asks for help');
  });

  test('is answered by a command to its kiosk, with words or without', async () => {
    await call();
    expect(await cli('answer', callId, '--zh', '马上来', '--en', 'On my way')).toBe('answered; kiosk-001 shows it as soon as it hears of it');
    expect(await cli('answer', callId)).toMatch(/^answered/);
    expect(await commands()).toEqual([
      { kind: 'answer_help', params: { callId, words: { zh: '马上来', en: 'On my way' } } }, { kind: 'answer_help', params: { callId } },
    ]);
    expect(await cli('calls')).toMatch(/answered 0 s ago by \S+$/);
    expect((await hq.kiosk.down()).body).toMatchObject({ commands: [{ kind: 'answer_help' }, { kind: 'answer_help' }] });
    expect(await cli('answer', callId, '--zh', '马上来')).toBe('refused: Words for the customer are needed in both languages: --zh and --en.');
    expect(await cli('answer', '0190a000-0000-7000-8000-0000000000ab')).toBe('refused: There is no such call.');
    expect(await cli('answer')).toMatch(/^refused: The id of the call is missing/);
    story.add('help.ended', { callId, by: 'idle' }, clock);
    await send();
    expect(await cli('answer', callId)).toMatch(/^refused: This call has ended/);
  });

  test('that nobody answers for five minutes is an alarm, once, and ends with the answer', async () => {
    await call();
    const alarms = () => sql`select kind, subject, times from alarms where settled_at is null`;
    clock += unansweredMs - 1;
    expect([await watchHelpCalls(sql, clock), await alarms()]).toEqual([0, []]);
    clock += 1;
    expect(await Promise.all([watchHelpCalls(sql, clock), watchHelpCalls(sql, clock)])).toEqual(expect.arrayContaining([0, 1]));
    expect(await watchHelpCalls(sql, clock + 60_000)).toBe(0);
    expect(await alarms()).toEqual([{ kind: 'help_unanswered', subject: callId, times: 1 }]);
    expect(await answerHelp(sql, { callId, by: 'ana', now: clock })).toMatchObject({ ok: true });
    expect(await alarms()).toEqual([]);
  });

  test('that was answered or has ended is no alarm, nor is one of a kiosk that was switched off', async () => {
    await call();
    story.add('help.ended', { callId, by: 'idle' }, clock);
    await send();
    expect(await watchHelpCalls(sql, clock + 3_600_000)).toBe(0);
    const other = '0190a000-0000-7000-8000-0000000000bb';
    story.add('help.called', { callId: other, screen: 'cart' }, clock);
    await send();
    expect(await listOpenCalls(sql, clock + 13 * 3_600_000)).toEqual([]);
    expect(await watchHelpCalls(sql, clock + 13 * 3_600_000)).toBe(0);
  });

  test('that was set aside and is understood later keeps what has come of it meanwhile', async () => {
    story.add('help.called', { callId, screen: 'pay' }, clock);
    await hq.kiosk.send(chainOf([{ ...story.events[0]!, version: 7 }], 'orders', 1));
    expect(await listOpenCalls(sql, clock)).toEqual([]);
    await sql`update events set version = 1`;
    expect(await reapply(sql, () => clock)).toBe(1);
    expect(await listOpenCalls(sql, clock)).toHaveLength(1);
  });

  test('is told to webhooks that ask for it, without a word of the customer', async () => {
    const [news] = newsOf([{ kind: 'help.called', body: { callId, screen: 'pay' }, event: { id: callId }, occurredAt: 7 }] as never);
    expect(news).toEqual({ kind: 'help.called', eventId: callId, at: 7, data: { callId, screen: 'pay' } });
  });
});
