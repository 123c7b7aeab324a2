/** All that a command has of the world besides its devices. */
export interface Io {
  /** One line of the answer. Never a colour: it goes into files and mails as it is. */
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Ctrl+C. */
  readonly stopped: AbortSignal;
}

/** 0 where all is well, 1 where a device needs help or the command failed, 2 where it was not understood. */
export type ExitCode = 0 | 1 | 2;
