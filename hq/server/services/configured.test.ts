import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StartFailure } from '../start-failure.ts';
import { createConfiguredProvider } from './configured.ts';

let folder: string;
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'services-')); });
afterAll(() => rm(folder, { recursive: true, force: true }));
const file = async (name: string, text: string) => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};
const configured = (keyFile: string, caFile?: string) => createConfiguredProvider({ kind: 'http', url: 'https://carrier.example/counter24', name: 'China Example', keyFile, caFile, limitMs: 600_000, timeoutMs: 8000 }, { now: Date.now });

describe('whoever credits services', () => {
  test('is a carrier’s gateway with keys from a file', async () => {
    const { provider, warning, close } = await configured(await file('keys', `hq-1 ${Buffer.alloc(32, 1).toString('base64')}\n`));
    expect([provider.name, provider.isOpen(), warning]).toEqual(['China Example', false, undefined]);
    close();
  });

  test('is the loopback carrier, with a warning that it is one', async () => {
    const { provider, warning } = await createConfiguredProvider({ kind: 'loopback', folder, limitMs: 600_000, timeoutMs: 8000 }, { now: Date.now });
    expect([provider.name, warning]).toEqual(['loopback carrier', expect.stringContaining('nothing reaches a real one')]);
  });

  test('is refused at start by the variable whose file is missing or wrong, and no key is said', async () => {
    const secret = Buffer.alloc(31, 0x41).toString('base64');
    const good = await file('good', `hq-1 ${Buffer.alloc(32, 1).toString('base64')}`);
    const [short, noPem] = [await file('short', `hq-1 ${secret}`), await file('ca', 'no PEM')];
    const failureOf = (keyFile: string, caFile?: string) => configured(keyFile, caFile).then(() => undefined, (error: unknown) => error);
    const failures = await Promise.all([failureOf(join(folder, 'nowhere')), failureOf(short), failureOf(good, join(folder, 'no-ca')), failureOf(good, noPem)]);
    expect(failures.every((failure) => failure instanceof StartFailure)).toBe(true);
    const words = failures.map((failure) => (failure as StartFailure).message);
    expect(words).toEqual([expect.stringMatching(/^SERVICES_KEY_FILE cannot be read/), expect.stringMatching(/^SERVICES_KEY_FILE is wrong: the key of line 1 has 31 bytes/), expect.stringMatching(/^SERVICES_CA_FILE cannot be read/), expect.stringMatching(/^SERVICES_CA_FILE is wrong/)]);
    expect(words.join(' ')).not.toContain(secret);
  });
});
