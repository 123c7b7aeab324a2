import { createTransport } from 'nodemailer';
import { alertWords, isoTime } from '../../contract/alert-words.ts';
import type { AlertKind } from '../../contract/api/alerts.ts';
import { hqItself } from '../../contract/api/alerts.ts';
import type { Sql } from '../database.ts';

export interface MailerDeps {
  /** "smtps://user:password@mail.example:465", or "smtp://…", which begins TLS (STARTTLS) before anything is said, but to this machine. */
  readonly url: string;
  readonly from: string;
  readonly timeoutMs?: number;
}

export interface Mail {
  /** The Message-ID's first half: the same at each attempt. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Error: one sentence for whoever looks after HQ. `isFinal`: the server will never take it (5xx to this address). */
export type SentMail = { readonly ok: true } | { readonly ok: false; readonly error: string; readonly isFinal: boolean; /** The server said nothing: there is no use in asking it again for the next one. */ readonly isSilent: boolean };

export interface Mailer {
  send(mail: Mail): Promise<SentMail>;
  close(): void;
}

export function createMailer({ url, from, timeoutMs = 20_000 }: MailerDeps): Mailer {
  const { protocol, hostname } = new URL(url);
  // A password and what stands in alerts go over no plain line, but to this machine.
  const requireTLS = protocol === 'smtp:' && !['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  const transport = createTransport(url, { from, requireTLS, connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs } as never);
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? 'counter24.invalid';
  return {
    async send({ id, to, subject, text }) {
      try {
        await transport.sendMail({ from, to, subject, text, messageId: `<${id}@${domain}>`, headers: { 'auto-submitted': 'auto-generated' } });
        return { ok: true };
      } catch (cause) {
        const { message, responseCode } = cause as { message?: string; responseCode?: number };
        return { ok: false, error: String(message ?? cause).slice(0, 300), isFinal: responseCode !== undefined && responseCode >= 500 && responseCode < 600 && responseCode !== 535, isSilent: responseCode === undefined };
      }
    },
    close: () => transport.close(),
  };
}

interface DueMail {
  kiosk_id: string; mail_id: string; address: string; attempts: number; created_at: number;
  kiosk_name: string | null; kind: string; severity: string; detail: string; facts: unknown; at: number; times: number;
}

/** Waits after each attempt that failed; after the last it is dead, and the console says so. */
const waitsMs = [30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000];
/** Longer than a server may take, so that what a killed process had claimed is due again by itself. */
const claimedMs = 120_000;
const atOnce = 20;

export interface MailQueueDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly mailer: Mailer;
  /** Where a person finds it: "https://hq.example". */
  readonly consoleUrl: string;
}

/** Sends what is due: a job. Any number of processes may; each claims with SKIP LOCKED. Answers how many were sent. */
export async function sendDueMails({ sql, now, mailer, consoleUrl }: MailQueueDeps): Promise<number> {
  const at = now();
  const due = await sql<{ kiosk_id: string; mail_id: string }[]>`select kiosk_id, mail_id from alert_mails where state = 'due' and next_at <= ${at} order by next_at limit ${atOnce}`;
  let sent = 0;
  for (const place of due) {
    const [mail] = await sql<DueMail[]>`
      update alert_mails m set attempts = m.attempts + 1, next_at = ${at + claimedMs}
      from (select kiosk_id, mail_id from alert_mails where kiosk_id = ${place.kiosk_id} and mail_id = ${place.mail_id} and state = 'due' and next_at <= ${at} for update skip locked) claimed
      join alarms a on a.kiosk_id = claimed.kiosk_id
      left join kiosks k on k.kiosk_id = claimed.kiosk_id
      where m.kiosk_id = claimed.kiosk_id and m.mail_id = claimed.mail_id and a.alarm_id = m.alarm_id
      returning m.kiosk_id, m.mail_id, m.address, m.attempts, m.created_at, k.name as kiosk_name, a.kind, a.severity, a.detail, a.facts, a.at, a.times`;
    if (!mail) continue;
    const answer = await mailer.send({ id: mail.mail_id, to: mail.address, ...wordsOf(mail, consoleUrl) });
    if (answer.ok) sent += 1;
    const waitMs = answer.ok || answer.isFinal ? undefined : waitsMs[mail.attempts - 1];
    const state = answer.ok ? 'sent' : waitMs === undefined ? 'dead' : 'due';
    await sql`
      update alert_mails set state = ${state}, error = ${answer.ok ? null : answer.error}, next_at = ${now() + (waitMs ?? 0)}, ended_at = ${state === 'due' ? null : now()}
      where kiosk_id = ${mail.kiosk_id} and mail_id = ${mail.mail_id} and state = 'due' and attempts = ${mail.attempts}`;
    // HQ's other jobs wait for this one: twenty times the time-out is too long to watch no kiosk and publish nothing.
    if (!answer.ok && answer.isSilent) break;
  }
  return sent;
}

const kindWords: Readonly<Record<AlertKind, readonly [zh: string, en: string]>> = {
  offline: ['离线', 'offline'], paper: ['缺纸或纸将用完', 'paper'], terminal: ['刷卡机故障', 'card terminal'], device: ['设备故障', 'device'], closed: ['未营业', 'not selling'], stock: ['缺货', 'stock'],
  refunds: ['退款异常', 'unusual refunds'], declines: ['拒付异常', 'unusual declines'], audit_broken: ['审计链断裂', 'audit broken'], cloned: ['身份被复制', 'cloned'], chain_broken: ['事件链断裂', 'chain broken'],
  next_epoch: ['自助机或总部恢复过', 'kiosk or HQ restored'], staff_locked: ['员工号锁定', 'staff number locked'], quarantined: ['事件已搁置', 'event set aside'], proof_red: ['日结不符', 'a closed day does not fit'], clock_skewed: ['时钟偏差', 'clock wrong'],
  store_recovered: ['数据库已恢复', 'store brought back'], disk: ['硬盘空间不足', 'disk full or low'], service_open: ['业务没有结果', 'a service without an end'], wallet_open: ['钱包款项未了结', 'wallet money open'], books_differ: ['账目不符', 'the books differ'],
  help_unanswered: ['求助无人应答', 'a call for help is unanswered'], recovery_code_used: ['使用了恢复码', 'recovery code used'], hq_audit_broken: ['总部审计链断裂', "HQ's own audit is broken"],
  publication_failed: ['定时发布未执行', 'a planned publication was not made'],
};

function wordsOf({ kiosk_id, kiosk_name, kind, severity, detail, facts, at }: DueMail, consoleUrl: string): { readonly subject: string; readonly text: string } {
  const [zh, en] = (kindWords as Readonly<Record<string, readonly [string, string] | undefined>>)[kind] ?? [kind, kind];
  const name = kiosk_name ?? (kiosk_id === hqItself ? 'HQ' : kiosk_id);
  const both = alertWords(kind, facts, isoTime);
  return {
    subject: `[Counter24 ${severity}] ${name}: ${zh} / ${en}`.replace(/[\r\n]+/g, ' '),
    text: [kiosk_id === hqItself ? name : `${name} (${kiosk_id})`, `${zh} / ${en}`, ...(both ? [both.zh, both.en] : [detail]), new Date(at).toISOString(), '', `${consoleUrl}/alerts?kiosk=${encodeURIComponent(kiosk_id)}`].join('\n'),
  };
}
