import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../../domain/payment/attempt.ts';
import type { CardDetails } from '../../../domain/payment/card.ts';
import { resolveAttempt } from '../../../domain/payment/resolve.ts';
import type { Script, ScriptStep } from '../../sim/script/script.ts';
import type { BookEntry } from '../../sim/zvt-terminal/book.ts';
import type { ZvtTerminalSimOptions } from '../../sim/zvt-terminal/sim.ts';
import type { AuthorisationOutcome } from './port.ts';
import { terminalProfiles } from './profiles.ts';
import type { TerminalProfile } from './profiles.ts';
import { bench, letRun, price, purchase, until } from './zvt-terminal.fixture.ts';

type Resolved = 'paid' | 'not_paid' | 'unclear' | 'unasked';

interface Sale {
  readonly outcome: AuthorisationOutcome;
  readonly resolved: Resolved;
  readonly commits: readonly CardDetails[];
  readonly book: readonly BookEntry[];
}

interface Scene {
  readonly profile?: Partial<TerminalProfile>;
  readonly sim?: ZvtTerminalSimOptions;
}

/** One purchase under a script, and what the journal's rule makes of it when everything works again. */
async function sale(script: Script, { profile = {}, sim: simOptions = {} }: Scene): Promise<Sale> {
  const cable = { set: (_plugged: boolean) => {} };
  const started = await bench({ profile, sim: { autoApproveAfterMs: 1_000, framing: profile.framing ?? 'serial', onCable: (plugged) => cable.set(plugged), ...simOptions } });
  const { sim, terminal, line } = started;
  cable.set = (plugged) => void (plugged ? started.mend() : line.cut());
  try {
    await started.ready();
    const loaded = sim.script(script);
    if (!loaded.ok) throw new Error(loaded.error);
    const { authorisation, approvals } = purchase();
    const outcome = await letRun(terminal.authorise(authorisation));
    // Whatever was broken is mended, and the terminal works again.
    sim.script([]);
    await started.mend();
    sim.setSilent(false);
    await until(() => sim.book().every(({ state }) => state !== 'authorised'));
    const resolved = outcome.kind === 'unknown' ? await ask(outcome, approvals) : 'unasked';
    await until(() => terminal.state().kind === 'ready');
    return { outcome, resolved, commits: approvals, book: sim.book() };
  } finally {
    await started.close();
  }

  async function ask(outcome: AuthorisationOutcome & { readonly kind: 'unknown' }, approvals: readonly CardDetails[]): Promise<Resolved> {
    let answer = await letRun(terminal.lastTransaction());
    // A registration that hangs is waited for as long as a payment.
    for (let again = 0; !answer.ok && again < 8; again += 1) answer = await letRun(terminal.lastTransaction());
    expect(answer.ok, 'a terminal that works answers what it did last').toBe(true);
    if (!answer.ok) return 'unclear';
    const card = outcome.refused ?? approvals[0];
    const attempt = { amount: price, state: 'unknown', ...(card ? { card } : {}), ...(outcome.refused ? { refused: true } : {}) } as Attempt;
    const baseline = terminal.baseline();
    return resolveAttempt(attempt, answer.value, baseline?.kind === 'transaction' ? [baseline.card] : []).kind;
  }
}

/** The book of the terminal and what is said to the customer never contradict each other. */
function expectTruth({ outcome, resolved, commits, book }: Sale): void {
  // No rule helps against a terminal that takes back what was final and does not say so.
  if (book.some(({ reason }) => reason === 'by itself, though it was final')) return;
  const paid = book.filter(({ state, reason }) => state === 'approved' && reason !== 'of somebody else');
  expect(paid.length).toBeLessThanOrEqual(1);
  expect(commits.length).toBeLessThanOrEqual(1);
  const told = outcome.kind === 'unknown' ? resolved : outcome.kind;
  if (told === 'approved' || told === 'paid') expect(paid).toHaveLength(1);
  else if (told !== 'unclear') expect(paid).toEqual([]);
  // No purchase is told as approved that was not committed before.
  if (outcome.kind === 'approved') {
    expect(commits).toHaveLength(1);
    expect(outcome.card.receiptNumber).toBe(paid[0]?.receiptNumber);
  }
}

