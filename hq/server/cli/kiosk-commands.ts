import type { CommandKind } from '../../../domain/contract/hq-down.ts';
import { commandKinds, commandKindSchema } from '../../../domain/contract/hq-down.ts';
import { cancel, give, listCommands } from '../down/commands.ts';
import { parseJson } from '../json.ts';
import { StartFailure } from '../start-failure.ts';
import { kioskIdOf, readOptions, readWords, shownSpan, shownTime } from './arguments.ts';
import type { HqCommand } from './command.ts';
import { ensureKnown, whoIsHere } from './publish.ts';

const defaultMinutes = 60;
const maxMinutes = 30 * 24 * 60;

/** What a kiosk is told to do. */
export const kioskCommands: readonly HqCommand[] = [
  {
    name: 'command', usage: '<kiosk> <kind> [json] [--minutes 60]', about: `tells a kiosk to do something once, within that time: ${commandKinds.join(', ')}`,
    run: async ({ args, sql, now, print }) => {
      const { words: [id, kindWord, ...json], options } = readOptions(args, ['minutes']);
      const kioskId = kioskIdOf(id);
      const kind = kindOf(kindWord);
      const minutes = Number(options.get('minutes') ?? defaultMinutes);
      if (!Number.isInteger(minutes) || minutes < 1 || minutes > maxMinutes) throw new StartFailure(`--minutes takes a whole number from 1 to ${maxMinutes}.`);
      const params = json.length === 0 ? { ok: true as const, value: {} } : parseJson(json.join(' '), 10);
      if (!params.ok) throw new StartFailure(`What belongs to ${kind} must be JSON, such as '{"minutes":60}': ${params.error}`);
      const given = await give(sql, { kioskId, kind, params: params.value, validMs: minutes * 60_000, by: whoIsHere(), now: now() });
      if (!given.ok) throw new StartFailure(given.error.endsWith('.') ? given.error : `${given.error}.`);
      print(given.value.commandId);
      print(`number ${given.value.sequence} for ${kioskId}, to be begun within ${shownSpan(minutes * 60_000)}`);
    },
  },
  {
    name: 'commands', usage: '<kiosk>', about: "lists a kiosk's commands, the newest first, with its answers",
    run: async ({ args, sql, now, print }) => {
      const kioskId = kioskIdOf(readWords(args, 1)[0]);
      await ensureKnown(sql, kioskId);
      const rows = await listCommands(sql, kioskId, now());
      if (rows.length === 0) print(`${kioskId} was never told anything`);
      for (const row of rows) {
        const state = row.state === 'answered' ? `${row.outcome}: ${row.detail}` : row.state === 'waiting' && row.deliveredAt !== null ? 'handed out, not answered yet' : row.state;
        print([`#${row.sequence}`, row.commandId, row.kind, JSON.stringify(row.params), shownTime(row.createdAt), `by ${row.createdBy}`, state].join('  '));
      }
    },
  },
  {
    name: 'cancel', usage: '<kiosk> <command id>', about: 'takes a command back that was not answered; a kiosk that has it already may still do it',
    run: async ({ args, sql, print }) => {
      const [id, commandId = ''] = readWords(args, 2);
      const kioskId = kioskIdOf(id);
      if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(commandId)) throw new StartFailure('The id of the command is missing: it stands in the list of "commands <kiosk>".');
      if (!(await cancel(sql, kioskId, commandId))) throw new StartFailure(`No such command of ${kioskId} waits.`);
      print('cancelled');
    },
  },
];

function kindOf(word: string | undefined): CommandKind {
  const kind = commandKindSchema.safeParse(word);
  if (!kind.success) throw new StartFailure(`${word === undefined ? 'The kind is missing' : `There is no command "${word}"`}: ${commandKinds.join(', ')}.`);
  return kind.data;
}
