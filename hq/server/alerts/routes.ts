import {
  acknowledgeAlert, addWebhookRoute, listAlertRules, listAlerts, listWebhookRoute, removeAlertRule, removeWebhookRoute, sendTestMail, setAlertRule, settleAlert,
} from '../../contract/api/alerts.ts';
import { isAllowed } from '../../contract/api/permissions.ts';
import type { Api } from '../api/serve.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Sql } from '../database.ts';
import type { AddressRules } from '../webhooks/address.ts';
import { addWebhook, listWebhooks, removeWebhook } from '../webhooks/manage.ts';
import { acknowledge, alertCursor, countAlerts, readAlert, readAlerts, settle } from './list.ts';
import type { Mailer } from './mail.ts';
import { measuresOf, readRules, removeRule, writeRule } from './rules.ts';

export interface AlertRoutesDeps {
  readonly sql: Sql;
  readonly now: () => number;
  /** Undefined where HQ has no mail server. */
  readonly mailer: Mailer | undefined;
  readonly webhookRules: AddressRules;
}

/** Alerts, the rules that make them, and whom HQ tells. */
export function alertRoutes(api: Api, { sql, now, mailer, webhookRules }: AlertRoutesDeps): void {
  api.serve(listAlerts, async ({ query }) => {
    if (query.before !== undefined && !alertCursor.test(query.before)) throw new ApiRefusal('CONTRACT_MALFORMED', 'before is no cursor');
    return { ...(await readAlerts(sql, query)), ...(await countAlerts(sql)) };
  });

  api.serve(acknowledgeAlert, async ({ params: { kiosk, alert }, body: { note }, account }) => {
    await acknowledge(sql, kiosk, alert, { by: account!.name, note, now: now() });
    return known(kiosk, alert);
  });

  api.serve(settleAlert, async ({ params: { kiosk, alert }, account }) => {
    await settle(sql, kiosk, alert, { by: account!.name, now: now() });
    return known(kiosk, alert);
  });

  async function known(kioskId: string, alertId: string) {
    const alert = await readAlert(sql, kioskId, alertId);
    if (!alert) throw new ApiRefusal('HQ_NOT_FOUND', 'no such alert');
    return alert;
  }

  api.serve(listAlertRules, async ({ account }) => {
    // Whose address it is concerns those alone who set it.
    const maySee = account !== undefined && isAllowed(account.role, 'alerts.edit');
    return { rules: (await readRules(sql)).map((rule) => (maySee ? rule : { ...rule, mailTo: [] })), canMail: mailer !== undefined };
  });

  api.serve(setAlertRule, async ({ params: { kind }, query: { group }, body, account, note }) => {
    const measures = measuresOf(kind, body.measures);
    if (!measures) throw new ApiRefusal('HQ_INVALID', `these are no measures of ${kind}`);
    const { over, ...set } = body;
    const { written, rule } = await writeRule(sql, { kind, groupId: group, ...set, measures }, account!.name, now(), over);
    if (!written) throw new ApiRefusal('HQ_CHANGED_MEANWHILE', 'somebody else has set or removed this rule meanwhile', { by: rule?.changedBy ?? null, at: rule?.changedAt ?? null });
    note(`${group === '' ? 'all kiosks' : `group ${group}`}: ${body.isOn ? 'on' : 'off'}, ${body.severity}, ${JSON.stringify(measures)}, mail to ${body.mailTo.length}`);
    return rule;
  });

  api.serve(removeAlertRule, async ({ params: { kind }, query: { group } }) => {
    if (!(await removeRule(sql, kind, group))) throw new ApiRefusal('HQ_NOT_FOUND', 'the group has no such rule');
    return {};
  });

  api.serve(sendTestMail, async ({ body: { address } }) => {
    if (!mailer) return { sent: false, error: 'HQ has no mail server: MAIL_URL and MAIL_FROM say which' };
    const answer = await mailer.send({ id: `test-${now()}`, to: address, subject: '[Counter24] test / 测试', text: 'This is a test of Counter24 HQ.\n这是 Counter24 总部的测试邮件。' });
    return answer.ok ? { sent: true, error: '' } : { sent: false, error: answer.error };
  });

  api.serve(listWebhookRoute, async () => ({ webhooks: (await listWebhooks(sql)).map((webhook) => ({ ...webhook, kinds: [...webhook.kinds] })) }));

  api.serve(addWebhookRoute, async ({ body: { url, kinds }, note }) => {
    const added = await addWebhook(sql, url, kinds, webhookRules, now());
    if (!added.ok) throw new ApiRefusal('HQ_INVALID', added.error);
    note(`to ${new URL(url).host}: ${kinds.join(', ')}`);
    return added.value;
  });

  api.serve(removeWebhookRoute, async ({ params: { webhook } }) => {
    if (!(await removeWebhook(sql, webhook))) throw new ApiRefusal('HQ_NOT_FOUND', 'no such webhook');
    return {};
  });
}
