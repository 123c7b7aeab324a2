import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { httpbis } from 'http-message-signatures';
import { afterEach, describe, expect, it } from 'vitest';
import { startHqRig } from '../core/testing/hq-rig.ts';
import { chooseEncoding, encodeBody } from './compression.ts';
import { contentDigest, privateKeyOf, publicKeyOf, signRequest, verifyResponse } from './signatures.ts';
import { createSignedClient } from './signed-client.ts';
import { openKiosk, quickRuntime, rigCode, rigKiosk } from './testing/kiosk-rig.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const hq = generateKeyPairSync('ed25519');
const kiosk = generateKeyPairSync('ed25519');

describe('the signatures (RFC 9421)', () => {
  it('are those of the specification: its own Ed25519 example (B.2.6), to the byte', async () => {
    const key = privateKeyOf('MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF')!;
    const { headers } = await httpbis.signMessage(
      {
        name: 'sig-b26', key: { id: 'test-key-ed25519', sign: async (data) => sign(null, data, key) }, params: ['created', 'keyid'], paramValues: { created: new Date(1_618_884_473_000) },
        fields: ['date', '@method', '@path', '@authority', 'content-type', 'content-length'],
      },
      {
        method: 'POST', url: 'https://example.com/foo?param=Value&Pet=dog',
        headers: { date: 'Tue, 20 Apr 2021 02:07:55 GMT', 'content-type': 'application/json', 'content-length': '18' },
      },
    );
    const signed = headers as Record<string, string>;
    expect(signed['Signature-Input']).toBe('sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"');
    expect(signed['Signature']).toBe('sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:');
    expect(publicKeyOf('MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=')?.asymmetricKeyType).toBe('ed25519');
  });

  it('of a request cover all that is to be covered, in order, at any time of the clock', async () => {
    const body = Buffer.from('{}');
    const headers = await signRequest(kiosk.privateKey, {
      method: 'POST', url: new URL('http://hq.example:8080/api/kiosk/history?lane=orders'), body, session: 'none', keyId: rigKiosk, nonce: '1.abc', at: 0,
    });
    expect(headers['Signature-Input']).toBe(
      'sig=("@method" "@authority" "@path" "@query" "content-digest" "counter24-session");created=1;keyid="kiosk-001";nonce="1.abc";alg="ed25519";tag="counter24-kiosk"');
    expect(headers['content-digest']).toBe(`sha-256=:${createHash('sha256').update(body).digest('base64')}:`);
    // By hand, so that a fault of the library is not our own yardstick.
    const base = [
      '"@method": POST', '"@authority": hq.example:8080', '"@path": /api/kiosk/history', '"@query": ?lane=orders', `"content-digest": ${headers['content-digest']}`, '"counter24-session": none',
      `"@signature-params": ${headers['Signature-Input']!.slice('sig='.length)}`,
    ].join('\n');
    expect(headers['Signature']).toBe(`sig=:${sign(null, Buffer.from(base), kiosk.privateKey).toString('base64')}:`);
  });

  it('of an answer are believed only over all of it, by HQ, for this request', async () => {
    const body = Buffer.from('{"hqTime":1}');
    const good = answerHeaders(body);
    const verdict = (headers: Record<string, string>, status = 200, bytes: Buffer = body, nonce = '1.abc') => verifyResponse(hq.publicKey, status, headers, bytes, nonce);
    expect(await verdict(good)).toBe('signed');
    expect(await verdict({})).toBe('unsigned');
    expect(await verdict(good, 503)).toBe('wrong');
    expect(await verdict(good, 200, Buffer.from('{"hqTime":2}'))).toBe('wrong');
    expect(await verdict(good, 200, body, '2.abc')).toBe('wrong');
    expect(await verdict({ ...good, 'counter24-nonce': '2.abc' }, 200, body, '2.abc')).toBe('wrong');
    expect(await verdict(answerHeaders(body, { key: kiosk.privateKey }))).toBe('wrong');
    expect(await verdict(answerHeaders(body, { tag: 'counter24-kiosk' }))).toBe('wrong');
    expect(await verdict(answerHeaders(body, { keyId: 'kiosk-001' }))).toBe('wrong');
    expect(await verdict(answerHeaders(body, { components: ['@status'] }))).toBe('wrong');
    expect(await verdict(answerHeaders(body, { components: ['@status', 'content-digest', 'counter24-nonce', 'date'] }))).toBe('wrong');
    expect(await verdict({ ...good, 'signature-input': good['signature-input']!.replace('hq=', 'other=') })).toBe('wrong');
    expect(await verdict({ ...good, 'signature-input': 'hq=(("' })).toBe('wrong');
    expect(await verdict({ signature: good['signature']! })).toBe('wrong');
    // Another's signature beside HQ's own changes nothing.
    const stranger = answerHeaders(body, { key: kiosk.privateKey });
    expect(await verdict({ ...good, 'signature-input': `${good['signature-input']}, ${stranger['signature-input']!.replace('hq=', 'b=').replace('keyid="hq"', 'keyid="b"')}`, signature: `${good['signature']}, ${stranger['signature']!.replace('hq=', 'b=')}` })).toBe('signed');
  });

  it('take Ed25519 keys and no others', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
    expect(publicKeyOf(rsa.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'))).toBeUndefined();
    expect([publicKeyOf(''), publicKeyOf('AAAA'), privateKeyOf('no key')]).toEqual([undefined, undefined, undefined]);
  });
});

describe('the signed client', () => {
  it('gives up an answer without end, one that is too long, one that never comes, and a redirection', async () => {
    const hang = await startServer((_, response) => void response.writeHead(200).write('{'));
    const endless = await startServer((_, response) => {
      const pour = () => {
        while (response.write('x'.repeat(65_536))) {}
      };
      response.on('drain', pour);
      pour();
    });
    const redirect = await startServer((_, response) => void response.writeHead(307, { location: hang }).end());
    const details = await Promise.all([hang, endless, redirect, 'http://127.0.0.1:9'].map(async (url) => {
      const answer = await clientOf(url).ask({ method: 'POST', path: '/api/kiosk/greet', body: {}, hqKey: hq.publicKey, maxAnswerBytes: 100_000 });
      return answer.ok ? 'ok' : `${answer.error.kind}: ${answer.error.detail}`;
    }));
    expect(details[0]).toBe('away: no whole answer within 30000 ms');
    expect(details[1]).toBe('away: an answer of more than 100000 bytes');
    expect(details[2]).toMatch(/^away: /);
    expect(details[3]).toMatch(/^away: /);
  });

  it('is stopped at once, and before it begins', async () => {
    const hang = await startServer(() => {});
    const stop = new AbortController();
    const asking = clientOf(hang, 1_000_000).ask({ method: 'GET', path: '/', hqKey: hq.publicKey }, stop.signal);
    setTimeout(() => stop.abort(), 10);
    expect(await asking).toEqual({ ok: false, error: { kind: 'away', detail: 'given up' } });
    expect(await clientOf(hang).ask({ method: 'GET', path: '/', hqKey: hq.publicKey }, stop.signal)).toMatchObject({ ok: false });
  });

  it.each([
    ['2', 2_000], ['0.5', 500], ['99999999', 300_000], ['soon', undefined], ['-1', undefined], ['a date', 60_000],
  ])('honours Retry-After %s, up to five minutes', async (value, expected) => {
    const busy = await startServer((_, response) => void response.writeHead(503, { 'retry-after': value === 'a date' ? new Date(quickRuntime.now() + 60_000).toUTCString() : value }).end());
    const answer = await clientOf(busy).ask({ method: 'GET', path: '/', hqKey: hq.publicKey });
    const waitMs = answer.ok || answer.error.kind !== 'away' ? Number.NaN : answer.error.retryAfterMs;
    if (expected === undefined) expect(waitMs).toBeUndefined();
    else expect(Math.abs(waitMs! - expected)).toBeLessThan(2_000);
  });

  it('signs each request with another nonce, of rising count, and compresses what is worth it', async () => {
    const seen: http.IncomingHttpHeaders[] = [];
    const url = await startServer((request, response) => {
      seen.push(request.headers);
      response.writeHead(500).end();
    });
    const client = clientOf(url);
    await client.ask({ method: 'POST', path: '/', body: {}, hqKey: hq.publicKey, encoding: 'gzip' });
    await client.ask({ method: 'POST', path: '/', body: { text: 'x'.repeat(5_000) }, session: randomUUID(), hqKey: hq.publicKey, encoding: 'gzip' });
    expect(seen.map((headers) => headers['content-encoding'])).toEqual([undefined, 'gzip']);
    expect(seen.map((headers) => /nonce="(\d+)\./.exec(String(headers['signature-input']))?.[1])).toEqual(['1', '2']);
    expect(Number(seen[1]?.['content-length'])).toBeLessThan(200);
    expect(seen[0]?.['counter24-session']).toBe('none');
  });

  it('compresses with zstd where both sides can, and with gzip else', () => {
    expect(chooseEncoding(['zstd', 'gzip'])).toBe('zstd');
    expect(chooseEncoding(['gzip'])).toBe('gzip');
    expect(chooseEncoding([])).toBeUndefined();
    expect(encodeBody('short', 'zstd').encoding).toBeUndefined();
    expect(encodeBody('x'.repeat(2_000), 'zstd').bytes.length).toBeLessThan(100);
  });
});

describe('enrolment', () => {
  it('waits until a person has approved, keeps the key over restarts, and pins HQ', async () => {
    const [rig, store] = [await startHqRig(rigCode, { approves: false, now: quickRuntime.now }), openKiosk()];
    closers.push(store.close, rig.close);
    store.sell();
    const first = store.sync(rig.url);
    await first.until(() => first.codes().includes('HQ_NOT_ENROLLED'));
    await first.stop();
    expect(rig.events()).toEqual([]);
    rig.approve();
    const second = store.sync(rig.url);
    closers.push(second.stop);
    await second.untilDry();
    await second.until(() => second.status()?.enrolled === true);
    expect(rig.complaints()).toEqual([]);
    await second.stop();
    // Approved: the code is asked for no more.
    const asked = rig.asked().length;
    store.sell();
    const third = store.sync(rig.url, { enrolmentCode: () => undefined });
    closers.push(third.stop);
    await third.untilDry();
    expect(rig.asked().slice(asked)).not.toContain('/api/kiosk/enrol');
  });

  it('without a code, or with a wrong one, it sells on, says so by name, and takes the right one when it comes', async () => {
    const [rig, store] = [await startHqRig(rigCode, { now: quickRuntime.now }), openKiosk()];
    closers.push(store.close, rig.close);
    let code: string | undefined;
    store.sell();
    const sync = store.sync(rig.url, { enrolmentCode: () => code });
    closers.push(sync.stop);
    await sync.until(() => sync.codes().includes('HQ_NOT_ENROLLED'));
    expect(rig.asked()).toEqual([]);
    code = 'WRONG-CODE';
    await sync.until(() => sync.codes().includes('HQ_CODE_WRONG'));
    code = rigCode;
    await sync.untilDry();
    expect(rig.events()).toHaveLength(3);
  });

  it('believes the configured HQ alone, even at the first contact', async () => {
    const [rig, store] = [await startHqRig(rigCode, { now: quickRuntime.now }), openKiosk()];
    closers.push(store.close, rig.close);
    store.sell();
    const stranger = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    const wary = store.sync(rig.url, { configuredHqKey: stranger });
    await wary.until(() => wary.codes().includes('HQ_KEY_CHANGED'));
    expect(wary.status()?.enrolled ?? false).toBe(false);
    await wary.stop();
    const sure = store.sync(rig.url, { configuredHqKey: rig.publicKey });
    closers.push(sure.stop);
    await sure.untilDry();
    expect(rig.events()).toHaveLength(3);
  });

  it('an HQ that has lost the key gets it again by the code; another HQ in its place is not believed', async () => {
    const [rig, other, store] = [await startHqRig(rigCode, { now: quickRuntime.now }), await startHqRig(rigCode, { now: quickRuntime.now }), openKiosk()];
    closers.push(store.close, rig.close, other.close);
    store.sell();
    const first = store.sync(rig.url);
    await first.untilDry();
    await first.stop();
    store.sell();
    const second = store.sync(other.url);
    closers.push(second.stop);
    await second.until(() => second.codes().includes('HQ_KEY_CHANGED'));
    expect(other.events()).toEqual([]);
    await second.stop();
    rig.forgetKiosk();
    const third = store.sync(rig.url);
    closers.push(third.stop);
    await third.untilDry();
    expect(rig.events()).toHaveLength(6);
  });
});

function answerHeaders(body: Buffer, { key = hq.privateKey, keyId = 'hq', tag = 'counter24-hq', components = ['@status', 'content-digest', 'counter24-nonce'] } = {}): Record<string, string> {
  const values: Record<string, string> = { '@status': '200', 'content-digest': contentDigest(body), 'counter24-nonce': '1.abc', date: 'today' };
  const parameters = `(${components.map((name) => `"${name}"`).join(' ')});created=1;keyid="${keyId}";alg="ed25519";tag="${tag}"`;
  const base = [...components.map((name) => `"${name}": ${values[name]}`), `"@signature-params": ${parameters}`].join('\n');
  return {
    'content-digest': values['content-digest']!, 'counter24-nonce': '1.abc', date: 'today',
    'signature-input': `hq=${parameters}`, signature: `hq=:${sign(null, Buffer.from(base), key).toString('base64')}:`,
  };
}

function clientOf(url: string, timeoutMs?: number) {
  return createSignedClient({ ...quickRuntime, url, kioskId: rigKiosk, privateKey: kiosk.privateKey, ...(timeoutMs ? { timeoutMs } : {}) });
}

async function startServer(listener: http.RequestListener): Promise<string> {
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

