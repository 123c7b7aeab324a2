import { z } from 'zod';
import { kioskIdSchema } from '../../../domain/ids.ts';
import { nothing } from './nothing.ts';
import { apiRoute } from './route.ts';

/** What HQ finds by watching, and the measures by which it does. */
export const watchedMeasures = {
  /** Nothing was heard of it. */
  offline: z.strictObject({ minutes: z.int().min(2).max(10_080).default(10) }),
  /** Paper is out, or will be after so many receipts. */
  paper: z.strictObject({ receiptsLeft: z.int().min(0).max(10_000).default(50) }),
  /** The card terminal has a fault. */
  terminal: z.strictObject({ minutes: z.int().min(0).max(1440).default(5) }),
  /** Any other device has a fault. */
  device: z.strictObject({ minutes: z.int().min(0).max(1440).default(10) }),
  /** Kiosk out of service, or paused for longer than this. */
  closed: z.strictObject({ minutes: z.int().min(0).max(10_080).default(30) }),
  /** So many offers have this many pieces left, or fewer. */
  stock: z.strictObject({ pieces: z.int().min(0).max(10_000).default(0), offers: z.int().min(1).max(1000).default(1) }),
  /** More went back than usual. */
  refunds: z.strictObject({ count: z.int().min(1).max(10_000).default(5), percent: z.int().min(1).max(100).default(20), hours: z.int().min(1).max(168).default(24) }),
  /** More cards were declined than usual. */
  declines: z.strictObject({ count: z.int().min(1).max(10_000).default(10), percent: z.int().min(1).max(100).default(60), hours: z.int().min(1).max(168).default(4) }),
} as const;
export type WatchedKind = keyof typeof watchedMeasures;
export const watchedKinds = Object.keys(watchedMeasures) as WatchedKind[];

/** What comes of what kiosks told, or of HQ itself, without a measure. The first five say that somebody may have meddled. */
export const toldKinds = [
  'audit_broken', 'cloned', 'chain_broken', 'next_epoch', 'staff_locked', 'quarantined', 'proof_red', 'clock_skewed', 'store_recovered', 'disk', 'service_open', 'wallet_open', 'books_differ', 'help_unanswered', 'recovery_code_used', 'hq_audit_broken', 'publication_failed',
] as const;
export const alertKinds = [...watchedKinds, ...toldKinds] as const;
export const alertKindSchema = z.enum(alertKinds as unknown as [WatchedKind | (typeof toldKinds)[number], ...(WatchedKind | (typeof toldKinds)[number])[]]);
export type AlertKind = z.infer<typeof alertKindSchema>;

export const severities = ['notice', 'warning', 'urgent'] as const;
export const severitySchema = z.enum(severities);
export type Severity = z.infer<typeof severitySchema>;

/** Stands where a kiosk's id would, of what concerns HQ itself. No kiosk's: those begin with a letter or a digit. */
export const hqItself = '-hq';
export const alertOwnerSchema = z.union([kioskIdSchema, z.literal(hqItself)]);
export type AlertOwner = z.infer<typeof alertOwnerSchema>;

export const alertSchema = z.strictObject({
  kioskId: alertOwnerSchema, kioskName: z.string(), alertId: z.uuid(),
  kind: z.string(), severity: severitySchema,
  /** For people who look after HQ, in English. No customer's data. */
  detail: z.string(),
  /** The same as facts, by its kind's schema (hq/contract/alert-words.ts); null where it is told in words alone. */
  facts: z.record(z.string(), z.unknown()).nullable(),
  at: z.number(), lastAt: z.number(), times: z.number(),
  acknowledged: z.strictObject({ at: z.number(), by: z.string(), note: z.string() }).nullable(),
  settled: z.strictObject({ at: z.number(), by: z.string().nullable() }).nullable(),
});
export type Alert = z.infer<typeof alertSchema>;

const alertPlace = z.strictObject({ kiosk: alertOwnerSchema, alert: z.uuid() });

