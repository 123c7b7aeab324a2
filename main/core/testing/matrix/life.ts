import type { Answer, FromCore, KioskStatus, Method, Params } from '../../../../domain/contract/kiosk.ts';
import type { CodedError } from '../../../../domain/contract/errors.ts';
import type { StartMessage } from '../../../../domain/contract/shell.ts';
import type { OrderView } from '../../../../domain/order/view.ts';
import type { Result } from '../../../../domain/result.ts';
import type { KillPlan } from './kill-point.ts';
import type { Member } from './pool.ts';

/** Core in one process, from its begin to its kill or its end in order, and the page that it has. */
export interface Life {
  /** Undefined where the process is killed before it answers. */
  request<M extends Method>(method: M, params: Params<M>): Promise<Result<Answer<M>, CodedError> | undefined>;
  status(): KioskStatus | undefined;
  /** False where the process is killed, or the time is over, before it holds. Looked at after each event. */
  until(holds: () => boolean, limitMs: number): Promise<boolean>;
  isOver(): boolean;
  /** What ended the process: "SIGKILL". */
  readonly ended: Promise<string>;
  log(): readonly string[];
  /** Its moment of death has not come, and shall not come any more. */
  spare(): void;
  /** In order. Answers the writer's methods in the order of their calls; undefined where the process was killed. */
  end(): Promise<readonly string[] | undefined>;
}

export interface LifeOptions {
  readonly start: StartMessage;
  readonly plan?: KillPlan;
  /** All that a customer's screen is told of an order: events, and answers to `open`, `place` and `pay`. */
  readonly onTold: (order: OrderView) => void;
}

export function beginLife(member: Member, { start, plan, onTold }: LifeOptions): Life {
  const answers = new Map<number, (result: Result<never, CodedError> | undefined) => void>();
  const lookers = new Set<() => void>();
  const log: string[] = [];
  let status: KioskStatus | undefined;
  let nextId = 1;
  let over = false;
  let endedInOrder: ((steps: readonly string[]) => void) | undefined;

  const looked = () => {
    for (const look of [...lookers]) look();
  };
  void member.ended.then(() => {
    over = true;
    for (const answer of answers.values()) answer(undefined);
    looked();
  });
  member.listen((message) => {
    if (message.kind === 'log') log.push(message.line);
    else if (message.kind === 'ended') endedInOrder?.(message.steps);
    else if (message.kind === 'page') takePage(message.message);
    looked();
  });

  function takePage(message: FromCore): void {
    if (message.kind === 'response') return answers.get(message.id)?.(message.result as Result<never, CodedError>);
    if (message.name === 'status') status = message.payload as KioskStatus;
    if (message.name === 'order') onTold(message.payload as OrderView);
  }

  member.tell({ kind: 'begin', start, ...(plan ? { plan } : {}) });

  return {
    async request(method, params) {
      if (over) return undefined;
      const id = nextId++;
      const answered = new Promise<Result<never, CodedError> | undefined>((resolve) => answers.set(id, resolve));
      member.tell({ kind: 'page', message: { kind: 'request', id, method, params } });
      const result: Result<unknown, CodedError> | undefined = await answered;
      if (result?.ok) noteAnswer(method, result.value);
      return result as Result<never, CodedError> | undefined;
    },
    status: () => status,
    until(holds, limitMs) {
      if (holds()) return Promise.resolve(true);
      if (over) return Promise.resolve(false);
      return new Promise((resolve) => {
        const settle = (held: boolean) => {
          clearTimeout(limit);
          clearInterval(again);
          lookers.delete(look);
          resolve(held);
        };
        const look = () => (holds() ? settle(true) : over && settle(false));
        const limit = setTimeout(() => settle(false), limitMs);
        // What is asked of the store or of a device is told by no event.
        const again = setInterval(look, 40);
        lookers.add(look);
      });
    },
    isOver: () => over,
    ended: member.ended,
    log: () => log,
    spare: () => member.tell({ kind: 'spare' }),
    end() {
      if (over) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        endedInOrder = resolve;
        void member.ended.then(() => resolve(undefined));
        member.tell({ kind: 'end' });
      });
    },
  };

  function noteAnswer(method: Method, value: unknown): void {
    if (method === 'open') {
      const opened = value as Answer<'open'>;
      status = opened.status;
      if (opened.order) onTold(opened.order);
    } else if (method === 'place') {
      const placed = value as Answer<'place'>;
      if (placed.kind === 'placed') onTold(placed.order);
    } else if (method === 'pay' || method === 'cancelPayment') onTold(value as OrderView);
  }
}
