import { exportOrders, listOrderPlaces, listOrders, readOrder, refundOrder } from '../../contract/api/orders.ts';
import type { Api } from '../api/serve.ts';
import { ApiRefusal } from '../api/serve.ts';
import { formatMoney } from '../../../domain/money.ts';
import type { Sql } from '../database.ts';
import type { SigningKey } from '../identity/signing-key.ts';
import { sendCsv } from './csv.ts';
import { exportedOrders, exportHead } from './export.ts';
import { readOrderInFull } from './in-full.ts';
import { readLife } from './life.ts';
import { readOrderPage } from './list.ts';
import { phoneKeyOf } from './phones.ts';
import { walletConsoleRoutes } from '../wallets/console-routes.ts';
import { readRefunding, refundOnce } from './refund.ts';

export interface OrderRouteDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly signingKey: Pick<SigningKey, 'sign'>;
}

const whyNot = {
  card_gone: 'it was paid by card at a kiosk that is gone: the provider of its terminal gives it back',
  unpaid: 'nothing was paid for this order', free: 'this order was free', refunded: 'the money is back already', unclear: 'it is not known yet what became of the money',
} as const;

export function orderRoutes(api: Api, { sql, now, signingKey }: OrderRouteDeps): void {
  walletConsoleRoutes(api, { sql, now });
  const phoneKey = phoneKeyOf(signingKey);

  api.serve(listOrders, ({ query }) => readOrderPage(sql, query, phoneKey));

  api.serve(listOrderPlaces, async () => ({
    groups: [...await sql<{ groupId: string; name: string }[]>`select group_id as "groupId", name from kiosk_groups order by name`],
    kiosks: [...await sql<{ kioskId: string; name: string }[]>`select kiosk_id as "kioskId", name from kiosks order by name, kiosk_id`],
  }));

  api.serve(exportOrders, async ({ query, reply }) => {
    await sendCsv(reply, `orders-${new Date(now()).toISOString().slice(0, 10)}.csv`, exportHead, exportedOrders(sql, query, phoneKey));
    return {};
  });

  api.serve(readOrder, async ({ params: { kiosk, order } }) => {
    const full = await readOrderInFull(sql, kiosk, order);
    if (!full) throw new ApiRefusal('HQ_NOT_FOUND', 'no such order');
    const [life, { refund, may, refundable }] = [await readLife(sql, kiosk, order, full), await readRefunding(sql, kiosk, order, now())];
    return { ...full, life, refund: refund ?? null, mayRefund: may, refundable: refundable ?? null };
  });

  api.serve(refundOrder, async ({ params: { kiosk, order }, body: { reason, amount, left }, account, note }) => {
    const given = await refundOnce(sql, { kioskId: kiosk, orderId: order, reason, amount, left, by: account?.name ?? '', now: now() });
    if (given.ok) {
      const { isNew, refund } = given.value;
      const said = `${refund.amount === null ? '' : `${refund.amount} in minor units: `}${reason}`;
      note(isNew ? (refund.via === 'hq' ? `by HQ itself, its kiosk is gone: ${said}` : said) : `asked before by ${refund.askedBy}`);
      return given.value;
    }
    const { error } = given;
    if (error.kind === 'unknown_order') throw new ApiRefusal('HQ_NOT_FOUND', 'no such order');
    if (error.kind === 'too_much') throw new ApiRefusal('HQ_INVALID', `no more than ${formatMoney(error.left)} of it is left`, { left: error.left });
    if (error.kind === 'left_changed') throw new ApiRefusal('HQ_CHANGED_MEANWHILE', `${formatMoney(error.left)} of it is left now`, { left: error.left });
    if (error.kind === 'whole_only') throw new ApiRefusal('HQ_INVALID', 'a card terminal gives back whole purchases only: a part is given by hand, at the kiosk');
    throw error.kind === 'not_now' ? new ApiRefusal('HQ_CHANGED_MEANWHILE', whyNot[error.why], { why: error.why }) : new ApiRefusal('HQ_INVALID', error.detail);
  });
}
