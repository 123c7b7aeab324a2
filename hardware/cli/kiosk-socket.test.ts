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
  kiosk: { service: { kind: 'in_service' }, card: 'ready', paper: 'unavailable' },
  paper: { usedMm: 12_340, leftMm: 67_660, receiptsLeft: 400 },
  waitingPrints: 2,
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
      const item = { id, kind: 'payment_unclear', orderId: '01980000-0000-7000-8000-000000000002', amount: { amount: 1250, currency: 'CNY' }, card: { receiptNumber: '0042' }, detail: 'the terminal would not say', raisedAt: 0 };
      return `${JSON.stringify({ id: request.id, ok: request.method === 'attention.list' ? { items: [item] } : {} })}\n`;
    });
    const list = await command('attention');
    expect(list.out).toContain('￥12.50, terminal receipt 0042');
    expect(list.out).toContain(`decide by: settle ${id} paid|not_paid`);
    expect(list.code).toBe(1);
    expect(await command('settle', id, 'paid')).toMatchObject({ code: 0, out: 'Decided.' });
    expect(asked).toEqual([{}, { id, decision: 'paid' }]);
    expect(await command('settle', id, 'perhaps')).toMatchObject({ code: 2, err: expect.stringContaining('USAGE: ') as string });
  });

  it('and its refusals are passed on with their code', async () => {
    await kiosk(({ id }) => `${JSON.stringify({ id, error: { code: 'ORDER_UNKNOWN', detail: 'There is no such order' } })}\n`);
    expect(await command('reprint', 'A042')).toMatchObject({ code: 1, err: 'ORDER_UNKNOWN: There is no such order.' });
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
