import { packed, unpackNext } from '../../../../hardware/sim/zvt-terminal/bytes.ts';
import type { ZvtTerminalSimOptions } from '../../../../hardware/sim/zvt-terminal/sim.ts';
import type { Life } from './life.ts';
import type { Stage } from './stage.ts';
import type { Wire } from './wire.ts';

/** What is true of the terminal (or the printer) after the process was killed. */
export interface Truth {
  /** For the table. */
  readonly says: string;
  readonly terminal?: ZvtTerminalSimOptions;
  /** As soon as the process is gone. */
  readonly atDeath?: (stage: Stage) => void;
  readonly whileDown?: (stage: Stage) => Promise<unknown> | void;
  /** Core is up again, its page has opened. */
  readonly afterRestart?: (stage: Stage, life: Life) => Promise<unknown> | void;
  /**
   * Where nobody can tell from the terminal's answer what became of the purchase, it is held for a person: of purchases whose
   * approval was committed, or of any that were in doubt. Elsewhere holding it is a fault.
   */
  readonly mayBeHeld?: 'authorised' | 'any';
  /** Somebody else paid the same amount at the same terminal: its answer names that sale, and looks as ours would. */
  readonly mayPassForOurs?: boolean;
}

/** What `cola` costs (catalogue-rig.ts): what our customer pays, and sometimes somebody else. */
export const saleAmount = 350;
const otherAmount = 1_250;
const settleLimitMs = 30_000;

/** It is at nothing any more: no card asked for, no approval that may still be reversed. */
export function isSettled(stage: Stage): boolean {
  const { phase } = stage.terminal().display();
  return phase !== 'present_card' && phase !== 'please_wait' && stage.book().every(({ state }) => state !== 'authorised');
}

const settled = async (stage: Stage) => {
  if (!(await stage.untilTerminal(() => isSettled(stage), settleLimitMs))) throw new Error('the terminal does not come to an end by itself');
};
const reboot = (stage: Stage) => stage.terminal().reboot();
const silence = (stage: Stage) => stage.terminal().setSilent(true);
const speak = (stage: Stage) => stage.terminal().setSilent(false);

export const truths = {
  reverses: { says: 'unheard it reverses, and then core starts', whileDown: settled },
  keeps: { says: 'unheard it keeps the approval (a deviation), and then core starts', terminal: { reversesUnacknowledged: false }, whileDown: settled },
  restarts_at_once: { says: 'core starts at once, and the terminal is still at it' },
  restarts_at_once_keeps: { says: 'core starts at once, and the terminal keeps what was unheard', terminal: { reversesUnacknowledged: false } },
  reboots: { says: 'it reboots', atDeath: reboot },
  reboots_keeps: { says: 'it reboots, and keeps what was unheard', terminal: { reversesUnacknowledged: false }, atDeath: reboot },
  silent_speaks_before: { says: 'it falls silent, and speaks again before core starts', atDeath: silence, whileDown: async (stage) => (await settled(stage), speak(stage)) },
  silent_speaks_after: { says: 'it falls silent, and speaks again when core asks for the second time', atDeath: silence, afterRestart: async (stage) => (await askedTwice(stage.terminalWire), speak(stage)) },
  reversal_booked: {
    says: 'unheard it reverses, and books the reversal as a transaction that names what it takes back', terminal: { reportsReversalAsTransaction: true }, whileDown: settled,
  },
  reversal_booked_at_once: {
    says: 'core starts at once, and hears of the reversal as such a transaction', terminal: { reportsReversalAsTransaction: true },
  },
  repeat_refused_first: { says: '06 20 is refused twice, then answered', whileDown: (stage) => (repeatReceipt(stage.terminalWire, 'refused', 2), settled(stage)) },
  repeat_unanswered_first: {
    says: '06 20 is not answered twice, and the approval was kept', terminal: { reversesUnacknowledged: false },
    whileDown: (stage) => (repeatReceipt(stage.terminalWire, 'unanswered', 2), settled(stage)),
  },
  day_closed: { says: 'a day is closed meanwhile: nothing to repeat', whileDown: async (stage) => (await settled(stage), stage.replaceTerminal()), mayBeHeld: 'authorised' },
  other_sale_same_amount: {
    says: 'somebody else pays the same amount meanwhile', whileDown: async (stage) => (await settled(stage), await stage.otherSale(saleAmount)), mayBeHeld: 'authorised', mayPassForOurs: true,
  },
  other_sale_other_amount: { says: 'somebody else pays another amount meanwhile', whileDown: async (stage) => (await settled(stage), await stage.otherSale(otherAmount)), mayBeHeld: 'any' },
  tapped_after: {
    says: 'a card is tapped only when core is back',
    afterRestart: async (stage) => {
      await askedTwice(stage.terminalWire, 1);
      stage.setTapping(true);
    },
  },
  paper_out: {
    says: 'the paper runs out, and is refilled when core is back', atDeath: (stage) => stage.printer.setPaper('out'),
    afterRestart: async (stage, life) => {
      await life.until(() => life.status()?.paper === 'unavailable', 5_000);
      stage.printer.setPaper('ok');
    },
  },
  printer_power_cut: { says: 'the power cut takes the printer along', atDeath: (stage) => (stage.printer.setPower(false), stage.printer.setPower(true)) },
} as const satisfies Record<string, Truth>;

export type TruthName = keyof typeof truths;

/** Resolves when the new process has spoken to the terminal so often. */
function askedTwice(wire: Wire, times = 2): Promise<void> {
  const isFromKiosk = () => wire.passed().filter(({ from, bytes }) => from === 'kiosk' && bytes.length > 1).length;
  const before = isFromKiosk();
  return new Promise((resolve) => {
    const look = setInterval(() => {
      if (isFromKiosk() < before + times) return;
      clearInterval(look);
      resolve();
    }, 10);
  });
}

/** The terminal as it is, but for 06 20: it says 84 83, or nothing at all (PA00P015, 2.9), so many times. */
function repeatReceipt(wire: Wire, how: 'refused' | 'unanswered', times: number): void {
  let left = times;
  wire.intercept((bytes) => {
    const item = unpackNext([...bytes]);
    if (left === 0 || item.kind !== 'apdu' || item.apdu[0] !== 0x06 || item.apdu[1] !== 0x20) return false;
    left -= 1;
    wire.speak(Uint8Array.of(0x06));
    if (how === 'refused') wire.speak(packed([0x84, 0x83, 0x00]));
    return true;
  });
}
