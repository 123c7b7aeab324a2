/** No line of a bill is so long: what is, is no text of lines, and is not gathered. */
export const longestLine = 64 * 1024;
/** So much at once, whatever is read: the customers' questions have their turn in between. */
export const chunkBytes = 64 * 1024;
/** Rejects what is larger than any bill by its length, before it fills the memory. */
export async function* noMoreThan(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > maxBytes) throw new Error('it is larger than any bill');
    yield chunk;
  }
}

/** What is in memory already, a chunk at a time. */
export function* slicesOf(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += chunkBytes) yield bytes.subarray(from, from + chunkBytes);
}

/** The lines of a text that comes in chunks, those of each chunk together, without what ends them. @throws where a line is longer than `longestLine` */
export async function* linesOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, encoding: 'utf-8' | 'gbk'): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder(encoding);
  let rest = '';
  for await (const chunk of chunks) {
    const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split(/\r?\n/);
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw new Error('a line of it is longer than any line');
    yield lines;
  }
  yield `${rest}${decoder.decode()}`.split(/\r?\n/);
}
