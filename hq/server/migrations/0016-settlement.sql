-- Reference table: which day's book of which gateway HQ has, by the gateways' own calendar.
create table settlement_books (
  wallet   text not null,
  -- YYYY-MM-DD, in China's time.
  day      text not null,
  -- 'waiting': not there yet, or could not be had; 'taken'.
  state    text not null,
  detail   text,
  tried_at bigint not null,
  taken_at bigint,
  primary key (wallet, day)
);

-- The gateways' own lines. kiosk_id is '' where HQ does not know the payment.
create table settlement_lines (
  kiosk_id       text not null,
  wallet         text not null,
  day            text not null,
  line           bigint not null,
  kind           text not null,
  trade_no       text not null,
  refund_no      text,
  transaction_id text not null,
  amount         bigint not null,
  currency       text not null,
  fee            bigint,
  at             bigint not null,
  primary key (kiosk_id, wallet, day, line)
);
create index settlement_lines_of_day on settlement_lines (wallet, day);
create index settlement_lines_of_trade on settlement_lines (trade_no);

-- What differs between a gateway's book and ours, until it does not any more or a person has ended it.
create table settlement_differences (
  kiosk_id      text not null,
  difference_id uuid not null,
  wallet        text not null,
  day           text not null,
  kind          text not null,
  trade_no      text not null,
  refund_no     text not null,
  attempt_id    uuid,
  ours          bigint,
  theirs        bigint,
  currency      text not null,
  found_at      bigint not null,
  -- By itself (ended_by is null) or by a person, with their words.
  ended_at      bigint,
  ended_by      text,
  note          text,
  primary key (kiosk_id, difference_id)
);
create unique index settlement_differences_once on settlement_differences (kiosk_id, wallet, day, kind, trade_no, refund_no);
create index settlement_differences_open on settlement_differences (day desc) where ended_at is null;

-- Reference table: what each comparison of all books with each other said.
create table reconciliations (
  reconciliation_id uuid primary key,
  at                bigint not null,
  -- Attempts begun since then were looked at.
  since             bigint not null,
  -- By currency and tender: captured, delivered, refunded, open, and what none of these explains.
  sums              jsonb not null,
  findings          jsonb not null
);
create index reconciliations_newest on reconciliations (at desc);

-- What was paid and given back on a day, for its comparison.
create index wallet_payments_by_day on wallet_payments (wallet, paid_at) where paid_at is not null;
create index wallet_refunds_by_day on wallet_refunds (wallet, ended_at) where ended_at is not null;
