/** What the customer's phone page says beside the receipt's own lines. */
export const receiptPageWords = {
  title: { zh: '电子收据', en: 'Receipt' },
  refunded: { zh: '此订单已退款', en: 'This order was refunded' },
  asPrinted: { zh: '查看纸质样式', en: 'As it is printed' },
  keep: { zh: '可截屏或收藏本页，方便日后查看。', en: 'Take a screenshot or save this page to keep it.' },
  services: {
    title: { zh: '业务办理', en: 'Your services' },
    reference: { zh: '业务参考号', en: 'Reference' },
    until: { zh: (until: string) => `最迟 ${until} 前办成；未办成的，款项退还给您`, en: (until: string) => `Done by ${until}, or your money goes back to you` },
    state: {
      asked: { zh: '已提交，等待办理', en: 'Asked for, not credited yet' },
      pending: { zh: '正在办理', en: 'Under way' },
      done: { zh: '已办理成功', en: 'Done' },
      refused: { zh: '未能办理，款项会退还给您', en: 'Could not be done; your money goes back to you' },
    },
  },
  not_here: {
    title: { zh: '收据还在路上', en: 'Your receipt is on its way' },
    text: {
      zh: '自助机还没有把这笔订单传过来。请过一分钟再试，页面会自动刷新。您的取货号一直有效。',
      en: 'The kiosk has not passed this order on yet. Please try again in a minute; this page looks again by itself. Your pickup number stays valid.',
    },
  },
  not_paid: {
    title: { zh: '付款还在确认', en: 'Your payment is being confirmed' },
    text: {
      zh: '付款确认后，收据就会出现在这里，页面会自动刷新。',
      en: 'Your receipt appears here as soon as the payment is confirmed; this page looks again by itself.',
    },
  },
  given_up: {
    title: { zh: '这笔订单没有完成', en: 'This order was not completed' },
    text: { zh: '没有向您收款。欢迎随时在自助机上重新下单。', en: 'You were not charged. You are welcome to order again at the kiosk at any time.' },
  },
} as const;
