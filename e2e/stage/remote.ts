import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { AxeBuilder } from '@axe-core/playwright';
import type { FastifyInstance } from 'fastify';
import type { DocumentKind, DownAnswer } from '../../domain/contract/hq-down.ts';
import type { HqEventPayload } from '../../domain/contract/hq.ts';
import type { Language } from '../../domain/language.ts';
import { kioskIdSchema } from '../../domain/ids.ts';
import { reachDatabase } from '../../hq/server/cli/reach-database.ts';
import type { Sql } from '../../hq/server/database.ts';
import { decodePublicKey } from '../../hq/server/identity/keys.ts';
import { loadSigningKey } from '../../hq/server/identity/signing-key.ts';
import { ensureKiosk } from '../../hq/server/identity/kiosks.ts';
import { createSigningKiosk } from '../../hq/server/testing/signing-kiosk.ts';
import type { Answer, SigningKiosk } from '../../hq/server/testing/signing-kiosk.ts';
import type { OrderPlan, Story, StoryOrder } from '../../hq/server/testing/story.ts';
import { createStory, storyKeyOf } from '../../hq/server/testing/story.ts';
import { uiTexts } from '../../hq/web/i18n/areas/ui.ts';
import type { StageHq } from './hq.ts';
import { startHq } from './hq.ts';

/** A kiosk that is known, let in, and in a session: what it says goes over HTTP to HQ's own process, signed by its key. */
export interface RemoteKiosk extends Pick<SigningKiosk, 'kioskId' | 'hello' | 'greet' | 'ask'> {
  /** An order as core tells of it, from its placing to this end. */
  readonly tell: (plan: OrderPlan) => Promise<StoryOrder>;
  readonly state: (service: HqEventPayload<'kiosk.state'>['service']) => Promise<Answer>;
  /** What HQ has for it, asked for as by a kiosk that has nothing. */
  readonly down: () => Promise<DownAnswer>;
  /** The document of this kind that is for it now. */
  readonly document: <T>(kind: DocumentKind) => Promise<{ readonly revision: number; readonly scope: string; readonly value: T } | undefined>;
}

/** HQ in its own process, its database, and kiosks that only speak: for what needs no screen but the console's. */
export interface RemoteStage {
  readonly hq: StageHq;
  readonly sql: Sql;
  readonly addKiosk: (kioskId: string, name: string) => Promise<RemoteKiosk>;
  readonly close: () => Promise<void>;
}

