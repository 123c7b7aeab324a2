import type { OrderId } from '../../../../domain/ids.ts';
import type { OrderView } from '../../../../domain/order/view.ts';
import type { Behaviour } from '../../../../hq/server/services/loopback-carrier.ts';
import type { Cart, MatrixCase } from './case.ts';
import { Death } from './kiosk-process.ts';
import type { KioskProcess } from './kiosk-process.ts';
import { rulesOf } from './mishaps.ts';
import type { World } from './world.ts';

/** What the customers have seen and got, beside the books. */
export interface Told {
  readonly orderId: OrderId | undefined;
  /** When the first customer has gone, or after a hundred seconds. */
  readonly lastView: OrderView | undefined;
  /** The payment codes of customers' phones: nobody keeps them. */
  readonly codes: readonly string[];
  readonly nextOrderId: OrderId | undefined;
  readonly nextView: OrderView | undefined;
  readonly wasReached: boolean;
}

/** How the carrier does what it is asked for. */
export function moodOf(cart: Cart): Partial<Behaviour> {
  const kind = cart.split('_')[1];
  if (kind === 'refused') return { outcome: 'refused', afterMs: 1000 };
  if (kind === 'silent') return { submit: 'silent', silentMs: 60_000 };
  if (kind === 'reversed') return { outcome: 'never' };
  return kind === 'cannot' ? { outcome: 'never', reverse: 'cannot' } : {};
}

/** From "a customer comes" until nothing moves any more, a day and more later. */
export async function runStory(world: World, one: MatrixCase): Promise<Told> {
  const { wallet, mode, act, cart, after } = one;
  const { gateways, kills } = world;
  const { phone, script } = gateways;
  const codes: string[] = [];
  let orderId: OrderId | undefined;
  let isStanding = true;
  let cameTo: OrderView | undefined;
  world.onKioskStarted((kiosk) => {
    kiosk.setVisited(isStanding);
    cameTo = isStanding && orderId ? kiosk.selling.customerComes(orderId) : undefined;
  });

  /** At a kiosk that may be coming up just now, and may die of it. */
  async function at<T>(doing: (kiosk: KioskProcess) => T): Promise<T | undefined> {
    if (!(await world.until(() => world.kiosk() !== undefined, 15_000))) return undefined;
    try {
      const kiosk = world.kiosk()!;
      return kiosk.own(() => doing(kiosk));
    } catch (cause) {
      if (!(cause instanceof Death) && world.kiosk() !== undefined) throw cause;
      return undefined;
    } finally {
      await world.settle();
    }
  }
  const view = () => world.kiosk()?.shown().findLast(({ id }) => id === orderId) ?? cameTo;
  const shownCode = () => {
    const payment = view()?.payment;
    return payment?.kind === 'wallet' && payment.step === 'show' ? payment.code : undefined;
  };
  const isReady = () => world.kiosk()?.selling.devices().wallets.some((way) => way.wallet === wallet && way.state === 'ready') === true;
  /** The newest payment of this order at the gateway. */
  const trade = () => gateways.books.trades().filter((found) => found.wallet === wallet).at(-1);
  async function phonePays(): Promise<void> {
    const code = shownCode();
    if (mode === 'shown' && code) phone.read(code);
    const found = trade();
    const paid = found && (await phone.pay({ wallet, tradeNo: found.tradeNo }));
    world.tell(`the phone pays: ${paid === undefined ? 'nothing to pay' : paid.ok ? 'paid' : paid.why}`);
    await world.settle();
  }
  async function leave(): Promise<void> {
    await at((kiosk) => {
      isStanding = false;
      kiosk.selling.customerLeaves();
      kiosk.selling.visitEnded();
      kiosk.setVisited(false);
    });
    isStanding = false;
  }

  if (!(await world.until(isReady, 60_000))) throw new Error('the wallet is not ready');
  for (const fault of one.faults) for (const rule of rulesOf(fault, wallet, mode)) script.add(rule);
  if (cart.endsWith('_lost')) world.carrierScript.add([{ on: 'submit', faults: ['lost'], times: 2 }]);
  if (act === 'after_close' || act === 'before_close') {
    for (const on of ['close', 'undo'] as const) script.person({ wallet, does: 'pay', when: { on, side: act === 'after_close' ? 'after' : 'before' } });
  }
  kills.arm(one.kill);
  await at((kiosk) => kiosk.setVisited(true));
  orderId = await at((kiosk) => kiosk.place(cart === 'cola' ? ['cola'] : cart.startsWith('both') ? ['cola', 'top-up-30'] : ['top-up-30']));
  const beganMs = world.nowMs();
  if (orderId) {
    const id = orderId;
    if (mode === 'shown') {
      await at((kiosk) => kiosk.selling.pay(id, wallet));
      await world.until(() => shownCode() !== undefined || view()?.payment.kind === 'due', 25_000);
    } else {
      const { digits } = phone.showCode(wallet, { needsPassword: act !== 'pays' && act !== 'pays_walks' });
      codes.push(digits);
      await at((kiosk) => {
        kiosk.selling.scanning.want(true);
        kiosk.selling.scanning.typed(digits);
      });
    }
    await world.pass(3000);
    if (shownCode() !== undefined) phone.read(shownCode()!);
    if (act === 'pays' || act === 'confirms' || act === 'pays_walks') {
      if (mode === 'shown' || act === 'confirms') await phonePays();
    } else if (act === 'refuses') {
      const found = trade();
      if (found) phone.refuse({ wallet, tradeNo: found.tradeNo });
      await world.pass(10_000);
      if (mode === 'shown') await at((kiosk) => kiosk.selling.cancelPayment(id));
    } else if (act === 'limit') {
      await world.pass(Math.max(0, 59_900 - (world.nowMs() - beganMs)));
      await phonePays();
    } else if (act === 'cancels' || act === 'after_close' || act === 'after_end' || act === 'before_close') await at((kiosk) => kiosk.selling.cancelPayment(id));
    if (act === 'walks' || act === 'pays_walks') await leave();
    // A hundred seconds: closely at first, and for as long as a payment's end is being looked for.
    await world.pass(12_000);
    if (act === 'after_end') {
      await leaps(2_000, 10);
      const found = trade();
      const paid = found && (await phone.pay({ wallet, tradeNo: found.tradeNo }, { force: true }));
      world.tell(`the phone pays what was closed: ${paid?.ok === true}`);
      await world.settle();
    }
    await leaps(2_000, 8);
    await leaps(6_000, 12);
  }
  const lastView = view();
  if (isStanding) await leave();

  // What a person gives back, once HQ knows that it was paid.
  if (after !== 'none' && orderId) await giveBack(orderId);
  await leaps(15_000, 4);
  if (cart !== 'cola') await leaps(30_000, 28);

  const wasReached = kills.wasReached();
  kills.arm(undefined);
  script.clear();
  world.carrierScript.clear();
  await leaps(5_000, 4);

  // Whoever comes next can pay.
  isStanding = true;
  orderId = undefined;
  const firstOrder = lastView?.id ?? (await firstOrderOf(world));
  await world.until(isReady, 200_000);
  await at((kiosk) => {
    kiosk.setVisited(true);
    kiosk.selling.customerComes(undefined);
  });
  orderId = await at((kiosk) => kiosk.place(['cola']));
  const nextOrderId = orderId;
  let nextView: OrderView | undefined;
  if (orderId) {
    const id = orderId;
    if (mode === 'shown') {
      await at((kiosk) => kiosk.selling.pay(id, wallet));
      if (await world.until(() => shownCode() !== undefined, 20_000)) await phonePays();
    } else {
      const { digits } = phone.showCode(wallet);
      codes.push(digits);
      await at((kiosk) => {
        kiosk.selling.scanning.want(true);
        kiosk.selling.scanning.typed(digits);
      });
    }
    await world.until(() => view()?.payment.kind === 'paid', 30_000);
    nextView = view();
  }
  await leave();
  await leaps(40_000, 3);
  await letTheDayPass(world);
  return { orderId: firstOrder, lastView, codes, nextOrderId, nextView, wasReached };

  async function leaps(ms: number, times: number): Promise<void> {
    for (let count = 0; count < times; count += 1) await world.leap(ms);
  }

  async function giveBack(id: OrderId): Promise<void> {
    const isKnown = async () => (await world.sql`select 1 from orders where order_id = ${id} and state in ('paid', 'fulfilled')`).length > 0;
    for (let tries = 0; tries < 12 && !(await isKnown()); tries += 1) await world.leap(5_000);
    if (!(await isKnown())) return;
    const ask = async (amount: number | undefined) => {
      if (!(await world.until(() => world.hq() !== undefined, 20_000))) return;
      world.tell(`a person at HQ gives back ${amount ?? 'all'}: ${await world.hq()!.refund(id, amount).catch((error: unknown) => String(error))}`);
    };
    // The kiosk polls each minute for what HQ wants of it.
    const wait = () => leaps(5_000, 30);
    if (after === 'part' || after === 'part_rest') await ask(100);
    else await ask(undefined);
    if (after === 'twice') await ask(undefined);
    await wait();
    if (after === 'part_rest') await ask(250);
    if (after === 'twice') await ask(undefined);
    if (after === 'part_rest' || after === 'twice') await wait();
  }
}

