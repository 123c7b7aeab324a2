import { randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/**
 * A self-signed X.509 certificate of an RSA key (RFC 5280 §4.1), as PEM. Node reads certificates and makes none, and these two gateways need nothing more of one
 * than a key with a serial number.
 */
export function selfSignedCertificate({ privateKey, publicKey, commonName, from, until }: {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly commonName: string;
  /** Epoch milliseconds UTC. */
  readonly from: number;
  readonly until: number;
}): { readonly pem: string; readonly serial: string } {
  // 20 octets, the first bit clear and not all zero: a positive INTEGER without padding (§4.1.2.2).
  const serial = randomBytes(20);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const name = sequence(der(0x31, sequence(objectId([2, 5, 4, 3]), der(0x0c, Buffer.from(commonName, 'utf8')))));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    sha256WithRsa(),
    name,
    sequence(utcTime(from), utcTime(until)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const whole = sequence(body, sha256WithRsa(), der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)])));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return { pem: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`, serial: serial.toString('hex').toUpperCase() };
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x1_00 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function objectId([first = 0, second = 0, ...rest]: readonly number[]): Buffer {
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return der(0x06, Buffer.from(bytes));
}

function sha256WithRsa(): Buffer {
  return sequence(objectId([1, 2, 840, 113_549, 1, 1, 11]), der(0x05, Buffer.alloc(0)));
}

/** Two digits of the year: good until 2049 (§4.1.2.5.1). */
function utcTime(at: number): Buffer {
  return der(0x17, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`, 'ascii'));
}
