import fs from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { slipText } from '../../hardware/sim/escpos-printer/paper.ts';
import type { Stage } from './testing/kiosk-stage-rig.ts';
import { approving, openStage } from './testing/kiosk-stage-rig.ts';

/** Whole numbers with a right check digit, as no terminal should ever send them; each on a way of its own. */
const planted = { inBmp22: '5500005555555559', inCardName: '4111111111111111' } as const;

/** A number as it could be found: as text, and as the bytes on the line. */
const traces = Object.values(planted).flatMap((pan) => [pan, pan.replace(/(.{4})(?=.)/g, '$1 '), ...[pan.slice(4, -3)]]);

function expectNothingIn(text: string, where: string): void {
  for (const trace of traces) expect(text.includes(trace), `${trace} in ${where}`).toBe(false);
}

/** What a crash dump would show of core's objects: the snapshot that Node writes when it is told to by a signal. */
async function heapSnapshot(stage: Stage, folder: string): Promise<string> {
  process.kill(stage.kiosk.pid, 'SIGUSR2');
  return vi.waitFor(() => {
    const file = fs.readdirSync(folder).find((name) => name.endsWith('.heapsnapshot'));
    const text = file ? fs.readFileSync(path.join(folder, file), 'utf8') : '';
    if (!text.trimEnd().endsWith('}')) throw new Error('no whole snapshot yet');
    return text;
  }, { timeout: 60_000, interval: 200 });
}

test('a card number that a terminal sends in full is in no log, table, event, screen, paper or memory image of ours', async (context) => {
  const dumps = fs.mkdtempSync(path.join(fs.realpathSync('/tmp'), 'counter24-dumps-'));
  context.onTestFinished(() => fs.rmSync(dumps, { recursive: true }));
  vi.stubEnv('NODE_OPTIONS', `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${dumps}`);
  const stage = await openStage(context, {
    profile: 'kiosk_prints',
    terminal: { ...approving, maskedPan: planted.inBmp22, cardName: `VISA ${planted.inCardName}`, tellsTexts: true },
  });
  vi.unstubAllEnvs();

  // Approved, declined, garbled in the middle of its status, and asked for again after a restart of the terminal.
  const bought = await stage.place('cola');
  await stage.pay(bought.id);
  await stage.untilOrder(bought.id, ({ state }) => state === 'fulfilled');
  const declined = await stage.place('cola');
  stage.terminal.decline();
  await stage.pay(declined.id);
  await stage.untilOrder(declined.id, ({ payment }) => payment.kind === 'due' && payment.last === 'declined');
  stage.terminal.script([{ at: 'sending 04 0f', do: 'garble' }, { at: 'sending 04 0f', do: 'cut', skip: 1 }]);
  await stage.pay(declined.id);
  await stage.untilOrder(declined.id, ({ payment }) => payment.kind !== 'running');
  await stage.hq.until(({ kind, payload }) => kind === 'order.state' && payload.orderId === bought.id && payload.to === 'fulfilled');

  // The plants are in what we look for at all: the terminal did send them, and the receipt has what may be shown.
  expect(stage.printer.slips().map(slipText).join('\n')).toContain('550000******5559');
  expectNothingIn(stage.kiosk.log().map((line) => JSON.stringify(line)).join('\n'), 'the log');
  expectNothingIn(JSON.stringify(stage.store.everything()), 'the store');
  expectNothingIn(JSON.stringify(stage.hq.events()), 'what HQ heard');
  expectNothingIn(JSON.stringify(stage.kiosk.events()), 'what the page was told');
  expectNothingIn(stage.printer.slips().map(slipText).join('\n'), 'the paper');
  expectNothingIn(await heapSnapshot(stage, dumps), "core's memory");
});
