/** For what goes wrong with nobody waiting for it, for example a full disk: this process's own log, and it goes on. */
export function complain(error: unknown): void {
  process.stderr.write(`loopback gateways: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
