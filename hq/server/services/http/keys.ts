import type { Result } from '../../../../domain/result.ts';
import { err, ok } from '../../../../domain/result.ts';

/** A secret that HQ and the carrier share. The first of a file signs, every one of them verifies: so one follows another without a gap. */
export interface SharedKey {
  readonly id: string;
  readonly secret: Buffer;
}

/**
 * Reads a file of keys: a line each, "id base64", the newest first; what begins with # is a remark. Error: a sentence that names the line, and no secret.
 */
export function parseKeys(text: string): Result<readonly [SharedKey, ...SharedKey[]], string> {
  const keys: SharedKey[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, id, encoded] = /^([A-Za-z0-9][A-Za-z0-9._-]{0,39})\s+([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
    if (id === undefined || encoded === undefined) return err(`line ${index + 1} is not "id base64"`);
    const secret = Buffer.from(encoded, 'base64');
    if (secret.length < 32) return err(`the key of line ${index + 1} has ${secret.length} bytes, and needs 32`);
    if (keys.some((key) => key.id === id)) return err(`the id of line ${index + 1} stands twice`);
    keys.push({ id, secret });
  }
  const [first, ...rest] = keys;
  return first ? ok([first, ...rest]) : err('it holds no key');
}
