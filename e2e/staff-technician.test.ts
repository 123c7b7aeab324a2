import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { slipText } from '../hardware/sim/escpos-printer/paper.ts';
import { createCustomer } from './stage/customer.ts';
import { expect, test } from './stage/stage.ts';
import { createStaff, look, staffKnown } from './stage/staff.ts';

// Where sticks would be mounted: each folder within is one.
const sticks = path.join(os.tmpdir(), `counter24-sticks-${process.pid}`);
const stick = path.join(sticks, 'STICK');
test.use({ changes: { staff: { idleMs: 600_000, stickFolders: [sticks] } } });
test.beforeEach(() => void fs.mkdirSync(stick, { recursive: true }));
test.afterEach(() => fs.rmSync(sticks, { recursive: true, force: true }));

const phone = '13912345678';

test("a technician's day: a printer without paper is seen, tried and works again; the log is filtered, followed, and goes to a stick with its checksum; an order is followed to HQ's acknowledgement; nothing of a customer is in any of it; the kiosk is restarted", async ({ stage }) => {
  const { page } = stage.kiosk;
  const { printer } = stage.bench;
  const staff = createStaff(stage, 'technician');
  const customer = createCustomer(page, 'en');
  const number = await customer.takeForFree({ offerId: 'data-trial', phone });
  await customer.done();
  await staffKnown(stage);
  printer.sim.setPaper('out');
  await staff.signIn();
  await expect(page.getByRole('navigation', { name: 'Areas of work' }).getByRole('button')).toHaveText(['Restock', 'Orders', 'Devices', 'Logs', 'Kiosk']);

  // Each device with what to do about it.
  const devices = page.getByRole('list', { name: 'Devices' }).getByRole('listitem');
  const printerCard = devices.filter({ hasText: 'Printer' }).first();
  await expect(printerCard).toContainText('Broken');
  await look(page, 'devices, one broken');
  printer.sim.setPaper('ok');
  await expect(printerCard).toContainText('Works');
  await staff.press('Print a test page');
  await expect(staff.said).toHaveText('The test page was printed');
  expect(printer.sim.slips().map(slipText).filter((text) => text.includes('PRINTER TEST'))).toHaveLength(1);
  await staff.press("Terminal's diagnosis");
  await expect(staff.said).toContainText('The card terminal has finished its diagnosis');
  await staff.button(/^Reconnect: /).first().click();
  await expect(staff.said).toContainText('the line was opened anew');
  await staff.press('New roll put in');
  await look(page, 'a new roll');
  await staff.press('Yes, a new roll');
  await expect(page.getByText('0.0 m of this roll used')).toBeVisible();

  await staff.press('Test the scanner');
  await expect(page.getByText('Nothing was read yet.')).toBeVisible();
  await expect.poll(() => stage.bench.scanner.sim.isLit()).toBe(true);
  stage.bench.scanner.sim.show('9524024000170');
  await expect(page.getByText('read once')).toBeVisible();
  await expect(page.getByText('Product that is sold here, 13 characters: 95…70')).toBeVisible();
  await look(page, 'the scanner tested');
  await staff.press('Back');
  await staff.press('Test the colours');
  await look(page, 'the colours tested');
  await staff.press('Begin');
  for (const colour of ['White', 'Black', 'Red', 'Green', 'Blue', 'Grey', 'Fine lines']) await staff.press(`${colour}, tap for the next`);
  await staff.press('Back');
  await staff.press('Test the sound');
  await look(page, 'the sound tested');
  await staff.press('Back');
  await staff.press('Test the touch');
  await expect(staff.sheet).toContainText('126 left');
  const grid = (await page.locator('.touch-test__grid').boundingBox())!;
  for (let row = 0; row < 14; row += 1) {
    await page.mouse.move(grid.x + 2, grid.y + (grid.height * (row + 0.5)) / 14);
    await page.mouse.down();
    await page.mouse.move(grid.x + grid.width - 2, grid.y + (grid.height * (row + 0.5)) / 14, { steps: 24 });
    await page.mouse.up();
  }
  await expect(staff.sheet).toContainText('Every field was felt.');
  await look(page, 'the touch tested');
  await staff.press('End');

  // The log: what was broken, and lines under filters.
  await staff.tab('Logs');
  const lines = page.getByRole('list', { name: 'Logs' }).getByRole('listitem');
  await expect(lines.first()).toBeVisible();
  await look(page, 'logs');
  await page.getByRole('radio', { name: 'Faults' }).click();
  const fault = page.getByRole('list', { name: 'Faults' }).getByRole('listitem').filter({ hasText: 'PRINTER_PAPER_OUT' });
  await expect(fault).toContainText('Over');
  await look(page, 'faults');
  await fault.getByRole('button').click();
  await expect(staff.button('Drop the filter: Code PRINTER_PAPER_OUT')).toBeVisible();
  await expect(lines.first()).toContainText('PRINTER_PAPER_OUT');
  await staff.press('Drop the filter: Code PRINTER_PAPER_OUT');
  await page.getByRole('radio', { name: 'Errors only' }).click();
  await page.getByRole('radio', { name: 'All', exact: true }).first().click();
  await staff.press('Source: All sources');
  await look(page, 'sources');
  await staff.sheet.getByRole('radio', { name: 'Printing' }).click();
  await expect(staff.button('Source: Printing')).toBeVisible();
  await expect(lines.first()).toContainText('Printing');
  await lines.first().getByRole('button').click();
  await look(page, 'one line');
  await page.keyboard.press('Escape');
  await staff.press('Source: Printing');
  await staff.sheet.getByRole('radio', { name: 'All sources' }).click();

  // A customer's number was typed an hour ago, and is in no line.
  await staff.press('Search');
  await staff.sheet.getByRole('textbox', { name: 'Search' }).fill(phone);
  await look(page, 'searching');
  await staff.press('Show');
  await expect(page.getByText('Nothing fits this filter.')).toBeVisible();
  await staff.press(`Drop the filter: Search “${phone}”`);
  await expect(lines.first()).toBeVisible();

  // What happens comes by itself.
  await staff.press(/^Follow live/);
  printer.sim.setPaper('out');
  // Among what else happens in these seconds: HQ's receipts of the events before it come too.
  await expect(lines.filter({ hasText: 'PRINTER_PAPER_OUT' }).first()).toBeVisible();
  printer.sim.setPaper('ok');
  await staff.press(/^Follow live/);

  // Onto the stick.
  await staff.press('Export');
  await staff.sheet.getByRole('radio', { name: /USB stick STICK/ }).click();
  await look(page, 'export');
  await staff.sheet.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(staff.sheet).toContainText('The stick can be pulled out now.');
  await look(page, 'exported');
  await staff.press('Close');
  const files = fs.readdirSync(stick);
  expect(files).toHaveLength(2);
  const sums = files.find((file) => file.endsWith('.sha256'))!;
  expect(execFileSync('sha256sum', ['--check', '--strict', sums], { cwd: stick, encoding: 'utf8' })).toMatch(/: OK\n$/);
  const exported = fs.readFileSync(path.join(stick, files.find((file) => file !== sums)!), 'utf8');
  expect(exported).toContain('PRINTER_PAPER_OUT');
  expect(exported).not.toContain(phone);
  expect(exported).not.toContain(phone.slice(-8));

  // One order, from the first touch to HQ's word that it has it.
  await staff.tab('Orders');
  await staff.press(new RegExp(number));
  await expect(page.getByRole('heading', { level: 1, name: `Order ${number}` })).toBeVisible();
  await expect(staff.button('Print again')).toBeHidden();
  await expect(staff.button(/^Refund/)).toBeHidden();
  await look(page, 'an order');
  await staff.press('Log of this order');
  const trail = page.getByRole('list', { name: 'An order, from beginning to end' });
  await expect(trail).toContainText('Order placed');
  await expect(async () => {
    await staff.press('Refresh');
    await expect(trail.getByRole('listitem').filter({ hasText: 'HQ has it' }).first()).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expect(trail).not.toContainText(phone);
  await look(page, "an order's trail");

  // Shelves are seen, and not theirs to move.
  await staff.tab('Restock');
  await expect(page.getByRole('heading', { level: 1, name: 'Restock' })).toBeVisible();
  await expect(staff.button(/^Fill /)).toHaveCount(0);

  await staff.tab('Kiosk');
  await look(page, 'the kiosk');
  await staff.press('Restart');
  await look(page, 'restarting');
  await staff.press('Yes, restart');
  await expect(page.getByText('The kiosk has just restarted.')).toBeVisible();
  await staff.leave();
  await customer.takeForFree({ offerId: 'plaster' });
  // Its receipt is out: a kiosk that is closed in the middle of one leaves half a slip.
  await expect.poll(async () => (await stage.hq.orders()).map(({ row }) => row.state)).toEqual(['fulfilled', 'fulfilled']);

  await stage.kiosk.close();
  expect(stage.kiosk.output()).not.toContain(phone);
  const holding = fs.readdirSync(stage.dataFolder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && fs.readFileSync(path.join(entry.parentPath, entry.name)).includes(phone));
  expect(holding.map(({ name }) => name)).toEqual([]);
});
