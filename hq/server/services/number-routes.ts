import type { FastifyInstance } from 'fastify';
import { numberRequestSchema } from '../../../domain/contract/hq-online.ts';
import type { NumberView } from '../../../domain/contract/number.ts';
import { numberViewSchema } from '../../../domain/contract/number.ts';
import { sendError } from '../errors.ts';
import { refusal } from '../identity/refusal.ts';
import type { NumberQuestion, ServiceProvider } from './provider.ts';
import { answerWithin } from './within.ts';

export interface NumberRoutesDeps {
  readonly now: () => number;
  /** Undefined where nobody credits services: then every number is `away`. */
  readonly provider: Pick<ServiceProvider, 'lookUp'> | undefined;
  /** After so long nobody waits: the kiosk gives up a little later. */
  readonly timeoutMs?: number;
  /** Questions of one kiosk: enough for customers who mistype, too few to go through a carrier's numbers. */
  readonly perKiosk?: readonly { readonly max: number; readonly timeWindowMs: number }[];
}

const usualLimits = [{ max: 20, timeWindowMs: 60_000 }, { max: 300, timeWindowMs: 3_600_000 }];

/** POST /api/kiosk/number, behind the guard: whose number it is, before anything is paid for it. Nothing of it is kept, and no number reaches a log. */
export function numberRoutes(scope: FastifyInstance, { now, provider, timeoutMs = 4500, perKiosk = usualLimits }: NumberRoutesDeps): void {
  const limiters = perKiosk.map(({ max, timeWindowMs }) => scope.createRateLimit({ max, timeWindow: timeWindowMs, keyGenerator: ({ kiosk }) => `number ${kiosk?.kioskId ?? ''}` }));
  scope.post('/api/kiosk/number', { bodyLimit: 2048 }, async (request, reply) => {
    const parsed = numberRequestSchema.safeParse(request.body);
    // Where it is wrong, and not what it holds.
    if (!parsed.success) return sendError(reply, 'HQ_BATCH_MALFORMED', `wrong: ${parsed.error.issues.slice(0, 5).map(({ path }) => path.join('.')).join(', ')}`);
    const { kioskId, number, offerId, service } = parsed.data;
    if (kioskId !== request.kiosk?.kioskId) return sendError(reply, 'HQ_UNKNOWN_KIOSK', 'another kiosk has signed this');
    for (const limiter of limiters) {
      const rate = await limiter(request);
      if (rate.isAllowed || !rate.isExceeded) continue;
      void reply.header('retry-after', String(Math.max(1, rate.ttlInSeconds)));
      throw refusal('HQ_TOO_MANY_REQUESTS', `more than ${rate.max} numbers in ${rate.timeWindow} ms`);
    }
    return { hqTime: now(), number: provider ? await lookUpWithin(provider, { number: number.trim(), offerId, service }, timeoutMs) : ({ kind: 'away' } satisfies NumberView) };
  });
}

async function lookUpWithin(provider: Pick<ServiceProvider, 'lookUp'>, question: NumberQuestion, timeoutMs: number): Promise<NumberView> {
  const answer = await answerWithin((signal) => provider.lookUp(question, signal), { who: 'the provider', ms: timeoutMs });
  // What is not of the contract's shape would not be understood at the kiosk either.
  const view = answer.kind === 'unknown' ? undefined : numberViewSchema.safeParse(answer);
  return view?.success ? view.data : { kind: 'away' };
}
