import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { isRefusal, refusal } from './refusal.ts';

/** What HQ reads, the best first. Zstandard came to Node in 22.15. */
export const encodings: readonly ('zstd' | 'gzip')[] = typeof zlib.zstdDecompress === 'function' ? ['zstd', 'gzip'] : ['gzip'];

/** A frame may ask for a window of gigabytes; eight megabytes are twice the largest body. */
const zstdWindowLog = 23;

/** Reads a body to its end, or refuses it at the first byte over the limit. */
export async function readWhole(stream: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    // Cut by the sender, or by HQ because it took too long. Said in our own words: the code of a cut socket is also that of a lost database.
    throw isRefusal(error) ? error : refusal('HQ_BATCH_MALFORMED', 'the body did not come whole');
  }
  return Buffer.concat(chunks, length);
}

/**
 * Decompresses within a limit, so that a small body which would become a huge one is cut off there. Off the main thread.
 * @param encoding the header as it came
 */
export async function decompress(body: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  const name = encoding ?? 'identity';
  if (name === 'identity') return body;
  const known = encodings.find((candidate) => candidate === name);
  if (!known) throw refusal('HQ_BATCH_MALFORMED', `content-encoding is none of ${encodings.join(', ')}`, {}, 415);
  try {
    return known === 'gzip'
      ? await promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip)(body, { maxOutputLength: maxBytes })
      : await promisify<Buffer, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress)(body, { maxOutputLength: maxBytes, params: { [zlib.constants.ZSTD_d_windowLogMax]: zstdWindowLog } });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw refusal('HQ_BATCH_MALFORMED', `the body is no ${known}`);
  }
}

function tooLarge(maxBytes: number): Error {
  return refusal('HQ_BATCH_MALFORMED', `the body is larger than ${maxBytes} bytes`, {}, 413);
}
