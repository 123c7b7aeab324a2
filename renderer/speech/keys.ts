import type { AssistiveKeys } from '../../domain/contract/config.ts';

export type Command = keyof AssistiveKeys;

const commands: readonly Command[] = ['up', 'down', 'left', 'right', 'ok', 'help', 'louder', 'softer', 'faster', 'slower', 'on', 'off'];

/** By `KeyboardEvent.code`: where the key sits, whatever the layout makes of it. Enter of the number block counts as Enter. */
export function commandOf(code: string, keys: AssistiveKeys): Command | undefined {
  const plain = code === 'NumpadEnter' ? 'Enter' : code;
  return commands.find((command) => keys[command] === code || keys[command] === plain);
}

/** A scanner that types like a keyboard ends with Enter as fast as no finger does (`renderer/state/wedge.ts`): that Enter is not the OK key. */
export const scannerGapMs = 50;
