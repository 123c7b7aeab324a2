import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Session } from 'electron';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileFor, pageOrigin, serveRenderer } from './renderer-protocol.ts';

const folders = { page: '/kiosk/dist/renderer', pictures: '/kiosk/config/pictures', sentPictures: '/kiosk/data/pictures' };
const get = (address: string, method = 'GET') => fileFor({ url: `${pageOrigin}${address}`, method }, folders);

describe('the page’s own scheme', () => {
  it('finds the page’s files and the shop’s pictures, each in its folder', () => {
    expect(get('/assets/index-1a.js')).toEqual({ path: path.join(folders.page, 'assets/index-1a.js'), type: 'text/javascript; charset=utf-8', keep: 'max-age=31536000, immutable' });
    expect(get('/index.html')).toMatchObject({ keep: 'no-store' });
    expect(get('/pictures/roast-duck.jpg')).toEqual({ path: path.join(folders.pictures, 'roast-duck.jpg'), type: 'image/jpeg', keep: 'max-age=60' });
  });

  it.each([
    '/pictures/../kiosk.json', '/pictures/..%2fkiosk.png', '/pictures/..%5ckiosk.png', '/pictures/sub/a.png', '/pictures/.hidden.png', '/pictures/a.html', '/pictures/a.js',
    '/pictures/A.png', '/pictures/a.png%00.png', '/pictures/', '/pictures/a..png', '/a%00.js', '/%ff.js', '/index', '/index.json',
  ])('has nothing at %s', (address) => {
    expect(get(address)).toBeUndefined();
  });

  it.each(['/pictures/%2e%2e/kiosk.png', '/..%2f..%2fkiosk.png', '/%2e%2e/kiosk.png', '/../../kiosk.png'])('does not climb out by %s: it is looked for in the page’s folder', (address) => {
    expect(get(address)?.path).toBe(path.join(folders.page, 'kiosk.png'));
  });

  it('answers no other host and no other method', () => {
    expect(fileFor({ url: 'counter24://other/index.html', method: 'GET' }, folders)).toBeUndefined();
    expect(get('/index.html', 'POST')).toBeUndefined();
  });

  it('finds what HQ has sent, named by its content, beside the store, and lets the page keep it for good', () => {
    const sent = `${'0123456789abcdef'.repeat(4)}.webp`;
    expect(get(`/pictures/${sent}`)).toEqual({ path: path.join(folders.sentPictures, sent), type: 'image/webp', keep: 'max-age=31536000, immutable' });
    expect(fileFor({ url: `${pageOrigin}/pictures/${sent}`, method: 'GET' }, { ...folders, sentPictures: undefined })).toBeUndefined();
    // A name like one of these is the shop's own.
    expect(get(`/pictures/${sent.slice(1)}`)?.path).toBe(path.join(folders.pictures, sent.slice(1)));
  });

  it('without a folder of pictures has none', () => {
    expect(fileFor({ url: `${pageOrigin}/pictures/a.png`, method: 'GET' }, { ...folders, pictures: undefined })).toBeUndefined();
  });

  it('never leaves its two folders, whatever is asked for', () => {
    const part = fc.oneof(fc.constantFrom('..', '.', '%2e%2e', '%2f', '%5c', '\\', '/', '//', 'pictures', 'a.png', 'b.js', '%00', '%ff'), fc.string({ maxLength: 6 }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const address = `${pageOrigin}/${parts.join('/')}`;
        if (!URL.canParse(address)) return;
        const file = fileFor({ url: address, method: 'GET' }, folders);
        if (!file) return;
        expect([folders.page, folders.pictures, folders.sentPictures].some((folder) => file.path.startsWith(folder + path.sep)), file.path).toBe(true);
        expect(path.normalize(file.path)).toBe(file.path);
      }),
    );
  });
});

describe('what is served', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'counter24-protocol-'));
    await fs.mkdir(path.join(folder, 'pictures'));
    await fs.writeFile(path.join(folder, 'pictures', 'duck.png'), 'png');
  });
  afterEach(() => fs.rm(folder, { recursive: true }));

  it('brings its policy along: no inline script or style, no net, one Trusted Types policy; what is missing is 404', async () => {
    let answer: ((request: Request) => Promise<Response>) | undefined;
    const session = { protocol: { handle: (_: string, handler: typeof answer) => (answer = handler) } } as unknown as Session;
    serveRenderer(session, { page: folder, pictures: path.join(folder, 'pictures'), sentPictures: undefined });
    const ask = (address: string) => answer!({ url: `${pageOrigin}${address}`, method: 'GET' } as Request);
    const picture = await ask('/pictures/duck.png');
    expect([picture.status, picture.headers.get('content-type'), await picture.text()]).toEqual([200, 'image/png', 'png']);
    const policy = picture.headers.get('content-security-policy') ?? '';
    for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'none'", "worker-src 'self'", "img-src 'self' data:", "require-trusted-types-for 'script'", 'trusted-types counter24-worker']) {
      expect(policy.split('; ')).toContain(rule);
    }
    expect(policy).not.toMatch(/unsafe|\*/);
    expect((await ask('/pictures/goose.png')).status).toBe(404);
  });
});
