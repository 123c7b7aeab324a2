import type { FastifyInstance } from 'fastify';
import { createHq } from '../../../../hq/server/app.ts';
import type { Sql } from '../../../../hq/server/database.ts';
import { connectDatabase } from '../../../../hq/server/database.ts';
import type { SigningKey } from '../../../../hq/server/identity/signing-key.ts';
import { refundOnce } from '../../../../hq/server/orders/refund.ts';
import type { ServiceProvider } from '../../../../hq/server/services/provider.ts';
import { createServices } from '../../../../hq/server/services/worker.ts';
import type { WalletGateway } from '../../../../hq/server/wallets/gateway.ts';
import type { WalletNews } from '../../../../hq/server/wallets/news.ts';
import { createWalletWorker } from '../../../../hq/server/wallets/worker.ts';
import type { KioskId } from '../../../../domain/ids.ts';
import type { MatrixClock, Owner } from './clock.ts';
import type { DatabaseLine } from './database-line.ts';
import { createDatabaseLine } from './database-line.ts';
import type { Work } from './idle.ts';
import type { KillSwitch } from './kill-switch.ts';

/** One process of HQ: its real app with its guard and routes, its workers, a line to its database and lines to gateways and carrier. */
export interface HqProcess {
  readonly owner: Owner;
  isBusy(): boolean;
  /** What comes over the network, from kiosks and gateways. Never answered once it is dead. */
  serve(request: { readonly method: 'GET' | 'POST'; readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer }): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer }>;
  /** A person at the console gives money back. */
  refund(orderId: string, amount: number | undefined): Promise<string>;
  /** Everything that is due is done, as the clock says now. */
  work(): Promise<void>;
  onDead(listener: () => void): () => void;
  /** Nothing of it does anything any more: its lines are cut, and its timers never ring. */
  kill(): void;
  stop(): Promise<void>;
}

export interface HqProcessDeps {
  readonly name: string;
  readonly clock: MatrixClock;
  readonly work: Work;
  readonly kills: KillSwitch;
  readonly databaseUrl: string;
  readonly now: () => number;
  readonly signingKey: SigningKey;
  readonly kiosk: { readonly kioskId: KioskId; readonly code: string };
  readonly gateways: readonly WalletGateway[];
  readonly provider: ServiceProvider;
  readonly onProblem: (where: string, error: unknown) => void;
  readonly onKilled: () => void;
}

const never = new Promise<never>(() => {});
const workEachMs = 1500;

