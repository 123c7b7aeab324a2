import type { CodedError, ErrorCode } from '../../../domain/contract/errors.ts';
import { codedError } from '../../../domain/contract/errors.ts';
import type { Answer, requests } from '../../../domain/contract/kiosk.ts';
import type { StaffMember, StaffMethod } from '../../../domain/contract/staff.ts';
import { staffRequestOf } from '../../../domain/contract/staff.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import { mayDo } from '../../../domain/staff/role.ts';
import type { z } from 'zod';
import type { AuditNote, AuditStore } from '../../store/audit.ts';
import type { Emitter } from '../../store/emitter.ts';
import { faultOf } from '../faults.ts';
import type { Log } from '../log.ts';
import type { Login } from './login.ts';
import type { StaffSession } from './session.ts';
import { detailOf, outcomeOf, subjectOf } from './wording.ts';

type ResultOf<M extends StaffMethod> = Result<Answer<M>, CodedError>;
export type StaffParams<M extends StaffMethod> = z.output<(typeof requests)[M]['params']>;
/** What staff asks for is done by one of these; who asks has been let through already. */
export type StaffHandler<M extends StaffMethod> = (params: StaffParams<M>, member: StaffMember) => ResultOf<M> | Promise<ResultOf<M>>;
type OwnMethod = 'staff.login' | 'staff.logout' | 'staff.touch';
export type StaffHandlers = { readonly [M in Exclude<StaffMethod, OwnMethod>]: StaffHandler<M> };

/** Of the store, while it is open. */
export interface GateStore {
  readonly audit: AuditStore;
  readonly transaction: Emitter['transaction'];
  readonly login: Login;
}

export interface StaffGateDeps {
  readonly session: StaffSession;
  readonly store: () => GateStore | undefined;
  /** What the kiosk can do now: less, while it is out of service. */
  readonly handlers: () => Partial<StaffHandlers>;
  /** Why there is nothing to ask now, where `handlers` lacks something. */
  readonly whyNot: () => CodedError;
  readonly onFault: (cause: unknown) => void;
  readonly monotonicNow: () => number;
  readonly log: Log;
}

export interface StaffGate {
  call(method: StaffMethod, params: never): Result<unknown, CodedError> | Promise<Result<unknown, CodedError>>;
}

/**
 * These are one transaction of the store, and their entry stands in the same one: done and written down, or neither. All others that are entered have effects
 * outside of it: they are entered before and after.
 */
const inOneTransaction: ReadonlySet<StaffMethod> = new Set([
  'stock.fill', 'stock.count', 'stock.waste', 'devices.new_roll', 'orders.reprint', 'orders.refund', 'attention.decide', 'kiosk.pause', 'kiosk.resume', 'kiosk.restart',
]);

/** A page that nobody is in at asks for nothing. One that does is broken or somebody else's: it is written down, and does not fill the store. */
const strangersAnHour = 10;
/** What staff's page does not offer them it does not ask for: one that does all the same is written down, and does not fill the store either. */
const forbiddenAnHour = 100;
const hourMs = 3_600_000;

