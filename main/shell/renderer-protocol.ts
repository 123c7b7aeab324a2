import fs from 'node:fs/promises';
import path from 'node:path';
import type { Session } from 'electron';

export const scheme = 'counter24';
export const pageOrigin = `${scheme}://kiosk`;
export const pageUrl = `${pageOrigin}/index.html`;

const contentSecurityPolicy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'", "connect-src 'none'",
  "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "object-src 'none'", "require-trusted-types-for 'script'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.webp': 'image/webp',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Serves the page's own files and nothing else: no file://, no net. */
export function serveRenderer(session: Session, folder: string): void {
  session.protocol.handle(scheme, async (request) => {
    const file = fileFor(request, folder);
    if (!file) return new Response('', { status: 404 });
    try {
      return new Response(new Uint8Array(await fs.readFile(file.path)), {
        headers: {
          'content-type': file.type,
          'content-security-policy': contentSecurityPolicy,
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-store',
        },
      });
    } catch {
      return new Response('', { status: 404 });
    }
  });
}

function fileFor(request: Request, folder: string): { path: string; type: string } | undefined {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.host !== 'kiosk') return undefined;
  const file = path.join(folder, path.normalize(decodeURIComponent(url.pathname)));
  const type = types[path.extname(file)];
  return type && file.startsWith(folder + path.sep) ? { path: file, type } : undefined;
}
