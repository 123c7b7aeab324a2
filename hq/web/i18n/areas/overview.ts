interface OverviewTexts {
  readonly title: string;
  readonly allWell: string;
  readonly allWellText: (count: number) => string;
  readonly fleet: string;
  readonly toFleet: string;
  readonly notSelling: string;
  readonly kiosk: string;
  readonly state: string;
  readonly what: string;
  readonly when: string;
  readonly alerts: string;
  readonly toAlerts: string;
  readonly noAlerts: string;
  readonly calls: string;
  readonly everySells: string;
  readonly today: string;
  readonly orders: (count: number) => string;
  readonly callsTitle: string;
  readonly callsWaiting: (count: number) => string;
  readonly screen: (screen: string) => string;
  readonly order: (number: string) => string;
  readonly notAnswered: string;
  readonly answered: (by: string) => string;
  readonly answer: string;
  readonly answerAgain: string;
  readonly answerTitle: (kiosk: string) => string;
  readonly answerText: string;
  readonly wordsZh: string;
  readonly wordsEn: string;
  readonly bothWords: string;
  readonly quick: readonly { readonly zh: string; readonly en: string }[];
  readonly quickLabel: string;
  readonly send: string;
  readonly sent: string;
  readonly silence: string;
  readonly ring: string;
}

/** What is said to customers is in both languages, whichever this page has. */
const quick = [
  { zh: '马上有工作人员过来，请稍等。', en: 'Somebody is on the way to you.' },
  { zh: '请点“重新开始”再试一次。', en: 'Please start again and try once more.' },
  { zh: '请换一张卡，或换一种支付方式。', en: 'Please try another card or way to pay.' },
  { zh: '款项没有扣除，您可以放心离开。', en: 'No money was taken. You can safely leave.' },
];

const zh: OverviewTexts = {
  title: '总览',
  allWell: '一切正常',
  allWellText: (count) => `${count} 台自助机都在营业，没有需要处理的事情。`,
  fleet: '自助机',
  toFleet: '查看全部自助机',
  notSelling: '没有正常营业',
  kiosk: '自助机',
  state: '状态',
  what: '内容',
  when: '时间',
  alerts: '告警',
  toAlerts: '查看全部告警',
  noAlerts: '没有未处理的告警。',
  calls: '顾客求助',
  everySells: '所有自助机都在营业。',
  today: '今日销售',
  orders: (count) => `${count} 单`,
  callsTitle: '有顾客需要帮助',
  callsWaiting: (count) => `${count} 位顾客在等`,
  screen: (screen) => `所在页面：${screen}`,
  order: (number) => `订单 ${number}`,
  notAnswered: '尚未应答',
  answered: (by) => `${by} 已应答`,
  answer: '应答',
  answerAgain: '再次应答',
  answerTitle: (kiosk) => `应答“${kiosk}”的顾客`,
  answerText: '顾客会在屏幕上看到这段话，按其所选语言显示。不填则告诉顾客有人会过来。',
  wordsZh: '给顾客的话（中文）',
  wordsEn: '给顾客的话（英文）',
  bothWords: '两种语言都要填。',
  quick,
  quickLabel: '常用回复',
  send: '发送给顾客',
  sent: '已应答',
  silence: '关闭铃声',
  ring: '打开铃声',
};

const en: OverviewTexts = {
  title: 'Overview',
  allWell: 'All is well',
  allWellText: (count) => (count === 1 ? 'The kiosk sells, and nothing needs anybody.' : `All ${count} kiosks sell, and nothing needs anybody.`),
  fleet: 'Fleet',
  toFleet: 'See all kiosks',
  notSelling: 'Not selling as they should',
  kiosk: 'Kiosk',
  state: 'State',
  what: 'What',
  when: 'When',
  alerts: 'Alerts',
  toAlerts: 'See all alerts',
  noAlerts: 'No alert is open.',
  calls: 'Calls for help',
  everySells: 'Every kiosk sells.',
  today: 'Sales today',
  orders: (count) => (count === 1 ? '1 order' : `${count} orders`),
  callsTitle: 'Customers who ask for a person',
  callsWaiting: (count) => (count === 1 ? '1 customer waits' : `${count} customers wait`),
  screen: (screen) => `Screen: ${screen}`,
  order: (number) => `Order ${number}`,
  notAnswered: 'Not answered',
  answered: (by) => `Answered by ${by}`,
  answer: 'Answer',
  answerAgain: 'Answer again',
  answerTitle: (kiosk) => `Answer the customer at ${kiosk}`,
  answerText: 'The customer reads it on the screen, in their language. Without words they are told that somebody is on the way.',
  wordsZh: 'Words in Chinese',
  wordsEn: 'Words in English',
  bothWords: 'Fill in both languages.',
  quick,
  quickLabel: 'Often said',
  send: 'Tell the customer',
  sent: 'Answered',
  silence: 'Silence the bell',
  ring: 'Let it ring',
};

export const overviewTexts = { zh, en };