export async function openRemoteStage(env: Readonly<Record<string, string>> = {}): Promise<RemoteStage> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-e2e-'));
  const hq = await startHq({ folder, kioskId: 'kiosk-001', code: randomBytes(24).toString('base64url'), env: { HQ_DEV_STAFF: '', SERVICES: 'off', ...env } });
  const database = { kind: 'embedded', dataFolder: hq.dataFolder } as const;
  const { sql, end } = await reachDatabase(database, Date.now, { mayMigrate: false });
  const { publicKey: hqPublicKey } = await loadSigningKey({ hqKeyFile: undefined, database });
  return {
    hq, sql,
    async addKiosk(kioskId, name) {
      const id = kioskIdSchema.parse(kioskId);
      const kiosk = createSigningKiosk({ app: lineTo(hq.url), kioskId, now: Date.now, hqPublicKey, host: new URL(hq.url).host });
      const key = decodePublicKey(kiosk.publicKey);
      if (!key) throw new Error('a kiosk has no key');
      await ensureKiosk(sql, id, name, Date.now());
      await sql`update kiosks set name = ${name} where kiosk_id = ${id}`;
      await sql`insert into kiosk_keys (kiosk_id, fingerprint, public_key, state, app, enrolled_at, approved_at) values (${id}, ${key.fingerprint}, ${key.spki}, 'approved', '0.1.0', ${Date.now()}, ${Date.now()})`;
      const welcome = await kiosk.hello();
      if (welcome.status !== 200 || !welcome.isSigned) throw new Error(`HQ does not welcome ${kioskId}: ${JSON.stringify(welcome.body)}`);
      return remoteKiosk(kiosk, createStory(id, hq.url, 'sealed'));
    },
    async close() {
      await end();
      await hq.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

function remoteKiosk(kiosk: SigningKiosk, story: Story): RemoteKiosk {
  let sent = 0;
  const send = async (keysOf: readonly string[] = []): Promise<Answer> => {
    const answer = await kiosk.send(story.events.slice(sent), { keys: keysOf.map((orderId) => ({ orderId: orderId as never, key: storyKeyOf(orderId).toString('base64') })) });
    if (answer.status === 200) sent = story.events.length;
    return answer;
  };
  const down = async (): Promise<DownAnswer> => {
    const answer = await kiosk.down();
    if (answer.status !== 200 || !answer.isSigned) throw new Error(`HQ answered ${answer.status} to ${kiosk.kioskId}: ${JSON.stringify(answer.body)}`);
    return answer.body as DownAnswer;
  };
  return {
    kioskId: kiosk.kioskId, hello: kiosk.hello, greet: kiosk.greet, ask: kiosk.ask, down,
    async tell(plan) {
      const order = story.order(plan);
      const answer = await send([order.orderId]);
      if (answer.status !== 200) throw new Error(`HQ answered ${answer.status} to an order: ${JSON.stringify(answer.body)}`);
      return order;
    },
    state: (service) => {
      story.add('kiosk.state', { service, reasons: [], devices: [], app: '0.1.0' }, Date.now());
      return send();
    },
    async document(kind) {
      const { documents } = await down();
      const found = documents.find((document) => document.kind === kind);
      if (found?.content.kind !== 'whole') return undefined;
      return { revision: found.revision, scope: found.scope, value: JSON.parse(found.content.text) as never };
    },
  };
}

/** All that a signing kiosk uses of an application, over HTTP. */
function lineTo(url: string): FastifyInstance {
  const inject = async ({ method, url: place, headers, payload }: { readonly method: string; readonly url: string; readonly headers: Record<string, string>; readonly payload?: Buffer }) => {
    const { host: _host, ...sent } = headers;
    const response = await fetch(new URL(place, url), { method, headers: sent, ...(payload ? { body: new Uint8Array(payload) } : {}) });
    return { statusCode: response.status, headers: Object.fromEntries(response.headers), rawPayload: Buffer.from(await response.arrayBuffer()) };
  };
  return { inject } as unknown as FastifyInstance;
}

interface Look {
  readonly theme: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
}
/** Of each language two: together that is each theme at each width. */
const looks: Readonly<Record<Language, readonly [Look, Look]>> = {
  en: [{ theme: 'dark', width: 360, height: 740 }, { theme: 'light', width: 1280, height: 800 }],
  zh: [{ theme: 'light', width: 360, height: 740 }, { theme: 'dark', width: 1280, height: 800 }],
};

/** Looks at the console as it stands now, narrow and wide, by axe; nothing may be wider than its window. It stands wide afterwards. */
export async function lookAtConsole(page: Page, what: string, language: Language = 'en'): Promise<void> {
  for (const { theme, width, height } of looks[language]) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await expect(page.getByText(new RegExp(`^(${uiTexts.en.loading}|${uiTexts.zh.loading})$`))).toHaveCount(0);
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
    await page.evaluate(async () => {
      await document.fonts.ready;
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).exclude('[data-live-announcer]').options({ resultTypes: ['violations'], preload: false })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
    const broken = violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `axe ${id}: ${node.html.slice(0, 200)} ${node.any[0]?.message ?? node.all[0]?.message ?? ''}`));
    const tooWide = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll('[role=dialog]')].some((element) => element.scrollWidth > element.clientWidth + 1));
    expect.soft([...broken, ...(tooWide ? ['it is wider than its window'] : [])], `${what}, ${language} ${theme} ${width}`).toEqual([]);
  }
}
