import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sql } from '../database.ts';
import { raiseAlarm } from '../ingest/alarms.ts';
import { hqItself } from '../../contract/api/alerts.ts';
import { ensureKiosk } from '../identity/kiosks.ts';
import type { TestPostgres } from '../testing/database.ts';
import { startTestPostgres } from '../testing/database.ts';
import { testKiosk, testNow } from '../testing/hq.ts';
import { createMailer, sendDueMails } from './mail.ts';
import type { Mailer } from './mail.ts';
import { raiseWithFacts } from './raise.ts';
import { writeRule } from './rules.ts';

interface Post {
  readonly server: SMTPServer;
  readonly port: number;
  readonly letters: { to: string; text: string }[];
  /** What the server says to the next recipients; undefined: it takes them. */
  refusal: { code: number; text: string } | undefined;
}

let postgres: TestPostgres;
let sql: Sql;
let post: Post;
let mailer: Mailer;
let clock: number;

async function openPost(): Promise<Post> {
  const opened: Post = { letters: [], refusal: undefined, port: 0, server: undefined as unknown as SMTPServer };
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'],
    onRcptTo(_address, _session, done) {
      const { refusal } = opened;
      done(refusal ? Object.assign(new Error(refusal.text), { responseCode: refusal.code }) : undefined);
    },
    onData(stream, session, done) {
      let text = '';
      stream.setEncoding('utf8').on('data', (part: string) => (text += part)).on('end', () => {
        opened.letters.push({ to: session.envelope.rcptTo.map(({ address }) => address).join(','), text });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(opened, { server, port: (server.server.address() as { port: number }).port });
}

beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  clock = testNow;
  ({ sql } = await postgres.createDatabase());
  await ensureKiosk(sql, testKiosk, 'Hall 24', clock);
  post = await openPost();
  mailer = createMailer({ url: `smtp://127.0.0.1:${post.port}`, from: 'HQ <hq@counter24.example>' });
  await writeRule(sql, { kind: 'disk', groupId: '', isOn: true, severity: 'urgent', measures: {}, mailTo: ['night@counter24.example', 'day@counter24.example'] }, 'dev', clock);
  return async () => {
    mailer.close();
    await new Promise<void>((resolve) => post.server.close(() => resolve()));
    await sql.end({ timeout: 1 });
  };
});

const raise = (subject = '') => raiseAlarm(sql, { kioskId: testKiosk, kind: 'disk', subject, detail: 'the disk is low: 120 MB', at: clock });
const run = () => sendDueMails({ sql, now: () => clock, mailer, consoleUrl: 'https://hq.example' });
const mails = () => sql<{ address: string; state: string; attempts: number; error: string | null }[]>`select address, state, attempts, error from alert_mails order by address`;

/** The letter's text: base64, or quoted-printable (RFC 2045, 6.7: soft ends of lines, then each byte by its two digits), as suits it. */
function bodyOf(letter: string): string {
  const packed = letter.slice(letter.indexOf('\r\n\r\n') + 4);
  if (/^content-transfer-encoding: base64/im.test(letter)) return Buffer.from(packed, 'base64').toString('utf8');
  return Buffer.from(packed.replaceAll(/=\r?\n/g, '').replaceAll(/=([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))), 'latin1').toString('utf8');
}

describe('mails of alerts', () => {
  test('a new alarm is mailed once to each of its rule, with the kiosk, the fact and a link; the same again is not', async () => {
    await raise();
    await raise();
    expect(await run()).toBe(2);
    await raise();
    expect(await run()).toBe(0);
    expect(post.letters.map(({ to }) => to).sort()).toEqual(['day@counter24.example', 'night@counter24.example']);
    const { text } = post.letters[0]!;
    expect(text).toMatch(/^Subject: =\?UTF-8\?|^Subject: \[Counter24 urgent\]/m);
    const body = bodyOf(text);
    expect(body).toContain('the disk is low: 120 MB');
    expect(body).toContain('https://hq.example/alerts?kiosk=kiosk-001');
  });

  test('of HQ itself says so, in both languages, and leads to where it stands', async () => {
    await writeRule(sql, { kind: 'hq_audit_broken', groupId: '', isOn: true, severity: 'urgent', measures: {}, mailTo: ['night@counter24.example'] }, 'dev', clock);
    await raiseWithFacts(sql, { kioskId: hqItself, kind: 'hq_audit_broken', subject: '', facts: { what: 'changed', from: 3, to: 3 }, at: clock });
    expect(await run()).toBe(1);
    const { text } = post.letters[0]!;
    const body = bodyOf(text);
    expect(body.split(/\r?\n/).slice(0, 4)).toEqual(['HQ', "总部审计链断裂 / HQ's own audit is broken", '第 3 条记录被改动过', 'entry 3 was changed']);
    expect(body).toContain('https://hq.example/alerts?kiosk=-hq');
  });

  test('an alarm of a rule that is off does not stand, and nobody is mailed', async () => {
    await writeRule(sql, { kind: 'disk', groupId: '', isOn: false, severity: 'notice', measures: {}, mailTo: ['night@counter24.example'] }, 'dev', clock);
    await raise();
    expect(await sql`select * from alarms`).toHaveLength(0);
    expect(await mails()).toHaveLength(0);
  });

  test("a kiosk's group has its own rule", async () => {
    await sql`insert into kiosk_group_members (group_id, kiosk_id) values ('hospital', ${testKiosk})`;
    await writeRule(sql, { kind: 'disk', groupId: 'hospital', isOn: true, severity: 'notice', measures: {}, mailTo: ['ward@counter24.example'] }, 'dev', clock);
    await raise();
    expect((await mails()).map(({ address }) => address)).toEqual(['ward@counter24.example']);
    expect(await sql`select severity from alarms`).toEqual([{ severity: 'notice' }]);
  });

  test('what a server cannot take now is tried again later, with the same message id, and what it will never take is not', async () => {
    await raise();
    post.refusal = { code: 451, text: 'try later' };
    expect(await run()).toBe(0);
    expect(await mails()).toMatchObject([{ state: 'due', attempts: 1 }, { state: 'due', attempts: 1 }]);
    expect(await run()).toBe(0);
    expect(await mails()).toMatchObject([{ attempts: 1 }, { attempts: 1 }]);
    clock += 31_000;
    post.refusal = undefined;
    expect(await run()).toBe(2);
    clock += 1000;
    await raise('second');
    post.refusal = { code: 550, text: 'no such person' };
    await run();
    expect((await mails()).filter(({ state }) => state === 'dead')).toHaveLength(2);
    expect(post.letters).toHaveLength(2);
  });

  test('a server that is away loses nothing, and is asked once and not for each mail, since other jobs wait: the mail goes when it is back, also by another process', async () => {
    await raise();
    const away = createMailer({ url: 'smtp://127.0.0.1:1', from: 'hq@counter24.example', timeoutMs: 500 });
    expect(await sendDueMails({ sql, now: () => clock, mailer: away, consoleUrl: 'https://hq.example' })).toBe(0);
    away.close();
    clock += 31_000;
    expect((await mails()).map(({ attempts }) => attempts).sort()).toEqual([0, 1]);
    const both = await Promise.all([run(), run()]);
    expect(both[0] + both[1]).toBe(2);
    expect(post.letters).toHaveLength(2);
  });
});
