import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Money } from '../../../../domain/money.ts';
import { money } from '../../../../domain/money.ts';
import type { GatewayPayment, WalletGateway } from '../gateway.ts';

/** Instead of an answer. */
interface Lost {
  readonly instead: 'cut' | 'silence';
}

export interface GatewayHarness<Reply> {
  readonly open: (timeoutMs: number) => WalletGateway;
  /** What every request from now on is answered with. */
  readonly reply: (reply: Reply | Lost) => void;
  /** How many requests have come. */
  readonly heard: () => number;
  readonly close: () => Promise<void>;
}

export interface GatewayFamily<Reply> {
  readonly name: string;
  start(): Promise<GatewayHarness<Reply>>;
  readonly payment: () => GatewayPayment;
  /** What a refund in part sends back. */
  readonly back: Money;
  /** On a phone that pays. */
  readonly code: string;
  readonly refundNo: string;
  /** Says that the payment is paid, and is believed as it is. */
  readonly believed: Reply;
  /** Must not be believed, whatever was asked. The first is a forged one. */
  readonly distrusted: readonly (readonly [name: string, reply: Reply])[];
  /** What a call makes of such a reply, where it is not "unknown". */
  readonly saidAll?: (ask: Ask, name: string) => 'again' | 'ended' | undefined;
  /** The gateway is unwell, or wants to be asked less often. */
  readonly unwell: readonly Reply[];
  /** Signed well, of any content; none of it says that money has moved. */
  readonly anything: fc.Arbitrary<Reply>;
  readonly madeOfAnything: readonly string[];
  /** Answers that repeat the code. */
  readonly telltale: readonly Reply[];
}

type Ask = 'show' | 'charge' | 'query' | 'end shown' | 'end read' | 'refund' | 'query refund' | 'bill';
const never = new AbortController().signal;

/** What no gateway's adapter may believe, guess, repeat or wait for, whatever the gateway says: the same for each. Every call is made to a real server. */
export function gatewaySuite<Reply>({ name, start, payment, back, code, refundNo, believed, distrusted, saidAll, unwell, anything, madeOfAnything, telltale }: GatewayFamily<Reply>): void {
  describe(`${name}: what is not believed, and not guessed`, () => {
    let harness: GatewayHarness<Reply>;
    beforeEach(async () => { harness = await start(); });
    afterEach(() => harness.close());

    const asks: Readonly<Record<Ask, (gateway: WalletGateway) => Promise<{ readonly kind: string }>>> = {
      show: (gateway) => gateway.show(payment(), never),
      charge: (gateway) => gateway.charge(payment(), code, never),
      query: (gateway) => gateway.query(payment().tradeNo, never),
      'end shown': (gateway) => gateway.end({ tradeNo: payment().tradeNo, mode: 'shown', begunAt: 0 }, never),
      'end read': (gateway) => gateway.end({ tradeNo: payment().tradeNo, mode: 'read', begunAt: 0 }, never),
      refund: (gateway) => gateway.refund({ tradeNo: payment().tradeNo, refundNo, amount: back, of: payment().amount, reason: 'broken' }, never),
      'query refund': (gateway) => gateway.queryRefund({ tradeNo: payment().tradeNo, refundNo, amount: back }, never),
      bill: (gateway) => gateway.bill('2026-01-02', never),
    };
    const [cut, silence]: readonly [Lost, Lost] = [{ instead: 'cut' }, { instead: 'silence' }];
    /** Nobody waits long for silence; an answer is waited for however slow this machine is. */
    const opened = (reply: Reply | Lost) => {
      harness.reply(reply);
      return harness.open(reply === silence ? 300 : 10_000);
    };

    test('what is answered as it should be is believed', async () => {
      expect((await opened(believed).query(payment().tradeNo, never)).kind).toBe('paid');
    });

    test.each((Object.keys(asks) as Ask[]).flatMap((ask) => [...distrusted, ['a line that closes', cut] as const, ['silence', silence] as const].map(([what, reply]) => [ask, what, reply] as const)))('%s: %s', async (ask, what, reply) => {
      expect((await asks[ask](opened(reply))).kind).toBe(saidAll?.(ask, what) ?? 'unknown');
    });

    test('where the gateway is unwell or silent it says so, and where its answer is not believed it does not', async () => {
      const isAway = async (reply: Reply | Lost) => {
        const answer = await opened(reply).query(payment().tradeNo, never);
        return answer.kind === 'unknown' && answer.isAway === true;
      };
      for (const reply of [...unwell, cut, silence]) expect(await isAway(reply)).toBe(true);
      for (const [, forged] of distrusted.slice(0, 1)) expect(await isAway(forged)).toBe(false);
    });

    test('whatever JSON the gateway signs nothing throws, and nothing is taken for money', async () => {
      const gateway = harness.open(10_000);
      await fc.assert(fc.asyncProperty(fc.constantFrom(...Object.values(asks)), anything, async (ask, reply) => {
        harness.reply(reply);
        expect(madeOfAnything).toContain((await ask(gateway)).kind);
      }), { numRuns: 150 });
    });

    test('no answer of any kind repeats the code of a phone', async () => {
      for (const reply of [...telltale, cut, silence]) expect(JSON.stringify(await opened(reply).charge(payment(), code, never))).not.toContain(code);
    });

    test('whoever stops waiting is answered at once, and whoever had stopped before is, too', async () => {
      harness.reply({ instead: 'silence' });
      const gateway = harness.open(60_000);
      const abort = new AbortController();
      const answer = gateway.query(payment().tradeNo, abort.signal);
      abort.abort();
      expect(await answer).toEqual({ kind: 'unknown', detail: 'nobody waited for the answer any more' });
      expect(await gateway.query(payment().tradeNo, abort.signal)).toMatchObject({ kind: 'unknown' });
    });

    test('nobody is asked for another currency, for nothing, or for what is over already', async () => {
      const gateway = harness.open(10_000);
      const calls = { show: (one: GatewayPayment) => gateway.show(one, never), charge: (one: GatewayPayment) => gateway.charge(one, code, never) };
      for (const call of Object.values(calls)) {
        expect(await call({ ...payment(), amount: money(payment().amount.amount, 'EUR') })).toMatchObject({ kind: 'refused' });
        expect(await call({ ...payment(), amount: money(0, 'CNY') })).toMatchObject({ kind: 'refused' });
        expect(await call({ ...payment(), expiresAt: 0 })).toMatchObject({ kind: 'refused', refusal: 'too_late' });
      }
      expect(harness.heard()).toBe(0);
    });
  });
}
