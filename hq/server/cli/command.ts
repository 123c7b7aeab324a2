import type { Environment } from '../environment/environment.ts';
import type { Sql } from '../database.ts';
import type { SigningKey } from '../identity/signing-key.ts';

/** One word of `npm run hq -- <word> …`. Others stand in files of their own and in the table of commands.ts. */
export interface HqCommand {
  readonly name: string;
  /** What follows the name: "<id> [name]". */
  readonly usage: string;
  /** It brings a database of yours (DATABASE_URL) up to date; the others refuse one that is not. */
  readonly isMigrating?: true;
  /** One sentence for the list. */
  readonly about: string;
  /** Throws a StartFailure with one clear sentence where it cannot be done. */
  readonly run: (context: CommandContext) => Promise<void>;
}

export interface CommandContext {
  /** What stands after the name. */
  readonly args: readonly string[];
  readonly sql: Sql;
  readonly now: () => number;
  /** A line on stdout. */
  readonly print: (line: string) => void;
  readonly environment: Environment;
  /** HQ's own key, registered as that of this database: for what is published. */
  readonly signingKey: () => Promise<SigningKey>;
}
