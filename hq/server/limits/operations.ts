import { join } from 'node:path';
import { z } from 'zod';
import { StartFailure } from '../start-failure.ts';

const operationsSchema = z.object({
  /** `open`: GET /metrics answers beyond this machine. */
  METRICS: z.enum(['loopback', 'open']).default('loopback'),
  /** Webhooks may also go to this machine and its own network. */
  WEBHOOKS_PRIVATE: z.enum(['yes', 'no']).default('no'),
  /** How long a stopping HQ says "not ready" and still serves, so that a load balancer sends no more before its door is shut. */
  STOP_DELAY_MS: z.coerce.number().int().min(0).max(60_000).default(0),
  /** Who credits what is asked for (top-ups, packs, plans, applications). `loopback`: a carrier of HQ's own that credits nothing but its own books. */
  SERVICES: z.enum(['off', 'loopback']).default('off'),
  /** After so long without an end a person is told. */
  SERVICES_LIMIT_MS: z.coerce.number().int().min(10_000).max(86_400_000).default(600_000),
  /** Where the loopback carrier's books lie. */
  LOOPBACK_CARRIER_FOLDER: z.string().min(1).optional(),
  DATA_FOLDER: z.string().min(1).optional(),
  /** The mail server that alerts go through: "smtps://user:password@mail.example:465" or "smtp://…". Without one nobody is mailed. */
  MAIL_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  /** Who alerts come from. */
  MAIL_FROM: z.string().min(3).max(200).optional(),
  /** Where people find the console, for the links in mails. */
  CONSOLE_URL: z.url({ protocol: /^https?$/ }).optional(),
});

export interface Operations {
  readonly metrics: 'loopback' | 'open';
  readonly webhooksPrivate: boolean;
  readonly stopDelayMs: number;
  /** Undefined where nobody credits anything: then what was asked for waits. */
  readonly services: { readonly kind: 'loopback'; readonly folder: string; readonly limitMs: number } | undefined;
  /** Undefined where there is no mail server. */
  readonly mail: { readonly url: string; readonly from: string; readonly consoleUrl: string } | undefined;
}

/** How HQ is run, apart from what it is. Throws a StartFailure as `readEnvironment` does. */
export function readOperations(variables: Readonly<Record<string, string | undefined>>): Operations {
  const parsed = operationsSchema.safeParse(Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== '')));
  if (!parsed.success) throw new StartFailure(`The environment is wrong: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`);
  const { METRICS: metrics, WEBHOOKS_PRIVATE: webhooksPrivate, STOP_DELAY_MS: stopDelayMs, SERVICES: services, SERVICES_LIMIT_MS: limitMs, LOOPBACK_CARRIER_FOLDER: carrierFolder, DATA_FOLDER: dataFolder, MAIL_URL: mailUrl, MAIL_FROM: mailFrom, CONSOLE_URL: consoleUrl } = parsed.data;
  const folder = carrierFolder ?? (dataFolder === undefined ? undefined : join(dataFolder, 'loopback-carrier'));
  if (services === 'loopback' && folder === undefined) throw new StartFailure('SERVICES=loopback needs LOOPBACK_CARRIER_FOLDER where there is no DATA_FOLDER: the carrier keeps its books there.');
  if (mailUrl !== undefined && (mailFrom === undefined || consoleUrl === undefined)) throw new StartFailure('MAIL_URL needs MAIL_FROM, who mails come from, and CONSOLE_URL, where their links lead.');
  return {
    metrics, webhooksPrivate: webhooksPrivate === 'yes', stopDelayMs,
    services: services === 'loopback' && folder !== undefined ? { kind: 'loopback', folder, limitMs } : undefined,
    mail: mailUrl !== undefined && mailFrom !== undefined && consoleUrl !== undefined ? { url: mailUrl, from: mailFrom, consoleUrl: consoleUrl.replace(/\/$/, '') } : undefined,
  };
}
