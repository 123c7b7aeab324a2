import type { Language } from '../../../domain/language.ts';

/** What the voice says besides what stands on the screen. */
export interface SpokenWords {
  /** When speech begins. */
  readonly welcome: string;
  /** Everything about the keys, on asking twice for help. */
  readonly keys: string;
  readonly kinds: Readonly<Record<'button' | 'link' | 'toggle' | 'checkbox' | 'radio' | 'tab' | 'option' | 'field' | 'stepper' | 'heading' | 'picture', string>>;
  readonly chosen: string;
  readonly notChosen: string;
  readonly on: string;
  readonly off: string;
  readonly expanded: string;
  readonly collapsed: string;
  readonly current: string;
  readonly unavailable: string;
  readonly busy: string;
  readonly invalid: string;
  readonly empty: string;
  readonly secret: (count: string) => string;
  readonly position: (at: number, of: number) => string;
  /** Behind a stepper's value: how it is changed. */
  readonly changeBySides: string;
  readonly least: string;
  readonly most: string;
  readonly first: string;
  /** Of a keypad or keyboard. */
  readonly edge: string;
  readonly last: string;
  readonly pressed: string;
  /** The visit is over, and speech with it. */
  readonly ended: string;
  readonly switchedOff: string;
  /** Behind a field that was pressed. */
  readonly type: string;
  readonly erased: (left: string) => string;
  readonly dialog: string;
  readonly backTo: (title: string) => string;
  /** How much there is on a new screen. */
  readonly items: (count: number) => string;
  readonly total: (price: string) => string;
  /** The left key at the title. */
  readonly mainByLeft: (name: string) => string;
  /** On the way into a keypad or keyboard. */
  readonly keysOfPad: string;
  readonly speed: (wordsPerMinute: number) => string;
  readonly volume: (volume: number) => string;
}

export const spokenWords: Readonly<Record<Language, SpokenWords>> = {
  zh: {
    welcome: '语音已打开。上下键逐项听，左右键跳组，确认键选中，帮助键求助，连按两次听按键说明。',
    keys: '按键说明。上键和下键：上一项、下一项。左键和右键：改变数量或选项；在键盘上是移到旁边的键；在别处是跳到上一组、下一组；在标题处按左键，直接到这一页的主要按钮，例如付款。确认键：执行刚读到的那一项，按住不放是再读一遍。帮助键：打开帮助。另有按键调节音量和语速。按任意键可以打断朗读。银行卡密码只在刷卡机上输入，不会读出。',
    kinds: { button: '按钮', link: '链接', toggle: '开关', checkbox: '复选项', radio: '单选项', tab: '标签页', option: '选项', field: '输入框', stepper: '可调节', heading: '标题', picture: '图片' },
    chosen: '已选中', notChosen: '未选中', on: '开', off: '关', expanded: '已展开', collapsed: '已收起', current: '当前', unavailable: '不可用', busy: '请稍候', invalid: '有误', empty: '空',
    secret: (count) => `已输入 ${count} 位`, position: (at, of) => `第 ${at} 项，共 ${of} 项`, changeBySides: '按左右键调节', least: '已是最少', most: '已是最多', first: '已到开头', edge: '已到键盘边上', last: '已到末尾', pressed: '已按下', ended: '本次服务已结束，语音已关闭。', switchedOff: '语音已关闭。',
    type: '请往下找到屏幕键盘，逐键选择', erased: (left) => (left === '' ? '已清空' : `已删除，剩余 ${left}`), dialog: '弹出窗口', backTo: (title) => `回到${title}`, items: (count) => `有 ${count} 项可选`,
    total: (price) => `合计 ${price}`, mainByLeft: (name) => `按左键：${name}`, keysOfPad: '上下左右按键位移动', speed: (wordsPerMinute) => `语速 ${wordsPerMinute}`, volume: (volume) => `音量 ${volume}`,
  },
  en: {
    welcome: 'Speech is on. Up and down read item by item, left and right jump, OK chooses. Press Help for help, twice to hear about the keys.',
    keys: 'About the keys. Up and down: the item before and the next one. Left and right: change a number or a choice; on a keypad they go to the key beside; elsewhere they jump to the group before or after; and left at a title goes straight to the main button of that page, to pay for example. OK: does what was just read; hold it to hear that again. Help: opens help. Further keys set volume and speed. Any key interrupts the voice. Your card PIN is entered on the card terminal alone, and is never spoken.',
    kinds: { button: 'button', link: 'link', toggle: 'switch', checkbox: 'check box', radio: 'option', tab: 'tab', option: 'option', field: 'text field', stepper: 'adjustable', heading: 'heading', picture: 'picture' },
    chosen: 'chosen', notChosen: 'not chosen', on: 'on', off: 'off', expanded: 'expanded', collapsed: 'collapsed', current: 'current', unavailable: 'unavailable', busy: 'please wait', invalid: 'not right yet', empty: 'empty',
    secret: (count) => `${count} entered`, position: (at, of) => `${at} of ${of}`, changeBySides: 'left and right change it', least: 'this is the least', most: 'this is the most', first: 'this is the beginning', edge: 'the edge of the keys', last: 'this is the end', pressed: 'pressed', ended: 'Your visit has ended. Speech is off.', switchedOff: 'Speech is off.',
    type: 'go down to the keyboard on the screen and choose key by key', erased: (left) => (left === '' ? 'cleared' : `deleted, left: ${left}`), dialog: 'dialog', backTo: (title) => `back to ${title}`,
    items: (count) => `${count} ${count === 1 ? 'item' : 'items'} to choose from`, total: (price) => `total ${price}`, mainByLeft: (name) => `Left: ${name}`, keysOfPad: 'the four arrows move from key to key', speed: (wordsPerMinute) => `speed ${wordsPerMinute}`,
    volume: (volume) => `volume ${volume}`,
  },
};
