import type { Language } from '../../../domain/language.ts';

export interface DetailsWords {
  readonly step: (now: number, all: number) => string;
  readonly next: string;
  /** Stands on the main action where the number is confirmed. */
  readonly numberIsRight: string;
  readonly changeNumber: string;
  readonly optional: string;
  readonly from: (count: number, price: string) => string;
  readonly chosen: (count: number, of: number) => string;
  /** Why no other of a group can be chosen, and what to do for one. */
  readonly chosenAll: string;
  readonly soldOut: string;
  readonly back: string;
  readonly chooseMost: (most: number) => string;
  readonly chooseExactly: (count: number) => string;
  readonly age: (years: number) => string;
  /** Why no more of it can be added: the order's limit, or what is left is in the cart. */
  readonly noMoreInOrder: string;
  readonly restInCart: string;
  readonly freeThenEach: (free: number, price: string) => string;
  readonly eachCosts: (price: string) => string;
  readonly takeOneMore: (name: string) => string;
  readonly takeOneLess: (name: string) => string;
  readonly terms: {
    readonly title: string; readonly before: string; readonly after: string; readonly perMonth: string; readonly once: string; readonly becomes: string;
    readonly dearer: (amount: string, rate: string) => string; readonly cheaper: (amount: string, rate: string) => string; readonly same: string; readonly planAsked: string; readonly planUnknown: string;
    /** Of what takes no plan's place, such as a pack beside what it costs without one. */
    readonly compareTitle: string; readonly without: string; readonly with: string; readonly instead: string; readonly saves: (amount: string) => string; readonly costsMore: (amount: string) => string;
  };
  readonly phone: {
    readonly title: string; readonly checkTitle: string; readonly checkText: string; readonly left: (digits: number) => string; readonly good: string;
  };
  readonly district: {
    readonly title: string; readonly province: string; readonly city: string; readonly district: string; readonly initials: string;
    readonly initialsHint: string; readonly chooseProvince: string; readonly chooseCity: string; readonly chooseDistrict: string;
    readonly none: (letters: string) => string; readonly loading: string; readonly failed: string; readonly chosen: string; readonly change: (name: string) => string; readonly mainlandOnly: string;
  };
  readonly fields: {
    readonly title: string; readonly fillIn: (label: string) => string; readonly chooseOne: (label: string) => string; readonly postcodeBegins: (digits: string) => string; readonly fillInDigits: (digits: string) => string;
  };
  readonly consent: { readonly title: string; readonly agree: string };
  readonly keyboard: {
    readonly keyboard: string; readonly keypad: string; readonly candidates: string; readonly candidate: (text: string, place: number) => string; readonly previous: string; readonly next: string;
    readonly shift: string; readonly erase: string; readonly clear: string; readonly space: string; readonly spaceKey: string; readonly takeFirst: string; readonly symbols: string; readonly letters: string;
    readonly toChinese: string; readonly toLatin: string; readonly latinNow: string; readonly chineseNow: string; readonly separator: string; readonly loading: string; readonly typePinyin: string;
    readonly letter: (letter: string) => string; readonly capital: (letter: string) => string; readonly sign: Readonly<Record<string, string>>;
  };
}

