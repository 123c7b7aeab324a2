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

export function createPictures(tellShell: (message: CoreToShell) => void): Pictures {
  const waiting = new Set<(picture: string | undefined) => void>();

  return {
    take: () => new Promise((resolve) => {
      const limit = setTimeout(() => end(undefined), pictureMs);
      function end(picture: string | undefined): void {
        clearTimeout(limit);
        waiting.delete(end);
        resolve(picture === undefined ? err('the shell has no picture') : ok(picture));
      }
      waiting.add(end);
      tellShell({ kind: 'picture_wanted' });
    }),
    taken(picture) {
      for (const end of [...waiting]) end(picture);
    },
  };
}
