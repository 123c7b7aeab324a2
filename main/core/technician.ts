import { codedError } from '../../domain/contract/errors.ts';
import type { KioskStatus } from '../../domain/contract/kiosk.ts';
import type { TechnicianError } from '../../domain/contract/technician.ts';
import type { DeviceState } from '../../domain/device/state.ts';
import type { OrderId } from '../../domain/ids.ts';
import { isPaid } from '../../domain/order/order.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { StoreReader } from '../store/reader.ts';
import type { Paper } from './paper.ts';
import type { ServiceActs } from './service-acts.ts';
import type { TechnicianHandlers } from './technician-socket.ts';

/** What a kiosk that sells answers; how it stands with HQ and with its key, `kiosk.ts` knows. */
export type SellingHandlers = Omit<TechnicianHandlers, 'rotate-key'>;

export interface TechnicianDeps {
  readonly reader: StoreReader;
  readonly paper: Paper;
  readonly acts: ServiceActs;
  readonly devices: () => readonly DeviceState[];
  readonly kioskStatus: () => KioskStatus;
}

/** What a technician may ask of a running kiosk, and the decisions that a person makes about what stands on the list. */
export function createTechnician({ reader, paper, acts, devices, kioskStatus }: TechnicianDeps): SellingHandlers {
  return {
    status() {
      return ok({
        kiosk: kioskStatus(),
        devices: [...devices()],
        paper: forecastOf(paper),
        waitingPrints: reader.unfinishedPrintJobs().length,
        waitingDecisions: reader.attention().length,
      });
    },

    'attention.list': () => ok({ items: [...reader.attention()] }),
    'attention.settle': ({ id, decision }) => acts.decide(id, decision),

    async 'print-test'({ language }) {
      return ok({ state: await acts.printTestPage(language) });
    },

    'new-roll'() {
      acts.newRoll();
      return ok({});
    },

    async recover() {
      return ok({ printer: await acts.recoverPrinter() });
    },

    async terminal({ operation }) {
      const report = await acts.serveTerminal(operation);
      if (!report.ok) return report;
      const { slips, totals, clock } = report.value;
      return ok({ slips: [...slips], ...(totals ? { totals: { total: totals.total, count: totals.count } } : {}), ...(clock ? { clock } : {}) });
    },

    reprint({ order }) {
      const found = findOrder(order);
      if (!found.ok) return found;
      const printed = acts.printCopy(found.value);
      return printed.ok ? ok({ number: reader.order(found.value)!.order.number, ...printed.value }) : printed;
    },

    reverse({ order }) {
      const found = findOrder(order);
      if (!found.ok) return found;
      const { order: reversed } = reader.order(found.value)!;
      const begun = acts.reverse(found.value, 'at the kiosk, by a technician');
      return begun.ok ? ok({ number: reversed.number, amount: reversed.total }) : begun;
    },
  };

  /** By its id or its number; of several with one number the newest is meant. */
  function findOrder(text: string): Result<OrderId, TechnicianError> {
    const id = reader.newestOrder(text);
    const state = id && reader.order(id)?.state;
    if (!id || !state) return err(codedError('ORDER_UNKNOWN', text));
    return isPaid(state) || state === 'refunded' ? ok(id) : err(codedError('ORDER_NOT_PAID', state));
  }
}

/** As the contract has it: what is not known is missing. */
export function forecastOf(paper: Paper): { usedMm: number; leftMm?: number; receiptsLeft?: number } {
  const { usedMm, leftMm, receiptsLeft } = paper.forecast();
  return { usedMm, ...(leftMm === undefined ? {} : { leftMm }), ...(receiptsLeft === undefined ? {} : { receiptsLeft }) };
}
