import path from 'node:path';
import type { CodedError } from '../../../domain/contract/errors.ts';
import { codedError } from '../../../domain/contract/errors.ts';
import { faultWords } from '../../../domain/contract/fault-advice.ts';
import type { Fault, LogEntry } from '../../../domain/contract/staff.ts';
import type { DeviceState } from '../../../domain/device/state.ts';
import type { OrderId } from '../../../domain/ids.ts';
import { err, ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';
import type { StoredEntry } from '../../store/logs/entry.ts';
import type { StoredFault } from '../../store/logs/log-reader.ts';
import type { SqlRow, SqlValue } from '../../store/short-read.ts';
import { deadlinePassed, within } from '../../../hardware/transport/deadline.ts';
import type { LogBook } from '../log-book.ts';
import type { StaffHandlers } from './gate.ts';
import type { TargetsDeps } from './log-targets.ts';
import { exportTargets } from './log-targets.ts';
import { orderTrail } from './log-trail.ts';

export interface StaffLogsDeps extends TargetsDeps {
  readonly kioskId: string;
  readonly book: Pick<LogBook, 'ask'> | undefined;
  /** Of the store, beside whoever sells. */
  readonly read: (sql: string, parameters?: readonly SqlValue[]) => Promise<Result<readonly SqlRow[], CodedError>>;
  /** Undefined while the kiosk has none, out of service. */
  readonly devices: () => readonly DeviceState[] | undefined;
  /** Codes of errors that hold now, as far as the kiosk knows: why it is out of service, that HQ is away. */
  readonly openCodes: () => ReadonlySet<string>;
  readonly now: () => number;
}

export type StaffLogs = Pick<StaffHandlers, 'logs.find' | 'logs.since' | 'logs.faults' | 'logs.trail' | 'logs.targets' | 'logs.export'>;

/** What has not come again for so long, and of which nothing tells how it is, is over. */
const freshMs = 15 * 60_000;
/** A whole log on a slow stick takes two minutes. */
const exportWithinMs = 10 * 60_000;

/** What staff may ask of the log; the gate has let them through. */
export function createStaffLogs({ kioskId, book, read, devices, openCodes, now, ...places }: StaffLogsDeps): StaffLogs {
  const away = () => err(codedError('STORE_FAILED', 'the log is not open'));

  return {
    async 'logs.find'({ filter, before, limit }) {
      const found = await book?.ask('find', { filter, before, limit });
      if (!found?.ok) return found ? err(codedError('STORE_FAILED', found.error)) : away();
      const { entries, next, sources, newest, tookMs } = found.value;
      return ok({ entries: entries.map(entryOf), more: next !== undefined, ...(next === undefined ? {} : { next }), sources: [...sources], newest, tookMs });
    },

    async 'logs.since'({ filter, after, limit }) {
      const found = await book?.ask('since', { filter, after, limit });
      if (!found?.ok) return found ? err(codedError('STORE_FAILED', found.error)) : away();
      return ok({ entries: found.value.entries.map(entryOf), newest: found.value.newest });
    },

    async 'logs.faults'() {
      const found = await book?.ask('faults', {});
      const known = found?.ok ? found.value : [];
      return ok({ faults: faultsOf(known, devices(), openCodes(), now()) });
    },

    async 'logs.trail'({ orderId }) {
      if (!book) return away();
      const trail = await orderTrail({ book, read }, orderId);
      if (!trail.ok) return trail;
      if (!trail.value) return err(codedError('ORDER_UNKNOWN', orderId));
      return ok({ ...(trail.value.number === undefined ? {} : { number: trail.value.number }), steps: [...trail.value.steps] });
    },

    async 'logs.targets'() {
      return ok({ targets: [...(await exportTargets(places))] });
    },

    async 'logs.export'({ filter, targetId }) {
      if (!book) return away();
      // What is asked for by a page is a place of the list, never any folder.
      const target = (await exportTargets(places)).find(({ id }) => id === targetId);
      if (!target) return err(codedError('EXPORT_FAILED', 'it is not there any more'));
      const written = await within(book.ask('export', { filter, folder: target.id, nameStart: `logs-${kioskId.replaceAll(/[^A-Za-z0-9_-]/g, '_')}` }), exportWithinMs);
      // A medium that dies takes what is written to it and never says so.
      if (written === deadlinePassed) return err(codedError('EXPORT_FAILED', `${path.basename(target.id)}: it does not answer`));
      return written.ok ? ok({ ...written.value }) : err(codedError('EXPORT_FAILED', `${path.basename(target.id)}: ${written.error}`));
    },
  };
}

export function entryOf({ id, at, level, source, event, code, orderId, message, fields }: StoredEntry): LogEntry {
  return {
    id, at, level, source, message,
    ...(event === null ? {} : { event }), ...(code === null ? {} : { code }), ...(orderId === null ? {} : { orderId: orderId as OrderId }),
    ...(fields === null ? {} : { fields: JSON.parse(fields) as NonNullable<LogEntry['fields']> }),
  };
}

/** Open ones first, then the newest. What is only for programmers has no advice, and is in the log alone. */
function faultsOf(known: readonly StoredFault[], devices: readonly DeviceState[] | undefined, openCodes: ReadonlySet<string>, now: number): Fault[] {
  const isOpen = ({ code, source, lastAt, clearedAt }: StoredFault): boolean => {
    const device = devices?.find(({ name }) => name === source);
    if (device) return device.code === code;
    return openCodes.has(code) || (clearedAt === null && now - lastAt < freshMs);
  };
  const logged = known.flatMap((fault): Fault[] => {
    const words = faultWords(fault.code);
    if (!words) return [];
    const { code, source, since, lastAt, times } = fault;
    return [{ code, source, since, lastAt, times, open: isOpen(fault), ...words }];
  });
  // What is so now and stands in no line, since the log was begun anew.
  const unlogged = (devices ?? []).flatMap(({ name, code, severity, since, text, advice }): Fault[] =>
    severity === 'ok' || logged.some((fault) => fault.source === name && fault.code === code) ? [] : [{ code, source: name, since, lastAt: since, times: 1, open: true, text, advice }]);
  return [...unlogged, ...logged].sort((left, right) => Number(right.open) - Number(left.open) || right.lastAt - left.lastAt);
}

