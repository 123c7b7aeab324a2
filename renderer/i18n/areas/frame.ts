import type { Language } from '../../../domain/language.ts';
import type { TextSize } from '../../state/model.ts';

export interface FrameWords {
  readonly taxAdded: (percent: string, tax: string) => string;
  /** The attract screen's call, where the brand has none of its own. */
  readonly call: string;
  /** What stands below every screen. Each name begins with the words that are seen. */
  readonly tools: {
    readonly label: string; readonly access: string; readonly accessName: string; readonly lower: string; readonly lowerName: string; readonly whole: string; readonly wholeName: string;
    readonly help: string; readonly helpName: string;
  };
  readonly access: {
    readonly title: string; readonly textSize: string; readonly sizes: Readonly<Record<TextSize, string>>;
    readonly contrast: string; readonly contrastText: string; readonly calm: string; readonly calmText: string; readonly reach: string; readonly reachText: string;
    readonly speech: string; readonly speechText: string; readonly speechMissing: string; readonly speed: string; readonly slower: string; readonly faster: string;
    readonly volume: string; readonly softer: string; readonly louder: string; readonly steps: (now: number, all: number) => string; readonly on: string; readonly off: string; readonly done: string;
  };
  /** On the language screen: both languages' stand there at once. */
  readonly firstWishes: { readonly label: string; readonly larger: string; readonly lower: string; readonly voice: string };
  readonly home: {
    readonly search: string; readonly searchName: string; readonly most: string; readonly mostText: string;
    /** Before the offer's name and price, for who hears them. */
    readonly buy: string; readonly open: string;
    readonly cardAway: string; readonly cardHeld: string; readonly paperAway: string; readonly hqAway: string; readonly hqAwayShort: string; readonly hours: (from: string, to: string) => string; readonly closedNow: string;
  };
}

export const frameWords: Readonly<Record<Language, FrameWords>> = {
  zh: {
    taxAdded: (percent, tax) => `另加 ${percent} 税 ${tax}`,
    call: '触摸屏幕开始',
    tools: {
      label: '语言、显示与帮助', access: '大字', accessName: '大字、对比度和朗读', lower: '按钮下移', lowerName: '按钮下移，坐着也够得到', whole: '恢复全屏', wholeName: '恢复全屏，用上整个屏幕',
      help: '帮助', helpName: '帮助和常见问题',
    },
    access: {
      title: '怎样看、怎样听', textSize: '字体大小', sizes: { normal: '标准', large: '大', largest: '特大' },
      contrast: '高对比度', contrastText: '黑白分明，边框加粗', calm: '减少动画', calmText: '画面不再移动', reach: '按钮下移', reachText: '所有按钮移到屏幕下方，坐着也够得到',
      speech: '语音朗读', speechText: '用方向键和确认键操作，每一步都读出来', speechMissing: '这台机器暂时不能朗读，请工作人员帮忙',
      speed: '语速', slower: '慢一点', faster: '快一点', volume: '音量', softer: '小声一点', louder: '大声一点', steps: (now, all) => `${now} / ${all}`, on: '已开', off: '已关', done: '好了',
    },
    firstWishes: { label: '方便看和听', larger: '大字', lower: '按钮下移', voice: '语音朗读' },
    home: {
      search: '搜索', searchName: '搜索商品和业务', most: '大家常买', mostText: '点一下就能买', buy: '直接购买', open: '选购',
      cardAway: '暂时不能刷卡，免费项目照常办理。', cardHeld: '上一笔付款还在核实，稍后就能刷卡，请先选购。', paperAway: '纸质小票暂时打不出来，付款后扫码就能保存收据。',
      hqAway: '充值、流量和套餐暂时办不了，正在恢复。购物和点餐不受影响。', hqAwayShort: '暂时办不了', hours: (from, to) => `${from}–${to} 供应`, closedNow: '现在不供应',
    },
  },
  en: {
    taxAdded: (percent, tax) => `Plus ${percent} tax ${tax}`,
    call: 'Touch to start',
    tools: {
      label: 'Language, display and help', access: 'Text size', accessName: 'Text size, contrast and voice', lower: 'Lower', lowerName: 'Lower the screen, everything within reach from a seat', whole: 'Full size', wholeName: 'Full size, use all of it again',
      help: 'Help', helpName: 'Help and questions',
    },
    access: {
      title: 'See and hear it your way', textSize: 'Text size', sizes: { normal: 'Standard', large: 'Large', largest: 'Largest' },
      contrast: 'High contrast', contrastText: 'Black on white, strong outlines', calm: 'Less motion', calmText: 'Nothing on the screen moves', reach: 'Lower screen', reachText: 'Every button moves to the lower part, within reach from a seat',
      speech: 'Voice', speechText: 'Use the arrow keys and OK: every step is read out', speechMissing: 'This kiosk can’t speak right now. Please ask our staff',
      speed: 'Speed', slower: 'Slower', faster: 'Faster', volume: 'Volume', softer: 'Softer', louder: 'Louder', steps: (now, all) => `${now} / ${all}`, on: 'On', off: 'Off', done: 'Done',
    },
    firstWishes: { label: 'See and hear it your way', larger: 'Large text', lower: 'Lower screen', voice: 'Voice' },
    home: {
      search: 'Search', searchName: 'Search everything', most: 'Most bought', mostText: 'One tap away', buy: 'Buy now', open: 'Choose',
      cardAway: 'Cards can’t be used right now. Free services go on as usual.', cardHeld: 'An earlier payment is being checked. Cards work again in a moment; have a look around.', paperAway: 'No paper receipts right now. Scan the code after you pay to keep yours.',
      hqAway: 'Top-ups, data and plans can’t be done right now; we are on it. Goods and food go on as usual.', hqAwayShort: 'Not right now', hours: (from, to) => `${from}–${to}`, closedNow: 'Not served now',
    },
  },
};
