import { parsePortLocation } from '../../domain/device/location.ts';
import type { PortLocation } from '../../domain/device/location.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { createLine } from '../transport/line.ts';
import type { LocatedTransport } from '../transport/located.ts';
import type { PortLister } from '../transport/serial-list.ts';
import type { CliError } from './cli-error.ts';
import type { ExitCode, Io } from './io.ts';
import type { CliOptions, SniffKind } from './options.ts';
import { createEscPosAnswerTrace, createEscPosTrace } from './trace-escpos.ts';
import { createHexTrace } from './trace-hex.ts';
import { createTextLineTrace } from './trace-lines.ts';
import type { LineTrace } from './trace.ts';
import { createZvtTrace } from './trace-zvt.ts';

/** After so long without a byte what has come is shown as it is. Frames may pause for T1 (200 ms). */
const quietMs = 300;
const reopenMs = 500;
const passOnMs = 5000;

/** Listens to one line and sends nothing, until it is stopped or the time is over. */
export async function sniff(options: CliOptions, io: Io, list: PortLister): Promise<Result<ExitCode, CliError>> {
  const paths = options.operands;
  const wanted = options.between ? 2 : 1;
  if (paths.length !== wanted) return err({ code: 'USAGE', detail: options.between ? 'sniff --between PORT PORT: first the side of the kiosk, then that of the device' : 'sniff PORT' });
  const locations: PortLocation[] = [];
  for (const path of paths) {
    const location = parsePortLocation(path);
    if (!location.ok) return err({ code: 'USAGE', detail: location.error });
    locations.push(location.value);
  }
  const lines = locations.map((location) => lineOf(location, options, list));
  const { toDevice, toKiosk } = tracesFor(options.as);
  const [first, second] = lines;
  if (!first) return err({ code: 'USAGE', detail: 'sniff PORT' });

  for (const line of lines) {
    const opened = await line.open();
    if (opened.ok) continue;
    await Promise.all(lines.map((each) => each.close()));
    const failure = line.failure();
    return err({ code: failure === 'in_use' ? 'PORT_IN_USE' : failure === 'denied' ? 'PORT_DENIED' : 'PORT_NOT_OPENED', detail: opened.error.detail });
  }
  io.out(second ? `Passing everything on between ${first.name} (kiosk) and ${second.name} (device). Ctrl+C ends it, and cuts them off from each other.` : `Listening to ${first.name}; nothing is sent. Ctrl+C ends it.`);
  const watches = second
    ? [watch(first, 'kiosk -> device', toDevice, io, second), watch(second, 'device -> kiosk', toKiosk, io, first)]
    : [watch(first, '', toDevice, io)];
  await stopped(io, options.seconds);
  for (const end of watches) end();
  await Promise.all(lines.map((line) => line.close()));
  return ok(0);
}

function lineOf(location: PortLocation, { as, baudRate, stopBits }: CliOptions, list: PortLister): LocatedTransport {
  return createLine({ location, baudRate: typeof baudRate === 'number' ? baudRate : 9600, stopBits: stopBits ?? (as === 'zvt' ? 2 : 1) }, { list });
}

function tracesFor(as: SniffKind): { readonly toDevice: LineTrace; readonly toKiosk: LineTrace } {
  switch (as) {
    case 'zvt': {
      const conversation = { asked: 'anything_else' as const };
      return { toDevice: createZvtTrace(conversation), toKiosk: createZvtTrace(conversation) };
    }
    case 'escpos':
      return { toDevice: createEscPosTrace(), toKiosk: createEscPosAnswerTrace() };
    case 'mdb':
      return { toDevice: createTextLineTrace('commands'), toKiosk: createTextLineTrace('commands') };
    case 'scanner':
      return { toDevice: createTextLineTrace('codes'), toKiosk: createTextLineTrace('codes') };
    case 'hex':
      return { toDevice: createHexTrace(), toKiosk: createHexTrace() };
  }
}

/** Shows what comes on a line, passes it on where there is somebody to pass it to, and opens the line again after a loss. */
function watch(line: LocatedTransport, direction: string, trace: LineTrace, io: Io, passTo?: LocatedTransport): () => void {
  let quiet: NodeJS.Timeout | undefined;
  let reopening: NodeJS.Timeout | undefined;
  let isOver = false;

  const say = (texts: readonly string[]) => {
    for (const text of texts) io.out(`${timeText(io.now())} ${direction ? `${direction}  ` : ''}${text}`);
  };
  const rest = () => say(trace.rest());
  const reopen = () => {
    reopening = setTimeout(() => {
      void line.open().then((opened) => {
        if (isOver) return;
        if (opened.ok) io.out(`${timeText(io.now())} ${line.name}: open again`);
        else reopen();
      });
    }, reopenMs);
  };
  const stops = [
    line.onData((bytes) => {
      // Passed on before anything else: the two must not wait for us.
      if (passTo) {
        void passTo.write(bytes, passOnMs).then((written) => {
          if (!written.ok && !isOver) io.out(`${timeText(io.now())} ${direction}  NOT PASSED ON: ${written.error.kind}`);
        });
      }
      clearTimeout(quiet);
      say(trace.push(bytes));
      quiet = setTimeout(rest, quietMs);
    }),
    line.onLost((detail) => {
      rest();
      io.out(`${timeText(io.now())} ${line.name}: lost (${detail}); it is opened again when it is back`);
      reopen();
    }),
  ];
  return () => {
    isOver = true;
    for (const stop of stops) stop();
    clearTimeout(quiet);
    clearTimeout(reopening);
    rest();
  };
}

function stopped({ stopped: signal }: Io, seconds: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = seconds === undefined ? undefined : setTimeout(resolve, seconds * 1000);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}

/** "14:03:07.123" in the machine's own time. */
function timeText(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
