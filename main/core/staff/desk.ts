import path from 'node:path';
import type { KioskConfig } from '../../../domain/contract/config.ts';
import type { CodedError } from '../../../domain/contract/errors.ts';
import type { EventName, EventPayload } from '../../../domain/contract/kiosk.ts';
import type { DevicesView } from '../../../domain/contract/staff.ts';
import { ok } from '../../../domain/result.ts';
import type { Backstage } from '../backstage.ts';
import { faultOf } from '../faults.ts';
import type { Log } from '../log.ts';
import type { Selling, SellingDeps } from '../selling.ts';
import type { StaffGate, StaffHandlers } from './gate.ts';
import { createStaffGate } from './gate.ts';
import type { Login } from './login.ts';
import { createLogin } from './login.ts';
import type { StaffLogs } from './logs.ts';
import { createStaffLogs } from './logs.ts';
import { createStaffSession } from './session.ts';

export interface StaffDeskDeps {
  readonly send: <E extends EventName>(name: E, payload: EventPayload<E>) => void;
  readonly selling: () => Selling | undefined;
  /** Why there is nothing to ask now, while nothing is sold. */
  readonly outOfService: () => CodedError;
  /** Codes of errors that hold now. */
  readonly openCodes: () => ReadonlySet<string>;
  readonly around: () => Pick<DevicesView, 'hq' | 'app' | 'kioskId' | 'freeBytes' | 'paused'>;
  readonly restart: () => void;
  readonly now: () => number;
  readonly monotonicNow: () => number;
  readonly log: Log;
}

/** What staff's part of core is to the kiosk: there for as long as core runs, whatever is opened and closed around it. */
export interface StaffDesk {
  readonly gate: StaffGate;
  isIn(): boolean;
  /** Rises with each who comes in. */
  stays(): number;
  /** The store is open: people can come in. */
  open(config: KioskConfig, configFile: string, backstage: Backstage): void;
  /** Before the store is closed: whoever is in is out, and that is written down. */
  close(): void;
  /** Their page is gone, or another has come. */
  pageLost(): void;
  /** For selling, which meets staff at the scanner and in HQ's documents. */
  readonly forSelling: Pick<SellingDeps, 'isStaffIn' | 'isStaffBusy' | 'onStaffDocument' | 'onStaffCard' | 'onStaffSlots' | 'onStaffScan' | 'around'>;
}

interface Opened {
  readonly backstage: Backstage;
  readonly login: Login;
  readonly logs: StaffLogs;
}

export function createStaffDesk({ send, selling, outOfService, openCodes, around, restart, now, monotonicNow, log }: StaffDeskDeps): StaffDesk {
  let opened: Opened | undefined;

  function onFault(cause: unknown): void {
    opened?.backstage.storeFault(cause);
  }

  const session = createStaffSession({
    onOut(reason, { number }) {
      send('staff_out', { reason });
      // The next who scans is a customer.
      selling()?.scanning.test(false);
      try {
        opened?.backstage.audit.write({ staff: number, act: 'staff.logout', outcome: 'done', detail: reason });
      } catch (cause) {
        onFault(cause);
        log.error(faultOf(cause));
      }
    },
  });

  /** Whoever comes because nothing is sold still sees how the kiosk is, reads its log, and can start it again. */
  const outOfServiceHandlers: Partial<StaffHandlers> = {
    'devices.see': () => ok({ devices: [], paper: { usedMm: 0 }, waitingPrints: opened?.backstage.reader.unfinishedPrintJobs().length ?? 0, ...around() }),
    'kiosk.restart'() {
      opened?.backstage.emitter.afterCommit(restart);
      return ok({});
    },
  };

  const isIn = () => session.member() !== undefined;

  return {
    isIn,
    stays: session.stays,
    gate: createStaffGate({
      session, monotonicNow, log, onFault,
      store: () => opened && { audit: opened.backstage.audit, transaction: opened.backstage.emitter.transaction, login: opened.login },
      handlers: () => ({ ...outOfServiceHandlers, ...selling()?.staff, ...opened?.logs }),
      whyNot: outOfService,
    }),

    open({ kioskId, staff }, configFile, backstage) {
      const { staffStore, audit, emitter, documents } = backstage;
      opened = {
        backstage,
        login: createLogin({
          store: staffStore, audit, transaction: emitter.transaction, session, idleMs: staff.idleMs, now, monotonicNow,
          members: () => documents.current('staff')?.members ?? [],
          isCustomerThere: () => selling()?.isServing() ?? false,
          skewMs: () => backstage.sync()?.skewMs,
        }),
        logs: createStaffLogs({
          kioskId, book: backstage.logBook, read: backstage.read, now, devices: () => selling()?.deviceStates(), openCodes,
          stickFolders: staff.stickFolders, exportFolder: staff.exportFolder && path.resolve(path.dirname(configFile), staff.exportFolder),
        }),
      };
    },

    close() {
      session.leave('lost');
      opened = undefined;
    },
    pageLost: () => session.leave('lost'),

    forSelling: {
      isStaffIn: isIn, isStaffBusy: session.isBusy, around,
      onStaffDocument: () => opened?.login.membersChanged(),
      onStaffCard(card) {
        opened?.login.cardScanned(card);
        send('staff_card', {});
      },
      onStaffSlots: (slots) => send('staff_slot', { slots: [...slots] }),
      onStaffScan: (seen) => send('staff_scan', seen),
    },
  };
}
