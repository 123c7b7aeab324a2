import { createHash } from 'node:crypto';
import type { CodedError } from '../../domain/contract/errors.ts';
import type { KioskStatus } from '../../domain/contract/kiosk.ts';
import type { TechnicianAnswer, TechnicianMethod } from '../../domain/contract/technician.ts';
import { technicianRequests } from '../../domain/contract/technician.ts';
import { err, ok } from '../../domain/result.ts';
import { shownFingerprint } from '../../domain/sync/fingerprint.ts';
import type { Backstage } from './backstage.ts';
import type { Selling } from './selling.ts';
import type { TechnicianHandlers } from './technician-socket.ts';

export interface TechnicianHandlersDeps {
  /** Undefined while out of service. */
  readonly selling: () => Selling | undefined;
  readonly backstage: () => Backstage | undefined;
  readonly status: () => KioskStatus;
  readonly outOfService: () => CodedError;
  readonly rotateKey: () => void;
}

/** What a technician's command line may ask of a kiosk that runs. Out of service they hear why, and no more. */
export function createTechnicianHandlers({ selling, backstage, status, outOfService, rotateKey }: TechnicianHandlersDeps): TechnicianHandlers {
  const methods = Object.keys(technicianRequests) as TechnicianMethod[];
  const hq = () => {
    const behind = backstage();
    return behind ? { hq: howHqKnowsUs(behind) } : {};
  };
  const answer = (method: TechnicianMethod) => async (params: never) => {
    if (method === 'rotate-key') {
      rotateKey();
      return ok({});
    }
    const open = selling();
    if (method === 'status' && !open) return ok({ kiosk: status(), devices: [], paper: { usedMm: 0 }, waitingPrints: 0, waitingDecisions: 0, ...hq() });
    if (!open) return err(outOfService());
    const answered = await open.technician[method](params);
    return method === 'status' && answered.ok ? ok({ ...answered.value, ...hq() }) : answered;
  };
  return Object.fromEntries(methods.map((method) => [method, answer(method)])) as unknown as TechnicianHandlers;
}

export function howHqKnowsUs({ identity, sync }: Backstage): NonNullable<TechnicianAnswer<'status'>['hq']> {
  const known = sync();
  const { state, publicKey } = identity();
  const { orders = 0, stock = 0, logs = 0 } = known?.waiting ?? {};
  return {
    state: known?.enrolled ? 'approved' : state,
    fingerprint: shownFingerprint(createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex')),
    online: known?.online ?? false,
    ...(known?.refusedAs ? { refusedAs: known.refusedAs } : {}),
    ...(known?.skewMs === undefined ? {} : { skewMs: Math.round(known.skewMs) }),
    waiting: orders + stock + logs,
  };
}
