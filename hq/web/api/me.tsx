import { createContext, use, useEffect } from 'react';
import type { ReactNode } from 'react';
import type { AccountRole, Permission } from '../../contract/api/permissions.ts';
import { isAllowed } from '../../contract/api/permissions.ts';
import { readMe } from '../../contract/api/session.ts';
import { Loading, Trouble } from '../ui/trouble.tsx';
import { navigate, usePlace } from '../router.tsx';
import { useApi } from './use-api.ts';

export interface SignedInMe {
  readonly accountId: string;
  readonly name: string;
  readonly fullName: string;
  readonly role: AccountRole;
  readonly isDevelopment: boolean;
  /** What the page offers; whether it is allowed is decided by HQ, again, with each call. */
  readonly may: (permission: Permission) => boolean;
}

const MeContext = createContext<SignedInMe | undefined>(undefined);

/** Who is signed in. Only within pages that need it: there is always somebody. */
export function useMe(): SignedInMe {
  const me = use(MeContext);
  if (!me) throw new Error('useMe: outside the signed-in part of the page');
  return me;
}

/** Lets through who is signed in; everybody else goes to the sign-in page and comes back from it to where they were. */
export function SignedInOnly({ children }: { readonly children: ReactNode }) {
  const { path, search } = usePlace();
  const { data, error, refetch } = useApi(readMe, {}, { everyMs: 60_000 });
  const isOut = data !== undefined && data.state !== 'signed_in';
  useEffect(() => {
    if (isOut) navigate(path === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(`${path}${search}`)}`, { replace: true });
  }, [isOut, path, search]);
  if (!data) return error ? <Trouble failure={error} onAgain={() => void refetch()} /> : <Loading />;
  if (data.state !== 'signed_in') return <Loading />;
  const { accountId, name, fullName, role, isDevelopment } = data;
  return <MeContext value={{ accountId, name, fullName, role, isDevelopment, may: (permission) => isAllowed(role, permission) }}>{children}</MeContext>;
}
