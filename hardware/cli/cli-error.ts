/** The codes that only this command line has; beside them it passes on those of devices and of a running kiosk. */
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
  TERMINAL_UNAVAILABLE: 'The card terminal cannot do it',
} as const;

export interface CliError {
  readonly code: string;
  readonly detail: string;
}

/** "PORT_IN_USE: The port is in use, … (/dev/ttyUSB0)." */
export function sentenceOf({ code, detail }: CliError): string {
  const text = Object.hasOwn(cliErrors, code) ? cliErrors[code as keyof typeof cliErrors] : '';
  if (!text) return `${code}: ${detail || 'no more is known'}.`.replace(/\.\.$/, '.');
  return `${code}: ${text}${detail ? ` (${detail})` : ''}.`;
}
