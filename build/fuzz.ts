import { parseArgs } from 'node:util';
import { codecs } from './fuzz/codecs.ts';
import { fuzzCodec } from './fuzz/run.ts';

/**
 * `npm run fuzz`: bytes that no device should send, at each codec. It never throws, hangs or grows.
 * Options: --frames=1000000 for each codec, --seed=1, --codec=NAME. A failure prints the seed and the bytes that made it.
 */
const { values } = parseArgs({ options: { frames: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' }, codec: { type: 'string' } } });
const frames = Number(values.frames);
const chosen = codecs.filter(({ name }) => values.codec === undefined || name === values.codec);
if (chosen.length === 0) console.error(`fuzz: there is no codec "${values.codec}"; there are ${codecs.map(({ name }) => name).join(', ')}`);

let failed = chosen.length === 0;
for (const { name } of chosen) {
  const result = await fuzzCodec({ name, frames, seed: Number(values.seed) });
  if (result.kind === 'passed') {
    console.log(`fuzz: ${name}: ${result.frames} frames, ${result.bytes} bytes, ${result.understood} understood, ${(result.ms / 1000).toFixed(1)} s, heap grew by ${(result.grownBytes / 1024).toFixed(0)} KB`);
  } else {
    failed = true;
    console.error(`fuzz: ${name}: ${result.kind} with seed ${values.seed}: ${result.detail}`);
  }
}
process.exitCode = failed ? 1 : 0;
