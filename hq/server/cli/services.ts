import { readOperations } from '../environment/operations.ts';
import { listOpenServices, resubmit, settleAsDone, settleAsRefused } from '../services/by-hand.ts';
import { createConfiguredProvider } from '../services/configured.ts';
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
    name: 'service', usage: '<kiosk> <job> done|refused|not-credited|again [--reference R]', about: 'settles a service by hand, when you know from the carrier what became of it; refused has the carrier take it back and gives the customer the money back; not-credited does so even where the carrier does not take it back, because you have seen there that it is not credited; again sends one that was given up on its way once more',
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
      if (outcome !== 'done' && outcome !== 'refused' && outcome !== 'not-credited') throw new StartFailure('Say what became of it: done, refused or not-credited, or send it again.');
      const reference = options.get('reference');
      if (reference !== undefined && (reference === '' || reference.length > maxReference)) throw new StartFailure(`A reference has 1 to ${maxReference} characters.`);
      if (outcome === 'done') {
        const settled = await settleAsDone(sql, { kioskId, jobId, reference, by: whoIsHere(), now: now() });
        if (!settled.ok) throw new StartFailure(settled.error);
        print(`settled as done; ${kioskId} is told`);
        return;
      }
      const { services } = readOperations(process.env);
      const credits = services && (await createConfiguredProvider(services, { now }));
      try {
        const ended = await settleAsRefused({ sql, now, provider: credits?.provider, timeoutMs: services?.timeoutMs }, { kioskId, jobId, by: whoIsHere(), isConfirmed: outcome === 'not-credited' });
        if (!ended.ok) throw new StartFailure(ended.error);
        const { value } = ended;
        if (value.outcome === 'open') throw new StartFailure(`Nothing was settled: ${value.detail}. Look into the carrier's own books; where it is not credited there, say not-credited.`);
        print(value.outcome === 'done' ? `It is credited${value.reference === null ? '' : ` (${value.reference})`}: nothing goes back.` : `settled as refused; ${kioskId} is told`);
      } finally {
        credits?.close();
      }
    },
  },
];
