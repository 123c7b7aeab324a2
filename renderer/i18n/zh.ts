import { maxCartLines } from '../../domain/cart/cart.ts';
import type { BaseWords } from './words.ts';

export const zh: BaseWords = {
  language: { title: '请选择语言', switchTo: 'English', larger: '大字', smaller: '标准字' },
  common: { back: '返回', done: '完成', free: '免费', total: '合计', each: (price) => `单价 ${price}` },
  starting: { title: '马上就好', text: '正在为您准备，请稍候片刻。' },
  outOfService: { title: '暂停服务', text: '这台机器正在休息，请到旁边的机器或柜台办理。给您添麻烦了。' },
  paused: { title: '暂停服务，稍后恢复', text: '请到旁边的机器或柜台办理。谢谢您的理解。' },
  home: {
    title: '您想办点什么？',
    business: { goods: '日用好物', telecom: '通信业务', food: '现做美食' },
    motto: { goods: '选好即取，拿了就走', telecom: '充值、流量、套餐，当场办', food: '下单现做，叫号取餐' },
    cardPaused: '暂时不能刷卡，免费项目照常办理。',
    leave: '退出',
  },
  offers: {
    businesses: '业务', categories: '分类', soldOut: '已售完', left: (count) => `仅剩 ${count} 件`, addOne: (name) => `加一件 ${name}`, inCart: (count) => `已选 ${count} 件`,
    cartFull: (most) => `一单最多放 ${most} 种，已经放满了。请先结算，或移除几种再选。`,
  },
  offer: {
    pickOne: '选一项', pickUpTo: (max) => `最多选 ${max} 项`, pickAtLeast: (min, max) => `选 ${min} 至 ${max} 项`, pickExactly: (count) => `选 ${count} 项`, pickMissing: '请先选好这一项', moreBelow: '下面还有内容', toTop: '回到顶部',
    quantity: '数量', fewer: '减一件', more: '加一件', most: (count) => `最多 ${count} 件`,
    phone: '手机号', phoneHint: '请输入 11 位手机号', phoneMissing: '请输入手机号，还差几位', phoneInvalid: '手机号以 13 至 19 开头，请核对', phoneGood: '请核对号码无误',
    clear: '清空', erase: '删除一位', keypad: '数字键盘',
    add: (total) => `加入购物车 ${total}`, addFree: '加入购物车 免费', keep: (total) => `保存修改 ${total}`, keepFree: '保存修改',
  },
  cart: {
    title: '已选清单', empty: '还没有选东西', emptyText: '看看有什么喜欢的，点一下就能加进来。', view: (count, total) => `查看已选 ${count} 件 ${total}`, count: (count) => `已选 ${count} 件`,
    checkOut: '去结算', change: (name) => `修改 ${name}`, remove: (name) => `移除 ${name}`, fewer: (name) => `减一件 ${name}`, more: (name) => `加一件 ${name}`,
    added: (name, count) => `${name}已加入，共 ${count} 件`, keepShopping: '再逛逛',
  },
  checkout: {
    title: '请核对订单', taxIncluded: (percent, tax) => `已含 ${percent} 税 ${tax}`, noTax: '免费项目，无需付款', pay: (total) => `付款 ${total}`, confirmFree: '确认办理',
    placing: '正在下单…', trouble: '刚才没有下单成功，也没有扣款。请再试一次。',
    byCard: { title: '银行卡付款', text: '刷卡、插卡、挥卡都可以' }, nothingToPay: { title: '无需付款', text: '确认后直接办理' }, paper: { title: '纸质小票和电子收据', text: '付款后自动打印，也可以扫码保存' },
    noPaper: { title: '电子收据', text: '小票暂时打不出来，扫屏幕上的码即可保存' }, cardUnavailable: { title: '暂时不能刷卡', text: '正在恢复，请稍等，或只办免费项目' },
    cardHeld: { title: '请稍等片刻', text: '上一笔付款还在核实，核实后即可刷卡' }, paused: '暂时不能付款',
    priceChanged: (before, now) => `价格刚刚有变化：合计由 ${before} 变为 ${now}。`, totalChanged: (before, now) => `合计由 ${before} 变为 ${now}。`,
  },
  refusals: {
    title: (count) => (count === 1 ? '有一处需要调整' : '有几处需要调整'), something: '有一项',
    suggestion: {
      set_quantity: (count) => `数量改为 ${count}`, remove_line: () => '移除这一项', choose_options: () => '重新选择', fill_in: () => '去填写', accept_total: (total) => `按 ${total} 继续`,
      choose_dining: () => '选堂食或外带', keep_free: () => '只保留免费的', call_staff: () => '呼叫工作人员', keep_shopping: () => '返回修改',
    },
  },
  scan: {
    sold_out: (name) => `${name}已经卖完了，看看别的吧。`, no_more: (name) => `${name}已经加到每单的上限了。`, cart_full: (name) => `一单最多放 ${maxCartLines} 种，${name}放不下了。请先结算，或移除几种。`,
    unknown_product: () => '这件商品本机不售，看看别的吧。', unknown_code: () => '这个码在这里用不上。请扫商品包装上的条码。',
    pickup_code: () => '这是收据或取货码。请凭它到取货口或柜台取货。', staff_card: () => '这是员工卡，屏幕上的购物照常进行。',
    payment_code: () => '这台机器目前只收银行卡，没有使用您的付款码，也没有从中扣款。',
    payment_code_away: () => '手机付款暂时用不了，没有使用您的付款码，也没有从中扣款。请用银行卡，或稍后再试。',
    payment_code_early: () => '现在还不用出示付款码，没有从中扣款。请先选好商品，点付款后再对准扫码口。',
    payment_code_card: () => '正在等您刷卡，没有使用您的付款码。想用手机付，请先取消这笔刷卡。',
    payment_code_of_away: (name) => `${name}暂时用不了，没有使用您的付款码，也没有从中扣款。请换一种方式。`,
    payment_code_of_none: (name) => `这台机器不支持${name}，没有使用您的付款码，也没有从中扣款。请换一种方式。`,
  },
  leave: { title: '确定退出吗？', text: '已选的内容会清空。', stay: '继续选购', go: '清空并退出' },
  idle: { title: '您还在吗？', text: (seconds) => `${seconds} 秒后将清空并返回首页`, stay: '再给我一点时间', go: '结束' },
  pay: {
    amount: '应付金额',
    title: {
      starting: '正在连接刷卡机…', present_card: '请刷卡、插卡或挥卡', enter_pin: '请在刷卡机上输入密码', contacting_bank: '正在联系银行…', remove_card: '请取回您的卡', declined: '这张卡没有通过',
      reversing: '正在撤销这笔付款…', please_wait: '请稍等…',
    },
    text: {
      starting: '请先准备好银行卡。', present_card: '卡或手机靠近刷卡机都可以。', enter_pin: '输入时请用手遮挡，然后按确认键。', contacting_bank: '银行确认后会马上告诉您。', remove_card: '别忘了把卡收好。',
      declined: '没有扣款，您可以换一张卡。', reversing: '不会扣您的钱。', please_wait: '刷卡机正在处理。',
    },
    place: { below: '刷卡机在屏幕下方', right: '刷卡机在屏幕右侧', left: '刷卡机在屏幕左侧' }, patience: '一般需要 10 到 30 秒，请不要离开。', longPatience: '比平时久一些。您可以继续等，也可以取消付款。',
    onlyPatience: '比平时久一些，请再等一等。',
    cancel: '取消付款', cancelling: '正在取消…', beingCancelled: { title: '正在取消付款…', text: '请不要再刷卡。如果已经刷卡成功，会直接显示结果。' },
    due: {
      none: { title: '准备付款', text: '点“再试一次”开始刷卡。' }, declined: { title: '这张卡没有通过', text: '没有扣款。您可以换一张卡再试。' }, cancelled: { title: '付款已取消', text: '没有扣款，您选的东西都还在。' },
      terminal_unavailable: { title: '刷卡机没有回应', text: '没有扣款。请稍等片刻再试。' }, not_paid: { title: '这笔付款没有成功', text: '已经核实，没有扣款。您可以再试一次。' },
    },
    declinedOften: { title: '换个方式试试？', text: '没有扣款。同一张卡多半还是通不过：可以换一张别的卡，或者取消订单，到柜台请工作人员帮忙。' },
    trouble: { title: '刚才没有开始付款', text: '没有扣款，请再试一次。' },
    again: (total) => `再试一次 ${total}`, otherCard: (total) => `用另一张卡付款 ${total}`, change: '修改订单', giveUp: '取消订单', giving: '正在取消订单…',
    unknown: {
      title: '正在核实这笔付款', text: '我们正在向刷卡机核实结果，请不要重复付款。可以在这里等，也可以先离开：扫码随时查看结果。', number: '您的订单号', scan: '扫码查看付款结果', leave: '先离开',
    },
  },
  result: {
    paid: '付款成功', free: '办理成功', refunded: '已退款', number: '取货号', orderNumber: '订单号', whereTitle: { goods: '取货口', telecom: '办理结果', food: '取餐台' },
    where: { goods: '商品在屏幕下方的取货口，请取走', telecom: '业务已提交，扫收据上的码可随时查看结果', food: '正在现做，叫到您的号请到取餐台' }, whereUnknown: '请凭取货号到柜台领取',
    receipt: { none: '扫码保存电子收据', waiting: '小票暂时打不出来，请扫码保存收据', printing: '正在打印小票…', printed: '请取走您的小票', on_screen_only: '请扫码保存收据' },
    scan: '电子收据', scanInstead: '用手机扫码，收据随时可查', qr: '电子收据二维码',
  },
};