export async function startHqProcess(deps: HqProcessDeps): Promise<HqProcess> {
  const { clock, work, kills, now, kiosk } = deps;
  const owner: Owner = { name: deps.name, isAlive: true };
  const waiting = new Set<() => void>();
  const aborts = new Set<AbortController>();
  const line: DatabaseLine = await createDatabaseLine(deps.databaseUrl, (label, when) => {
    if (!owner.isAlive || !kills.at('hq', `commit ${label}`, when)) return false;
    queueMicrotask(kill);
    owner.isAlive = false;
    return true;
  });

  function kill(): void {
    owner.isAlive = false;
    line.cut();
    for (const abort of aborts) abort.abort();
    for (const tell of waiting) tell();
    waiting.clear();
    deps.onKilled();
  }

  /** A question to somebody outside: it is not asked by the dead, and the dead hear no answer. */
  async function mortal<A>(step: string, signal: AbortSignal, ask: (signal: AbortSignal) => Promise<A>): Promise<A> {
    if (!owner.isAlive) return never;
    if (kills.at('hq', step, 'before')) {
      kill();
      return never;
    }
    const cut = new AbortController();
    aborts.add(cut);
    const answer = await work.call(() => ask(AbortSignal.any([signal, cut.signal]))).catch((error: unknown) => error as Error);
    aborts.delete(cut);
    if (!owner.isAlive) return never;
    if (kills.at('hq', step, 'after')) {
      kill();
      return never;
    }
    if (answer instanceof Error) throw answer;
    return answer;
  }

  const gateways = deps.gateways.map((gateway): WalletGateway => ({
    wallet: gateway.wallet, modes: gateway.modes, notificationAnswer: gateway.notificationAnswer,
    readNotification: (headers, body) => gateway.readNotification(headers, body),
    show: (payment, signal) => mortal('gateway show', signal, (own) => gateway.show(payment, own)),
    charge: (payment, code, signal) => mortal('gateway charge', signal, (own) => gateway.charge(payment, code, own)),
    query: (tradeNo, signal) => mortal('gateway query', signal, (own) => gateway.query(tradeNo, own)),
    end: (payment, signal) => mortal('gateway end', signal, (own) => gateway.end(payment, own)),
    refund: (refund, signal) => mortal('gateway refund', signal, (own) => gateway.refund(refund, own)),
    queryRefund: (refund, signal) => mortal('gateway query refund', signal, (own) => gateway.queryRefund(refund, own)),
    bill: (day, signal) => gateway.bill(day, signal),
  }));
  const { provider: carrier } = deps;
  const provider: ServiceProvider = {
    name: carrier.name,
    submit: (order, signal) => mortal('carrier submit', signal, (own) => carrier.submit(order, own)),
    query: (key, signal) => mortal('carrier query', signal, (own) => carrier.query(key, own)),
    reverse: (key, signal) => mortal('carrier reverse', signal, (own) => carrier.reverse(key, own)),
    lookUp: (question, signal) => mortal('carrier look up', signal, (own) => carrier.lookUp(question, own)),
  };

  line.onQuiet(work.moved);
  /** Stands for LISTEN and NOTIFY: whoever waits looks when anything was written. */
  const watching = new Set<() => void>();
  line.onWritten(() => {
    for (const tell of [...watching]) tell();
  });
  const walletNews: WalletNews = {
    watch(_attemptId, onChange) {
      watching.add(onChange);
      return () => void watching.delete(onChange);
    },
    isListening: () => true,
    close: async () => {},
  };
  const problem = (where: string) => (error: unknown) => {
    if (owner.isAlive) deps.onProblem(where, error);
  };

  return clock.own(owner, async () => {
    const sql: Sql = connectDatabase(line.url, { maxConnections: 4 });
    const hub = { subscribe: () => () => {}, isListening: () => true, close: async () => {} };
    const bells = { open: () => undefined, count: () => 0, isListening: () => true, close: async () => {} };
    const app: FastifyInstance = await createHq({
      sql, hub, bells, signingKey: deps.signingKey, now, logger: false, webFolder: '/nowhere', console: 'withheld', requestsPerKiosk: 'none', devKiosk: kiosk, gateways, walletNews, provider,
    });
    await app.ready();
    const wallets = createWalletWorker({ sql, now, gateways, onProblem: problem('wallets'), pollMs: workEachMs });
    const services = createServices({ sql, now, provider, onProblem: problem('services'), pollMs: workEachMs });

    return {
      owner,
      isBusy: () => owner.isAlive && line.isBusy(),
      async serve({ method, url, headers, body }) {
        if (!owner.isAlive) return never;
        const answer = await clock.own(owner, () => app.inject({ method, url, headers: { ...headers }, ...(body.length > 0 ? { payload: body } : {}) }));
        if (!owner.isAlive) return never;
        return { status: answer.statusCode, headers: Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)])), body: answer.rawPayload };
      },
      async refund(orderId, amount) {
        const asked = await clock.own(owner, () => refundOnce(sql, { kioskId: kiosk.kioskId, orderId, reason: 'a dent', amount, by: 'ana', now: now() }));
        return asked.ok ? 'asked' : asked.error.kind;
      },
      async work() {
        await clock.own(owner, async () => {
          await wallets.run();
          await services.run();
        });
      },
      onDead(listener) {
        waiting.add(listener);
        return () => void waiting.delete(listener);
      },
      kill,
      async stop() {
        owner.isAlive = false;
        for (const abort of aborts) abort.abort();
        line.cut();
        void sql.end({ timeout: 0 }).catch(() => {});
      },
    };
  });
}
