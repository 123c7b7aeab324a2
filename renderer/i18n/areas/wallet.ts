import type { Language } from '../../../domain/language.ts';
import type { PaymentView, ServiceView } from '../../../domain/order/view.ts';
import type { Tender, WalletRefusal } from '../../../domain/payment/tender.ts';
import { counted } from '../counted.ts';

type Titled = { readonly title: string; readonly text: string };
type Said = (wallet: string) => Titled;
export type WalletStep = Extract<PaymentView, { kind: 'wallet' }>['step'];

/** Paying with a phone, and what a carrier says of a number beforehand. `wallet` and `way` are names from `name`. */
export interface WalletWords {
  readonly name: Readonly<Record<Tender, string>>;
  /** Between names of a list, and before its last one. */
  readonly comma: string;
  readonly or: string;
  /** Above the ways to pay, and as what a screen reader calls them together. */
  readonly choose: (total: string) => string;
  readonly payWith: (way: string, total: string) => string;
  readonly away: string;
  readonly held: string;
  /** On the review: how it is paid. */
  readonly any: (wallets: string) => Titled;
  readonly walletsAway: (wallets: string) => Titled;
  readonly cardAway: (wallets: string) => Titled;
  readonly cardHeld: (wallets: string) => Titled;
  readonly nothing: Titled;
  readonly noCardHome: (wallets: string) => string;
  readonly starting: Readonly<Record<'shown' | 'read', Said>>;
  readonly show: Said;
  /** Where the customer hears the screen: a code on it is of no use to them. */
  readonly showHeard: Said;
  readonly orHold: string;
  readonly code: (wallet: string) => string;
  readonly confirm: Said;
  readonly checking: Said;
  readonly cancelling: Said;
  readonly returning: Said;
  readonly left: string;
  /** What the voice says for "1:53". */
  readonly leftSpoken: (minutes: number, seconds: number) => string;
  readonly leftSoon: (seconds: number) => string;
  readonly patience: string;
  readonly longPatience: string;
  readonly due: Readonly<Record<'none' | 'not_paid' | 'wallet_unavailable' | 'too_late', Said>>;
  readonly refused: Readonly<Record<WalletRefusal, Said>>;
  readonly unknown: (wallet: string) => string;
  readonly paidBy: (way: string) => string;
  readonly cardEnding: (digits: string) => string;
  readonly refunded: (way: string | undefined) => string;
  readonly refunding: (way: string | undefined) => string;
  /** Of a service that was refused: where its money is. */
  readonly serviceMoney: Readonly<Record<NonNullable<ServiceView['money']>, (way: string | undefined) => string>>;
  readonly number: {
    readonly asking: string; readonly owner: string; readonly plan: string; readonly balance: string; readonly perMonth: (price: string) => string;
    readonly newPlan: string; readonly from: string; readonly day: (year: number, month: number, day: number) => string;
    readonly ownerAsk: string; readonly unknown: Titled; readonly notForIt: Titled; readonly same: string;
  };
}

