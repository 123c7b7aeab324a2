import type { Language } from '../language.ts';
import type { EpochMs } from '../time.ts';
import { formatLocalTime } from '../time.ts';
import { centered, left, pair, rule, table } from './lines.ts';
import type { Receipt, ReceiptLine } from './receipt.ts';
import { staffWords } from './staff-words.ts';

export interface TestPageFacts {
  readonly language: Language;
  /** For people: "Epson TM-T88 …". */
  readonly model: string;
  readonly columns: number;
  /** Path and speed, for people: "/dev/serial/by-id/… 9600". */
  readonly line: string;
  readonly at: EpochMs;
  readonly timeZone: string;
  /** Of the picture in the printer's memory, where there is one to try. */
  readonly logoSlot?: number;
}

/** All that a receipt may hold, for a technician to compare with docs/pictures/receipts/test-page.png. */
export function composeTestPage(facts: TestPageFacts): Receipt {
  const words = staffWords[facts.language];
  const lines: ReceiptLine[] = [
    ...(facts.logoSlot === undefined ? [] : [{ kind: 'logo', slot: facts.logoSlot, text: words.logo } as const]),
    centered(words.testPage, 'double'),
    pair(words.printer, facts.model),
    pair(words.line, facts.line),
    pair(words.time, formatLocalTime(facts.at, facts.timeZone)),
    rule,
    left(`${words.columns} (${facts.columns})`, 'normal', true),
    left(ruler(facts.columns)),
    left('永'.repeat(Math.floor(facts.columns / 2))),
    rule,
    left(words.sizes, 'normal', true),
    left(`${words.normal} Aa 123 汉字`),
    left(`${words.bold} Aa 123 汉字`, 'normal', true),
    left(`${words.double} 2字`, 'double'),
    centered('A1字', 'quadruple'),
    left(words.left),
    centered(words.center),
    { kind: 'text', text: words.right, align: 'right', size: 'normal', bold: false },
    pair(words.total, '￥1,234.50'),
    table(
      [{ header: words.offer, width: 4, align: 'left' }, { header: words.count, width: 1, align: 'right' }, { header: words.amount, width: 2, align: 'right' }],
      [['乌龙茶 Oolong tea', '2', '￥22.00'], ['Café', '10', '￥180.00']],
    ),
    rule,
    left(words.characters, 'normal', true),
    left('!"#$%&\'()*+,-./0123456789:;<=>?@ ABCDEFGHIJKLMNOPQRSTUVWXYZ [\\]^_` abcdefghijklmnopqrstuvwxyz {|}~'),
    left('标点，。、；：？！“”‘’（）《》【】—…·￥％'),
    left('零壹贰叁肆伍陆柒捌玖拾佰仟万亿圆角分整'),
    left('繁體：臺灣龜鬱麵 镕喆堃玥'),
    left('あいアイ ΑΩαω АЯая éàü ①⑩ⅠⅫ ℃№√×÷±≤≥→←■□●○★☆'),
    left(words.replaced, 'normal', true),
    left('¥ € £ ö ñ ™ © ½'),
    left(words.drawn, 'normal', true),
    left('张䶮 𬭎 ♥ ☕ 한국 😀'),
    rule,
    left(words.codes, 'normal', true),
    { kind: 'barcode', data: 'A042-20261122', text: 'A042-20261122' },
    { kind: 'qr', data: 'https://example.com/test?n=0123456789' },
    centered(words.end),
  ];
  return { language: facts.language, lines };
}

/** "1234567890123…": each column, tens where they fall. */
function ruler(columns: number): string {
  return Array.from({ length: columns }, (_, index) => String((index + 1) % 10)).join('');
}
