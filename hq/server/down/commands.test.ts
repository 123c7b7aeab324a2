import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { kioskIdSchema } from '../../../domain/ids.ts';
import type { Sql } from '../database.ts';
import { ensureKiosk } from '../identity/kiosks.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { cancel, commandsAfter, give, listCommands, recordAnswer } from './commands.ts';

const kiosk = kioskIdSchema.parse('kiosk-001');
const other = kioskIdSchema.parse('kiosk-002');
const now = 1_800_000_000_000;

let postgres: TestPostgres;
let sql: Sql;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  ({ sql } = await postgres.createDatabase());
  await ensureKiosk(sql, kiosk, 'Lobby', now);
  await ensureKiosk(sql, other, 'Metro', now);
});

async function told(kind: 'pause' | 'resume' | 'back_up' = 'pause', kioskId = kiosk, validMs = 60_000) {
  const given = await give(sql, { kioskId, kind, params: {}, validMs, by: 'Ana', now });
  if (!given.ok) throw new Error(given.error);
  return given.value;
}
const answer = (commandId: string, outcome: 'done' | 'failed' = 'done') => sql.begin((transaction) => recordAnswer(transaction, kiosk, { commandId, command: 'pause', outcome, detail: 'paused' }, now + 5));

describe('commands', () => {
  test('are numbered by kiosk without a gap, however many are given at once, and come in order behind the cursor', async () => {
    const given = await Promise.all([...Array.from({ length: 10 }, () => told('back_up')), told('pause', other)]);
    expect(given.slice(0, 10).map(({ sequence }) => sequence).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(given[10]?.sequence).toBe(1);
    expect((await commandsAfter(sql, kiosk, 7, now)).map(({ sequence, kind, params, expiresInMs }) => [sequence, kind, params, expiresInMs])).toEqual([8, 9, 10].map((sequence) => [sequence, 'back_up', {}, 60_000]));
    expect(await commandsAfter(sql, kiosk, 10, now)).toEqual([]);
  });

  test('come again until the cursor has passed them, and are marked when first handed out', async () => {
    const { commandId } = await told();
    for (const at of [now + 1000, now + 2000]) expect((await commandsAfter(sql, kiosk, 0, at)).map(({ id, expiresInMs }) => [id, expiresInMs])).toEqual([[commandId, now + 60_000 - at]]);
    expect((await listCommands(sql, kiosk, now))[0]).toMatchObject({ deliveredAt: now + 1000, state: 'waiting' });
  });

  test('past their time by HQ’s clock are not handed out, and an answer of a kiosk that had begun still counts', async () => {
    const { commandId } = await told();
    expect(await commandsAfter(sql, kiosk, 0, now + 60_000)).toEqual([]);
    expect((await listCommands(sql, kiosk, now + 60_000))[0]).toMatchObject({ state: 'expired' });
    await answer(commandId);
    expect((await listCommands(sql, kiosk, now + 60_000))[0]).toMatchObject({ state: 'answered', outcome: 'done', detail: 'paused', answeredAt: now + 5 });
  });

  test('that were cancelled are not handed out; what was answered cannot be cancelled', async () => {
    const [first, second] = [await told(), await told()];
    expect(await cancel(sql, kiosk, first.commandId)).toBe(true);
    expect(await cancel(sql, kiosk, first.commandId)).toBe(false);
    expect((await commandsAfter(sql, kiosk, 0, now)).map(({ sequence }) => sequence)).toEqual([2]);
    await answer(second.commandId, 'failed');
    expect(await cancel(sql, kiosk, second.commandId)).toBe(false);
    expect(await cancel(sql, other, second.commandId)).toBe(false);
    expect(await commandsAfter(sql, kiosk, 0, now)).toEqual([]);
  });

  test('of another kiosk are not answered by this one', async () => {
    const { commandId } = await told('pause', other);
    await answer(commandId);
    expect((await listCommands(sql, other, now))[0]).toMatchObject({ state: 'waiting' });
  });

  test('with wrong parameters, for an unknown kiosk, or beyond a hundred that wait are refused in words', async () => {
    const refused = (kioskId: string, kind: 'refund' | 'pause', params: unknown) => give(sql, { kioskId: kioskIdSchema.parse(kioskId), kind, params, validMs: 1000, by: 'Ana', now });
    expect(await refused('kiosk-001', 'refund', { orderId: 'x', reason: '' })).toMatchObject({ ok: false, error: expect.stringMatching(/^refund\.orderId: .*refund\.reason: /) });
    expect(await refused('kiosk-009', 'pause', {})).toMatchObject({ ok: false, error: 'HQ knows no kiosk kiosk-009' });
    for (let index = 0; index < 100; index++) await told('back_up');
    expect(await refused('kiosk-001', 'pause', {})).toMatchObject({ ok: false, error: expect.stringContaining('100 commands wait') });
  });

  test('given by an HQ that was restored from a copy are numbered anew behind the kiosk’s cursor', async () => {
    const [first, second] = [await told('pause'), await told('resume')];
    const again = await commandsAfter(sql, kiosk, 9, now);
    expect(again.map(({ id, sequence }) => [id, sequence])).toEqual([[first.commandId, 10], [second.commandId, 11]]);
    expect((await told('back_up')).sequence).toBe(12);
    // As usual from then on.
    expect((await commandsAfter(sql, kiosk, 11, now)).map(({ sequence }) => sequence)).toEqual([12]);
  });
});
