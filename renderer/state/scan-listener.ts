import type { Wedge } from './wedge.ts';
import { longestStallMs, noWedge, wedgeStep } from './wedge.ts';

/** A field and what stood in it before the first key of what may be a scan. */
interface Field {
  readonly element: HTMLInputElement | HTMLTextAreaElement;
  readonly before: string;
}

/**
 * Hears scanners that type like a keyboard. A field gets its characters at once, as from any keyboard, and has its old contents
 * back when they turn out to be a scan: a code is left nowhere in the page, and here only for a moment.
 */
export function listenForScans(window: Window, onCode: (code: string) => void): void {
  let wedge: Wedge = noWedge;
  let field: Field | undefined;
  let forgetting: ReturnType<typeof setTimeout> | undefined;

  function forget(): void {
    wedge = noWedge;
    field = undefined;
  }

  window.addEventListener(
    'keydown',
    (event) => {
      const target = fieldOf(event.target);
      const { wedge: next, code, isScan, swallow } = wedgeStep(wedge, {
        key: event.key,
        atMs: event.timeStamp,
        isSpecial: event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.isComposing,
        isInField: target !== undefined,
      });
      if (next.keys === 1) field = target && { element: target, before: target.value };
      wedge = next;
      if (swallow) {
        event.preventDefault();
        event.stopPropagation();
      }
      // Rubbish, too: what is too long for a code may be the beginning of somebody's.
      if (isScan && field) restore(field);
      clearTimeout(forgetting);
      forgetting = setTimeout(forget, 4 * longestStallMs);
      if (isScan) forget();
      if (code !== undefined) onCode(code);
    },
    { capture: true },
  );
}

function fieldOf(target: EventTarget | null): Field['element'] | undefined {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : undefined;
}

/** As if the customer had typed it: React hears of a value only through the element's own setter and an event. */
function restore({ element, before }: Field): void {
  const kind = element instanceof HTMLInputElement ? HTMLInputElement : HTMLTextAreaElement;
  Object.getOwnPropertyDescriptor(kind.prototype, 'value')?.set?.call(element, before);
  element.dispatchEvent(new Event('input', { bubbles: true }));
}
