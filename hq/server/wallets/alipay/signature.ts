import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/**
 * Why an answer of gateway.do is not believed; undefined where it is. Its signature covers the raw text of the object under `<method>_response`
 * (同步返回结果的验签). The text is walked strictly: a name that stands twice could let the signed object and the one that is read be two.
 */
export function whyUnverified(key: KeyObject, raw: string, responseName: string, certificateSerial: string | undefined): string | undefined {
  const members = topMembers(raw);
  if (!members) return 'it is no JSON object';
  if (members.has('error_response') && !members.has(responseName)) return `it is an error of the gateway itself, signed for no method${callsItself(members.get('error_response'))}`;
  const [content, sign, serial] = [members.get(responseName), stringOf(members.get('sign')), stringOf(members.get('alipay_cert_sn'))];
  if (content === undefined) return 'it is an answer to something else';
  if (sign === undefined) return 'it is not signed';
  if (certificateSerial !== undefined && serial !== undefined && serial !== certificateSerial) return 'it is signed with another certificate than ALIPAY_PUBLIC_CERT_FILE (has Alipay changed its own?)';
  return verify('RSA-SHA256', Buffer.from(content), key, Buffer.from(sign, 'base64')) ? undefined : 'its signature is wrong';
}

/**
 * Why a notification is not believed; undefined where it is. All parameters but `sign` and `sign_type`, without empty ones, sorted, joined by & (异步返回结果的验签).
 */
export function whyForged(key: KeyObject, parameters: ReadonlyMap<string, string>): string | undefined {
  const sign = parameters.get('sign');
  if (!sign) return 'it is not signed';
  if (parameters.get('sign_type') !== 'RSA2') return 'it is not signed by RSA2';
  return verify('RSA-SHA256', Buffer.from(notificationText(parameters)), key, Buffer.from(sign, 'base64')) ? undefined : 'its signature is wrong';
}

export function notificationText(parameters: ReadonlyMap<string, string>): string {
  return [...parameters]
    .filter(([name, value]) => name !== 'sign' && name !== 'sign_type' && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** Believed by nobody, but it helps who sets HQ up: isv.invalid-app-id, isv.invalid-signature. */
function callsItself(text: string | undefined): string {
  try {
    const { sub_code: subCode } = JSON.parse(text ?? '') as { sub_code?: unknown };
    return typeof subCode === 'string' && /^[\w.-]{3,60}$/.test(subCode) ? ` (it calls itself ${subCode})` : '';
  } catch {
    return '';
  }
}

/** The raw text of each member of the outermost object; undefined where it is none, or a name stands in it twice. */
export function topMembers(raw: string): Map<string, string> | undefined {
  const members = new Map<string, string>();
  let at = skipBlank(raw, 0);
  if (raw[at] !== '{') return undefined;
  at = skipBlank(raw, at + 1);
  while (raw[at] === '"') {
    const nameEnd = endOfString(raw, at);
    const name = nameEnd === undefined ? undefined : stringOf(raw.slice(at, nameEnd));
    if (nameEnd === undefined || name === undefined || members.has(name)) return undefined;
    at = skipBlank(raw, nameEnd);
    if (raw[at] !== ':') return undefined;
    at = skipBlank(raw, at + 1);
    const end = endOfValue(raw, at);
    if (end === undefined) return undefined;
    members.set(name, raw.slice(at, end));
    at = skipBlank(raw, end);
    if (raw[at] !== ',') break;
    at = skipBlank(raw, at + 1);
  }
  return raw[at] === '}' && skipBlank(raw, at + 1) === raw.length && isJson(raw) ? members : undefined;
}

function endOfValue(raw: string, from: number): number | undefined {
  const first = raw[from];
  if (first === '"') return endOfString(raw, from);
  if (first !== '{' && first !== '[') {
    const match = /^[^,}\]\s]+/.exec(raw.slice(from, from + 64));
    return match ? from + match[0].length : undefined;
  }
  let depth = 0;
  for (let at = from; at < raw.length; at += 1) {
    const letter = raw[at];
    if (letter === '"') {
      const end = endOfString(raw, at);
      if (end === undefined) return undefined;
      at = end - 1;
    } else if (letter === '{' || letter === '[') depth += 1;
    else if (letter === '}' || letter === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

function endOfString(raw: string, from: number): number | undefined {
  for (let at = from + 1; at < raw.length; at += 1) {
    if (raw[at] === '\\') at += 1;
    else if (raw[at] === '"') return at + 1;
  }
  return undefined;
}

function skipBlank(raw: string, from: number): number {
  let at = from;
  while (at < raw.length && ' \t\r\n'.includes(raw[at] ?? '')) at += 1;
  return at;
}

function stringOf(text: string | undefined): string | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function isJson(raw: string): boolean {
  try {
    JSON.parse(raw);
    return true;
  } catch {
    return false;
  }
}
