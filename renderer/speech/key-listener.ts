import type { AssistiveKeys } from '../../domain/contract/config.ts';
import type { Command } from './keys.ts';
import { commandOf, scannerGapMs } from './keys.ts';

export interface KeyListenerDeps {
  readonly window: Window;
  readonly keys: () => AssistiveKeys | undefined;
  /** While it is off, no key is taken but the one that begins. */
  readonly isOn: () => boolean;
  readonly onCommand: (command: Command) => void;
  /** OK was held. */
  readonly onHold: () => void;
}

/** OK that is held for so long repeats instead of pressing. */
const holdMs = 700;

/** The keys of the voice, taken before the page sees them. OK acts when it is let go, like a finger on the screen. The answer ends it. */
export function listenForKeys({ window, keys, isOn, onCommand, onHold }: KeyListenerDeps): () => void {
  let holding: ReturnType<typeof setTimeout> | undefined;
  let isDown = false;
  let isHeld = false;
  let lastCharacterAt = Number.NEGATIVE_INFINITY;

  function commandFor(event: KeyboardEvent): Command | undefined {
    const known = keys();
    return known && commandOf(event.code, known);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const command = commandFor(event);
    if ([...event.key].length === 1) lastCharacterAt = event.timeStamp;
    if (!command || (!isOn() && command !== 'on') || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (command === 'ok' && event.timeStamp - lastCharacterAt <= scannerGapMs) return;
    take(event);
    if (command !== 'ok') {
      if (!event.repeat || command === 'up' || command === 'down') onCommand(command);
      return;
    }
    if (event.repeat) return;
    isDown = true;
    isHeld = false;
    clearTimeout(holding);
    holding = setTimeout(() => {
      isHeld = true;
      if (isDown && isOn()) onHold();
    }, holdMs);
  }

  function onKeyUp(event: KeyboardEvent): void {
    const command = commandFor(event);
    const wasDown = isDown;
    if (command === 'ok') {
      isDown = false;
      clearTimeout(holding);
    }
    if (!isOn() || !command || (command === 'ok' && !wasDown)) return;
    take(event);
    if (command === 'ok' && !isHeld) onCommand('ok');
  }

  window.addEventListener('keydown', onKeyDown, { capture: true });
  window.addEventListener('keyup', onKeyUp, { capture: true });
  return () => {
    window.removeEventListener('keydown', onKeyDown, { capture: true });
    window.removeEventListener('keyup', onKeyUp, { capture: true });
    clearTimeout(holding);
  };
}

function take(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}
