import type { Mailer } from './alerts/mail.ts';
import { alertRoutes } from './alerts/routes.ts';
import type { Api } from './api/serve.ts';
import { catalogueRoutes } from './catalogue/routes.ts';
import type { Sql } from './database.ts';
import { feedbackRoutes } from './feedback/routes.ts';
import { fleetRoutes } from './fleet/routes.ts';
import { helpRoutes } from './help/routes.ts';
import type { SigningKey } from './identity/signing-key.ts';
import { orderRoutes } from './orders/routes.ts';
import { reportRoutes } from './reports/routes.ts';
import { moneyRoutes } from './settlement/routes.ts';
import type { ServiceProvider } from './services/provider.ts';
import { serviceRoutes } from './services/routes.ts';
import { staffRoutes } from './staff/routes.ts';
import { stockRoutes } from './stock/routes.ts';

export interface ConsoleDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly signingKey: SigningKey;
  /** Whoever credits services. Undefined where nobody does. */
  readonly provider?: ServiceProvider | undefined;
  readonly providerTimeoutMs?: number | undefined;
  /** Undefined where HQ has no mail server. */
  readonly mailer?: Mailer | undefined;
  /** Webhooks may also go to this machine and its own network. */
  readonly webhooksPrivate?: boolean | undefined;
}

/** Everything that the console can do, an area a line. */
export function consoleRoutes(api: Api, { sql, now, signingKey, provider, providerTimeoutMs, mailer, webhooksPrivate = false }: ConsoleDeps): void {
  fleetRoutes(api, { sql, now, signingKey });
  helpRoutes(api, { sql, now });
  alertRoutes(api, { sql, now, mailer, webhookRules: { mayBePrivate: webhooksPrivate } });
  orderRoutes(api, { sql, now, signingKey });
  serviceRoutes(api, { sql, now, provider, timeoutMs: providerTimeoutMs });
  feedbackRoutes(api, { sql });
  reportRoutes(api, { sql, now });
  moneyRoutes(api, { sql, now });
  catalogueRoutes(api, { sql, now, signingKey });
  stockRoutes(api, { sql, now, signingKey });
  staffRoutes(api, { sql, now, signingKey });
}