/** "WeChat Pay or Alipay". */
export function listOf({ comma, or }: Pick<WalletWords, 'comma' | 'or'>, names: readonly string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(comma)}${or}${names.at(-1)}` : (names[0] ?? '');
}

/** A code is scanned with the app, and paid by the wallet in it. */
const apps: Readonly<Record<string, string>> = { 微信支付: '微信', 'WeChat Pay': 'WeChat' };
const appOf = (wallet: string) => apps[wallet] ?? wallet;

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

export const walletWords: Readonly<Record<Language, WalletWords>> = {
  zh: {
    name: { card: '银行卡', wechat: '微信支付', alipay: '支付宝' },
    comma: '、', or: '、',
    choose: (total) => `选一种方式付款 ${total}`,
    payWith: (way, total) => `${way}，付款 ${total}`,
    away: '暂时用不了', held: '请稍等',
    any: (wallets) => ({ title: '手机、银行卡都能付', text: `${wallets}扫码付，刷卡、插卡、挥卡也可以` }),
    walletsAway: (wallets) => ({ title: `${wallets}暂时用不了`, text: '正在恢复。请先用别的方式付款' }),
    cardAway: (wallets) => ({ title: '暂时不能刷卡', text: `正在恢复。可以用${wallets}付款` }),
    cardHeld: (wallets) => ({ title: '刷卡请稍等', text: `上一笔刷卡还在核实。可以先用${wallets}付款` }),
    nothing: { title: '暂时不能付款', text: '正在恢复，请稍等片刻，或只办免费项目' },
    noCardHome: (wallets) => `暂时不能刷卡，可以用${wallets}付款。`,
    starting: {
      shown: (wallet) => ({ title: '正在生成付款二维码…', text: `请先打开手机上的${appOf(wallet)}。` }),
      read: (wallet) => ({ title: `正在联系${wallet}…`, text: '付款码已经读到，手机可以拿开了。' }),
    },
    show: (wallet) => ({ title: `请用${appOf(wallet)}扫码付款`, text: `打开${appOf(wallet)}“扫一扫”，对准屏幕上的二维码。` }),
    showHeard: (wallet) => ({ title: '请把付款码对准扫码口', text: `打开${appOf(wallet)}的付款码，手机屏幕朝向扫码口。想改用银行卡，请选“取消付款”。` }),
    orHold: '也可以打开手机付款码，对准扫码口',
    code: (wallet) => `${wallet}付款二维码，用手机扫`,
    confirm: () => ({ title: '请在手机上确认', text: '按手机提示输入密码，或刷脸、按指纹。' }),
    checking: (wallet) => ({ title: '正在核实付款结果…', text: `正在向${wallet}查询结果，请不要重复付款。` }),
    cancelling: () => ({ title: '正在取消付款…', text: '请不要再付。如果刚才已经付款成功，会直接显示结果。' }),
    returning: () => ({ title: '正在退回这笔付款…', text: '钱会原路退回，您不用做什么。' }),
    left: '剩余时间', leftSpoken: (minutes, seconds) => (minutes === 0 ? `${seconds} 秒` : `${minutes} 分 ${seconds} 秒`), leftSoon: (seconds) => `还有 ${seconds} 秒可以付款`,
    patience: '一般只要几秒，请不要离开。', longPatience: '比平时久一些。您可以继续等，也可以取消付款。',
    due: {
      none: () => ({ title: '准备付款', text: '选一种方式，马上开始。' }),
      not_paid: () => ({ title: '这笔付款没有成功', text: '已经核实，没有扣款。您可以再试一次，或换一种方式。' }),
      wallet_unavailable: (wallet) => ({ title: `${wallet}没有回应`, text: '没有扣款。请换一种方式，或稍后再试。' }),
      too_late: () => ({ title: '付款时间到了', text: '没有扣款。万一手机上刚好付出去了，会自动退回。要买的话，再选一次就好。' }),
    },
    refused: {
      code_unusable: () => ({ title: '这个付款码已经失效', text: '没有扣款。付款码只能用一次，每分钟自动更新：请在手机上刷新，再对准扫码口。' }),
      not_enough: (wallet) => ({ title: '余额不足', text: `没有扣款。请在${wallet}里换一张银行卡，或换一种方式。` }),
      limit: (wallet) => ({ title: '超过支付限额', text: `没有扣款。这是${wallet}或银行设的限额，请换一种方式。` }),
      refused: (wallet) => ({ title: `${wallet}没有通过`, text: '没有扣款。原因请看手机上的提示，您可以再试，或换一种方式。' }),
      too_late: () => ({ title: '付款时间到了', text: '没有扣款。万一手机上刚好付出去了，会自动退回。要买的话，再选一次就好。' }),
    },
    unknown: (wallet) => `我们正在向${wallet}核实结果，请不要重复付款。可以在这里等，也可以先离开：扫码随时查看结果。没办成的话，钱会自动退回。`,
    paidBy: (way) => `付款方式：${way}`, cardEnding: (digits) => `银行卡（尾号 ${digits}）`,
    refunded: (way) => (way === undefined ? '这笔钱已按原付款方式退回' : `这笔钱已经退回您的${way}，一般几分钟到账`),
    refunding: (way) => (way === undefined ? '正在按原付款方式退款' : `正在把钱退回您的${way}，一般几分钟到账`),
    serviceMoney: {
      returning: (way) => `运营商没有受理，这一项的钱正在退回${way === undefined ? '原付款方式' : `您的${way}`}`,
      returned: (way) => `运营商没有受理，这一项的钱已经退回${way === undefined ? '原付款方式' : `您的${way}`}`,
      by_person: () => '运营商没有受理，这一项的钱由工作人员退给您，请凭小票到柜台',
    },
    number: {
      asking: '正在查这个号码…', owner: '机主', plan: '现在的套餐', balance: '话费余额', perMonth: (price) => `每月 ${price}`,
      newPlan: '换成', from: '生效日期', day: (year, month, day) => `${year}年${month}月${day}日`,
      ownerAsk: '姓名只显示一部分。不认识这位机主的话，请点“改号码”。',
      unknown: { title: '运营商查不到这个号码', text: '请再核对一遍。号码不对就办不成，还要等退款。' },
      notForIt: { title: '这个号码办不了这一项', text: '运营商不支持这个号码办理。请改号码，或返回选别的。' },
      same: '这个号码已经在用这个套餐了。',
    },
  },
  en: {
    name: { card: 'Card', wechat: 'WeChat Pay', alipay: 'Alipay' },
    comma: ', ', or: ' or ',
    choose: (total) => `Choose how to pay ${total}`,
    payWith: (way, total) => `${way}, pay ${total}`,
    away: 'Not right now', held: 'One moment',
    any: (wallets) => ({ title: 'Pay by phone or card', text: `${wallets}, or tap, insert or swipe your card` }),
    walletsAway: (wallets) => ({ title: `No ${wallets} right now`, text: 'We are getting it back. Please pay another way' }),
    cardAway: (wallets) => ({ title: 'No cards right now', text: `We are getting them back. You can pay with ${wallets}` }),
    cardHeld: (wallets) => ({ title: 'Cards: one moment, please', text: `An earlier card payment is being checked. You can pay with ${wallets}` }),
    nothing: { title: 'Payment is not possible right now', text: 'We are getting it back. Please wait a little, or take the free services only' },
    noCardHome: (wallets) => `No cards right now. You can pay with ${wallets}.`,
    starting: {
      shown: (wallet) => ({ title: 'Getting your code ready…', text: `Please open ${appOf(wallet)} on your phone.` }),
      read: (wallet) => ({ title: `Contacting ${wallet}…`, text: 'We have read your code. You can take your phone away now.' }),
    },
    show: (wallet) => ({ title: `Scan with ${appOf(wallet)}`, text: `Open “Scan” in ${appOf(wallet)} and point it at the code on the screen.` }),
    showHeard: (wallet) => ({ title: 'Hold your payment code before the scanner', text: `Open the payment code in ${appOf(wallet)} on your phone and turn its screen to the scanner. To pay by card instead, choose “Cancel payment”.` }),
    orHold: 'Or hold your phone’s payment code before the scanner',
    code: (wallet) => `${wallet} payment code, to be scanned with a phone`,
    confirm: () => ({ title: 'Confirm on your phone', text: 'Follow your phone: password, face or fingerprint.' }),
    checking: (wallet) => ({ title: 'Checking your payment…', text: `We are asking ${wallet}. Please don’t pay again.` }),
    cancelling: () => ({ title: 'Cancelling the payment…', text: 'Please don’t pay now. If it went through just before, you will see the result here.' }),
    returning: () => ({ title: 'Giving this payment back…', text: 'The money goes back the way it came. You need not do anything.' }),
    left: 'Time left', leftSpoken: (minutes, seconds) => (minutes === 0 ? counted(seconds, 'second') : `${counted(minutes, 'minute')} ${counted(seconds, 'second')}`), leftSoon: (seconds) => `${seconds} seconds left to pay`,
    patience: 'This usually takes a few seconds. Please stay here.', longPatience: 'This is taking longer than usual. You can keep waiting, or cancel the payment.',
    due: {
      none: () => ({ title: 'Ready to pay', text: 'Choose a way to pay, and we begin.' }),
      not_paid: () => ({ title: 'This payment did not go through', text: 'We checked: nothing was charged. You can try again, or pay another way.' }),
      wallet_unavailable: (wallet) => ({ title: `${wallet} did not answer`, text: 'Nothing was charged. Please pay another way, or try again later.' }),
      too_late: () => ({ title: 'The time to pay is over', text: 'Nothing was charged. Should your phone have paid at the very last moment, it is given back by itself. To buy, just choose again.' }),
    },
    refused: {
      code_unusable: () => ({ title: 'This payment code no longer works', text: 'Nothing was charged. A code works once and changes every minute: refresh it on your phone and hold it before the scanner again.' }),
      not_enough: (wallet) => ({ title: 'Not enough balance', text: `Nothing was charged. Please choose another card in ${wallet}, or pay another way.` }),
      limit: (wallet) => ({ title: 'Over the limit', text: `Nothing was charged. ${wallet} or your bank has set this limit; please pay another way.` }),
      refused: (wallet) => ({ title: `${wallet} did not accept it`, text: 'Nothing was charged. Your phone says why. You can try again, or pay another way.' }),
      too_late: () => ({ title: 'The time to pay is over', text: 'Nothing was charged. Should your phone have paid at the very last moment, it is given back by itself. To buy, just choose again.' }),
    },
    unknown: (wallet) => `We are asking ${wallet} what happened. Please don’t pay again. You can wait here, or leave and follow it with the code. If your order can’t go ahead, the money comes back by itself.`,
    paidBy: (way) => `Paid with ${way}`, cardEnding: (digits) => `card ending in ${digits}`,
    refunded: (way) => (way === undefined ? 'The money is back the way you paid' : `The money is back with your ${way}; it shows there within minutes, as a rule`),
    refunding: (way) => (way === undefined ? 'The money is going back the way you paid' : `The money is going back to your ${way}; it shows there within minutes, as a rule`),
    serviceMoney: {
      returning: (way) => `The carrier did not accept it. Its money is going back ${way === undefined ? 'the way you paid' : `to your ${way}`}`,
      returned: (way) => `The carrier did not accept it. Its money is back ${way === undefined ? 'the way you paid' : `with your ${way}`}`,
      by_person: () => 'The carrier did not accept it. Our staff give its money back: please show your receipt at the counter',
    },
    number: {
      asking: 'Looking this number up…', owner: 'Owner', plan: 'Plan now', balance: 'Balance', perMonth: (price) => `${price} a month`,
      newPlan: 'Changes to', from: 'Begins', day: (year, month, day) => `${day} ${months[month - 1] ?? ''} ${year}`,
      ownerAsk: 'Only part of the name is shown. If you don’t know this owner, tap “Change it”.',
      unknown: { title: 'The carrier does not know this number', text: 'Please check it once more. With a wrong number it can’t be done, and you wait for your money.' },
      notForIt: { title: 'Not possible for this number', text: 'The carrier does not allow it for this number. Please change it, or go back and choose something else.' },
      same: 'This number is on this plan already.',
    },
  },
};
