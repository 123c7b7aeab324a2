import { afterEach, describe, expect, test, vi } from 'vitest';
import { specification } from './profiles.ts';
import { scriptedPeer, settle } from './scripted-peer.fixture.ts';
import { createSlips } from './slips.ts';
import { createZvtExchanges } from './zvt-exchange.ts';
import { repeatReceipt, statusEnquiry } from './zvt-housekeeping.ts';
import { createZvtLink } from './zvt-link.ts';
import { approved, purchasing } from './zvt-purchasing.fixture.ts';

afterEach(() => {
  vi.useRealTimers();
});

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

describe('an abort', () => {
  /** The terminal has asked for a card, and the customer has cancelled: 06 B0 is on the line, not yet acknowledged. */
  async function aborting() {
    const purchase = await purchasing();
    await purchase.sendApdu('800000');
    await purchase.tell('04ff010a');
    purchase.take();
    purchase.exchanges.abort();
    await settle();
    expect(purchase.take()).toEqual(['06b000']);
    return purchase;
  }

  test('without ACK it is sent again each T3, three times in all; then the outcome is unknown, long before T4', async () => {
    const { pass, take, outcome } = await aborting();
    await pass(4_999);
    expect(take()).toEqual([]);
    await pass(1);
    expect(take()).toEqual(['06b000']);
    await pass(5_000);
    expect(take()).toEqual(['06b000']);
    expect(outcome()).toBeUndefined();
    await pass(5_000);
    expect(outcome()).toEqual({ kind: 'unknown', detail: 'aborted: 06 B0 was not answered 3 times' });
    await pass(60_000);
    expect(take()).toEqual([]);
  });

  test('acknowledged but never answered it is sent again, and the second may be heard', async () => {
    const { pass, take, tell, sendBytes, sendApdu, outcome } = await aborting();
    await sendBytes('06');
    await pass(5_000);
    expect(take()).toEqual(['06b000']);
    await sendBytes('06');
    await sendApdu('800000');
    await tell('061e016c');
    expect(outcome()).toEqual({ kind: 'cancelled', resultCode: '6c' });
  });

  test('a terminal that talks on and never answers it is not waited for either', async () => {
    const { pass, tell, outcome } = await aborting();
    for (let second = 0; second < 16; second += 1) {
      await tell('04ff010a');
      await pass(1_000);
    }
    expect(outcome()).toMatchObject({ kind: 'unknown' });
  });

  test('accepted it is not sent again; without an end within three T3 of silence the outcome is unknown', async () => {
    const { pass, take, tell, sendBytes, sendApdu, outcome } = await aborting();
    await sendBytes('06');
    await sendApdu('800000');
    await pass(10_000);
    await tell('04ff0105');
    await pass(14_999);
    expect(take()).not.toContain('06b000');
    expect(outcome()).toBeUndefined();
    await pass(1);
    expect(outcome()).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('accepted') });
  });

  test('an approval within T3 was quicker and is taken; 06 B0 is not sent again, and the completion is waited for', async () => {
    const { pass, take, tell, sendBytes, approvals, outcome } = await aborting();
    await sendBytes('06');
    await pass(4_999);
    await tell(approved);
    expect(take()).toEqual(['ack', '800000']);
    await pass(9_999);
    expect(take()).toEqual([]);
    await tell('060f00');
    expect(approvals).toHaveLength(1);
    expect(outcome()).toMatchObject({ kind: 'approved' });
  });

  test.each([['not answered', []], ['accepted', ['800000']]])('an approval later than T3 is refused where the abort was %s', async (_how, answers) => {
    const { pass, take, tell, sendBytes, sendApdu, approvals, refusals, outcome } = await aborting();
    await sendBytes('06');
    for (const answer of answers) await sendApdu(answer);
    await pass(5_000);
    await sendBytes('06');
    take();
    await tell(approved);
    expect(take()).toEqual(['ack', '846600']);
    await tell('04ff0105');
    await pass(14_000);
    expect(take()).not.toContain('06b000');
    await tell('061e016c');
    expect(approvals).toEqual([]);
    expect(refusals).toMatchObject([{ receiptNumber: '0001', traceNumber: '000001' }]);
    expect(outcome()).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('too late'), refused: { receiptNumber: '0001', traceNumber: '000001' } });
  });

  test('refused by the terminal (84) it is off: an approval counts, however late', async () => {
    const { pass, take, tell, sendBytes, sendApdu, outcome } = await aborting();
    await sendBytes('06');
    await sendApdu('84a000');
    await pass(60_000);
    expect(take()).not.toContain('06b000');
    await tell(approved);
    await tell('060f00');
    expect(outcome()).toMatchObject({ kind: 'approved' });
  });

  test('refused once it may be asked for again', async () => {
    const { exchanges, take, tell, sendBytes, sendApdu, outcome } = await aborting();
    await sendBytes('06');
    await sendApdu('84a000');
    exchanges.abort();
    await settle();
    expect(take()).toContain('06b000');
    await sendBytes('06');
    await sendApdu('800000');
    await tell('061e016c');
    expect(outcome()).toMatchObject({ kind: 'cancelled' });
  });

  test('that crosses an approval does not delay the answer to it', async () => {
    const { pass, take, sendApdu, sendBytes, outcome, tell } = await aborting();
    await sendApdu(approved);
    expect(take()).toEqual(['ack']);
    await pass(200);
    expect(take()).toEqual(['800000']);
    await sendBytes('06');
    await tell('060f00');
    expect(outcome()).toMatchObject({ kind: 'approved' });
  });

  test('asked for before the terminal had answered 06 01 it goes out with the first message, where the answer was lost', async () => {
    const { exchanges, take, tell } = await purchasing();
    exchanges.abort();
    await tell('04ff010a');
    expect(take()).toEqual(['ack', '800000', '06b000']);
  });

  test('after the approval was taken it is not sent at all', async () => {
    const { exchanges, take, tell, sendApdu, outcome } = await purchasing();
    await sendApdu('800000');
    await tell(approved);
    take();
    exchanges.abort();
    await settle();
    expect(take()).toEqual([]);
    await tell('060f00');
    expect(outcome()).toMatchObject({ kind: 'approved' });
  });
});

