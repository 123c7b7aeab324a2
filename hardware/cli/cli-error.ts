import { errorRegistry } from '../../domain/contract/errors.ts';

/** The codes that only this command line has, and what is to be done here about a kiosk's; beside them it passes on those of devices and of a running kiosk. */
export const cliErrors = {
  USAGE: 'The command is not understood',
  CONFIG_UNREADABLE: 'The configuration file cannot be read',
  CONFIG_INVALID: 'The configuration does not say what is needed here',
  PORTS_UNKNOWN: 'The ports of this machine cannot be listed',
  PORT_NOT_OPENED: 'The port cannot be opened',
  PORT_IN_USE: 'The port is in use, most likely by the running kiosk: ask the kiosk itself with --data=FOLDER, or stop it first (systemctl stop counter24)',
  PORT_DENIED: "This user may not open the port: install the udev rules (docs/hardware/permissions.md) or use the kiosk's user",
  KIOSK_NOT_RUNNING: 'No kiosk answers in that data folder: start it, or leave --data out to open the devices yourself',
  KIOSK_NO_ANSWER: 'The kiosk did not answer in time',
  KIOSK_MALFORMED: 'The kiosk answered something that is not in the contract: kiosk and command line may be of different versions',
  NOT_PRINTED: 'The test page was not printed',
  PRINT_UNCERTAIN: 'Nobody knows whether the whole test page came out',
  TERMINAL_UNAVAILABLE: 'The card terminal cannot do it',
  PAYMENT_BUSY: 'A payment is under way, or an earlier one is not settled: try again when it is over, and see whether `attention` lists it',
  PAYMENT_UNSETTLED: 'An earlier payment is not settled, and until then nothing is asked of the terminal: `attention` lists it if a person has to decide; if it is not there, the kiosk is still asking the terminal, so try again in a minute',
} as const;

export interface CliError {
  readonly code: string;
  readonly detail: string;
}

/** "PORT_IN_USE: The port is in use, … (/dev/ttyUSB0)." */
export function sentenceOf({ code, detail }: CliError): string {
  const text = Object.hasOwn(cliErrors, code) ? cliErrors[code as keyof typeof cliErrors] : kioskText(code);
  if (!text) return `${code}: ${detail || 'no more is known'}.`.replace(/\.\.$/, '.');
  return sentence(code, text, detail);
}

/** A reason that the kiosk itself has: its words, also where this command line has others for the same code. */
export function kioskSentenceOf({ code, detail }: CliError): string {
  return sentence(code, kioskText(code), detail);
}

function kioskText(code: string): string {
  return Object.hasOwn(errorRegistry, code) ? errorRegistry[code as keyof typeof errorRegistry].text.replace(/\.$/, '') : '';
}

function sentence(code: string, text: string, detail: string): string {
  return `${code}: ${text}${detail ? ` (${detail})` : ''}.`;
}
