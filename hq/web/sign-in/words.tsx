import type { CallFailure } from '../api/call.ts';
import { peopleTexts } from '../i18n/areas/people.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Trouble } from '../ui/trouble.tsx';

/** Why something about an account was refused, by its reason; what has none is told as everywhere. */
export function Refusal({ failure, unsigned }: { readonly failure: CallFailure | null; /** What "not signed in" means here. */ readonly unsigned?: string }) {
  const { reasons, signIn } = useAreaTexts(peopleTexts);
  if (!failure) return null;
  const reason = reasons[String(failure.more['reason'] ?? '')];
  const waitMs = failure.more['waitMs'];
  const words = reason ?? (failure.kind === 'too_many' && typeof waitMs === 'number' ? signIn.wait(Math.ceil(waitMs / 1000)) : failure.kind === 'signed_out' ? unsigned : undefined);
  if (words === undefined) return <Trouble failure={failure} />;
  return <p className="k-trouble" role="alert"><strong>{words}</strong></p>;
}

/** Browsers make passkeys for a name over a secure line (or this machine by its name), never for a bare address. */
export function canHavePasskey(): boolean {
  return window.isSecureContext && typeof PublicKeyCredential === 'function' && !/^(\d+\.){3}\d+$|^\[/.test(location.hostname);
}
