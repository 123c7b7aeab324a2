import type { FeedbackPage, FeedbackRow } from '../../contract/console.ts';

/** What the table holds, and where older ones begin. */
export type FeedbackList = FeedbackPage;

/** What somebody has scrolled down to stays, unless there may be some between it and the newest page. */
export function withNewest(before: FeedbackList | undefined, page: FeedbackList): FeedbackList {
  const known = new Set(before?.feedback.map(keyOf));
  const connects = before !== undefined && (page.next === null || page.feedback.some((row) => known.has(keyOf(row))));
  return connects ? { feedback: merged(page.feedback, before.feedback), next: before.next } : page;
}

export function withOlder(before: FeedbackList | undefined, page: FeedbackList): FeedbackList {
  return { feedback: merged(before?.feedback ?? [], page.feedback), next: page.next };
}

/** Each once, the newest first; what stands in `newer` goes before. */
function merged(newer: readonly FeedbackRow[], older: readonly FeedbackRow[]): readonly FeedbackRow[] {
  const byOrder = new Map([...older, ...newer].map((row) => [keyOf(row), row]));
  return [...byOrder.values()].toSorted((a, b) => b.givenAt - a.givenAt || (keyOf(a) < keyOf(b) ? 1 : -1));
}

export function keyOf({ kioskId, orderId }: FeedbackRow): string {
  return `${kioskId} ${orderId}`;
}
