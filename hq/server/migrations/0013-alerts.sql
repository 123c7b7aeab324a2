-- By the rules at the head of 0001.

-- A person has seen it; it stands until what it is about is over, or somebody ends it.
alter table alarms add column severity text not null default 'warning' check (severity in ('notice', 'warning', 'urgent'));
alter table alarms add column acknowledged_at bigint;
alter table alarms add column acknowledged_by text;
alter table alarms add column note text;
alter table alarms add column settled_by text;
create index alarms_open_newest on alarms (last_at desc, kiosk_id desc, alarm_id desc) where settled_at is null;
create index alarms_ended_newest on alarms (settled_at desc, kiosk_id desc, alarm_id desc) where settled_at is not null;

-- Reference table: what is watched, by which measure, and who is written to. One rule a kind and group; '' stands for all kiosks.
create table alert_rules (
  rule_id    uuid primary key,
  kind       text not null,
  group_id   text not null default '',
  is_on      boolean not null,
  severity   text not null check (severity in ('notice', 'warning', 'urgent')),
  -- Measures by name, by the kind's own schema.
  measures   jsonb not null,
  mail_to    text[] not null,
  changed_at bigint not null,
  changed_by text not null,
  unique (kind, group_id)
);

-- What is to be mailed, written by the transaction that raised the alarm. The message's id is its own id: a mail server that gets it twice can tell.
create table alert_mails (
  kiosk_id   text not null,
  mail_id    uuid not null,
  alarm_id   uuid not null,
  address    text not null,
  -- due, sent, dead
  state      text not null,
  attempts   bigint not null,
  -- While one process tries, the time at which others may believe it dead.
  next_at    bigint not null,
  error      text,
  created_at bigint not null,
  ended_at   bigint,
  primary key (kiosk_id, mail_id)
);
create unique index alert_mails_once on alert_mails (kiosk_id, alarm_id, address);
create index alert_mails_due on alert_mails (next_at) where state = 'due';
create index alert_mails_ended on alert_mails (kiosk_id, ended_at) where state <> 'due';

-- How many went back or were declined in the last hours is asked every minute.
create index payments_by_change on payments (state_at, kiosk_id) where state in ('approved', 'declined', 'reversed');
