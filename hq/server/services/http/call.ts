import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export interface Received {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface Line {
  /** One request and its answer. Throws where the line breaks, the answer is too large, or `signal` is aborted. */
  readonly send: (request: { readonly method: 'GET' | 'POST'; readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array; readonly signal: AbortSignal }) => Promise<Received>;
  readonly close: () => void;
}

const maxAnswerBytes = 64 * 1024;

/** The line to one origin, with connections that are kept. Redirects are not followed: an answer from elsewhere is none. @param ca PEM, where the system does not know who signed the server's certificate */
export function openLine(origin: URL, ca?: string): Line {
  const isTls = origin.protocol === 'https:';
  const agent = isTls ? new HttpsAgent({ keepAlive: true, maxSockets: 16, timeout: 30_000, ...(ca === undefined ? {} : { ca }) }) : new HttpAgent({ keepAlive: true, maxSockets: 16, timeout: 30_000 });
  const ask = isTls ? httpsRequest : httpRequest;
  return {
    send: ({ method, path, headers, body, signal }) => new Promise((resolve, reject) => {
      const request = ask({ protocol: origin.protocol, hostname: origin.hostname.replace(/^\[|\]$/g, ''), port: origin.port, method, path, agent, signal, headers: { ...headers, 'content-length': String(body.length) } }, (answer) => {
        const parts: Buffer[] = [];
        let size = 0;
        answer.on('data', (part: Buffer) => {
          size += part.length;
          if (size > maxAnswerBytes) request.destroy(new Error(`the answer is larger than ${maxAnswerBytes} bytes`));
          else parts.push(part);
        });
        answer.on('end', () => (answer.complete ? resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) }) : reject(new Error('the answer broke off'))));
        answer.on('error', reject);
        // A body that is cut off ends without "end".
        answer.on('close', () => reject(new Error('the answer broke off')));
      });
      request.on('error', reject);
      request.end(body);
    }),
    close: () => agent.destroy(),
  };
}
