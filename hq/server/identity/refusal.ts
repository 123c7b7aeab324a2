import type { HqErrorCode } from '../errors.ts';

/** Thrown in hooks, where an answer cannot simply be returned; app.ts makes the answer of it. */
export interface Refusal extends Error {
  readonly refusal: { readonly code: HqErrorCode; readonly more: Record<string, unknown>; readonly status: number | undefined };
}

export function refusal(code: HqErrorCode, detail: string, more: Record<string, unknown> = {}, status?: number): Refusal {
  return Object.assign(new Error(detail), { refusal: { code, more, status } });
}

export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && 'refusal' in error;
}
