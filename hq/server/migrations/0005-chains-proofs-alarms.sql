-- By the rules at the head of 0001.

-- Chains: the hash of the event at the mark. Empty: the mark is from before there were chains.
alter table cursors add column head text not null default '';
-- The newest event's own time by HQ's clock: within a lane it goes back only when HQ's clock is set.
alter table cursors add column last_occurred_at bigint;

-- What the chain's hash is over, beside what was kept of an event before. `boot` is text: it is hashed as it came.
alter table events add column hash text not null default '';
alter table events add column boot text not null default '00000000-0000-0000-0000-000000000000';
alter table events add column monotonic_ms bigint not null default 0;
-- When it really was, by HQ's clock. Null where it came before HQ reckoned that: then it was at `at`.
alter table events add column occurred_at bigint;

-- Lists and reports go by when HQ reckons that an order was placed; what stands on the receipt stays in placed_at.
alter table orders add column occurred_at bigint;
update orders set occurred_at = placed_at;
alter table orders alter column occurred_at set not null;
drop index orders_newest;
drop index orders_newest_of_kiosk;
drop index orders_newest_in_state;
drop index orders_by_number;
create index orders_newest on orders (occurred_at desc, kiosk_id desc, order_id desc);
create index orders_newest_of_kiosk on orders (kiosk_id, occurred_at desc, order_id desc);
create index orders_newest_in_state on orders (state, occurred_at desc, kiosk_id desc, order_id desc);
create index orders_by_number on orders (number text_pattern_ops, occurred_at desc);

-- When a later HQ understood what was set aside. Null: it still waits.
alter table quarantined_events add column settled_at bigint;
create index quarantined_open on quarantined_events (kiosk_id, lane, epoch, sequence) where settled_at is null;

-- A kiosk's clocks by each start of it: HQ's time is its monotonic clock plus `offset_ms`, or its wall clock plus `skew_ms`.
create table kiosk_clocks (
  kiosk_id    text not null,
  boot        text not null,
  offset_ms   bigint not null,
  skew_ms     bigint not null,
  measured_at bigint not null,
  primary key (kiosk_id, boot)
);
create index kiosk_clocks_newest on kiosk_clocks (kiosk_id, measured_at desc);

-- What was left of an offer, by its newest move; the name of the lane that stock has had since there are several comes last.
create index stock_moves_of_offer on stock_moves (kiosk_id, offer_id, lane desc, epoch desc, sequence desc);

-- Opens what a customer said of themselves in an order. After its time the key goes and the row stays, so that a key that
-- comes again opens nothing.
create table personal_keys (
  kiosk_id    text not null,
  order_id    uuid not null,
  key         bytea,
  kept_at     bigint not null,
  shredded_at bigint,
  primary key (kiosk_id, order_id)
);
create index personal_keys_by_age on personal_keys (kept_at) where key is not null;

-- A kiosk's closed days, as it signed them, and what HQ found when it held its own rows against them.
create table proofs (
  kiosk_id    text not null,
  event_id    uuid not null,
  lane        text not null,
  epoch       bigint not null,
  sequence    bigint not null,
  number      bigint not null,
  day         text not null,
  closed_at   bigint not null,
  occurred_at bigint not null,
  body        text not null,
  signature   text not null,
  -- waiting: not everything that it counts has come yet. green, red.
  state       text not null,
  -- Counts the checks: who finds that it has moved on has looked at older rows.
  checks      bigint not null default 0,
  checked_at  bigint,
  result      jsonb,
  primary key (kiosk_id, event_id)
);
create index proofs_newest on proofs (kiosk_id, closed_at desc, event_id desc);
create index proofs_waiting on proofs (kiosk_id) where state = 'waiting';
create index proofs_red on proofs (kiosk_id) where state = 'red';

-- What a person should hear of. One open row of a kind and subject, however often it comes.
create table alarms (
  kiosk_id   text not null,
  alarm_id   uuid not null,
  kind       text not null,
  subject    text not null,
  detail     text not null,
  at         bigint not null,
  last_at    bigint not null,
  times      bigint not null,
  settled_at bigint,
  primary key (kiosk_id, alarm_id)
);
create unique index alarms_open on alarms (kiosk_id, kind, subject) where settled_at is null;
create index alarms_newest on alarms (kiosk_id, at desc);

-- The newest that a kiosk said of itself, by kind: its disk, its clock, its key, its last recovery.
create table kiosk_facts (
  kiosk_id    text not null,
  kind        text not null,
  epoch       bigint not null,
  sequence    bigint not null,
  body        jsonb not null,
  occurred_at bigint not null,
  primary key (kiosk_id, kind)
);

-- Which revision of each document a kiosk has applied, or refused last.
create table kiosk_documents (
  kiosk_id    text not null,
  document    text not null,
  epoch       bigint not null,
  sequence    bigint not null,
  revision    bigint not null,
  sha256      text not null,
  outcome     text not null,
  detail      text,
  occurred_at bigint not null,
  primary key (kiosk_id, document)
);

-- Kept for a while only; the events that brought them go with them.
create table log_lines (
  kiosk_id    text not null,
  epoch       bigint not null,
  sequence    bigint not null,
  line        bigint not null,
  at          bigint not null,
  occurred_at bigint not null,
  level       text not null,
  message     text not null,
  code        text,
  fields      jsonb,
  primary key (kiosk_id, epoch, sequence, line)
);
create index log_lines_newest on log_lines (kiosk_id, occurred_at desc);
create index log_lines_by_age on log_lines (occurred_at);
