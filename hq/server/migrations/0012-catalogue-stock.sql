-- By the rules at the head of 0001.

-- What a move says since version 2 of its event: which lot of the offer, where it lies, and who of the staff did it, and why.
alter table stock_moves
  add column lot_id      text,
  add column lot_left    bigint,
  add column slot        text,
  add column best_before text,
  add column move_id     uuid,
  add column visit_id    uuid,
  add column staff       text,
  add column why         text,
  add column note        text;
create index stock_moves_of_lot on stock_moves (kiosk_id, offer_id, lot_id, lane desc, epoch desc, sequence desc) where lot_id is not null;
create index stock_moves_of_staff on stock_moves (at desc, kiosk_id, lane, epoch, sequence) where reason in ('counted', 'wasted');
create index stock_moves_of_staff_at on stock_moves (kiosk_id, at desc, lane, epoch, sequence) where reason in ('counted', 'wasted');

-- What each lot has, by its newest move. A lot lies in one slot and was made to last until one day (YYYY-MM-DD).
create table stock_lots (
  kiosk_id    text not null,
  offer_id    text not null,
  lot_id      text not null,
  slot        text,
  best_before text,
  remaining   bigint not null,
  moved_at    bigint not null,
  primary key (kiosk_id, offer_id, lot_id)
);
create index stock_lots_there on stock_lots (kiosk_id, offer_id) where remaining <> 0;
create index stock_lots_expiring on stock_lots (best_before, kiosk_id) where best_before is not null and remaining > 0;

create table restock_visits (
  kiosk_id    text not null,
  visit_id    uuid not null,
  epoch       bigint not null,
  sequence    bigint not null,
  staff       text not null,
  started_at  bigint not null,
  ended_at    bigint not null,
  slots       bigint not null,
  pieces_in   bigint not null,
  pieces_out  bigint not null,
  differences bigint not null,
  occurred_at bigint not null,
  primary key (kiosk_id, visit_id)
);
create index restock_visits_newest on restock_visits (occurred_at desc, kiosk_id, visit_id);
create index restock_visits_of_kiosk on restock_visits (kiosk_id, occurred_at desc);

-- Recovery codes that were used up at a kiosk: what is given to kiosks from then on leaves them out.
create table staff_codes_used (
  kiosk_id  text not null,
  number    text not null,
  code_hash text not null,
  used_at   bigint not null,
  primary key (kiosk_id, number, code_hash)
);

-- Reference tables from here: few rows, written by people.

-- What is to be published when its time has come. `published` with its revision, `failed` with why.
create table planned_publications (
  publication_id uuid primary key,
  kind           text not null,
  scope          text not null,
  text           text not null,
  at             bigint not null,
  -- waiting, published, failed, cancelled
  state          text not null,
  planned_by     text not null,
  planned_at     bigint not null,
  revision       bigint,
  detail         text,
  ended_at       bigint
);
create index planned_publications_waiting on planned_publications (at) where state = 'waiting';

-- One draft a scope, which everybody edits. `touched` says of each part of it by whose hand and in which version it was changed last.
create table catalogue_drafts (
  scope         text primary key,
  text          text not null,
  -- The revision that it began from, 0 where there was none.
  base_revision bigint not null,
  version       bigint not null,
  touched       jsonb not null,
  changed_at    bigint not null,
  changed_by    text not null
);

create table restock_routes (
  route_id   uuid primary key,
  name       text not null,
  -- Kiosks' ids, in the order in which they are visited.
  kiosks     jsonb not null,
  version    bigint not null,
  changed_at bigint not null,
  changed_by text not null
);

create table staff_members (
  number          text primary key,
  name            text not null,
  role            text not null,
  -- "all", "group:<id>" and "kiosk:<id>", an array.
  places          jsonb not null,
  -- Argon2id in PHC form; null until the member has set one.
  pin_hash        text,
  -- Of the time-based code, sealed by a key beside HQ's signing key.
  totp_sealed     text,
  recovery_hashes jsonb not null,
  card_hash       text,
  created_at      bigint not null,
  changed_at      bigint not null,
  changed_by      text not null,
  ended_at        bigint
);

-- A link by which a member sets PIN and time-based code, once.
create table staff_enrolments (
  number      text primary key,
  token_hash  text not null,
  totp_sealed text not null,
  expires_at  bigint not null,
  tries       bigint not null
);
create unique index staff_enrolments_by_token on staff_enrolments (token_hash);