test('an answer that the terminal no longer waits for is not sent: it would be taken for the answer to the approval', async () => {
  const { sendApdu, sendBytes, pass, take, exchanges, outcome } = await purchasing();
  await sendApdu('800000');
  exchanges.abort();
  await settle();
  take();
  // While our 06 B0 waits for its ACK the terminal gives up on its display text and goes on.
  await sendApdu('04ff0117');
  await sendApdu(approved);
  expect(take()).toEqual(['ack', 'ack']);
  await pass(200);
  expect(take()).toEqual(['800000']);
  await sendBytes('06');
  // One answer, to the approval: none is left over that the completion could be given.
  expect(take()).toEqual([]);
  await sendApdu('060f00');
  await sendBytes('06');
  expect(outcome()).toMatchObject({ kind: 'approved' });
});

test('an approval that comes after the purchase ended unknown is refused, and told', async () => {
  const { sendApdu, sendBytes, pass, take, refusals, outcome } = await purchasing();
  await sendApdu('800000');
  await sendApdu('04ff010a');
  // Our answer is never acknowledged, so that the purchase ends.
  await pass(5_000);
  await pass(5_000);
  take();
  await sendBytes('15');
  await sendApdu(approved);
  await sendBytes('06');
  expect(take()).toEqual(['ack', '846600']);
  expect(refusals).toHaveLength(1);
  expect(outcome()).toMatchObject({ kind: 'unknown' });
});

