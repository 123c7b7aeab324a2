-- By the rules at the head of 0001.

-- Parts of payments that HQ gave back itself, of kiosks that are gone, and that no kiosk has told of.
create view refund_parts_of_hq as
  select h.kiosk_id, h.refund_id, h.attempt_id, w.order_id, h.amount, h.currency, h.ended_at as state_at
  from wallet_refunds h join wallet_payments w on w.kiosk_id = h.kiosk_id and w.attempt_id = h.attempt_id
  where h.by is not null and h.state = 'done'
    and not exists (select 1 from order_refunds r where r.kiosk_id = h.kiosk_id and r.refund_id = h.refund_id and r.state = 'done');

-- Parts of payments that went back, each once.
create view refund_parts as
  select kiosk_id, refund_id, attempt_id, order_id, amount, currency, state_at from order_refunds where state = 'done'
  union all
  select kiosk_id, refund_id, attempt_id, order_id, amount, currency, state_at from refund_parts_of_hq;
