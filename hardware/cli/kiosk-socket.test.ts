import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLineSplitter, technicianRequestSchema, technicianRequests, technicianSocketName } from '../../domain/contract/technician.ts';
import type { TechnicianAnswer } from '../../domain/contract/technician.ts';
import { ok } from '../../domain/result.ts';
import { askKiosk } from './kiosk-socket.ts';
import { runDeviceCommand } from './run.ts';

let folder: string;
let server: net.Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counter24-socket-'));
});
afterEach(async () => {
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** A kiosk's end of the border that says what the test wants, in pieces as they may come. */
async function kiosk(answer: (request: { id: number; method: string; params: unknown }) => string | undefined): Promise<void> {
  server = net.createServer((socket) => {
    const splitter = createLineSplitter();
    socket.on('error', () => {});
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = splitter.push(text);
      if (!lines.ok) return;
      for (const line of lines.value) {
        const request = technicianRequestSchema.parse(JSON.parse(line));
        expect(technicianRequests[request.method as 'status'].params.safeParse(request.params).success).toBe(true);
        const said = Buffer.from(answer({ ...request, params: request.params }) ?? '');
        socket.write(said.subarray(0, 40));
        setImmediate(() => socket.write(said.subarray(40)));
      }
    });
  });
  await new Promise<void>((resolve) => server?.listen(join(folder, technicianSocketName), resolve));
}

const status: TechnicianAnswer<'status'> = {
  kiosk: { service: { kind: 'in_service' }, card: 'ready', paper: 'unavailable', hq: 'ready', speech: 'ready', wallets: [] },
  paper: { usedMm: 12_340, leftMm: 67_660, receiptsLeft: 400 },
  waitingPrints: 2,
  waitingDecisions: 0,
  devices: [{ name: 'receipt_printer', kind: 'receipt_printer', code: 'PRINTER_PAPER_OUT', severity: 'fault', since: 1000, detail: '', text: { zh: '打印机缺纸', en: 'The printer is out of paper' }, advice: { zh: '请换上新纸卷。', en: 'Put in a new roll.' } }],
};

