import type { Receipt, ReceiptLine } from '../domain/receipt/receipt.ts';

const text = (value: string, more: Partial<Extract<ReceiptLine, { kind: 'text' }>> = {}): ReceiptLine => ({ kind: 'text', text: value, align: 'left', size: 'normal', bold: false, ...more });
const pair = (left: string, right: string, indent = 0): ReceiptLine => ({ kind: 'pair', left, right, bold: false, indent });

const chinese: Receipt = {
  language: 'zh',
  lines: [
    text('便捷二十四 · 人民广场站', { align: 'center', bold: true }),
    text('上海市黄浦区人民大道1号，地铁2号线站厅层', { align: 'center' }),
    text('021-5555 0024', { align: 'center' }),
    { kind: 'rule' },
    text('取货号', { align: 'center' }),
    text('A042', { align: 'center', size: 'quadruple', bold: true }),
    { kind: 'rule' },
    pair('时间', '2026-11-22 13:05'),
    pair('订单号', 'abcdef012345'),
    pair('招牌牛肉面 ×2', '￥64.00'),
    pair('大份，加辣，不要香菜', '', 2),
    pair('珍珠奶茶（大杯）少糖去冰', '￥18.50'),
    pair('矿泉水', '￥2.00'),
    { kind: 'rule' },
    pair('合计', '￥84.50'),
    pair('其中税额 6%', '￥4.78', 1),
    pair('银行卡支付', '￥84.50'),
    pair('卡号', 'VISA ************1234', 1),
    pair('终端号', '52000001', 1),
    pair('凭证号', '0042', 1),
    text('扫码查看电子收据', { align: 'center' }),
    { kind: 'qr', data: 'https://hq.example/r/abcdefghijklmnopqrstuv' },
    text('谢谢惠顾，欢迎再来！', { align: 'center' }),
  ],
};

const english: Receipt = {
  language: 'en',
  lines: [
    text('Counter24 · People’s Square', { align: 'center', bold: true }),
    text('1 Renmin Avenue, Line 2 concourse, Shanghai', { align: 'center' }),
    { kind: 'rule' },
    text('Pickup number', { align: 'center' }),
    text('A042', { align: 'center', size: 'quadruple', bold: true }),
    { kind: 'rule' },
    pair('Time', '2026-11-22 13:05'),
    pair('Order', 'abcdef012345'),
    pair('Braised beef noodles ×2', '￥64.00'),
    pair('large, hot, no coriander', '', 2),
    pair('Bubble tea, large, less sugar, no ice', '￥18.50'),
    pair('Mineral water', '￥2.00'),
    { kind: 'rule' },
    pair('Total', '￥84.50'),
    pair('of which tax 6%', '￥4.78', 1),
    pair('Paid by card', '￥84.50'),
    pair('Card', 'VISA ************1234', 1),
    pair('Terminal', '52000001', 1),
    text('Scan for your e-receipt', { align: 'center' }),
    { kind: 'qr', data: 'https://hq.example/r/abcdefghijklmnopqrstuv' },
    text('Thank you, see you again!', { align: 'center' }),
  ],
};

/** What the bench prints: usual ones in both languages, a slip of a few lines, and thirty lines of goods. */
export const receipts: Readonly<Record<string, Receipt>> = {
  'Chinese': chinese,
  'English': english,
  'short': { language: 'zh', lines: [text('取货号', { align: 'center' }), text('A042', { align: 'center', size: 'double' }), text('请到2号窗口取餐', { align: 'center' })] },
  '30 lines': { language: 'zh', lines: [...chinese.lines.slice(0, 9), ...Array.from({ length: 30 }, (_, index) => pair(`招牌牛肉面（大份，加辣）第${index + 1}份`, `￥${(index + 1) * 3}.00`)), ...chinese.lines.slice(13)] },
};
