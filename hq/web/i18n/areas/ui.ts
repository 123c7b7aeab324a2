/** Words of the kit and the frame around every page. */
interface UiTexts {
  readonly headquarters: string;
  readonly navigation: string;
  readonly openMenu: string;
  readonly skip: string;
  readonly language: string;
  readonly dark: string;
  readonly light: string;
  readonly live: string;
  readonly connecting: string;
  readonly lost: string;
  readonly lostBanner: string;
  readonly loading: string;
  readonly close: string;
  readonly cancel: string;
  readonly save: string;
  readonly done: string;
  readonly more: string;
  readonly nothingHere: string;
  readonly column: string;
  readonly filters: string;
  readonly clearFilters: string;
  readonly tryAgain: string;
  readonly asChart: string;
  readonly asTable: string;
  readonly unit: (unit: string) => string;
  readonly noFigures: string;
  readonly unknownPage: string;
  readonly unknownPageText: string;
  readonly toOverview: string;
  readonly notYours: string;
  readonly notYoursText: string;
  readonly pageBroke: string;
  readonly pageBrokeText: string;
  readonly reload: string;
  readonly signedInAs: (name: string) => string;
  /** Somebody else has saved what a person is editing. */
  readonly newer: {
    readonly by: (name: string) => string;
    readonly somebody: string;
    readonly you: string;
    readonly removed: string;
    readonly kept: string;
    readonly differences: (count: number) => string;
    readonly theirs: string;
    readonly mine: string;
    readonly nothing: string;
    readonly takeTheirs: string;
    readonly letGo: string;
    readonly keepMine: string;
  };
  readonly trouble: Readonly<Record<'away' | 'signed_out' | 'not_allowed' | 'not_found' | 'changed' | 'invalid' | 'too_many' | 'failed', string>>;
  readonly areas: Readonly<Record<'overview' | 'fleet' | 'orders' | 'services' | 'catalogue' | 'stock' | 'staff' | 'reports' | 'money' | 'alerts' | 'feedback' | 'people' | 'audit' | 'account', string>>;
}

const zh: UiTexts = {
  headquarters: '总部',
  navigation: '主导航',
  openMenu: '打开菜单',
  skip: '跳到正文',
  language: '语言',
  dark: '深色界面',
  light: '浅色界面',
  live: '实时更新中',
  connecting: '正在连接…',
  lost: '连接已断开',
  lostBanner: '现在连不上总部服务器，页面上的内容可能已经过时。系统会自动重连。',
  loading: '正在加载…',
  close: '关闭',
  cancel: '取消',
  save: '保存',
  done: '完成',
  more: '显示更多',
  nothingHere: '这里还没有内容。',
  column: '操作',
  filters: '筛选',
  clearFilters: '清除筛选',
  tryAgain: '重试',
  asChart: '图表',
  asTable: '表格',
  unit: (unit) => `单位：${unit}`,
  noFigures: '所选范围内没有数据。',
  unknownPage: '没有这个页面',
  unknownPageText: '链接可能已经失效，或者地址输错了。',
  toOverview: '回到总览',
  notYours: '您的角色不能查看这个页面',
  notYoursText: '如果工作需要，请联系管理员调整您的角色。',
  pageBroke: '这个页面没能显示出来',
  pageBrokeText: '系统可能刚刚更新。重新加载通常就能解决。',
  reload: '重新加载',
  signedInAs: (name) => `当前账号：${name}`,
  newer: {
    by: (name) => `您编辑期间，${name} 保存了新的内容。`, somebody: '您编辑期间，这里已被别人改动。', you: '您在另一个窗口里保存了新的内容。', removed: '您编辑期间，这一项已被别人删除。',
    kept: '您填写的内容还在，尚未保存。', differences: (count) => `有 ${count} 处不同`, theirs: '新的：', mine: '您的：', nothing: '（空）',
    takeTheirs: '放弃我的，用新的', letGo: '放弃我的', keepMine: '保留我的，保存时覆盖',
  },
  trouble: {
    away: '总部服务器或数据库暂时没有响应。', signed_out: '登录已失效，请重新登录。', not_allowed: '您的角色不能这样做。', not_found: '找不到这项内容。',
    changed: '这里刚刚有变化，您的操作没有执行。请看过现在的内容再试。', invalid: '提交的内容有问题。', too_many: '操作太频繁，请稍等一会儿。', failed: '没有成功。',
  },
  areas: {
    overview: '总览', fleet: '自助机', orders: '订单', services: '业务办理', catalogue: '商品', stock: '库存', staff: '现场人员', reports: '报表', money: '对账', alerts: '告警', feedback: '顾客评价', people: '账号', audit: '审计', account: '我的账号',
  },
};

const en: UiTexts = {
  headquarters: 'Headquarters',
  navigation: 'Main',
  openMenu: 'Open the menu',
  skip: 'Skip to the page',
  language: 'Language',
  dark: 'Dark colours',
  light: 'Light colours',
  live: 'Live',
  connecting: 'Connecting…',
  lost: 'Connection lost',
  lostBanner: 'HQ cannot be reached. What you see may be out of date; this page tries again by itself.',
  loading: 'Loading…',
  close: 'Close',
  cancel: 'Cancel',
  save: 'Save',
  done: 'Done',
  more: 'Show more',
  nothingHere: 'There is nothing here yet.',
  column: 'Actions',
  filters: 'Filters',
  clearFilters: 'Clear filters',
  tryAgain: 'Try again',
  asChart: 'Chart',
  asTable: 'Table',
  unit: (unit) => `In ${unit}`,
  noFigures: 'There are no figures for what is chosen.',
  unknownPage: 'There is no such page',
  unknownPageText: 'The link may be old, or the address mistyped.',
  toOverview: 'Go to the overview',
  notYours: 'Your role does not include this page',
  notYoursText: 'If your work needs it, ask an administrator.',
  pageBroke: 'This page could not be shown',
  pageBrokeText: 'HQ may just have been updated. Loading it again usually helps.',
  reload: 'Load again',
  signedInAs: (name) => `Signed in as ${name}`,
  newer: {
    by: (name) => `${name} has saved a newer version while you were editing.`, somebody: 'Somebody else has changed this while you were editing.', you: 'You have saved a newer version in another window.', removed: 'Somebody else has removed this while you were editing.',
    kept: 'What you typed is still here. It is not saved yet.', differences: (count) => (count === 1 ? '1 difference' : `${count} differences`), theirs: 'Newer:', mine: 'Yours:', nothing: '(empty)',
    takeTheirs: 'Discard mine, use the newer one', letGo: 'Discard mine', keepMine: 'Keep mine, and save it over the newer one',
  },
  trouble: {
    away: 'HQ or its database does not answer now.', signed_out: 'You are signed out. Sign in again.', not_allowed: 'Your role may not do this.', not_found: 'This is not there.',
    changed: 'This has changed meanwhile, so nothing was done. Look at what is here now, then try again.', invalid: 'Something in what was sent is not right.', too_many: 'That was too often. Wait a moment.', failed: 'That did not work.',
  },
  areas: {
    overview: 'Overview', fleet: 'Fleet', orders: 'Orders', services: 'Services', catalogue: 'Catalogue', stock: 'Stock', staff: 'Staff', reports: 'Reports', money: 'Books', alerts: 'Alerts', feedback: 'Feedback', people: 'People', audit: 'Audit', account: 'My account',
  },
};

export const uiTexts = { zh, en };
