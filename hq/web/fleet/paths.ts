/** A kiosk's page, on one of its tabs. */
export function kioskPath(kioskId: string, tab?: string): string {
  return `/fleet/${encodeURIComponent(kioskId)}${tab === undefined ? '' : `?tab=${tab}`}`;
}
