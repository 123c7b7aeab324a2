import { BlockList, isIP } from 'node:net';

/** What is no public address (RFC 6890 and its likes): from HQ's place, doors that only HQ can open. */
const notPublic = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.168.0.0', 16],
  ['198.18.0.0', 15], ['224.0.0.0', 3],
] as const) notPublic.addSubnet(address, bits, 'ipv4');
for (const [address, bits] of [['::', 127], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['2002::', 16], ['fc00::', 7], ['fe80::', 10], ['ff00::', 8]] as const) notPublic.addSubnet(address, bits, 'ipv6');

export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  // An IPv4 address in IPv6 clothes is judged by what it wears underneath; BlockList does that.
  return !notPublic.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

export interface AddressRules {
  /** Also this machine and its own network, and there http. By configuration, for receivers that stand beside HQ. */
  readonly mayBePrivate: boolean;
}

/** @returns what is wrong with it, for people. Where a name points is looked at anew with each connection (send.ts): it may change. */
export function faultOfWebhookUrl(text: string, { mayBePrivate }: AddressRules): string | undefined {
  if (!URL.canParse(text)) return 'it is no URL';
  const url = new URL(text);
  if (url.username || url.password) return 'it holds a user name or password';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isLiteralPrivate = host === 'localhost' || host.endsWith('.localhost') || (isIP(host) !== 0 && !isPublicAddress(host));
  if (isLiteralPrivate && !mayBePrivate) return 'it is an address of this machine or its own network (WEBHOOKS_PRIVATE=yes allows that)';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol !== 'http:') return 'it is not https';
  const isLoopback = host === 'localhost' || host === '::1' || host.startsWith('127.');
  return mayBePrivate && isLoopback ? undefined : 'it is not https';
}
