import type { Books } from './books.ts';
import type { MatrixCase } from './case.ts';
import type { Told } from './story.ts';

const servicePrice = 3000;

/** What is wrong with the books, in words; nothing where all four agree to the cent and nobody is left alone. Its own reckoning: none of the house's code decides here. */
export function judge(one: MatrixCase, told: Told, { gateway, totals, carrier, kiosk, hq, problems }: Books): readonly string[] {
  const wrong: string[] = [];
  const say = (is: boolean, words: string) => {
    if (!is) wrong.push(words);
  };
  const short = (id: string) => id.slice(-6);
  const sum = (amounts: readonly number[]) => amounts.reduce((all, amount) => all + amount, 0);
  const isListed = (orderId: string) => kiosk.list.some((entry) => entry.orderId === orderId);
  const partsBack = (attemptId: string) => sum(kiosk.refunds.filter((refund) => refund.attemptId === attemptId && refund.state === 'done' && refund.way === 'tender').map(({ amount }) => amount));

  // The gateway and the kiosk.
  for (const { attemptId, paid, back } of gateway) {
    say(kiosk.attempts.some(({ id }) => id === attemptId), `the gateway has a payment ${short(attemptId)} that the kiosk never wrote down`);
    say(back <= paid, `of ${short(attemptId)} ${back} went back, and ${paid} was paid`);
  }
  for (const { id, orderId, state, amount } of kiosk.attempts) {
    const found = gateway.find(({ attemptId }) => attemptId === id);
    const net = found ? found.paid - found.back : 0;
    say(found === undefined || found.paid === 0 || found.paid === amount, `${short(id)}: ${found?.paid} was paid, and ${amount} asked for`);
    if (state === 'approved') say(net === amount - partsBack(id), `${short(id)} is approved for ${amount}, ${partsBack(id)} back in parts, and the gateway keeps ${net}`);
    else if (state === 'unclear' || state === 'reversing') say(isListed(orderId), `${short(id)} is ${state}, and on no list`);
    else if (['started', 'unknown', 'authorised'].includes(state)) say(false, `${short(id)} has no end: ${state}`);
    else say(net === 0, `${short(id)} is ${state}, and the gateway keeps ${net}`);
  }
  for (const { id, state } of kiosk.refunds) say(state !== 'asked', `refund ${short(id)} has no end`);
  for (const order of kiosk.orders) {
    const own = kiosk.attempts.filter(({ orderId }) => orderId === order.id);
    const kept = own.filter(({ id }) => gateway.some((found) => found.attemptId === id && found.paid > found.back));
    say(kept.length <= 1, `${kept.length} payments of one order are kept`);
    const isSold = order.state === 'paid' || order.state === 'fulfilled';
    say(!isSold || own.filter(({ state }) => state === 'approved').length === 1, `order ${short(order.id)} is ${order.state} with ${own.map(({ state }) => state).join(', ') || 'no attempt'}`);
    say(isSold || isListed(order.id) || kept.length === 0, `order ${short(order.id)} is ${order.state}, and money of it is kept`);
    say(order.state !== 'paid' || isListed(order.id) || hq.services.some(({ orderId, state }) => orderId === order.id && (state === 'held' || state === 'pending')), `order ${short(order.id)} is paid, and never came to its end`);
    say(!['placed', 'awaiting_payment', 'payment_unknown'].includes(order.state) || isListed(order.id), `order ${short(order.id)} is still ${order.state}`);
  }

  // HQ and the gateway: its own work.
  for (const { attemptId, state, amount, isLate, isTakenBack, isOpen, back, asked } of hq.wallets) {
    const found = gateway.find((trade) => trade.attemptId === attemptId);
    const net = found ? found.paid - found.back : 0;
    const believed = state === 'paid' || isLate ? amount - back : 0;
    say(!isOpen || state === 'held', `HQ has no end of ${short(attemptId)}: ${state}`);
    say(asked === 0, `HQ has ${asked} refunds of ${short(attemptId)} without an end`);
    say(state === 'held' || believed === net, `HQ believes that ${believed} of ${short(attemptId)} is kept (${state}${isLate ? ', late' : ''}${isTakenBack ? ', taken back' : ''}), and the gateway keeps ${net}`);
  }
  for (const { attemptId, paid } of gateway) say(paid === 0 || hq.wallets.some((row) => row.attemptId === attemptId), `HQ knows nothing of ${short(attemptId)}`);

  // HQ and the kiosk: what was told by events.
  say(kiosk.waiting === 0, `${kiosk.waiting} events have not come to HQ`);
  for (const { id, state, amount } of kiosk.attempts) {
    const row = hq.payments.find(({ attemptId }) => attemptId === id);
    say(row?.state === state && row.amount === amount, `attempt ${short(id)} is ${state} ${amount} at the kiosk and ${row?.state} ${row?.amount} at HQ`);
  }
  for (const { id, state } of kiosk.orders) {
    const row = hq.orders.find((order) => order.id === id);
    say(row?.state === state, `order ${short(id)} is ${state} at the kiosk and ${row?.state} at HQ`);
  }
  for (const { id, state, amount } of kiosk.refunds) {
    const row = hq.refunds.find((refund) => refund.id === id);
    say(row?.state === state && row.amount === amount, `refund ${short(id)} is ${state} ${amount} at the kiosk and ${row?.state} ${row?.amount} at HQ`);
  }
  say(hq.payments.length === kiosk.attempts.length && hq.orders.length === kiosk.orders.length && hq.refunds.length === kiosk.refunds.length, 'HQ has more than the kiosk told');

  // To the cent, all of it at once.
  const atKiosk = sum(kiosk.attempts.filter(({ state }) => state === 'approved').map(({ id, amount }) => amount - partsBack(id)));
  const atHq = sum(hq.wallets.map(({ state, amount, isLate, back }) => (state === 'paid' || isLate ? amount - back : 0)));
  const atGateway = sum(totals.map(({ net }) => net));
  const isUndecided = kiosk.list.some(({ kind }) => kind === 'payment_unclear') || hq.wallets.some(({ state }) => state === 'held');
  say(isUndecided || (atKiosk === atGateway && atHq === atGateway), `the gateway keeps ${atGateway}, HQ ${atHq}, the kiosk ${atKiosk}`);
  say(atGateway === sum(gateway.map(({ paid, back }) => paid - back)), "the gateway's totals are not those of its payments");
  for (const finding of hq.findings) wrong.push(`reconcile finds ${finding}`);

  // The carrier: who is credited has paid, and who is not has their money.
  for (const { jobId, isCredited, isFinal } of carrier) {
    const work = hq.services.find((service) => service.jobId === jobId);
    const order = kiosk.orders.find(({ id }) => id === work?.orderId);
    if (!work || !order) {
      wrong.push(`the carrier has ${short(jobId)}, which nobody has asked for`);
      continue;
    }
    const own = kiosk.attempts.filter(({ orderId }) => orderId === order.id).map(({ id }) => id);
    const net = sum(gateway.filter(({ attemptId }) => own.includes(attemptId)).map(({ paid, back }) => paid - back));
    const isRefusedByGateway = kiosk.list.some(({ orderId, kind }) => orderId === order.id && (kind === 'refund_refused' || kind === 'reversal_refused' || kind === 'service_refused'));
    if (isCredited) say(net >= servicePrice, `${short(jobId)} is credited, and ${net} is kept for it`);
    else if (isFinal) say(net === order.total - servicePrice || isRefusedByGateway, `${short(jobId)} is not credited, and ${net} of ${order.total} is kept`);
    else say(work.isAlarmed || work.state === 'held' || isListed(order.id), `${short(jobId)} has no end, and nobody was told`);
    say(!isCredited || work.state === 'done', `${short(jobId)} is credited, and HQ calls it ${work.state}`);
    say(isCredited || !isFinal || work.state === 'refused', `${short(jobId)} is not credited, and HQ calls it ${work.state}`);
  }
  for (const { jobId, orderId, state } of hq.services) {
    if (carrier.some((booked) => booked.jobId === jobId)) continue;
    const own = kiosk.attempts.filter((attempt) => attempt.orderId === orderId && attempt.state === 'approved');
    say(state === 'refused' || state === 'held', `service ${short(jobId)} is ${state}, and the carrier has never heard of it`);
    say(state !== 'refused' || sum(own.map(({ id, amount }) => amount - partsBack(id))) < servicePrice || isListed(orderId), `service ${short(jobId)} was never submitted, and its money is kept`);
  }

  // The people.
  const { lastView } = told;
  if (lastView) {
    const order = kiosk.orders.find(({ id }) => id === lastView.id);
    const { kind } = lastView.payment;
    const isKept = kiosk.attempts.some(({ id, orderId }) => orderId === lastView.id && gateway.some((found) => found.attemptId === id && found.paid > found.back));
    const hasStayed = one.act !== 'walks' && one.act !== 'pays_walks';
    say(!hasStayed || kind !== 'wallet', `after 100 s the screen still says ${JSON.stringify(lastView.payment)}`);
    if (kind === 'due' && hasStayed) say(!isKept, 'the screen said that it is to be paid, and money is kept');
    if (kind === 'paid') say(order?.state === 'paid' || order?.state === 'fulfilled' || order?.state === 'refunded', `the screen said "paid", and the order is ${order?.state}`);
  }
  say(told.nextOrderId !== undefined && told.nextView?.payment.kind === 'paid', `the next customer cannot pay: ${told.nextOrderId === undefined ? 'not even order' : JSON.stringify(told.nextView?.payment)}`);
  for (const code of told.codes) say(!kiosk.text.includes(code) && !hq.text.includes(code), 'a payment code was kept');
  if (one.kill && one.faults.length === 0) say(told.wasReached, 'the moment was not reached');
  wrong.push(...problems.map((problem) => `problem: ${problem.slice(0, 600)}`));
  return wrong;
}
