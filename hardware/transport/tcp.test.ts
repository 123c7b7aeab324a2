import net from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTcpTransport } from './tcp.ts';
import type { Transport } from './transport.ts';

let server: net.Server;
let port: number;
const peers = new Set<net.Socket>();
let onPeer: (socket: net.Socket) => void = () => {};
let opened: Transport[] = [];

beforeEach(async () => {
  server = net.createServer((socket) => {
    peers.add(socket);
    socket.on('error', () => {});
    onPeer(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as net.AddressInfo).port;
});
afterEach(async () => {
  await Promise.all(opened.map((transport) => transport.close()));
  opened = [];
  onPeer = () => {};
  for (const peer of peers) peer.destroy();
  peers.clear();
  await new Promise((resolve) => server.close(resolve));
});

function line(): Transport {
  const transport = createTcpTransport({ host: '127.0.0.1', port });
  opened.push(transport);
  return transport;
}

function heardBy(socket: net.Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (bytes) => (text += bytes.toString('latin1')));
    socket.on('close', () => resolve(text));
  });
}

test('a closed line has passed on all that was written, also where bytes are under way that nobody will read', async () => {
  const accepted = new Promise<net.Socket>((resolve) => {
    onPeer = (socket) => {
      socket.pause();
      socket.write('x'.repeat(20_000_000));
      resolve(socket);
    };
  });
  const transport = line();
  await transport.open();
  const peer = await accepted;
  // More than the far end takes in unread: the rest waits in our own operating system.
  const job = 'y'.repeat(400_000);
  expect((await transport.write(Buffer.from(job), 5000)).ok).toBe(true);
  const closing = transport.close();
  // The device server comes to read only now: a connection that was reset would have nothing for it any more.
  setImmediate(() => peer.resume());
  expect((await heardBy(peer)).length).toBe(job.length);
  await closing;
});

test('a far end that never ends its half keeps nobody from closing', async () => {
  const halfOpen = net.createServer({ allowHalfOpen: true }, (socket) => void peers.add(socket));
  await new Promise<void>((resolve) => halfOpen.listen(0, '127.0.0.1', resolve));
  const transport = createTcpTransport({ host: '127.0.0.1', port: (halfOpen.address() as net.AddressInfo).port });
  await transport.open();
  const startedAt = performance.now();
  await transport.close();
  expect(performance.now() - startedAt).toBeLessThan(3000);
  for (const peer of peers) peer.destroy();
  await new Promise((resolve) => halfOpen.close(resolve));
});

test('a far end that goes is told once as a loss, our own close never; it opens again', async () => {
  const transport = line();
  const lost: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    const told = new Promise<void>((resolve) => {
      const stop = transport.onLost((detail) => {
        lost.push(detail);
        stop();
        resolve();
      });
    });
    expect((await transport.open()).ok).toBe(true);
    const accepted = [...peers].at(-1) ?? (await new Promise<net.Socket>((resolve) => (onPeer = resolve)));
    accepted.destroy();
    peers.delete(accepted);
    await told;
    expect(transport.isOpen()).toBe(false);
  }
  expect(lost).toHaveLength(20);
  transport.onLost((detail) => lost.push(detail));
  await transport.open();
  await transport.close();
  expect(lost).toHaveLength(20);
});

test('nobody there is an answer, and writing then too', async () => {
  const transport = createTcpTransport({ host: '127.0.0.1', port: 1 });
  expect(await transport.open()).toMatchObject({ ok: false, error: { kind: 'open_failed' } });
  expect(await transport.write(Uint8Array.of(1), 100)).toMatchObject({ ok: false, error: { kind: 'not_open' } });
  await transport.close();
});