export const detailsWords: Readonly<Record<Language, DetailsWords>> = {
  zh: {
    step: (now, all) => `第 ${now} 步，共 ${all} 步`,
    next: '下一步',
    numberIsRight: '对，就是这个号码',
    changeNumber: '改号码',
    optional: '选填',
    from: (count, price) => `${count} 件起每件 ${price}`,
    chosen: (count, of) => `已选 ${count} / ${of}`,
    chosenAll: '已选满，想换请先取消一项',
    soldOut: '已售完',
    back: '上一步',
    chooseMost: (most) => `选填，最多 ${most} 份`,
    chooseExactly: (count) => `一共选 ${count} 份`,
    noMoreInOrder: '已加到每单上限',
    restInCart: '剩下的都在您的清单里了',
    age: (years) => `仅售给年满 ${years} 周岁的顾客，需要当面核对年龄，请到柜台购买`,
    freeThenEach: (free, price) => `${free === 1 ? '首份' : `前 ${free} 份`}免费，之后每份 ${price}`,
    eachCosts: (price) => `每份 ${price}`,
    takeOneMore: (name) => `加一份 ${name}`,
    takeOneLess: (name) => `减一份 ${name}`,
    terms: {
      title: '看看有什么变化', before: '现在', after: '办理后', perMonth: '每月', once: '一次性', becomes: '变为',
      dearer: (amount, rate) => `${rate}比现在多 ${amount}`, cheaper: (amount, rate) => `${rate}比现在少 ${amount}`, same: '价格不变', planAsked: '正在查这个号码现在的套餐…', planUnknown: '暂时查不到这个号码现在的套餐。办理后，用上面这个套餐代替它。',
      compareTitle: '比一比', without: '不办理', with: '办理后', instead: '改用', saves: (amount) => `能省 ${amount}`, costsMore: (amount) => `要多花 ${amount}`,
    },
    phone: {
      title: '请输入手机号', checkTitle: '这个号码对吗？', checkText: '请一位一位核对，办错了很难退回。', left: (digits) => `还差 ${digits} 位`, good: '号码齐了，请点“下一步”核对',
    },
    district: {
      title: '请选择所在地区', province: '省份', city: '城市', district: '区县', initials: '按拼音首字母找', initialsHint: '例如“北京”按 B J',
      chooseProvince: '先选省份', chooseCity: '再选城市', chooseDistrict: '最后选区县', none: (letters) => `没有以 ${letters} 开头的地方`, loading: '正在准备地区名单…', failed: '地区名单暂时打不开，请返回后再试，或请工作人员帮忙',
      chosen: '已选地区', change: (name) => `重选${name}`, mainlandOnly: '目前只送中国内地；港澳台请到柜台办理。',
    },
    fields: { title: '请填写资料', fillIn: (label) => `请填写${label}`, chooseOne: (label) => `请选择：${label}`, postcodeBegins: (digits) => `这个省的邮编以 ${digits} 开头`, fillInDigits: (digits) => `填入 ${digits}` },
    consent: { title: '请阅读并确认', agree: '我已读完，并且同意' },
    keyboard: {
      keyboard: '屏幕键盘', keypad: '数字键盘', candidates: '候选字词', candidate: (text, place) => `候选 ${place}：${text}`, previous: '上一页候选', next: '下一页候选',
      shift: '大写', erase: '删除', clear: '清空', space: '空格', spaceKey: '空格', takeFirst: '选第一个', symbols: '符号', letters: 'ABC 字母', toChinese: '英，换成中文拼音', toLatin: '中，换成英文', latinNow: '英', chineseNow: '中',
      separator: '隔开音节', loading: '正在准备拼音…', typePinyin: '输入拼音，再点选汉字', letter: (letter) => `字母 ${letter}`, capital: (letter) => `大写 ${letter}`,
      sign: {
        '-': '短横', '_': '下划线', '.': '点', ',': '逗号', '/': '斜杠', '#': '井号', '(': '左括号', ')': '右括号', '@': 'at 号', '&': '和号', '+': '加号', ':': '冒号', ';': '分号', '!': '感叹号', '?': '问号', '\'': '撇号', '"': '引号', '%': '百分号',
        '*': '星号', '=': '等号', '，': '逗号', '。': '句号', '、': '顿号', '：': '冒号', '；': '分号', '！': '感叹号', '？': '问号', '（': '左括号', '）': '右括号', '·': '间隔号', '—': '破折号', '《': '左书名号', '》': '右书名号',
      },
    },
  },
  en: {
    step: (now, all) => `Step ${now} of ${all}`,
    next: 'Next',
    numberIsRight: 'Yes, this number',
    changeNumber: 'Change it',
    optional: 'optional',
    from: (count, price) => `${price} each from ${count} on`,
    chosen: (count, of) => `${count} of ${of} chosen`,
    chosenAll: 'That is the most. To change, take one off first.',
    soldOut: 'Sold out',
    back: 'Back',
    chooseMost: (most) => `Optional, ${most} at most`,
    chooseExactly: (count) => `Choose ${count} in all`,
    noMoreInOrder: 'No more of this in one order',
    restInCart: 'All that is left is in your cart already',
    age: (years) => `For people of ${years} and over, with an age check: please buy it at the counter.`,
    freeThenEach: (free, price) => `${free === 1 ? 'First one' : `First ${free}`} free, then ${price} each`,
    eachCosts: (price) => `${price} each`,
    takeOneMore: (name) => `One more ${name}`,
    takeOneLess: (name) => `One ${name} less`,
    terms: {
      title: 'See what changes', before: 'Now', after: 'After this', perMonth: 'a month', once: 'once', becomes: 'becomes',
      dearer: (amount, rate) => `${amount} ${rate} more than now`, cheaper: (amount, rate) => `${amount} ${rate} less than now`, same: 'The price stays the same', planAsked: 'Looking up this number’s plan…', planUnknown: 'We can’t see this number’s present plan right now. The one above takes its place.',
      compareTitle: 'Compare', without: 'Without it', with: 'With it', instead: 'instead', saves: (amount) => `You save ${amount}`, costsMore: (amount) => `Costs ${amount} more`,
    },
    phone: {
      title: 'Enter the mobile number', checkTitle: 'Is this number right?', checkText: 'Please check every digit: a wrong one is hard to take back.', left: (digits) => (digits === 1 ? '1 digit to go' : `${digits} digits to go`), good: 'Complete. Tap “Next” to check it.',
    },
    district: {
      title: 'Choose the district', province: 'Province', city: 'City', district: 'District', initials: 'Find by first letters', initialsHint: 'For “Beijing” tap B J',
      chooseProvince: 'First the province', chooseCity: 'Then the city', chooseDistrict: 'Then the district', none: (letters) => `No place begins with ${letters}`, loading: 'Getting the list of places…',
      failed: 'The list of places does not open. Please go back and try again, or ask the staff.', chosen: 'Chosen place', change: (name) => `Choose another ${name}`, mainlandOnly: 'We deliver in mainland China. For Hong Kong, Macao and Taiwan please ask at the counter.',
    },
    fields: { title: 'Fill in the details', fillIn: (label) => `Fill in “${label}”`, chooseOne: (label) => `Choose: ${label}`, postcodeBegins: (digits) => `Postcodes there begin with ${digits}`, fillInDigits: (digits) => `Put in ${digits}` },
    consent: { title: 'Please read and confirm', agree: 'I have read this, and I agree' },
    keyboard: {
      keyboard: 'On-screen keyboard', keypad: 'Number pad', candidates: 'Characters to choose from', candidate: (text, place) => `Choice ${place}: ${text}`, previous: 'Previous choices', next: 'More choices',
      shift: 'Capitals', erase: 'Erase', clear: 'Clear', space: 'Space', spaceKey: 'space', takeFirst: 'take the first', symbols: 'Signs', letters: 'ABC letters', toChinese: 'EN, change to Chinese pinyin', toLatin: '中, change to English', latinNow: 'EN', chineseNow: '中',
      separator: 'Part syllables', loading: 'Getting pinyin ready…', typePinyin: 'Type pinyin, then choose the character', letter: (letter) => `letter ${letter}`, capital: (letter) => `capital ${letter}`,
      sign: {
        '-': 'hyphen', '_': 'underscore', '.': 'dot', ',': 'comma', '/': 'slash', '#': 'number sign', '(': 'left bracket', ')': 'right bracket', '@': 'at sign', '&': 'and sign', '+': 'plus', ':': 'colon', ';': 'semicolon', '!': 'exclamation mark', '?': 'question mark', '\'': 'apostrophe',
        '"': 'quotation mark', '%': 'per cent', '*': 'asterisk', '=': 'equals', '，': 'Chinese comma', '。': 'Chinese full stop', '、': 'Chinese enumeration comma', '：': 'Chinese colon', '；': 'Chinese semicolon', '！': 'Chinese exclamation mark', '？': 'Chinese question mark',
        '（': 'Chinese left bracket', '）': 'Chinese right bracket', '·': 'middle dot', '—': 'dash', '《': 'left title mark', '》': 'right title mark',
      },
    },
  },
};
