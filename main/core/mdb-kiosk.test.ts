import { describe, expect, test } from 'vitest';
import type { TestContext } from 'vitest';
import { createMdbReaderSim } from '../../hardware/sim/mdb-reader/sim.ts';
import type { MdbReaderSim } from '../../hardware/sim/mdb-reader/sim.ts';
import type { Stage } from './testing/kiosk-stage-rig.ts';
import { openStage } from './testing/kiosk-stage-rig.ts';

/** The same kiosk with a reader of the other family at the end of its line. */
async function openMdbStage(context: Pick<TestContext, 'onTestFinished' | 'onTestFailed'>): Promise<{ readonly stage: Stage; readonly reader: MdbReaderSim }> {
  const reader = createMdbReaderSim({ autoApproveAfterMs: 0, processingMs: 0 });
  const stage = await openStage(context, { profile: 'documented', isOutOfService: true });
  context.onTestFinished(() => reader.close());
  stage.terminal.close();
  await stage.terminalLine.unplug();
  reader.connect(stage.terminalLine.deviceEnd);
  await stage.terminalLine.plug();
  await stage.open();
  await stage.untilStatus(({ card, paper }) => card === 'ready' && paper === 'ready');
  return { stage, reader };
}

describe.concurrent('a kiosk with an MDB reader', () => {
  test('sells: one vend, ended, one receipt', async (context) => {
    const { stage, reader } = await openMdbStage(context);
    const order = await stage.place('cola');
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    expect(reader.book()).toMatchObject([{ amount: order.total.amount, state: 'paid' }]);
    expect(stage.slipsOf(order.id)).toHaveLength(1);
  });

  test('killed before it could say that the goods are out: the vend is given back, and the customer may pay again', async (context) => {
    const { stage, reader } = await openMdbStage(context);
    const order = await stage.place('umbrella');
    reader.script([{ at: 'sending d,STATUS,RESULT', do: 'silent' }]);
    await stage.pay(order.id);
    await new Promise<void>((resolve) => {
      const stop = reader.onChange(() => reader.book().some(({ state }) => state === 'held') && (stop(), resolve()));
      if (reader.book().some(({ state }) => state === 'held')) resolve();
    });
    await stage.kiosk.kill();
    reader.setSilent(false);
    await stage.restart();
    await stage.open(order.id);
    await stage.untilStatus(({ card }) => card === 'ready');
    expect(reader.book()).toMatchObject([{ state: 'given_back' }]);
    expect(stage.store.reader.order(order.id)?.state).toBe('awaiting_payment');
    await stage.pay(order.id);
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    expect(reader.book().filter(({ state }) => state === 'paid')).toMatchObject([{ amount: order.total.amount }]);
  });
});
