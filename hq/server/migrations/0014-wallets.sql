-- By the rules at the head of 0001.

-- How it was paid: card, wechat, alipay; everything so far was by card. Of a wallet who showed the code (shown, read), and what its gateway told.
alter table payments add column tender text not null default 'card';
alter table payments add column mode text;
alter table payments add column wallet jsonb;

-- The part of the money that a person has to decide about.
alter table attention add column refund_id uuid;

-- Parts of what was paid that went back, as kiosks told of them.
create table order_refunds (
  kiosk_id   text not null,
  refund_id  uuid not null,
  attempt_id uuid not null,
  order_id   uuid not null,
  amount     bigint not null,
  currency   text not null,
  -- tender, by_hand
  way        text not null,
  -- asked, done, refused
  state      text not null,
  reason     text not null,
  -- A staff number, or who at HQ.
  by         text,
  job_id     uuid,
  detail     text,
  asked_at   bigint not null,
  state_at   bigint not null,
  primary key (kiosk_id, refund_id)
);
create index order_refunds_of_order on order_refunds (kiosk_id, order_id, asked_at);
create index order_refunds_done on order_refunds (kiosk_id, state_at) where state = 'done';

-- HQ's own work with wallets' gateways: written before a gateway is asked, never made anew from events. No payment code, no key, nothing of the customer.
create table wallet_payments (
  kiosk_id       text not null,
  attempt_id     uuid not null,
  wallet         text not null,
  -- Null where the kiosk's first word of it was that it is not wanted: then HQ has lost it, or never had it.
  order_id       uuid,
  order_number   text,
  mode           text,
  amount         bigint,
  currency       text,
  title          text,
  -- starting, waiting, confirming, closing, paid, declined, closed, held
  state          text not null,
  -- What the customer's phone is to read, while it may.
  code           text,
  transaction_id text,
  -- As the gateway says.
  paid_at        bigint,
  refusal        text,
  -- For people who look after HQ.
  detail         text,
  begun_at       bigint not null,
  -- The gateway takes it no more after this.
  expires_at     bigint,
  -- Since when the kiosk does not want it any more.
  unwanted_at    bigint,
  -- The gateway has said that it took back what was paid.
  took_back_at   bigint,
  -- When it was given its end, by which its kiosk goes.
  ended_at       bigint,
  -- It was found paid after it had ended as declined or closed, and goes back by itself.
  late_at        bigint,
  -- How often it was looked at since its end.
  late_looks     bigint not null default 0,
  -- Its gateway may be asked: no other kiosk has this attempt.
  is_asked       boolean not null default false,
  -- Counts the turns: who finds that it has moved on has the older word.
  turns          bigint not null default 0,
  -- When it is looked at next; null where there is nothing to do.
  next_at        bigint,
  -- While one process is at it, the time from which others may believe it dead.
  claimed_until  bigint,
  -- Since when nobody knows, which a person is told of in the end.
  unclear_since  bigint,
  alarmed_at     bigint,
  primary key (kiosk_id, attempt_id)
);
create index wallet_payments_due on wallet_payments (next_at) where next_at is not null;
-- A gateway knows a payment by its attempt alone, whatever kiosk has asked for it.
create index wallet_payments_by_attempt on wallet_payments (attempt_id);
create index wallet_payments_of_order on wallet_payments (kiosk_id, order_id);
create index wallet_payments_open on wallet_payments (kiosk_id, begun_at) where ended_at is null or state = 'held';

create table wallet_refunds (
  kiosk_id      text not null,
  -- The attempt's own id where all of it goes back.
  refund_id     uuid not null,
  attempt_id    uuid not null,
  wallet        text not null,
  amount        bigint not null,
  currency      text not null,
  -- What was paid.
  paid_amount   bigint not null,
  reason        text not null,
  -- kiosk, or hq where HQ gives back by itself what was paid too late
  origin        text not null,
  -- asked, done, refused
  state         text not null,
  detail        text,
  asked_at      bigint not null,
  -- When the gateway was first asked: from then on it is asked for before it is asked again.
  sent_at       bigint,
  ended_at      bigint,
  turns         bigint not null default 0,
  next_at       bigint,
  claimed_until bigint,
  alarmed_at    bigint,
  -- A person has seen to what was refused.
  settled_by    text,
  primary key (kiosk_id, refund_id)
);
create index wallet_refunds_due on wallet_refunds (next_at) where next_at is not null;
create index wallet_refunds_of_attempt on wallet_refunds (kiosk_id, attempt_id);
create index wallet_refunds_open on wallet_refunds (kiosk_id, asked_at) where state = 'asked' or (state = 'refused' and settled_by is null);

-- Kiosks that say of a wallet's payment that it was none: its gateway may have taken it all the same (wallets/unwanted.ts).
create index payments_of_wallets_unpaid on payments (state_at) where tender <> 'card' and state in ('declined', 'cancelled', 'not_sent', 'not_paid');
