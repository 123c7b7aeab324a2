import { readFeedback } from '../feedback/list.ts';
import { kioskIdOf, readWords, shownTime } from './arguments.ts';
import type { HqCommand } from './command.ts';
import { ensureKnown } from './publish.ts';

const shownAtMost = 100;

/** What customers said of their visits. */
export const feedbackCommands: readonly HqCommand[] = [
  {
    name: 'feedback', usage: '[kiosk]', about: `lists what customers said, the newest ${shownAtMost} first: stars, what they tapped, and their words while HQ may read them`,
    run: async ({ args, sql, print }) => {
      const [id] = readWords(args, 1);
      const kioskId = id === undefined ? undefined : kioskIdOf(id);
      if (kioskId) await ensureKnown(sql, kioskId);
      const { feedback, next } = await readFeedback(sql, { kioskId, limit: shownAtMost });
      if (feedback.length === 0) print('no customer has said anything yet');
      for (const row of feedback) {
        // Whoever typed them chose them: a terminal must not be steered by it.
        // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
        const words = row.words?.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ');
        print([shownTime(row.givenAt), row.kioskId, ...(row.orderNumber === null ? [] : [row.orderNumber]), `${row.stars} of 5`, ...(row.chips.length > 0 ? [row.chips.join(', ')] : []), ...(words ? [words] : [])].join('  '));
      }
      if (next !== null) print(`only the newest ${shownAtMost} are shown`);
    },
  },
];
