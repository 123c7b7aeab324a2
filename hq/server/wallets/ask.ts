import type { Wallet } from '../../../domain/scan/payment-code.ts';
import { tame } from './adapter/unknown.ts';
import type { GatewayUnknown, WalletGateway } from './gateway.ts';

export interface AskerDeps {
  readonly gateways: readonly WalletGateway[];
  readonly now: () => number;
  /** After so long without an answer nobody waits for it any more. */
  readonly timeoutMs?: number | undefined;
}

export interface Asker {
  readonly timeoutMs: number;
  readonly of: (wallet: Wallet) => WalletGateway | undefined;
  /** Asks a wallet's gateway. Silence, a fault and a gateway that is not configured are `unknown`: never an answer. `subject`: whose payment it is about. */
  readonly ask: <A extends { readonly kind: string }>(wallet: Wallet, call: (gateway: WalletGateway, signal: AbortSignal) => Promise<A>, subject: string) => Promise<A | GatewayUnknown>;
  /** `away`: it has not answered lately, or nothing that could be believed. */
  readonly stateOf: (wallet: Wallet) => 'ready' | 'away';
  /** One that is away is asked for a payment that there never was, from time to time: any answer brings it back. */
  readonly probe: (wallet: Wallet) => Promise<void>;
}

/** So many questions in a row without an answer, and customers are not sent there. */
const awayAfter = 3;
const probeEveryMs = 15_000;
const nobodysTrade = '0'.repeat(32);

/** The same where it does answer, and nobody can tell what (a key that does not fit, a faulty proxy): about more than one payment, for one alone may be odd. */
const unclearAfter = 4;

interface Health { silent: number; unclear: number; readonly about: Set<string>; probedAt: number }

/** The gateways with a limit of time, and how well they answer, as this process sees it. */
export function createAsker({ gateways, now, timeoutMs = 10_000 }: AskerDeps): Asker {
  const health = new Map<Wallet, Health>(gateways.map(({ wallet }) => [wallet, { silent: 0, unclear: 0, about: new Set(), probedAt: 0 }]));
  const of = (wallet: Wallet) => gateways.find((gateway) => gateway.wallet === wallet);

  const ask: Asker['ask'] = async (wallet, call, subject) => {
    const gateway = of(wallet);
    if (!gateway) return { kind: 'unknown', detail: `HQ has no gateway of ${wallet}` };
    const abort = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<GatewayUnknown>((resolve) => {
      timer = setTimeout(() => {
        resolve({ kind: 'unknown', detail: `${wallet} did not answer within ${timeoutMs} ms`, isAway: true });
        abort.abort();
      }, timeoutMs);
    });
    const answer = Promise.resolve().then(() => call(gateway, abort.signal)).catch((error: unknown): GatewayUnknown => ({ kind: 'unknown', detail: tame(error instanceof Error ? error.message : String(error)) }));
    const heard = await Promise.race([answer, silence]).finally(() => clearTimeout(timer));
    const own = health.get(wallet);
    if (own) {
      if (heard.kind !== 'unknown') {
        [own.silent, own.unclear] = [0, 0];
        own.about.clear();
      } else {
        if ('isAway' in heard && heard.isAway === true) own.silent++;
        own.unclear++;
        // Two tell as much as all of them.
        if (own.about.size < 2) own.about.add(subject);
      }
    }
    return heard;
  };

  const stateOf = (wallet: Wallet) => {
    const own = health.get(wallet);
    return !own || own.silent >= awayAfter || (own.unclear >= unclearAfter && own.about.size > 1) ? 'away' : 'ready';
  };

  return {
    timeoutMs, of, ask, stateOf,
    probe: async (wallet) => {
      const own = health.get(wallet);
      if (!own || stateOf(wallet) === 'ready' || now() - own.probedAt < probeEveryMs) return;
      own.probedAt = now();
      await ask(wallet, (gateway, signal) => gateway.query(nobodysTrade, signal), nobodysTrade);
    },
  };
}
