import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import type { DocumentKind } from '../../../domain/contract/hq-down.ts';
import { documentKinds, documentKindSchema } from '../../../domain/contract/hq-down.ts';
import { listDocuments, publish, withdraw } from '../down/publish.ts';
import { StartFailure } from '../start-failure.ts';
import { kioskIdOf, noMoreThan, readOptions, readWords, shownTime } from './arguments.ts';
import type { HqCommand } from './command.ts';

/** What kiosks show and sell. */
export const publishCommands: readonly HqCommand[] = [
  {
    name: 'publish', usage: '<kind> <file> [--kiosk id | --group id]', about: `signs a document and gives it to all kiosks, to a group, or to one: ${documentKinds.join(', ')}`,
    run: async ({ args, sql, now, print, signingKey }) => {
      const { words, options } = readOptions(args, ['kiosk', 'group']);
      const [kindWord, file] = noMoreThan(words, 2);
      const kind = kindOf(kindWord);
      if (!file) throw new StartFailure('The file is missing: publish <kind> <file>.');
      const text = await readText(file);
      const group = options.get('group');
      if (group !== undefined && options.has('kiosk')) throw new StartFailure('A kiosk or a group, not both.');
      const scope = options.has('kiosk') ? (`kiosk:${kioskIdOf(options.get('kiosk'))}` as const) : group === undefined ? 'all' : (`group:${group}` as const);
      if (scope.startsWith('kiosk:')) await ensureKnown(sql, scope.slice('kiosk:'.length));
      if (group !== undefined && (await sql`select 1 from kiosk_groups where group_id = ${group}`).length === 0) throw new StartFailure(`HQ knows no group ${group}.`);
      const published = await publish(sql, { kind, scope, text, signer: await signingKey(), by: whoIsHere(), now: now() });
      if (!published.ok && published.error.kind === 'malformed') throw new StartFailure(`${file} is no ${kind}: ${published.error.detail}`);
      if (published.ok) print(`published ${kind} as revision ${published.value.revision} for ${scope === 'all' ? 'all kiosks' : scope.replace(/^kiosk:/, '').replace(':', ' ')}`);
      else if (published.error.kind === 'unchanged') print(`this is in force already, as revision ${published.error.revision}`);
    },
  },
  {
    name: 'withdraw', usage: '<kind> --kiosk id', about: "lets what is for all kiosks go for this one again, instead of its own",
    run: async ({ args, sql, now, print, signingKey }) => {
      const { words, options } = readOptions(args, ['kiosk']);
      const [kindWord] = noMoreThan(words, 1);
      const kind = kindOf(kindWord);
      const kioskId = kioskIdOf(options.get('kiosk'));
      const withdrawn = await withdraw(sql, { kind, scope: `kiosk:${kioskId}`, signer: await signingKey(), by: whoIsHere(), now: now() });
      if (typeof withdrawn === 'string') throw new StartFailure(`${kioskId} has no ${kind} of its own.`);
      print(withdrawn.revision === undefined ? `withdrawn; there is no ${kind} for all, so ${kioskId} keeps what it has until there is one` : `withdrawn; what is for all goes out again as revision ${withdrawn.revision}`);
    },
  },
  {
    name: 'documents', usage: '', about: 'lists what is in force, and which kiosks have it',
    run: async ({ args, sql, print }) => {
      readWords(args, 0);
      const documents = await listDocuments(sql);
      if (documents.length === 0) print('nothing is published: kiosks go by what they were set up with');
      for (const { kind, revision, scope, sha256, publishedAt, publishedBy } of documents) {
        print([kind, `revision ${revision}`, scope.replace(/^kiosk:/, '').replace(':', ' '), sha256.slice(0, 12), shownTime(publishedAt), `by ${publishedBy}`].join('  '));
      }
      const at = await sql<{ kiosk_id: string; document: string; revision: number; outcome: string; detail: string | null }[]>`
        select kiosk_id, document, revision, outcome, detail from kiosk_documents order by kiosk_id, document`;
      for (const row of at) print(`  ${row.kiosk_id}  ${row.document}  revision ${row.revision}  ${row.outcome}${row.detail ? `: ${row.detail}` : ''}`);
    },
  },
];

function kindOf(word: string | undefined): DocumentKind {
  const kind = documentKindSchema.safeParse(word);
  if (!kind.success) throw new StartFailure(`${word === undefined ? 'The kind is missing' : `There is no kind "${word}"`}: ${documentKinds.join(', ')}.`);
  return kind.data;
}

async function readText(file: string): Promise<string> {
  try {
    // Bytes that are no UTF-8 would become other bytes in silence.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(file));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StartFailure(code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? `${file} is no UTF-8 text.` : `${file} cannot be read: ${message}`);
  }
}

/** For the record: who sat at this machine. */
export function whoIsHere(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

export async function ensureKnown(sql: Parameters<HqCommand['run']>[0]['sql'], kioskId: string): Promise<void> {
  const rows = await sql`select 1 from kiosks where kiosk_id = ${kioskId}`;
  if (rows.length === 0) throw new StartFailure(`HQ knows no kiosk ${kioskId}.`);
}
