-- By the rules at the head of 0001.

-- Where a kiosk stands, as people wrote it.
alter table kiosks
  add column place     text not null default '',
  add column latitude  double precision,
  add column longitude double precision,
  add column time_zone text not null default '';

-- Reference tables: few rows, written by people. A kiosk may be in several groups.
create table kiosk_groups (group_id text primary key, name text not null);
create table kiosk_group_members (group_id text not null, kiosk_id text not null, primary key (group_id, kiosk_id));
create index kiosk_group_members_of_kiosk on kiosk_group_members (kiosk_id, group_id);

-- How a kiosk is, by the newest that it told.
create table kiosk_states (
  kiosk_id    text not null,
  epoch       bigint not null,
  sequence    bigint not null,
  -- selling, limited, paused, out_of_service
  service     text not null,
  reasons     jsonb not null,
  devices     jsonb not null,
  paper       jsonb,
  free_bytes  bigint,
  app         text not null,
  occurred_at bigint not null,
  primary key (kiosk_id)
);
-- Each time that it told, at least once an hour while it runs: a state held until the next row, and no longer than some hours after it (fleet/history.ts).
create table kiosk_state_log (
  kiosk_id    text not null,
  epoch       bigint not null,
  sequence    bigint not null,
  occurred_at bigint not null,
  service     text not null,
  reasons     jsonb not null,
  primary key (kiosk_id, epoch, sequence)
);
create index kiosk_state_log_by_time on kiosk_state_log (kiosk_id, occurred_at desc);

-- What HQ asked to see. The newest few of a kiosk are kept.
create table kiosk_screenshots (
  kiosk_id   text not null,
  command_id uuid not null,
  taken_at   bigint not null,
  picture    bytea not null,
  primary key (kiosk_id, command_id)
);
create index kiosk_screenshots_newest on kiosk_screenshots (kiosk_id, taken_at desc);

-- What staff did at kiosks, as each kiosk chained it. `fault`: what is wrong with this entry's place in the chain; null where it is right.
create table staff_acts (
  kiosk_id    text not null,
  epoch       bigint not null,
  sequence    bigint not null,
  number      bigint not null,
  at          bigint not null,
  occurred_at bigint not null,
  staff       text,
  act         text not null,
  outcome     text not null,
  subject     text not null,
  detail      text not null,
  previous    text not null,
  hash        text not null,
  -- hash, gap, fork, beginning
  fault       text,
  primary key (kiosk_id, epoch, sequence)
);
create index staff_acts_by_number on staff_acts (kiosk_id, number, hash);
create index staff_acts_newest on staff_acts (kiosk_id, epoch desc, sequence desc);
create index staff_acts_wrong on staff_acts (kiosk_id, epoch, sequence) where fault is not null;

-- One command that was given to many kiosks at once.
alter table commands add column batch_id uuid;
create index commands_of_batch on commands (batch_id, kiosk_id) where batch_id is not null;
create index log_lines_at_level on log_lines (kiosk_id, level, occurred_at desc);
