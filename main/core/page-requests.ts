import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { KioskStatus } from '../../domain/contract/kiosk.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { faultOf } from './faults.ts';
import type { Log } from './log.ts';
import type { Handlers } from './page.ts';
import type { Selling } from './selling.ts';
import type { SpeakRequest } from './speech.ts';

export interface PageRequestsDeps {
  /** Undefined while out of service. */
  readonly selling: () => Selling | undefined;
  readonly status: () => KioskStatus;
  readonly outOfService: () => CodedError;
  /** Why nothing may be sold although selling goes on for whoever has paid. */
  readonly storeTrouble: () => CodedError | undefined;
  readonly storeFault: (cause: unknown) => void;
  readonly isStaffIn: () => boolean;
  /** Somebody has come to the screen, or gone. */
  readonly onVisit: (isThere: boolean) => void;
  readonly speak: (request: SpeakRequest) => void;
  readonly log: Log;
}

/** What each request of a customer's page does, in service and out of it. */
export function createPageRequests({ selling, status, outOfService, storeTrouble, storeFault, isStaffIn, onVisit, speak, log }: PageRequestsDeps): Handlers {
  /** What takes money or makes an order, while it can be written. */
  function whenWritable<T>(act: (selling: Selling) => Result<T, CodedError>): Result<T, CodedError> {
    // Nobody sells and buys at once here: a page that is staff's begins no order.
    if (isStaffIn()) return err(codedError('STAFF_NOT_ALLOWED', 'staff are in'));
    const fault = storeTrouble();
    return fault ? err(fault) : whenSelling(act);
  }

  function whenSelling<T>(act: (selling: Selling) => Result<T, CodedError>): Result<T, CodedError> {
    const open = selling();
    if (!open) return err(outOfService());
    try {
      return act(open);
    } catch (cause) {
      storeFault(cause);
      return err(faultOf(cause));
    }
  }

  /** For what the page need not wait for: out of service there is nothing to do. */
  function whenSellingAtAll(act: (selling: Selling) => void): Result<Record<string, never>, CodedError> {
    if (!selling()) return ok({});
    return whenSelling((open) => {
      act(open);
      return ok({});
    });
  }

  return {
    open: ({ watching }) => {
      const order = selling()?.customerComes(watching);
      const shopfront = selling()?.shopfront();
      return ok({ status: status(), ...(shopfront ? { shopfront } : {}), ...(order ? { order } : {}) });
    },
    place: (request) => whenWritable((open) => open.place(request)),
    pay: ({ orderId, tender }) => whenWritable((open) => open.pay(orderId, tender)),
    cancelPayment: ({ orderId }) => whenSelling((open) => open.cancelPayment(orderId)),
    cancelOrder: ({ orderId }) => whenSelling((open) => open.cancelOrder(orderId)),
    leave: () => {
      selling()?.customerLeaves();
      return ok({});
    },
    wantScanner: ({ wanted }) => {
      selling()?.scanning.want(wanted);
      return ok({});
    },
    scan: ({ text }) => {
      selling()?.scanning.typed(text);
      return ok({});
    },
    visit: ({ active }) => {
      onVisit(active);
      return whenSellingAtAll((open) => {
        if (!active) open.visitEnded();
        open.lookAround();
      });
    },
    lookUpNumber: ({ offerId, number }) => selling()?.lookUpNumber(offerId, number) ?? ok({ kind: 'away' }),
    callHelp: ({ screen }) => {
      // What cannot be written is heard by nobody, and its customer reads so.
      if (storeTrouble()) return ok({ kind: 'nobody', reason: 'unreachable' });
      return whenSelling((open) => ok(open.callHelp(screen)));
    },
    endHelp: () => whenSelling((open) => ok(open.endHelp())),
    feedback: (given) => whenWritable((open) => open.feedback(given)),
    speak: (request) => {
      speak(request);
      return ok({});
    },
    report: ({ message }) => {
      log.warn('the page reports a fault', { detail: message });
      return ok({});
    },
  };
}
