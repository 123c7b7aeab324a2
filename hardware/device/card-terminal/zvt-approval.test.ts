import { afterEach, describe, expect, test, vi } from 'vitest';
import { settle } from './scripted-peer.fixture.ts';
import { approved, purchasing } from './zvt-purchasing.fixture.ts';

afterEach(() => {
  vi.useRealTimers();
});

const approvedCard = { receiptNumber: '0001', traceNumber: '000001' };

describe('an approval that we have accepted', () => {
  async function accepted(how: 'ack' | 'no_ack', options: Parameters<typeof purchasing>[0] = {}) {
    const sale = await purchasing(options);
    await sale.sendApdu('800000');
    sale.take();
    await sale.sendApdu(approved);
    expect(sale.take()).toEqual(['ack', '800000']);
    if (how === 'ack') await sale.sendBytes('06');
    return sale;
  }

  test('without ACK is not paid because the terminal goes on: it reverses, and ends with 06 1E', async () => {
    const { tell, outcome } = await accepted('no_ack');
    await tell('04ff0105');
    await tell('061e016c');
    expect(outcome()).toMatchObject({ kind: 'unknown' });
  });

  test('without ACK and ended by 06 1E alone is unknown', async () => {
    const { tell, outcome } = await accepted('no_ack');
    await tell('061e016c');
    expect(outcome()).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('for certain') });
  });

  test('without ACK and completed is paid: only a terminal that has our answer completes', async () => {
    const { tell, outcome } = await accepted('no_ack');
    await tell('04ff010b');
    await tell('060f00');
    expect(outcome()).toMatchObject({ kind: 'approved', card: approvedCard });
  });

  test('without ACK and then told as reversed is unknown, whatever completes it', async () => {
    const { tell, outcome } = await accepted('no_ack');
    await tell('040f02276c');
    await tell('060f00');
    expect(outcome()).toMatchObject({ kind: 'unknown' });
    expect(outcome()).not.toHaveProperty('refused');
  });

  test('whose reversal the terminal says in words of its status is unknown, although our answer was acknowledged', async () => {
    const { tell, outcome } = await accepted('ack');
    await tell('04ff0105');
    await tell('060f00');
    expect(outcome()).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('reverses') });
  });

  test('is unknown where the ACK may have been a late one for a frame before', async () => {
    const sale = await purchasing();
    await sale.sendApdu('800000');
    await sale.sendApdu('04ff010a');
    sale.exchanges.abort();
    // Our answer and our 06 B0 get no ACK, and the terminal approves.
    await sale.sendApdu('04ff0117');
    await sale.pass(200);
    await sale.sendApdu(approved);
    await sale.pass(200);
    await sale.sendBytes('06');
    await sale.tell('061e016c');
    expect(sale.outcome()).toMatchObject({ kind: 'unknown' });
  });

  test('is waited for as long as the profile says and not T4, and the terminal is not told to stop', async () => {
    const { pass, take, outcome } = await accepted('ack');
    await pass(9_999);
    expect(outcome()).toBeUndefined();
    await pass(1);
    expect(outcome()).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('T4') });
    expect(take()).toEqual([]);
  });

  test('is waited for T4 while the customer is to take the card', async () => {
    const { pass, tell, outcome } = await accepted('ack');
    await tell('04ff010b');
    await pass(170_000);
    expect(outcome()).toBeUndefined();
    await tell('060f00');
    expect(outcome()).toMatchObject({ kind: 'approved' });
  });

  test('told again with other numbers is unknown: the second may be its reversal', async () => {
    const { tell, take, outcome, refusals } = await accepted('ack');
    await tell(approved.replace('870001', '870002'));
    expect(take()).toEqual(['ack', '800000']);
    await tell('060f00');
    expect(outcome()).toMatchObject({ kind: 'unknown' });
    expect(outcome()).not.toHaveProperty('refused');
    expect(refusals).toEqual([]);
  });

  test('followed by its reversal (BMP 37) is unknown', async () => {
    const { tell, outcome } = await accepted('ack');
    await tell('040f172700040000000012508700020b00000237000001490156');
    await tell('060f00');
    expect(outcome()).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('reversal') });
  });
});

