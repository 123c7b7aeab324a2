import { isIP } from 'node:net';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { StartFailure } from '../start-failure.ts';

const devKioskSchema = z
  .string()
  .regex(/^[^:]+:.{6,40}$/, 'must read kiosk:code, with a code of 6 to 40 characters')
  .transform((text) => ({ kioskId: text.slice(0, text.indexOf(':')), code: text.slice(text.indexOf(':') + 1) }))
  .pipe(z.object({ kioskId: kioskIdSchema, code: z.string() }));

const devAccountSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,40}:.{12,100}$/, 'must read name:password, the name in small letters, with a password of 12 to 100 characters')
  .transform((text) => ({ name: text.slice(0, text.indexOf(':')), password: text.slice(text.indexOf(':') + 1) }));

const list = z.string().transform((text) => text.split(',').map((entry) => entry.trim()).filter((entry) => entry !== ''));

const environmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(24024),
  /** Where the embedded PostgreSQL lives, and HQ's signing key. Not needed with DATABASE_URL. */
  DATA_FOLDER: z.string().min(1).optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** HQ's Ed25519 private key, PEM, mode 0600. Made in the data folder where it is not set; needed with DATABASE_URL. */
  HQ_KEY_FILE: z.string().min(1).optional(),
  /** The built console. */
  WEB_FOLDER: z.string().min(1).default(fileURLToPath(new URL('../../../dist/hq-web', import.meta.url))),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** The names (host, or host:port) under which kiosks call HQ, where a proxy changes Host; a signature for another HQ is then worth nothing here. */
  PUBLIC_AUTHORITY: list.pipe(z.array(z.string().toLowerCase().regex(/^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/, 'must be host or host:port, without https://')).max(10)).default([]),
  /** Addresses or networks of proxies whose X-Forwarded headers are believed. */
  TRUSTED_PROXIES: list.pipe(z.array(z.union([z.enum(['loopback', 'linklocal', 'uniquelocal']), z.string().refine(isNetwork, 'must be addresses or networks')])).max(50)).default([]),
  /** HQ speaks TLS itself with both of these; otherwise a proxy does. */
  TLS_CERT_FILE: z.string().min(1).optional(),
  TLS_KEY_FILE: z.string().min(1).optional(),
  /** Development only: "kiosk-001:code" lets that code enrol keys of that kiosk again and again, approved at once. */
  HQ_DEV_KIOSK: devKioskSchema.optional(),
  /** Development only: "name:password" is an administrator of the console who needs no second factor. */
  HQ_DEV_ACCOUNT: devAccountSchema.optional(),
  /** Development only: a manager, a technician and a restocker with numbers, PINs and secrets that everybody knows (staff/dev-staff.ts). */
  HQ_DEV_STAFF: z.enum(['yes']).optional(),
  /** Development only: a catalogue file that is published for all where HQ has none. */
  HQ_DEV_CATALOGUE: z.string().min(1).optional(),
  /** Where people reach the console, "https://hq.example": passkeys are made for these. Without it, for the name by which each call names HQ. */
  PUBLIC_ORIGIN: list.pipe(z.array(z.url().refine((text) => isOrigin(text), 'must be an origin such as https://hq.example')).max(5)).default([]),
  /** Minutes after which nobody is signed in any more: without a call, and at all. */
  SESSION_IDLE_MINUTES: z.coerce.number().int().min(1).max(24 * 60).default(30),
  SESSION_MINUTES: z.coerce.number().int().min(5).max(7 * 24 * 60).default(12 * 60),
});

export interface Environment {
  readonly host: string;
  readonly port: number;
  readonly database: { readonly kind: 'embedded'; readonly dataFolder: string } | { readonly kind: 'given'; readonly url: string };
  readonly hqKeyFile: string | undefined;
  readonly webFolder: string;
  readonly logLevel: z.infer<typeof environmentSchema>['LOG_LEVEL'];
  readonly isLoopback: boolean;
  readonly devAccount: z.infer<typeof devAccountSchema> | undefined;
  readonly publicOrigins: readonly string[];
  readonly sessionRules: { readonly idleMs: number; readonly absoluteMs: number };
  readonly publicAuthorities: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly hasDevStaff: boolean;
  readonly devCatalogueFile: string | undefined;
  readonly devKiosk: z.infer<typeof devKioskSchema> | undefined;
}

/** Validated once at boot. Throws a StartFailure whose sentence names each wrong variable, never its value: it may be a secret. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const present = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success) {
    throw new StartFailure(`The environment is wrong: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`);
  }
  const values = parsed.data;
  const isLoopback = isLoopbackHost(values.HOST);
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = values;
  if (values.HQ_DEV_KIOSK && !isLoopback) throw new StartFailure('HQ_DEV_KIOSK is for development and needs HOST to be loopback.');
  if (values.HQ_DEV_CATALOGUE && !isLoopback) throw new StartFailure('HQ_DEV_CATALOGUE is for development and needs HOST to be loopback.');
  if (values.HQ_DEV_STAFF && !isLoopback) throw new StartFailure('HQ_DEV_STAFF is for development and needs HOST to be loopback.');
  if (values.HQ_DEV_ACCOUNT && !isLoopback) throw new StartFailure('HQ_DEV_ACCOUNT is for development and needs HOST to be loopback.');
  if (!values.DATABASE_URL && !values.DATA_FOLDER) throw new StartFailure('Set DATA_FOLDER (HQ starts its own PostgreSQL in it) or DATABASE_URL (a PostgreSQL of yours).');
  if ((certFile === undefined) !== (keyFile === undefined)) throw new StartFailure('Set both TLS_CERT_FILE and TLS_KEY_FILE, or neither.');
  return {
    host: values.HOST,
    port: values.PORT,
    database: values.DATABASE_URL ? { kind: 'given', url: values.DATABASE_URL } : { kind: 'embedded', dataFolder: values.DATA_FOLDER ?? '' },
    hqKeyFile: values.HQ_KEY_FILE,
    webFolder: values.WEB_FOLDER,
    logLevel: values.LOG_LEVEL,
    isLoopback,
    devAccount: values.HQ_DEV_ACCOUNT,
    hasDevStaff: values.HQ_DEV_STAFF === 'yes',
    devCatalogueFile: values.HQ_DEV_CATALOGUE,
    publicOrigins: values.PUBLIC_ORIGIN,
    sessionRules: { idleMs: values.SESSION_IDLE_MINUTES * 60_000, absoluteMs: values.SESSION_MINUTES * 60_000 },
    publicAuthorities: values.PUBLIC_AUTHORITY,
    trustedProxies: values.TRUSTED_PROXIES,
    tls: certFile !== undefined && keyFile !== undefined ? { certFile, keyFile } : undefined,
    devKiosk: values.HQ_DEV_KIOSK,
  };
}

/** Only addresses that no other machine can reach. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  return version !== 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)));
}
