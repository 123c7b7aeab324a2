import type { z } from 'zod';
import type { NumberRequest, WalletAnswer, WalletRequest, WaysAnswer } from '../../domain/contract/hq-online.ts';
import { numberAnswerSchema, walletAnswerSchema, waysAnswerSchema } from '../../domain/contract/hq-online.ts';
import type { KioskStatus } from '../../domain/contract/kiosk.ts';
import type { NumberView } from '../../domain/contract/number.ts';
import type { KioskId } from '../../domain/ids.ts';
import type { WalletMode } from '../../domain/payment/tender.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { Wallet } from '../../domain/scan/payment-code.ts';
import type { AskFailure } from '../sync/sync.ts';
import type { Log } from './log.ts';
import { withSource } from './log.ts';

/** A `WalletRequest` without the kiosk's name. */
export type WalletQuestion = WalletRequest extends infer Request ? (Request extends WalletRequest ? Omit<Request, 'kioskId'> : never) : never;

/** What the kiosk asks of HQ while somebody waits. */
export interface Online {
  /** How customers may pay through HQ, as far as was heard last; `away` while HQ is. */
  wallets(): KioskStatus['wallets'];
  /** It can be begun now. */
  canPay(wallet: Wallet, mode: WalletMode): boolean;
  /** An answer is of this very attempt. Never rejects. */
  wallet(question: WalletQuestion, timeoutMs: number): Promise<Result<WalletAnswer, AskFailure>>;
  /** `away` where nobody answers in time. */
  number(question: Omit<NumberRequest, 'kioskId'>): Promise<NumberView>;
  /** Now and then: while a customer is there, the ways to pay are asked for more often, so that nobody chooses one of an HQ that has gone without a word. */
  look(isVisited: boolean): void;
  /** HQ has come or gone. */
  hqChanged(): void;
  stop(): void;
}

export interface OnlineDeps {
  readonly kioskId: KioskId;
  readonly ask: (path: string, body: unknown, timeoutMs: number) => Promise<Result<unknown, AskFailure>>;
  readonly isHqThere: () => boolean;
  readonly log: Log;
  readonly monotonicNow: () => number;
  /** What `wallets` answers has changed. */
  readonly onChange: () => void;
}

const waysEachMs = 60_000;
const waysVisitedMs = 10_000;
/** What was not answered is asked again sooner. */
const waysAgainMs = 10_000;
const waysTimeoutMs = 10_000;
/** The page waits 6 s at most. */
const numberTimeoutMs = 5_000;

export function createOnline({ kioskId, ask, isHqThere, log: kioskLog, monotonicNow, onChange }: OnlineDeps): Online {
  const log = withSource(kioskLog, 'online');
  let ways: WaysAnswer['wallets'] = [];
  let hasNumbers = false;
  let isAsking = false;
  let askedAtMs = monotonicNow();
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let told = '[]';

  async function question<T>(schema: z.ZodType<T>, path: string, body: object, timeoutMs: number): Promise<Result<T, AskFailure>> {
    const answer = await ask(path, { kioskId, ...body }, timeoutMs);
    if (!answer.ok) return answer;
    const parsed = schema.safeParse(answer.value);
    return parsed.success ? ok(parsed.data) : err({ kind: 'no_answer', detail: `${path}: an answer of another shape` });
  }

  async function askWays(): Promise<void> {
    clearTimeout(timer);
    if (isAsking || isStopped || !isHqThere()) return;
    isAsking = true;
    askedAtMs = monotonicNow();
    const answer = await question(waysAnswerSchema, '/api/kiosk/ways', {}, waysTimeoutMs);
    isAsking = false;
    if (isStopped) return;
    if (answer.ok) {
      ways = answer.value.wallets;
      hasNumbers = answer.value.numbers;
    } else if (answer.error.kind === 'refused') {
      // An HQ that knows of none.
      [ways, hasNumbers] = [[], false];
    } else ways = ways.map((way) => ({ ...way, state: 'away' }));
    timer = setTimeout(() => void askWays(), answer.ok || answer.error.kind === 'refused' ? waysEachMs : waysAgainMs);
    tell();
  }

  function wallets(): KioskStatus['wallets'] {
    return ways.map(({ wallet, state }) => ({ wallet, state: isHqThere() ? state : 'away' }));
  }

  function tell(): void {
    const current = wallets();
    const text = JSON.stringify(current);
    if (text === told) return;
    told = text;
    log.info('ways to pay through HQ', { event: 'ways.changed', ways: current.map(({ wallet, state }) => `${wallet} ${state}`).join(', ') });
    onChange();
  }

  void askWays();

  return {
    wallets,
    canPay: (wallet, mode) => isHqThere() && ways.some((way) => way.wallet === wallet && way.state === 'ready' && way.modes.includes(mode)),

    async wallet(asked, timeoutMs) {
      const answer = await question(walletAnswerSchema, '/api/kiosk/wallet', asked, timeoutMs);
      if (answer.ok && answer.value.attemptId !== asked.attemptId) return err({ kind: 'no_answer', detail: 'an answer about another payment' });
      return answer;
    },

    async number(asked) {
      if (!hasNumbers || !isHqThere()) return { kind: 'away' };
      const answer = await question(numberAnswerSchema, '/api/kiosk/number', asked, numberTimeoutMs);
      return answer.ok ? answer.value.number : { kind: 'away' };
    },

    look(isVisited) {
      if (isVisited && ways.length > 0 && monotonicNow() - askedAtMs >= waysVisitedMs) void askWays();
    },

    hqChanged() {
      void askWays();
      tell();
    },

    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
