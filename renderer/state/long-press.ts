/** So long a finger rests on the corner: nobody does that by chance. */
export const longPressMs = 3000;
/** The corner of the brand, as shares of the screen: from the left, and from the top. */
const corner = { width: 0.34, height: 0.14 } as const;
/** A finger that rests still trembles. */
const tremblePx = 40;

export interface LongPressDeps {
  /** Whether it would open anything now. */
  readonly isWanted: () => boolean;
  readonly onLongPress: () => void;
}

/**
 * The unmarked way in: one finger, held on the corner of the screen. It takes nothing from whatever lies there, so that a tap, and a long tap of a customer,
 * do what they always do.
 */
export function listenForLongPress(window: Window, { isWanted, onLongPress }: LongPressDeps): () => void {
  let held: { readonly id: number; readonly x: number; readonly y: number; readonly timer: ReturnType<typeof setTimeout> } | undefined;

  function forget(): void {
    clearTimeout(held?.timer);
    held = undefined;
  }

  function down({ pointerId, clientX, clientY, isPrimary }: PointerEvent): void {
    // A second finger, or a palm, is no long press.
    forget();
    const inCorner = clientX <= window.innerWidth * corner.width && clientY <= window.innerHeight * corner.height;
    if (!isPrimary || !inCorner || !isWanted()) return;
    const timer = setTimeout(() => {
      held = undefined;
      if (isWanted()) onLongPress();
    }, longPressMs);
    held = { id: pointerId, x: clientX, y: clientY, timer };
  }

  function move({ pointerId, clientX, clientY }: PointerEvent): void {
    if (held?.id === pointerId && Math.hypot(clientX - held.x, clientY - held.y) > tremblePx) forget();
  }

  /** Of the window alone: a finger that goes down also takes the focus from whatever has it. */
  function away({ target }: Event): void {
    if (target === window) forget();
  }

  /** A finger that rests asks for a menu, which would take the pointer away. */
  function menu(event: Event): void {
    if (held) event.preventDefault();
  }

  const listeners = [['pointerdown', down], ['pointermove', move], ['pointerup', forget], ['pointercancel', forget], ['blur', away], ['contextmenu', menu]] as const;
  for (const [type, listener] of listeners) window.addEventListener(type, listener as EventListener, { capture: true });
  return () => {
    forget();
    for (const [type, listener] of listeners) window.removeEventListener(type, listener as EventListener, { capture: true });
  };
}
