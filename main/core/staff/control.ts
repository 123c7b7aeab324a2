import type { CodedError } from '../../../domain/contract/errors.ts';
import { codedError } from '../../../domain/contract/errors.ts';
import type { AuditNames } from '../../../domain/contract/staff.ts';
import { err, ok } from '../../../domain/result.ts';
import type { AuditEntry } from '../../../domain/staff/audit.ts';
import type { AuditCheck, AuditStore } from '../../store/audit.ts';
import type { Emitter } from '../../store/emitter.ts';
import type { Commands } from '../commands.ts';
import type { StaffHandlers } from './gate.ts';

export interface StaffControlDeps {
  readonly commands: Pick<Commands, 'pauseHere'>;
  readonly audit: AuditStore;
  /** One for each, in their order. */
  readonly auditNames: (entries: readonly AuditEntry[]) => readonly AuditNames[];
  readonly afterCommit: Emitter['afterCommit'];
  /** A payment is under way, or the terminal is at something else of which the end must be heard. */
  readonly isPaying: () => boolean;
  readonly restart: () => void;
  readonly onBroken: (error: CodedError) => void;
}

/** What concerns the kiosk as a whole, and what was done at it. */
export function createStaffControl({ commands, audit, auditNames, afterCommit, isPaying, restart, onBroken }: StaffControlDeps): Pick<StaffHandlers, 'kiosk.pause' | 'kiosk.resume' | 'kiosk.restart' | 'audit.see'> {
  let checked: AuditCheck | undefined;
  return {
    'kiosk.pause'(pause) {
      commands.pauseHere(pause);
      return ok({});
    },

    'kiosk.resume'() {
      commands.pauseHere(undefined);
      return ok({});
    },

    'kiosk.restart'() {
      if (isPaying()) return err(codedError('PAYMENT_BUSY'));
      afterCommit(restart);
      return ok({});
    },

    async 'audit.see'({ before, limit }) {
      // The whole chain is reckoned as the list is opened: its further pages are of what was reckoned then.
      if (before === undefined || !checked) {
        checked = await audit.check();
        if (!checked.whole) onBroken(codedError('AUDIT_BROKEN', checked.detail));
      }
      const { whole } = checked;
      const entries = audit.entries(before, limit);
      const names = auditNames(entries);
      return ok({ entries: entries.map((entry, index) => ({ ...entry, names: names[index] ?? {} })), whole });
    },
  };
}
