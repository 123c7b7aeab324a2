import { renderSVG } from 'uqr';
import { z } from 'zod';
import type { CallBook } from '../call-book.ts';
import type { Answer, Request } from '../http.ts';
import { header, json } from '../http.ts';
import type { Totals } from '../ledger.ts';
import type { Script } from '../script.ts';
import { personSchema, ruleSchema } from '../script.ts';
import { booksPage, pageScript, pageStyle, phonePage } from './page.ts';
import type { Wallet } from '../trade.ts';
import type { Phone, TradeView } from './phone.ts';

const wallet = z.enum(['wechat', 'alipay']);
const keySchema = z.strictObject({ wallet, tradeNo: z.string().min(1).max(64) });
const readSchema = z.strictObject({ code: z.string().max(512) });
const paySchema = keySchema.extend({ password: z.string().max(20).optional(), force: z.boolean().optional() });
const fen = z.int().min(0).max(1_000_000_000_000).optional();
const codeSchema = z.strictObject({ wallet, needsPassword: z.boolean().optional(), passwordAboveFen: fen, balanceFen: fen, validMs: z.int().min(1000).max(3_600_000).optional() });
const signWithSchema = z.strictObject({ key: z.enum(['public_key', 'certificate']).nullable() });

/** The demo's password: it shows the way of a password, and guards nothing. */
const password = '123456';

/** Pages for a person and JSON for scripts, beside the gateways. Undefined where the path is none of theirs. */
export function createPhoneRoutes({ phone, script, books: kept, calls, now, merchantName }: {
  readonly phone: Phone;
  readonly script: Script;
  readonly books: { trades(): readonly TradeView[]; totals(wallet: Wallet): Totals };
  readonly calls: CallBook;
  readonly now: () => number;
  readonly merchantName: string;
}): (request: Request) => Promise<Answer | undefined> {
  const books = () => ({
    now: now(),
    trades: kept.trades().toReversed(),
    totals: { wechat: kept.totals('wechat'), alipay: kept.totals('alipay') },
    calls: calls.list().toReversed().slice(0, 200),
  });

  async function post(path: string, body: unknown): Promise<Answer | undefined> {
    const take = async <Shape extends z.ZodType>(schema: Shape, act: (data: z.output<Shape>) => Answer | Promise<Answer>): Promise<Answer> => {
      const read = schema.safeParse(body);
      return read.success ? act(read.data) : json(400, { error: read.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`).join('; ') });
    };
    switch (path) {
      case '/phone/api/read':
        return take(readSchema, ({ code }) => json(200, phone.read(code)));
      case '/phone/api/pay':
        return take(paySchema, async ({ wallet: of, tradeNo, password: given, force }) => {
          // Only the page asks for it; a script may leave it out.
          if (given !== undefined && given !== password) return json(200, { ok: false, why: 'wrong_password' });
          return json(200, await phone.pay({ wallet: of, tradeNo }, { force: force ?? false }));
        });
      case '/phone/api/refuse':
        return take(keySchema, (key) => json(200, phone.refuse(key)));
      case '/phone/api/code':
        return take(codeSchema, ({ wallet: of, ...options }) => {
          const code = phone.showCode(of, options);
          return json(200, { ...code, leftMs: code.expiresAt - now(), svg: renderSVG(code.digits, { border: 2 }) });
        });
      case '/script/rules':
        return take(ruleSchema, (rule) => json(200, { id: script.add(rule) }));
      case '/script/person':
        return take(personSchema, (person) => json(200, { id: script.person(person) }));
      case '/script/sign-with':
        return take(signWithSchema, ({ key }) => {
          script.signWith(key ?? undefined);
          return json(200, {});
        });
      default:
        return undefined;
    }
  }

  return async (request) => {
    const { method } = request;
    const { pathname } = request.url;
    if (!/^\/(?:$|phone(?:\/|$)|books(?:\.json)?$|script(?:\/|$))/.test(pathname)) return undefined;
    // A page of somebody else may not press these buttons: it cannot send JSON here without being asked for leave, and nobody gives it.
    if (method === 'POST' && !/^application\/json\b/.test(header(request, 'content-type') ?? '')) return json(415, { error: 'content-type must be application/json' });
    if (method === 'POST') return (await post(pathname, parse(request.body))) ?? json(404, { error: 'no such path' });
    if (method === 'DELETE' && pathname === '/script') {
      script.clear();
      return json(200, {});
    }
    const id = /^\/script\/rules\/(\d{1,9})$/.exec(pathname)?.[1];
    if (method === 'DELETE' && id !== undefined) return script.remove(Number(id)) ? json(200, {}) : json(404, { error: 'no such rule' });
    if (method !== 'GET') return json(405, { error: 'no such method' });
    if (pathname === '/') return { status: 302, headers: { location: '/phone' }, body: '' };
    if (pathname === '/script') return json(200, script.rules());
    if (pathname === '/books.json') return json(200, books());
    if (pathname === '/phone/api/shown') return json(200, phone.onScreens());
    if (pathname === '/phone/api/asking') return json(200, phone.asking());
    if (pathname === '/books') return booksPage();
    if (pathname === '/phone/style.css') return pageStyle();
    if (pathname === '/phone/client.mjs') return pageScript();
    if (pathname === '/phone' || /^\/phone\/[wa]\/[A-Za-z0-9_-]{12}$/.test(pathname)) return phonePage(merchantName);
    return json(404, { error: 'no such path' });
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
