import type { FastifyReply, FastifyRequest } from 'fastify';

/** The session's cookie. With the prefix a browser takes it over TLS alone and for this host alone; on a plain line (this machine) it has another name. */
export const sessionCookieName = { secure: '__Host-counter24', plain: 'counter24' } as const;

/** Over TLS, by itself or by the word of a trusted proxy. */
export const isSecure = (request: FastifyRequest) => request.protocol === 'https';

/** The token of the request's session cookie. Over TLS the plain name is not believed: a page of a neighbouring name may have set it. */
export function sessionCookie(request: FastifyRequest): string | undefined {
  const wanted = isSecure(request) ? sessionCookieName.secure : sessionCookieName.plain;
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name = '', value = ''] = part.trim().split('=');
    if (name === wanted) return value;
  }
  return undefined;
}

/** Without a time: a browser forgets it when it closes, and HQ ends the session by its own clock. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, token: string | undefined): void {
  const name = isSecure(request) ? sessionCookieName.secure : sessionCookieName.plain;
  reply.header('set-cookie', `${name}=${token ?? ''}; Path=/; HttpOnly; SameSite=Strict${isSecure(request) ? '; Secure' : ''}${token === undefined ? '; Max-Age=0' : ''}`);
}
