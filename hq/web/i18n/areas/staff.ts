import type { StaffRole } from '../../../../domain/staff/role.ts';

interface StaffTexts {
  readonly title: string;
  readonly lead: string;
  readonly add: string;
  readonly number: string;
  readonly numberHint: string;
  readonly name: string;
  readonly role: string;
  readonly roles: Readonly<Record<StaffRole, string>>;
  readonly roleText: Readonly<Record<StaffRole, string>>;
  readonly places: string;
  readonly everywhere: string;
  readonly state: string;
  readonly enrolled: string;
  readonly notEnrolled: string;
  readonly linkOpen: string;
  readonly ended: string;
  readonly codesLeft: (count: number) => string;
  readonly card: string;
  readonly hasCard: string;
  readonly noCard: string;
  readonly changed: string;
  readonly by: (name: string) => string;
  readonly none: string;
  readonly noneText: string;
  readonly save: string;
  readonly saved: string;
  readonly cancel: string;
  readonly close: string;
  readonly makeLink: string;
  readonly linkTitle: (name: string) => string;
  readonly linkText: string;
  readonly linkUntil: string;
  readonly copy: string;
  readonly copied: string;
  readonly openHere: string;
  readonly makeCard: string;
  readonly cardTitle: (name: string) => string;
  readonly cardText: string;
  readonly print: string;
  readonly dropCard: string;
  readonly end: string;
  readonly endTitle: (name: string) => string;
  readonly endText: string;
  readonly done: string;
  readonly showEnded: string;
  readonly numberTaken: string;
  readonly addPlace: string;
  readonly removePlace: (name: string) => string;
  readonly group: (name: string) => string;
  readonly enrol: {
    readonly title: string;
    readonly hello: (name: string, number: string) => string;
    readonly gone: string;
    readonly goneText: string;
    readonly one: string;
    readonly oneText: string;
    readonly secret: string;
    readonly qr: string;
    readonly code: string;
    readonly codeHint: string;
    readonly codeWrong: string;
    readonly two: string;
    readonly pin: string;
    readonly pinAgain: string;
    readonly pinHint: string;
    readonly pinLength: string;
    readonly pinTrivial: string;
    readonly pinDiffers: string;
    readonly finish: string;
    readonly doneTitle: string;
    readonly doneText: string;
    readonly codes: string;
    readonly codesText: string;
  };
}

