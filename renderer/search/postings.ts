/** Which documents hold a key, in the order of their numbers. */
export interface Postings {
  /**
   * Counts for each document how many of these keys it holds.
   * @param counts one byte a document, all 0; the caller clears what it has read
   * @returns the documents that hold any, each once
   */
  count(keys: readonly string[], counts: Uint8Array, touched: Int32Array): number;
}

export interface PostingsBuilder {
  /** Documents come in the order of their numbers; a key that is named twice counts once. */
  add(document: number, keys: Iterable<string>): void;
  build(): Postings;
}

/** Numbers are packed once all are known: a search then runs over plain memory and makes nothing that has to be collected. */
export function createPostings(): PostingsBuilder {
  const growing = new Map<string, number[]>();
  return {
    add(document, keys) {
      for (const key of keys) {
        const list = growing.get(key);
        if (!list) growing.set(key, [document]);
        else if (list.at(-1) !== document) list.push(document);
      }
    },
    build() {
      const packed = new Map([...growing].map(([key, list]) => [key, Int32Array.from(list)]));
      growing.clear();
      return {
        count(keys, counts, touched) {
          let many = 0;
          for (const key of keys) {
            const list = packed.get(key);
            if (!list) continue;
            for (const document of list) {
              if (counts[document] === 0) touched[many++] = document;
              counts[document]! += 1;
            }
          }
          return many;
        },
      };
    },
  };
}

/** The pairs of neighbours of a text, each once: at most 255, which a byte counts. */
export function pairsOf(text: string): readonly string[] {
  const pairs = new Set<string>();
  for (let at = 1; at < text.length && pairs.size < 255; at += 1) pairs.add(text.slice(at - 1, at + 1));
  return [...pairs];
}
