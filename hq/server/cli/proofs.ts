import type { ProofRow } from '../../contract/console.ts';
import type { ProofFilter } from '../proof/list.ts';
import { countProofs, listProofs } from '../proof/list.ts';
import { checkEvery, describeResult } from '../proof/run.ts';
import { StartFailure } from '../start-failure.ts';
import { kioskIdOf, noMoreThan, readOptions, shownTime } from './arguments.ts';
import type { HqCommand } from './command.ts';

const atOnce = 500;

function lineOf(proof: ProofRow): string {
  const found = proof.result && describeResult(proof.result);
  const words = found && (proof.state !== 'green' || proof.result.setAside.length > 0) ? `  ${found}` : '';
  return `${proof.state.padEnd(7)}  ${proof.kioskId}  ${proof.day}  closing ${proof.number}  ${proof.events} events  checked ${proof.checkedAt === null ? 'never' : shownTime(proof.checkedAt)}${words}`;
}

/** "Nothing is lost" as a question. */
export const proofCommands: readonly HqCommand[] = [
  {
    name: 'proofs', usage: '[id] [--check no] [--days 60]', about: "holds HQ's rows against every day that kiosks have closed and signed, and lists what is not green first; ends with code 1 where a day does not fit",
    run: async ({ args, sql, now, print }) => {
      const { words, options } = readOptions(args, ['check', 'days']);
      noMoreThan(words, 1);
      const kioskId = words[0] === undefined ? undefined : kioskIdOf(words[0]);
      const days = Number(options.get('days') ?? 60);
      if (!Number.isSafeInteger(days) || days < 1) throw new StartFailure('--days needs a whole number.');
      // What can be told is told, also where a kiosk's days could not be checked.
      let fault: unknown;
      if (options.get('check') !== 'no') await checkEvery(sql, kioskId, now()).catch((error: unknown) => (fault = error));
      let shown = 0;
      const show = async (filter: ProofFilter) => {
        let after: ProofRow | undefined;
        do {
          const proofs: readonly ProofRow[] = await listProofs(sql, { ...filter, kioskId, limit: atOnce, after });
          for (const proof of proofs) print(lineOf(proof));
          shown += proofs.length;
          after = proofs.length === atOnce ? proofs.at(-1) : undefined;
        } while (after);
      };
      // What a person has to look at, first and whole, however old it is.
      await show({ states: ['red'] });
      await show({ states: ['waiting'] });
      await show({ states: ['green'], days });
      const { green, red, waiting } = await countProofs(sql, kioskId);
      const total = green + red + waiting;
      print(total === 0 ? 'No day has been closed yet.' : `${total} days: ${green} green, ${red} red, ${waiting} on their way.${shown < total ? ` ${total - shown} green ones before the last ${days} days are not shown.` : ''}`);
      if (fault !== undefined) throw fault;
      if (red > 0) throw new StartFailure(`${red} ${red === 1 ? 'day does' : 'days do'} not fit what the kiosks have signed.`);
    },
  },
];
