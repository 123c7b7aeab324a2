import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createLoopbackCarrier } from '../hq/server/services/loopback-carrier.ts';
import { parseKeys } from '../hq/server/services/http/keys.ts';
import { startCarrierServer } from '../hq/server/sim/carrier/server.ts';

/**
 * `node build/carrier.ts --keys <file> --books <folder> [--port 24026]`: the loopback carrier as a gateway that speaks docs/services-protocol.md, for an HQ with
 * SERVICES=http. POST, GET and DELETE /script say what it does wrong (hq/server/sim/carrier/script.ts).
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { keys: { type: 'string' }, books: { type: 'string' }, port: { type: 'string', default: '24026' } } });
  if (values.keys === undefined || values.books === undefined) throw new Error('say --keys <file> and --books <folder>');
  const keys = parseKeys(readFileSync(values.keys, 'utf8'));
  if (!keys.ok) throw new Error(`${values.keys}: ${keys.error}`);
  const server = await startCarrierServer({ books: createLoopbackCarrier({ folder: values.books, now: Date.now }), keys: keys.value, now: Date.now, port: Number(values.port) });
  process.stdout.write(`The loopback carrier is ready at ${server.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close().then(() => process.exit(0)));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
