import { expect, test } from 'vitest';
import { createMemoryLine } from './memory.ts';
import type { Transport } from './transport.ts';

function chunks(transport: Transport): Uint8Array[] {
  const seen: Uint8Array[] = [];
  transport.onData((bytes) => seen.push(bytes));
  return seen;
}

const delivered = () => new Promise((resolve) => setImmediate(resolve));

test('what one end writes the other receives, later and as its own copy', async () => {
  const { ends: [a, b] } = createMemoryLine();
  await Promise.all([a.open(), b.open()]);
  const seen = chunks(b);
  const bytes = Uint8Array.of(1, 2, 3);
  await a.write(bytes, 100);
  bytes.fill(9);
  expect(seen).toEqual([]);
  await delivered();
  expect(seen).toEqual([Uint8Array.of(1, 2, 3)]);
});

test('a split line delivers in pieces, in order', async () => {
  const { ends: [a, b] } = createMemoryLine({ split: (bytes) => [...bytes].map((byte) => Uint8Array.of(byte)) });
  await Promise.all([a.open(), b.open()]);
  const seen = chunks(b);
  await a.write(Uint8Array.of(1, 2), 100);
  await delivered();
  expect(seen).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
});

test('cutting the cable loses both ends and what was in flight; mending lets them open again', async () => {
  const line = createMemoryLine();
  const [a, b] = line.ends;
  await Promise.all([a.open(), b.open()]);
  const seen = chunks(b);
  const lost = Promise.all([a, b].map((end) => new Promise((resolve) => end.onLost(resolve))));
  await a.write(Uint8Array.of(1), 100);
  line.cut();
  await lost;
  await delivered();
  expect(seen).toEqual([]);
  expect(a.isOpen()).toBe(false);
  expect(await a.write(Uint8Array.of(1), 100)).toMatchObject({ ok: false, error: { kind: 'not_open' } });
  expect(await a.open()).toMatchObject({ ok: false, error: { kind: 'open_failed' } });
  line.mend();
  expect((await a.open()).ok).toBe(true);
});
