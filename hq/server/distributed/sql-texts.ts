export interface SqlText {
  readonly line: number;
  /** In small letters, each value that is filled in as "$", fragments in their place. */
  readonly text: string;
}

const beginsLikeSql = /^\s*(select|insert into|update|delete from|with|create|alter|drop|on conflict|lock|truncate)\b/i;

/**
 * Every SQL text of a TypeScript file: templates and strings that begin like SQL. Found by walking over the source, because SQL stands in templates inside
 * templates, where a regular expression does not reach.
 */
export function sqlTextsOf(source: string): readonly SqlText[] {
  const found: SqlText[] = [];
  let at = 0;
  let lastToken = '';

  const keep = (text: string, from: number) => {
    if (beginsLikeSql.test(text)) found.push({ line: source.slice(0, from).split('\n').length, text: text.toLowerCase().replace(/--[^\n]*/g, ' ').replace(/\s+/g, ' ').trim() });
  };

  /** From behind the backtick to behind the closing one. What stands in "${…}" becomes "$", with the SQL of templates in it. */
  const template = (): string => {
    let text = '';
    while (at < source.length) {
      const character = source[at]!;
      if (character === '`') {
        at++;
        return text;
      }
      if (character === '\\') {
        text += source[at + 1] ?? '';
        at += 2;
      } else if (character === '$' && source[at + 1] === '{') {
        at += 2;
        text += `$ ${code('}')}`;
      } else {
        text += character;
        at++;
      }
    }
    return text;
  };

  const quoted = (quote: string): string => {
    let text = '';
    while (at < source.length && source[at] !== quote && source[at] !== '\n') {
      if (source[at] === '\\') at++;
      text += source[at] ?? '';
      at++;
    }
    at++;
    return text;
  };

  /** Code up to the closing bracket. Gives back the SQL of the templates in it. */
  const code = (until: string): string => {
    let inner = '';
    let depth = 0;
    while (at < source.length) {
      const character = source[at]!;
      const two = source.slice(at, at + 2);
      if (two === '//') at = endOf('\n');
      else if (two === '/*') at = endOf('*/');
      else if (character === '`') {
        const from = at++;
        const text = template();
        if (until === '') keep(text, from);
        else if (beginsLikeSql.test(text)) keep(text, from);
        inner += ` ${text}`;
        lastToken = '`';
      } else if (character === "'" || character === '"') {
        const from = at++;
        keep(quoted(character), from);
        lastToken = "'";
      } else if (character === '/' && !/[\w)\]'"`]$/.test(lastToken)) regularExpression();
      else {
        if (character === until && depth === 0) {
          at++;
          return inner;
        }
        if (character === '{') depth++;
        if (character === '}') depth--;
        if (character.trim() !== '') lastToken = character;
        at++;
      }
    }
    return inner;
  };

  const endOf = (mark: string): number => {
    const end = source.indexOf(mark, at);
    return end < 0 ? source.length : end + mark.length;
  };

  const regularExpression = () => {
    let isInClass = false;
    for (at++; at < source.length && source[at] !== '\n'; at++) {
      const character = source[at];
      if (character === '\\') at++;
      else if (character === '[') isInClass = true;
      else if (character === ']') isInClass = false;
      else if (character === '/' && !isInClass) break;
    }
    at++;
    lastToken = '/';
  };

  code('');
  return found;
}
