import type { z } from 'zod';
import type { Permission } from './permissions.ts';

/**
 * One thing that the console can do: the only place of its address, who may, and the shapes. The server serves it, the console calls it, and the OpenAPI
 * document is made of it. Path parameters stand as ":name" in the path and by that name in `params`.
 */
export interface ApiRoute<P extends z.ZodType = z.ZodType, Q extends z.ZodType = z.ZodType, B extends z.ZodType = z.ZodType, A extends z.ZodType = z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: `/api/${string}`;
  /** What it does, as a heading of the document and as the act in the audit: "Pause a kiosk". */
  readonly summary: string;
  readonly tag: 'session' | 'people' | 'fleet' | 'orders' | 'catalogue' | 'stock' | 'staff' | 'reports' | 'money' | 'alerts' | 'help' | 'feedback' | 'audit';
  /** `anyone`: before signing in. */
  readonly permission: Permission | 'anyone';
  /** Also for who has still to set up a second factor, and may do nothing else. */
  readonly withoutFactor?: true;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly answer: A;
  /** A file instead of JSON: its media type. The handler streams it. */
  readonly file?: string;
  /** Every call that changes something is audited; this one is not, since it changes nothing (a search by POST) or is audited by itself. */
  readonly unaudited?: true;
  /** A GET that is audited as well: what it gives leaves HQ in bulk. */
  readonly audited?: true;
  /** Largest body in bytes, where 64 kB are not enough. */
  readonly bodyLimit?: number;
}

/** Only for its types. */
export function apiRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(route: ApiRoute<P, Q, B, A>): ApiRoute<P, Q, B, A> {
  return route;
}

/** What a caller gives: parts whose schema is `nothing` may be left out. */
export interface ApiInput<R extends ApiRoute> {
  readonly params?: z.input<R['params']>;
  readonly query?: z.input<R['query']>;
  readonly body?: z.input<R['body']>;
}
export type ApiAnswer<R extends ApiRoute> = z.output<R['answer']>;

/** "/api/fleet/:kiosk" and {kiosk: "kiosk-001"} to "/api/fleet/kiosk-001", with the query behind it; arrays repeat their name, undefined is left out. */
export function addressOf(path: string, params: Readonly<Record<string, unknown>> = {}, query: Readonly<Record<string, unknown>> = {}): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  return search.size > 0 ? `${filled}?${search}` : filled;
}
