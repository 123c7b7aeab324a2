import { distribute } from '../distributed/distribute.ts';
import { StartFailure } from '../start-failure.ts';
import type { HqCommand } from './command.ts';

/** The database itself. It has been brought up to date before this begins. */
export const migrateCommands: readonly HqCommand[] = [
  {
    name: 'migrate', usage: '[--distributed]', isMigrating: true, about: 'brings the database up to date; on Citus, lays each kiosk’s rows together on one node',
    run: async ({ args, sql, print }) => {
      const unknown = args.find((arg) => arg !== '--distributed');
      if (unknown !== undefined) throw new StartFailure(`migrate takes --distributed alone, not "${unknown}".`);
      const [newest] = await sql<{ name: string }[]>`select name from schema_migrations order by version desc limit 1`;
      print(`the database is at ${newest?.name}`);
      if (args.length === 0) return;
      const { reference, distributed } = await distribute(sql);
      print(reference.length + distributed.length === 0 ? 'it is distributed already' : `made ${reference.length} reference tables and distributed ${distributed.length} tables by kiosk`);
    },
  },
];
