import type { KeyObject } from 'node:crypto';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { IdentityStore } from '../store/identity.ts';
import type { HqClient, HqFailure } from './hq-client.ts';
import { publicKeyOf } from './signatures.ts';

export interface EnrolmentDeps {
  readonly store: IdentityStore;
  readonly app: string;
  /** HQ's short code as it is now, from a file; undefined where there is none. Read while HQ does not know this kiosk. */
  readonly code: () => string | undefined;
  /** From the configuration: no other HQ is believed, not even at the first contact. */
  readonly configuredHqKey: string | undefined;
}

export interface Enrolment {
  /** HQ's key: the configured one, else the one that was told at enrolment. */
  hqKey(): KeyObject | undefined;
  isApproved(): boolean;
  /** Nothing where HQ has approved this kiosk; else brings its public key and code, as often as it is called, until a person has approved. */
  ensure(client: HqClient, stop?: AbortSignal): Promise<Result<void, HqFailure>>;
  /** HQ does not know this kiosk's key (any more): with a code at hand, it is brought again. HQ's own key stays as it was pinned. */
  unknownAtHq(): void;
  /** HQ has opened a session, so it knows the key, whatever became of the answer at enrolment. */
  welcomed(): void;
}

export function createEnrolment({ store, app, code, configuredHqKey }: EnrolmentDeps): Enrolment {
  const configured = configuredHqKey === undefined ? undefined : publicKeyOf(configuredHqKey);
  let isUnknown = false;

  function hqKey(): KeyObject | undefined {
    if (configuredHqKey !== undefined) return configured;
    const pinned = store.read()?.hqPublicKey;
    return pinned === undefined ? undefined : publicKeyOf(pinned);
  }

  return {
    hqKey,
    isApproved: () => store.read()?.state === 'approved',

    async ensure(client, stop) {
      const identity = store.read();
      if (!identity) return err({ kind: 'not_enrolled', code: 'HQ_NOT_ENROLLED', detail: 'the store has no identity' });
      if (identity.state === 'approved' && !isUnknown) return ok();
      if (configuredHqKey !== undefined && !configured) return err({ kind: 'not_enrolled', code: 'HQ_KEY_CHANGED', detail: 'hq.publicKey is no Ed25519 key in base64 of its DER' });
      const current = code();
      if (current === undefined) {
        // It was brought once: hello tells whether HQ knows it by now, or again.
        if (hqKey() !== undefined) return ok();
        return err({ kind: 'not_enrolled', code: 'HQ_NOT_ENROLLED', detail: 'there is no enrolment code' });
      }
      const expected = configured ?? (identity.state === 'approved' ? hqKey() : undefined);
      const answer = await client.enrol({ kioskId: identity.kioskId, code: current, publicKey: identity.publicKey, app }, expected, stop);
      if (!answer.ok) {
        const { kind, detail } = answer.error;
        if (kind === 'away' || kind === 'not_hq' || kind === 'too_large') return answer;
        // An approval whose answer was lost has used the code up: hello tells.
        return hqKey() === undefined ? err({ kind: 'not_enrolled', code: 'HQ_CODE_WRONG', detail }) : ok();
      }
      store.setState(answer.value.state, answer.value.hqPublicKey);
      isUnknown = false;
      return answer.value.state === 'approved' ? ok() : err({ kind: 'not_enrolled', code: 'HQ_NOT_ENROLLED', detail: 'nobody has approved this kiosk at HQ yet' });
    },

    unknownAtHq() {
      isUnknown = true;
    },

    welcomed() {
      isUnknown = false;
      const identity = store.read();
      if (identity && identity.state !== 'approved') store.setState('approved', identity.hqPublicKey);
    },
  };
}
