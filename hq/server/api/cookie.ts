/** The session's cookie. With the prefix a browser takes it over TLS alone and for this host alone; on a plain line (this machine) it has another name. */
export const sessionCookieName = { secure: '__Host-counter24', plain: 'counter24' } as const;

/** The token of the request's session cookie. */
export function sessionCookie(header: string | undefined): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [name = '', value = ''] = part.trim().split('=');
    if (name === sessionCookieName.secure || name === sessionCookieName.plain) return value;
  }
  return undefined;
}
