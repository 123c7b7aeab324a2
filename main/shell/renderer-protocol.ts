import fs from 'node:fs/promises';
import path from 'node:path';
import type { Session } from 'electron';

export const scheme = 'counter24';
export const pageOrigin = `${scheme}://kiosk`;
export const pageUrl = `${pageOrigin}/index.html`;

/** The name of the one Trusted Types policy that there may be: renderer/search makes its worker's address by it. */
export const workerPolicyName = 'counter24-worker';

const contentSecurityPolicy = [
  // data: is for the shop's logo, which comes with the configuration.
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "worker-src 'self'", "connect-src 'none'",
  "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "object-src 'none'", "require-trusted-types-for 'script'", `trusted-types ${workerPolicyName}`,
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.webp': 'image/webp',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface RendererFolders {
  /** The page itself. */
  readonly page: string;
  /** The shop's own pictures, which a catalogue names by file; there may be none. */
  readonly pictures: string | undefined;
  /** Pictures that core has fetched from HQ, each named by the hash of its bytes. */
  readonly sentPictures: string | undefined;
}

/** Serves the page's own files and the shop's pictures, and nothing else: no file://, no net. */
export function serveRenderer(session: Session, folders: RendererFolders): void {
  session.protocol.handle(scheme, async (request) => {
    const file = fileFor(request, folders);
    if (!file) return new Response('', { status: 404 });
    try {
      return new Response(new Uint8Array(await fs.readFile(file.path)), {
        headers: {
          'content-type': file.type,
          'content-security-policy': contentSecurityPolicy,
          'x-content-type-options': 'nosniff',
          'cache-control': file.keep,
        },
      });
    } catch {
      return new Response('', { status: 404 });
    }
  });
}

/** As the catalogue's schema has it: one name, no folder. */
const pictureName = /^\/pictures\/([a-z0-9][a-z0-9-]*\.(?:webp|png|jpg|svg))$/;
const sentName = /^[0-9a-f]{64}\.(?:webp|png|jpg)$/;

/**
 * For how long the page may show a file again without asking. It keeps them in memory alone, so a new start asks for all. What stands in `assets` has its content's hash
 * in its name and never changes; of a shop's picture that is replaced the old one is seen for a minute. A page that asked anew would show each list without its pictures first.
 */
const keeping = { always: 'max-age=31536000, immutable', aMinute: 'max-age=60', never: 'no-store' } as const;

export interface ServedFile {
  readonly path: string;
  readonly type: string;
  /** The value of `cache-control`. */
  readonly keep: (typeof keeping)[keyof typeof keeping];
}

/** The file that a request means, if there may be one. It never leaves its folder. */
export function fileFor(request: Pick<Request, 'url' | 'method'>, { page, pictures, sentPictures }: RendererFolders): ServedFile | undefined {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.host !== 'kiosk') return undefined;
  if (url.pathname.startsWith('/pictures/')) {
    const name = pictureName.exec(url.pathname)?.[1];
    const type = name && types[path.extname(name)];
    if (!type) return undefined;
    if (sentName.test(name)) return sentPictures === undefined ? undefined : { path: path.join(sentPictures, name), type, keep: keeping.always };
    return pictures === undefined ? undefined : { path: path.join(pictures, name), type, keep: keeping.aMinute };
  }
  const decoded = decodedPath(url.pathname);
  if (decoded === undefined) return undefined;
  const file = path.join(page, path.normalize(decoded));
  const type = types[path.extname(file)];
  const keep = file.startsWith(path.join(page, 'assets') + path.sep) ? keeping.always : keeping.never;
  return type && file.startsWith(page + path.sep) ? { path: file, type, keep } : undefined;
}

/** Undefined for what is no UTF-8, and for a NUL, at which the file system would throw. */
function decodedPath(pathname: string): string | undefined {
  try {
    const decoded = decodeURIComponent(pathname);
    return decoded.includes('\0') ? undefined : decoded;
  } catch {
    return undefined;
  }
}
