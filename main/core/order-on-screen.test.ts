import { expect, test } from 'vitest';
import { orderIdSchema } from '../../domain/ids.ts';
import { createOrderOnScreen } from './order-on-screen.ts';

const first = orderIdSchema.parse('019a0000-0000-7000-8000-000000000001');
const second = orderIdSchema.parse('019a0000-0000-7000-8000-000000000002');

function open() {
  const clock = { ms: 1000 };
  return { clock, screen: createOrderOnScreen({ monotonicNow: () => clock.ms, keptMs: 10_000 }) };
}

test('what a customer saw last is theirs until they go or another page begins', () => {
  const { screen } = open();
  screen.show(first);
  expect([screen.current(), screen.is(first), screen.is(second), screen.wasSeen(first)]).toEqual([first, true, false, true]);
  expect([screen.clear(), screen.current(), screen.wasSeen(first)]).toEqual([first, undefined, true]);
  screen.forgetSeen();
  expect(screen.wasSeen(first)).toBe(false);
  screen.show(first);
  screen.show(second);
  expect([screen.wasSeen(first), screen.wasSeen(second)]).toEqual([false, true]);
  screen.clear();
  screen.pageCame();
  expect(screen.wasSeen(second)).toBe(false);
});

test('what a lost page showed is told to the next one, once, and only for a while', () => {
  const { screen, clock } = open();
  screen.show(first);
  screen.pageLost();
  screen.clear();
  screen.keep(first);
  expect([screen.isPageLost(), screen.isAwaited()]).toEqual([true, true]);
  clock.ms += 9999;
  expect([screen.isAwaited(), screen.pageCame(), screen.isPageLost(), screen.isAwaited(), screen.pageCame()]).toEqual([true, first, false, false, undefined]);
  screen.keep(second);
  clock.ms += 10_000;
  expect([screen.isAwaited(), screen.pageCame()]).toEqual([false, undefined]);
});

test('an order that is paid for on goes over from a lost page to the next', () => {
  const { screen } = open();
  screen.show(first);
  screen.pageLost();
  expect([screen.pageCame(), screen.current()]).toEqual([undefined, first]);
});
