import type { Business } from '../catalogue/catalogue.ts';
import type { Language } from '../language.ts';
import type { Wallet } from '../scan/payment-code.ts';

/** The words on what staff read: tickets, slips, reports, the test page. In the language of the staff, not of the customer. */
export interface StaffWords {
  readonly copy: string;
  readonly time: string;
  readonly order: string;
  readonly kitchen: string;
  readonly eat_in: string;
  readonly take_away: string;
  readonly dishes: string;
  readonly staffSlip: string;
  readonly slipNumber: string;
  readonly handOut: string;
  readonly pieces: string;
  readonly restock: string;
  readonly offer: string;
  readonly has: string;
  readonly count: string;
  readonly par: string;
  readonly bring: string;
  readonly nothingToBring: string;
  /** What is past its day. */
  readonly takeOut: string;
  readonly zReport: string;
  readonly from: string;
  readonly to: string;
  readonly orders: string;
  readonly free: string;
  readonly refunded: string;
  readonly firstOrder: string;
  readonly lastOrder: string;
  readonly business: string;
  readonly businesses: Readonly<Record<Business, string>>;
  readonly amount: string;
  readonly total: string;
  readonly taxRate: string;
  /** Beside a rate: it came on top of the prices. */
  readonly taxAdded: string;
  readonly tax: string;
  readonly cards: string;
  readonly wallets: Readonly<Record<Wallet, string>>;
  readonly ours: string;
  readonly terminals: string;
  readonly terminalUnknown: string;
  readonly difference: string;
  readonly reversed: string;
  readonly unsettled: string;
  readonly agree: string;
  readonly testPage: string;
  readonly printer: string;
  readonly line: string;
  readonly columns: string;
  readonly sizes: string;
  readonly normal: string;
  readonly bold: string;
  readonly double: string;
  readonly left: string;
  readonly center: string;
  readonly right: string;
  readonly characters: string;
  readonly replaced: string;
  readonly drawn: string;
  readonly codes: string;
  readonly logo: string;
  readonly end: string;
}

export const staffWords: Readonly<Record<Language, StaffWords>> = {
  zh: {
    copy: '重印（副本）',
    time: '时间',
    order: '订单号',
    kitchen: '厨房单',
    eat_in: '堂食',
    take_away: '外带',
    dishes: '共计份数',
    staffSlip: '出货单',
    slipNumber: '单据流水号',
    handOut: '请备齐下列商品：',
    pieces: '共计件数',
    restock: '补货单',
    offer: '商品',
    has: '现有',
    count: '数量',
    par: '标准',
    bring: '补货',
    nothingToBring: '库存充足，无需补货',
    takeOut: '过期取出',
    zReport: '日结报表（Z）',
    from: '自',
    to: '至',
    orders: '订单数',
    free: '其中免费',
    refunded: '已退款',
    firstOrder: '首单号',
    lastOrder: '末单号',
    business: '业务',
    businesses: { goods: '商品', telecom: '电信', food: '餐饮' },
    amount: '金额',
    total: '合计',
    taxRate: '税率',
    taxAdded: '另加',
    tax: '税额',
    cards: '银行卡',
    wallets: { wechat: '微信支付', alipay: '支付宝' },
    ours: '本机',
    terminals: '终端',
    terminalUnknown: '终端未报数',
    difference: '差额',
    reversed: '已撤销',
    unsettled: '待处理付款',
    agree: '账目相符',
    testPage: '打印机测试页',
    printer: '机型',
    line: '线路',
    columns: '列标尺',
    sizes: '字号与对齐',
    normal: '常规',
    bold: '加粗',
    double: '两倍',
    left: '居左',
    center: '居中',
    right: '居右',
    characters: '字符',
    replaced: '替换',
    drawn: '点阵绘制（缺字显示为〓）',
    codes: '条码与二维码',
    logo: '标志',
    end: '以下切纸',
  },
  en: {
    copy: 'COPY',
    time: 'Time',
    order: 'Order',
    kitchen: 'KITCHEN',
    eat_in: 'EAT IN',
    take_away: 'TAKE AWAY',
    dishes: 'Portions',
    staffSlip: 'HAND OUT',
    slipNumber: 'Slip number',
    handOut: 'Put on the counter:',
    pieces: 'Pieces',
    restock: 'RESTOCK',
    offer: 'Offer',
    has: 'Has',
    count: 'Count',
    par: 'Par',
    bring: 'Bring',
    nothingToBring: 'All stocked, nothing to bring',
    takeOut: 'Expired, take out',
    zReport: 'Z REPORT',
    from: 'From',
    to: 'To',
    orders: 'Orders',
    free: 'of which free',
    refunded: 'Refunded',
    firstOrder: 'First order',
    lastOrder: 'Last order',
    business: 'Business',
    businesses: { goods: 'Goods', telecom: 'Telecom', food: 'Food' },
    amount: 'Amount',
    total: 'Total',
    taxRate: 'Tax rate',
    taxAdded: 'added',
    tax: 'Tax',
    cards: 'Cards',
    wallets: { wechat: 'WeChat Pay', alipay: 'Alipay' },
    ours: 'Ours',
    terminals: "Terminal's",
    terminalUnknown: 'Terminal did not report',
    difference: 'Difference',
    reversed: 'Reversed',
    unsettled: 'Payments to settle',
    agree: 'Totals agree',
    testPage: 'PRINTER TEST',
    printer: 'Printer',
    line: 'Line',
    columns: 'Columns',
    sizes: 'Sizes and alignment',
    normal: 'Normal',
    bold: 'Bold',
    double: 'Double',
    left: 'left',
    center: 'center',
    right: 'right',
    characters: 'Characters',
    replaced: 'Replaced',
    drawn: 'Drawn as dots (or 〓)',
    codes: 'Codes',
    logo: 'Logo',
    end: 'Cut below',
  },
};
