import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { randomBytes, randomUUID } from 'node:crypto';
import type { Browser } from '@playwright/test';
import { expect, test } from '@playwright/test';
import { formatMoney, money } from '../domain/money.ts';
import type { CarrierServer } from '../hq/server/sim/carrier/server.ts';
import { startCarrierServer } from '../hq/server/sim/carrier/server.ts';
import { moneyTexts } from '../hq/web/i18n/areas/money.ts';
import { servicesTexts } from '../hq/web/i18n/areas/services.ts';
import { openBrowser, openOperator } from './stage/operator.ts';
import { lookAtConsole, openRemoteStage } from './stage/remote.ts';

let browser: Browser;
test.beforeAll(async () => {
  browser = await openBrowser();
});
test.afterAll(() => browser?.close());

interface StuckCarrier {
  readonly server: CarrierServer;
  readonly env: Readonly<Record<string, string>>;
  /** From now on it says that all is credited. */
  recover(): void;
}

/** A carrier that takes everything, never comes to an end with it, and cannot take it back. */
async function startStuckCarrier(folder: string): Promise<StuckCarrier> {
  const secret = randomBytes(32);
  const keyFile = path.join(folder, 'services.key');
  fs.writeFileSync(keyFile, `hq-1 ${secret.toString('base64')}\n`);
  const taken = new Set<string>();
  let isWell = false;
  const query = async (key: string) => (!taken.has(key) ? { kind: 'not_found' } : isWell ? { kind: 'done', reference: `CMCC${key.slice(-6)}` } : { kind: 'pending' });
  const server = await startCarrierServer({
    keys: [{ id: 'hq-1', secret }], now: Date.now,
    books: {
      submit: async ({ key }) => {
        taken.add(key);
        return { kind: 'accepted' };
      },
      query,
      reverse: async () => ({ kind: 'cannot', detail: 'it is with the network already' }),
      lookUp: async () => ({ kind: 'not_found' }),
    },
  });
  return { server, env: { SERVICES: 'http', SERVICES_URL: server.url, SERVICES_KEY_FILE: keyFile, SERVICES_NAME: 'Carrier' }, recover: () => void (isWell = true) };
}

