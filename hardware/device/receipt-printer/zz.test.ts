import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Receipt } from '../../../domain/receipt/receipt.ts';
import { slipText } from '../../sim/escpos-printer/paper.ts';
import type { PrinterRig } from './printer-rig.ts';
import { createRig, settled } from './printer-rig.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A receipt that no other job has. */
function numbered(job: number): Receipt {
  const line = (text: string) => ({ kind: 'text', text, align: 'left', size: 'normal', bold: false }) as const;
  return { language: 'zh', lines: [line(`begin ${job}.`), line('谢谢光临'), { kind: 'qr', data: `HTTPS://EXAMPLE.COM/${job}` }, line(`end ${job}.`)] };
}

const acts: Readonly<Record<string, (rig: PrinterRig) => unknown>> = {
  nothing: () => undefined,
  'paper out': (rig) => rig.sim.setPaper('out'),
  'paper out soon': (rig) => rig.sim.paperOutAfter(3),
  'paper in': (rig) => rig.sim.setPaper('ok'),
  'cover open': (rig) => rig.sim.setCover(true),
  'cover closed': (rig) => rig.sim.setCover(false),
  'power off': (rig) => rig.sim.setPower(false),
  // Printers take more than a second to start, and answer nothing meanwhile.
  'power on': async (rig) => {
    await vi.advanceTimersByTimeAsync(1500);
    rig.sim.setPower(true);
  },
  'cable out': (rig) => rig.line.cut(),
  'cable in': (rig) => rig.plugIn(),
  'stray byte': (rig) => rig.far.write(Uint8Array.of(0x00), 100),
};

/** The driver tells up to three bytes that look like a confirmation from one. */
function fewStrays(steps: readonly { readonly act: string }[]): boolean {
  return steps.filter(({ act }) => act === 'stray byte').length <= 3;
}

test('whatever happens to paper, cover, power and cable: "printed" is one whole slip, "not started" is no paper, and nothing prints twice', {timeout:580000}, async () => {
  const step = fc.record({
    print: fc.boolean(),
    waitMs: fc.constantFrom(0, 30, 100, 250, 600, 3000),
    act: fc.constantFrom(...Object.keys(acts)),
    thenMs: fc.constantFrom(0, 50, 400, 3000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }).filter(fewStrays), async (steps) => {
      const rig = await createRig({ lineMs: 20 });
      const outcomes: Promise<{ job: number; outcome: string }>[] = [];
      for (const { print, waitMs, act, thenMs } of steps) {
        const job = outcomes.length;
        if (print) outcomes.push(rig.printer.print(numbered(job)).then((result) => ({ job, outcome: result.ok ? 'printed' : result.error.kind })));
        await vi.advanceTimersByTimeAsync(waitMs);
        await acts[act]?.(rig);
        await vi.advanceTimersByTimeAsync(thenMs);
      }
      // In the end somebody comes and puts everything right: one more receipt, and all that is left in the printer comes out.
      for (const mend of ['power on', 'cable in', 'paper in', 'cover closed']) await acts[mend]?.(rig);
      await vi.advanceTimersByTimeAsync(30_000);
      const last = outcomes.length;
      outcomes.push(rig.printer.print(numbered(last)).then((result) => ({ job: last, outcome: result.ok ? 'printed' : result.error.kind })));
      const results = await settled(Promise.all(outcomes));
      expect(results.at(-1)?.outcome).toBe('printed');

      const papers = [...rig.sim.slips(), rig.sim.current()].map(slipText);
      for (const { job, outcome } of results) {
        const begun = papers.filter((paper) => paper.includes(`begin ${job}.`));
        expect(begun.length).toBeLessThanOrEqual(1);
        if (outcome === 'not_started') expect(begun).toEqual([]);
        // White paper before it does no harm: an earlier clearing that lost its power.
        if (outcome === 'printed') expect(begun.map((paper) => paper.trim())).toEqual([`begin ${job}.\n谢谢光临\n\n[QR HTTPS://EXAMPLE.COM/${job}]\n\nend ${job}.`]);
      }
      await settled(rig.printer.close());
      expect(rig.listeners()).toBe(0);
    }),
    { numRuns: 120000 },
  );
});
