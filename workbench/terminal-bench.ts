import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import type { ZvtTerminalSim } from '../hardware/sim/zvt-terminal/sim.ts';
import type { ActionRefusal, TerminalAction } from './actions.ts';
import type { Cable } from './lines/cable.ts';
import type { TerminalView } from './state.ts';

/** As many transactions as stand in the window; the terminal's book keeps all of them. */
const bookLimit = 100;

export interface TerminalBench {
  view(): TerminalView;
  /** Everything but the cable, which may fail. */
  act(action: Exclude<TerminalAction, 'cable_in' | 'cable_out'>): Result<void, ActionRefusal>;
}

export function createTerminalBench(sim: ZvtTerminalSim, cable: Pick<Cable, 'path' | 'isPlugged'>, onChange: () => void): TerminalBench {
  /** How many were declined when the last decline was ordered: it is used up when there is one more. */
  let declinedBefore: number | undefined;

  return {
    view() {
      const { phase, zh, en } = sim.display();
      const book = sim.book();
      return {
        path: cable.path(),
        cable: cable.isPlugged() ? 'in' : 'out',
        state: phase,
        display: { zh, en },
        silent: sim.isSilent(),
        declinesNext: declinedBefore === declined(),
        booked: book.length,
        book: book.slice(-bookLimit).toReversed(),
        scriptLeft: sim.scriptLeft().length,
      };
    },
    act(action) {
      switch (action) {
        case 'tap_card':
          return sim.tapCard() ? ok() : notNow('the card terminal asks for no card now');
        case 'cancel':
          return sim.cancel() ? ok() : notNow('there is nothing to cancel now');
        case 'decline':
          declinedBefore = declined();
          sim.decline();
          onChange();
          return ok();
        case 'silent_on':
          sim.setSilent(true);
          return ok();
        case 'silent_off':
          sim.setSilent(false);
          return ok();
        case 'reboot':
          sim.reboot();
          return ok();
      }
    },
  };

  function declined(): number {
    return sim.book().filter(({ state }) => state === 'declined').length;
  }
}

function notNow(detail: string): Result<void, ActionRefusal> {
  return err({ kind: 'not_now', detail });
}
