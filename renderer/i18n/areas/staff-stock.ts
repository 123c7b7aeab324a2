import type { Language } from '../../../domain/language.ts';
import type { countReasons, wasteReasons } from '../../../domain/stock/stock.ts';

export interface StaffStockWords {
  readonly title: string; readonly filter: string; readonly filters: Readonly<Record<'all' | 'low' | 'expired' | 'open', string>>; readonly expiredFirst: string; readonly noShelf: string; readonly none: string;
  readonly open: (slot: string, name: string) => string; readonly count: (count: number, par: number, capacity: number) => string; readonly toPar: string; readonly capacity: string; readonly onShelf: string;
  readonly soonest: (date: string) => string; readonly noDate: string; readonly expired: (count: number) => string; readonly full: string; readonly isDone: string; readonly empty: string;
  readonly fillShort: (quantity: number) => string; readonly fill: (par: number, quantity: number) => string; readonly fillName: (slot: string, name: string, quantity: number) => string; readonly put: string; readonly recount: string; readonly waste: string;
  readonly takeExpired: (count: number) => string; readonly lots: string; readonly lot: (date: string, count: number) => string; readonly lotUnnamed: (count: number) => string; readonly countLot: string; readonly wasteLot: string;
  readonly quantity: string; readonly fewer: string; readonly more: string; readonly type: string; readonly step: string;
  readonly bestBefore: string; readonly lastDate: string; readonly otherDate: string; readonly withoutDate: string; readonly year: string; readonly month: string; readonly day: string; readonly past: string;
  readonly inDays: (days: number) => string;
  readonly putIn: (quantity: number) => string; readonly howMany: string; readonly books: (count: number) => string; readonly held: (count: number) => string; readonly agrees: (count: number) => string; readonly differs: (difference: number) => string; readonly why: string; readonly save: string;
  readonly countReasons: Readonly<Record<(typeof countReasons)[number], string>>; readonly wasteReasons: Readonly<Record<(typeof wasteReasons)[number], string>>; readonly takeOut: (quantity: number) => string; readonly note: string;
  readonly done: (slot: string, count: number) => string; readonly tooMany: (fits: number) => string; readonly tooFew: (has: number) => string; readonly unknownSlot: string;
  readonly lost: (what: string) => string; readonly retry: string; readonly forget: string; readonly moves: Readonly<Record<'stock.fill' | 'stock.count' | 'stock.waste', (slot: string, pieces: number) => string>>;
  readonly visit: (slots: number, pieceIn: number, out: number, differences: number) => string; readonly goesOn: (since: string) => string;
  readonly bring: string; readonly bringTitle: string; readonly bringNone: string; readonly bringItem: (has: number, par: number) => string; readonly bringCount: (count: number) => string; readonly remove: (count: number) => string; readonly print: string; readonly printed: string; readonly notPrinted: string;
  readonly finish: string; readonly finishTitle: string; readonly finishText: string; readonly finishPrint: string; readonly finishPlain: string; readonly finished: string; readonly finishedText: string; readonly nothingDone: string; readonly sums: Readonly<Record<'slots' | 'in' | 'out' | 'differences', string>>; readonly goOn: string;
  readonly scannedNone: string; readonly scannedMany: (count: number) => string; readonly showAll: string;
}

const pieces = (count: number) => (count === 1 ? '1 piece' : `${count} pieces`);
const signed = (count: number) => (count > 0 ? `+${count}` : `−${Math.abs(count)}`);

