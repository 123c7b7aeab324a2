import { err, ok } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';
import type { DeviceLine, LineError } from './device-line.ts';

/** The cable as a developer handles it: pulled and plugged as quickly as they please, one movement after the other. */
export interface Cable {
  /** Empty until it was plugged in for the first time. */
  path(): string;
  isPlugged(): boolean;
  plug(): Promise<Result<void, LineError>>;
  unplug(): Promise<void>;
  /** Pulled for good. */
  close(): Promise<void>;
}

export interface CableDeps {
  readonly openLine: () => Promise<Result<DeviceLine, LineError>>;
  readonly onChange: () => void;
}

export function createCable({ openLine, onChange }: CableDeps): Cable {
  let line: DeviceLine | undefined;
  let closed = false;
  let lastMove: Promise<unknown> = Promise.resolve();

  return {
    path: () => line?.path ?? '',
    isPlugged: () => line?.isPlugged() ?? false,
    plug: () => inTurn(plug),
    unplug: () => inTurn(async () => line?.unplug()),
    close: () =>
      inTurn(async () => {
        closed = true;
        await line?.unplug();
      }),
  };

  async function plug(): Promise<Result<void, LineError>> {
    if (closed) return err({ kind: 'line_failed', detail: 'the workbench is closed' });
    if (line !== undefined) return line.plug();
    const opened = await openLine();
    if (!opened.ok) return opened;
    line = opened.value;
    return ok();
  }

  function inTurn<T>(move: () => Promise<T>): Promise<T> {
    const moved = lastMove.then(move).finally(onChange);
    lastMove = moved.catch(() => {});
    return moved;
  }
}
