import fs from 'node:fs';
import path from 'node:path';
import { wordsOf } from '../renderer/i18n/language.ts';
import { slipText } from '../hardware/sim/escpos-printer/paper.ts';
import { catalogue, createCustomer } from './stage/customer.ts';
import { expect, test } from './stage/stage.ts';
import { askHq, createStaff, killCore, look, staffKnown } from './stage/staff.ts';

test.use({ changes: { staff: { idleMs: 600_000, stickFolders: [] } } });

/** At first: 48 cola, 24 milk, 8 umbrellas, 4 headphones. */
const slots = [
  { slot: 'A1', offerId: 'cola', par: 55, capacity: 60, shelf: 'Shelf A', code: 'SHELF-A1' },
  { slot: 'A2', offerId: 'fresh-milk', par: 24, capacity: 40, shelf: 'Shelf A' },
  { slot: 'B1', offerId: 'umbrella', par: 10, capacity: 12, shelf: 'Shelf B' },
  { slot: 'B2', offerId: 'headphones', par: 6, capacity: 8, shelf: 'Shelf B' },
];
const inDays = (days: number) => new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);

test("a restocker's day: by card, PIN and code; fills to par, names dates, wastes, counts; goes on after core died; what is there is on sale at once, what has expired is not, and HQ has it all", async ({ stage }) => {
  const { page } = stage.kiosk;
  const { printer } = stage.bench;
  const staff = createStaff(stage, 'restocker');
  const customer = createCustomer(page, 'en');
  const planogram = path.join(stage.folder, 'planogram.json');
  fs.writeFileSync(planogram, JSON.stringify({ slots }));
  await stage.hq.tell('publish', 'planogram', planogram);
  await staffKnown(stage);

  await staff.pressLong();
  await look(page, 'sign-in');
  await staff.leave();
  await staff.showCard();
  await look(page, 'sign-in by card');
  await staff.enter({ card: true });
  await expect(page.getByRole('note', { name: 'Dev restocker, Restocker, number 3000' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Areas of work' }).getByRole('button')).toHaveText(['Restock', 'Devices']);
  await expect(page.getByRole('heading', { level: 1, name: 'Restock' })).toBeVisible();

  // To par in one tap.
  await staff.press(/^Fill \+7 slot A1/);
  await expect(staff.said).toHaveText('A1 saved: 55 pieces there');
  await look(page, 'shelves');

  // Two lots with dates, the later one first.
  for (const days of [7, 3]) {
    if (days === 7) await staff.press(/^A2 /);
    await staff.press('Another number');
    for (let time = 0; time < 2; time += 1) await staff.press('One more');
    await staff.sheet.getByRole('radio', { name: new RegExp(inDays(days)) }).click();
    if (days === 7) await look(page, 'putting in');
    await staff.press('Put in 3');
    await expect(staff.sheet).toBeHidden();
  }
  const lots = page.getByRole('region', { name: 'Lots, soonest first' }).getByRole('listitem');
  await expect(lots).toContainText([`Best before ${inDays(3)}, 3 pieces`, `Best before ${inDays(7)}, 3 pieces`, 'No date, 24 pieces']);
  await look(page, 'a slot with lots');
  await staff.press('Back');

  // A count that differs asks why.
  await staff.press(/^B1 /);
  await staff.press('Count');
  await staff.press('One fewer');
  await expect(staff.sheet.getByText('-1 against the books').or(staff.sheet.getByText('−1 against the books'))).toBeVisible();
  await look(page, 'counting');
  await staff.press('Missing');
  await expect(staff.said).toHaveText('B1 saved: 7 pieces there');
  await staff.press('Back');

  // All headphones broke; what comes in their place is past its day.
  await staff.press(/^B2 /);
  await staff.press('Waste');
  for (let time = 0; time < 3; time += 1) await staff.press('One more');
  await staff.sheet.getByRole('radio', { name: 'Damaged' }).click();
  await look(page, 'wasting');
  await staff.press('Take out 4');
  await expect(staff.said).toHaveText('B2 saved: 0 pieces there');
  await staff.press('Another number');
  for (let time = 0; time < 4; time += 1) await staff.press('One fewer');
  await staff.sheet.getByRole('radio', { name: 'Another date' }).click();
  for (let time = 0; time < 8; time += 1) await staff.press('Day −1');
  await expect(staff.sheet.getByText('This day is over: what you put in would not be sold.')).toBeVisible();
  await look(page, 'a date that is over');
  await staff.press('Put in 2');
  await expect(staff.said).toContainText('B2 saved');
  await look(page, 'a slot with expired goods');
  await staff.leave();

  // What has expired is not there for the next customer, and of the milk the soonest lot goes.
  const named = (id: string) => catalogue.offers.find((offer) => offer.id === id)!;
  const card = (id: string) => page.getByRole('button', { name: new RegExp(`^${named(id).name.en}`) }).first();
  const shelf = (id: string) => page.getByRole('button', { name: catalogue.categories.find((category) => category.id === named(id).categoryId)!.name.en }).first();
  await customer.begin();
  await shelf('headphones').click();
  await expect(card('headphones')).toContainText(wordsOf.en.offers.soldOut);
  await page.getByRole('button', { name: wordsOf.en.common.back }).click();
  await customer.add({ offerId: 'fresh-milk' });
  await customer.checkOut();
  await customer.pay();
  await customer.askedForCard();
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();
  await customer.done();

  // Core dies under their hands: nothing is lost, and the visit goes on.
  await staff.signIn();
  await killCore(stage);
  await expect(page.getByText('The kiosk has just restarted. Please sign in again; all you did is kept.')).toBeVisible();
  await expect(page.getByText('This kiosk has not been sent its staff yet')).toBeHidden();
  await staff.enter({ recovery: true });
  await expect(page.getByText(/^This visit: 4 slots, 15 in, 4 out, 1 difference$/)).toBeVisible();
  await page.getByRole('radio', { name: 'Expired' }).click();
  await staff.press(/^B2 /);
  await staff.press('Take out 2 expired');
  await expect(staff.said).toHaveText('B2 saved: 0 pieces there');
  await staff.press(/^Fill to 6/);
  await staff.sheet.getByRole('radio', { name: 'No best-before date' }).click();
  await staff.press('Put in 6');
  await expect(staff.said).toHaveText('B2 saved: 6 pieces there');
  await staff.press('Back');

  await staff.press(/^To bring/);
  await expect(page.getByText('Bring 3')).toBeVisible();
  await look(page, 'what to bring');
  await staff.press('Print the list');
  await expect(staff.said).toHaveText('The list is printed');
  await staff.press('Back');
  await staff.press('Finish');
  await look(page, 'the end of a visit');
  await staff.press('Finish and print what to bring');
  await expect(page.getByRole('heading', { level: 1, name: 'Restocking is done. Thank you!' })).toBeVisible();
  await look(page, 'after the visit');
  const lists = printer.sim.slips().map(slipText).filter((text) => text.includes('RESTOCK'));
  expect(lists).toHaveLength(2);
  for (const list of lists) expect(list).toMatch(new RegExp(`${named('umbrella').name.en}[\\s\\S]*7\\s+10\\s+3`));

  // Devices are seen, not tried; paper is theirs.
  await staff.tab('Devices');
  await expect(staff.button('New roll put in')).toBeVisible();
  await expect(staff.button('Print a test page')).toBeHidden();
  await expect(staff.button(/^Reconnect/)).toHaveCount(0);
  await staff.leave();

  await customer.begin();
  await customer.add({ offerId: 'headphones' });
  await customer.checkOut();
  await customer.pay();
  await customer.askedForCard();
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();

  const { visits } = await askHq<{ visits: unknown[] }>(stage, '/api/stock/visits?kiosk=kiosk-001');
  expect(visits).toMatchObject([{ staff: '3000', slots: 4, piecesIn: 21, piecesOut: 6, differences: 1 }]);
  const { moves } = await askHq<{ moves: unknown[] }>(stage, '/api/stock/differences?kiosk=kiosk-001');
  expect(moves).toEqual(expect.arrayContaining([
    expect.objectContaining({ offerId: 'umbrella', change: -1, reason: 'counted', why: 'missing', slot: 'B1', staff: '3000' }),
    expect.objectContaining({ offerId: 'headphones', change: -4, reason: 'wasted', why: 'damaged', staff: '3000' }),
    expect.objectContaining({ offerId: 'headphones', change: -2, reason: 'wasted', why: 'expired', staff: '3000' }),
  ]));
  await expect.poll(async () => {
    const { slots: shelves } = await askHq<{ slots: { slot: string; remaining: number; lots: { bestBefore: string | null; remaining: number }[] }[] }>(stage, '/api/stock/kiosks/kiosk-001');
    return shelves.filter(({ slot }) => slot).map(({ slot, remaining }) => `${slot} ${remaining}`);
  }).toEqual(['A1 55', 'A2 29', 'B1 7', 'B2 5']);
  const kiosk = await askHq<{ slots: { slot: string; lots: { bestBefore: string | null; remaining: number }[] }[] }>(stage, '/api/stock/kiosks/kiosk-001');
  expect(kiosk.slots.find(({ slot }) => slot === 'A2')?.lots.map(({ bestBefore, remaining }) => `${bestBefore ?? 'none'} ${remaining}`)).toEqual(expect.arrayContaining([`${inDays(3)} 2`, `${inDays(7)} 3`, 'none 24']));
});
