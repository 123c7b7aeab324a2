import zlib from 'node:zlib';

export type Encoding = 'zstd' | 'gzip';

/** Below this, compressing saves less than a packet. */
const worthBytes = 1_000;
/** Batches are of one shape all over: the fastest level makes them ten times smaller as it is. */
const level = 1;

/** The best that both sides can: zstd came with Node 22.15, and the kiosk may run in an older one. */
export function chooseEncoding(offered: readonly Encoding[]): Encoding | undefined {
  return offered.find((encoding) => encoding === 'gzip' || typeof zlib.zstdCompressSync === 'function');
}

/** A body as it travels. At once, and not in Node's threads: a batch takes under a millisecond (gzip: ten), in a worker of its own. */
export function encodeBody(text: string, encoding: Encoding | undefined): { readonly bytes: Buffer; readonly encoding: Encoding | undefined } {
  const plain = Buffer.from(text, 'utf8');
  if (encoding === undefined || plain.length < worthBytes) return { bytes: plain, encoding: undefined };
  const bytes = encoding === 'zstd'
    ? zlib.zstdCompressSync(plain, { params: { [zlib.constants.ZSTD_c_compressionLevel]: level } })
    : zlib.gzipSync(plain, { level });
  return { bytes, encoding };
}
