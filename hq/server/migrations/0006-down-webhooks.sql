-- By the rules at the head of 0001.

-- Reference tables: few rows, written by people, the same for every kiosk. A revision comes from the counter row, which the publishing
-- transaction locks: by max() or by time, two publications at once would get one number, or the later one the lower.
create table document_counters (
  kind     text primary key,
  revision bigint not null
);
create table documents (
  kind         text not null,
  revision     bigint not null,
  -- "all", or "kiosk:" and its id.
  scope        text not null,
  -- Null once it is too old to be the base of a delta: who published what, and its hash, stay.
  text         text,
  sha256       text not null,
  signature    text not null,
  published_at bigint not null,
  published_by text not null,
  -- A kiosk's own that no longer goes before what is for all.
  withdrawn_at bigint,
  primary key (kind, revision)
);
create index documents_of_scope on documents (scope, kind, revision desc);

create table command_counters (
  kiosk_id text not null,
  sequence bigint not null,
  primary key (kiosk_id)
);
-- What people told a kiosk to do. Past its time is a command by comparison with expires_at when it is read: nothing has to run for that.
create table commands (
  kiosk_id     text not null,
  command_id   uuid not null,
  sequence     bigint not null,
  kind         text not null,
  params       jsonb not null,
  created_at   bigint not null,
  created_by   text not null,
  expires_at   bigint not null,
  delivered_at bigint,
  -- waiting, cancelled, answered
  state        text not null,
  outcome      text,
  detail       text,
  answered_at  bigint,
  primary key (kiosk_id, command_id)
);
create unique index commands_by_sequence on commands (kiosk_id, sequence);
create index commands_waiting on commands (kiosk_id, sequence) where state = 'waiting';

-- Reference table: whom HQ tells. The secret signs what is sent, so it must be readable here.
create table webhooks (
  webhook_id  uuid primary key,
  url         text not null,
  secret      text not null,
  kinds       text[] not null,
  created_at  bigint not null,
  -- The endpoint said that it is gone (410), or a person ended it.
  disabled_at bigint
);

-- What is to be told, written by the transaction that took the event: what HQ has, it tells, and what it does not have, it does not.
create table webhook_deliveries (
  kiosk_id   text not null,
  webhook_id uuid not null,
  event_id   uuid not null,
  kind       text not null,
  at         bigint not null,
  data       jsonb not null,
  -- The exact bytes, fixed at the first attempt: every attempt sends the same.
  payload    text,
  -- due, sent, dead
  state      text not null,
  attempts   bigint not null,
  -- While one process tries, the time at which others may believe it dead.
  next_at    bigint not null,
  status     bigint,
  error      text,
  created_at bigint not null,
  ended_at   bigint,
  primary key (kiosk_id, webhook_id, event_id)
);
create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_at) where state = 'due';
create index webhook_deliveries_ended on webhook_deliveries (kiosk_id, ended_at) where state <> 'due';
