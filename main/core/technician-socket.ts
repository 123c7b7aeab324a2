import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import { describeIssues } from '../../domain/contract/issues.ts';
import type { CheckedTechnicianParams, TechnicianAnswer, TechnicianError, TechnicianMethod } from '../../domain/contract/technician.ts';
import { createLineSplitter, technicianRequestSchema, technicianRequests, technicianSocketName } from '../../domain/contract/technician.ts';
import type { Result } from '../../domain/result.ts';
import { err } from '../../domain/result.ts';
import type { Log } from './log.ts';

export type TechnicianHandlers = {
  readonly [M in TechnicianMethod]: (params: CheckedTechnicianParams<M>) => Result<TechnicianAnswer<M>, TechnicianError> | Promise<Result<TechnicianAnswer<M>, TechnicianError>>;
};
export interface TechnicianSocket {
  close(): void;
}

/** Who asks nothing for so long has gone. */
const idleMs = 120_000;

/**
 * The kiosk's ear for a technician at its command line, who cannot open the devices while it has them. Whoever may open the
 * socket owns the kiosk's files already: its folder and the socket itself are closed to all others.
 */
export function openTechnicianSocket(folder: string, handlers: TechnicianHandlers, log: Log): TechnicianSocket {
  const file = path.join(folder, technicianSocketName);
  // Left behind by a process that was killed. The store's lock has said already that no other kiosk runs on this folder.
  fs.rmSync(file, { force: true });
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.setTimeout(idleMs, () => socket.destroy());
    serve(socket, handlers, log);
  });
  server.on('error', (cause) => log.warn('no technician can ask this kiosk', { detail: cause.message }));
  // Born closed to others: between listening and a chmod somebody could slip in.
  const mask = process.umask(0o177);
  try {
    server.listen(file);
  } finally {
    process.umask(mask);
  }

  return {
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      fs.rmSync(file, { force: true });
    },
  };
}

function serve(socket: net.Socket, handlers: TechnicianHandlers, log: Log): void {
  const splitter = createLineSplitter();
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = splitter.push(text);
    if (!lines.ok) return void socket.destroy();
    for (const line of lines.value) void answer(line);
  });

  async function answer(line: string): Promise<void> {
    const request = technicianRequestSchema.safeParse(parse(line));
    // Without an id there is nothing to answer to.
    if (!request.success) return void socket.destroy();
    const { id, method, params } = request.data;
    const result = await ask(handlers, method, params).catch((cause: unknown) => {
      log.error(codedError('INTERNAL', `technician, ${method}: ${messageOf(cause)}`));
      return err({ code: 'INTERNAL', detail: messageOf(cause) });
    });
    socket.write(`${JSON.stringify(result.ok ? { id, ok: result.value } : { id, error: { ...result.error, detail: result.error.detail.slice(0, 2000) } })}\n`);
  }
}

async function ask(handlers: TechnicianHandlers, method: string, params: unknown): Promise<Result<unknown, TechnicianError>> {
  if (!Object.hasOwn(technicianRequests, method)) return err(codedError('CONTRACT_UNKNOWN_METHOD', method.slice(0, 60)));
  const name = method as TechnicianMethod;
  const checked = technicianRequests[name].params.safeParse(params);
  if (!checked.success) return err(codedError('CONTRACT_MALFORMED', describeIssues(checked.error)));
  const handler = handlers[name] as (given: unknown) => Result<unknown, TechnicianError> | Promise<Result<unknown, TechnicianError>>;
  return handler(checked.data);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
