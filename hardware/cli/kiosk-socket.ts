import net from 'node:net';
import { join } from 'node:path';
import { createLineSplitter, technicianRequests, technicianResponseSchema, technicianSocketName } from '../../domain/contract/technician.ts';
import type { TechnicianAnswer, TechnicianMethod, TechnicianParams } from '../../domain/contract/technician.ts';
import { describeIssues } from '../../domain/contract/issues.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { CliError } from './cli-error.ts';

/** Of sockaddr_un on Linux, without the ending NUL. */
const longestSocketPath = 107;

/** Asks the kiosk that runs with this data folder, once. Never rejects. */
export function askKiosk<M extends TechnicianMethod>(folder: string, method: M, params: TechnicianParams<M>, timeoutMs: number): Promise<Result<TechnicianAnswer<M>, CliError>> {
  const path = join(folder, technicianSocketName);
  if (Buffer.byteLength(path) > longestSocketPath) return Promise.resolve(err({ code: 'KIOSK_NOT_RUNNING', detail: `${path} is too long for a socket: name the folder by a shorter path` }));
  return new Promise((resolve) => {
    const socket = net.connect({ path });
    const splitter = createLineSplitter();
    const timer = setTimeout(() => settle(err({ code: 'KIOSK_NO_ANSWER', detail: `${method}, ${Math.round(timeoutMs / 1000)} s` })), timeoutMs);
    socket.setEncoding('utf8');
    socket.once('connect', () => socket.write(`${JSON.stringify({ id: 1, method, params })}\n`));
    socket.on('error', (cause: NodeJS.ErrnoException) => {
      const nobody = cause.code === 'ENOENT' || cause.code === 'ECONNREFUSED' || cause.code === 'ENOTSOCK';
      settle(err(nobody ? { code: 'KIOSK_NOT_RUNNING', detail: path } : { code: 'KIOSK_NO_ANSWER', detail: cause.message }));
    });
    socket.on('close', () => settle(err({ code: 'KIOSK_NO_ANSWER', detail: 'it ended the connection' })));
    socket.on('data', (text: string) => {
      const lines = splitter.push(text);
      if (!lines.ok) return settle(err({ code: 'KIOSK_MALFORMED', detail: 'the line is too long' }));
      const [line] = lines.value;
      if (line !== undefined) settle(answerOf(method, line));
    });

    function settle(result: Result<TechnicianAnswer<M>, CliError>): void {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    }
  });
}

function answerOf<M extends TechnicianMethod>(method: M, line: string): Result<TechnicianAnswer<M>, CliError> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return err({ code: 'KIOSK_MALFORMED', detail: 'no JSON' });
  }
  const response = technicianResponseSchema.safeParse(value);
  if (!response.success) return err({ code: 'KIOSK_MALFORMED', detail: describeIssues(response.error) });
  if ('error' in response.data) return err(response.data.error);
  const checked = technicianRequests[method].result.safeParse(response.data.ok);
  return checked.success ? ok(checked.data as TechnicianAnswer<M>) : err({ code: 'KIOSK_MALFORMED', detail: describeIssues(checked.error) });
}
