import { answerHelp, listOpenCalls } from '../help/calls.ts';
import { StartFailure } from '../start-failure.ts';
import { noMoreThan, readOptions, readWords, shownSpan } from './arguments.ts';
import type { HqCommand } from './command.ts';
import { whoIsHere } from './publish.ts';

/** Customers who ask for a person. */
export const helpCommands: readonly HqCommand[] = [
  {
    name: 'calls', usage: '', about: 'lists the customers who ask for a person now, the longest waiting first',
    run: async ({ args, sql, now, print }) => {
      readWords(args, 0);
      const calls = await listOpenCalls(sql, now());
      if (calls.length === 0) print('nobody asks for help');
      for (const { callId, kioskId, kioskName, screen, orderNumber, calledAt, answeredAt, answeredBy } of calls) {
        const state = answeredAt === null ? 'not answered' : `answered ${shownSpan(now() - answeredAt)} ago by ${answeredBy}`;
        print([callId, kioskId, ...(kioskName === kioskId ? [] : [kioskName]), `for ${shownSpan(now() - calledAt)}`, `screen ${screen || 'unknown'}`, ...(orderNumber === null ? [] : [`order ${orderNumber}`]), state].join('  '));
      }
    },
  },
  {
    name: 'answer', usage: '<call id> [--zh words --en words]', about: 'tells the customer that a person has seen the call, with words in both languages or without any',
    run: async ({ args, sql, now, print }) => {
      const { words, options } = readOptions(args, ['zh', 'en']);
      const [callId = ''] = noMoreThan(words, 1);
      if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(callId)) throw new StartFailure('The id of the call is missing: it stands in the list of "calls".');
      const [zh, en] = [options.get('zh'), options.get('en')];
      if ((zh === undefined) !== (en === undefined)) throw new StartFailure('Words for the customer are needed in both languages: --zh and --en.');
      const answered = await answerHelp(sql, { callId, words: zh === undefined || en === undefined ? undefined : { zh, en }, by: whoIsHere(), now: now() });
      if (!answered.ok) throw new StartFailure(answered.error);
      print(`answered; ${answered.value.kioskId} shows it as soon as it hears of it`);
    },
  },
];
