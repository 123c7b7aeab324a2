import { afterEach, expect, test, vi } from 'vitest';
import { specification } from './profiles.ts';
import { scriptedPeer, settle } from './scripted-peer.fixture.ts';
import { authorisationExchange } from './zvt-authorisation.ts';
import { createZvtExchanges } from './zvt-exchange.ts';
import { createZvtLink } from './zvt-link.ts';
import { purchase } from './zvt-terminal.fixture.ts';

afterEach(() => {
  vi.useRealTimers();
});

const authorisation = '06010a04000000001250490156';

/** A purchase that the scripted terminal has taken: 06 01 heard and answered by 80 00 00. */
async function purchasing() {
  const peer = await scriptedPeer();
  const link = createZvtLink({ transport: peer.kioskEnd, profile: specification, trace: () => {} });
  const exchanges = createZvtExchanges({ link, transport: peer.kioskEnd, profile: specification, trace: () => {} });
  const { authorisation: asked, approvals } = purchase();
  const { exchange, outcomeOf } = authorisationExchange(asked, specification);
  let outcome: ReturnType<typeof outcomeOf> | undefined;
  void exchanges.run(exchange).then((end) => (outcome = outcomeOf(end)));
  await settle();
  expect(peer.heard.splice(0)).toEqual([authorisation]);
  await peer.sendBytes('06');
  return {
    ...peer,
    exchanges,
    approvals,
    outcome: () => outcome,
    /** The terminal's message, and its ACK to our answer. */
    async tell(apdu: string) {
      await peer.sendApdu(apdu);
      await peer.sendBytes('06');
    },
    take: () => peer.heard.splice(0),
  };
}

const approved = '040f132700040000000012508700010b000001490156';

test('T3: without an answer it is called off and unknown', async () => {
  const { pass, take, sendBytes, outcome } = await purchasing();
  await pass(5_000);
  expect(take()).toEqual(['06b000']);
  await sendBytes('06');
  await pass(5_000);
  expect(outcome()).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('T3') });
});

test('T4 begins anew with each intermediate status and with the status information', async () => {
  const { pass, take, tell, sendApdu, outcome } = await purchasing();
  await sendApdu('800000');
  for (const message of ['04ff010a', '04ff0117', '040f022705', '04ff010e']) {
    await pass(179_000);
    await tell(message);
  }
  expect(outcome()).toBeUndefined();
  expect(take().filter((heard) => heard === '06b000')).toEqual([]);
  await pass(180_000);
  expect(take()).toContain('06b000');
});

test('an intermediate status may bring its own T4 in minutes', async () => {
  const { pass, take, tell, sendApdu } = await purchasing();
  await sendApdu('800000');
  await tell('04ff020a05');
  take();
  await pass(299_999);
  expect(take()).toEqual([]);
  await pass(1);
  expect(take()).toEqual(['06b000']);
});

test('after T4 the last words still count: an abort is an outcome', async () => {
  const { pass, tell, sendApdu, sendBytes, outcome } = await purchasing();
  await sendApdu('800000');
  await pass(180_000);
  await sendBytes('06');
  await tell('061e016c');
  expect(outcome()).toEqual({ kind: 'cancelled', resultCode: '6c' });
});

test('after the acknowledgement even an abort leaves it paid', async () => {
  const { tell, sendApdu, outcome, approvals } = await purchasing();
  await sendApdu('800000');
  await tell(approved);
  await tell('061e01ff');
  expect(approvals).toHaveLength(1);
  expect(outcome()).toMatchObject({ kind: 'approved', card: { receiptNumber: '0001', traceNumber: '000001' } });
});

test('an abort while our acknowledgement was never heard is unknown', async () => {
  const { sendApdu, pass, outcome } = await purchasing();
  await sendApdu('800000');
  await sendApdu(approved);
  await pass(5_000);
  await pass(5_000);
  await pass(5_000);
  expect(outcome()).toMatchObject({ kind: 'unknown' });
});

test('the status information asked for again after our acknowledgement is acknowledged again and committed once', async () => {
  const { tell, sendApdu, take, approvals, outcome } = await purchasing();
  await sendApdu('800000');
  await tell(approved);
  take();
  await tell(approved);
  expect(take()).toEqual(['ack', '800000']);
  await tell('060f00');
  expect(approvals).toHaveLength(1);
  expect(outcome()).toMatchObject({ kind: 'approved' });
});

test('an approval for another amount is refused and unknown', async () => {
  const { tell, sendApdu, take, approvals, outcome } = await purchasing();
  await sendApdu('800000');
  take();
  await tell(approved.replace('1250', '1251'));
  expect(take()).toEqual(['ack', '846600']);
  await tell('061e016c');
  expect(approvals).toEqual([]);
  expect(outcome()).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('another amount') });
});

test('an approval that the terminal takes back after our acknowledgement is unknown', async () => {
  const { tell, sendApdu, outcome } = await purchasing();
  await sendApdu('800000');
  await tell(approved);
  await tell('040f02276c');
  await tell('061e016c');
  expect(outcome()).toMatchObject({ kind: 'unknown' });
});

test('a completion without any result is unknown, an abort without a code is a decline', async () => {
  const first = await purchasing();
  await first.sendApdu('800000');
  await first.tell('060f00');
  expect(first.outcome()).toMatchObject({ kind: 'unknown' });
  const second = await purchasing();
  await second.sendApdu('800000');
  await second.tell('061e00');
  expect(second.outcome()).toEqual({ kind: 'declined', resultCode: 'ff' });
});

test('the end of an exchange before this one, repeated late, does not end this one', async () => {
  const { tell, sendApdu, outcome } = await purchasing();
  await tell('061e016c');
  expect(outcome()).toBeUndefined();
  await sendApdu('800000');
  await tell(approved);
  await tell('060f00');
  expect(outcome()).toMatchObject({ kind: 'approved' });
});

test('a status information with an unknown field is refused with 84 83, so that the terminal reverses', async () => {
  const { tell, sendApdu, take, outcome } = await purchasing();
  await sendApdu('800000');
  take();
  await tell('040f0427009900');
  expect(take()).toEqual(['ack', '848300']);
  await tell('061e016c');
  expect(outcome()).toMatchObject({ kind: 'unknown' });
});

test('print lines are taken although we registered without them', async () => {
  const { tell, sendApdu, take } = await purchasing();
  await sendApdu('800000');
  take();
  await tell('06d10140');
  await tell('06d30406022500');
  expect(take()).toEqual(['ack', '800000', 'ack', '800000']);
});

test('the answer to our abort ends nothing: an approval may have been quicker', async () => {
  const { exchanges, tell, sendApdu, sendBytes, take, outcome } = await purchasing();
  await sendApdu('800000');
  exchanges.abort();
  await settle();
  expect(take()).toContain('06b000');
  await sendBytes('06');
  await sendApdu('84a000');
  await tell(approved);
  await tell('060f00');
  expect(outcome()).toMatchObject({ kind: 'approved' });
});
