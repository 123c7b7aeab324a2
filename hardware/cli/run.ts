import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { PortLister } from '../transport/serial-list.ts';
import type { CliError } from './cli-error.ts';
import { sentenceOf } from './cli-error.ts';
import { readSettings } from './config.ts';
import { deviceStatus, diagnoseTerminal, printTestPage } from './device-commands.ts';
import type { ExitCode, Io } from './io.ts';
import { askRunningKiosk } from './kiosk-commands.ts';
import { listPorts } from './list.ts';
import type { CliOptions } from './options.ts';
import { parseOptions, usage } from './options.ts';
import { sniff } from './sniff.ts';

/** One command from its words to its exit code. Whatever goes wrong is one sentence with a code. */
export async function runDeviceCommand(args: readonly string[], environment: Readonly<Record<string, string | undefined>>, io: Io, list: PortLister): Promise<ExitCode> {
  const options = parseOptions(args, environment);
  const result = options.ok ? await run(options.value, io, list) : options;
  if (result.ok) return result.value;
  io.err(sentenceOf(result.error));
  if (result.error.code !== 'USAGE') return 1;
  io.err('`npm run device -- help` tells the commands.');
  return 2;
}

async function run(options: CliOptions, io: Io, list: PortLister): Promise<Result<ExitCode, CliError>> {
  const { command, data } = options;
  switch (command) {
    case 'help':
      io.out(usage);
      return ok(0);
    case '':
      return err({ code: 'USAGE', detail: 'no command' });
    case 'list': {
      const settings = options.config === undefined && options.path === undefined ? ok({ devices: [] }) : readSettings(options);
      return settings.ok ? listPorts(settings.value.devices, io, list) : settings;
    }
    case 'sniff':
      return sniff(options, io, list);
    case 'attention':
    case 'settle':
    case 'new-roll':
    case 'recover':
    case 'terminal':
    case 'reprint':
    case 'reverse':
    case 'rotate-key':
      if (data === undefined) return err({ code: 'USAGE', detail: `${command} needs --data=FOLDER, because only the kiosk knows` });
      return askRunningKiosk(data, options, io);
    case 'status':
      return data === undefined ? deviceStatus(options, io, list) : askRunningKiosk(data, options, io);
    case 'print-test':
      return data === undefined ? printTestPage(options, io, list) : askRunningKiosk(data, options, io);
    case 'diagnose':
      return data === undefined ? diagnoseTerminal(options, io, list) : askRunningKiosk(data, options, io);
    default:
      return err({ code: 'USAGE', detail: `there is no command "${command}"` });
  }
}
