-- By the rules at the head of 0001.

-- Who at HQ had it given back, of a kiosk that is gone; null of what a kiosk asked for, and of what HQ gives back by itself.
alter table wallet_refunds add column by text;
