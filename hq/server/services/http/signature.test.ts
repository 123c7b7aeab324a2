import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseKeys } from './keys.ts';
import type { AnswerToVerify } from './signature.ts';
import { contentDigest, faultOfAnswer, requestBase, signRequest } from './signature.ts';

/** Made by openssl (vectors/make.sh), with a key of 32 bytes 0x0b. */
const vector = (name: string) => readFile(join(import.meta.dirname, 'vectors', name), 'utf8');
const key = { id: 'hq-1', secret: Buffer.alloc(32, 0x0b) };
const job = '0190a000-0000-7000-8000-0000000000cc';
const created = 1_795_420_800;

test.each([
  ['submit', 'POST', '/counter24/orders', '000102030405060708090a0b0c0d0e0f'], ['query', 'GET', `/counter24/orders/${job}`, '101112131415161718191a1b1c1d1e1f'],
] as const)('a %s is signed as openssl signs it', async (name, method, path, nonce) => {
  const request = { method, path, authority: 'carrier.example', body: Buffer.from(await vector(`${name}.body`)), idempotencyKey: job, created, nonce };
  expect(requestBase(request, 'hq-1').base).toBe(await vector(`${name}.base`));
  const headers = signRequest(request, key);
  expect(headers['signature']).toBe(`counter24=:${await vector(`${name}.signature`)}:`);
  expect(await vector(`${name}.base`)).toContain(headers['signature-input']?.replace('counter24=', ''));
});

async function answer(): Promise<AnswerToVerify> {
  const body = Buffer.from(await vector('answer.body'));
  const nonce = '101112131415161718191a1b1c1d1e1f';
  return {
    status: 200, body, nonce, nowSeconds: created + 1,
    headers: {
      'content-digest': contentDigest(body), 'counter24-nonce': nonce, signature: `counter24=:${await vector('answer.signature')}:`,
      'signature-input': `counter24=("@status" "content-digest" "counter24-nonce");created=${created + 1};keyid="hq-1";alg="hmac-sha256";tag="counter24-carrier-answer"`,
    },
  };
}

describe('an answer that openssl signed', () => {
  test('is believed, by an older key of the file, too', async () => {
    expect(faultOfAnswer(await answer(), [{ id: 'hq-2', secret: Buffer.alloc(32, 1) }, key])).toBeUndefined();
  });

  test.each([
    ['of another status', (of: AnswerToVerify) => ({ ...of, status: 201 }), /signature is wrong/],
    ['with another body', (of: AnswerToVerify) => ({ ...of, body: Buffer.from('{"state":"done","reference":"X"}') }), /not the one that was signed/],
    ['with another body and its digest', (of: AnswerToVerify) => ({ ...of, body: Buffer.from('{}'), headers: { ...of.headers, 'content-digest': contentDigest(Buffer.from('{}')) } }), /signature is wrong/],
    ['to another request', (of: AnswerToVerify) => ({ ...of, nonce: 'a'.repeat(32) }), /another request/],
    ['to another request, its nonce changed', (of: AnswerToVerify) => ({ ...of, nonce: 'a'.repeat(32), headers: { ...of.headers, 'counter24-nonce': 'a'.repeat(32) } }), /signature is wrong/],
    ['six minutes later', (of: AnswerToVerify) => ({ ...of, nowSeconds: of.nowSeconds + 301 }), /clocks/],
    ['six minutes too early', (of: AnswerToVerify) => ({ ...of, nowSeconds: of.nowSeconds - 301 }), /clocks/],
    ['without a signature', (of: AnswerToVerify) => ({ ...of, headers: { ...of.headers, signature: undefined } }), /not signed/],
    ['with less under its signature', (of: AnswerToVerify) => ({ ...of, headers: { ...of.headers, 'signature-input': String(of.headers['signature-input']).replace(' "content-digest"', '') } }), /exactly what it should/],
    ['with another key’s id', (of: AnswerToVerify) => ({ ...of, headers: { ...of.headers, 'signature-input': String(of.headers['signature-input']).replace('hq-1', 'hq-9') } }), /does not have/],
    ['signed as a request', (of: AnswerToVerify) => ({ ...of, headers: { ...of.headers, 'signature-input': String(of.headers['signature-input']).replace('carrier-answer', 'carrier-request') } }), /another kind/],
    ['without a time', (of: AnswerToVerify) => ({ ...of, headers: { ...of.headers, 'signature-input': String(of.headers['signature-input']).replace(/;created=\d+/, '') } }), /clocks/],
    ['with a time that stands twice', (of: AnswerToVerify) => ({ ...of, headers: { ...of.headers, 'signature-input': `${String(of.headers['signature-input'])};created=1` } }), /stands twice/],
  ])('is not believed %s', async (_name, twist, fault) => {
    expect(faultOfAnswer(twist(await answer()), [key])).toMatch(fault);
  });

  test('is not believed with any bit of its signature changed', async () => {
    const of = await answer();
    const right = Buffer.from(await vector('answer.signature'), 'base64');
    fc.assert(fc.property(fc.integer({ min: 0, max: right.length * 8 - 1 }), (bit) => {
      const wrong = Buffer.from(right);
      wrong[bit >> 3] = wrong[bit >> 3]! ^ (1 << (bit & 7));
      expect(faultOfAnswer({ ...of, headers: { ...of.headers, signature: `counter24=:${wrong.toString('base64')}:` } }, [key])).toBe('its signature is wrong');
    }));
  });
});

describe('a file of keys', () => {
  const secret = Buffer.alloc(32, 1).toString('base64');
  test('holds a key a line, the one that signs first, and remarks', () => {
    expect(parseKeys(`# shared with the carrier\n\nhq-2 ${secret}\r\nhq-1\t${Buffer.alloc(48, 2).toString('base64')}\n`)).toEqual({ ok: true, value: [{ id: 'hq-2', secret: Buffer.alloc(32, 1) }, { id: 'hq-1', secret: Buffer.alloc(48, 2) }] });
  });
  test.each([
    ['', 'it holds no key'], ['# nothing', 'it holds no key'], ['hq-1 c2hvcnQ=', 'the key of line 1 has 5 bytes, and needs 32'], [secret, 'line 1 is not "id base64"'],
    [`hq-1 ${secret}\nhq-1 ${secret}`, 'the id of line 2 stands twice'], [`hq"1 ${secret}`, 'line 1 is not "id base64"'],
  ])('%j is refused by its line, without its secret', (text, fault) => {
    expect(parseKeys(text)).toEqual({ ok: false, error: fault });
  });
});
