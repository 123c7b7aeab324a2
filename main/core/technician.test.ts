import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OrderId } from '../../domain/ids.ts';
import { createZvtTerminalSim } from '../../hardware/sim/zvt-terminal/sim.ts';
import type { TechnicianMethod, TechnicianParams } from '../../domain/contract/technician.ts';
import { technicianSocketName } from '../../domain/contract/technician.ts';
import { askKiosk } from '../../hardware/cli/kiosk-socket.ts';
import type { Stage } from './testing/kiosk-stage-rig.ts';
import { approving, openStage } from './testing/kiosk-stage-rig.ts';

async function ask<M extends TechnicianMethod>(stage: Stage, method: M, params: TechnicianParams<M>) {
  const answer = await askKiosk(stage.dataFolder, method, params, 30_000);
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.detail}`);
  return answer.value;
}

const fulfilled = (stage: Stage) => stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.to === 'fulfilled');

describe.concurrent('a technician at the command line', () => {
  test('hears the state of each device, how far the paper will last, and what waits', async (context) => {
    const stage = await openStage(context);
    expect(await ask(stage, 'status', {})).toMatchObject({
      kiosk: { service: { kind: 'in_service' }, card: 'ready', paper: 'ready' },
      devices: [{ name: 'receipt printer', code: 'PRINTER_READY', severity: 'ok' }, { name: 'card terminal', code: 'TERMINAL_READY', severity: 'ok' }],
      paper: { usedMm: 0 },
      waitingPrints: 0,
    });
    stage.printer.setCover(true);
    await stage.untilStatus(({ paper }) => paper === 'unavailable');
    expect((await ask(stage, 'status', {})).devices[0]).toMatchObject({ code: 'PRINTER_COVER_OPEN', advice: { en: expect.stringContaining('cover') } });
  });

  test('prints a test page, which is no receipt of anybody', async (context) => {
    const stage = await openStage(context);
    expect(await ask(stage, 'print-test', { language: 'en' })).toEqual({ state: 'done' });
    await stage.untilPaper((slips) => slips.length === 1);
    expect(stage.store.orderIds()).toEqual([]);
  });

  test('may have the terminal try its way to the bank, but not while a customer pays', async (context) => {
    const stage = await openStage(context);
    await ask(stage, 'terminal', { operation: 'diagnose' });
    const order = await stage.place('cola');
    await stage.pay(order.id);
    await stage.untilPhase('present_card');
    expect(await askKiosk(stage.dataFolder, 'terminal', { operation: 'diagnose' }, 10_000)).toMatchObject({ ok: false, error: { code: 'PAYMENT_BUSY' } });
    stage.terminal.tapCard();
    await fulfilled(stage);
    await stage.expectAgreement();
  });

  test('decides about a receipt of which nobody knows: a copy says so, and comes once', async (context) => {
    const stage = await openStage(context, { printer: { lineMs: 5 } });
    const order = await stage.place('city-map');
    await stage.untilPaper((_, current) => current.includes(order.number));
    await stage.kiosk.kill();
    await stage.restart();
    await stage.open(order.id);
    await stage.untilStatus(({ paper }) => paper === 'ready');
    const { items } = await ask(stage, 'attention.list', {});
    expect(items).toMatchObject([{ kind: 'print_uncertain', orderId: order.id }]);
    await ask(stage, 'attention.settle', { id: items[0]!.id, decision: 'print_copy' });
    await stage.untilPaper((slips) => slips.filter((slip) => slip.includes('COPY') && slip.includes(order.number)).length === 1);
    expect(await ask(stage, 'attention.settle', { id: items[0]!.id, decision: 'print_copy' }), 'asked twice, done once').toEqual({});
    expect(await askKiosk(stage.dataFolder, 'attention.settle', { id: items[0]!.id, decision: 'leave' }, 5000)).toMatchObject({ error: { code: 'ATTENTION_UNKNOWN' } });
    expect((await ask(stage, 'attention.list', {})).items).toEqual([]);
    await stage.hq.until(({ kind, payload }) => kind === 'job.state' && payload.kind === 'print_copy' && payload.state === 'done');
    expect((await ask(stage, 'status', {})).waitingPrints).toBe(0);
  });

  test('decides about a payment that fits nothing, and the kiosk takes cards again', async (context) => {
    // Approved and committed, never acknowledged; and when it is asked, the terminal has sold to somebody else meanwhile.
    const stage = await openStage(context, { terminal: { ...approving, t2Ms: 4000, t3Ms: 500 } });
    const order = await stage.place('umbrella');
    stage.terminal.script.approveAndFallSilent = 'after_status';
    await stage.pay(order.id);
    await stage.untilPhase('hung');
    await stage.hq.until(({ kind, payload }) => kind === 'payment.attempt' && payload.state === 'authorised');
    await stage.kiosk.kill();
    stage.terminal.setSilent(false);
    await stage.untilBook((book) => book.some(({ state }) => state === 'reversed'));
    stage.terminal.script([{ at: 'received 06 20', do: 'foreign_sale', value: 100 }]);
    await stage.restart();
    await stage.open(order.id);
    await stage.hq.until(({ kind }) => kind === 'attention.raised');
    const { items } = await ask(stage, 'attention.list', {});
    expect(items).toMatchObject([{ kind: 'payment_unclear', orderId: order.id, amount: order.total, card: { receiptNumber: '0001' } }]);
    expect((await ask(stage, 'status', {})).kiosk.card).toBe('held');

    await ask(stage, 'attention.settle', { id: items[0]!.id, decision: 'not_paid' });
    await stage.untilStatus(({ card }) => card === 'ready');
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    await stage.expectAgreement();
  });

  test('has looked at a sale of somebody else, and it pays for nobody later', async (context) => {
    const stage = await openStage(context, { isQuick: true, terminal: { ...approving, t2Ms: 4000, t3Ms: 300 } });
    const silentFor = async (orderId: OrderId) => {
      stage.terminal.setSilent(true);
      await stage.pay(orderId);
      await stage.untilOrder(orderId, ({ payment }) => payment.kind === 'unknown');
    };
    const first = await stage.place('umbrella');
    await silentFor(first.id);
    const price = stage.placing('cola').shownTotal.amount;
    stage.terminal.script([{ at: 'received 06 20', do: 'foreign_sale', value: price }]);
    stage.terminal.setSilent(false);
    await stage.hq.until(({ kind }) => kind === 'attention.raised');
    const { items } = await ask(stage, 'attention.list', {});
    expect(items).toMatchObject([{ kind: 'payment_unclear', orderNumber: first.number, lastCard: { receiptNumber: '0001' } }]);
    await ask(stage, 'attention.settle', { id: items[0]!.id, decision: 'not_paid' });
    await stage.untilStatus(({ card }) => card === 'ready');

    const next = await stage.place('cola');
    await silentFor(next.id);
    stage.terminal.setSilent(false);
    await stage.untilOrder(next.id, ({ payment }) => payment.kind === 'due' && payment.last === 'not_paid');
    expect(stage.terminal.book()).toMatchObject([{ reason: 'of somebody else' }]);
    await stage.expectAgreement();
  });

  test('does not send back what another terminal has used the number of', async (context) => {
    const stage = await openStage(context, { terminal: approving });
    const first = await stage.place('cola');
    await stage.pay(first.id);
    await stage.untilOrder(first.id, ({ state }) => state === 'fulfilled');
    stage.terminal.close();
    const replacement = createZvtTerminalSim({ ...approving, terminalId: '24009999' });
    context.onTestFinished(() => replacement.close());
    await stage.terminalLine.unplug();
    replacement.connect(stage.terminalLine.deviceEnd);
    await stage.untilStatus(({ card }) => card === 'unavailable');
    await stage.terminalLine.plug();
    await stage.untilStatus(({ card }) => card === 'ready');
    const second = await stage.place('cola');
    await stage.pay(second.id);
    await stage.untilOrder(second.id, ({ state }) => state === 'fulfilled');
    expect(stage.store.reader.attempts(second.id)[0]?.card?.receiptNumber).toBe(stage.store.reader.attempts(first.id)[0]?.card?.receiptNumber);

    expect(await ask(stage, 'reverse', { order: first.number })).toEqual({ number: first.number, amount: first.total });
    await stage.hq.until(({ kind }) => kind === 'attention.raised');
    expect((await ask(stage, 'attention.list', {})).items).toMatchObject([{ kind: 'reversal_refused', orderId: first.id, detail: expect.stringContaining('again') }]);
    expect(replacement.book()).toMatchObject([{ state: 'approved' }]);
    expect(stage.store.reader.order(first.id)?.state).toBe('fulfilled');
  });

  test('finds what a terminal will not tell on the list, and not held for ever', async (context) => {
    const stage = await openStage(context, { isQuick: true, terminal: { ...approving, t2Ms: 4000, t3Ms: 300, repeatReceipt: 'refused' } });
    const order = await stage.place('cola');
    stage.terminal.script.approveAndFallSilent = 'before_status';
    await stage.pay(order.id);
    await stage.untilPhase('hung');
    await stage.untilOrder(order.id, ({ payment }) => payment.kind === 'unknown');
    stage.terminal.setSilent(false);
    await stage.hq.until(({ kind }) => kind === 'attention.raised');
    const { items } = await ask(stage, 'attention.list', {});
    expect(items).toMatchObject([{ kind: 'payment_unclear', orderId: order.id }]);
    await ask(stage, 'attention.settle', { id: items[0]!.id, decision: 'not_paid' });
    await stage.untilStatus(({ card }) => card === 'ready');
  });

  test("closes the terminal's day: its totals are told, and what was paid before is not sent back by it any more", async (context) => {
    const stage = await openStage(context, { terminal: approving });
    const order = await stage.place('cola');
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    expect(await ask(stage, 'terminal', { operation: 'end_of_day' })).toMatchObject({ totals: { total: order.total, count: 1 } });
    await ask(stage, 'reverse', { order: order.number });
    await stage.hq.until(({ kind }) => kind === 'attention.raised');
    expect((await ask(stage, 'attention.list', {})).items).toMatchObject([{ kind: 'reversal_refused', orderId: order.id }]);
    await stage.expectAgreement();
  });

  test('says that a new roll is in', async (context) => {
    const stage = await openStage(context, { rollMetres: 1.5 });
    const order = await stage.place('city-map');
    await stage.untilOrder(order.id, ({ receipt }) => receipt.kind === 'printed');
    await stage.untilStatus(({ paper }) => paper === 'low');
    await ask(stage, 'new-roll', {});
    expect((await ask(stage, 'status', {})).paper.usedMm).toBe(0);
  });

  test('hears from a kiosk out of service why it is', async (context) => {
    const stage = await openStage(context, { isOutOfService: true, before: ({ catalogueFile }) => fs.rmSync(catalogueFile) });
    await stage.kiosk.untilLog(({ code }) => code === 'CATALOGUE_MISSING');
    expect(await ask(stage, 'status', {})).toMatchObject({ kiosk: { service: { kind: 'out_of_service', reason: { code: 'CATALOGUE_MISSING' } } }, devices: [] });
    expect(await askKiosk(stage.dataFolder, 'print-test', { language: 'en' }, 5000)).toMatchObject({ error: { code: 'OUT_OF_SERVICE' } });
  });

  test('sends a payment back: once, and the terminal, the store and HQ say so', async (context) => {
    const stage = await openStage(context, { terminal: approving });
    const order = await stage.place('cola');
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    await ask(stage, 'reverse', { order: order.number });
    await stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.to === 'refunded');
    expect(stage.terminal.book().filter(({ state }) => state === 'approved')).toEqual([]);
    expect(await askKiosk(stage.dataFolder, 'reverse', { order: order.id }, 5000)).toMatchObject({ ok: false });
    await stage.expectAgreement();
  });

  test('is told clearly what cannot be done', async (context) => {
    const stage = await openStage(context);
    const order = await stage.place('cola');
    expect(await askKiosk(stage.dataFolder, 'reprint', { order: 'Z999' }, 5000)).toMatchObject({ error: { code: 'ORDER_UNKNOWN' } });
    expect(await askKiosk(stage.dataFolder, 'reprint', { order: order.number }, 5000)).toMatchObject({ error: { code: 'ORDER_NOT_PAID' } });
    expect(await askKiosk(stage.dataFolder, 'reverse', { order: order.number }, 5000)).toMatchObject({ error: { code: 'ORDER_NOT_PAID' } });
  });

  test('finds a socket that is closed to all others, and that rubbish does not harm', async (context) => {
    const stage = await openStage(context);
    const file = path.join(stage.dataFolder, technicianSocketName);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    for (const rubbish of ['\n\n{}\n', 'no json\n', `${'x'.repeat(1_100_000)}\n`, '{"id":1,"method":"constructor","params":{}}\n']) {
      const socket = net.connect(file);
      socket.on('error', () => {});
      const closed = new Promise((resolve) => socket.once('close', resolve));
      const answered = new Promise((resolve) => socket.once('data', resolve));
      socket.end(rubbish);
      await Promise.race([closed, answered]);
      socket.destroy();
    }
    expect((await ask(stage, 'status', {})).kiosk.service.kind).toBe('in_service');
    expect(await stage.errors()).toEqual([]);
  });
});
