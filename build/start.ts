import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { electronRuntime } from './runtime.mjs';
import { endChild, root } from './start/child.ts';
import { developmentAccount } from './start/development-account.ts';
import { openDisplay } from './start/display.ts';
import { electronFlags, kioskArguments, startElectron } from './start/electron.ts';
import { buildIfStale } from './start/fresh.ts';
import { keepScript } from './start/keep.ts';
import { developmentCode, writeKioskFiles } from './start/kiosk-files.ts';
import { onStarterGone } from './start/npm.ts';
import { loopbackWallets } from './start/wallets.ts';

/**
 * `npm start`: HQ, the wallets' loopback gateways, the workbench with its two devices, and the kiosk. Ctrl-C, or closing the kiosk, ends all of it, and so
 * does whatever kills this process. HQ, the gateways and the workbench are started again when they end by themselves.
 * Options: --windowed (a portrait window instead of the full screen), --data=FOLDER, --hq-port=PORT.
 */
const { values: options } = parseArgs({
  options: { windowed: { type: 'boolean', default: false }, data: { type: 'string', default: path.join(root, 'out/development') }, 'hq-port': { type: 'string', default: '24024' } },
});

/** What has been started, in that order; it is ended in the opposite one. */
const toEnd: (() => Promise<void>)[] = [];
let isEnding = false;

async function end(code: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  for (const close of toEnd.reverse()) await close();
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
onStarterGone(() => {
  console.error('start: npm has gone, so all of it ends.');
  void end(0);
});

async function start(): Promise<void> {
  const folder = path.resolve(options.data);
  fs.mkdirSync(folder, { recursive: true });
  const runtime = electronRuntime();
  await buildIfStale();
  const display = await openDisplay('1980x1920');
  toEnd.push(() => display.close());
  if (display.isVirtual) console.log(`start: there is no display here, so the windows are on a virtual one (${display.env['DISPLAY']})`);

  const hqCode = developmentCode(path.join(folder, 'kiosk'));
  const account = developmentAccount(folder);
  const wallets = loopbackWallets({ folder, hqUrl: `http://127.0.0.1:${options['hq-port']}` });
  if (wallets) toEnd.push(() => wallets.end());
  const walletsReady = await wallets?.start();
  const hq = keepScript<{ kind: 'ready'; url: string }>({
    name: 'HQ',
    script: (first) => ({
      script: 'hq/server/main.ts',
      env: {
        PORT: first ? new URL(first.url).port : options['hq-port'],
        HOST: '127.0.0.1',
        DATA_FOLDER: path.join(folder, 'hq'),
        // Services are credited by the loopback carrier: its books lie in the data folder.
        SERVICES: 'loopback',
        ...walletsReady?.environment,
        HQ_DEV_KIOSK: `kiosk-001:${hqCode}`,
        HQ_DEV_ACCOUNT: `${account.name}:${account.password}`,
        HQ_DEV_STAFF: 'yes',
        HQ_DEV_CATALOGUE: path.join(root, 'config/catalogue.json'),
      },
    }),
  });
  toEnd.push(() => hq.end());
  const { url: hqUrl } = await hq.start().catch((cause: unknown) => {
    throw new Error(withOurOptions(wordsOf(cause)));
  });

  const workbench = keepScript<{ kind: 'ready'; url: string; printerPath: string; terminalPath: string; scannerPath: string }>({
    name: 'the workbench',
    script: (first) => ({ script: 'workbench/main.ts', args: [`--folder=${path.join(folder, 'lines')}`, `--port=${first ? new URL(first.url).port : 0}`] }),
    onBack(ready) {
      if (ready.printerPath === printerPath && ready.terminalPath === terminalPath && ready.scannerPath === scannerPath) return;
      console.error('start: the workbench came back with its devices at other addresses (it has no serial lines without socat), so all of it ends: start again.');
      void end(1);
    },
  });
  toEnd.push(() => workbench.end());
  const { url: workbenchUrl, printerPath, terminalPath, scannerPath } = await workbench.start();

  const configFile = writeKioskFiles({ folder: path.join(folder, 'kiosk'), printerPath, terminalPath, scannerPath, hqUrl, hqCode });
  const electron = (args: string[]) => {
    const child = startElectron(runtime, args, display.env);
    toEnd.push(() => endChild(child));
    return child;
  };
  electron([...electronFlags(), path.join(root, 'dist/workbench-window/main.js'), `--url=${workbenchUrl}`, `--data=${path.join(folder, 'workbench-window')}`]);
  // On a virtual screen the two stand side by side, so that a picture of it shows both.
  const kiosk = electron(kioskArguments({ runtime, configFile, dataFolder: path.join(folder, 'kiosk/data'), windowed: options.windowed || display.isVirtual }));
  kiosk.once('exit', (code) => void end(code ?? 1));

  console.log(`start: Electron ${runtime.version}${runtime.source === 'official' ? '' : ' (test build, for development only)'}`);
  console.log(`start: HQ's console     ${hqUrl}  sign in as ${account.name} with the password ${account.password}`);
  console.log(`start: staff             hold the brand at the top left of the kiosk's screen for three seconds; numbers, PINs and codes: DATA_FOLDER=${path.join(folder, 'hq')} npm run hq -- dev-staff`);
  console.log(`start: the workbench    ${workbenchUrl}`);
  if (walletsReady) console.log(`start: pay by phone     ${walletsReady.url}/phone  (no real money; open the kiosk's code there, or show a payment code and type its digits at the workbench's scanner)`);
  console.log('start: Ctrl-C ends all of it');
}

/** HQ speaks of its environment, which is set here by options. */
function withOurOptions(sentence: string): string {
  const hints = [
    ...(/\bPORT\b/.test(sentence) ? ['another port of HQ: npm start -- --hq-port=PORT'] : []),
    ...(/\bDATA_FOLDER\b/.test(sentence) ? ['a second shop beside the first: npm start -- --data=FOLDER --hq-port=PORT'] : []),
  ];
  return hints.length === 0 ? sentence : `${sentence} (Here, ${hints.join('; ')})`;
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

start().catch((cause: unknown) => {
  // What is being ended while it starts says so.
  if (isEnding) return;
  console.error(`start: ${wordsOf(cause)}`);
  void end(1);
});
