import { slipText } from '../hardware/sim/escpos-printer/paper.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import { noticeTexts } from '../renderer/i18n/areas/staff-manage.ts';
import { createCustomer } from './stage/customer.ts';
import type { Stage } from './stage/stage.ts';
import { expect, test } from './stage/stage.ts';
import { askHq, createStaff, look, staffKnown } from './stage/staff.ts';

const words = wordsOf.en;

async function buys(stage: Stage, offerId: string): Promise<string> {
  const customer = createCustomer(stage.kiosk.page, 'en');
  await customer.buy({ offerId });
  stage.bench.terminal.sim.tapCard();
  const number = await customer.pickupNumber();
  await expect(stage.kiosk.page.getByText(words.result.receipt.printed)).toBeVisible();
  await customer.done();
  return number;
}

test.describe('a long day', () => {
  test.use({ changes: { staff: { idleMs: 600_000, stickFolders: [] }, times: { idleWarningMs: 15_000, idleEndMs: 20_000, resultMs: 60_000, unpaidOrderMs: 600_000, receiptMs: 180_000 } } });

  test("a manager's day: a copy says so, a refund goes through the terminal once, the day is closed against the terminal's totals, customers see the pause, an unclear payment is settled, and the record of it all is whole", async ({ stage }) => {
    const { page } = stage.kiosk;
    const { terminal, printer } = stage.bench;
    const staff = createStaff(stage, 'manager');
    const slips = (title: string) => printer.sim.slips().map(slipText).filter((text) => text.includes(title));
    const kept = await buys(stage, 'cola');
    const returned = await buys(stage, 'umbrella');
    await staffKnown(stage);

    await staff.signIn();
    await expect(page.getByRole('navigation', { name: 'Areas of work' }).getByRole('button')).toHaveText(['Restock', 'Orders', 'Devices', 'Logs', 'Kiosk', 'Day', 'Audit']);
    const orders = page.getByRole('list', { name: 'Orders' }).getByRole('listitem');
    await expect(orders).toHaveCount(2);
    await look(page, 'orders');
    await page.getByRole('textbox', { name: 'Find by pickup number' }).fill(kept);
    await expect(orders).toHaveCount(1);
    await look(page, 'orders, searched');
    await staff.press(new RegExp(kept));
    await staff.press('Print again');
    await expect(staff.said).toHaveText('Printing. The receipt says COPY.');
    await expect.poll(() => slips('COPY').length).toBe(1);
    expect(slips('COPY')[0]).toContain(kept);
    await look(page, 'an order');
    await staff.press('Back');

    // Money goes back through the terminal, once, and says why.
    await page.getByRole('textbox', { name: 'Find by pickup number' }).fill('');
    await staff.press(new RegExp(returned));
    await staff.press('Refund ￥39.00');
    await staff.sheet.getByRole('radio', { name: 'Damaged' }).click();
    await look(page, 'why it is refunded');
    await staff.press('Next');
    await look(page, 'sure of the refund');
    await staff.press(/^Yes, send/);
    await expect(page.getByText('It was refunded already.')).toBeVisible();
    await expect(staff.button(/^Refund/)).toBeHidden();
    expect(terminal.sim.book().map(({ state, amount }) => `${state} ${amount}`)).toEqual(['approved 350', 'reversed 3900', 'reversal 3900']);
    await expect(page.getByText(/^\d\d:\d\d UnionPay \d{6}\*+1234 #\d{4} \(\d{8}\/\d{6}\)$/)).toBeVisible();
    await look(page, 'a refunded order');

    // The shop's day: what the terminal counted against what we did.
    await staff.tab('Day');
    await expect(page.getByText('No day was closed yet.')).toBeVisible();
    await staff.press('Close the day and print');
    await look(page, 'closing the day');
    await staff.press('Yes, close the day');
    const report = page.getByRole('region', { name: 'Report Z 1' });
    await expect(report.getByText('They agree')).toBeVisible();
    await expect(report.getByRole('row', { name: /Cards by our books/ })).toContainText('￥3.50');
    await expect(report.getByRole('row', { name: /Cards by the terminal/ })).toContainText('￥3.50');
    await expect(report.getByRole('row', { name: /Refunded/ })).toContainText('￥39.00');
    await look(page, 'a day that was closed');
    await expect.poll(() => slips('Z REPORT').length).toBe(1);
    await staff.press('Print again report Z 1');
    await expect(staff.said).toHaveText('The report is printed.');
    expect(slips('Z REPORT').map((slip) => slip.includes('COPY'))).toEqual([false, true]);
    // What is settled with the bank does not go back through the terminal: by hand alone.
    await staff.tab('Orders');
    await staff.press(new RegExp(kept));
    await expect(page.getByText('That day is closed, so the terminal cannot send it back. Give it by hand, or ask HQ.')).toBeVisible();
    await expect(staff.button(/^Refund ￥/)).toBeHidden();

    // Customers read why there is a pause.
    await staff.tab('Kiosk');
    await staff.press('Pause selling');
    await staff.sheet.getByRole('radio', { name: 'Back in ten minutes' }).click();
    await look(page, 'pausing');
    await staff.press('Yes, pause');
    await expect(staff.said).toHaveText('Paused: nobody new can order.');
    await look(page, 'paused');
    await staff.button('Leave, back to the customers’ screen').click();
    for (const language of ['zh', 'en'] as const) {
      await expect(page.getByText(wordsOf[language].paused.title)).toBeVisible();
      await expect(page.getByText(noticeTexts.back_soon[language])).toBeVisible();
    }
    await expect(page.getByRole('button', { name: /Touch to start/ })).toBeHidden();
    await staff.signIn();
    await staff.tab('Kiosk');
    await staff.press('Resume selling');
    await expect(staff.said).toHaveText('Selling again.');
    await staff.leave();

    // The terminal's cable comes out, and it says afterwards that what it sold last was something else: nobody but a person can know what became of this.
    const customer = createCustomer(page, 'en');
    await customer.buy({ offerId: 'cola' });
    await terminal.unplug();
    terminal.sim.script([{ at: 'received 06 20', do: 'foreign_sale', value: 500 }]);
    await terminal.plug();
    await expect.poll(() => terminal.sim.book().filter(({ reason }) => reason === 'of somebody else').length).toBe(1);
    await expect(page.getByRole('button', { name: /Touch to start/ })).toBeVisible();
    await staff.pressLong();
    await staff.enter({ recovery: true });
    await page.getByRole('radio', { name: '1 needs you' }).click();
    const open = page.getByRole('region', { name: /^Order \w+: Was this paid or not\?/ });
    await expect(open).toContainText('￥3.50');
    await look(page, 'what needs a person');
    await open.getByRole('button', { name: 'Not in the journal: not paid' }).click();
    await look(page, 'sure of the decision');
    await staff.press('Yes, settle it');
    await expect(page.getByText('Nothing needs you. All is well.')).toBeVisible();
    await look(page, 'nothing needs a person');

    // The terminal has more than our books now, to the cent what was somebody else's.
    await staff.tab('Day');
    await staff.press('Close the day and print');
    await staff.press('Yes, close the day');
    await expect(page.getByRole('region', { name: 'Report Z 2' }).getByText('Terminal has ￥5.00 more')).toBeVisible();

    await staff.tab('Audit');
    await expect(page.getByText('The record is whole: nothing was changed')).toBeVisible();
    for (const act of ['Signed in', 'Printed a receipt again', 'Refund', 'Closed the day', 'Paused selling', 'Resumed selling', 'Settled an open matter']) await expect(page.getByRole('rowheader', { name: act, exact: true }).first()).toBeVisible();
    await look(page, 'audit');
    await staff.leave();

    const audit = await stage.audit(3);
    expect(audit.strays).toEqual([expect.stringMatching(/^terminal took 500 \(\d+\) for no order$/)]);
    expect(audit.orders).toMatchObject([
      { number: kept, agree: true, printed: { slips: 1, copies: 1 }, hq: { state: 'fulfilled' } },
      { number: returned, kiosk: { state: 'refunded' }, hq: { state: 'refunded' } },
      { agree: true, kiosk: { state: 'cancelled' }, terminal: null, hq: { state: 'cancelled' } },
    ]);

    // HQ has each act in its chain, and the money where it went.
    await expect.poll(async () => {
      const { acts, faults } = await askHq<{ acts: { act: string; outcome: string; staff: string }[]; faults: number }>(stage, '/api/fleet/kiosk-001/staff-acts');
      return [faults, ...['orders.refund', 'day.close', 'kiosk.pause', 'attention.decide'].map((act) => acts.some((entry) => entry.act === act && entry.staff === '1000' && entry.outcome === 'done'))];
    }).toEqual([0, true, true, true, true]);
  });
});

test.describe('at the door', () => {
  test.use({ changes: { staff: { idleMs: 15_000, stickFolders: [] } } });

  test('five wrong PINs lock the number and ring at HQ; with HQ away others come in all the same, and are put out when nobody touches the screen', async ({ stage }) => {
    const { page } = stage.kiosk;
    const locked = createStaff(stage, 'manager');
    await staffKnown(stage);
    await locked.pressLong();
    const type = async (field: string, digits: string) => {
      await page.locator(`input[name="staff-${field}"]`).click();
      for (const digit of digits) await locked.press(digit);
    };
    await type('number', '1000');
    for (const left of ['4 tries left', '3 tries left', '2 tries left', '1 try left', undefined]) {
      await type('pin', '111111');
      await type('code', '000000');
      await locked.press('Sign in');
      await expect(page.getByText(left ?? 'Too many tries: this number is locked. Try again in 1 minute')).toBeVisible();
    }
    await look(page, 'a locked number');
    await type('pin', '482915');
    await type('code', '000000');
    await locked.press('Sign in');
    await expect(page.getByText('Too many tries')).toBeVisible();
    await expect.poll(async () => (await askHq<{ alerts: { kind: string; kioskId: string }[] }>(stage, '/api/alerts?kind=staff_locked')).alerts.length).toBe(1);
    await locked.leave();

    await stage.hq.stop();
    const other = createStaff(stage, 'technician');
    await other.signIn();
    await expect(page.getByRole('note', { name: /Dev technician/ })).toBeVisible();
    await expect(page.getByText(/^Signed out in \d+ s$/).first()).toBeVisible();
    await look(page, 'the countdown');
    await expect(page.getByText(/so you were signed out/)).toBeVisible();
    await expect(page.getByRole('navigation', { name: 'Areas of work' })).toBeHidden();
    await other.leave();
    await stage.hq.start();
  });
});
