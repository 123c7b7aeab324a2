import { parseArgs } from 'node:util';
import { messageOf } from '../../domain/contract/errors.ts';
import type { Language } from '../../domain/language.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { CliError } from './cli-error.ts';

export const usage = `Usage: npm run device -- COMMAND [options]

  list                          ports of this machine, and which configured device is at each
  status                        what each device says of itself, and with --data how HQ knows the kiosk; ends with 1 where
                                something needs help, or a decision waits
  print-test [kitchen]          prints the test page (kitchen: only without --data; a running kiosk has the receipt printer do it)
  diagnose                      lets the card terminal try its way to the bank
  sniff PORT                    listens to a line and prints what goes over it; sends nothing
  sniff --between PORT PORT     stands between kiosk (first) and device (second), and passes everything on
  attention                     what waits for a person's decision (with --data)
  settle ID DECISION            decides it (with --data)
  new-roll                      a new roll of paper was put in: its length is counted from now (with --data)
  recover                       lets the printer go on after its knife or paper path was cleared by hand (with --data)
  terminal OPERATION            diagnose, end-of-day, initialise, repeat-receipt or log-off (with --data). After end-of-day
                                the terminal cannot send back what was paid before
  reprint ORDER                 prints the receipt of an order once more, as a copy (with --data)
  reverse ORDER                 sends the card payment of an order back through the terminal (with --data)
  rotate-key                    gives the store another key as soon as nobody is at the kiosk (with --data)

Which devices:
  --config=FILE                 those of a kiosk's configuration file
  --data=FOLDER                 those of the kiosk that runs with this data folder: it is asked
  --kind=printer|terminal|scanner --path=PORT [--baud=N|auto] [--profile=NAME]
                                one, as told here. PORT is a path, tcp://host:port or usb:vendor:product[:serial][#interface]

More:
  --as=zvt|escpos|mdb|scanner|hex   how sniff reads the line (hex)
  --stop-bits=1|2               of sniff (2 for zvt, else 1)
  --seconds=N                   how long sniff listens (until Ctrl+C), or status waits (20)
  --language=zh|en              of what devices say`;

export const sniffKinds = ['zvt', 'escpos', 'mdb', 'scanner', 'hex'] as const;
export type SniffKind = (typeof sniffKinds)[number];
export const settingKinds = ['printer', 'terminal', 'scanner'] as const;
export type SettingKind = (typeof settingKinds)[number];

export interface CliOptions {
  readonly command: string;
  readonly operands: readonly string[];
  readonly config?: string;
  readonly data?: string;
  readonly kind?: SettingKind;
  readonly path?: string;
  readonly baudRate?: number | 'auto';
  readonly profile?: string;
  readonly as: SniffKind;
  readonly stopBits?: 1 | 2;
  readonly between: boolean;
  readonly seconds?: number;
  readonly language: Language;
}

/** `environment` tells the language where the command does not. */
export function parseOptions(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): Result<CliOptions, CliError> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: 'string' }, data: { type: 'string' }, kind: { type: 'string' }, path: { type: 'string' }, baud: { type: 'string' }, profile: { type: 'string' },
        as: { type: 'string' }, 'stop-bits': { type: 'string' }, between: { type: 'boolean' }, seconds: { type: 'string' }, language: { type: 'string' }, help: { type: 'boolean' },
      },
    });
  } catch (cause) {
    return wrong(messageOf(cause));
  }
  const { values, positionals: [command = '', ...operands] } = parsed;
  const { config, data, path, profile } = values;
  if (values.kind !== undefined && !isOneOf(values.kind, settingKinds)) return wrong(`--kind is one of ${settingKinds.join(', ')}`);
  if (values.as !== undefined && !isOneOf(values.as, sniffKinds)) return wrong(`--as is one of ${sniffKinds.join(', ')}`);
  const language = values.language ?? (/^zh/i.test(environment['LC_ALL'] ?? environment['LANG'] ?? '') ? 'zh' : 'en');
  if (language !== 'zh' && language !== 'en') return wrong('--language is zh or en');
  const baudRate = values.baud === 'auto' ? 'auto' : numberOf(values.baud);
  if (baudRate !== undefined && baudRate !== 'auto' && !(baudRate >= 110 && baudRate <= 4_000_000)) return wrong('--baud is a speed such as 9600, or auto');
  const stopBits = numberOf(values['stop-bits']);
  if (stopBits !== undefined && stopBits !== 1 && stopBits !== 2) return wrong('--stop-bits is 1 or 2');
  const seconds = numberOf(values.seconds);
  if (seconds !== undefined && !(seconds > 0 && seconds <= 1_000_000)) return wrong('--seconds is a number above 0');
  return ok({
    command: values.help === true ? 'help' : command,
    operands,
    ...(config === undefined ? {} : { config }),
    ...(data === undefined ? {} : { data }),
    ...(values.kind === undefined ? {} : { kind: values.kind }),
    ...(path === undefined ? {} : { path }),
    ...(baudRate === undefined ? {} : { baudRate }),
    ...(profile === undefined ? {} : { profile }),
    as: values.as ?? 'hex',
    ...(stopBits === undefined ? {} : { stopBits }),
    between: values.between === true,
    ...(seconds === undefined ? {} : { seconds }),
    language,
  });
}

function wrong(detail: string): Result<never, CliError> {
  return err({ code: 'USAGE', detail });
}

/** NaN where there is a text that is no number. */
function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text === '' ? Number.NaN : text);
}

function isOneOf<T extends string>(text: string, choices: readonly T[]): text is T {
  return (choices as readonly string[]).includes(text);
}
