import { expect, test } from 'vitest';
import type { FeedbackRow } from '../../contract/console.ts';
import { withNewest, withOlder } from './feedback-list.ts';

const row = (givenAt: number, stars = 5): FeedbackRow => ({ kioskId: 'kiosk-001', kioskName: 'Lobby', orderId: `order-${givenAt}`, orderNumber: null, stars, chips: [], words: null, givenAt });
const timesOf = ({ feedback }: { readonly feedback: readonly FeedbackRow[] }) => feedback.map(({ givenAt }) => givenAt);

test('news goes above what is shown, and how far down somebody has read stays', () => {
  const first = withNewest(undefined, { feedback: [row(5), row(4)], next: 'after 4' });
  const further = withOlder(first, { feedback: [row(3), row(2)], next: null });
  const news = withNewest(further, { feedback: [row(6), row(5, 1)], next: 'after 5' });
  expect([timesOf(news), news.next]).toEqual([[6, 5, 4, 3, 2], null]);
  expect(news.feedback[1]?.stars).toBe(1);
});

test('where more came than a page holds, nothing between is passed over', () => {
  const before = { feedback: [row(2), row(1)], next: null };
  const page = { feedback: [row(9), row(8)], next: 'after 8' };
  expect(withNewest(before, page)).toEqual(page);
});
