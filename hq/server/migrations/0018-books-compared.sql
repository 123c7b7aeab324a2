-- By the rules at the head of 0001.

-- When a day's book was last compared with ours.
alter table settlement_books add column compared_at bigint;
