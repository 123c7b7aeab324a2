import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { KioskConfig } from '../../domain/contract/config.ts';
import { root } from './child.ts';

export interface KioskPlace {
  readonly folder: string;
  readonly printerPath: string;
  readonly terminalPath: string;
  readonly scannerPath?: string;
  readonly hqUrl: string;
  readonly hqToken: string;
  /** What differs from config/kiosk.json, at its top level. */
  readonly changes?: Partial<KioskConfig>;
}

/** Writes the configuration of a kiosk in development: config/kiosk.json with this machine's paths. Answers its file. */
export function writeKioskFiles({ folder, printerPath, terminalPath, scannerPath, hqUrl, hqToken, changes = {} }: KioskPlace): string {
  const base = JSON.parse(fs.readFileSync(path.join(root, 'config/kiosk.json'), 'utf8')) as KioskConfig;
  const config: KioskConfig = {
    ...base,
    catalogueFile: path.join(root, 'config/catalogue.json'),
    // A pseudo terminal has no speed, but the driver paces itself by the one that is written down.
    printer: { ...base.printer, path: printerPath, baudRate: 115_200 },
    cardTerminal: { ...base.cardTerminal, path: terminalPath },
    ...(scannerPath === undefined ? {} : { scanner: { path: scannerPath, baudRate: 9600, profile: 'gm65' } }),
    hq: { ...base.hq, url: hqUrl, publicUrl: hqUrl, tokenFile: 'hq-token', retryMaxMs: 2000 },
    ...changes,
  };
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  fs.writeFileSync(path.join(folder, 'hq-token'), `${hqToken}\n`, { mode: 0o600 });
  const file = path.join(folder, 'kiosk.json');
  fs.writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
  return file;
}

/** The token that development's kiosk and HQ share, made once. */
export function developmentToken(folder: string): string {
  const file = path.join(folder, 'hq-token');
  if (fs.existsSync(file)) return fs.readFileSync(file, 'utf8').trim();
  return randomBytes(24).toString('base64url');
}
