/** What a customer may say of an order by one tap, besides one to five stars. The words are the page's and HQ's. */
export const feedbackChips = ['quick', 'easy', 'friendly_price', 'too_slow', 'hard_to_use', 'hard_to_read', 'not_found', 'payment_trouble', 'receipt_trouble'] as const;
export type FeedbackChip = (typeof feedbackChips)[number];
