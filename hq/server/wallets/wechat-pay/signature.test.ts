import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rsa } from 'wechatpay-axios-plugin';
import { privateKeyOf, publicKeyOf, vector, vectorHex, vectorText } from '../adapter/vectors.fixture.ts';
import { unseal, whyUnverified } from './signature.ts';

const signedAt = 1_795_321_800_000;
const verifier = { platformKeys: new Map([['PLATFORM', publicKeyOf('platform')]]), now: () => signedAt };
const headersOf = (name: string, nonce: string) => ({ 'wechatpay-timestamp': '1795321800', 'wechatpay-nonce': nonce, 'wechatpay-serial': 'PLATFORM', 'wechatpay-signature': vectorText(`${name}.signature`) });
const headers = headersOf('wechat-answer', 'c5ac7061fccab6bf3e254dcf98995b8c');
const body = vector('wechat-answer.body');

describe('signatures of WeChat Pay, against OpenSSL', () => {
  test('a request is signed with the very bytes that the openssl command line makes', () => {
    expect(Rsa.sign(vectorText('wechat-request.message'), privateKeyOf('merchant').export({ type: 'pkcs8', format: 'pem' }).toString())).toBe(vectorText('wechat-request.signature'));
  });

  test('an answer that the openssl command line signed is believed, and so is one without a body', () => {
    expect(whyUnverified(verifier, headers, body)).toBeUndefined();
    expect(whyUnverified(verifier, headersOf('wechat-empty', 'fdasflkja484w'), Buffer.alloc(0))).toBeUndefined();
  });

  test('not a bit of its body may be another', () => {
    fc.assert(fc.property(fc.nat(body.length * 8 - 1), (bit) => {
      const changed = Buffer.from(body);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(whyUnverified(verifier, headers, changed)).toBe('its signature is wrong');
    }));
  });

  test.each([
    ['timestamp', { 'wechatpay-timestamp': '1795321801' }, 'its signature is wrong'],
    ['nonce', { 'wechatpay-nonce': 'c5ac7061fccab6bf3e254dcf98995b8d' }, 'its signature is wrong'],
    ['signature, which WeChat Pay sends to try whether anybody looks', { 'wechatpay-signature': `WECHATPAY/SIGNTEST/${vectorText('wechat-answer.signature')}` }, 'its signature is wrong'],
    ['signature that is missing', { 'wechatpay-signature': undefined }, 'it is not signed'],
    ['timestamp that is missing', { 'wechatpay-timestamp': undefined }, 'it is not signed'],
    ['timestamp that is no number', { 'wechatpay-timestamp': '1795321800.0' }, 'its timestamp is none'],
    ['key that nobody has named', { 'wechatpay-serial': 'ANOTHER' }, 'it is signed with a key that WECHAT_PAY_PLATFORM_KEYS does not name (has WeChat Pay changed its own?)'],
  ])('another %s is not believed', (_what, change, why) => {
    expect(whyUnverified(verifier, { ...headers, ...change }, body)).toBe(why);
  });

  test.each([[300_000, undefined], [-300_000, undefined], [300_001, 'its timestamp is more than 5 minutes from our clock'], [-300_001, 'its timestamp is more than 5 minutes from our clock']])('%d ms after it was signed: %s', (lateMs, why) => {
    expect(whyUnverified({ ...verifier, now: () => signedAt + lateMs }, headers, body)).toBe(why);
  });

  test('the merchant cannot sign for the platform', () => {
    expect(whyUnverified({ ...verifier, platformKeys: new Map([['PLATFORM', publicKeyOf('merchant')]]) }, headers, body)).toBe('its signature is wrong');
  });
});

describe('what is sealed with AES-256-GCM', () => {
  test('what the openssl command line has sealed is opened', () => {
    const ciphertext = Buffer.concat([vectorHex('sealed-text.hex'), vectorHex('sealed-tag.hex')]).toString('base64');
    expect(unseal(vectorHex('sealed-key.hex'), { ciphertext, nonce: vectorHex('sealed-nonce.hex'), associatedData: '' })?.toString('utf8')).toBe(vectorText('sealed.body'));
  });

  test("the GCM specification's case with further data (test case 16) is opened", () => {
    const hex = (text: string) => Buffer.from(text, 'hex');
    const key = hex('feffe9928665731c6d6a8f9467308308'.repeat(2));
    const ciphertext = hex('522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662' + '76fc6ece0f4e1768cddf8853bb2d551b').toString('base64');
    const opened = unseal(key, { ciphertext, nonce: hex('cafebabefacedbaddecaf888'), associatedData: hex('feedfacedeadbeeffeedfacedeadbeefabaddad2') });
    expect(opened?.toString('hex')).toBe('d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39');
  });

  test('further data are authenticated, and neither they nor a bit of the rest may be another', () => {
    const key = Buffer.from('0123456789abcdefghijklmnopqrstuv');
    const cipher = createCipheriv('aes-256-gcm', key, '5K8264ILTKCH').setAAD(Buffer.from('transaction'));
    const ciphertext = Buffer.concat([cipher.update('{"out_trade_no":"1"}'), cipher.final(), cipher.getAuthTag()]);
    const open = (more: object) => unseal(key, { ciphertext: ciphertext.toString('base64'), nonce: '5K8264ILTKCH', associatedData: 'transaction', ...more });
    expect(open({})?.toString()).toBe('{"out_trade_no":"1"}');
    expect([open({ associatedData: '' }), open({ associatedData: 'refund' }), open({ nonce: '5K8264ILTKCI' }), open({ ciphertext: '' }), open({ ciphertext: ciphertext.subarray(0, -1).toString('base64') })]).toEqual([undefined, undefined, undefined, undefined, undefined]);
    fc.assert(fc.property(fc.nat(ciphertext.length * 8 - 1), (bit) => {
      const changed = Buffer.from(ciphertext);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(open({ ciphertext: changed.toString('base64') })).toBeUndefined();
    }));
  });
});
