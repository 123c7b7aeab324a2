import type { AccountRole } from '../../../contract/api/permissions.ts';

/** Words of signing in, one's own account, the people, and the audit. */
interface PeopleTexts {
  readonly signIn: {
    readonly title: string; readonly lead: string; readonly name: string; readonly password: string; readonly go: string; readonly byPasskey: string; readonly or: string;
    readonly code: string; readonly codeHint: string; readonly codeLead: string; readonly withCode: string; readonly back: string; readonly passkeyWanted: string; readonly passkeyStopped: string;
    readonly wrong: string; readonly wrongCode: string; readonly wrongPasskey: string; readonly wait: (seconds: number) => string;
  };
  readonly setUp: {
    readonly title: string; readonly lead: string; readonly code: string; readonly codeHint: string; readonly name: string; readonly nameHint: string; readonly fullName: string; readonly password: string; readonly again: string;
    readonly go: string; readonly wrongCode: string; readonly different: string; readonly passwordHint: string;
  };
  readonly invitation: { readonly title: string; readonly lead: (name: string) => string; readonly resetLead: string; readonly go: string; readonly gone: string; readonly goneText: string; readonly toSignIn: string; readonly signedInAs: string };
  readonly factor: {
    readonly title: string; readonly lead: string; readonly passkey: string; readonly passkeyText: string; readonly addPasskey: string; readonly noPasskeyHere: string; readonly passkeyName: string; readonly thisDevice: string;
    readonly app: string; readonly appText: string; readonly begin: string; readonly scan: string; readonly qrLabel: string; readonly secret: string; readonly code: string; readonly confirm: string;
    readonly recovery: string; readonly recoveryText: string; readonly keepThem: string; readonly kept: string; readonly copy: string; readonly copied: string;
  };
  readonly account: {
    readonly title: string; readonly signOut: string; readonly development: string; readonly role: string; readonly name: string; readonly fullName: string; readonly passwordTitle: string; readonly passwordSince: string; readonly never: string;
    readonly change: string; readonly current: string; readonly next: string; readonly changed: string; readonly factors: string; readonly codeApp: string; readonly isSetUp: string; readonly isNot: string; readonly replace: string;
    readonly setUpApp: string; readonly remove: string; readonly removeApp: string; readonly passkeys: string; readonly noPasskeys: string; readonly added: string; readonly used: string; readonly removed: string; readonly codesLeft: string; readonly newCodes: string; readonly newCodesText: string;
    readonly confirmPassword: string; readonly confirmText: string; readonly goOn: string; readonly sessions: string; readonly device: string; readonly address: string; readonly since: string; readonly last: string; readonly thisOne: string; readonly end: string;
    readonly endOthers: string; readonly ended: (count: number) => string;
  };
  readonly people: {
    readonly title: string; readonly invite: string; readonly name: string; readonly nameHint: string; readonly fullName: string; readonly role: string; readonly state: string; readonly factors: string; readonly lastIn: string; readonly sessions: string;
    readonly noFactor: string; readonly codeApp: string; readonly passkeys: (count: number) => string; readonly development: string; readonly never: string; readonly states: Readonly<Record<'invited' | 'active' | 'ended', string>>; readonly invitedUntil: string;
    readonly link: string; readonly linkText: string; readonly send: string; readonly newLink: string; readonly newLinkText: string; readonly save: string; readonly saved: string; readonly endAccount: string; readonly endText: string; readonly takeBack: string; readonly createdBy: string; readonly emptyText: string;
    readonly isYou: string;
  };
  readonly audit: {
    readonly title: string; readonly lead: string; readonly at: string; readonly who: string; readonly nobody: string; readonly act: string; readonly subject: string; readonly outcome: string; readonly outcomes: Readonly<Record<'begun' | 'done' | 'refused' | 'failed', string>>; readonly any: string;
    readonly account: string; readonly words: string; readonly detail: string; readonly address: string; readonly check: string; readonly whole: (entries: number) => string; readonly broken: string; readonly unchecked: string; readonly checkedAt: string; readonly emptyTitle: string; readonly emptyText: string; readonly number: string;
  };
  readonly roles: Readonly<Record<AccountRole, string>>;
  readonly roleTexts: Readonly<Record<AccountRole, string>>;
  readonly reasons: Readonly<Record<string, string>>;
}

