import type { MessagePortMain, UtilityProcess } from 'electron';
import { utilityProcess } from 'electron';
import { messageOf } from '../../domain/contract/errors.ts';
import type { StartMessage, ToCore } from '../../domain/contract/shell.ts';
import { coreToShellSchema } from '../../domain/contract/shell.ts';
import type { CoreAnswerDeps } from './core-answers.ts';
import { answerCore } from './core-answers.ts';

export interface Supervisor {
  isRunning(): boolean;
  /** Hands core the page's end of the border. */
  connectPage(port: MessagePortMain): void;
  pageGone(): void;
  /** Ends core in good order; after the limit, anyhow. */
  stop(): Promise<void>;
}

export interface SupervisorDeps {
  readonly coreFile: string;
  readonly start: () => StartMessage;
  readonly keys: CoreAnswerDeps['keys'];
  /** The page as it stands, a JPEG as base64; undefined where it could not be taken. */
  readonly takePicture: () => Promise<string | undefined>;
  /** Core runs, for the first time or anew: a page that waits needs a port. */
  readonly onStarted: () => void;
}

const restartFirstMs = 250;
const restartMaxMs = 15_000;
/** A core that ran this long is healthy: its next end starts the waiting from the beginning. */
const healthyMs = 60_000;
const stopLimitMs = 5_000;

/** What core may know of our environment. NODE_OPTIONS, ELECTRON_* and other people's secrets stay out. */
const passedOn = ['HOME', 'LANG', 'LC_ALL', 'PATH', 'TMPDIR', 'TZ', 'SystemRoot', 'TEMP', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA'];

/** Keeps core alive: a core that ends without being told to is started again, with growing pauses. */
export function superviseCore({ coreFile, start, keys, takePicture, onStarted }: SupervisorDeps): Supervisor {
  let core: UtilityProcess | undefined;
  let isRunning = false;
  let stopping = false;
  let pauseMs = restartFirstMs;
  let timer: NodeJS.Timeout | undefined;

  function launch(): void {
    const env = Object.fromEntries(passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
    const launchedAt = performance.now();
    const launched = utilityProcess.fork(coreFile, [], { serviceName: 'counter24-core', stdio: 'inherit', env });
    core = launched;
    launched.once('spawn', () => {
      isRunning = true;
      send(start());
      onStarted();
    });
    launched.on('message', (message: unknown) => {
      const said = coreToShellSchema.safeParse(message);
      const answer = said.success ? answerCore(said.data, { keys, complain: console.error }) : undefined;
      if (answer) send(answer);
      if (said.success && said.data.kind === 'picture_wanted') void answerPicture();
    });
    launched.once('exit', (code) => {
      core = undefined;
      isRunning = false;
      if (stopping) return;
      if (performance.now() - launchedAt > healthyMs) pauseMs = restartFirstMs;
      console.error(`core ended with code ${code}; starting it again in ${pauseMs} ms`);
      timer = setTimeout(launch, pauseMs);
      pauseMs = Math.min(pauseMs * 2, restartMaxMs);
    });
  }

  async function answerPicture(): Promise<void> {
    const picture = await takePicture().catch((cause: unknown) => void console.error(`no picture: ${messageOf(cause)}`));
    // As long as the contract lets it be: a larger one would not be read.
    send({ kind: 'picture', ...(picture === undefined ? {} : { picture }) });
  }

  function send(message: ToCore, ports: MessagePortMain[] = []): void {
    core?.postMessage(message, ports);
  }

  launch();

  return {
    isRunning: () => isRunning,
    connectPage: (port) => send({ kind: 'page' }, [port]),
    pageGone: () => send({ kind: 'page_gone' }),
    async stop() {
      stopping = true;
      clearTimeout(timer);
      const ending = core;
      if (!ending) return;
      await new Promise<void>((resolve) => {
        const limit = setTimeout(() => {
          ending.kill();
          resolve();
        }, stopLimitMs);
        ending.once('exit', () => {
          clearTimeout(limit);
          resolve();
        });
        send({ kind: 'stop' });
      });
    },
  };
}
