-- Who a kiosk is, is its own key from now on. Tokens are forgotten; the column stays, so that no row is rewritten for it.
alter table kiosks alter column token_hash drop not null;
update kiosks set token_hash = null;
drop index kiosks_by_token;
-- Two machines were seen alive with this identity: nothing is taken from either until a person has decided.
alter table kiosks add column cloned_at bigint;

-- Every key that was ever enrolled for a kiosk: one approved at most, the others waiting for a person, or revoked.
create table kiosk_keys (
  kiosk_id    text not null,
  -- SHA-256 of the public key as SPKI, hex: what a person compares.
  fingerprint text not null,
  -- SPKI, DER.
  public_key  bytea not null,
  state       text not null check (state in ('waiting', 'approved', 'revoked')),
  app         text not null,
  enrolled_at bigint not null,
  -- When it was last approved; null where it never was, and then nothing that it signed counts.
  approved_at bigint,
  revoked_at  bigint,
  primary key (kiosk_id, fingerprint)
);
create unique index kiosk_keys_approved on kiosk_keys (kiosk_id, state) where state = 'approved';

-- The one code with which a kiosk's key may be enrolled. A new one takes the place of the one before.
create table enrolment_codes (
  kiosk_id    text not null,
  salt        bytea not null,
  code_hash   bytea not null,
  expires_at  bigint not null,
  guesses     bigint not null default 0,
  -- The key that used it up.
  fingerprint text,
  primary key (kiosk_id)
);

-- One row for each run of a kiosk's process that has said hello. Rows stay: a late hello of an old run must be known as old.
create table kiosk_sessions (
  kiosk_id      text not null,
  instance      uuid not null,
  session       uuid not null,
  -- superseded: another run has said hello since. ended: by a revocation, or as one of two clones; it may say hello again.
  state         text not null check (state in ('open', 'superseded', 'ended')),
  -- It spoke in the session, so it was alive after the hello that opened it.
  spoken        boolean not null,
  challenge     text,
  -- Of its newest hello.
  hello_counter bigint not null,
  -- Replay window: the highest number that came, and which of the 62 numbers up to it came (bit 0 is the highest).
  counter       bigint not null,
  seen          bigint not null,
  app           text not null,
  protocol      bigint not null,
  schema        bigint not null,
  boot          text not null,
  opened_at     bigint not null,
  ended_at      bigint,
  primary key (kiosk_id, instance)
);
create unique index kiosk_sessions_by_session on kiosk_sessions (kiosk_id, session);
create unique index kiosk_sessions_open on kiosk_sessions (kiosk_id, state) where state = 'open';

-- Reference table: the public keys with which HQ signs. A process that holds another key is not this HQ.
create table hq_signing_keys (fingerprint text primary key, public_key bytea not null, registered_at bigint not null);
