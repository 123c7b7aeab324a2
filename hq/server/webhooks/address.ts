import { BlockList, isIP } from 'node:net';

/** What is no public address (RFC 6890 and its likes): from HQ's place, doors that only HQ can open. */
const notPublic = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const [address, bits] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.88.99.0', 24], ['192.168.0.0', 16],
  ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 3],
] as const) notPublic.ipv4.addSubnet(address, bits, 'ipv4');
// What is public lies in 2000::/3 (RFC 4291, 2.4). Not an IPv4 address in IPv6 clothes (::, ::ffff:, 64:ff9b:: and, within 2000::/3, Teredo and 6to4): no name has one.
for (const [address, bits] of [['::', 3], ['4000::', 2], ['8000::', 1], ['2001::', 32], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20]] as const) notPublic.ipv6.addSubnet(address, bits, 'ipv6');

export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  return family === 4 ? !notPublic.ipv4.check(address, 'ipv4') : !notPublic.ipv6.check(address, 'ipv6');
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
