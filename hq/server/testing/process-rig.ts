import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';

/** HQ as real processes, for tests of what only those show. */
export interface HqProcess {
  readonly child: ChildProcess;
  /** Its address, once it says that it is ready. */
  readonly ready: Promise<string>;
  readonly exited: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  /** SIGTERM, and waits. */
  readonly stop: () => Promise<void>;
}

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

export function startHqProcess(env: Record<string, string>): HqProcess {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env.PATH ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exited = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  const ready = new Promise<string>((resolve, reject) => {
    child.once('message', (message: { kind: string; url: string }) => resolve(message.url));
    void exited.then(() => reject(new Error(`HQ ended before it was ready: ${stderr}`)));
  });
  ready.catch(() => {});
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  return { child, ready, exited, stop };
}

/** Lets a test's kiosk, which calls an app in its own process, call one over a socket: `inject` as far as it is used. Fails where the line does. */
export function overHttp(url: () => string): FastifyInstance {
  const inject = ({ method, url: path, headers, payload }: { method: string; url: string; headers: Record<string, string>; payload?: Buffer }) =>
    new Promise((resolve, reject) => {
      const request = http.request(new URL(path, url()), { method, headers: { ...headers, 'content-length': String(payload?.length ?? 0), connection: 'close' }, agent: false, signal: AbortSignal.timeout(20_000) }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => (answer.complete ? resolve({ statusCode: answer.statusCode, headers: answer.headers, rawPayload: Buffer.concat(chunks) }) : reject(new Error('cut off'))));
        answer.on('error', reject);
      });
      request.on('error', reject);
      request.end(payload);
    });
  return { inject } as unknown as FastifyInstance;
}

export interface CuttingProxy {
  readonly url: string;
  /** Where new connections go, in turn. One whose target refuses goes to the next. */
  readonly setTargets: (urls: readonly string[]) => void;
  /** Cuts every connection now, wherever it is. */
  readonly cut: () => void;
  /** From now on each connection is cut after so many bytes of the answer; 0 lets none of it through. */
  readonly cutAnswersAfter: (bytes: number | undefined) => void;
  readonly close: () => Promise<void>;
}

/** A load balancer on bytes: it knows nothing of HTTP, forwards, and cuts. */
export async function startCuttingProxy(): Promise<CuttingProxy> {
  let targets: readonly string[] = [];
  let turn = 0;
  let answerBytes: number | undefined;
  const open = new Set<net.Socket>();
  const hold = (socket: net.Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => {});
    return socket;
  };
  const connect = (client: net.Socket, tries: number) => {
    const target = targets[turn++ % Math.max(1, targets.length)];
    if (!target || tries > targets.length) return client.destroy();
    const { hostname, port } = new URL(target);
    const upstream = hold(net.connect(Number(port), hostname));
    let isConnected = false;
    let passed = 0;
    const limit = answerBytes;
    upstream.once('connect', () => {
      isConnected = true;
      client.pipe(upstream);
      upstream.on('data', (chunk: Buffer) => {
        if (limit !== undefined && passed + chunk.length > limit) {
          client.destroy();
          return upstream.destroy();
        }
        passed += chunk.length;
        client.write(chunk);
      });
    });
    upstream.once('end', () => client.end());
    upstream.once('close', () => (isConnected ? client.destroy() : connect(client, tries + 1)));
    client.once('close', () => upstream.destroy());
  };
  const server = net.createServer((client) => connect(hold(client), 0));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setTargets: (urls) => { targets = urls; },
    cut: () => open.forEach((socket) => socket.destroy()),
    cutAnswersAfter: (bytes) => { answerBytes = bytes; },
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      open.forEach((socket) => socket.destroy());
    }),
  };
}