export const staffStockWords: Readonly<Record<Language, StaffStockWords>> = {
  zh: {
    title: '补货', filter: '只看', filters: { all: '全部', low: '需补货', expired: '已过期', open: '未做' }, expiredFirst: '已过期，请先下架', noShelf: '货架', none: '这里没有货道。',
    open: (slot, name) => `货道 ${slot} ${name}`, count: (count, par, capacity) => `现有 ${count}，标准 ${par}，最多 ${capacity}`, toPar: '标准', capacity: '最多', onShelf: '现有',
    soonest: (date) => `最早到期 ${date}`, noDate: '没有日期', expired: (count) => `过期 ${count} 件`, full: '已补满', isDone: '本次做过', empty: '空',
    fillShort: (quantity) => `补满 +${quantity}`, fill: (par, quantity) => `补到 ${par}，放入 ${quantity} 件`, fillName: (slot, name, quantity) => `补满 +${quantity} 货道 ${slot} ${name}`, put: '放入别的数量', recount: '清点', waste: '报损',
    takeExpired: (count) => `下架过期的 ${count} 件`, lots: '批次，先到期的在前', lot: (date, count) => `${date} 到期，${count} 件`, lotUnnamed: (count) => `没有日期，${count} 件`, countLot: '清点', wasteLot: '报损',
    quantity: '件数', fewer: '少一件', more: '多一件', type: '用键盘输入', step: '用加减号',
    bestBefore: '保质期到哪天', lastDate: '和上次一样', otherDate: '别的日期', withoutDate: '没有保质期', year: '年', month: '月', day: '日', past: '这一天已经过了，放进去也不会卖。', inDays: (days) => `${days} 天后`,
    putIn: (quantity) => `放入 ${quantity} 件`, howMany: '实际数到几件？', books: (count) => `账上 ${count} 件`, held: (count) => `另有 ${count} 件顾客正在付款，还在货道里`, agrees: (count) => `没错，就是 ${count} 件`, differs: (difference) => (difference > 0 ? `比账上多 ${difference} 件` : `比账上少 ${-difference} 件`), why: '点一下原因就记下来', save: '记下来',
    countReasons: { miscounted: '上次数错', missing: '不见了', stolen: '被偷', found: '找到了', sold_elsewhere: '别处卖了', other: '其他' },
    wasteReasons: { expired: '过期', damaged: '破损', recalled: '召回', sample: '试吃试用', other: '其他' }, takeOut: (quantity) => `拿走 ${quantity} 件`, note: '备注（可不填）',
    done: (slot, count) => `${slot} 记好了，现有 ${count} 件`, tooMany: (fits) => `放不下，这个货道还能放 ${fits} 件。`, tooFew: (has) => `账上只有 ${has} 件，请先清点。`, unknownSlot: '总部改过货道，请重新打开补货。',
    lost: (what) => `机器没有回答：${what}。再试一次不会重复记。`, retry: '再试一次', forget: '不用了，看账上的数',
    moves: { 'stock.fill': (slot, count) => `${slot} 放入 ${count} 件`, 'stock.count': (slot, count) => `${slot} 清点 ${count} 件`, 'stock.waste': (slot, count) => `${slot} 拿走 ${count} 件` },
    visit: (slots, pieceIn, out, differences) => `本次：${slots} 个货道，放入 ${pieceIn}，拿走 ${out}，差异 ${differences}`, goesOn: (since) => `${since} 开始的补货还没有结束，接着做就行，做过的都在。`,
    bring: '带货单', bringTitle: '要带的货', bringNone: '都够了，不用带货。', bringItem: (has, par) => `现有 ${has}，标准 ${par}`, bringCount: (count) => `带 ${count} 件`, remove: (count) => `下架过期 ${count} 件`, print: '打印带货单', printed: '带货单打出来了', notPrinted: '带货单没有打出来，请看一下打印机。',
    finish: '结束补货', finishTitle: '结束这次补货？', finishText: '做过的已经记下，也在给顾客卖了。', finishPrint: '结束并打印带货单', finishPlain: '结束', finished: '补货结束，辛苦了', finishedText: '总部会收到这次的记录。', nothingDone: '这次还没有动过货。',
    sums: { slots: '货道', in: '放入', out: '拿走', differences: '差异' }, goOn: '接着补货', scannedNone: '这个码不在这台机器的货道里。', scannedMany: (count) => `这个码有 ${count} 个货道`, showAll: '显示全部货道',
  },
  en: {
    title: 'Restock', filter: 'Show', filters: { all: 'All', low: 'To fill', expired: 'Expired', open: 'Not yet done' }, expiredFirst: 'Expired: take these out first', noShelf: 'Shelves', none: 'No slots here.',
    open: (slot, name) => `Slot ${slot} ${name}`, count: (count, par, capacity) => `${count} there, par ${par}, room for ${capacity}`, toPar: 'Par', capacity: 'Room for', onShelf: 'There',
    soonest: (date) => `Soonest ${date}`, noDate: 'No date', expired: (count) => `${count} expired`, full: 'Full', isDone: 'Done this visit', empty: 'Empty',
    fillShort: (quantity) => `Fill +${quantity}`, fill: (par, quantity) => `Fill to ${par}: put in ${quantity}`, fillName: (slot, name, quantity) => `Fill +${quantity} slot ${slot} ${name}`, put: 'Another number', recount: 'Count', waste: 'Waste',
    takeExpired: (count) => `Take out ${count} expired`, lots: 'Lots, soonest first', lot: (date, count) => `Best before ${date}, ${pieces(count)}`, lotUnnamed: (count) => `No date, ${pieces(count)}`, countLot: 'Count', wasteLot: 'Waste',
    quantity: 'How many', fewer: 'One fewer', more: 'One more', type: 'Type it', step: 'Step it',
    bestBefore: 'Best before', lastDate: 'As last time', otherDate: 'Another date', withoutDate: 'No best-before date', year: 'Year', month: 'Month', day: 'Day', past: 'This day is over: what you put in would not be sold.', inDays: (days) => (days === 1 ? 'in 1 day' : `in ${days} days`),
    putIn: (quantity) => `Put in ${quantity}`, howMany: 'How many do you count?', books: (count) => `The books say ${count}`, held: (count) => `${count} more lie there for customers who are paying`, agrees: (count) => `Right, ${pieces(count)}`, differs: (difference) => `${signed(difference)} against the books`, why: 'Tap the reason to save', save: 'Save',
    countReasons: { miscounted: 'Miscounted before', missing: 'Missing', stolen: 'Stolen', found: 'Found', sold_elsewhere: 'Sold elsewhere', other: 'Other' },
    wasteReasons: { expired: 'Expired', damaged: 'Damaged', recalled: 'Recalled', sample: 'Sample', other: 'Other' }, takeOut: (quantity) => `Take out ${quantity}`, note: 'A note (optional)',
    done: (slot, count) => `${slot} saved: ${pieces(count)} there`, tooMany: (fits) => `That does not fit: ${pieces(fits)} more fit into this slot.`, tooFew: (has) => `The books say ${pieces(has)}. Count the slot first.`, unknownSlot: 'HQ has changed the slots. Open Restock again.',
    lost: (what) => `No answer from the kiosk: ${what}. Trying again does not count it twice.`, retry: 'Try again', forget: 'Leave it, show the books',
    moves: { 'stock.fill': (slot, count) => `${slot}, put in ${count}`, 'stock.count': (slot, count) => `${slot}, counted ${count}`, 'stock.waste': (slot, count) => `${slot}, took out ${count}` },
    visit: (slots, pieceIn, out, differences) => `This visit: ${slots === 1 ? '1 slot' : `${slots} slots`}, ${pieceIn} in, ${out} out, ${differences === 1 ? '1 difference' : `${differences} differences`}`, goesOn: (since) => `The visit that began at ${since} is still open. Go on where it stopped: all that was done is kept.`,
    bring: 'To bring', bringTitle: 'What to bring', bringNone: 'Everything is at par: nothing to bring.', bringItem: (has, par) => `${has} there, par ${par}`, bringCount: (count) => `Bring ${count}`, remove: (count) => `Take out ${count} expired`, print: 'Print the list', printed: 'The list is printed', notPrinted: 'The list was not printed. Look at the printer.',
    finish: 'Finish', finishTitle: 'Finish this visit?', finishText: 'All that was done is saved, and is on sale already.', finishPrint: 'Finish and print what to bring', finishPlain: 'Finish', finished: 'Restocking is done. Thank you!', finishedText: 'HQ gets the record of this visit.', nothingDone: 'Nothing was moved in this visit yet.',
    sums: { slots: 'Slots', in: 'In', out: 'Out', differences: 'Differences' }, goOn: 'Go on restocking', scannedNone: 'This code is in no slot of this kiosk.', scannedMany: (count) => `This code is in ${count} slots`, showAll: 'Show all slots',
  },
};
