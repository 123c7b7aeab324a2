-- By the rules at the head of 0001.

-- Counts what people write of a kiosk: name, place, time zone, position, and which groups it is in. Who did it last, and when, is null of what was written before, and by the command line.
alter table kiosks
  add column version    bigint not null default 1,
  add column changed_at bigint,
  add column changed_by text;

-- Counts what people write of a group: its name, and which kiosks are in it.
alter table kiosk_groups
  add column version    bigint not null default 1,
  add column changed_at bigint,
  add column changed_by text;
