import { vi } from 'vitest';
import { packed, unpackNext } from '../../sim/zvt-terminal/bytes.ts';
import { createMemoryLine } from '../../transport/memory.ts';

/** A far end that does exactly what a test tells it, byte by byte, in a time that stands still. */
export async function scriptedPeer() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const line = createMemoryLine();
  const [kioskEnd, peerEnd] = line.ends;
  await Promise.all([kioskEnd.open(), peerEnd.open()]);
  const buffer: number[] = [];
  const heard: string[] = [];
  peerEnd.onData((bytes) => {
    buffer.push(...bytes);
    for (;;) {
      const item = unpackNext(buffer);
      if (item.kind === 'more') return;
      heard.push(item.kind === 'apdu' ? Buffer.from(item.apdu).toString('hex') : item.kind);
    }
  });
  return {
    line,
    kioskEnd,
    /** "ack", "nak" and APDUs as hex, in the order in which they came. */
    heard,
    async sendBytes(hex: string) {
      await peerEnd.write(Buffer.from(hex, 'hex'), 100);
      await settle();
    },
    async sendApdu(hex: string) {
      await peerEnd.write(packed([...Buffer.from(hex, 'hex')]), 100);
      await settle();
    },
    async pass(ms: number) {
      await settle();
      vi.advanceTimersByTime(ms);
      await settle();
    },
  };
}

export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
