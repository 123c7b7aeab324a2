import { accountCommands } from './accounts.ts';
import { alarmCommands } from './alarms.ts';
import type { HqCommand } from './command.ts';
import { feedbackCommands } from './feedback.ts';
import { helpCommands } from './help-calls.ts';
import { identityCommands } from './identity.ts';
import { kioskCommands } from './kiosk-commands.ts';
import { migrateCommands } from './migrate.ts';
import { proofCommands } from './proofs.ts';
import { publishCommands } from './publish.ts';
import { reconcileCommands } from './reconcile.ts';
import { reportCommands } from './reports.ts';
import { serviceCommands } from './services.ts';
import { signingKeyCommands } from './signing-key.ts';
import { staffCommands } from './staff.ts';
import { webhookCommands } from './webhooks.ts';

/** Every word of the command line, in the order in which the usage lists them. */
export const commands: readonly HqCommand[] = [
  ...identityCommands, ...publishCommands, ...kioskCommands, ...helpCommands, ...serviceCommands, ...feedbackCommands, ...proofCommands.filter(({ name }) => !alarmCommands.some((other) => other.name === name)), ...alarmCommands, ...reportCommands, ...reconcileCommands, ...webhookCommands, ...accountCommands, ...staffCommands, ...signingKeyCommands, ...migrateCommands,
];

export function usageOf(list: readonly HqCommand[]): string {
  const heads = list.map(({ name, usage }) => `${name} ${usage}`.trim());
  const width = Math.min(40, Math.max(...heads.map((head) => head.length)));
  return [
    'Usage: npm run hq -- <command> …', '',
    // What is long has its explanation below it.
    ...list.map(({ about }, index) => {
      const head = heads[index] ?? '';
      return head.length > width ? `  ${head}\n  ${' '.repeat(width)}  ${about}` : `  ${head.padEnd(width)}  ${about}`;
    }),
    '', 'Needs DATA_FOLDER of an HQ, running or stopped, or DATABASE_URL.',
  ].join('\n');
}
