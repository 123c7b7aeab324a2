import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Development's administrator at HQ, made once for a data folder and readable by its owner alone. */
export function developmentAccount(folder: string): { readonly name: string; readonly password: string } {
  const file = path.join(folder, 'hq-account');
  if (!fs.existsSync(file)) {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(file, `dev:${randomBytes(12).toString('base64url')}\n`, { mode: 0o600 });
  }
  const [name = '', password = ''] = fs.readFileSync(file, 'utf8').trim().split(/:(.*)/s);
  return { name, password };
}
