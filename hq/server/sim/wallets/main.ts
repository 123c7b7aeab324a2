import { parseArgs } from 'node:util';
import { createLoopbackGateways } from './gateways.ts';
import { loadKeys } from './keys.ts';

/** What the parent process hears over its IPC channel when the gateways are there. */
export interface LoopbackReady {
  readonly kind: 'ready';
  readonly url: string;
  /** What HQ gets to pay here. */
  readonly environment: Readonly<Record<string, string>>;
}

const usage = 'Usage: hq/server/sim/wallets/main.ts --folder=FOLDER --hq=URL [--port=PORT] [--host=HOST] [--public-url=URL] [--notify-factor=0.01]';

interface Wanted {
  readonly folder: string;
  readonly hqUrl: string;
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | undefined;
  readonly notifyFactor: number;
}

/** The loopback gateways as a process of their own: their books outlive HQ, as the real ones' do. */
async function main(): Promise<void> {
  const wanted = readArguments();
  if (typeof wanted === 'string') return giveUp(wanted);
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  // Whoever started it has gone, however that happened: nobody else would end it.
  process.on('disconnect', () => stop.abort());

  const { folder, hqUrl, ...options } = wanted;
  const gateways = await createLoopbackGateways({ ...options, folder, keys: loadKeys(folder) });
  if (!stop.signal.aborted) {
    const environment = gateways.environment({ hqUrl, folder: `${folder}/merchant` });
    console.log(`The loopback gateways are ready at ${gateways.url}: the phone is ${gateways.url}/phone`);
    // Started by hand: what to give HQ. Keys are named by their files alone.
    if (!process.send) for (const [name, value] of Object.entries(environment)) console.log(`${name}=${value}`);
    const ready: LoopbackReady = { kind: 'ready', url: gateways.url, environment };
    if (process.connected) process.send?.(ready, undefined, {}, () => {});
    await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
  }
  await gateways.close();
  process.exit(0);
}

function readArguments(): Wanted | string {
  try {
    const { values } = parseArgs({ options: { folder: { type: 'string' }, hq: { type: 'string' }, port: { type: 'string', default: '0' }, host: { type: 'string', default: '127.0.0.1' }, 'public-url': { type: 'string' }, 'notify-factor': { type: 'string', default: '0.01' } } });
    const { folder = '', hq = '', port, host, 'public-url': publicUrl, 'notify-factor': factor } = values;
    if (folder === '' || !URL.canParse(hq)) return usage;
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return `--port=${port} is no port. ${usage}`;
    if (publicUrl !== undefined && !URL.canParse(publicUrl)) return `--public-url=${publicUrl} is no address. ${usage}`;
    const notifyFactor = Number(factor);
    if (!(notifyFactor > 0 && notifyFactor <= 1)) return `--notify-factor=${factor} is not above 0 and up to 1. ${usage}`;
    return { folder, hqUrl: hq, port: Number(port), host, publicUrl, notifyFactor };
  } catch (cause) {
    return `${cause instanceof Error ? cause.message : String(cause)} ${usage}`;
  }
}

function giveUp(sentence: string): void {
  console.error(sentence);
  process.exit(1);
}

await main().catch((cause: unknown) => giveUp(`The loopback gateways cannot start: ${cause instanceof Error ? cause.message : String(cause)}`));
