import type { FastifyRequest } from 'fastify';
import { isLoopbackHost } from '../environment/environment.ts';

/**
 * Whether a request comes from this machine itself, and is for it by name: no page from elsewhere whose name was made to point here (DNS rebinding), and
 * nothing through a proxy that stands on this machine, which gives everybody's requests the address and often the Host of its own. A proxy is known by what
 * it adds, or by HTTP/1.0, which no browser speaks and some proxies do unless told otherwise.
 */
export function isNear(request: FastifyRequest): boolean {
  return !isProxied(request) && isLoopbackHost(request.hostname) && isLoopbackHost((request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''));
}

const addedByProxies: ReadonlySet<string> = new Set(['forwarded', 'via', 'x-real-ip', 'x-client-ip', 'x-original-host', 'true-client-ip', 'cf-connecting-ip']);

function isProxied({ headers, raw }: FastifyRequest): boolean {
  return raw.httpVersion === '1.0' || Object.keys(headers).some((name) => name.startsWith('x-forwarded-') || addedByProxies.has(name));
}
