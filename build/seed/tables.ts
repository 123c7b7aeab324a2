/** What the seed writes, and nothing else: no raw events, so a proof over one of these days finds them missing. In the order of the cells that are added. */
export const seedTables = {
  orders: ['kiosk_id', 'order_id', 'number', 'state', 'state_at', 'placed_at', 'language', 'catalogue_revision', 'total_amount', 'currency', 'receipt_token', 'receipt_url', 'shop', 'taxes', 'cart_id', 'received_at', 'occurred_at', 'dining', 'utc_offset_ms'],
  order_lines: ['kiosk_id', 'order_id', 'line', 'offer_id', 'name_zh', 'name_en', 'fulfilment', 'choices', 'quantity', 'unit_price', 'total', 'form', 'tax', 'fields'],
  payments: ['kiosk_id', 'attempt_id', 'order_id', 'amount', 'currency', 'state', 'card', 'result_code', 'started_at', 'state_at'],
  jobs: ['kiosk_id', 'job_id', 'order_id', 'kind', 'state', 'queued_at', 'state_at'],
  service_requests: ['kiosk_id', 'job_id', 'order_id', 'offer_id', 'service', 'quantity', 'amount', 'form', 'requested_at', 'epoch', 'sequence'],
  service_settlements: ['kiosk_id', 'job_id', 'order_id', 'outcome', 'reference', 'settled_at'],
  attention: ['kiosk_id', 'attention_id', 'kind', 'order_id', 'attempt_id', 'amount', 'currency', 'detail', 'raised_at', 'decision', 'decided_at'],
  feedback: ['kiosk_id', 'order_id', 'stars', 'chips', 'words', 'given_at'],
  personal_keys: ['kiosk_id', 'order_id', 'key', 'kept_at', 'shredded_at', 'phones_at'],
  order_phones: ['kiosk_id', 'order_id', 'digest'],
  stock_moves: ['kiosk_id', 'lane', 'epoch', 'sequence', 'offer_id', 'change', 'remaining', 'reason', 'order_id', 'at'],
  stock: ['kiosk_id', 'offer_id', 'remaining', 'moved_at'],
  day_reports: ['kiosk_id', 'event_id', 'number', 'from_at', 'to_at', 'currency', 'staff', 'orders', 'amount', 'free_orders', 'refunds', 'refunded_amount', 'our_count', 'our_amount', 'terminal_count', 'terminal_amount', 'unsettled', 'occurred_at'],
  kiosk_states: ['kiosk_id', 'epoch', 'sequence', 'service', 'reasons', 'devices', 'paper', 'free_bytes', 'app', 'occurred_at'],
  kiosk_state_log: ['kiosk_id', 'epoch', 'sequence', 'occurred_at', 'service', 'reasons'],
  log_lines: ['kiosk_id', 'epoch', 'sequence', 'line', 'at', 'occurred_at', 'level', 'message', 'code', 'fields'],
} as const;
export type SeedTable = keyof typeof seedTables;
