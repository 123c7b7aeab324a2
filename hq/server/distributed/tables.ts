/** The same on every node of a distributed database: few rows, written by people. */
export const referenceTables = ['schema_migrations', 'kiosks', 'hq_signing_keys', 'document_counters', 'documents', 'webhooks',
  'accounts', 'account_sessions', 'account_invitations', 'account_recovery_codes', 'passkeys', 'passkey_challenges', 'sign_in_tries', 'setup_codes', 'hq_audit', 'hq_audit_head',
  'planned_publications', 'catalogue_drafts', 'catalogue_draft_versions', 'pictures', 'restock_routes', 'kiosk_groups', 'kiosk_group_members', 'staff_members', 'staff_enrolments', 'alert_rules', 'settlement_books', 'reconciliations',
] as const;

/** Everything else belongs to a kiosk and lies where its kiosk lies. The first stands for the group that all lie together in. */
export const factTables = [
  'events', 'cursors', 'quarantined_events', 'orders', 'order_lines', 'payments', 'jobs', 'service_requests', 'stock_moves', 'stock', 'attention', 'kiosk_contacts',
  'kiosk_keys', 'enrolment_codes', 'kiosk_sessions', 'kiosk_clocks', 'personal_keys', 'proofs', 'alarms', 'kiosk_facts', 'kiosk_documents', 'log_lines',
  'command_counters', 'commands', 'webhook_deliveries', 'service_settlements', 'service_work', 'help_calls', 'feedback',
  'kiosk_states', 'kiosk_state_log', 'kiosk_screenshots', 'staff_acts',
  'stock_lots', 'restock_visits', 'staff_codes_used', 'alert_mails',
  'sales_hours', 'sales_days', 'sales_businesses', 'sales_offers', 'sales_payments', 'sales_dirty', 'day_reports', 'order_phones',
  'order_refunds', 'wallet_payments', 'wallet_refunds', 'settlement_lines', 'settlement_differences',
] as const;
