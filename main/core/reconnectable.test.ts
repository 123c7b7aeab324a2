import { expect, it } from 'vitest';
import { createMemoryLine } from '../../hardware/transport/memory.ts';
import { createReconnectableLine } from './reconnectable.ts';

it('a line that is connected anew is closed, and its driver hears that it is lost, once; then it opens and carries again', async () => {
  const [near, far] = createMemoryLine().ends;
  await far.open();
  const line = createReconnectableLine(near);
  const lost: string[] = [];
  const got: number[] = [];
  const stop = line.onLost((detail) => lost.push(detail));
  line.onData((bytes) => got.push(...bytes));
  expect((await line.open()).ok).toBe(true);
  await line.reconnect();
  expect([line.isOpen(), lost.length]).toEqual([false, 1]);
  expect((await line.open()).ok).toBe(true);
  await far.write(Uint8Array.of(7), 100);
  await new Promise((resolve) => void setImmediate(resolve));
  expect(got).toEqual([7]);
  stop();
  await line.reconnect();
  expect(lost).toHaveLength(1);
});

it('one that is not open is left alone: its driver is trying already', async () => {
  const [near] = createMemoryLine().ends;
  const line = createReconnectableLine(near);
  const lost: string[] = [];
  line.onLost((detail) => lost.push(detail));
  await line.reconnect();
  expect(lost).toEqual([]);
});
