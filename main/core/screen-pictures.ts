import type { CoreToShell } from '../../domain/contract/shell.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';

/** The screen, by way of the shell, which has the window. */
export interface Pictures {
  /** A JPEG as base64. Never rejects, and never waits for ever. */
  take(): Promise<Result<string, string>>;
  /** What the shell has answered. */
  taken(picture: string | undefined): void;
}

/** The shell answers at once, or its window hangs. */
const pictureMs = 10_000;
/** A picture that comes so much later was taken before the next was asked for: it may show whoever was there then, and must not pass for that one. */
const lateMs = 60_000;

export function createPictures(tellShell: (message: CoreToShell) => void): Pictures {
  const waiting = new Set<(picture: string | undefined) => void>();
  let isLate: NodeJS.Timeout | undefined;

  function givenUp(): void {
    clearTimeout(isLate);
    isLate = setTimeout(arrived, lateMs);
    isLate.unref();
  }

  function arrived(): void {
    clearTimeout(isLate);
    isLate = undefined;
  }

  return {
    take: () => isLate ? Promise.resolve(err('the picture before is still awaited')) : new Promise((resolve) => {
      const limit = setTimeout(() => {
        givenUp();
        end(undefined);
      }, pictureMs);
      function end(picture: string | undefined): void {
        clearTimeout(limit);
        waiting.delete(end);
        resolve(picture === undefined ? err('the shell has no picture') : ok(picture));
      }
      waiting.add(end);
      tellShell({ kind: 'picture_wanted' });
    }),
    taken(picture) {
      arrived();
      for (const end of [...waiting]) end(picture);
    },
  };
}