export const staffTexts: { readonly zh: StaffTexts; readonly en: StaffTexts } = {
  zh: {
    title: '现场人员', lead: '可以登录自助机后台的人：工号、密码和动态码。改动会立刻发到自助机，断网时照样有效。',
    add: '添加人员', number: '工号', numberHint: '3 到 12 位数字，以后不能改，也不会再给别人用', name: '姓名', role: '岗位',
    roles: { restocker: '补货员', technician: '维修员', manager: '店长' },
    roleText: { restocker: '补货、盘点、报损，换纸', technician: '日志、设备测试、暂停与重启', manager: '订单、退款、补打小票、日结、审计，也能补货' },
    places: '可用的自助机', everywhere: '全部自助机', state: '状态', enrolled: '可以登录', notEnrolled: '还没有设置密码', linkOpen: '设置链接有效期至', ended: '已停用',
    codesLeft: (count) => `剩 ${count} 个备用码`, card: '员工卡', hasCard: '有', noCard: '没有', changed: '最近改动', by: (name) => `由 ${name}`,
    none: '还没有人员', noneText: '先添加一个人，再把一次性链接交给本人：自己设置密码和动态码，别人看不到。',
    save: '保存', saved: '已保存，自助机马上收到。', cancel: '取消', close: '关闭',
    makeLink: '发设置链接', linkTitle: (name) => `${name} 的设置链接`, linkText: '让本人打开或扫码，设置密码、绑定动态码。只能用一次；原来的密码在用完之前仍然有效。', linkUntil: '有效期至', copy: '复制链接', copied: '已复制', openHere: '在这里打开',
    makeCard: '制作员工卡', cardTitle: (name) => `${name} 的员工卡`, cardText: '只显示这一次。打印出来交给本人；扫卡代替输入工号，密码和动态码照样要输。', print: '打印', dropCard: '注销员工卡',
    end: '停用', endTitle: (name) => `停用 ${name}？`, endText: '马上生效：密码、动态码、备用码和员工卡全部作废，正在操作的也会被退出。工号保留在审计记录里。', done: '已完成', showEnded: '显示已停用的',
    numberTaken: '这个工号有人用过', addPlace: '添加自助机或分组', removePlace: (name) => `去掉 ${name}`, group: (name) => `分组：${name}`,
    enrol: {
      title: '设置自助机后台登录', hello: (name, number) => `${name}，工号 ${number}`, gone: '链接无效', goneText: '它已经用过、过期，或者被新的链接代替了。请向总部要一个新的。',
      one: '第一步：绑定动态码', oneText: '用手机上的验证器扫码（Google Authenticator、Microsoft Authenticator 等都可以）。', secret: '扫不了？手动输入这串密钥', qr: '动态码的二维码',
      code: '验证器上的 6 位动态码', codeHint: '每 30 秒换一次', codeWrong: '这不是现在的动态码，请看一眼手机再输一次。', two: '第二步：设置密码', pin: '密码（6 到 12 位数字）', pinAgain: '再输一次密码', pinHint: '不要用生日、连号或重复的数字',
      pinLength: '密码要 6 到 12 位数字。', pinTrivial: '这个密码太容易猜到，换一个。', pinDiffers: '两次输入的密码不一样。', finish: '完成设置',
      doneTitle: '设置好了', doneText: '自助机马上就能认出你：工号、密码、动态码。', codes: '备用码', codesText: '手机不在身边时，用一个备用码代替动态码，每个只能用一次。只显示这一次，请抄下来收好。',
    },
  },
  en: {
    title: 'Staff at kiosks', lead: 'Who can come in at the kiosks, by number, PIN and time-based code. Changes reach the kiosks at once, and hold while HQ is away.',
    add: 'Add a member', number: 'Number', numberHint: '3 to 12 digits. It stays theirs, and is never given to anybody else.', name: 'Name', role: 'Role',
    roles: { restocker: 'Restocker', technician: 'Technician', manager: 'Manager' },
    roleText: { restocker: 'Refills, counts, waste, paper', technician: 'Logs, device tests, pause and restart', manager: 'Orders, refunds, reprints, closing the day, audit; restocks as well' },
    places: 'Kiosks', everywhere: 'All kiosks', state: 'State', enrolled: 'Can come in', notEnrolled: 'No PIN yet', linkOpen: 'Link open until', ended: 'Ended',
    codesLeft: (count) => `${count} recovery codes left`, card: 'Card', hasCard: 'Yes', noCard: 'None', changed: 'Last change', by: (name) => `by ${name}`,
    none: 'Nobody yet', noneText: 'Add somebody, then hand them their one-time link: they set PIN and code themselves, and nobody else sees either.',
    save: 'Save', saved: 'Saved. The kiosks hear of it now.', cancel: 'Cancel', close: 'Close',
    makeLink: 'Make a set-up link', linkTitle: (name) => `Set-up link for ${name}`, linkText: 'For them to open or scan: they set a PIN and bind their code. It is good once; what they have stays good until they are done.', linkUntil: 'Good until', copy: 'Copy the link', copied: 'Copied', openHere: 'Open it here',
    makeCard: 'Make a card', cardTitle: (name) => `Staff card for ${name}`, cardText: 'Shown this once. Print it and hand it over: it takes the place of typing the number; PIN and code are still asked for.', print: 'Print', dropCard: 'End the card',
    end: 'End', endTitle: (name) => `End ${name}?`, endText: 'At once: PIN, codes and card are worth nothing, and whoever is in is put out. The number stays in the audit.', done: 'Done', showEnded: 'Show who has left',
    numberTaken: 'This number is or was somebody’s', addPlace: 'Add a kiosk or a group', removePlace: (name) => `Remove ${name}`, group: (name) => `Group: ${name}`,
    enrol: {
      title: 'Set up your way in at the kiosks', hello: (name, number) => `${name}, number ${number}`, gone: 'This link is worth nothing', goneText: 'It was used, has run out, or a newer one was made. Ask HQ for another.',
      one: 'First: your code', oneText: 'Scan this with an authenticator on your phone (Google Authenticator, Microsoft Authenticator or another).', secret: 'Cannot scan? Type this key instead', qr: 'QR code for the authenticator',
      code: 'The 6 digits that it shows', codeHint: 'They change every 30 seconds', codeWrong: 'This is not the code of now. Look at the phone once more.', two: 'Then: your PIN', pin: 'PIN, 6 to 12 digits', pinAgain: 'The PIN again', pinHint: 'No birthday, no run, no repeated digits',
      pinLength: 'A PIN has 6 to 12 digits.', pinTrivial: 'This one is guessed at once. Take another.', pinDiffers: 'The two are not the same.', finish: 'Finish',
      doneTitle: 'You are set up', doneText: 'The kiosks know you in a moment: number, PIN, code.', codes: 'Recovery codes', codesText: 'Without your phone, one of these stands in for the code, each once. They are shown this once: write them down.',
    },
  },
};
