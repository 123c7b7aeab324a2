import { drawings } from './drawings.ts';

/**
 * Loads the bundled drawings one after another when the page has time, and keeps them: a picture that some element still shows is there in the same frame in which
 * another one asks for it, and one that none shows is asked for again. Some seventy files of a few kilobytes.
 */
export function keepDrawings(whenIdle: (task: () => void) => void): void {
  const kept: HTMLImageElement[] = [];
  const addresses = Object.values(drawings).values();
  const next = () => {
    const { value, done } = addresses.next();
    if (done) return;
    const image = new Image();
    kept.push(image);
    // A file that is missing is no reason to leave the others out.
    image.onload = image.onerror = () => whenIdle(next);
    image.src = value;
  };
  whenIdle(next);
  // Holds them for as long as the page is there.
  window.addEventListener('pagehide', () => kept.splice(0));
}
