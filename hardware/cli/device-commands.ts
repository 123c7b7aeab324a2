import type { DeviceState } from '../../domain/device/state.ts';
import { composeTestPage } from '../../domain/receipt/test-page.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { EpochMs } from '../../domain/time.ts';
import { deadlinePassed, within } from '../transport/deadline.ts';
import type { PortLister } from '../transport/serial-list.ts';
import type { CliError } from './cli-error.ts';
import { sentenceOf } from './cli-error.ts';
import { readSettings } from './config.ts';
import type { SettingKind, CliOptions } from './options.ts';
import type { ExitCode, Io } from './io.ts';
import type { OpenDevice, OpenDevices } from './open-devices.ts';
import { openDevices } from './open-devices.ts';
import { saySlip, sayState, sayVerdict } from './say.ts';

const defaultSeconds = 20;
/** A terminal may fetch its parameters from afar meanwhile. */
const diagnosisMs = 240_000;
const printMs = 120_000;

/** What each configured device says of itself. */
export async function deviceStatus(options: CliOptions, io: Io, list: PortLister): Promise<Result<ExitCode, CliError>> {
  const settings = readSettings(options);
  if (!settings.ok) return settings;
  const opened = openDevices(settings.value.devices, io, list);
  if (!opened.ok) return opened;
  const { manager, devices, settled } = opened.value;
  try {
    const states = await settled((options.seconds ?? defaultSeconds) * 1000);
    for (const state of states) {
      sayState(state, options.language, io);
      const port = devices.get(state.name)?.line.port();
      if (port !== undefined && port !== devices.get(state.name)?.setting.path) io.out(`${' '.repeat(17)}at ${port}`);
    }
    if (states.some(({ code }) => code === 'PORT_IN_USE')) io.err(sentenceOf({ code: 'PORT_IN_USE', detail: '' }));
    return ok(sayVerdict(states, io));
  } finally {
    await manager.close();
  }
}

export async function printTestPage(options: CliOptions, io: Io, list: PortLister): Promise<Result<ExitCode, CliError>> {
  return withReady(options, 'printer', io, list, async ({ printer, setting, line }, state, timeZone) => {
    if (!printer || state.severity === 'fault') return troubled(state);
    const { driver, profile } = printer;
    const { baudRate } = setting;
    const page = composeTestPage({
      language: options.language,
      model: profile.model,
      columns: profile.columns,
      line: `${line.port() ?? setting.path} ${baudRate}`,
      at: io.now() as EpochMs,
      timeZone,
      ...(profile.logo ? { logoSlot: 1 } : {}),
    });
    io.out(`Printing on ${profile.model} …`);
    const printed = await within(driver.print(page), printMs);
    if (printed === deadlinePassed) return err({ code: 'NOT_PRINTED', detail: `no end within ${printMs / 1000} s` });
    if (!printed.ok) {
      const { error } = printed;
      const how = error.kind === 'uncertain' ? `uncertain whether all of it came out: ${error.detail}; ` : 'nothing was sent; ';
      return err({ code: 'NOT_PRINTED', detail: `${how}the printer says ${error.state.kind}` });
    }
    io.out(`Printed: ${printed.value.bytes} bytes, and the printer has confirmed the end of the page.`);
    return ok(0);
  });
}

export async function diagnoseTerminal(options: CliOptions, io: Io, list: PortLister): Promise<Result<ExitCode, CliError>> {
  return withReady(options, 'terminal', io, list, async ({ terminal }, state) => {
    if (!terminal || state.severity === 'fault') return troubled(state);
    if (!terminal.service) return err({ code: 'TERMINAL_UNAVAILABLE', detail: 'this family has no diagnosis' });
    io.out('The terminal tries its way to the bank …');
    const report = await within(terminal.service.diagnose(), diagnosisMs);
    if (report === deadlinePassed) return err({ code: 'TERMINAL_UNAVAILABLE', detail: `no end within ${diagnosisMs / 1000} s` });
    if (!report.ok) return err({ code: 'TERMINAL_UNAVAILABLE', detail: `${report.error.kind}: ${report.error.detail}` });
    for (const slip of report.value.slips) saySlip(slip, io);
    const { clock } = report.value;
    if (clock) io.out(`The terminal's clock: ${clock.date} ${clock.time} (MMDD HHMMSS)`);
    io.out('The diagnosis ended well.');
    return ok(0);
  });
}

/** Opens the one device of this kind, waits until it has said what it is, and closes it whatever happens. */
async function withReady(
  options: CliOptions,
  kind: SettingKind,
  io: Io,
  list: PortLister,
  act: (device: OpenDevice, state: DeviceState, timeZone: string) => Promise<Result<ExitCode, CliError>>,
): Promise<Result<ExitCode, CliError>> {
  const settings = readSettings({ ...options, kind });
  if (!settings.ok) return settings;
  const [wanted] = options.operands;
  const setting = settings.value.devices.find(({ name }) => wanted === undefined || name.startsWith(wanted));
  if (!setting) return err({ code: 'USAGE', detail: `there is no "${wanted ?? kind}"; there are ${settings.value.devices.map(({ name }) => name).join(', ')}` });
  const opened: Result<OpenDevices, CliError> = openDevices([setting], io, list);
  if (!opened.ok) return opened;
  const { manager, devices, settled } = opened.value;
  try {
    const [state] = await settled((options.seconds ?? defaultSeconds) * 1000);
    const device = devices.get(setting.name);
    if (!state || !device) return err({ code: 'CONFIG_INVALID', detail: `no ${kind}` });
    return await act(device, state, settings.value.timeZone);
  } finally {
    await manager.close();
  }
}

function troubled({ code, detail, advice }: DeviceState): Result<never, CliError> {
  if (code === 'PORT_IN_USE' || code === 'PORT_DENIED') return err({ code, detail });
  return err({ code, detail: `${advice.en.replace(/\.$/, '')}${detail ? ` (${detail})` : ''}` });
}
