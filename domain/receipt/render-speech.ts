import type { Language } from '../language.ts';
import type { Receipt, ReceiptLine } from './receipt.ts';

interface SpeechWords {
  readonly qr: string;
  readonly endingIn: (digits: string) => string;
  /** Of a name of which the first letter alone is told. */
  readonly initial: (letter: string) => string;
  readonly currencies: Readonly<Record<string, string>>;
  readonly minus: string;
  readonly quantity: (name: string, count: string) => string;
  readonly count: (count: string) => string;
  readonly comma: string;
  readonly colon: string;
  readonly stop: string;
}

const speechWords: Readonly<Record<Language, SpeechWords>> = {
  zh: {
    qr: '此处有二维码',
    endingIn: (digits) => `尾号${digits}`,
    initial: (letter) => `${letter}某`,
    currencies: { '￥': '元', '¥': '元', '€': '欧元' },
    minus: '负',
    quantity: (name, count) => `${name}，${count}份`,
    count: (count) => `${count}件`,
    comma: '，',
    colon: '：',
    stop: '。',
  },
  en: {
    qr: 'QR code here',
    endingIn: (digits) => `ending in ${digits}`,
    initial: (letter) => letter,
    currencies: { '￥': 'yuan', '¥': 'yuan', '€': 'euros' },
    minus: 'minus ',
    quantity: (name, count) => `${count} × ${name}`,
    count: (count) => count,
    comma: ', ',
    colon: ': ',
    stop: '.',
  },
};

/**
 * A receipt as sentences, a line each, for a voice: from the lines of the model, since folding is for eyes. Rules, feeds and
 * pictures say nothing; each amount comes with its name and its currency; masked digits are not read star by star.
 */
export function renderSpeech(receipt: Receipt): string {
  const words = speechWords[receipt.language];
  return receipt.lines
    .flatMap((line, index) => {
      // The number that is set the largest belongs to the words above it.
      if (isNumber(receipt.lines[index + 1]) && line.kind === 'text') return [];
      const before = receipt.lines[index - 1];
      const name = isNumber(line) && before?.kind === 'text' ? spoken(before.text, words) + words.colon : '';
      return sentences(line, words).map((sentence) => name + sentence);
    })
    .map((sentence) => sentence.replace(/\s+/g, ' ').trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence))
    .map((sentence) => (/[。！？：.!?:]$/u.test(sentence) ? sentence : sentence + words.stop))
    .join('\n');
}

function isNumber(line: ReceiptLine | undefined): boolean {
  return line?.kind === 'text' && line.size === 'quadruple';
}

function sentences(line: ReceiptLine, words: SpeechWords): readonly string[] {
  const say = (text: string): string => spoken(text, words);
  switch (line.kind) {
    case 'text':
      return line.text.split(/\r\n|\r|\n/).map(say);
    case 'pair':
      return [line.left !== '' && line.right !== '' ? say(line.left) + words.colon + say(line.right) : say(line.left) + say(line.right)];
    case 'table':
      return line.rows.map((row) =>
        row
          .flatMap((cell, index) => {
            const { header = '', align = 'left' } = line.columns[index] ?? {};
            if (cell === '') return [];
            return [align === 'right' && header !== '' ? `${say(header)} ${say(cell)}` : say(cell)];
          })
          .join(words.comma),
      );
    case 'qr':
      return [words.qr];
    case 'rule':
    case 'feed':
    case 'barcode': // what a scanner reads
    case 'logo':
      return [];
  }
}

function spoken(text: string, words: SpeechWords): string {
  return text
    .replace(/(-?)([￥¥€])(-?)([\d,]+(?:\.\d+)?)/gu, (_, before: string, symbol: string, after: string, digits: string) => {
      const name = words.currencies[symbol] ?? '';
      return `${before || after ? words.minus : ''}${digits.replaceAll(',', '')}${/^[a-z]/.test(name) ? ' ' : ''}${name}`;
    })
    .replace(/^[2-9A-HJ-NP-Z]{3}(?: [2-9A-HJ-NP-Z]{3}){2}$/, (reference) => reference.split(' ').map((group) => [...group].join(' ')).join(words.comma))
    .replace(/(\p{L})\*{2,}/gu, (_, letter: string) => words.initial(letter))
    .replace(/\d*\*{2,}(\d+)/g, (_, digits: string) => words.endingIn([...digits].join(' ')))
    .replace(/^(.+) ×(\d+)$/u, (_, name: string, count: string) => words.quantity(name, count))
    .replace(/^×(\d+)$/u, (_, count: string) => words.count(count))
    .replaceAll(' / ', words.comma)
    .replace(/[□〓]\s*|^\s*\+ /gu, '');
}
