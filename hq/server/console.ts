import type { Mailer } from './alerts/mail.ts';
import { alertRoutes } from './alerts/routes.ts';
import type { Api } from './api/serve.ts';
import type { Sql } from './database.ts';
import type { SigningKey } from './identity/signing-key.ts';

export interface ConsoleDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly signingKey: SigningKey;
  /** Undefined where HQ has no mail server. */
  readonly mailer?: Mailer | undefined;
  /** Webhooks may also go to this machine and its own network. */
  readonly webhooksPrivate?: boolean | undefined;
}

/** Everything that the console can do, an area a line. */
export function consoleRoutes(api: Api, { sql, now, mailer, webhooksPrivate = false }: ConsoleDeps): void {
  alertRoutes(api, { sql, now, mailer, webhookRules: { mayBePrivate: webhooksPrivate } });
}