test('an approval that the terminal completes before it could be committed is unknown: it never had our answer', async () => {
  let commit = () => {};
  const { sendApdu, sendBytes, take, outcome } = await purchasing({ purchase: { onApproved: () => new Promise((resolve) => (commit = resolve)) } });
  await sendApdu('800000');
  take();
  await sendApdu(approved);
  await sendApdu('060f00');
  expect(take()).toEqual(['ack', 'ack']);
  commit();
  await settle();
  await sendBytes('06');
  expect(take()).toEqual(['800000']);
  expect(outcome()).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('not acknowledged') });
});

test('a reversal (BMP 37) of what the terminal had never told is no approval: nothing is committed', async () => {
  const { sendApdu, tell, approvals, outcome } = await purchasing();
  await sendApdu('800000');
  await tell('040f172700040000000012508700020b00000237000001490156');
  await tell('060f00');
  expect(approvals).toEqual([]);
  expect(outcome()).toMatchObject({ kind: 'unknown', refused: { traceNumber: '000001' } });
});

test('the words of the terminal come with its messages: one line, card numbers starred', async () => {
  const texts: (string | undefined)[] = [];
  const { sendApdu, tell } = await purchasing({ purchase: { onMessage: (_message, text) => texts.push(text) } });
  await sendApdu('800000');
  await tell('04ff1e0a01061a241807164269747465204b617274652065696e737465636b656e');
  await tell('04ff010a');
  const number = Buffer.from('4111 1111 1111 1111').toString('hex');
  await tell(`04ff1b1703061724150713${number}`);
  await tell('04ff0b1703060724050703410a42');
  expect(texts).toEqual(['Bitte Karte einstecken', undefined, '4111 11** **** 1111', 'A B']);
});

describe('where the kiosk prints', () => {
  const prints = { profile: { configByte: 0xbe } } as const;
  const line = (text: string, attribute = '00') => `06d1${(text.length + 1).toString(16).padStart(2, '0')}${attribute}${Buffer.from(text).toString('hex')}`;

  test('lines make one slip, told whole before its last line is answered', async () => {
    const { sendApdu, tell, slips, take } = await purchasing(prints);
    await sendApdu('800000');
    await tell(approved);
    await tell(line('KUNDENBELEG', '60'));
    await tell(line('Summe 12,50'));
    expect(slips).toEqual([]);
    await sendApdu('06d10181');
    expect(slips).toEqual([
      {
        kind: 'customer',
        lines: [
          { text: 'KUNDENBELEG', align: 'center', size: 'double' },
          { text: 'Summe 12,50', align: 'left', size: 'normal' },
          { text: '', align: 'left', size: 'normal' },
        ],
      },
    ]);
    expect(take().at(-1)).toBe('800000');
  });

  test('lines without a last one are a slip when the terminal completes, told before that is answered', async () => {
    const { sendApdu, tell, slips, outcome } = await purchasing(prints);
    await sendApdu('800000');
    await tell(approved);
    await tell(line('Summe 12,50'));
    await sendApdu('060f00');
    expect(slips).toHaveLength(1);
    expect(outcome()).toBeUndefined();
  });

  test('a line that cannot be printed is answered 84 CC, and the purchase is as good as refused', async () => {
    const { sendApdu, tell, take, outcome } = await purchasing({ ...prints, canPrint: () => false });
    await sendApdu('800000');
    await tell(approved);
    take();
    await tell(line('Summe 12,50'));
    expect(take()).toEqual(['ack', '84cc00']);
    await tell('040f02276c');
    await tell('061e016c');
    expect(outcome()).toMatchObject({ kind: 'unknown', refused: approvedCard });
  });

  test('an abort after the approval is unknown: it may be about the slip', async () => {
    const { sendApdu, tell, outcome } = await purchasing(prints);
    await sendApdu('800000');
    await tell(approved);
    await tell('061e016c');
    expect(outcome()).toMatchObject({ kind: 'unknown' });
  });
});

