import type { CodedError } from '../../domain/contract/errors.ts';
import type { CoreToShell, StartMessage } from '../../domain/contract/shell.ts';
import type { Result } from '../../domain/result.ts';
import { boundWal } from '../store/checkpoints.ts';
import type { OpenStore, StoreOptions } from '../store/open.ts';
import { openStore } from '../store/open.ts';
import { rekeyAll } from '../store/rekey-all.ts';
import { fingerprintOf } from '../store/rekey.ts';

type Key = Extract<StartMessage['key'], { ok: true }>['value'];

export interface StoreOpenerDeps extends Omit<StoreOptions, 'keyHex' | 'nextKeyHex' | 'keyProvider' | 'now' | 'onStep'> {
  /** Epoch milliseconds UTC. */
  readonly now: () => number;
  readonly tellShell: (message: CoreToShell) => void;
  readonly onTrouble: (error: CodedError) => void;
}

export interface StoreOpener {
  /**
   * Opens the store for selling. Where the shell has given a next key, everything is brought under it first; where that fails the store opens as it is,
   * and it is tried again with the next start. Nobody may have the store open, and no customer be there.
   */
  open(key: Key): Result<OpenStore, CodedError>;
  /** The provider whose new key has come into force since this was asked last: for one `store.key_rotated`. */
  takeRotated(): string | undefined;
}

export function createStoreOpener({ now, tellShell, onTrouble, ...rest }: StoreOpenerDeps): StoreOpener {
  let tried: string | undefined;
  let rotated: string | undefined;

  /** A store that is damaged is mended before its key is changed: hence after it was opened once, and closed again. */
  function changeKey({ hex, provider, nextHex }: Key, nextKeyHex: string, isUnderNext: boolean): void {
    tried = nextHex;
    const changed = rekeyAll({ ...rest, now, keyHex: hex, nextKeyHex, keyProvider: provider });
    const trouble = changed.ok ? changed.value.waiting : changed.error;
    if (trouble) {
      onTrouble(trouble);
      return;
    }
    if (!isUnderNext) rotated = provider;
    tellShell({ kind: 'key_in_force', fingerprint: fingerprintOf(nextKeyHex) });
  }

  return {
    open(key) {
      const { hex, provider, nextHex } = key;
      const openNow = () => openStore({ ...rest, now, keyHex: hex, keyProvider: provider, ...(nextHex === undefined ? {} : { nextKeyHex: nextHex }) });
      let opened = openNow();
      if (opened.ok && nextHex !== undefined && nextHex !== tried) {
        opened.value.close();
        changeKey(key, nextHex, opened.value.keyHex === nextHex);
        opened = openNow();
      }
      if (opened.ok) boundWal(opened.value.database);
      return opened;
    },
    takeRotated() {
      const provider = rotated;
      rotated = undefined;
      return provider;
    },
  };
}
