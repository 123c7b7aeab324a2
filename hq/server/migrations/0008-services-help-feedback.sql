-- By the rules at the head of 0001.

-- Taxes in basis points, inside the price or on top of it; all that there was before stood inside.
update orders set taxes = (
  select jsonb_agg(jsonb_build_object('basisPoints', (t ->> 'ratePerMille')::bigint * 10, 'included', true, 'gross', t -> 'gross', 'tax', t -> 'tax') order by place)
  from jsonb_array_elements(orders.taxes) with ordinality as entry (t, place))
where jsonb_array_length(orders.taxes) > 0 and orders.taxes -> 0 ? 'ratePerMille';
-- Where the food is eaten: eat_in, take_away, or null.
alter table orders add column dining text;

-- Null in the lines of before version 3 of the event: the rate of a line, and what its fields are called, was not told.
alter table order_lines add column discount jsonb;
alter table order_lines add column tax jsonb;
alter table order_lines add column fields jsonb;

-- Whatever an offer asks for, each value sealed.
alter table service_requests add column form jsonb;
update service_requests set form = case when phone = '' then '{}'::jsonb else jsonb_build_object('phone', phone) end;
alter table service_requests alter column form set not null;
alter table service_requests drop column phone;
-- Of the event: a kiosk asks for the services of an order in the order of its lines, all in one millisecond.
alter table service_requests add column epoch bigint not null default 0;
alter table service_requests add column sequence bigint not null default 0;

-- What a kiosk has taken in of what HQ said about a service.
create table service_settlements (
  kiosk_id   text not null,
  job_id     uuid not null,
  order_id   uuid not null,
  outcome    text not null,
  reference  text,
  settled_at bigint not null,
  primary key (kiosk_id, job_id)
);
create index service_settlements_of_order on service_settlements (kiosk_id, order_id);

-- HQ's own work on what was asked for: never made anew from events. What was asked before there was this table is no work: HQ had nobody to ask.
create table service_work (
  kiosk_id     text not null,
  job_id       uuid not null,
  order_id     uuid not null,
  -- When it came, by HQ's clock, and when it really was.
  asked_at     bigint not null,
  requested_at bigint not null,
  -- queued, submitting (written before the provider hears of it), accepted, pending, unknown, done, refused, held (for a person)
  state        text not null,
  provider     text,
  -- Counts the turns: who finds that it has moved on has the older word.
  turns        bigint not null default 0,
  -- While one process is at it, the time at which others may believe it dead.
  next_at      bigint not null,
  -- Of the first submission.
  submitted_at bigint,
  -- Done or refused, and the kiosk was told. Null while there is something to do.
  ended_at     bigint,
  reference    text,
  -- For people who look after HQ; no customer's data.
  detail       text,
  -- The last outcome that the kiosk was told by a command: pending, done, refused.
  told         text,
  -- When a person was told that it takes too long.
  alarmed_at   bigint,
  primary key (kiosk_id, job_id)
);
create index service_work_due on service_work (next_at) where ended_at is null and state <> 'held';
create index service_work_of_order on service_work (kiosk_id, order_id);
create index service_work_open on service_work (kiosk_id, asked_at) where ended_at is null;

-- A customer asks for a person. What the kiosk told, and what people here did; either half may come alone, in any order.
create table help_calls (
  kiosk_id    text not null,
  call_id     uuid not null,
  screen      text,
  order_id    uuid,
  called_at   bigint,
  ended_by    text,
  ended_at    bigint,
  answered_at bigint,
  answered_by text,
  alarmed_at  bigint,
  primary key (kiosk_id, call_id)
);
create index help_calls_open on help_calls (called_at) where ended_at is null;

-- Words sealed as the order's own fields are.
create table feedback (
  kiosk_id text not null,
  order_id uuid not null,
  stars    bigint not null,
  chips    jsonb not null,
  words    text,
  given_at bigint not null,
  primary key (kiosk_id, order_id)
);
create index feedback_newest on feedback (given_at desc, kiosk_id desc, order_id desc);
