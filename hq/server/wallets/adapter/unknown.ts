import type { GatewayUnknown } from '../gateway.ts';

/** `detail` is read by people and logged: our own words, a status, a gateway's code, and never a body or what was sent. */
export function unknown(detail: string, more: { readonly isAway?: boolean } = {}): GatewayUnknown {
  return { kind: 'unknown', detail: detail.slice(0, 300), ...(more.isAway ? { isAway: true } : {}) };
}

/** What a gateway calls a fault, kept short and printable: it comes from outside and ends in logs and on screens. Payment codes are long runs of digits. */
export function tame(text: unknown): string {
  if (typeof text !== 'string') return '';
  return text.replace(/[^\p{L}\p{N}\p{P}\p{Zs}\p{S}]/gu, ' ').replace(/\d{12,}/g, '…').slice(0, 120);
}

/** How a call ended without an answer, in words without the address or what was sent. */
export function noAnswer(error: unknown, signal: AbortSignal): GatewayUnknown {
  if (signal.aborted) return unknown('nobody waited for the answer any more');
  const { code, name, cause } = (error ?? {}) as { code?: unknown; name?: unknown; cause?: unknown };
  const inner = (cause ?? {}) as { code?: unknown; name?: unknown };
  const why = [inner.code, code, inner.name, name].find((word) => typeof word === 'string' && /^[A-Z][A-Za-z_]{2,40}$/.test(word) && word !== 'Error') ?? 'fault';
  return unknown(`the gateway did not answer (${String(why)})`, { isAway: true });
}

/** Until this is aborted or so long has passed. */
export function limited(signal: AbortSignal, timeoutMs: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
}
