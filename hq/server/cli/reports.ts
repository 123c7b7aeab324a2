import { rebuildSales } from '../reports/roll-up.ts';
import { kioskIdOf, readWords } from './arguments.ts';
import type { HqCommand } from './command.ts';
import { ensureKnown } from './publish.ts';

/** The sums of the reports. */
export const reportCommands: readonly HqCommand[] = [
  {
    name: 'rebuild-sales', usage: '[kiosk]', about: 'makes the sums of the sales reports anew, from every order and payment; HQ may go on meanwhile',
    run: async ({ args, sql, print }) => {
      const [id] = readWords(args, 1);
      const kioskId = id === undefined ? undefined : kioskIdOf(id);
      if (kioskId) await ensureKnown(sql, kioskId);
      print(`${await rebuildSales(sql, kioskId)} days of kiosks were summed`);
    },
  },
];
