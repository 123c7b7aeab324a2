import { codedError } from '../../domain/contract/errors.ts';
import { describeIssues } from '../../domain/contract/issues.ts';
import type { CoreToShell, ToCore } from '../../domain/contract/shell.ts';
import { toCoreSchema } from '../../domain/contract/shell.ts';
import type { Kiosk } from './kiosk.ts';
import { createKiosk } from './kiosk.ts';
import { createLog } from './log.ts';
import { createLogBook } from './log-book.ts';
import type { ShellLink } from './shell-link.ts';
import { linkToShell } from './shell-link.ts';

/** Core's process: waits to be told where things are, then runs until it is told to stop. */
const book = createLogBook(Date.now);
const log = createLog((line) => process.stdout.write(`${line}\n`), Date.now, book);
const shell: ShellLink = linkToShell();
let kiosk: Kiosk | undefined;
const lastWordsMs = 500;

process.on('uncaughtException', (cause) => {
  // The state of a process that threw where nothing should is not to be trusted with money: end, and be started again.
  log.error(codedError('INTERNAL', cause.stack ?? String(cause)));
  // Its last words are worth most; nothing else of this thread runs meanwhile.
  book.flushNow(lastWordsMs);
  process.exit(1);
});

shell.onMessage((message, port) => {
  const checked = toCoreSchema.safeParse(message);
  if (!checked.success) log.error(codedError('CONTRACT_MALFORMED', `from the shell: ${describeIssues(checked.error)}`));
  else act(checked.data, port);
});

function act(message: ToCore, port: Parameters<Parameters<ShellLink['onMessage']>[0]>[1]): void {
  switch (message.kind) {
    case 'start':
      kiosk ??= createKiosk({
        start: message, log,
        tellShell: tell,
        // Whoever started core starts it again.
        onRestartWanted: () => void stop(),
      });
      tell({ kind: 'started' });
      return;
    case 'page':
      if (port) kiosk?.connect(port);
      return;
    case 'key':
      kiosk?.takeKey(message.key);
      return;
    case 'key_not_rotated':
      log.error(message.error);
      return;
    case 'picture':
      kiosk?.takePicture(message.picture);
      return;
    case 'page_gone':
      kiosk?.pageGone();
      return;
    case 'stop':
      void stop();
  }
}

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await kiosk?.stop();
  await book.close();
  tell({ kind: 'stopped' });
  process.exit(0);
}

function tell(message: CoreToShell): void {
  shell.post(message);
}

// Without its shell there is no screen: what is on the line is finished by the journal at the next start.
shell.onClose(() => void stop());
