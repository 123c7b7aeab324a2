import { readOperations } from '../environment/operations.ts';
import { StartFailure } from '../start-failure.ts';
import { addWebhook, listWebhooks, removeWebhook } from '../webhooks/manage.ts';
import type { WebhookKind } from '../webhooks/note.ts';
import { webhookKinds } from '../webhooks/note.ts';
import { readWords, shownTime } from './arguments.ts';
import type { HqCommand } from './command.ts';

/** Whom HQ tells. */
export const webhookCommands: readonly HqCommand[] = [
  {
    name: 'webhook', usage: 'add <url> [kinds] | list | remove <id>', about: `tells an address what happens, signed: ${webhookKinds.join(',')}`,
    run: async ({ args, sql, now, print }) => {
      const [action, first, kinds] = readWords(args, args[0] === 'add' ? 3 : args[0] === 'remove' ? 2 : 1);
      if (action === 'add') {
        if (!first) throw new StartFailure('The address is missing: webhook add <url> [kinds].');
        const added = await addWebhook(sql, first, kindsOf(kinds), { mayBePrivate: readOperations(process.env).webhooksPrivate }, now());
        if (!added.ok) throw new StartFailure(`HQ does not send to ${first}: ${added.error}.`);
        print(added.value.id);
        print(`secret ${added.value.secret}`);
      } else if (action === 'list') {
        const webhooks = await listWebhooks(sql);
        if (webhooks.length === 0) print('nobody is told anything');
        for (const { id, url, kinds: told, disabledAt, due, dead } of webhooks) {
          print([id, url, told.join(','), `${due} waiting`, `${dead} given up`, ...(disabledAt === null ? [] : [`ended ${shownTime(disabledAt)}`])].join('  '));
        }
      } else if (action === 'remove') {
        if (!/^[0-9a-f-]{36}$/.test(first ?? '')) throw new StartFailure('The id is missing: it stands in the list of "webhook list".');
        if (!(await removeWebhook(sql, first ?? ''))) throw new StartFailure('There is no such webhook.');
        print('removed');
      } else throw new StartFailure('webhook add <url> [kinds], webhook list, or webhook remove <id>.');
    },
  },
];

function kindsOf(text: string | undefined): readonly WebhookKind[] {
  if (text === undefined) return webhookKinds;
  const kinds = text.split(',');
  const unknown = kinds.find((kind) => !(webhookKinds as readonly string[]).includes(kind));
  if (unknown !== undefined) throw new StartFailure(`There is no kind "${unknown}": ${webhookKinds.join(',')}.`);
  return [...new Set(kinds)] as WebhookKind[];
}
