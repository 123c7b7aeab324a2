/** A catalogue's answers and options nest about ten deep. */
const maxDepth = 60;

/**
 * Whether what came can be kept and written again: PostgreSQL's texts take no NUL, and what walks a value calls itself for each level. Walks without calling itself.
 * @param value as JSON gives it
 */
export function isStorable(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return false;
    const next: unknown[] = [];
    for (const one of level) {
      if (typeof one === 'string' && one.includes('\0')) return false;
      if (typeof one !== 'object' || one === null) continue;
      if (Object.keys(one).some((name) => name.includes('\0'))) return false;
      for (const inner of Object.values(one)) next.push(inner);
    }
    level = next;
  }
  return true;
}
