-- By the rules at the head of 0001.

-- An act is written down before it is done, and how it ended after it: the later entry names the earlier one. Entries of before stand alone.
alter table hq_audit add column begun bigint;
create index hq_audit_by_begun on hq_audit (begun) where begun is not null;

-- What applied to its scope when it was planned (0: nothing did): where another was published meanwhile it is not published over that. Null of plans of before.
alter table planned_publications add column over_revision bigint;

-- Versions of a scope's drafts go on where the draft before ended: a page that was left open then changes nothing of the one after it. `began_version` is a draft's first.
create table catalogue_draft_versions (
  scope   text primary key,
  version bigint not null
);
insert into catalogue_draft_versions (scope, version) select scope, version from catalogue_drafts;
alter table catalogue_drafts add column began_version bigint not null default 1;

-- What an alarm's detail says, as facts ("minutes": 12): the console words them in its reader's language. Null of those of before, and of kinds that are told in words alone.
alter table alarms add column facts jsonb;

-- Reference table: offers' pictures, each by the hash of its bytes, which never change. Kiosks fetch what their catalogue names and they have not.
create table pictures (
  sha256      text primary key,
  media_type  text not null,
  width       bigint not null,
  height      bigint not null,
  bytes       bytea not null,
  -- Who put it here, and when.
  uploaded_at bigint not null,
  uploaded_by text not null
);
create index pictures_newest on pictures (uploaded_at desc, sha256 desc);
