export interface Inbox<T> {
  push(item: T): void;
  /** The oldest item, now or when it comes. One reader at a time. */
  next(): Promise<T>;
  /** Something like it waits to be read. */
  has(isIt: (item: T) => boolean): boolean;
  /** Everything that waits, taken out. */
  drain(): readonly T[];
}

/** A queue that can be waited at: events of any source in one order, read one by one. */
export function createInbox<T>(): Inbox<T> {
  const items: T[] = [];
  let reader: ((item: T) => void) | undefined;

  return {
    push(item) {
      if (!reader) {
        items.push(item);
        return;
      }
      const waiting = reader;
      reader = undefined;
      waiting(item);
    },
    next() {
      const item = items.shift();
      if (item !== undefined) return Promise.resolve(item);
      return new Promise((resolve) => {
        reader = resolve;
      });
    },
    has: (isIt) => items.some(isIt),
    drain: () => items.splice(0),
  };
}
