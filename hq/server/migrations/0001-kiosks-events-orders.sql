-- Rules of this schema: kiosk_id stands in every key, index and join of the fact tables, ids come from the kiosk, no
-- serial, no trigger, no now(): times are parameters. So one SQL runs on PostgreSQL and on Citus, where each kiosk is
-- a unit of distribution. No foreign keys between facts: content never blocks, so a payment may come without its order.
-- Times are epoch milliseconds UTC, amounts minor units. Every whole number is a bigint, because the contract allows
-- any: a number that a column cannot hold would stop a kiosk's queue.

-- Reference table: who may send.
create table kiosks (
  kiosk_id   text primary key,
  name       text not null,
  token_hash bytea not null,
  created_at bigint not null
);
create index kiosks_by_token on kiosks (token_hash);

-- Apart from kiosks, because a reference table is dear to write on Citus.
create table kiosk_contacts (
  kiosk_id     text primary key,
  last_seen_at bigint not null
);

-- How far HQ is, and the row that is locked while a batch is taken.
create table cursors (
  kiosk_id         text not null,
  lane             text not null,
  epoch            bigint not null,
  acknowledged     bigint not null,
  last_event_at    bigint,
  last_received_at bigint,
  primary key (kiosk_id, lane, epoch)
);

-- Every event as it came. body is null until the event was understood and applied.
create table events (
  kiosk_id    text not null,
  lane        text not null,
  epoch       bigint not null,
  sequence    bigint not null,
  event_id    uuid not null,
  kind        text not null,
  version     bigint not null,
  at          bigint not null,
  received_at bigint not null,
  order_id    uuid,
  payload     text not null,
  body        jsonb,
  -- A restored kiosk sends again, in a new epoch, what was not acknowledged: kept, but without effect.
  repeated    boolean not null default false,
  primary key (kiosk_id, lane, epoch, sequence)
);
-- Exactly once in effect: whatever comes together, one event id is applied once.
create unique index events_once on events (kiosk_id, event_id) where not repeated;
create index events_of_order on events (kiosk_id, order_id, received_at) where order_id is not null;

create table quarantined_events (
  kiosk_id       text not null,
  lane           text not null,
  epoch          bigint not null,
  sequence       bigint not null,
  event_id       uuid not null,
  kind           text not null,
  version        bigint not null,
  reason         text not null,
  detail         text not null,
  quarantined_at bigint not null,
  primary key (kiosk_id, lane, epoch, sequence)
);

create table orders (
  kiosk_id           text not null,
  order_id           uuid not null,
  number             text not null,
  state              text not null,
  state_at           bigint not null,
  placed_at          bigint not null,
  language           text not null,
  catalogue_revision bigint not null,
  total_amount       bigint not null,
  currency           text not null,
  receipt_token      text not null,
  receipt_url        text not null,
  shop               jsonb not null,
  taxes              jsonb not null,
  cart_id            uuid not null,
  received_at        bigint not null,
  primary key (kiosk_id, order_id)
);
create index orders_newest on orders (placed_at desc, kiosk_id desc, order_id desc);
create index orders_newest_of_kiosk on orders (kiosk_id, placed_at desc, order_id desc);
create index orders_newest_in_state on orders (state, placed_at desc, kiosk_id desc, order_id desc);
create index orders_by_number on orders (number text_pattern_ops, placed_at desc);
-- The tail of the id is what stands on the paper receipt.
create index orders_by_tail on orders ((right(order_id::text, 12)) text_pattern_ops);
create index orders_by_receipt on orders (receipt_token);

create table order_lines (
  kiosk_id   text not null,
  order_id   uuid not null,
  line       bigint not null,
  offer_id   text not null,
  name_zh    text not null,
  name_en    text not null,
  fulfilment jsonb not null,
  choices    jsonb not null,
  quantity   bigint not null,
  unit_price bigint not null,
  total      bigint not null,
  form       jsonb not null,
  primary key (kiosk_id, order_id, line)
);

create table payments (
  kiosk_id    text not null,
  attempt_id  uuid not null,
  order_id    uuid not null,
  amount      bigint not null,
  currency    text not null,
  state       text not null,
  card        jsonb,
  result_code text,
  started_at  bigint not null,
  state_at    bigint not null,
  primary key (kiosk_id, attempt_id)
);
create index payments_of_order on payments (kiosk_id, order_id, started_at);

create table jobs (
  kiosk_id  text not null,
  job_id    uuid not null,
  order_id  uuid not null,
  kind      text not null,
  state     text not null,
  queued_at bigint not null,
  state_at  bigint not null,
  primary key (kiosk_id, job_id)
);
create index jobs_of_order on jobs (kiosk_id, order_id, queued_at);

create table service_requests (
  kiosk_id     text not null,
  job_id       uuid not null,
  order_id     uuid not null,
  offer_id     text not null,
  service      text not null,
  quantity     bigint not null,
  amount       bigint not null,
  phone        text not null,
  requested_at bigint not null,
  primary key (kiosk_id, job_id)
);
create index service_requests_of_order on service_requests (kiosk_id, order_id, requested_at);

-- The ledger, and beside it what the kiosk last said was left.
create table stock_moves (
  kiosk_id text not null,
  lane     text not null,
  epoch    bigint not null,
  sequence bigint not null,
  offer_id text not null,
  change   bigint not null,
  remaining bigint not null,
  reason   text not null,
  order_id uuid,
  at       bigint not null,
  primary key (kiosk_id, lane, epoch, sequence)
);
create index stock_moves_of_order on stock_moves (kiosk_id, order_id) where order_id is not null;

create table stock (
  kiosk_id  text not null,
  offer_id  text not null,
  remaining bigint not null,
  moved_at  bigint not null,
  primary key (kiosk_id, offer_id)
);
