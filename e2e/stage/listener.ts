import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';

/** The keys of a keypad, by the default configuration. */
export type KeypadKey = 'up' | 'down' | 'left' | 'right' | 'ok' | 'help' | 'softer' | 'louder' | 'slower' | 'faster' | 'on' | 'off';

const codes: Readonly<Record<KeypadKey, string>> = {
  up: 'ArrowUp', down: 'ArrowDown', left: 'ArrowLeft', right: 'ArrowRight', ok: 'Enter', help: 'F1', softer: 'F6', louder: 'F7', slower: 'F8', faster: 'F9', on: 'F11', off: 'F12',
};

/** Somebody with headphones and a keypad, who does not see the screen: has nothing but keys, and what is said. */
export interface Listener {
  /** Presses, and answers what is said next; several keys one after the other, what the last one brought. */
  press(...keys: readonly KeypadKey[]): Promise<string>;
  /** Presses, and waits until this is said; answers everything that was, from the press on. */
  pressUntil(key: KeypadKey, said: RegExp): Promise<string>;
  /** Goes on by one key until the last thing that was said is this; answers it. */
  goTo(name: RegExp, by?: 'up' | 'down' | 'left' | 'right'): Promise<string>;
  /** Waits until it is said without a key; answers everything from here on. */
  hears(said: RegExp): Promise<string>;
  /** Holds until this is said: news that comes of itself may be heard before it. */
  holdUntil(key: KeypadKey, said: RegExp): Promise<string>;
  /** Everything so far, an utterance a line. */
  transcript(): Promise<readonly string[]>;
  presses(): number;
  /** Lengths of the sounds that core has made of it, in seconds, and how often one was broken off. */
  sounds(): Promise<{ readonly seconds: readonly number[]; readonly brokenOff: number }>;
  /** How loud the page plays, 1 for the sound as it was made. */
  gain(): Promise<number>;
  /** Fingers, mice and pens that the page has felt. */
  touches(): Promise<number>;
}

interface Ears {
  said: string[];
  seconds: number[];
  brokenOff: number;
  gain: GainNode | undefined;
  touches: number;
}

export async function createListener(page: Page): Promise<Listener> {
  let count = 0;
  await page.evaluate(() => {
    const ears: Ears = { said: [], seconds: [], brokenOff: 0, gain: undefined, touches: 0 };
    Object.assign(window, { ears });
    window.addEventListener('counter24:spoken', (event) => ears.said.push((event as CustomEvent<{ text: string }>).detail.text));
    for (const type of ['pointerdown', 'mousedown', 'touchstart']) window.addEventListener(type, () => (ears.touches += 1), { capture: true });
    const { createGain } = AudioContext.prototype;
    AudioContext.prototype.createGain = function create(this: AudioContext) {
      return (ears.gain = createGain.call(this));
    };
    const { start, stop } = AudioBufferSourceNode.prototype;
    AudioBufferSourceNode.prototype.start = function begin(this: AudioBufferSourceNode) {
      ears.seconds.push(this.buffer?.duration ?? 0);
      start.call(this);
    };
    AudioBufferSourceNode.prototype.stop = function end(this: AudioBufferSourceNode) {
      ears.brokenOff += 1;
      stop.call(this);
    };
  });
  const transcript = () => page.evaluate(() => (window as unknown as { ears: Ears }).ears.said);
  const since = async (place: number) => (await transcript()).slice(place).join('\n');

  async function afterwards(place: number): Promise<string> {
    await page.waitForFunction((from) => (window as unknown as { ears: Ears }).ears.said.length > from, place, { polling: 20 });
    return since(place);
  }

  async function heardFrom(place: number, said: RegExp): Promise<string> {
    // Time does not run while something is being said.
    await expect.poll(() => since(place), { intervals: [40], message: `says ${said}` }).toMatch(said);
    return since(place);
  }

  const listener: Listener = {
    async press(...keys) {
      let said = '';
      for (const key of keys) {
        const place = (await transcript()).length;
        count += 1;
        await page.keyboard.press(codes[key]);
        said = await afterwards(place);
      }
      return said;
    },
    async pressUntil(key, said) {
      const place = (await transcript()).length;
      count += 1;
      await page.keyboard.press(codes[key]);
      return heardFrom(place, said);
    },
    async goTo(name, by = 'down') {
      const passed: string[] = [];
      for (let times = 0; times < 40; times += 1) {
        const said = await listener.press(by);
        if (name.test(said)) return said;
        passed.push(said);
      }
      throw new Error(`came by ${by} to nothing that says ${name}, but to:\n${passed.join('\n')}`);
    },
    hears: async (said) => heardFrom((await transcript()).length, said),
    async holdUntil(key, said) {
      const place = (await transcript()).length;
      count += 1;
      await page.keyboard.down(codes[key]);
      const heard = await heardFrom(place, said);
      await page.keyboard.up(codes[key]);
      return heard;
    },
    transcript,
    presses: () => count,
    sounds: () => page.evaluate(() => {
      const { seconds, brokenOff } = (window as unknown as { ears: Ears }).ears;
      return { seconds, brokenOff };
    }),
    gain: () => page.evaluate(() => (window as unknown as { ears: Ears }).ears.gain?.gain.value ?? 0),
    touches: () => page.evaluate(() => (window as unknown as { ears: Ears }).ears.touches),
  };
  return listener;
}
