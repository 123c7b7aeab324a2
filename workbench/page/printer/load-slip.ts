/** A slip's picture as an element, so that it changes without flickering; undefined where it could not be had. */
export async function loadSlip(url: string, signal: AbortSignal): Promise<Element | undefined> {
  try {
    const answer = await fetch(url, { signal });
    if (!answer.ok) return undefined;
    const parsed = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml');
    return document.importNode(parsed.documentElement, true);
  } catch {
    // Aborted, or the workbench is away: the next change asks again.
    return undefined;
  }
}
