import type { Api } from './api/serve.ts';
import type { Sql } from './database.ts';
import type { SigningKey } from './identity/signing-key.ts';

export interface ConsoleDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly signingKey: SigningKey;
}

/** Everything that the console can do, an area a line. */
export function consoleRoutes(_api: Api, _deps: ConsoleDeps): void {
}
