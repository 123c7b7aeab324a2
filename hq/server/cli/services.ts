import { listOpenServices, resubmit, settleByHand } from '../services/by-hand.ts';
import { StartFailure } from '../start-failure.ts';
import { kioskIdOf, noMoreThan, readOptions, readWords, shownTime } from './arguments.ts';
import type { HqCommand } from './command.ts';
import { ensureKnown, whoIsHere } from './publish.ts';

const shownAtMost = 200;
const maxReference = 60;

/** What is credited elsewhere. */
export const serviceCommands: readonly HqCommand[] = [
  {
    name: 'services', usage: '[kiosk] [given-up]', about: 'lists the services that have no end yet: asked for, under way, or given up and held for a person (those alone with given-up)',
    run: async ({ args, sql, print }) => {
      const words = readWords(args, 2);
      const option = words.find((word) => word === 'given-up');
      const [id] = words.filter((word) => word !== 'given-up');
      const kioskId = id === undefined ? undefined : kioskIdOf(id);
      if (kioskId) await ensureKnown(sql, kioskId);
      const open = await listOpenServices(sql, { kioskId, isGivenUp: option === 'given-up', limit: shownAtMost + 1 });
      for (const row of open.slice(0, shownAtMost)) {
        print([row.kioskId, row.jobId, ...(row.orderNumber === null ? [] : [`order ${row.orderNumber}`]), row.service ?? 'unknown', row.offerId ?? 'unknown', row.state, `since ${shownTime(row.askedAt)}`, `promised by ${shownTime(row.untilAt)}`, ...(row.detail === null ? [] : [row.detail])].join('  '));
      }
      print(open.length === 0 ? (option === undefined ? 'every service has its end' : 'nothing was given up') : `${open.length > shownAtMost ? `more than ${shownAtMost}` : open.length} open`);
    },
  },
  {
    name: 'service', usage: '<kiosk> <job> done|refused|again [--reference R]', about: 'settles a service by hand, when you know from the carrier what became of it; refused gives the customer the money back; again sends one that was given up on its way once more',
    run: async ({ args, sql, now, print }) => {
      const { words, options } = readOptions(args, ['reference']);
      const [id, jobId = '', outcome] = noMoreThan(words, 3);
      const kioskId = kioskIdOf(id);
      if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(jobId)) throw new StartFailure('The id of the job is missing: it stands in the list of "services".');
      if (outcome === 'again') {
        const sent = await resubmit(sql, { kioskId, jobId, by: whoIsHere(), now: now() });
        if (!sent.ok) throw new StartFailure(sent.error);
        print('on its way again, under the same key');
        return;
      }
      if (outcome !== 'done' && outcome !== 'refused') throw new StartFailure('Say what became of it: done or refused, or send it again.');
      const reference = options.get('reference');
      if (reference !== undefined && (reference === '' || reference.length > maxReference)) throw new StartFailure(`A reference has 1 to ${maxReference} characters.`);
      const settled = await settleByHand(sql, { kioskId, jobId, outcome, reference, by: whoIsHere(), now: now() });
      if (!settled.ok) throw new StartFailure(settled.error);
      print(`settled as ${outcome}; ${kioskId} is told`);
    },
  },
];
