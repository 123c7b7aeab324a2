-- By the rules at the head of 0001.

-- What a person needs to find an unclear payment in the terminal's own book: when it was sent, and what the terminal named as its
-- last transaction. Kiosks of before do not tell it.
alter table attention add column started_at bigint;
alter table attention add column last_card jsonb;