/** Where the kiosk died before its page had seen anything of it. */
async function firstOrderOf(world: World): Promise<OrderId | undefined> {
  return world.kiosk()?.database.prepare<[], OrderId>('SELECT id FROM orders ORDER BY placed_at, id LIMIT 1').pluck().get();
}

const dayMs = 25 * 3_600_000;

/** HQ alone, from one moment that it has something to do to the next, for a day; then the kiosk once more, which hears and tells what there is. */
async function letTheDayPass(world: World): Promise<void> {
  const endMs = world.nowMs() + dayMs;
  await world.stopKiosk();
  for (let rounds = 0; rounds < 60 && world.nowMs() < endMs; rounds += 1) {
    const [due] = await world.sql<{ at: number | null }[]>`
      select least((select min(next_at) from wallet_payments), (select min(next_at) from wallet_refunds), (select min(next_at) from service_work where ended_at is null and state <> 'held'))::bigint as at`;
    const waitMs = due?.at === null || due === undefined ? Number.MAX_SAFE_INTEGER : due.at - world.now();
    await world.leap(Math.min(endMs - world.nowMs(), Math.max(1_000, waitMs)));
    await world.hq()?.work();
    await world.settle();
  }
  world.startKiosk();
  await world.until(() => world.kiosk()?.isHqThere() === true && world.kiosk()?.waiting() === 0, 60_000);
  for (let rounds = 0; rounds < 6; rounds += 1) await world.leap(5_000);
  await world.until(() => world.kiosk()?.isHqThere() === true && world.kiosk()?.waiting() === 0, 60_000);
}
