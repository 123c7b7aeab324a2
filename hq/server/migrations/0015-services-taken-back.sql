-- By the rules at the head of 0001.

-- Whether the provider was asked to take it back: null, asked (written before it hears of it), cannot.
alter table service_work add column reversal text check (reversal in ('asked', 'cannot'));
-- When HQ gave it up, for a person to settle or to send on its way again. Null while it is asked for, and where it has its end.
alter table service_work add column held_at bigint;
update service_work set held_at = next_at where state = 'held' and ended_at is null;
-- When a person sent it on its way again, and who.
alter table service_work add column resubmitted_at bigint;
alter table service_work add column resubmitted_by text;
-- Of a plan change, what the number had before, as the carrier said right before it was asked: name, price, effectiveOn.
alter table service_work add column plan_before jsonb;
create index service_work_open_oldest on service_work (asked_at, kiosk_id, job_id) where ended_at is null;