describe('goods', () => {
  const withGoods = '06010c040000000012504901560203';

  async function releasing(release: () => Promise<'released' | 'failed'>) {
    const order: string[] = [];
    const sale = await purchasing({
      command: withGoods,
      profile: { maxStatusInfos: 3 },
      purchase: {
        onApproved: async () => void order.push('committed'),
        release: async () => {
          order.push('begun');
          return release();
        },
      },
    });
    await sale.sendApdu('800000');
    sale.take();
    return { ...sale, order };
  }
  const never = () => new Promise<never>(() => {});

  test('begin to come out only when the approval is committed, once, and the terminal asks again (84 9C) until they are out', async () => {
    let out: (result: 'released') => void = () => {};
    const { sendApdu, sendBytes, tell, pass, take, order, outcome } = await releasing(() => new Promise((resolve) => (out = resolve)));
    await sendApdu(approved);
    expect(order).toEqual(['committed', 'begun']);
    await pass(1_000);
    await sendBytes('06');
    expect(take()).toEqual(['ack', '849c00']);
    out('released');
    await pass(2_000);
    await tell(approved);
    expect(take()).toEqual(['ack', '800000']);
    await tell('060f00');
    expect(order).toEqual(['committed', 'begun']);
    expect(outcome()).toMatchObject({ kind: 'approved', card: approvedCard });
  });

  test('that are out at once need no 84 9C', async () => {
    const { tell, take, outcome } = await releasing(async () => 'released');
    await tell(approved);
    expect(take()).toEqual(['ack', '800000']);
    await tell('060f00');
    expect(outcome()).toMatchObject({ kind: 'approved' });
  });

  test.each([
    ['fail', async () => 'failed' as const],
    ['break', () => Promise.reject(new Error('motor'))],
  ])('that %s are answered 84 66: the terminal gives the money back', async (_how, release) => {
    const { tell, take, outcome, refusals } = await releasing(release);
    await tell(approved);
    expect(take()).toEqual(['ack', '846600']);
    await tell('061e016c');
    expect(refusals).toHaveLength(1);
    expect(outcome()).toMatchObject({ kind: 'unknown', refused: approvedCard });
  });

  test('that are not out when the terminal asks for the last time are refused', async () => {
    const { sendApdu, sendBytes, pass, take, outcome, tell } = await releasing(never);
    for (let asked = 0; asked < 3; asked += 1) {
      await sendApdu(approved);
      await pass(1_000);
      await sendBytes('06');
      expect(take()).toEqual(['ack', '849c00']);
      await pass(2_000);
    }
    await sendApdu(approved);
    await pass(2_999);
    expect(take()).toEqual(['ack']);
    await pass(1);
    await sendBytes('06');
    expect(take()).toEqual(['846600']);
    await tell('061e016c');
    expect(outcome()).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('not out in time'), refused: approvedCard });
  });

  test('on their way cannot be cancelled by the customer', async () => {
    const { sendApdu, sendBytes, pass, take, exchanges } = await releasing(never);
    await sendApdu(approved);
    await pass(1_000);
    await sendBytes('06');
    take();
    exchanges.abort();
    await settle();
    expect(take()).toEqual([]);
  });

  test('of a terminal that loses patience are an approval taken back, which we never accepted', async () => {
    const { sendApdu, sendBytes, pass, tell, outcome } = await releasing(never);
    await sendApdu(approved);
    await pass(1_000);
    await sendBytes('06');
    await tell('040f02276c');
    await tell('061e016c');
    expect(outcome()).toMatchObject({ kind: 'unknown', refused: approvedCard });
  });

  test('of a terminal that asks no more leave an unknown soon', async () => {
    const { sendApdu, sendBytes, pass, outcome } = await releasing(never);
    await sendApdu(approved);
    await pass(1_000);
    await sendBytes('06');
    await pass(12_000);
    expect(outcome()).toMatchObject({ kind: 'unknown' });
  });
});