/** The one way to whatever staff may ask for. The page is never believed: who is in, and what they may, core knows by itself. */
export function createStaffGate({ session, store, handlers, whyNot, onFault, monotonicNow, log }: StaffGateDeps): StaffGate {
  const strangers: number[] = [];
  const forbidden: number[] = [];

  function call(method: StaffMethod, params: never): Result<unknown, CodedError> | Promise<Result<unknown, CodedError>> {
    switch (method) {
      case 'staff.login':
        return logIn(params);
      case 'staff.logout':
        session.leave('asked');
        return ok({});
      case 'staff.touch':
        if (!session.member()) return err(codedError('STAFF_NOT_IN'));
        session.touch();
        return ok({});
      default:
        return act(method, params);
    }
  }

  async function logIn(params: StaffParams<'staff.login'>): Promise<ResultOf<'staff.login'>> {
    const open = store();
    if (!open) return err(whyNot());
    try {
      return await open.login.enter(params);
    } catch (cause) {
      onFault(cause);
      return err(faultOf(cause));
    }
  }

  function act(method: keyof StaffHandlers, params: never): Result<unknown, CodedError> | Promise<Result<unknown, CodedError>> {
    const member = session.member();
    if (!member) return refuseStranger(method, params);
    const { act: needed, audited } = staffRequestOf(method);
    if (!needed || !mayDo(member.role, needed)) {
      const detail = `${member.role}: ${needed ?? method}`;
      return mayEnter(forbidden, forbiddenAnHour) ? refuse(member, method, params, 'STAFF_NOT_ALLOWED', detail) : err(codedError('STAFF_NOT_ALLOWED', detail));
    }
    const open = store();
    const handler = handlers()[method] as StaffHandler<never> | undefined;
    if (!open || !handler) return err(whyNot());
    // What the page asks for by itself (a log that is followed) says nothing about a person; what is entered does.
    if (!audited) return during(session.follow, () => handler(params, member));
    session.touch();
    return inOneTransaction.has(method) ? actAtOnce(open, method, params, member, handler) : during(session.hold, () => actOutside(open, method, params, member, handler));
  }

  function actAtOnce({ audit, transaction }: GateStore, method: keyof StaffHandlers, params: never, member: StaffMember, handler: StaffHandler<never>): Result<unknown, CodedError> {
    try {
      return transaction(() => {
        const result = handler(params, member) as Result<unknown, CodedError>;
        audit.write(note(member, method, params, result));
        return result;
      })();
    } catch (cause) {
      onFault(cause);
      throw cause;
    }
  }

  async function actOutside({ audit }: GateStore, method: keyof StaffHandlers, params: never, member: StaffMember, handler: StaffHandler<never>): Promise<Result<unknown, CodedError>> {
    const begun = beginEntry(audit, method, params, member);
    let result: Result<unknown, CodedError>;
    try {
      result = await handler(params, member);
    } catch (cause) {
      onFault(cause);
      result = err(faultOf(cause));
    }
    try {
      // Of the store that it began in: where that has been closed meanwhile, the next start says that the end is not known.
      audit.end(begun, note(member, method, params, result));
    } catch (cause) {
      onFault(cause);
      log.error(faultOf(cause), { method, entry: begun });
    }
    return result;
  }

  /** What cannot be written down is not done. */
  function beginEntry(audit: AuditStore, method: keyof StaffHandlers, params: never, member: StaffMember): number {
    try {
      return audit.begin({ staff: member.number, act: method, subject: subjectOf(params), detail: detailOf(params) });
    } catch (cause) {
      onFault(cause);
      throw cause;
    }
  }

  function during<T>(begin: () => () => void, work: () => T | Promise<T>): T | Promise<T> {
    const release = begin();
    try {
      const result = work();
      if (!(result instanceof Promise)) {
        release();
        return result;
      }
      return result.finally(release);
    } catch (cause) {
      release();
      throw cause;
    }
  }

  function refuseStranger(method: StaffMethod, params: never): Result<never, CodedError> {
    if (mayEnter(strangers, strangersAnHour)) return refuse(undefined, method, params, 'STAFF_NOT_IN', method);
    return err(codedError('STAFF_NOT_IN', method));
  }

  /** Whether one more may be entered in this hour, which then counts. */
  function mayEnter(times: number[], atMost: number): boolean {
    const now = monotonicNow();
    while (times[0] !== undefined && now - times[0] >= hourMs) times.shift();
    return times.length < atMost && times.push(now) > 0;
  }

  function refuse(member: StaffMember | undefined, method: StaffMethod, params: never, code: ErrorCode, detail: string): Result<never, CodedError> {
    try {
      // Of a stranger nothing that they have said is kept.
      store()?.audit.write({ staff: member?.number, act: method, outcome: 'refused', subject: member ? subjectOf(params) : '', detail: code });
    } catch (cause) {
      onFault(cause);
      log.error(faultOf(cause), { method });
    }
    return err(codedError(code, detail));
  }

  function note(member: StaffMember, method: StaffMethod, params: never, result: Result<unknown, CodedError>): AuditNote {
    const { outcome, why } = outcomeOf(result);
    const detail = detailOf(params);
    return { staff: member.number, act: method, outcome, subject: subjectOf(params), detail: why && detail ? `${detail}; ${why}` : why || detail };
  }

  return { call };
}