async function command(...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runDeviceCommand([...args, `--data=${folder}`], {}, { out: (line) => out.push(line), err: (line) => err.push(line), now: () => 91_000, stopped: new AbortController().signal }, async () => ok([]));
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('a running kiosk is asked', () => {
  it('for the state of its devices, in the words of either language', async () => {
    await kiosk(({ id }) => `${JSON.stringify({ id, ok: status })}\n`);
    expect(await askKiosk(folder, 'status', {}, 5000)).toEqual({ ok: true, value: status });
    const { code, out } = await command('status', '--language=zh');
    expect(out).toContain('打印机缺纸');
    expect(out).toContain('请换上新纸卷。');
    expect(out).toContain('since 1970-01-01T00:00:01.000Z (90 s)');
    expect(out).toContain('12.3 m used of this roll, 67.7 m left, about 400 receipts');
    expect(code).toBe(1);
  });

  it('for what waits for a decision, and is told one', async () => {
    const id = '01980000-0000-7000-8000-000000000001';
    const asked: unknown[] = [];
    await kiosk((request) => {
      asked.push(request.params);
      const item = { id, kind: 'payment_unclear', orderId: '01980000-0000-7000-8000-000000000002', orderNumber: 'A042', amount: { amount: 1250, currency: 'CNY' }, startedAt: 1000,
        card: { cardName: 'UnionPay', maskedPan: '************4242', receiptNumber: '0042', traceNumber: '000101', terminalId: '52500038' }, lastCard: { receiptNumber: '0043', date: '1122', time: '130502' },
        detail: 'the terminal would not say', raisedAt: 9000 };
      return `${JSON.stringify({ id: request.id, ok: request.method === 'attention.list' ? { items: [item] } : {} })}\n`;
    });
    const list = await command('attention');
    expect(list.out.split('\n')).toEqual([
      `${id}  payment_unclear: Was this paid? Look into the terminal's own book; no card is taken until it is decided.`,
      '    order            A042, id 01980000-0000-7000-8000-000000000002',
      '    amount           ￥12.50',
      '    bought           1970-01-01T00:00:01.000Z',
      '    card             UnionPay ************4242, receipt 0042, trace 000101, terminal 52500038',
      "    terminal's last  receipt 0043, its clock 1122 130502",
      '    why              the terminal would not say',
      '    waits since      1970-01-01T00:00:09.000Z',
      `    settle ${id} paid            the terminal has taken the money, and its customer gets what they have paid for`,
      `    settle ${id} paid_send_back  the terminal has taken the money, nobody waits for the goods, and the money goes back through the terminal`,
      `    settle ${id} not_paid        the terminal has taken no money`,
      '1 waits for a decision.',
    ]);
    expect(list.code).toBe(1);
    expect(await command('settle', id, 'paid')).toMatchObject({ code: 0, out: 'Decided: the terminal has taken the money, and its customer gets what they have paid for.' });
    expect(asked).toEqual([{}, { id, decision: 'paid' }]);
    expect(await command('settle', id, 'perhaps')).toMatchObject({ code: 2, err: expect.stringContaining('USAGE: ') as string });
  });

  it('and its refusals are passed on with their code', async () => {
    await kiosk(({ id }) => `${JSON.stringify({ id, error: { code: 'ORDER_UNKNOWN', detail: 'A042' } })}\n`);
    expect(await command('reprint', 'A042')).toMatchObject({ code: 1, err: 'ORDER_UNKNOWN: There is no such order (A042).' });
  });

  it('and where an earlier payment stands in the way, what to do is told', async () => {
    await kiosk(({ id }) => `${JSON.stringify({ id, error: { code: 'PAYMENT_UNSETTLED', detail: '' } })}\n`);
    const { code, err } = await command('reverse', 'A042');
    expect(err).toMatch(/^PAYMENT_UNSETTLED: An earlier payment is not settled.*`attention` lists it if a person has to decide.*\.$/);
    expect(code).toBe(1);
  });

  const healthy: TechnicianAnswer<'status'> = { ...status, kiosk: { service: { kind: 'in_service' }, card: 'ready', paper: 'ready', hq: 'ready', speech: 'ready', wallets: [] }, devices: status.devices.map((device) => ({ ...device, code: 'PRINTER_READY', severity: 'ok' })) };
  const lastLines = async (answer: TechnicianAnswer<'status'>, count: number) => {
    await kiosk(({ id }) => `${JSON.stringify({ id, ok: answer })}\n`);
    const { code, out } = await command('status');
    return { code, out, last: out.split('\n').slice(-count) };
  };

  it('all is well only where no decision waits and cards are taken', async () => {
    expect(await lastLines(healthy, 1)).toMatchObject({ code: 0, last: ['All devices can do their work.'] });
  });

  it('decisions that wait, and cards that are held until then, are told with the command that lists them', async () => {
    const { code, out, last } = await lastLines({ ...healthy, kiosk: { ...healthy.kiosk, card: 'held' }, waitingDecisions: 2 }, 2);
    expect(last).toEqual([
      `2 decisions wait for a person: \`npm run device -- attention --data=${folder}\` lists them.`,
      'Card payments are held: no card is taken until the earlier payment is decided, or the terminal tells how it ended.',
    ]);
    expect(out).not.toContain('All devices');
    expect(code).toBe(1);
  });

  it.each([
    ['one decision', { waitingDecisions: 1 }, /^1 decision waits for a person: .* lists it\.$/],
    ['a payment that the terminal is asked about', { kiosk: { ...healthy.kiosk, card: 'held' } }, /^Card payments are held: no card is taken until the terminal tells how the last one ended\.$/],
    ['no cards though every device is ready', { kiosk: { ...healthy.kiosk, card: 'unavailable' } }, /^No card can be taken now\.$/],
    ['no paper though every device is ready', { kiosk: { ...healthy.kiosk, paper: 'unavailable' } }, /^No receipt can be printed now\.$/],
  ] as const)('%s is told, and ends with 1', async (_what, part, sentence) => {
    const { code, out, last } = await lastLines({ ...healthy, ...part }, 1);
    expect(last[0]).toMatch(sentence);
    expect(out).not.toContain('All devices');
    expect(code).toBe(1);
  });

  const hq = { state: 'approved', fingerprint: 'ab12 cd34', online: true, skewMs: -2340, waiting: 1 } as const;

  it.each([
    ['that it answers', hq, 'HQ               answers; 1 event waits for it; its clock is 2.3 s behind this one', 0],
    ['that it is away, which mends itself', { ...hq, online: false, skewMs: 12, waiting: 230 }, 'HQ               is away; 230 events wait for it; the clocks agree', 0],
    ['that it does not know the kiosk', { ...hq, state: 'made', online: false, skewMs: undefined }, 'HQ               does not know this kiosk yet; 1 event waits for it', 0],
    ['that a person has to approve the key', { ...hq, state: 'waiting', skewMs: undefined }, 'HQ               waits for a person to approve this kiosk; 1 event waits for it', 1],
    ['that it refuses the kiosk', { ...hq, online: false, refusedAs: 'HQ_KIOSK_CLONED', skewMs: 600_000 }, 'HQ               refuses this kiosk (HQ_KIOSK_CLONED); 1 event waits for it; its clock is 600.0 s ahead of this one', 1],
  ] as const)('of HQ it tells %s, and the key to compare', async (_what, part, sentence, expected) => {
    const { code, out } = await lastLines({ ...healthy, hq: part }, 1);
    expect(out.split('\n').filter((line) => /^(HQ|key for HQ) {2}/.test(line))).toEqual([sentence, 'key for HQ       ab12 cd34']);
    expect(code).toBe(expected);
  });

  it('a pause by HQ is told as such', async () => {
    const { code, out } = await lastLines({ ...healthy, kiosk: { ...healthy.kiosk, service: { kind: 'paused' } } }, 1);
    expect(out.split('\n')[0]).toContain('paused by HQ');
    expect(code).toBe(1);
  });

  it('for another key of its store, which it changes when nobody is there', async () => {
    const asked: string[] = [];
    await kiosk(({ id, method }) => {
      asked.push(method);
      return `${JSON.stringify({ id, ok: {} })}\n`;
    });
    expect(await command('rotate-key')).toMatchObject({ code: 0, out: expect.stringContaining('as soon as nobody is at the kiosk') as string });
    expect(asked).toEqual(['rotate-key']);
  });

  it('out of service is told with its reason in one sentence, and nothing is said of devices that are not known', async () => {
    const { code, out } = await lastLines({ ...healthy, devices: [], kiosk: { service: { kind: 'out_of_service', reason: { code: 'CONFIG_INVALID', detail: 'hq.url: Invalid URL' } }, card: 'unavailable', paper: 'unavailable', hq: 'away', speech: 'missing', wallets: [] } }, 1);
    expect(out.split('\n')[0]).toBe('kiosk            out of service because of CONFIG_INVALID: The configuration file breaks its schema (hq.url: Invalid URL).');
    expect(out).not.toMatch(/device/i);
    expect(code).toBe(1);
  });

  it.each([
    ['done', 0, /^Printed: the printer has confirmed the end of the page\.$/], ['queued', 1, /^The test page waits for the printer, .*`status`.*\.$/], ['doing', 1, /waits for the printer/],
    ['failed', 1, /^NOT_PRINTED: The test page was not printed \(.*\)\.$/], ['lapsed', 1, /^NOT_PRINTED: /], ['uncertain', 1, /^PRINT_UNCERTAIN: Nobody knows whether .*\.$/],
  ] as const)('for the test page, and says that it is %s', async (state, expected, sentence) => {
    await kiosk(({ id }) => `${JSON.stringify({ id, ok: { state } })}\n`);
    const { code, out, err } = await command('print-test');
    expect([out, err].filter(Boolean)).toEqual([expect.stringMatching(sentence)]);
    expect(code).toBe(expected);
  });

  it('for the test page of its receipt printer, and of no other', async () => {
    const asked: string[] = [];
    await kiosk(({ id, method }) => {
      asked.push(method);
      return `${JSON.stringify({ id, ok: { state: 'done' } })}\n`;
    });
    const { code, err } = await command('print-test', 'kitchen');
    expect(err).toMatch(/^USAGE: .*receipt printer only: for "kitchen" stop it.*\.$/m);
    expect([code, asked]).toEqual([2, []]);
    expect(await command('print-test', 'receipt')).toMatchObject({ code: 0 });
    expect(asked).toEqual(['print-test']);
  });

  it('to print a receipt again, and says when the printer must help first', async () => {
    const answers = [true, false];
    await kiosk(({ id }) => `${JSON.stringify({ id, ok: { number: 'A042', printerReady: answers.shift() } })}\n`);
    expect(await command('reprint', 'A042')).toMatchObject({ code: 0, out: 'The receipt of order A042 is printed once more, as a copy.' });
    expect(await command('reprint', 'A042')).toMatchObject({ code: 0, out: 'The copy of the receipt of order A042 waits for the printer: `status` says what it needs.' });
  });

  it('to send a payment back, which is begun and not done when it answers', async () => {
    await kiosk(({ id }) => `${JSON.stringify({ id, ok: { number: 'A042', amount: { amount: 3500, currency: 'CNY' } } })}\n`);
    expect(await command('reverse', 'A042')).toMatchObject({ code: 0, out: 'The payment is being sent back: order A042, ￥35.00; `attention` will list it if the terminal refuses.' });
  });

  it.each([
    [['diagnose'], 'diagnose', 'The diagnosis ended well.'], [['terminal', 'diagnose'], 'diagnose', 'The diagnosis ended well.'],
    [['terminal', 'end-of-day'], 'end_of_day', 'The day is closed: what was paid before cannot be sent back by the terminal any more.'], [['terminal', 'log-off'], 'log_off', 'The terminal is logged off: it is registered again by itself for the next payment.'],
  ])('%j lets the terminal do it, and tells its slips and totals', async (args, operation, sentence) => {
    const asked: unknown[] = [];
    await kiosk(({ id, method, params }) => {
      asked.push(method, params);
      return `${JSON.stringify({ id, ok: { slips: [{ kind: 'administration', lines: [{ text: 'KASSENSCHNITT', align: 'left', size: 'normal' }] }], totals: { total: { amount: 3500, currency: 'CNY' }, count: 1 } } })}\n`;
    });
    const { code, out } = await command(...args);
    expect(asked).toEqual(['terminal', { operation }]);
    expect(out.split('\n').slice(-3)).toEqual([expect.stringContaining('KASSENSCHNITT'), "The terminal's totals: ￥35.00, 1 transaction", sentence]);
    expect(code).toBe(0);
  });

  it('for no operation that the terminal does not have', async () => {
    expect(await command('terminal', 'explode')).toMatchObject({ code: 2, err: expect.stringMatching(/^USAGE: .*terminal OPERATION, one of diagnose, end-of-day, initialise, repeat-receipt, log-off/) as string });
    expect(await command('terminal')).toMatchObject({ code: 2 });
  });

  it('to let the printer recover, and says what it is then', async () => {
    const answers = ['ready', 'fault'];
    await kiosk(({ id }) => `${JSON.stringify({ id, ok: { printer: answers.shift() } })}\n`);
    expect(await command('recover')).toMatchObject({ code: 0, out: 'The printer is ready.' });
    expect(await command('recover')).toMatchObject({ code: 1, out: 'The printer says fault: `status` says what it needs.' });
  });

  it('to count a new roll', async () => {
    const asked: unknown[] = [];
    await kiosk(({ id, method, params }) => {
      asked.push(method, params);
      return `${JSON.stringify({ id, ok: {} })}\n`;
    });
    expect(await command('new-roll')).toMatchObject({ code: 0, out: 'The paper is counted as a new roll from now.' });
    expect(asked).toEqual(['new-roll', {}]);
  });

  it.each([
    ['nobody there', undefined, 'KIOSK_NOT_RUNNING'],
    ['no JSON', (): string => 'hello\n', 'KIOSK_MALFORMED'],
    ['another shape', (): string => '{"id":1,"ok":{"kiosk":1}}\n', 'KIOSK_MALFORMED'],
    ['a line without end', (): string => 'x'.repeat(1_000_002), 'KIOSK_MALFORMED'],
  ] as const)('%s is one sentence', async (_what, answer, code) => {
    if (answer) await kiosk(answer);
    expect(await askKiosk(folder, 'status', {}, 5000)).toMatchObject({ ok: false, error: { code } });
  });

  it('and not for ever', async () => {
    await kiosk(() => undefined);
    expect(await askKiosk(folder, 'status', {}, 100)).toMatchObject({ ok: false, error: { code: 'KIOSK_NO_ANSWER' } });
  });

  it('a socket that a killed kiosk left behind is nobody', async () => {
    await writeFile(join(folder, technicianSocketName), '');
    expect(await askKiosk(folder, 'status', {}, 5000)).toMatchObject({ ok: false, error: { code: 'KIOSK_NOT_RUNNING' } });
  });

  it('a folder whose path is too long for a socket is told by that name', async () => {
    expect(await askKiosk(join(folder, 'x'.repeat(120)), 'status', {}, 5000)).toMatchObject({ ok: false, error: { code: 'KIOSK_NOT_RUNNING', detail: expect.stringContaining('too long') as string } });
  });
});

describe('lines', () => {
  it('come whole in any split', () => {
    const line = fc.string({ minLength: 1, maxLength: 30 }).map((text) => text.replace(/[\r\n]/g, '_'));
    fc.assert(fc.property(fc.array(line, { maxLength: 8 }), fc.array(fc.nat(200), { maxLength: 6 }), (lines, cuts) => {
      const text = lines.map((each) => `${each}\n`).join('');
      const splitter = createLineSplitter();
      const ends = [...cuts.map((cut) => cut % (text.length + 1)), text.length].toSorted((a, b) => a - b);
      let from = 0;
      const came = ends.flatMap((end) => {
        const pushed = splitter.push(text.slice(from, end));
        from = end;
        return pushed.ok ? [...pushed.value] : ['too long'];
      });
      expect(came).toEqual(lines);
    }));
  });

  it('one that never ends is given up, and holds no memory', () => {
    const splitter = createLineSplitter(10);
    expect(splitter.push('12345')).toEqual(ok([]));
    expect(splitter.push('1234567')).toEqual({ ok: false, error: 'too_long' });
    expect(splitter.push('a\n')).toEqual({ ok: false, error: 'too_long' });
  });
});
