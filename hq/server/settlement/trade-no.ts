/** The id behind a gateway's number; undefined where it is none of ours. */
export function attemptIdOf(tradeNo: string): string | undefined {
  const parts = /^([0-9a-f]{8})([0-9a-f]{4})(7[0-9a-f]{3})([89ab][0-9a-f]{3})([0-9a-f]{12})$/.exec(tradeNo);
  return parts ? parts.slice(1).join('-') : undefined;
}
