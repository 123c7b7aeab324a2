import { isIP } from 'node:net';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { kioskIdSchema } from '../../domain/ids.ts';
import { StartFailure } from './start-failure.ts';

const devKioskSchema = z
  .string()
  .regex(/^[^:]+:.{16,}$/, 'must read kiosk:token, with a token of at least 16 characters')
  .transform((text) => ({ kioskId: text.slice(0, text.indexOf(':')), token: text.slice(text.indexOf(':') + 1) }))
  .pipe(z.object({ kioskId: kioskIdSchema, token: z.string() }));

const environmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(24024),
  /** Where the embedded PostgreSQL lives. Not needed with DATABASE_URL. */
  DATA_FOLDER: z.string().min(1).optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** The built console. */
  WEB_FOLDER: z.string().min(1).default(fileURLToPath(new URL('../../dist/hq-web', import.meta.url))),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** The console has no login yet: beyond loopback it is served only by this word. */
  CONSOLE_WITHOUT_LOGIN: z.enum(['yes', 'no']).default('no'),
  /** Development only: "kiosk-001:token" makes that kiosk known. */
  HQ_DEV_KIOSK: devKioskSchema.optional(),
});

export interface Environment {
  readonly host: string;
  readonly port: number;
  readonly database: { readonly kind: 'embedded'; readonly dataFolder: string } | { readonly kind: 'given'; readonly url: string };
  readonly webFolder: string;
  readonly logLevel: z.infer<typeof environmentSchema>['LOG_LEVEL'];
  readonly isLoopback: boolean;
  readonly console: 'served' | 'withheld';
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
  if (values.HQ_DEV_KIOSK && !isLoopback) throw new StartFailure('HQ_DEV_KIOSK is for development and needs HOST to be loopback.');
  if (!values.DATABASE_URL && !values.DATA_FOLDER) throw new StartFailure('Set DATA_FOLDER (HQ starts its own PostgreSQL in it) or DATABASE_URL (a PostgreSQL of yours).');
  return {
    host: values.HOST,
    port: values.PORT,
    database: values.DATABASE_URL ? { kind: 'given', url: values.DATABASE_URL } : { kind: 'embedded', dataFolder: values.DATA_FOLDER ?? '' },
    webFolder: values.WEB_FOLDER,
    logLevel: values.LOG_LEVEL,
    isLoopback,
    console: isLoopback || values.CONSOLE_WITHOUT_LOGIN === 'yes' ? 'served' : 'withheld',
    devKiosk: values.HQ_DEV_KIOSK,
  };
}

/** Only addresses that no other machine can reach. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}
