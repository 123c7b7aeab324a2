-- By the rules at the head of 0001.

-- How many orders a kiosk has brought, counted with the mark: to count them for each look at the list of kiosks takes as long as there are orders.
alter table cursors add column orders bigint not null default 0;
update cursors set orders = (select count(*) from orders where orders.kiosk_id = cursors.kiosk_id)
where lane = 'orders' and not exists (select 1 from cursors newer where newer.kiosk_id = cursors.kiosk_id and newer.lane = cursors.lane and newer.epoch > cursors.epoch);

-- Nothing happened after HQ received it, whatever the kiosk's clock said.
update orders set occurred_at = received_at where occurred_at > received_at;
update cursors set last_occurred_at = last_received_at where last_occurred_at > last_received_at;
