import { setFlagsFromString } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { runInNewContext } from 'node:vm';
import { codecs } from './codecs.ts';
import { createNoise } from './noise.ts';
import type { FuzzOptions, FuzzResult } from './run.ts';

const { name, frames, seed } = workerData as FuzzOptions;
const codec = codecs.find((candidate) => candidate.name === name)!;
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What a codec may keep for good: half a frame, and what the engine itself takes in. */
const allowedGrowthBytes = 4 * 1024 * 1024;

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

function run(): FuzzResult {
  const noise = createNoise(seed, codec.samples(), codec.isWhole);
  const reader = codec.create();
  const startedAt = performance.now();
  let bytes = 0;
  let understood = 0;
  let heapAtFirst = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    if (frame % 10_000 === 0) parentPort!.postMessage({ kind: 'at', detail: `frame ${frame}` });
    // A tenth of the way everything has been compiled and cached that will be.
    if (frame === Math.floor(frames / 10)) heapAtFirst = heapUsed();
    const chunks = noise.next();
    try {
      for (const chunk of chunks) {
        bytes += chunk.length;
        understood += reader.push(chunk);
      }
      if (noise.pauses()) reader.pause?.();
    } catch (cause) {
      const hex = chunks.map((chunk) => Buffer.from(chunk).toString('hex')).join(' ');
      return { kind: 'threw', detail: `frame ${frame}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\nbytes ${hex}` };
    }
  }
  const grownBytes = heapUsed() - heapAtFirst;
  if (grownBytes > allowedGrowthBytes) return { kind: 'grew', detail: `${grownBytes} bytes from frame ${Math.floor(frames / 10)} to ${frames}` };
  // Noise that is never understood tries only the refusals.
  if (understood === 0) return { kind: 'understood nothing', detail: `of ${frames} frames` };
  return { kind: 'passed', frames, bytes, understood, ms: performance.now() - startedAt, grownBytes };
}

parentPort!.postMessage(run());
