import { join } from 'node:path';
import { z } from 'zod';
import { isLoopbackHost } from './environment.ts';
import { StartFailure } from '../start-failure.ts';

const operationsSchema = z.object({
  /** `open`: GET /metrics answers beyond this machine. */
  METRICS: z.enum(['loopback', 'open']).default('loopback'),
  /** Webhooks may also go to this machine and its own network. */
  WEBHOOKS_PRIVATE: z.enum(['yes', 'no']).default('no'),
  /** How long a stopping HQ says "not ready" and still serves, so that a load balancer sends no more before its door is shut. */
  STOP_DELAY_MS: z.coerce.number().int().min(0).max(60_000).default(0),
  /** Who credits what is asked for (top-ups, packs, plans, applications). `loopback`: a carrier of HQ's own that credits nothing but its own books. */
  /** `http`: a carrier's gateway that speaks docs/services-protocol.md. */
  SERVICES: z.enum(['off', 'loopback', 'http']).default('off'),
  /** Where the carrier's gateway is: "https://carrier.example/counter24". */
  SERVICES_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** The keys that HQ shares with the carrier: a line each, "id base64", the newest first. */
  SERVICES_KEY_FILE: z.string().min(1).optional(),
  /** Who signed the gateway's certificate (PEM), where the system does not know them. */
  SERVICES_CA_FILE: z.string().min(1).optional(),
  /** What the carrier is called in records and alarms. */
  SERVICES_NAME: z.string().trim().min(1).max(40).default('carrier'),
  /** After so long without an answer nobody waits for it any more. */
  SERVICES_TIMEOUT_MS: z.coerce.number().int().min(1000).max(60_000).default(8000),
  /** After so long without an end a service is taken back where the carrier can, and else a person is told. */
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

interface ServicesTimes {
  readonly limitMs: number;
  readonly timeoutMs: number;
}

export type ServicesConfig = ServicesTimes & (
  | { readonly kind: 'loopback'; readonly folder: string }
  | { readonly kind: 'http'; readonly url: string; readonly keyFile: string; readonly caFile: string | undefined; readonly name: string }
);

export interface Operations {
  readonly metrics: 'loopback' | 'open';
  readonly webhooksPrivate: boolean;
  readonly stopDelayMs: number;
  /** Undefined where nobody credits anything: then what was asked for waits. */
  readonly services: ServicesConfig | undefined;
  /** Undefined where there is no mail server. */
  readonly mail: { readonly url: string; readonly from: string; readonly consoleUrl: string } | undefined;
}

/** How HQ is run, apart from what it is. Throws a StartFailure as `readEnvironment` does. */
export function readOperations(variables: Readonly<Record<string, string | undefined>>): Operations {
  const parsed = operationsSchema.safeParse(Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== '')));
  if (!parsed.success) throw new StartFailure(`The environment is wrong: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`);
  const { METRICS: metrics, WEBHOOKS_PRIVATE: webhooksPrivate, STOP_DELAY_MS: stopDelayMs, MAIL_URL: mailUrl, MAIL_FROM: mailFrom, CONSOLE_URL: consoleUrl } = parsed.data;
  if (mailUrl !== undefined && (mailFrom === undefined || consoleUrl === undefined)) throw new StartFailure('MAIL_URL needs MAIL_FROM, who mails come from, and CONSOLE_URL, where their links lead.');
  return {
    metrics, webhooksPrivate: webhooksPrivate === 'yes', stopDelayMs,
    services: servicesOf(parsed.data),
    mail: mailUrl !== undefined && mailFrom !== undefined && consoleUrl !== undefined ? { url: mailUrl, from: mailFrom, consoleUrl: consoleUrl.replace(/\/$/, '') } : undefined,
  };
}

function servicesOf(values: z.output<typeof operationsSchema>): ServicesConfig | undefined {
  const { SERVICES: kind, SERVICES_LIMIT_MS: limitMs, SERVICES_TIMEOUT_MS: timeoutMs, SERVICES_URL: url, SERVICES_KEY_FILE: keyFile, SERVICES_CA_FILE: caFile, SERVICES_NAME: name } = values;
  if (kind === 'off') return undefined;
  if (kind === 'loopback') {
    const folder = values.LOOPBACK_CARRIER_FOLDER ?? (values.DATA_FOLDER === undefined ? undefined : join(values.DATA_FOLDER, 'loopback-carrier'));
    if (folder === undefined) throw new StartFailure('SERVICES=loopback needs LOOPBACK_CARRIER_FOLDER where there is no DATA_FOLDER: the carrier keeps its books there.');
    return { kind, folder, limitMs, timeoutMs };
  }
  const missing = [...(url === undefined ? ['SERVICES_URL, where the carrier is'] : []), ...(keyFile === undefined ? ['SERVICES_KEY_FILE, the keys that are shared with it'] : [])];
  if (url === undefined || keyFile === undefined) throw new StartFailure(`SERVICES=http needs ${missing.join(' and ')}.`);
  const { protocol, hostname, search, hash, username } = new URL(url);
  if (protocol !== 'https:' && !isLoopbackHost(hostname)) throw new StartFailure('SERVICES_URL must be https: the numbers of customers go over that line. Plain http is for a carrier on this machine.');
  if (search !== '' || hash !== '' || username !== '') throw new StartFailure('SERVICES_URL is an address and a path, without user, query or fragment.');
  return { kind, url, keyFile, caFile, name, limitMs, timeoutMs };
}
