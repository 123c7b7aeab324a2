import { z } from 'zod';
import { StartFailure } from '../start-failure.ts';

const operationsSchema = z.object({
  /** `open`: GET /metrics answers beyond this machine. */
  METRICS: z.enum(['loopback', 'open']).default('loopback'),
  /** Webhooks may also go to this machine and its own network. */
  WEBHOOKS_PRIVATE: z.enum(['yes', 'no']).default('no'),
  /** How long a stopping HQ says "not ready" and still serves, so that a load balancer sends no more before its door is shut. */
  STOP_DELAY_MS: z.coerce.number().int().min(0).max(60_000).default(0),
});

export interface Operations {
  readonly metrics: 'loopback' | 'open';
  readonly webhooksPrivate: boolean;
  readonly stopDelayMs: number;
}

/** How HQ is run, apart from what it is. Throws a StartFailure as `readEnvironment` does. */
export function readOperations(variables: Readonly<Record<string, string | undefined>>): Operations {
  const parsed = operationsSchema.safeParse(Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== '')));
  if (!parsed.success) throw new StartFailure(`The environment is wrong: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`);
  return { metrics: parsed.data.METRICS, webhooksPrivate: parsed.data.WEBHOOKS_PRIVATE === 'yes', stopDelayMs: parsed.data.STOP_DELAY_MS };
}
