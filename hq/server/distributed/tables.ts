/** The same on every node of a distributed database: few rows, written by people. */
export const referenceTables = ['schema_migrations', 'kiosks', 'hq_signing_keys', 'document_counters', 'documents', 'webhooks'] as const;

/** Everything else belongs to a kiosk and lies where its kiosk lies. The first stands for the group that all lie together in. */
export const factTables = [
  'events', 'cursors', 'quarantined_events', 'orders', 'order_lines', 'payments', 'jobs', 'service_requests', 'stock_moves', 'stock', 'attention', 'kiosk_contacts',
  'kiosk_keys', 'enrolment_codes', 'kiosk_sessions', 'kiosk_clocks', 'personal_keys', 'proofs', 'alarms', 'kiosk_facts', 'kiosk_documents', 'log_lines',
  'command_counters', 'commands', 'webhook_deliveries', 'service_settlements', 'service_work', 'help_calls', 'feedback',
] as const;
