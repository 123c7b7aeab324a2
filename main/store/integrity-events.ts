import type { ErrorCode } from '../../domain/contract/errors.ts';

/** Something for the log that is no answer to anybody: it holds no customer's data. */
export interface StoreEvent {
  readonly level: 'info' | 'warn' | 'error';
  readonly code?: ErrorCode;
  readonly message: string;
  readonly fields?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface StoreEvents {
  readonly onEvent?: ((event: StoreEvent) => void) | undefined;
}