const en: PeopleTexts = {
  signIn: {
    title: 'Sign in', lead: 'To the headquarters of your kiosks.', name: 'Name or e-mail', password: 'Password', go: 'Sign in', byPasskey: 'Sign in with a passkey', or: 'or',
    code: 'Code', codeHint: 'Six digits of your code app, or one of your recovery codes.', codeLead: 'The password is right. Now the second factor.', withCode: 'Sign in with the code', back: 'Back', passkeyWanted: 'This account signs in with its passkey. A recovery code works too.',
    passkeyStopped: 'No passkey was used. Try again, or use your password.', wrong: 'Name or password is not right.', wrongCode: 'The code is not right, or was used already. Wait for the next one.', wrongPasskey: 'This passkey does not sign in here.',
    wait: (seconds) => `Too many wrong tries. You can try again in ${seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`}.`,
  },
  setUp: {
    title: 'Set up this headquarters', lead: 'Nobody has an account yet. The first administrator is made with the code that HQ printed when it started.', code: 'Set-up code', codeHint: 'Four groups of four, on the screen or in the log of the machine that runs HQ.',
    name: 'Name or e-mail', nameHint: 'You sign in by it.', fullName: 'Your name', password: 'Password', again: 'The password again', go: 'Make my account', wrongCode: 'The code is not right, or was used. The newest one counts.', different: 'The two passwords differ.', passwordHint: 'At least 12 characters. A short sentence is good.',
  },
  invitation: {
    title: 'Welcome to HQ', lead: (name) => `Choose a password for ${name}. Nobody else knows it, and nobody else can set it.`, resetLead: 'Your earlier code app, passkeys and sessions end with it.', go: 'Go on', gone: 'This link is not good any more',
    goneText: 'It was used, replaced by a newer one, or is older than two days. Ask an administrator for another.', toSignIn: 'To signing in', signedInAs: 'You sign in as',
  },
  factor: {
    title: 'One more lock', lead: 'A password can be seen or guessed. Add something that only you have; then you are in.', passkey: 'Passkey', passkeyText: 'Your fingerprint, face or PIN on this device, or a security key. The quickest, and nobody can lure it out of you.', addPasskey: 'Add a passkey',
    noPasskeyHere: 'Not possible at this address: a passkey needs a name (such as localhost or hq.example) and a secure line.', passkeyName: 'What to call it', thisDevice: 'This device', app: 'Code app', appText: 'An app on your phone that shows six digits, such as Aegis, 2FAS or Google Authenticator.',
    begin: 'Set up a code app', scan: 'Scan this with the app, then type the six digits that it shows.', qrLabel: 'QR code for the code app', secret: 'Or type this key', code: 'Six digits', confirm: 'Confirm', recovery: 'Your recovery codes',
    recoveryText: 'If phone and passkey are lost, each of these signs you in once. They are shown now and never again.', keepThem: 'Print them or write them down, and keep them where nobody else looks.', kept: 'I have kept them', copy: 'Copy all', copied: 'Copied',
  },
  account: {
    title: 'My account', signOut: 'Sign out', development: 'For development', role: 'Role', name: 'Signs in as', fullName: 'Name', passwordTitle: 'Password', passwordSince: 'Chosen', never: 'Never', change: 'Change the password', current: 'Current password', next: 'New password', changed: 'The password is changed. All other sessions have ended.',
    factors: 'Second factor', codeApp: 'Code app', isSetUp: 'set up', isNot: 'not set up', replace: 'Use another phone', setUpApp: 'Set up', remove: 'Remove', removeApp: 'Remove the code app', passkeys: 'Passkeys', noPasskeys: 'No passkey yet.', added: 'Added', used: 'Last used', removed: 'Removed', codesLeft: 'Recovery codes left', newCodes: 'Make new ones',
    newCodesText: 'The codes of before are worth nothing then.', confirmPassword: 'Your password, please', confirmText: 'So that nobody does this on a screen that you left open.', goOn: 'Go on', sessions: 'Where you are signed in', device: 'Browser', address: 'Address', since: 'Since', last: 'Last seen', thisOne: 'this one', end: 'End',
    endOthers: 'End all others', ended: (count) => (count === 1 ? '1 session ended' : `${count} sessions ended`),
  },
  people: {
    title: 'People', invite: 'Invite a person', name: 'Name or e-mail', nameHint: 'They sign in by it. It cannot be changed later.', fullName: 'Full name', role: 'Role', state: 'State', factors: 'Second factor', lastIn: 'Last signed in', sessions: 'Sessions', noFactor: 'none yet', codeApp: 'code app',
    passkeys: (count) => (count === 1 ? '1 passkey' : `${count} passkeys`), development: 'for development', never: 'never', states: { invited: 'Invited', active: 'Active', ended: 'Ended' }, invitedUntil: 'Link good until', link: 'The link', linkText: 'Give it to them alone, by a way that you trust. It is shown now and never again, works once, and for two days.',
    send: 'Make the link', newLink: 'Make a new link', newLinkText: 'For who has lost password, phone or passkey: with it they choose a new password, and everything of before ends. Until it is used nothing changes.', save: 'Save', saved: 'Saved', endAccount: 'End the account',
    endText: 'They are signed out at once and cannot come back. What they did stays in the audit.', takeBack: 'Open the account again', createdBy: 'Made by', emptyText: 'Invite the first person.', isYou: 'This is you: another administrator changes your role.',
  },
  audit: {
    title: 'Audit', lead: 'Everything that was done here, by whom. Entries are chained: one that is changed or taken out is found.', at: 'When', who: 'Who', nobody: 'nobody signed in', act: 'What', subject: 'To what', outcome: 'Outcome', outcomes: { begun: 'Begun, end unknown', done: 'Done', refused: 'Refused', failed: 'Failed' }, any: 'Any', account: 'Account', words: 'Search',
    detail: 'Detail', address: 'Address', check: 'Check now', whole: (entries) => `Whole: ${entries} entries`, broken: 'Not whole', unchecked: 'Not checked yet', checkedAt: 'Checked', emptyTitle: 'Nothing here', emptyText: 'No entry fits these filters.', number: 'No.',
  },
  roles: { viewer: 'Viewer', operator: 'Operator', merchandiser: 'Merchandiser', accountant: 'Accountant', administrator: 'Administrator' },
  roleTexts: {
    viewer: 'Sees everything but logs and audit, changes nothing.', operator: 'Keeps kiosks running: commands, logs, refunds, alerts, staff.', merchandiser: 'Keeps catalogue, prices and stock.', accountant: 'Orders, refunds, reports and the audit.', administrator: 'Everything, and who may what.',
  },
  reasons: {
    password_short: 'Use at least 12 characters.', password_common: 'This is one that everybody tries first. Choose another.', password_name: 'There is too much of your name in it.', password_wrong: 'The password is not right.', password_wanted: 'The password is needed again.', code_wrong: 'The code is not right. Wait for the next one and try again.',
    only_factor: 'It is your only second factor: add another one first.', passkey_refused: 'This passkey could not be added.', name_taken: 'This name is taken.', oneself: 'Another administrator has to do that.', last_administrator: 'It is the last administrator: make another one first.', development: 'This account is for development; it stands in HQ_DEV_ACCOUNT.', ended: 'The account has ended.',
  },
};

const zh: PeopleTexts = {
  signIn: {
    title: '登录', lead: '进入自助机总部。', name: '用户名或邮箱', password: '密码', go: '登录', byPasskey: '用通行密钥登录', or: '或者', code: '验证码', codeHint: '验证器里的六位数字，或者一个恢复码。', codeLead: '密码正确，还差第二步验证。', withCode: '验证并登录', back: '返回', passkeyWanted: '这个账号用通行密钥登录，也可以用恢复码。',
    passkeyStopped: '没有用到通行密钥。请重试，或改用密码。', wrong: '用户名或密码不对。', wrongCode: '验证码不对，或已经用过。请等下一个。', wrongPasskey: '这个通行密钥不能登录这里。',
    wait: (seconds) => `错误次数太多，请在 ${seconds < 90 ? `${seconds} 秒` : `${Math.ceil(seconds / 60)} 分钟`}后再试。`,
  },
  setUp: {
    title: '初始化总部', lead: '这里还没有账号。用总部启动时打印的初始化码，创建第一位管理员。', code: '初始化码', codeHint: '四组、每组四位，在运行总部的机器屏幕或日志里。', name: '用户名或邮箱', nameHint: '登录时使用。', fullName: '姓名', password: '密码', again: '再输一次密码', go: '创建账号', wrongCode: '初始化码不对，或已经用过。以最新的一个为准。',
    different: '两次输入的密码不一样。', passwordHint: '至少 12 个字符，用一句短话就很好。',
  },
  invitation: {
    title: '欢迎来到总部', lead: (name) => `为 ${name} 设一个密码。只有您知道，别人也无法替您设置。`, resetLead: '设好之后，原来的验证器、通行密钥和登录都会失效。', go: '继续', gone: '这个链接已经失效', goneText: '它已被使用、被新链接替换，或超过了两天。请管理员再发一个。', toSignIn: '前往登录', signedInAs: '登录用户名',
  },
  factor: {
    title: '再加一道锁', lead: '密码可能被看到或猜到。请再加一样只有您有的东西，就可以进去了。', passkey: '通行密钥', passkeyText: '用本设备的指纹、面容或 PIN，或者安全密钥。最快，也骗不走。', addPasskey: '添加通行密钥', noPasskeyHere: '在这个地址不能用：通行密钥需要域名（如 localhost 或 hq.example）和安全连接。', passkeyName: '给它起个名字', thisDevice: '本设备',
    app: '验证器', appText: '手机上显示六位数字的应用，例如 Aegis、2FAS、微软或谷歌验证器。', begin: '设置验证器', scan: '用应用扫描，然后输入它显示的六位数字。', qrLabel: '验证器用的二维码', secret: '也可以手动输入密钥', code: '六位数字', confirm: '确认', recovery: '您的恢复码', recoveryText: '手机和通行密钥都丢了的时候，每个恢复码可以登录一次。只在现在显示一次。',
    keepThem: '请打印或抄下来，放在别人看不到的地方。', kept: '我已经保存好', copy: '全部复制', copied: '已复制',
  },
  account: {
    title: '我的账号', signOut: '退出登录', development: '开发专用', role: '角色', name: '登录名', fullName: '姓名', passwordTitle: '密码', passwordSince: '设置时间', never: '从未', change: '修改密码', current: '当前密码', next: '新密码', changed: '密码已修改，其他登录都已结束。', factors: '第二步验证', codeApp: '验证器', isSetUp: '已设置', isNot: '未设置', replace: '换一部手机', setUpApp: '设置',
    remove: '移除', removeApp: '移除验证器', passkeys: '通行密钥', noPasskeys: '还没有通行密钥。', added: '添加时间', used: '上次使用', removed: '已移除', codesLeft: '剩余恢复码', newCodes: '重新生成', newCodesText: '原来的恢复码会作废。', confirmPassword: '请输入密码', confirmText: '以免有人在您离开的屏幕上操作。', goOn: '继续', sessions: '登录在哪些地方',
    device: '浏览器', address: '地址', since: '开始', last: '最近使用', thisOne: '当前', end: '结束', endOthers: '结束其他全部', ended: (count) => `已结束 ${count} 个登录`,
  },
  people: {
    title: '人员', invite: '邀请人员', name: '用户名或邮箱', nameHint: '登录时使用，以后不能修改。', fullName: '姓名', role: '角色', state: '状态', factors: '第二步验证', lastIn: '上次登录', sessions: '登录数', noFactor: '还没有', codeApp: '验证器', passkeys: (count) => `${count} 个通行密钥`, development: '开发专用', never: '从未',
    states: { invited: '已邀请', active: '在用', ended: '已停用' }, invitedUntil: '链接有效至', link: '邀请链接', linkText: '请用可靠的方式只交给本人。链接只在现在显示一次，只能用一次，两天内有效。', send: '生成链接', newLink: '生成新链接', newLinkText: '给丢失密码、手机或通行密钥的人：用它重新设密码，原来的一切都会失效。使用之前什么都不变。', save: '保存', saved: '已保存',
    endAccount: '停用账号', endText: '立刻退出登录，也不能再进来。做过的事仍留在审计里。', takeBack: '重新启用', createdBy: '创建人', emptyText: '请邀请第一位同事。', isYou: '这是您自己：角色要由另一位管理员修改。',
  },
  audit: {
    title: '审计', lead: '这里谁做过什么，全部在案。记录一环扣一环，改动或删去都会被发现。', at: '时间', who: '谁', nobody: '未登录', act: '操作', subject: '对象', outcome: '结果', outcomes: { begun: '已开始，结果未知', done: '完成', refused: '被拒', failed: '失败' }, any: '全部', account: '账号', words: '搜索', detail: '说明', address: '地址', check: '立即检查', whole: (entries) => `完整：共 ${entries} 条`,
    broken: '不完整', unchecked: '尚未检查', checkedAt: '检查时间', emptyTitle: '没有记录', emptyText: '没有符合筛选条件的记录。', number: '编号',
  },
  roles: { viewer: '查看者', operator: '运营', merchandiser: '商品', accountant: '财务', administrator: '管理员' },
  roleTexts: { viewer: '可以查看除日志和审计外的内容，不能修改。', operator: '保证自助机运转：命令、日志、退款、告警、现场员工。', merchandiser: '管理商品、价格和库存。', accountant: '订单、退款、报表和审计。', administrator: '一切，包括谁能做什么。' },
  reasons: {
    password_short: '请至少用 12 个字符。', password_common: '这是大家最先会试的密码，请换一个。', password_name: '里面用了太多您的名字。', password_wrong: '密码不对。', password_wanted: '需要再次输入密码。', code_wrong: '验证码不对，请等下一个再试。', only_factor: '这是唯一的第二步验证，请先添加另一个。', passkey_refused: '这个通行密钥没能添加。',
    name_taken: '这个名字已被使用。', oneself: '这要由另一位管理员来做。', last_administrator: '这是最后一位管理员，请先设另一位。', development: '这是开发专用账号，由 HQ_DEV_ACCOUNT 设定。', ended: '账号已停用。',
  },
};

export const peopleTexts = { zh, en };
