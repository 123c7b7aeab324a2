import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { alipayNotice } from './alipay/notice.ts';
import { createAlipayService } from './alipay/service.ts';
import { createAlipaySignatures } from './alipay/signature.ts';
import type { Call } from './call-book.ts';
import { createCallBook } from './call-book.ts';
import { createCodes } from './codes.ts';
import { complain } from './complain.ts';
import { json, readRequest, sendAnswer } from './http.ts';
import type { GatewayKeys } from './keys.ts';
import { merchantEnvironment } from './keys.ts';
import type { Totals } from './ledger.ts';
import { createLedger } from './ledger.ts';
import { createNotices } from './notices.ts';
import { createPayments } from './payments.ts';
import type { Phone, TradeView } from './phone/phone.ts';
import { createPhone, viewOf } from './phone/phone.ts';
import { createPhoneRoutes } from './phone/routes.ts';
import type { Script } from './script.ts';
import { createScript } from './script.ts';
import type { Wallet } from './trade.ts';
import { wechatNotice } from './wechat/notice.ts';
import { createWechatService } from './wechat/service.ts';
import { createWechatSignatures } from './wechat/signature.ts';

export interface LoopbackOptions {
  readonly keys: GatewayKeys;
  /** Where the books lie; without one they are in memory. */
  readonly folder?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** Epoch milliseconds UTC: time limits, ages of signatures, days of bills. */
  readonly now?: (() => number) | undefined;
  /** Where phones reach it, where that is not the address that it listens on: "http://192.168.1.10:24026". */
  readonly publicUrl?: string | undefined;
  readonly merchantName?: string | undefined;
  /** 1: notifications are repeated as the documents say, over a day; 0.001: a thousand times faster. */
  readonly notifyFactor?: number | undefined;
  /** How long after a code payment WeChat lets it be reversed. */
  readonly reverseAfterMs?: number | undefined;
  /** The status that comes with USERPAYING. The older documents say 202, the newer ones a 4xx. */
  readonly userPayingStatus?: 202 | 400 | undefined;
}

export interface Books {
  trade(wallet: Wallet, tradeNo: string): TradeView | undefined;
  trades(): readonly TradeView[];
  totals(wallet: Wallet): Totals;
  calls(): readonly Call[];
}

export interface LoopbackGateways {
  readonly url: string;
  readonly phone: Phone;
  readonly script: Script;
  readonly books: Books;
  /** Writes the merchant's key files into `folder`, and answers the variables by which HQ, reached at `hqUrl`, pays here. */
  environment(where: { readonly hqUrl: string; readonly folder: string }): Record<string, string>;
  /** Until no notification is on its way. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

/**
 * WeChat Pay (APIv3) and Alipay (gateway.do) of one merchant on this machine, with no money in them: they check the merchant's signatures and sign their answers as the
 * real ones do, keep books, notify, and misbehave as a script says. Written from the gateways' public documents, and sharing no code with what calls them.
 * @throws where the port is taken or the books cannot be read
 */
export async function createLoopbackGateways({ keys, folder, host = '127.0.0.1', port = 0, now = Date.now, publicUrl, merchantName = 'Counter24 演示商户', notifyFactor = 1, reverseAfterMs = 15_000, userPayingStatus = 202 }: LoopbackOptions): Promise<LoopbackGateways> {
  const stop = new AbortController();
  const ledger = createLedger(folder);
  const script = createScript();
  const calls = createCallBook(now);
  const codes = createCodes(now);
  const wechatSignatures = createWechatSignatures({ keys: keys.wechat, now, platformKey: script.platformKey });
  const alipaySignatures = createAlipaySignatures(keys.alipay, keys.wechat.foreign.privateKey);
  const notices = createNotices({
    ledger,
    now,
    factor: notifyFactor,
    formats: {
      wechat: wechatNotice({ signatures: wechatSignatures, merchant: keys.wechat, now }),
      alipay: alipayNotice({ signatures: alipaySignatures, appId: keys.alipay.appId, sellerId: keys.alipay.sellerId, now }),
    },
  });
  const payments = createPayments({ ledger, script, notices, codes, now });
  const phone = createPhone({ ledger, payments, codes, now });
  const books: Books = {
    trade(wallet, tradeNo) {
      const trade = ledger.find(wallet, tradeNo);
      if (trade) payments.lapse(trade);
      return trade && viewOf(trade, now());
    },
    trades() {
      ledger.trades().forEach(payments.lapse);
      return ledger.trades().map((trade) => viewOf(trade, now()));
    },
    totals: (wallet) => ledger.totals(wallet),
    calls: () => calls.list(),
  };
  let url = '';
  const common = { ledger, payments, script, calls, now, signal: stop.signal, url: () => url, publicUrl: () => publicUrl ?? url };
  const wechat = createWechatService({ ...common, keys: keys.wechat, signatures: wechatSignatures, reverseAfterMs, userPayingStatus });
  const alipay = createAlipayService({ ...common, keys: keys.alipay, signatures: alipaySignatures });
  const pages = createPhoneRoutes({ phone, script, books, calls, now, merchantName });

  const server = createServer((message, response) => {
    void (async () => {
      const request = await readRequest(message);
      if (!request) return void response.destroy();
      const { pathname } = request.url;
      if (pathname.startsWith('/v3/')) return wechat.handle(message, response, request);
      if (pathname === '/gateway.do') return alipay.handle(message, response, request);
      if (pathname === '/alipay/bill') return alipay.billFile(response, request);
      sendAnswer(response, (await pages(request)) ?? json(404, { error: 'no such path' }));
    })().catch((error: unknown) => {
      // Nothing was promised to the caller.
      complain(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  }).catch((error: unknown) => {
    ledger.close();
    throw error;
  });
  const address = server.address() as AddressInfo;
  url = `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
  notices.resume();

  return {
    url,
    phone,
    script,
    books,
    environment: ({ hqUrl, folder: merchantFolder }) => merchantEnvironment({ keys, folder: merchantFolder, gatewayUrl: url, hqUrl }),
    quiet: () => notices.quiet(),
    async close() {
      stop.abort();
      payments.stop();
      await notices.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      ledger.close();
    },
  };
}