describe('a refused approval', () => {
  test('goes with the outcome, and is told before its refusal is on the line', async () => {
    const { tell, sendApdu, take, refusals, outcome } = await purchasing();
    await sendApdu('800000');
    take();
    await sendApdu(approved.replace('1250', '1251'));
    expect(refusals).toHaveLength(1);
    await tell('061e016c');
    expect(outcome()).toMatchObject({ kind: 'unknown', refused: { receiptNumber: '0001', traceNumber: '000001' } });
  });

  test('told again by the terminal, or followed by another of the same amount, is refused again; the first one counts', async () => {
    const { tell, sendApdu, take, approvals, outcome } = await purchasing();
    await sendApdu('800000');
    await tell(approved.replace('1250', '1251'));
    take();
    await tell(approved.replace('870001', '870002'));
    expect(take()).toEqual(['ack', '846600']);
    await tell('060f00');
    expect(approvals).toEqual([]);
    expect(outcome()).toMatchObject({ kind: 'unknown', refused: { receiptNumber: '0001' } });
  });

  test('stays refused where the line is lost afterwards', async () => {
    const { tell, sendApdu, line, outcome } = await purchasing();
    await sendApdu('800000');
    await tell(approved.replace('1250', '1251'));
    line.cut();
    await settle();
    expect(outcome()).toMatchObject({ kind: 'unknown', refused: { receiptNumber: '0001' } });
  });

  test('one that could not be read has no numbers', async () => {
    const { tell, sendApdu, outcome } = await purchasing();
    await sendApdu('800000');
    await tell('040f0427009900');
    await tell('061e016c');
    expect(outcome()).toMatchObject({ kind: 'unknown', refused: {} });
  });

  test('an unknown outcome without one says nothing of any', async () => {
    const { tell, sendApdu, outcome } = await purchasing();
    await sendApdu('800000');
    await tell('060f00');
    expect(outcome()).toEqual({ kind: 'unknown', detail: 'completed without a result' });
  });
});

describe('the question for the last transaction', () => {
  async function asking() {
    const peer = await scriptedPeer();
    const link = createZvtLink({ transport: peer.kioskEnd, profile: specification, trace: () => {} });
    const slips = createSlips({ charset: 'cp437', canPrint: () => true, trace: () => {}, tell: () => {} });
    const exchanges = createZvtExchanges({ link, transport: peer.kioskEnd, profile: specification, trace: () => {}, onRefusedApproval: () => {}, slips });
    let end: unknown;
    void exchanges.run(repeatReceipt(specification)).then((ended) => (end = ended));
    await settle();
    await peer.sendBytes('06');
    return { ...peer, end: () => end };
  }

  test.each(['060f00', '061e016c'])('is not answered by the end of a purchase before it, repeated late: %s', async (late) => {
    const { sendApdu, sendBytes, end } = await asking();
    await sendApdu(late);
    await sendBytes('06');
    expect(end()).toBeUndefined();
    await sendApdu('800000');
    await sendApdu(approved);
    await sendBytes('06');
    await sendApdu('060f00');
    await sendBytes('06');
    expect(end()).toMatchObject({ kind: 'done', value: { ok: true, value: { resultCode: '00', card: { receiptNumber: '0001' } } } });
  });
});

test('the readiness of the terminal is not told by the empty end of a purchase before', async () => {
  const peer = await scriptedPeer();
  const link = createZvtLink({ transport: peer.kioskEnd, profile: specification, trace: () => {} });
  const slips = createSlips({ charset: 'cp437', canPrint: () => true, trace: () => {}, tell: () => {} });
  const exchanges = createZvtExchanges({ link, transport: peer.kioskEnd, profile: specification, trace: () => {}, onRefusedApproval: () => {}, slips });
  let end: unknown;
  void exchanges.run(statusEnquiry(specification)).then((ended) => (end = ended));
  await settle();
  await peer.sendBytes('06');
  await peer.sendApdu('060f00');
  await peer.sendBytes('06');
  expect(end).toBeUndefined();
  await peer.sendApdu('84a000');
  expect(end).toEqual({ kind: 'refused', code: 0xa0 });
});
