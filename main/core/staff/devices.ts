import { codedError } from '../../../domain/contract/errors.ts';
import type { DevicesView } from '../../../domain/contract/staff.ts';
import { err, ok } from '../../../domain/result.ts';
import type { StoreReader } from '../../store/reader.ts';
import type { Devices } from '../devices.ts';
import type { Paper } from '../paper.ts';
import type { Scanning } from '../scanning.ts';
import type { ServiceActs } from '../service-acts.ts';
import { forecastOf } from '../technician.ts';
import type { StaffHandlers } from './gate.ts';

type DeviceMethod = Extract<keyof StaffHandlers, `devices.${string}`>;

export interface StaffDevicesDeps {
  readonly devices: Pick<Devices, 'states' | 'reconnect'>;
  readonly acts: ServiceActs;
  readonly paper: Paper;
  readonly reader: StoreReader;
  readonly scanning: Pick<Scanning, 'test'>;
  /** A slip is at the printer: its line stays. */
  readonly isPrinting: () => boolean;
  /** Of the kiosk around them. */
  readonly around: () => Pick<DevicesView, 'hq' | 'app' | 'kioskId' | 'freeBytes' | 'paused'>;
}

/** The devices as staff see them, and what staff may try with them. */
export function createStaffDevices({ devices, acts, paper, reader, scanning, isPrinting, around }: StaffDevicesDeps): Pick<StaffHandlers, DeviceMethod> {
  return {
    'devices.see': () => ok({ devices: [...devices.states()], paper: forecastOf(paper), waitingPrints: reader.unfinishedPrintJobs().length, ...around() }),

    'devices.new_roll'() {
      acts.newRoll();
      return ok({});
    },

    async 'devices.recover_printer'() {
      return ok({ printer: await acts.recoverPrinter() });
    },

    async 'devices.test_print'({ language }) {
      return ok({ state: await acts.printTestPage(language) });
    },

    async 'devices.diagnose_terminal'() {
      const report = await acts.serveTerminal('diagnose');
      if (!report.ok) return report;
      const { slips, clock } = report.value;
      return ok({ slips: slips.length, ...(clock ? { clock: `${clock.date} ${clock.time}` } : {}) });
    },

    async 'devices.reconnect'({ name }) {
      const device = devices.states().find((state) => state.name === name);
      if (!device) return err(codedError('STAFF_UNKNOWN', name));
      const hindrance = device.kind === 'card_terminal' ? acts.terminalHindrance() : undefined;
      // A payment that is unsettled may wait for just this; one that runs would be lost sight of.
      if (hindrance?.code === 'PAYMENT_BUSY') return err(hindrance);
      if (device.kind === 'receipt_printer' && isPrinting()) return err(codedError('DEVICE_CANNOT', 'a slip is being printed'));
      return (await devices.reconnect(name)) ? ok({}) : err(codedError('STAFF_UNKNOWN', name));
    },

    'devices.scan_test'({ on }) {
      scanning.test(on);
      return ok({});
    },
  };
}
