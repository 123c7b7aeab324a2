import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Receipt } from '../../../domain/receipt/receipt.ts';
import { slipText } from '../../sim/escpos-printer/paper.ts';
import { printerVocabulary } from '../../sim/escpos-printer/vocabulary.ts';
import { createRig, settled } from './printer-rig.ts';
import { printerProfiles } from './profiles.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A receipt that no other job has, long enough for two or three markers on its way. */
function numbered(job: number, lines: number): Receipt {
  const line = (text: string) => ({ kind: 'text', text, align: 'left', size: 'normal', bold: false }) as const;
  return { language: 'zh', lines: [line(`begin ${job}.`), ...Array.from({ length: lines }, (_, index) => line(`job ${job} line ${index} 招牌牛肉面`)), { kind: 'qr', data: `HTTPS://EXAMPLE.COM/${job}` }, line(`end ${job}.`)] };
}

function wholeOf(job: number, lines: number): string {
  return [`begin ${job}.`, ...Array.from({ length: lines }, (_, index) => `job ${job} line ${index} 招牌牛肉面`), '', `[QR HTTPS://EXAMPLE.COM/${job}]`, '', `end ${job}.`].join('\n');
}

const moment = fc.oneof(
  fc.constantFrom(...printerVocabulary.moments.filter((name) => !name.endsWith(' '))),
  fc.integer({ min: 1, max: 3000 }).map((byte) => `byte ${byte}`),
);
/** How long an action lasts, where it may end by itself. A printer takes its time to start; answers are late, or not at all. */
const lasting: Readonly<Record<string, readonly number[]>> = { power_off: [1500, 4000], silent: [300, 2500], too_hot: [200, 8000], delay_answer: [5, 300, 700], paper_ok: [60, 400, 50_000] };

const step = fc.record({ at: moment, skip: fc.nat({ max: 6 }), do: fc.constantFrom(...printerVocabulary.actions.filter((action) => action !== 'double_answer' && action !== 'power_on')), pick: fc.nat({ max: 2 }), afterMs: fc.option(fc.constantFrom(0, 20, 300, 2000), { nil: undefined }) }).map(({ at, skip, do: action, pick, afterMs }) => {
  const values = lasting[action];
  return { at, skip, do: action, ...(afterMs === undefined ? {} : { afterMs }), ...(values === undefined ? {} : { value: values[pick % values.length]! }) };
});

test('whatever a script does: each print settles, "printed" is one whole slip, "not started" is no paper, no slip mixes two receipts, and in the end it prints again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        script: fc.array(step, { maxLength: 8 }),
        jobs: fc.array(fc.record({ lines: fc.constantFrom(1, 8, 40), waitMs: fc.constantFrom(0, 0, 400, 3000) }), { minLength: 1, maxLength: 5 }),
        flowControl: fc.constantFrom('none', 'xon_xoff', 'rts_cts'),
        automaticStatus: fc.boolean(),
        recoverClearsWhenStopped: fc.boolean(),
        busyWhenOffline: fc.boolean(),
        bufferBytes: fc.constantFrom(1024, 4096),
        lineMs: fc.constantFrom(5, 60),
      }),
      async ({ script, jobs, flowControl, automaticStatus, bufferBytes, lineMs, recoverClearsWhenStopped, busyWhenOffline }) => {
        const profile = { ...printerProfiles['generic-58'], flowControl, automaticStatus, bufferBytes };
        const rig = await createRig({ profile, lineMs, lineBaud: 19_200, sim: { recoverClearsWhenStopped, busyWhenOffline, nearEndMm: 100 } });
        expect(rig.sim.script(script)).toEqual({ ok: true, value: undefined });
        const outcomes: Promise<{ job: number; lines: number; outcome: string }>[] = [];
        const print = (lines: number): void => {
          const job = outcomes.length;
          outcomes.push(rig.printer.print(numbered(job, lines)).then((result) => ({ job, lines, outcome: result.ok ? 'printed' : result.error.kind })));
        };
        for (const { lines, waitMs } of jobs) {
          print(lines);
          await vi.advanceTimersByTimeAsync(waitMs);
        }
        await settled(Promise.all(outcomes));
        // Somebody comes and puts everything right.
        rig.sim.script([]);
        rig.sim.setCutterJam(false);
        rig.sim.setTooHot(false);
        rig.sim.setJammed(false);
        rig.sim.setBroken(false);
        rig.sim.setSilent(false);
        await vi.advanceTimersByTimeAsync(5000);
        rig.sim.setPower(true);
        await rig.plugIn();
        rig.sim.setCover(false);
        rig.sim.setPaper('ok', 50_000);
        await vi.advanceTimersByTimeAsync(60_000);
        print(8);
        const results = await settled(Promise.all(outcomes));
        expect(results.at(-1)?.outcome).toBe('printed');

        const papers = [...rig.sim.slips(), rig.sim.current()].map((slip) => slipText(slip).trim());
        for (const { job, lines, outcome } of results) {
          const of = papers.filter((paper) => new RegExp(`begin ${job}\\.|job ${job} line|end ${job}\\.`).test(paper));
          if (outcome === 'not_started') expect(of).toEqual([]);
          if (outcome === 'printed') expect(of).toEqual([wholeOf(job, lines)]);
        }
        for (const paper of papers) expect(new Set([...paper.matchAll(/(?:begin|job|end) (\d+)/g)].map((match) => match[1])).size).toBeLessThanOrEqual(1);
        await settled(rig.printer.close());
        rig.sim.close();
        expect(rig.listeners()).toBe(0);
      },
    ),
    { numRuns: 100 },
  );
});
