import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Wallet } from '../../../../domain/scan/payment-code.ts';
import { isLoopbackHost } from '../../environment/environment.ts';
import { StartFailure } from '../../start-failure.ts';

/** Everything here throws a StartFailure whose sentence names the variable, and never what the file holds. */
export type Variables = Readonly<Record<string, string | undefined>>;

export function readFileOf(name: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new StartFailure(`${name}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown fault'}).`);
  }
}

/** All of `names`, or a sentence that says which are missing and what turned the wallet on. */
export function demand<Name extends string>(variables: Variables, because: string, names: readonly Name[]): Record<Name, string> {
  const missing = names.filter((name) => !variables[name]);
  if (missing.length > 0) throw new StartFailure(`${because} is set, so HQ also needs ${missing.join(', ')}.`);
  return Object.fromEntries(names.map((name) => [name, variables[name] ?? ''])) as Record<Name, string>;
}

/** An RSA key of 2,048 bits or more, as PEM, or as the bare base64 that Alipay's tools write. */
export function readPrivateKey(name: string, file: string): KeyObject {
  const text = readFileOf(name, file).toString('utf8').trim();
  const tries = text.startsWith('-----') ? [() => createPrivateKey(text)] : (['pkcs8', 'pkcs1'] as const).map((type) => () => createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type }));
  return checkRsa(name, file, 'private key', firstThatWorks(tries));
}

/** A public key as PEM or bare base64. */
export function readPublicKey(name: string, file: string): KeyObject {
  const text = readFileOf(name, file).toString('utf8').trim();
  if (text.includes('PRIVATE KEY')) throw new StartFailure(`${name}: ${file} is a private key, and a public one is wanted.`);
  const tries = text.startsWith('-----') ? [() => createPublicKey(text)] : [() => createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })];
  return checkRsa(name, file, 'public key', firstThatWorks(tries));
}

export function readCertificate(name: string, file: string): X509Certificate {
  const bytes = readFileOf(name, file);
  const certificate = firstThatWorks([() => new X509Certificate(bytes)]);
  if (!certificate) throw new StartFailure(`${name}: ${file} is no certificate in PEM.`);
  return certificate;
}

/** Told at start, in words for people. HQ starts all the same: cards and everything else go on while a wallet's certificate is renewed. */
export type Warn = (words: string) => void;

const soonMs = 30 * 86_400_000;

/** A certificate that has ended, is about to, or has not begun yet is worth a word. */
export function checkDates(name: string, certificate: X509Certificate, now: number, warn: Warn): void {
  const [from, to] = [certificate.validFromDate, certificate.validToDate];
  const day = (date: Date) => date.toISOString().slice(0, 10);
  if (now > to.getTime()) warn(`${name}: the certificate ended on ${day(to)}, and must be renewed.`);
  else if (now < from.getTime()) warn(`${name}: the certificate begins only on ${day(from)}.`);
  else if (now > to.getTime() - soonMs) warn(`${name}: the certificate ends on ${day(to)}. Renew it before.`);
}

export function isSameKey(a: KeyObject, b: KeyObject): boolean {
  const publicOf = (key: KeyObject) => (key.type === 'private' ? createPublicKey(key) : key);
  return publicOf(a).equals(publicOf(b));
}

/** An address that is https, or, for a gateway on this machine, http. */
export function readAddress(name: string, text: string, rule: 'https or loopback' | 'any'): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['https:', 'http:'].includes(url.protocol) || url.username !== '' || url.hash !== '') throw new StartFailure(`${name} must be an address that begins with https://.`);
  if (rule === 'https or loopback' && url.protocol === 'http:' && !isLoopbackHost(url.hostname)) throw new StartFailure(`${name} must begin with https://: over a plain line only a gateway on this machine is spoken to.`);
  return url;
}

/** Where the gateway sends its notifications: the path that HQ serves, without a query; https, unless the gateway is one for trying and all of it stays on this machine. */
export function readNotifyUrl(name: string, text: string, { wallet, gateway }: { readonly wallet: Wallet; readonly gateway: URL }): string {
  const url = readAddress(name, text, 'any');
  if (url.protocol === 'http:' && (gateway.protocol !== 'http:' || !isLoopbackHost(url.hostname))) throw new StartFailure(`${name} must begin with https://: gateways notify nobody over a plain line.`);
  if (url.search !== '') throw new StartFailure(`${name} must have no query (nothing after a question mark): gateways refuse one.`);
  // A proxy may take something off the front.
  if (!url.pathname.endsWith(`/notify/${wallet}`)) throw new StartFailure(`${name} must end in /notify/${wallet}: there HQ hears this gateway, and nowhere else.`);
  return url.href;
}

function checkRsa(name: string, file: string, what: string, key: KeyObject | undefined): KeyObject {
  if (!key) throw new StartFailure(`${name}: ${file} holds no ${what} in PEM.`);
  if (key.asymmetricKeyType !== 'rsa') throw new StartFailure(`${name}: ${file} holds a ${what} of ${key.asymmetricKeyType ?? 'an unknown kind'}, and RSA is wanted.`);
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) throw new StartFailure(`${name}: ${file} holds an RSA key of fewer than 2048 bits.`);
  return key;
}

function firstThatWorks<T>(tries: readonly (() => T)[]): T | undefined {
  for (const attempt of tries) {
    try {
      return attempt();
    } catch {
      // The next one, and in the end a sentence that names the file: what OpenSSL says helps nobody.
    }
  }
  return undefined;
}
