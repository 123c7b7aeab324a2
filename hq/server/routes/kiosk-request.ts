import type { KioskId } from '../../../domain/ids.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends, once the signature was verified and, where the path needs one, the session found open. Set by `guardKiosks` (hq/server/identity). */
    kiosk: VerifiedKiosk | undefined;
  }
}

export interface VerifiedKiosk {
  readonly kioskId: KioskId;
  /** Undefined on the paths that need none: enrol, hello. */
  readonly session: string | undefined;
}
