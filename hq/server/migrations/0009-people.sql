-- By the rules at the head of 0001. These are people's tables (reference tables): none belongs to a kiosk.

-- Who may work at HQ. A name is never given to somebody else: the audit names people by it.
create table accounts (
  account_id          uuid primary key,
  -- What they sign in by, in small letters: an e-mail address or a name.
  name                text not null unique,
  full_name           text not null,
  role                text not null,
  -- invited (no password yet), active, ended
  state               text not null,
  -- Argon2id in PHC form; null while invited, and of the account for development.
  password_hash       text,
  password_changed_at bigint,
  -- Sealed by a key beside HQ's signing key; null until it was confirmed by a code. A step of 30 s that was used, and every one before it, is used up.
  totp_secret         text,
  totp_pending        text,
  totp_last_step      bigint,
  is_development      boolean not null,
  -- Counts changes by people: who changes an older one is told.
  version             bigint not null,
  created_at          bigint not null,
  created_by          text not null,
  last_signed_in_at   bigint
);

-- Of a token only its SHA-256 is here.
create table account_sessions (
  session_id   uuid primary key,
  token_hash   bytea not null unique,
  account_id   uuid not null,
  -- setup (may set up a second factor and nothing else), full
  state        text not null,
  created_at   bigint not null,
  last_seen_at bigint not null,
  expires_at   bigint not null,
  address      text not null,
  agent        text not null,
  ended_at     bigint,
  ended_why    text
);
create index account_sessions_open on account_sessions (account_id, created_at) where ended_at is null;

create table account_invitations (
  token_hash bytea primary key,
  account_id uuid not null,
  made_by    text not null,
  made_at    bigint not null,
  expires_at bigint not null,
  ended_at   bigint
);
create index account_invitations_open on account_invitations (account_id) where ended_at is null;

create table account_recovery_codes (
  account_id uuid not null,
  code_hash  bytea not null,
  used_at    bigint,
  primary key (account_id, code_hash)
);

create table passkeys (
  -- As WebAuthn gives it, base64url.
  credential_id text primary key,
  account_id    uuid not null,
  public_key    bytea not null,
  -- An authenticator counts its signatures; one that counts back is a copy. 0 of those that do not count.
  counter       bigint not null,
  transports    jsonb not null,
  name          text not null,
  is_backed_up  boolean not null,
  created_at    bigint not null,
  last_used_at  bigint
);
create index passkeys_of_account on passkeys (account_id, created_at);

create table passkey_challenges (
  challenge  text primary key,
  -- register, sign_in
  purpose    text not null,
  account_id uuid,
  expires_at bigint not null
);

-- Wrong tries, by account ("account:name") and by address ("address:203.0.113.9").
create table sign_in_tries (
  subject       text primary key,
  failures      bigint not null,
  last_at       bigint not null,
  blocked_until bigint not null
);

-- The code with which the first administrator is made.
create table setup_codes (
  code_hash  bytea primary key,
  made_at    bigint not null,
  used_at    bigint
);

-- HQ's own audit, chained by hash: number without a gap, and each entry holds the hash of the one before.
create table hq_audit (
  number     bigint primary key,
  at         bigint not null,
  account_id uuid,
  account    text not null,
  role       text not null,
  route      text not null,
  summary    text not null,
  subject    text not null,
  outcome    text not null,
  detail     text not null,
  address    text not null,
  previous   text not null,
  hash       text not null
);
create index hq_audit_of_account on hq_audit (account, number desc);

-- The last entry, for who appends (locked meanwhile) and for the check: an end that was cut off is seen by it. `trouble` is what the last check found; '' is nothing.
create table hq_audit_head (
  only_row   boolean primary key,
  number     bigint not null,
  hash       text not null,
  checked_at bigint,
  checked_to bigint,
  trouble    text not null
);
insert into hq_audit_head (only_row, number, hash, trouble) values (true, 0, '0000000000000000000000000000000000000000000000000000000000000000', '');
