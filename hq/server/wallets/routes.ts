import type { FastifyInstance } from 'fastify';
import type { WalletAnswer, WalletRequest, WaysAnswer } from '../../../domain/contract/hq-online.ts';
import { walletAnswerSchema, walletRequestSchema, waysRequestSchema } from '../../../domain/contract/hq-online.ts';
import { describeIssues } from '../../../domain/contract/issues.ts';
import { sendError } from '../errors.ts';
import { unwantPayment } from './begin.ts';
import type { WalletEngineDeps } from './engine.ts';
import { createWalletEngine } from './engine.ts';
import type { WalletNews } from './news.ts';
import { createPatience } from './patience.ts';
import { askRefund } from './refunds.ts';
import type { PaymentPlace } from './rows.ts';
import { answerOf, isEnded, readPayment, readRefunds } from './rows.ts';

export interface WalletRoutesDeps extends WalletEngineDeps {
  /** Without it a question that is kept looks for itself. */
  readonly news?: WalletNews | undefined;
  /** Whether numbers can be looked up now. */
  readonly numbers?: (() => boolean) | undefined;
}

/** How long an answer waits for the gateway's: after that the kiosk hears where it stands, and asks again. */
const promptMs = 6000;

/** POST /api/kiosk/ways and /api/kiosk/wallet, behind the guard (domain/contract/hq-online.ts has the protocol). */
export function walletRoutes(scope: FastifyInstance, deps: WalletRoutesDeps): void {
  const { sql, now, gateways, news, numbers = () => false } = deps;
  const engine = createWalletEngine(deps);
  const patience = createPatience(news);
  scope.addHook('preClose', () => patience.close());

  scope.post('/api/kiosk/ways', async (request, reply) => {
    const parsed = waysRequestSchema.safeParse(request.body);
    if (!parsed.success) return sendError(reply, 'HQ_BATCH_MALFORMED', describeIssues(parsed.error));
    if (parsed.data.kioskId !== request.kiosk?.kioskId) return sendError(reply, 'HQ_UNKNOWN_KIOSK', 'another kiosk has signed this');
    for (const { wallet } of gateways) void engine.asker.probe(wallet);
    return { hqTime: now(), wallets: gateways.map(({ wallet, modes }) => ({ wallet, modes: [...modes], state: engine.asker.stateOf(wallet) })), numbers: numbers() } satisfies WaysAnswer;
  });

  const read = async (place: PaymentPlace): Promise<WalletAnswer> => {
    const row = await readPayment(sql, place);
    return answerOf(place.attemptId, row, row ? await readRefunds(sql, place) : [], now());
  };

  const act = async (request: WalletRequest): Promise<void> => {
    if (request.act === 'begin') await patience.within(promptMs, engine.begin(request));
    else if (request.act === 'close') {
      await unwantPayment(sql, request, now());
      await patience.within(promptMs, engine.payment(request));
    } else if (request.act === 'refund') {
      const ask = () => askRefund(sql, { ...request, at: now() });
      if ((await ask()) === 'not_paid') {
        // HQ may have lost it: its gateway is asked, and nothing that was paid is ended by that.
        if (await readPayment(sql, request)) return;
        await unwantPayment(sql, request, now());
        await patience.within(promptMs, engine.payment(request));
        if ((await ask()) === 'not_paid') return;
      }
      await patience.within(promptMs, engine.refund(request));
    }
  };

  scope.post('/api/kiosk/wallet', async (request, reply) => {
    const parsed = walletRequestSchema.safeParse(request.body);
    // Not what stands in it: it may hold a payment code.
    if (!parsed.success) return sendError(reply, 'HQ_BATCH_MALFORMED', parsed.error.issues.slice(0, 5).map(({ path, code }) => `${path.join('.')}: ${code}`).join('; '));
    const asked = parsed.data;
    if (asked.kioskId !== request.kiosk?.kioskId) return sendError(reply, 'HQ_UNKNOWN_KIOSK', 'another kiosk has signed this');
    if (asked.act !== 'state') {
      await act(asked);
      return patience.tell(asked, walletAnswerSchema.parse(await read(asked)));
    }
    const isOpen = ({ state, refunds }: WalletAnswer) => (state !== 'not_found' && !isEnded(state)) || refunds.some((refund) => refund.state === 'asked');
    return walletAnswerSchema.parse(await patience.wait(asked, () => read(asked), { waitMs: asked.waitMs ?? 0, isOpen }));
  });
}
