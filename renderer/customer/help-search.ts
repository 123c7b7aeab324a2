import type { Question } from '../../domain/catalogue/catalogue.ts';

/** A Chinese question is written without spaces, and asked in another order than it stands: each of its characters counts by itself. */
function tokensOf(text: string): readonly string[] {
  return text.normalize('NFKC').toLowerCase().match(/\p{Script=Han}|[\p{L}\p{N}]+/gu)?.filter((token) => !idle.has(token)) ?? [];
}

/** Asked with, not about. */
const idle = new Set(['的', '了', '吗', '呢', '么', '是', '我', '怎', 'a', 'an', 'the', 'is', 'do', 'i', 'my', 'to', 'how', 'what', 'can']);

/**
 * The questions that have to do with what was typed, best first: all of it stands in question, further words or answer, of either language. Nothing typed
 * finds all, in their own order.
 */
export function findQuestions(questions: readonly Question[], typed: string): readonly Question[] {
  const tokens = tokensOf(typed);
  if (tokens.length === 0) return questions;
  return questions
    .map((question) => ({ question, score: scoreOf(question, tokens) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ question }) => question);
}

function scoreOf({ question, answer, words = [] }: Question, tokens: readonly string[]): number {
  const asked = [question.zh, question.en, ...words].join(' ').normalize('NFKC').toLowerCase();
  const answered = `${answer.zh} ${answer.en}`.normalize('NFKC').toLowerCase();
  let score = 0;
  for (const token of tokens) {
    if (asked.includes(token)) score += 3;
    else if (answered.includes(token)) score += 1;
    else return 0;
  }
  return score;
}
