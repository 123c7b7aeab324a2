import { readFileSync } from 'node:fs';
import { messageOf } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { CliError } from './cli-error.ts';
import type { CliOptions, SettingKind } from './options.ts';

export interface DeviceSetting {
  /** As the kiosk itself calls it. */
  readonly name: string;
  readonly kind: SettingKind;
  readonly path: string;
  readonly baudRate: number | 'auto';
  /** Empty: the kind's own default. */
  readonly profile: string;
}

export interface Settings {
  readonly devices: readonly DeviceSetting[];
  readonly timeZone: string;
}

/** The devices in a kiosk's configuration file. */
const keys = [
  { key: 'printer', name: 'receipt printer', kind: 'printer' },
  { key: 'kitchenPrinter', name: 'kitchen printer', kind: 'printer' },
  { key: 'cardTerminal', name: 'card terminal', kind: 'terminal' },
  { key: 'scanner', name: 'scanner', kind: 'scanner' },
] as const;

/**
 * What the command line needs of a configuration, and no more: a file that the kiosk itself refuses, because something
 * else in it is wrong or of another version, is just when a technician comes.
 */
export function readSettings(options: CliOptions): Result<Settings, CliError> {
  if (options.path !== undefined) {
    if (options.kind === undefined) return err({ code: 'USAGE', detail: '--path needs --kind=printer, terminal or scanner' });
    return ok({ devices: [{ name: options.kind, kind: options.kind, path: options.path, baudRate: options.baudRate ?? 'auto', profile: options.profile ?? '' }], timeZone: ownTimeZone() });
  }
  if (options.config === undefined) return err({ code: 'USAGE', detail: 'say which devices by --config=FILE, --data=FOLDER, or --kind and --path' });
  let file: unknown;
  try {
    file = JSON.parse(readFileSync(options.config, 'utf8'));
  } catch (cause) {
    return err({ code: 'CONFIG_UNREADABLE', detail: messageOf(cause) });
  }
  const all = keys.flatMap(({ key, name, kind }): DeviceSetting[] => {
    const entry = objectOf(objectOf(file)[key]);
    const { path, baudRate, profile } = entry;
    if (typeof path !== 'string' || path === '') return [];
    const speed = options.baudRate ?? (typeof baudRate === 'number' ? baudRate : 'auto');
    return [{ name, kind, path, baudRate: speed, profile: options.profile ?? (typeof profile === 'string' ? profile : '') }];
  });
  const devices = options.kind === undefined ? all : all.filter(({ kind }) => kind === options.kind);
  if (devices.length === 0) return err({ code: 'CONFIG_INVALID', detail: `${options.config} names no ${options.kind ?? 'device'} with a path` });
  const { timeZone } = objectOf(objectOf(file)['shop']);
  return ok({ devices, timeZone: typeof timeZone === 'string' && isTimeZone(timeZone) ? timeZone : ownTimeZone() });
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
