-- The watch on unusual refunds asks each half minute what has gone back within some hours, of all kiosks.
create index order_refunds_by_time on order_refunds (state_at) where state = 'done';
create index wallet_refunds_of_hq_by_time on wallet_refunds (ended_at) where by is not null and state = 'done';
