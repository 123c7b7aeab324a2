import { ApiRefusal } from '../api/serve.ts';

/** Who changes something, and when (epoch milliseconds). */
export interface Author {
  readonly by: string;
  readonly at: number;
}

/** How often something was written, and who did it last; null where that was by no account. */
export interface Version {
  readonly version: number;
  readonly changedAt: number | null;
  readonly changedBy: string | null;
}

/** For who saves over an older version: who was quicker, and when. */
export function changedMeanwhile({ version, changedAt: at, changedBy: by }: Version): ApiRefusal {
  return new ApiRefusal('HQ_CHANGED_MEANWHILE', `${by ?? 'somebody else'} has changed it meanwhile`, { version, by, at });
}
