import { slipText } from '../hardware/sim/escpos-printer/paper.ts';
import { formatReference } from '../domain/order/reference.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import { createCustomer } from './stage/customer.ts';
import { expect, test } from './stage/stage.ts';

/** The loopback carrier's references (docs/hq.md). */
const carrierReference = /LB[0-9A-F]{12}/;

for (const language of ['zh', 'en'] as const) {
  const words = wordsOf[language];

  test(`top-ups: credited while the customer watches, refused and given back, and left open by a carrier that does not answer (${language})`, async ({ stage }) => {
    const { page } = stage.kiosk;
    const sheet = page.getByRole('dialog');
    const customer = createCustomer(page, language);
    const progress = page.getByRole('region', { name: words.finish.result.services });
    await customer.begin();
    await customer.open('top-up-30');
    await customer.goOn();
    // Shown again, large, before anything is paid for it; and it can be changed.
    await customer.fillIn({ offerId: 'top-up-30', phone: '13912345679' });
    await customer.goOn();
    await expect(sheet.getByRole('heading', { name: words.details.phone.checkTitle })).toBeVisible();
    await sheet.getByRole('button', { name: words.details.changeNumber }).click();
    await expect(sheet.getByRole('textbox')).toHaveValue('139 1234 5679');
    await sheet.getByRole('button', { name: words.details.keyboard.erase }).click();
    await sheet.getByRole('button', { name: '8', exact: true }).click();
    await customer.goOn();
    await expect(sheet.getByText('1 3 9   1 2 3 4   5 6 7 8')).toBeAttached();
    await customer.goOn();
    await expect(sheet).toBeHidden();
    await customer.checkOut();
    await customer.pay();
    await customer.askedForCard();
    stage.bench.terminal.sim.tapCard();
    await expect(progress).toContainText(words.finish.result.service.asked.title);
    await expect(progress).toContainText(words.finish.result.service.done.title);
    await expect(progress).toContainText(carrierReference);
    const credited = carrierReference.exec(await progress.innerText())![0];
    await customer.done();

    await customer.buy({ offerId: 'top-up-10', phone: '13912345604' });
    stage.bench.terminal.sim.tapCard();
    await expect(progress).toContainText(words.finish.result.service.asked.title);
    await expect(progress).toContainText(words.finish.result.service.pending.title);
    await expect(progress).toContainText(words.finish.result.service.pending.text);
    await customer.done();

    await customer.buy({ offerId: 'top-up-50', phone: '13912345601' });
    stage.bench.terminal.sim.tapCard();
    await expect(progress).toContainText(words.finish.result.service.refused.title);
    await expect(page.getByRole('heading', { name: words.result.refunded })).toBeVisible();
    await expect(page.getByText(words.finish.result.refunded)).toBeVisible();
    expect(stage.bench.terminal.sim.book().map(({ amount, state }) => [amount, state])).toContainEqual([5000, 'reversed']);
    await customer.done();

    // Fulfilled comes first, and an audit takes it for an end.
    await expect.poll(async () => (await stage.hq.orders()).find(({ row }) => row.total.amount === 5000)?.row.state).toBe('refunded');
    const audit = await stage.audit(3);
    expect(audit).toMatchObject({ agree: true, strays: [], orders: [{ amount: 3000, lines: [{ form: { phone: '13912345678' } }] }, { amount: 1000, lines: [{ form: { phone: '13912345604' } }] }, { amount: 5000, kiosk: { state: 'refunded' }, terminal: null }] });
    const orders = await stage.hq.orders();
    const services = (amount: number) => orders.find(({ row }) => row.total.amount === amount)!.services;
    expect(services(3000)).toMatchObject([{ service: 'top_up', state: 'done', reference: credited, settled: { outcome: 'done' } }]);
    expect(services(1000)).toMatchObject([{ service: 'top_up', reference: null, settled: { outcome: 'pending' } }]);
    expect(['pending', 'unknown']).toContain(services(1000)[0]!.state);
    expect(services(5000)).toMatchObject([{ state: 'refused', reference: null, settled: { outcome: 'refused' } }]);
  });

  test(`a change of plan, old and new side by side and agreed to; and an application, with its number on the screen and on the slip (${language})`, async ({ stage }) => {
    const { page } = stage.kiosk;
    const sheet = page.getByRole('dialog');
    const customer = createCustomer(page, language);
    await customer.begin();
    await customer.open('plan-smooth');
    await customer.goOn();
    const change = { offerId: 'plan-smooth', phone: '13812345678', form: { effective: 'now' } };
    for (let pages = 0; pages < 2; pages += 1) {
      await customer.fillIn(change);
      await customer.goOn();
    }
    // The carrier says which plan this number has; the catalogue's usual one is not shown.
    await expect(sheet.getByRole('heading', { name: words.details.terms.title })).toBeVisible();
    for (const price of ['￥29.00', '￥79.00']) await expect(sheet.getByText(price).first()).toBeVisible();
    await expect(sheet.getByText(words.details.terms.dearer('￥50.00', words.details.terms.perMonth))).toBeVisible();
    await expect(sheet.getByText('￥99.00')).toHaveCount(0);
    await customer.goOn();
    await customer.fillIn(change);
    await customer.goOn();
    // Nobody has agreed for the customer, and without it there is no way on.
    await expect(sheet.getByRole('checkbox', { name: words.details.consent.agree })).not.toBeChecked();
    await sheet.getByRole('button', { name: words.offer.add('') }).click();
    await expect(sheet.getByRole('heading', { name: words.details.consent.title })).toBeVisible();
    await customer.fillIn(change);
    await customer.goOn();
    await customer.checkOut();
    await customer.pay();
    await customer.askedForCard();
    stage.bench.terminal.sim.tapCard();
    const progress = page.getByRole('region', { name: words.finish.result.services });
    await expect(progress).toContainText(carrierReference);
    await customer.done();

    // Whoever has a line now is asked for its account, and only they.
    const hasLine = language === 'zh';
    const form = { name: '王小明', street: '科技园南路 24 号', speed: '1000m', existing: hasLine ? 'yes' : 'no', ...(hasLine ? { account: '0755123456' } : {}) };
    await customer.begin();
    await customer.add({ offerId: 'broadband', phone: '13712345678', district: hasLine ? ['广东省', '深圳市', '南山区'] : ['Beijing', 'Chaoyang District'], form });
    await customer.checkOut();
    await expect(page.getByText(hasLine ? '0755123456' : words.checkout.nothingToPay.title, { exact: true })).toBeVisible();
    await customer.pay();
    const ticket = page.getByRole('region', { name: words.finish.result.reference });
    await expect(ticket.getByText(/^[2-9A-HJ-NP-Z]{3}( ?[2-9A-HJ-NP-Z]{3}){2}$/)).toBeVisible();
    await expect(progress).toContainText(words.finish.result.applied.title);
    const reference = (await ticket.getByText(/^[2-9A-HJ-NP-Z]{3}( ?[2-9A-HJ-NP-Z]{3}){2}$/).innerText()).replaceAll(' ', '');
    await customer.done();

    const audit = await stage.audit(2);
    expect(audit).toMatchObject({ agree: true, strays: [], orders: [{ amount: 7900 }, { amount: 0, terminal: null, printed: { slips: 1 } }] });
    expect(audit.orders[0]!.lines[0]!.form).toEqual({ phone: '13812345678', effective: 'now', consent: 'plan-2026-10' });
    expect(audit.orders[1]!.lines[0]!.form).toEqual({ ...form, contact: '13712345678', district: hasLine ? '440305' : '110105', consent: 'data-2026-10' });
    const services = (await stage.hq.orders()).flatMap((order) => order.services);
    expect(services.find(({ service }) => service === 'plan_change')).toMatchObject({ state: 'done', amount: { amount: 7900 } });
    expect(services.find(({ service }) => service === 'application')).toMatchObject({ state: 'done', number: reference });
    const slip = stage.bench.printer.sim.slips().map(slipText).at(-1)!;
    expect(slip).toContain(formatReference(reference));
    expect(slip).not.toContain('13712345678');
  });
}