const messages = ['received 06 01', 'sending 80 00', 'sending 04 ff', 'received 80 00', 'sending 04 0f', 'sending 06 0f'];
const faults = ['drop', 'cut', 'garble', 'double', 'delay', 'lose_ack', 'nak'];

describe.each([
  ['over a serial line', {}],
  ['of a terminal that keeps what nobody acknowledged', { sim: { reversesUnacknowledged: false } }],
  ['of a terminal that shows its reversals as transactions', { sim: { reportsReversalAsTransaction: true } }],
  ['whose slips we print', { profile: terminalProfiles.kiosk_prints }],
  ['over TCP', { profile: terminalProfiles.network }],
] as [string, Scene][])('a purchase %s', (_name, scene) => {
  test('without any fault is approved', async () => {
    const made = await sale([], scene);
    expect(made.outcome.kind).toBe('approved');
    expectTruth(made);
  });

  test.each(messages)('with one fault at each "%s" ends in what the terminal has booked', async (at) => {
    for (const skip of at === 'sending 04 ff' ? [0, 1] : at === 'received 80 00' ? [0, 1, 2, 3] : [0]) {
      for (const fault of faults) {
        for (const times of [1, 3]) {
          const made = await sale([{ at, do: fault, skip, times, ...(fault === 'delay' ? { value: times === 1 ? 2_000 : 7_000 } : {}) }], scene);
          expectTruth(made);
        }
      }
    }
  });

  test.each(['silent', 'reboot', 'unplug'])('in which the terminal is hit by "%s" at any moment ends in what it has booked', async (action) => {
    const moments = ['received 06 01', 'sent 80 00', 'sent 04 ff', 'card asked for', 'card tapped', 'authorised', 'sending 04 0f', 'sent 04 0f', 'acknowledged 04 0f', 'answered 04 0f', 'approved', 'sending 06 0f', 'sent 06 0f', 'acknowledged 06 0f'];
    for (const at of moments) expectTruth(await sale([{ at, do: action }], scene));
  });

  test('under any script of three steps ends in what the terminal has booked', async () => {
    const step: fc.Arbitrary<ScriptStep> = fc.record({
      at: fc.constantFrom(...messages, 'sent 04 ff', 'sent 04 0f', 'acknowledged 04 0f', 'answered 04 0f', 'card asked for', 'card tapped', 'authorised', 'received 84 66', 'received 06 b0', 'received 06 20', 'sending 06 1e', 'sent 06 1e'),
      do: fc.constantFrom(...faults, 'silent', 'speak', 'reboot', 'decline', 'cancel', 'reverse', 'approve_and_fall_silent', 'foreign_sale', 'unplug', 'plug'),
      skip: fc.integer({ min: 0, max: 2 }),
      times: fc.integer({ min: 1, max: 3 }),
      value: fc.integer({ min: 0, max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 3 }), fc.option(fc.integer({ min: 1, max: 9_000 }), { nil: undefined }), async (script, afterMs) => {
        const last = script.at(-1);
        expectTruth(await sale(afterMs === undefined || !last ? script : [...script.slice(0, -1), { ...last, afterMs }], scene));
      }),
      { numRuns: 150 },
    );
  });

  test('with any byte of it lost, turned, or the last one ends in what the terminal has booked', async () => {
    if (scene.profile?.framing === 'tcp') return expectTruth(await sale([{ at: 'byte out 5', do: 'unplug' }], scene));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('byte in', 'byte out'), fc.integer({ min: 1, max: 140 }), fc.constantFrom('drop', 'garble', 'unplug', 'silent', 'reboot'), async (way, count, action) => {
        expectTruth(await sale([{ at: `${way} ${count}`, do: action }], scene));
      }),
      { numRuns: 60 },
    );
  });
});
