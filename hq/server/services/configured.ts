import { readFile } from 'node:fs/promises';
import type { ServicesConfig } from '../environment/operations.ts';
import { StartFailure } from '../start-failure.ts';
import type { Circuit, CircuitDeps } from './circuit.ts';
import { createCircuit } from './circuit.ts';
import { parseKeys } from './http/keys.ts';
import { createHttpProvider } from './http/provider.ts';
import { createLoopbackCarrier } from './loopback-carrier.ts';

export interface ConfiguredProvider {
  /** One for all who ask: worker and routes see the same carrier unwell. */
  readonly provider: Circuit;
  /** For the log, at start. */
  readonly warning: string | undefined;
  readonly close: () => void;
}

/** Whoever credits services, as the environment says. Throws a StartFailure that names the variable whose file is missing or wrong, and no key. */
export async function createConfiguredProvider(services: ServicesConfig, { now, onChange }: Pick<CircuitDeps, 'now' | 'onChange'>): Promise<ConfiguredProvider> {
  const guard = (provider: CircuitDeps['provider'], failures?: number) => createCircuit({ provider, now, ...(onChange ? { onChange } : {}), ...(failures === undefined ? {} : { failures }) });
  if (services.kind === 'loopback') {
    // It stands in this process and misbehaves by number: what one number does is nothing to the others.
    return { provider: guard(createLoopbackCarrier({ folder: services.folder, now }), Number.MAX_SAFE_INTEGER), warning: 'SERVICES ARE CREDITED BY THE LOOPBACK CARRIER: nothing reaches a real one', close: () => {} };
  }
  const keys = parseKeys(await read('SERVICES_KEY_FILE', services.keyFile));
  if (!keys.ok) throw new StartFailure(`SERVICES_KEY_FILE is wrong: ${keys.error}. A line each, "id base64", 32 bytes or more: openssl rand -base64 32 makes one.`);
  const ca = services.caFile === undefined ? undefined : await read('SERVICES_CA_FILE', services.caFile);
  if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----')) throw new StartFailure('SERVICES_CA_FILE is wrong: it holds no certificate in PEM.');
  const provider = createHttpProvider({ baseUrl: new URL(services.url), keys: keys.value, name: services.name, now, ca });
  return { provider: guard(provider), warning: undefined, close: provider.close };
}

async function read(name: string, file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StartFailure(`${name} cannot be read: ${error.message}`);
  });
}
