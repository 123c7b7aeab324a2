import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPictures } from './screen-pictures.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('asks the shell, and answers with what it has', async () => {
  const told: unknown[] = [];
  const pictures = createPictures((message) => told.push(message));
  const taken = pictures.take();
  expect(told).toEqual([{ kind: 'picture_wanted' }]);
  pictures.taken('abc');
  expect(await taken).toEqual({ ok: true, value: 'abc' });
  expect(vi.getTimerCount()).toBe(0);
});

it('a shell that has none, never answers, or answers what nobody asked hangs nobody', async () => {
  const pictures = createPictures(() => {});
  pictures.taken('nobody asked');
  const none = pictures.take();
  pictures.taken(undefined);
  expect(await none).toMatchObject({ ok: false });
  const late = pictures.take();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await late).toMatchObject({ ok: false });
  pictures.taken('too late');
  expect(vi.getTimerCount()).toBe(0);
});

it('a picture that comes late is nobody\'s, and never the one that was asked for after it', async () => {
  const told: unknown[] = [];
  const pictures = createPictures((message) => told.push(message));
  const late = pictures.take();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await late).toMatchObject({ ok: false });
  expect(await pictures.take()).toMatchObject({ ok: false });
  expect(told).toHaveLength(1);
  pictures.taken('of whoever was there then');
  const next = pictures.take();
  pictures.taken('now');
  expect(await next).toEqual({ ok: true, value: 'now' });
  // A shell that never answers at all is asked again after a while.
  const lost = pictures.take();
  await vi.advanceTimersByTimeAsync(70_000);
  expect(await lost).toMatchObject({ ok: false });
  const again = pictures.take();
  pictures.taken('again');
  expect(await again).toEqual({ ok: true, value: 'again' });
});
