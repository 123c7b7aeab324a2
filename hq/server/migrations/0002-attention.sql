-- By the rules at the head of 0001.

-- The staff's list: what a kiosk must not guess. Raised and settled may come in any order and apart, and either may be all
-- that HQ ever gets of one, so everything but its kind and its order may be missing.
create table attention (
  kiosk_id     text not null,
  attention_id uuid not null,
  kind         text not null,
  order_id     uuid not null,
  attempt_id   uuid,
  job_id       uuid,
  amount       bigint,
  currency     text,
  card         jsonb,
  detail       text,
  raised_at    bigint,
  -- Null while a person has to decide.
  decision     text,
  decided_at   bigint,
  primary key (kiosk_id, attention_id)
);
create index attention_of_order on attention (kiosk_id, order_id, raised_at);
-- Few stand open, however many orders there are.
create index attention_open on attention (kiosk_id, order_id) where decision is null;

-- What was unclear before kiosks had a list. A kiosk's own migration puts it there under the attempt's id and without an
-- event, and so does this one: the decision about it will name that id.
insert into attention (kiosk_id, attention_id, kind, order_id, attempt_id, amount, currency, card, detail, raised_at)
  select kiosk_id, attempt_id, 'payment_unclear', order_id, attempt_id, amount, currency, card, 'unclear since before there was a list', state_at
  from payments where state = 'unclear';
