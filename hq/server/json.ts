import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';

const quote = 0x22;
const backslash = 0x5c;

/**
 * Whether JSON nests deeper than `maxDepth`. Looked at before anything is parsed: what walks a value (schemas, writing it again) calls itself for each
 * level, so a few kilobytes of "[[[[…" would end its stack. Text that is no JSON is judged too; parsing refuses it afterwards.
 */
export function isNestedDeeper(text: string, maxDepth: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isInString) {
      if (code === backslash) index++;
      else if (code === quote) isInString = false;
    } else if (code === quote) isInString = true;
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > maxDepth) return true;
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
  return false;
}

/** Error: one sentence for people. */
export function parseJson(text: string, maxDepth: number): Result<unknown, string> {
  if (isNestedDeeper(text, maxDepth)) return err(`the JSON nests deeper than ${maxDepth}`);
  try {
    return ok(JSON.parse(text) as unknown);
  } catch (error) {
    return err(`the text is no JSON: ${(error as Error).message}`);
  }
}
