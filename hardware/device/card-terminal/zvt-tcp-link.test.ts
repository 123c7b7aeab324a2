import { afterEach, describe, expect, test, vi } from 'vitest';
import net from 'node:net';
import { bytesOf, hexOf } from '../../codec/zvt/bytes.ts';
import { createZvtTerminalSim } from '../../sim/zvt-terminal/sim.ts';
import { createMemoryLine } from '../../transport/memory.ts';
import { createSocketTransport, createTcpTransport } from '../../transport/tcp.ts';
import { ok } from '../../../domain/result.ts';
import { terminalProfiles } from './profiles.ts';
import { createZvtTcpLink } from './zvt-tcp-link.ts';
import { createZvtTerminal } from './zvt-terminal.ts';
import { expectAgreement, price, purchase } from './zvt-terminal.fixture.ts';

afterEach(() => {
  vi.useRealTimers();
});

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function linked() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const [near, far] = createMemoryLine().ends;
  await Promise.all([near.open(), far.open()]);
  const heard: string[] = [];
  const apdus: string[] = [];
  far.onData((bytes) => heard.push(hexOf(bytes)));
  const link = createZvtTcpLink({ transport: near, profile: { t2Ms: 5_000, t3Ms: 5_000 }, trace: () => {} });
  link.onApdu((apdu) => apdus.push(hexOf(apdu)));
  return {
    link,
    near,
    heard,
    apdus,
    async bytes(hex: string) {
      await far.write(bytesOf(hex), 100);
      await settle();
    },
  };
}

test('an APDU goes out bare, once, and that the terminal has it is never certain', async () => {
  const { link, heard } = await linked();
  expect(await link.send(bytesOf('800000'))).toEqual({ kind: 'acknowledged', certain: false });
  await settle();
  vi.advanceTimersByTime(60_000);
  await settle();
  expect(heard).toEqual(['800000']);
});

test('nothing is acknowledged, and the same APDU twice is two', async () => {
  const { apdus, heard, bytes } = await linked();
  await bytes('04ff01');
  await bytes('0a04ff010a');
  expect(apdus).toEqual(['04ff010a', '04ff010a']);
  expect(heard).toEqual([]);
});

test('on a closed connection nothing was sent, and that is certain', async () => {
  const { link, near } = await linked();
  await near.close();
  expect(await link.send(bytesOf('060100'))).toMatchObject({ kind: 'not_sent' });
});

test.each([
  ['a stream out of step', 'ff0102', 0],
  ['an APDU whose rest does not come', '040f30', 5_000],
])('%s ends the connection: only a new one finds its step', async (_what, hex, ms) => {
  const { near, bytes } = await linked();
  await bytes(hex);
  if (ms > 0) {
    vi.advanceTimersByTime(ms - 1);
    expect(near.isOpen()).toBe(true);
  }
  vi.advanceTimersByTime(1);
  await settle();
  expect(near.isOpen()).toBe(false);
});

describe('through a real socket', () => {
  test('a purchase is approved; the connection dropped it is opened anew', async () => {
    const sockets: net.Socket[] = [];
    const sim = createZvtTerminalSim({ framing: 'tcp', autoApproveAfterMs: 1, processingMs: 1 });
    const server = net.createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
      const transport = createSocketTransport('terminal', async () => ok(socket));
      void transport.open();
      sim.connect(transport);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const terminal = createZvtTerminal({ transport: createTcpTransport({ host: '127.0.0.1', port }), profile: { ...terminalProfiles.network, reconnectMs: [20] } });
    const ready = () =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (terminal.state().kind !== 'ready') return;
          stop();
          resolve();
        };
        const stop = terminal.onState(look);
        look();
      });
    await ready();
    const outcome = await terminal.authorise(purchase().authorisation);
    expectAgreement(outcome, sim.book());
    const lost = new Promise<void>((resolve) => {
      const stop = terminal.onState((state) => {
        if (state.kind !== 'unplugged') return;
        stop();
        resolve();
      });
    });
    for (const socket of sockets) socket.destroy();
    await lost;
    await ready();
    expect(await terminal.lastTransaction()).toMatchObject({ ok: true, value: { resultCode: '00', amount: price } });
    expectAgreement(await terminal.authorise(purchase().authorisation), sim.book().slice(1));
    sim.close();
    await terminal.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});
