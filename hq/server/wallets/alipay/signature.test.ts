import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { publicKeyOf, vectorText } from '../adapter/vectors.fixture.ts';
import { notificationText, topMembers, whyForged, whyUnverified } from './signature.ts';

const key = publicKeyOf('alipay');
const name = 'alipay_trade_precreate_response';
const raw = vectorText('alipay-answer.json');
const sign = vectorText('alipay-answer.signature');
const content = vectorText('alipay-answer.message');

describe('an answer', () => {
  test('that the openssl command line signed is believed: escaped slashes, braces and quotes within strings stay as they are', () => {
    expect(whyUnverified(key, raw, name, undefined)).toBeUndefined();
    expect(topMembers(raw)?.get(name)).toBe(content);
  });

  test('may come with blanks around, its members in another order, and a certificate number that is the expected one', () => {
    const other = ` {\n "alipay_cert_sn" : "abc" , "sign" : "${sign}", "${name}" : ${content} } \n`;
    expect(whyUnverified(key, other, name, 'abc')).toBeUndefined();
    expect(whyUnverified(key, other, name, 'abd')).toMatch(/^it is signed with another certificate/);
  });

  test('of which a character is another is not believed', () => {
    fc.assert(fc.property(fc.nat(raw.length - 1), fc.constantFrom('0', 'a', '"', '}', ' ', '\\'), (at, letter) => {
      const changed = raw.slice(0, at) + letter + raw.slice(at + 1);
      // A signature in base64 has bits that count for nothing, in its last letter before the padding.
      fc.pre(changed !== raw && !raw.slice(at).startsWith('=') && !/^.=?="/.test(raw.slice(at)));
      expect(whyUnverified(key, changed, name, undefined)).toBeDefined();
    }), { numRuns: 500 });
  });

  test.each([
    ['in which the object stands twice, the forged one last', `{"${name}":${content},"sign":"${sign}","${name}":{"code":"10000"}}`],
    ['in which it stands twice, the forged one first', `{"${name}":{"code":"10000"},"${name}":${content},"sign":"${sign}"}`],
    ['in which it stands twice by another spelling', `{"${name}":${content},"sign":"${sign}","alipay\\u005ftrade_precreate_response":{"code":"10000"}}`],
    ['that has two signatures', `{"${name}":${content},"sign":"${sign}","sign":"x"}`],
    ['to something else', raw.replace(name, 'alipay_trade_query_response')],
    ['without a signature', `{"${name}":${content}}`],
    ['whose signature is no text', `{"${name}":${content},"sign":1}`],
    ['that hides the signed object in a string', `{"note":"${name}\\":${JSON.stringify(content).slice(1, -1)},\\"sign","${name}":{"code":"10000"},"sign":"${sign}"}`],
    ['with something after it', `${raw}{}`],
    ['that is a list', `[${raw}]`],
    ['that is empty', ''],
    ['of the gateway itself', '{"error_response":{"code":"40002","sub_code":"isv.invalid-app-id"}}'],
  ])('%s is not believed', (_what, changed) => {
    expect(whyUnverified(key, changed, name, undefined)).toBeDefined();
  });

  test("the gateway's own error is told by its name", () => {
    expect(whyUnverified(key, '{"error_response":{"code":"40002","sub_code":"isv.invalid-app-id"}}', name, undefined)).toBe('it is an error of the gateway itself, signed for no method (it calls itself isv.invalid-app-id)');
  });

  test('the members of any JSON object are found with their raw text, as JSON.parse reads them', () => {
    fc.assert(fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue(), { noNullPrototype: true }), fc.constantFrom(undefined, 1, '\t'), (object, space) => {
      const text = JSON.stringify(object, null, space);
      const members = topMembers(text);
      expect(members && Object.fromEntries([...members].map(([member, value]) => [member, JSON.parse(value) as unknown]))).toEqual(JSON.parse(text));
    }));
  });

  test('nothing that is no JSON throws or ends nowhere', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('{', '}', '"', '\\', ':', ',', '[', ']', 'a', '1', ' ') }), (text) => {
      const members = topMembers(text);
      if (members) expect(() => JSON.parse(text) as unknown).not.toThrow();
    }), { numRuns: 1000 });
  });
});

describe('a notification', () => {
  const parameters = new Map(new URLSearchParams(vectorText('alipay-notification.form')));

  test('that the openssl command line signed is believed, and its text is the very one', () => {
    expect(notificationText(parameters)).toBe(vectorText('alipay-notification.message'));
    expect(whyForged(key, parameters)).toBeUndefined();
  });

  test('of which any parameter is another, missing, or one more is there, is not believed; an empty one does not count', () => {
    for (const name of parameters.keys()) {
      const changed = new Map(parameters).set(name, `0${parameters.get(name)}`);
      expect(whyForged(key, changed)).toBeDefined();
      changed.delete(name);
      expect(whyForged(key, changed)).toBeDefined();
    }
    expect(whyForged(key, new Map(parameters).set('refund_fee', '1.00'))).toBe('its signature is wrong');
    expect(whyForged(key, new Map(parameters).set('refund_fee', ''))).toBeUndefined();
  });

  test('that is signed by the application, or by RSA with SHA-1, is not believed', () => {
    expect(whyForged(publicKeyOf('app'), parameters)).toBe('its signature is wrong');
    expect(whyForged(key, new Map(parameters).set('sign_type', 'RSA'))).toBe('it is not signed by RSA2');
  });
});