export const listAlerts = apiRoute({
  method: 'GET', path: '/api/alerts', summary: 'List alerts', tag: 'alerts', permission: 'alerts.see',
  params: nothing,
  query: z.strictObject({
    state: z.enum(['open', 'unseen', 'ended']).default('open'), kiosk: alertOwnerSchema.optional(), kind: alertKindSchema.optional(),
    before: z.string().max(200).optional(), limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  body: nothing,
  answer: z.strictObject({ alerts: z.array(alertSchema), next: z.string().nullable(), open: z.number(), unseen: z.number() }),
});

export const acknowledgeAlert = apiRoute({
  method: 'POST', path: '/api/alerts/:kiosk/:alert/acknowledge', summary: 'Acknowledge an alert', tag: 'alerts', permission: 'alerts.answer',
  params: alertPlace, query: nothing, body: z.strictObject({ note: z.string().max(500).default('') }), answer: alertSchema,
});

export const settleAlert = apiRoute({
  method: 'POST', path: '/api/alerts/:kiosk/:alert/settle', summary: 'End an alert', tag: 'alerts', permission: 'alerts.answer',
  params: alertPlace, query: nothing, body: nothing, answer: alertSchema,
});

const measuresSchema = z.record(z.string(), z.int());
export const alertRuleSchema = z.strictObject({
  kind: alertKindSchema, groupId: z.string().max(60), isOn: z.boolean(), severity: severitySchema,
  measures: measuresSchema, mailTo: z.array(z.email()).max(20), changedAt: z.number().nullable(), changedBy: z.string().nullable(),
});
export type AlertRule = z.infer<typeof alertRuleSchema>;

export const listAlertRules = apiRoute({
  method: 'GET', path: '/api/alert-rules', summary: 'List the rules of alerts', tag: 'alerts', permission: 'alerts.see',
  params: nothing, query: nothing, body: nothing,
  answer: z.strictObject({ rules: z.array(alertRuleSchema), canMail: z.boolean() }),
});

export const setAlertRule = apiRoute({
  method: 'PUT', path: '/api/alert-rules/:kind', summary: 'Set a rule of alerts', tag: 'alerts', permission: 'alerts.edit',
  params: z.strictObject({ kind: alertKindSchema }), query: z.strictObject({ group: z.string().max(60).default('') }),
  body: alertRuleSchema.pick({ isOn: true, severity: true, measures: true, mailTo: true }).extend({
    /** The `changedAt` of what was edited, null of what nobody has set: HQ_CHANGED_MEANWHILE where another has set it since. Without it, whatever stands there is written over. */
    over: z.number().nullable().optional(),
  }),
  answer: alertRuleSchema,
});

export const removeAlertRule = apiRoute({
  method: 'DELETE', path: '/api/alert-rules/:kind', summary: "Remove a group's rule of alerts", tag: 'alerts', permission: 'alerts.edit',
  params: z.strictObject({ kind: alertKindSchema }), query: z.strictObject({ group: z.string().min(1).max(60) }), body: nothing, answer: nothing,
});

export const sendTestMail = apiRoute({
  method: 'POST', path: '/api/alert-rules/test-mail', summary: 'Send a test mail', tag: 'alerts', permission: 'alerts.edit',
  params: nothing, query: nothing, body: z.strictObject({ address: z.email() }), answer: z.strictObject({ sent: z.boolean(), error: z.string() }),
});

export const webhookSchema = z.strictObject({
  id: z.uuid(), url: z.string(), kinds: z.array(z.string()), disabledAt: z.number().nullable(), due: z.number(), dead: z.number(),
});

export const listWebhookRoute = apiRoute({
  method: 'GET', path: '/api/webhooks', summary: 'List webhooks', tag: 'alerts', permission: 'alerts.edit',
  params: nothing, query: nothing, body: nothing, answer: z.strictObject({ webhooks: z.array(webhookSchema) }),
});

export const addWebhookRoute = apiRoute({
  method: 'POST', path: '/api/webhooks', summary: 'Add a webhook', tag: 'alerts', permission: 'alerts.edit',
  params: nothing, query: nothing,
  body: z.strictObject({ url: z.url().max(2000), kinds: z.array(z.enum(['order.paid', 'order.refunded', 'attention.raised', 'help.called', 'alarm'])).min(1) }),
  /** The secret is told this once. */
  answer: z.strictObject({ id: z.uuid(), secret: z.string() }),
});

export const removeWebhookRoute = apiRoute({
  method: 'DELETE', path: '/api/webhooks/:webhook', summary: 'Remove a webhook', tag: 'alerts', permission: 'alerts.edit',
  params: z.strictObject({ webhook: z.uuid() }), query: nothing, body: nothing, answer: nothing,
});
