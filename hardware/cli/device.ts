import { messageOf } from '../../domain/contract/errors.ts';
import { createPortLister } from '../transport/serial-list.ts';
import { runDeviceCommand } from './run.ts';

/** `npm run device -- …`: what a technician needs of the devices of a kiosk, without the kiosk. */
const stopping = new AbortController();
// A second Ctrl+C ends at once.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopping.abort());
// `| head` ends the reader before us.
process.stdout.on('error', () => process.exit(0));

const io = {
  out: (line: string) => void process.stdout.write(`${line}\n`),
  err: (line: string) => void process.stderr.write(`${line}\n`),
  now: Date.now,
  stopped: stopping.signal,
};

try {
  process.exitCode = await runDeviceCommand(process.argv.slice(2), process.env, io, createPortLister());
} catch (cause) {
  io.err(`INTERNAL: A bug in this command: ${messageOf(cause)}.`);
  process.exitCode = 1;
}
// A port that is stuck in the operating system must not keep the command from ending.
setTimeout(() => process.exit(), 2000).unref();
