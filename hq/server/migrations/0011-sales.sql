-- By the rules at the head of 0001.

-- How far the shop's clock was ahead of UTC when the order was placed: hours and days of reports are the shop's own.
alter table orders add column utc_offset_ms bigint not null default 0;
update orders set utc_offset_ms = (extract(epoch from (to_timestamp(orders.occurred_at / 1000.0) at time zone zone.name) - (to_timestamp(orders.occurred_at / 1000.0) at time zone 'UTC')) * 1000)::bigint
from pg_timezone_names zone where zone.name = orders.shop ->> 'timeZone';

-- Sums of what the fact tables hold. Each can be made anew from them at any time; nothing else writes here. `local_hour` counts hours by the shop's wall
-- clock since 1970-01-01 00:00 of that clock, `day` days of it: local_hour / 24.
create table sales_hours (
  kiosk_id        text not null,
  local_hour      bigint not null,
  currency        text not null,
  -- Sold: paid or free, also where it was given back later.
  orders          bigint not null,
  amount          bigint not null,
  free_orders     bigint not null,
  -- Placed, and not sold (yet).
  unsold_orders   bigint not null,
  -- In the hour in which they were given back.
  refunds         bigint not null,
  refunded_amount bigint not null,
  primary key (kiosk_id, local_hour, currency)
);
create index sales_hours_by_time on sales_hours (local_hour);

-- The same by day: a year of many kiosks is asked for more often than its hours.
create table sales_days (
  kiosk_id        text not null,
  day             bigint not null,
  currency        text not null,
  orders          bigint not null,
  amount          bigint not null,
  free_orders     bigint not null,
  unsold_orders   bigint not null,
  refunds         bigint not null,
  refunded_amount bigint not null,
  primary key (kiosk_id, day, currency)
);
create index sales_days_by_day on sales_days (day);

create table sales_businesses (
  kiosk_id          text not null,
  day               bigint not null,
  currency          text not null,
  -- food, goods, telecom
  business          text not null,
  quantity          bigint not null,
  amount            bigint not null,
  refunded_quantity bigint not null,
  refunded_amount   bigint not null,
  primary key (kiosk_id, day, currency, business)
);
create index sales_businesses_by_day on sales_businesses (day);

create table sales_offers (
  kiosk_id          text not null,
  day               bigint not null,
  currency          text not null,
  offer_id          text not null,
  business          text not null,
  name_zh           text not null,
  name_en           text not null,
  quantity          bigint not null,
  amount            bigint not null,
  refunded_quantity bigint not null,
  refunded_amount   bigint not null,
  primary key (kiosk_id, day, currency, offer_id)
);
create index sales_offers_by_day on sales_offers (day);

create table sales_payments (
  kiosk_id text not null,
  day      bigint not null,
  currency text not null,
  -- The card's kind as the terminal named it; '' where it named none.
  tender   text not null,
  -- Of the attempt, on the day on which it was begun; `returned`: what was reversed, once more, on the day on which it was.
  state    text not null,
  count    bigint not null,
  amount   bigint not null,
  primary key (kiosk_id, day, currency, tender, state)
);
create index sales_payments_by_day on sales_payments (day);

-- Days whose sums are not those of the facts any more: set by the transaction that changes the facts, taken away by the one that sums anew.
create table sales_dirty (
  kiosk_id text not null,
  day      bigint not null,
  marks    bigint not null,
  primary key (kiosk_id, day)
);
insert into sales_dirty (kiosk_id, day, marks)
  select distinct kiosk_id, (occurred_at + utc_offset_ms) / 86400000, 1 from orders on conflict (kiosk_id, day) do nothing returning day;
insert into sales_dirty (kiosk_id, day, marks)
  select distinct kiosk_id, (state_at + utc_offset_ms) / 86400000, 1 from orders where state = 'refunded' on conflict (kiosk_id, day) do nothing returning day;
insert into sales_dirty (kiosk_id, day, marks)
  select distinct p.kiosk_id, (p.started_at + o.utc_offset_ms) / 86400000, 1 from payments p join orders o on o.kiosk_id = p.kiosk_id and o.order_id = p.order_id on conflict (kiosk_id, day) do nothing returning day;
insert into sales_dirty (kiosk_id, day, marks)
  select distinct p.kiosk_id, (p.state_at + o.utc_offset_ms) / 86400000, 1 from payments p join orders o on o.kiosk_id = p.kiosk_id and o.order_id = p.order_id where p.state = 'reversed' on conflict (kiosk_id, day) do nothing returning day;

-- A shop's day that was closed at the terminal: its totals against ours.
create table day_reports (
  kiosk_id        text not null,
  event_id        uuid not null,
  number          bigint not null,
  from_at         bigint not null,
  to_at           bigint not null,
  currency        text not null,
  staff           text,
  orders          bigint not null,
  amount          bigint not null,
  free_orders     bigint not null,
  refunds         bigint not null,
  refunded_amount bigint not null,
  our_count       bigint not null,
  our_amount      bigint not null,
  -- Null where the terminal told none.
  terminal_count  bigint,
  terminal_amount bigint,
  unsettled       bigint not null,
  occurred_at     bigint not null,
  primary key (kiosk_id, event_id)
);
create index day_reports_newest on day_reports (occurred_at desc, kiosk_id desc, event_id desc);

-- By which an order is found by a phone number that its customer filled in: HMAC-SHA256 of its last four digits, and of all of them, by a key of HQ that is
-- not in the database. Gone with the order's personal key.
create table order_phones (
  kiosk_id text not null,
  order_id uuid not null,
  digest   bytea not null,
  primary key (kiosk_id, order_id, digest)
);
create index order_phones_by_digest on order_phones (digest, kiosk_id, order_id);
-- When the order's words were looked at for numbers. Null: not yet.
alter table personal_keys add column phones_at bigint;
create index personal_keys_unread on personal_keys (kiosk_id, kept_at) where phones_at is null and key is not null;

create index orders_by_amount on orders (total_amount, occurred_at desc);
create index orders_refunded on orders (kiosk_id, state_at) where state = 'refunded';
create index payments_by_start on payments (kiosk_id, started_at);
create index payments_unusual on payments (state, started_at desc, kiosk_id, order_id) where state <> 'approved';
create index commands_of_refunds on commands (kiosk_id, (params ->> 'orderId')) where kind = 'refund';
create index staff_acts_of_subject on staff_acts (kiosk_id, subject);