test("what the carrier never ends is given up, and a person's: one is sent again and found credited without being asked for twice, one is settled as credited with its reference, one as not credited, and the kiosk is told each once", async () => {
  const texts = servicesTexts.en;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-e2e-'));
  const carrier = await startStuckCarrier(folder);
  const stage = await openRemoteStage(carrier.env);
  try {
    const { sql, hq } = stage;
    const kiosk = await stage.addKiosk('kiosk-001', 'Lobby');
    const orders = [];
    for (const seconds of [60, 50, 40]) orders.push(await kiosk.tell({ offers: [['topUp', 1]], ending: 'fulfilled', at: Date.now() - seconds * 1000 }));
    const [again, credited, refused] = orders as [typeof orders[0], typeof orders[0], typeof orders[0]];
    const operator = await openOperator(browser, hq.url);
    const { page, dialog } = operator;
    await operator.signIn(hq.account, '/services');
    await expect(page.getByRole('heading', { name: texts.emptyGivenUp })).toBeVisible();
    await operator.tab(texts.open(3));
    const rowOf = ({ number }: { readonly number: string }) => page.getByRole('row', { name: new RegExp(`^${number}`) });
    await expect(rowOf(again)).toBeVisible();
    await expect.poll(async () => (await sql`select 1 as one from service_work where state in ('accepted', 'pending')`).length, { message: 'the carrier has all three' }).toBe(3);

    // A day and more goes by.
    const past = 90_000_000;
    await sql`update service_work set asked_at = asked_at - ${past}, requested_at = requested_at - ${past}, submitted_at = submitted_at - ${past}, next_at = 0 where kiosk_id = 'kiosk-001'`;
    await expect.poll(async () => (await sql`select 1 as one from service_work where state = 'held'`).length).toBe(3);
    await page.goto('/services');
    await expect(page.getByRole('tab', { name: texts.givenUp(3), exact: true })).toHaveAttribute('aria-selected', 'true');
    for (const order of orders) await expect(rowOf(order)).toContainText(texts.overdue);
    await expect(rowOf(again)).toContainText(texts.cannotTakeBack);
    await expect(rowOf(again)).toContainText(texts.kinds.top_up);
    await expect(rowOf(again)).toContainText(formatMoney(money(4990, 'CNY')));
    await lookAtConsole(page, 'services given up');

    // The customer's money goes back, or does not: said before it is done.
    await rowOf(refused).getByRole('button', { name: texts.settle, exact: true }).click();
    await operator.choose(new RegExp(texts.outcome), texts.refused);
    await expect(dialog).toContainText(texts.refusedText(formatMoney(money(4990, 'CNY'))));
    await lookAtConsole(page, 'settling a service');
    await dialog.getByRole('button', { name: texts.keep }).click();
    await expect(rowOf(refused)).toBeVisible();
    await rowOf(refused).getByRole('button', { name: texts.settle, exact: true }).click();
    await operator.choose(new RegExp(texts.outcome), texts.refused);
    const notCredited = dialog.getByRole('button', { name: texts.refused, exact: true }).last();
    await notCredited.click();
    // The carrier cannot take it back: nothing goes back before a person has looked there.
    await expect(dialog.getByRole('alert')).toHaveText(texts.notTakenBack.cannot);
    await expect(notCredited).toBeDisabled();
    await lookAtConsole(page, 'a service that was not taken back');
    await dialog.getByRole('checkbox', { name: texts.confirm }).click();
    await notCredited.click();
    await operator.told(texts.settled);
    await expect(rowOf(refused)).toBeHidden();

    // By keys alone.
    await rowOf(credited).getByRole('button', { name: texts.settle, exact: true }).focus();
    await page.keyboard.press('Enter');
    await dialog.getByRole('textbox', { name: texts.reference }).focus();
    await page.keyboard.type('10086-77');
    await dialog.getByRole('button', { name: texts.done, exact: true }).last().focus();
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(rowOf(credited)).toBeHidden();

    carrier.recover();
    await rowOf(again).getByRole('button', { name: texts.again, exact: true }).click();
    await expect(dialog).toContainText(texts.againText);
    await lookAtConsole(page, 'sending a service again');
    await dialog.getByRole('button', { name: texts.again, exact: true }).click();
    await operator.told(texts.againDone);
    await expect(page.getByRole('heading', { name: texts.emptyGivenUp })).toBeVisible();
    const ends = async () => Object.fromEntries((await kiosk.down()).commands.flatMap(({ kind, params }) => {
      const { jobId, outcome, reference } = params as { jobId: string; outcome: string; reference?: string };
      return kind === 'service_result' && outcome !== 'pending' ? [[jobId, [outcome, reference]]] : [];
    }));
    await expect.poll(ends).toEqual({ [refused.jobId]: ['refused', undefined], [credited.jobId]: ['done', '10086-77'], [again.jobId]: ['done', `CMCC${again.jobId.slice(-6)}`] });
    expect(carrier.server.calls.filter(({ on, key }) => on === 'submit' && key === again.jobId)).toHaveLength(1);
    expect((await kiosk.down()).commands.filter(({ kind, params }) => kind === 'service_result' && (params as { outcome: string }).outcome !== 'pending')).toHaveLength(3);

    // Somebody else has the page of before still open.
    const late = await page.request.post(`/api/services/kiosk-001/${refused.jobId}/settle`, { data: { outcome: 'done' }, headers: { origin: new URL(hq.url).origin } });
    expect([late.status(), (await late.json() as { code: string }).code]).toEqual([409, 'HQ_CHANGED_MEANWHILE']);

    await page.goto('/services?of=open');
    await expect(page.getByRole('heading', { name: texts.emptyOpen })).toBeVisible();
    const zh = await openOperator(browser, hq.url, 'zh', { width: 1280, height: 800 });
    await zh.signIn(hq.account, '/services');
    await expect(zh.page.getByRole('heading', { name: servicesTexts.zh.emptyGivenUp })).toBeVisible();
    await lookAtConsole(zh.page, 'services', 'zh');
    await zh.page.goto(`/orders/kiosk-001/${again.orderId}`);
    await expect(zh.page.getByText(`CMCC${again.jobId.slice(-6)}`).first()).toBeVisible();
    await lookAtConsole(zh.page, 'an order whose service was sent again', 'zh');
  } finally {
    await stage.close();
    await carrier.server.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test('the books are compared now: sums by way to pay to the cent, what is unexplained leads to its order and is gone once it is put right; a difference from a gateway is read, ended with what was found, once; the lines come as a file', async () => {
  const texts = moneyTexts.en;
  const yuan = (amount: number) => formatMoney(money(amount, 'CNY'));
  const stage = await openRemoteStage();
  try {
    const { sql, hq } = stage;
    const kiosk = await stage.addKiosk('kiosk-001', 'Lobby');
    const ago = (hours: number) => Date.now() - hours * 3_600_000;
    await kiosk.tell({ offers: [['umbrella', 1]], ending: 'fulfilled', at: ago(60) });
    await kiosk.tell({ offers: [['latte', 1]], ending: 'refunded', at: ago(59) });
    await kiosk.tell({ offers: [['dumplings', 1]], ending: 'reversal_refused', at: ago(58) });
    const lost = await kiosk.tell({ offers: [['charger', 1]], ending: 'fulfilled', at: ago(57) });
    // No kiosk of ours leaves an order so: its store was damaged, say.
    await sql`update orders set state = 'cancelled' where kiosk_id = 'kiosk-001' and order_id = ${lost.orderId}`;
    await sql`update payments set state_at = ${ago(57)} where kiosk_id = 'kiosk-001' and order_id = ${lost.orderId}`;

    const operator = await openOperator(browser, hq.url, 'en', { width: 1280, height: 800 });
    const { page, button, dialog } = operator;
    await operator.signIn(hq.account, '/money?view=books');
    // HQ's own comparison of the night may have been before.
    await button(texts.compareNow).click();
    await operator.told(texts.compared);
    const sums = page.getByRole('table', { name: texts.tabs.books }).getByRole('row', { name: new RegExp(`^${texts.tenders.card}`) });
    await expect(sums.getByRole('cell')).toHaveText([yuan(3900 + 2800 + 1850 + 8900), yuan(3900), yuan(2800), yuan(1850), yuan(8900)]);
    const finding = page.getByRole('table', { name: texts.findings }).getByRole('row', { name: new RegExp(`^${texts.findingKinds.captured_unexplained.name}`) });
    await expect(finding).toContainText(yuan(8900));
    await expect(finding).toContainText(texts.findingKinds.captured_unexplained.advice);
    await lookAtConsole(page, 'books that do not agree');
    await finding.getByRole('link').click();
    await expect(page).toHaveURL(new RegExp(lost.orderId));
    await expect(page.getByText(lost.number).first()).toBeVisible();

    await sql`update orders set state = 'fulfilled' where kiosk_id = 'kiosk-001' and order_id = ${lost.orderId}`;
    await page.goto('/money?view=books');
    await button(texts.compareNow).click();
    await expect(page.getByText(texts.allWell)).toBeVisible();
    await expect(sums.getByRole('cell').last()).toHaveText(yuan(0));

    // No gateway is here: its book is put in by hand.
    const day = new Date(Date.now() + 8 * 3_600_000 - 86_400_000).toISOString().slice(0, 10);
    const [strange, other] = [randomUUID(), randomUUID()];
    await sql`insert into settlement_books (wallet, day, state, tried_at, taken_at) values ('wechat', ${day}, 'taken', ${Date.now()}, ${Date.now()})`;
    await sql`
      insert into settlement_lines (kiosk_id, wallet, day, line, kind, trade_no, transaction_id, amount, currency, fee, at)
      values ('', 'wechat', ${day}, 1, 'payment', 'shop-of-before-1', '4200002099', 1200, 'CNY', 7, ${ago(20)}), ('', 'wechat', ${day}, 2, 'payment', '=cmd', '4200002100', 300, 'CNY', 2, ${ago(19)})`;
    await sql`
      insert into settlement_differences (kiosk_id, difference_id, wallet, day, kind, trade_no, refund_no, ours, theirs, currency, found_at)
      values ('', ${strange}, 'wechat', ${day}, 'payment_not_ours', 'shop-of-before-1', '', null, 1200, 'CNY', ${Date.now()}), ('', ${other}, 'wechat', ${day}, 'payment_not_ours', '=cmd', '', null, 300, 'CNY', ${Date.now()})`;
    await page.goto('/money');
    const ofDay = page.getByRole('table', { name: texts.tabs.settlement }).getByRole('row', { name: new RegExp(`^${day} .*${texts.tenders.wechat}`) });
    await expect(ofDay).toContainText(`${yuan(1500)} · 2`);
    await expect(ofDay).toContainText(texts.open(2));
    await lookAtConsole(page, 'settlement by day');
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: `${texts.wholeFile}: ${texts.tenders.wechat}` }).click()]);
    const lines = fs.readFileSync(await file.path(), 'utf8').trim().split(/\r?\n/);
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain('shop-of-before-1');
    // A spreadsheet must not reckon with what a stranger wrote.
    expect(lines[2]).not.toMatch(/(^|,)"?=cmd/);

    await ofDay.getByRole('link').click();
    const differences = page.getByRole('table', { name: texts.tabs.differences }).getByRole('row', { name: new RegExp(`^${texts.kinds.payment_not_ours.name}`) });
    await expect(differences).toHaveCount(2);
    await page.goto(`/money?view=differences&shown=${strange}`);
    await expect(dialog).toContainText('shop-of-before-1');
    await expect(dialog).toContainText(texts.kinds.payment_not_ours.advice);
    await expect(dialog.getByRole('button', { name: texts.end })).toBeDisabled();
    await lookAtConsole(page, 'a difference');
    // By keys alone.
    await dialog.getByRole('textbox', { name: texts.note }).focus();
    await page.keyboard.type('Another shop used the merchant number');
    await page.keyboard.press('Tab');
    await expect(dialog.getByRole('button', { name: texts.end })).toBeFocused();
    await page.keyboard.press('Enter');
    await operator.told(texts.ended);
    await expect(dialog).toBeHidden();
    await expect(differences).toHaveCount(1);
    const twice = await page.request.post(`/api/money/differences/${strange}/end`, { data: { note: 'once more' }, headers: { origin: new URL(hq.url).origin } });
    expect(twice.status()).toBe(409);
    await page.goto(`/money?view=differences&open=no&shown=${strange}`);
    await expect(dialog).toContainText(`${texts.endedBy(hq.account.name)}`);
    await expect(dialog).toContainText('Another shop used the merchant number');

    const zh = await openOperator(browser, hq.url, 'zh', { width: 1280, height: 800 });
    await zh.signIn(hq.account, '/money');
    for (const view of ['settlement', 'books', 'differences'] as const) {
      await zh.page.goto(`/money?view=${view}`);
      await expect(zh.page.getByRole('table').first()).toBeVisible();
      await lookAtConsole(zh.page, `books: ${view}`, 'zh');
    }
    await zh.page.goto(`/money?view=differences&shown=${other}`);
    await expect(zh.dialog).toContainText(moneyTexts.zh.kinds.payment_not_ours.advice);
    await lookAtConsole(zh.page, 'a difference', 'zh');
  } finally {
    await stage.close();
  }
});
