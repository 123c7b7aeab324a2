import { listOpenWallets, settleWalletPayment, settleWalletRefund } from '../../contract/api/wallets.ts';
import type { Api } from '../api/serve.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Sql } from '../database.ts';
import { listOpenWork, settlePayment, settleRefund } from './open.ts';

/** What waits of wallets' money, and a person's word on it. */
export function walletConsoleRoutes(api: Api, { sql, now }: { readonly sql: Sql; readonly now: () => number }): void {
  api.serve(listOpenWallets, async ({ query }) => ({ open: await listOpenWork(sql, query) }));

  api.serve(settleWalletPayment, async ({ params: { kiosk, attempt }, body, account, note }) => {
    const settled = await settlePayment(sql, { kioskId: kiosk, attemptId: attempt, ...body, by: account?.name ?? '', now: now() });
    if (!settled.ok) throw new ApiRefusal('HQ_CHANGED_MEANWHILE', settled.error);
    note(`${body.outcome}: ${body.note}`);
    return {};
  });

  api.serve(settleWalletRefund, async ({ params: { kiosk, refund }, body, account, note }) => {
    const settled = await settleRefund(sql, { kioskId: kiosk, refundId: refund, ...body, by: account?.name ?? '', now: now() });
    if (!settled.ok) throw new ApiRefusal('HQ_CHANGED_MEANWHILE', settled.error);
    note(`${body.outcome}: ${body.note}`);
    return {};
  });
}
