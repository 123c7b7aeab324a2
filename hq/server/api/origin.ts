import type { FastifyRequest } from 'fastify';

/**
 * Whether a call that changes something was made by the console's own page, or by no browser at all. A browser says where a call comes from
 * (Fetch Metadata, and Origin); the session's cookie is SameSite=Strict beside it.
 */
export function isFromConsole(request: FastifyRequest): boolean {
  const { 'sec-fetch-site': site, origin } = request.headers;
  if (typeof site === 'string') return site === 'same-origin' || site === 'none';
  if (typeof origin !== 'string') return true;
  return URL.canParse(origin) && new URL(origin).host === request.host.replace(/:(80|443)$/, '');
}
