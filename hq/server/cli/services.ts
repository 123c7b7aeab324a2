import { listOpenServices, settleByHand } from '../services/by-hand.ts';
import { StartFailure } from '../start-failure.ts';
import { kioskIdOf, noMoreThan, readOptions, readWords, shownTime } from './arguments.ts';
import type { HqCommand } from './command.ts';
import { ensureKnown, whoIsHere } from './publish.ts';

const shownAtMost = 200;
const maxReference = 60;

/** What is credited elsewhere. */
export const serviceCommands: readonly HqCommand[] = [
  {
    name: 'services', usage: '[kiosk]', about: 'lists the services that have no end yet: asked for, under way, or held for a person',
    run: async ({ args, sql, print }) => {
      const [id] = readWords(args, 1);
      const kioskId = id === undefined ? undefined : kioskIdOf(id);
      if (kioskId) await ensureKnown(sql, kioskId);
      const open = await listOpenServices(sql, kioskId, shownAtMost + 1);
      for (const row of open.slice(0, shownAtMost)) {
        print([row.kioskId, row.jobId, ...(row.orderNumber === null ? [] : [`order ${row.orderNumber}`]), row.service ?? 'unknown', row.offerId ?? 'unknown', row.state, `since ${shownTime(row.askedAt)}`, ...(row.detail === null ? [] : [row.detail])].join('  '));
      }
      print(open.length === 0 ? 'every service has its end' : `${open.length > shownAtMost ? `more than ${shownAtMost}` : open.length} open`);
    },
  },
  {
    name: 'service', usage: '<kiosk> <job> done|refused [--reference R]', about: 'settles a service by hand, when you know from the carrier what became of it; refused gives the customer the money back',
    run: async ({ args, sql, now, print }) => {
      const { words, options } = readOptions(args, ['reference']);
      const [id, jobId = '', outcome] = noMoreThan(words, 3);
      const kioskId = kioskIdOf(id);
      if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(jobId)) throw new StartFailure('The id of the job is missing: it stands in the list of "services".');
      if (outcome !== 'done' && outcome !== 'refused') throw new StartFailure('Say what became of it: done or refused.');
      const reference = options.get('reference');
      if (reference !== undefined && (reference === '' || reference.length > maxReference)) throw new StartFailure(`A reference has 1 to ${maxReference} characters.`);
      const settled = await settleByHand(sql, { kioskId, jobId, outcome, reference, by: whoIsHere(), now: now() });
      if (!settled.ok) throw new StartFailure(settled.error);
      print(`settled as ${outcome}; ${kioskId} is told`);
    },
  },
];
