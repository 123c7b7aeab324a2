import type { EscPosPrinterSim } from '../hardware/sim/escpos-printer/printer-sim.ts';
import { createEscPosPrinterSim } from '../hardware/sim/escpos-printer/printer-sim.ts';
import type { Slip } from '../hardware/sim/escpos-printer/paper.ts';
import type { PrinterAction } from './actions.ts';
import type { Cable } from './lines/cable.ts';
import type { PrinterView } from './state.ts';

/** As many slips as hang in the window; the printer's book keeps all of them. */
const trayLimit = 40;
const faultLimit = 5;

/** A printer of the kind that the profile `generic-80` describes. */
export function createBenchPrinter(lineMs: number, onCable: (plugged: boolean) => void): EscPosPrinterSim {
  return createEscPosPrinterSim({ columns: 48, dots: 576, paperMm: 80, bufferBytes: 4096, lineMs, onCable });
}

export interface PrinterBench {
  view(): PrinterView;
  /** Everything but the cable, which may fail. */
  act(action: Exclude<PrinterAction, 'cable_in' | 'cable_out'>): void;
}

export function createPrinterBench(sim: EscPosPrinterSim, cable: Pick<Cable, 'path' | 'isPlugged'>, onChange: () => void): PrinterBench {
  const ids = new WeakMap<Slip, number>();
  let lastId = 0;
  /** The newest slip that was torn off, and with it all before. */
  let tornOff = 0;

  return {
    view() {
      const slips = sim.slips();
      const paper = sim.current();
      const faults = sim.faults();
      const all = slips.map((slip, index) => ({ index, id: idOf(slip) }));
      return {
        path: cable.path(),
        cable: cable.isPlugged() ? 'in' : 'out',
        machine: sim.machine(),
        slips: slips.length,
        tray: all.filter(({ id }) => id > tornOff).slice(-trayLimit).toReversed(),
        current: paper.lines.length === 0 ? undefined : `${lastId}-${paper.lines.length}`,
        bytesReceived: sim.bytesReceived(),
        bytesWaiting: sim.bytesWaiting(),
        faults: faults.slice(-faultLimit).toReversed().map(({ atByte, detail }) => `byte ${atByte}: ${detail}`),
        faultCount: faults.length,
        scriptLeft: sim.scriptLeft().length,
      };
    },
    act(action) {
      switch (action) {
        case 'paper_ok':
          return sim.setPaper('ok');
        case 'paper_low':
          return sim.setPaper('low');
        case 'paper_out':
          return sim.setPaper('out');
        case 'cover_open':
          return sim.setCover(true);
        case 'cover_close':
          return sim.setCover(false);
        case 'power_off':
          return sim.setPower(false);
        case 'power_on':
          return sim.setPower(true);
        case 'tear_off':
          tornOff = Math.max(0, ...sim.slips().map(idOf));
          return onChange();
      }
    },
  };

  function idOf(slip: Slip): number {
    const known = ids.get(slip);
    if (known !== undefined) return known;
    lastId += 1;
    ids.set(slip, lastId);
    return lastId;
  }
}
