import { listProofs } from '../proof/list.ts';
import { checkEvery, describeResult } from '../proof/run.ts';
import { settleAlarms, alarmKinds } from '../ingest/alarms.ts';
import type { AlarmKind } from '../ingest/alarms.ts';
import { StartFailure } from '../start-failure.ts';
import { kioskIdOf, readOptions, shownTime } from './arguments.ts';
import type { HqCommand } from './command.ts';

/** "Nothing is lost" as a question, and what a person has looked at. */
export const proofCommands: readonly HqCommand[] = [
  {
    name: 'proofs', usage: '[id] [--check no] [--days 60]', about: "holds HQ's rows against every day that kiosks have closed and signed, and lists the days with what is missing or differs",
    run: async ({ args, sql, now, print }) => {
      const { words, options } = readOptions(args, ['check', 'days']);
      const kioskId = words[0] === undefined ? undefined : kioskIdOf(words[0]);
      const days = Number(options.get('days') ?? 60);
      if (!Number.isSafeInteger(days) || days < 1) throw new StartFailure('--days needs a whole number.');
      if (options.get('check') !== 'no') await checkEvery(sql, kioskId, now());
      const proofs = await listProofs(sql, { kioskId, limit: days });
      for (const proof of proofs) {
        const found = proof.result && proof.state !== 'green' ? `  ${describeResult(proof.result)}` : '';
        print(`${proof.state.padEnd(7)}  ${proof.kioskId}  ${proof.day}  closing ${proof.number}  ${proof.events} events  checked ${proof.checkedAt === null ? 'never' : shownTime(proof.checkedAt)}${found}`);
      }
      const red = proofs.filter(({ state }) => state === 'red').length;
      const waiting = proofs.filter(({ state }) => state === 'waiting').length;
      print(proofs.length === 0 ? 'No day has been closed yet.' : `${proofs.length} days: ${proofs.length - red - waiting} green, ${red} red, ${waiting} on their way.`);
    },
  },
  {
    name: 'settle', usage: '<id> <kind>', about: `ends a kiosk's alarms of a kind that a person has looked at (${alarmKinds.join(', ')})`,
    run: async ({ args, sql, now, print }) => {
      const [id, kind] = args;
      const kioskId = kioskIdOf(id);
      if (!alarmKinds.includes(kind as AlarmKind)) throw new StartFailure(`There is no kind of alarm "${kind ?? ''}": ${alarmKinds.join(', ')}.`);
      print(`${await settleAlarms(sql, kioskId, kind as AlarmKind, now())} alarms ended.`);
    },
  },
];
