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
  /** The enrolment code that HQ takes from this kiosk; without one it sells, and HQ does not know it. */
  readonly hqCode?: string;
  /** What differs from config/kiosk.json, at its top level. */
  readonly changes?: Partial<KioskConfig>;
}

/** Writes the configuration of a kiosk in development: config/kiosk.json with this machine's paths. Answers its file. */
export function writeKioskFiles({ folder, printerPath, terminalPath, scannerPath, hqUrl, hqCode, changes = {} }: KioskPlace): string {
  const base = JSON.parse(fs.readFileSync(path.join(root, 'config/kiosk.json'), 'utf8')) as KioskConfig;
  const { logoFile } = base.brand;
  const config: KioskConfig = {
    ...base,
    // Beside that file, and not beside the one that is written.
    brand: { ...base.brand, ...(logoFile === undefined ? {} : { logoFile: path.join(root, 'config', logoFile) }) },
    catalogueFile: path.join(root, 'config/catalogue.json'),
    // A pseudo terminal has no speed, but the driver paces itself by the one that is written down.
    printer: { ...base.printer, path: printerPath, baudRate: 115_200 },
    cardTerminal: { ...base.cardTerminal, path: terminalPath },
    ...(scannerPath === undefined ? {} : { scanner: { path: scannerPath, baudRate: 9600, profile: 'gm65' } }),
    hq: { ...base.hq, url: hqUrl, publicUrl: hqUrl, enrolmentFile: 'hq-enrolment-code', retryMaxMs: 2000 },
    ...changes,
  };
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (hqCode !== undefined) fs.writeFileSync(path.join(folder, 'hq-enrolment-code'), `${hqCode}\n`, { mode: 0o600 });
  const file = path.join(folder, 'kiosk.json');
  fs.writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
  return file;
}

/** The enrolment code that development's kiosk and HQ share, made once. */
export function developmentCode(folder: string): string {
  const file = path.join(folder, 'hq-enrolment-code');
  if (fs.existsSync(file)) return fs.readFileSync(file, 'utf8').trim();
  return randomBytes(24).toString('base64url');
}
