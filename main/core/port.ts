/** One end of a channel that carries structured-cloneable values: a MessagePort in the kiosk, anything like it in tests. */
export interface Port {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
