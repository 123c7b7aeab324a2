import { messageOf } from '../../domain/contract/errors.ts';
import type { CoreToShell, ToCore } from '../../domain/contract/shell.ts';
import type { KeyProvider } from './key-files.ts';

export interface CoreAnswerDeps {
  readonly keys: KeyProvider;
  readonly complain: (message: string) => void;
}

/** What the shell does at core's word, and answers. Never throws: a shell that ended would take the screen with it. */
export function answerCore(said: CoreToShell, { keys, complain }: CoreAnswerDeps): ToCore | undefined {
  switch (said.kind) {
    case 'key_wanted':
      return { kind: 'key', key: keys.key() };
    case 'rotate_key': {
      const key = keys.rotate();
      return key.ok ? { kind: 'key', key } : { kind: 'key_not_rotated', error: key.error };
    }
    case 'key_in_force':
      try {
        keys.inForce(said.fingerprint);
      } catch (cause) {
        // Both keys stay, and core says it again at its next start.
        complain(`the key in force could not be kept alone: ${messageOf(cause)}`);
      }
      return undefined;
    // The supervisor answers it when it has one.
    case 'picture_wanted':
    case 'started':
    case 'stopped':
      return undefined;
  }
}
