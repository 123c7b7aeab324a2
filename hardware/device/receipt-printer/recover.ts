/**
 * DLE ENQ 2: leave a recoverable error (cutter, paper jam) and forget what was received and not printed. A real-time command. Epson's
 * printers ignore it outside such an error; some others then clear their buffers, too (Epson TM-T88III specification, DLE ENQ).
 */
export function recoverAndClear(): Uint8Array {
  return Uint8Array.of(0x10, 0x05, 0x02);
}
