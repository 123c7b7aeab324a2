/** What the printer says, on its way to the line, with what a script does to it. */
export interface Voice {
  say(bytes: Uint8Array): void;
  /** Flow control: nothing that is wrong with answers is wrong with it, and it overtakes them. */
  signal(byte: number): void;
  /** About the next answer only. */
  next(fault: 'drop' | 'garble' | 'double' | { readonly delayMs: number }): void;
  setSilent(silent: boolean): void;
  /** What is still delayed is never said. */
  stop(): void;
}

export function createVoice(write: (bytes: Uint8Array) => void): Voice {
  let silent = false;
  let faults: ('drop' | 'garble' | 'double' | { readonly delayMs: number })[] = [];
  /** Nothing overtakes what is delayed: the rest waits behind it. */
  let waiting: Uint8Array[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  return {
    say(bytes) {
      if (silent) return;
      const applied = faults;
      faults = [];
      let said: Uint8Array | undefined = bytes;
      let delayMs = 0;
      for (const fault of applied) {
        if (fault === 'drop') said = undefined;
        else if (fault === 'garble') said = said?.map((byte, at) => (at === 0 ? byte ^ 0x81 : byte));
        else if (fault === 'double') said = said && Uint8Array.of(...said, ...said);
        else delayMs += fault.delayMs;
      }
      if (said === undefined) return;
      if (timer !== undefined || delayMs > 0) waiting.push(said);
      else write(said);
      if (timer === undefined && delayMs > 0) timer = setTimeout(release, delayMs);
    },
    signal(byte) {
      if (!silent) write(Uint8Array.of(byte));
    },
    next(fault) {
      faults.push(fault);
    },
    setSilent(on) {
      silent = on;
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      waiting = [];
      faults = [];
    },
  };

  function release(): void {
    timer = undefined;
    for (const bytes of waiting.splice(0)) write(bytes);
  }
}
