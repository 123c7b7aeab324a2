import type { AlertKind, Severity } from '../../../contract/api/alerts.ts';

interface KindWords {
  readonly name: string;
  /** When it is raised. */
  readonly when: string;
  /** What whoever sees it should do. */
  readonly advice: string;
}

/** Words of alerts, their rules, and whom HQ tells. */
interface AlertTexts {
  readonly title: string;
  readonly lead: (open: number, unseen: number) => string;
  readonly open: string;
  readonly unseen: string;
  readonly ended: string;
  readonly kiosk: string;
  readonly what: string;
  readonly since: string;
  readonly last: string;
  readonly times: string;
  readonly state: string;
  readonly kindFilter: string;
  readonly allKinds: string;
  readonly noneTitle: string;
  readonly noneText: string;
  readonly noneEnded: string;
  readonly seenBy: (name: string) => string;
  readonly endedBy: (name: string) => string;
  readonly endedItself: string;
  readonly notSeen: string;
  readonly detail: string;
  readonly toDo: string;
  readonly note: string;
  readonly noteHint: string;
  readonly acknowledge: string;
  readonly acknowledged: string;
  readonly end: string;
  readonly endHint: string;
  readonly endDone: string;
  readonly severity: Readonly<Record<Severity, string>>;
  readonly severityName: string;
  readonly rules: string;
  readonly rulesLead: string;
  readonly rule: string;
  readonly isOn: string;
  readonly isOff: string;
  readonly mailTo: string;
  readonly mailToHint: string;
  readonly mailWrong: string;
  readonly noMailServer: string;
  readonly nobody: string;
  readonly people: (count: number) => string;
  readonly forAll: string;
  readonly removeRule: string;
  readonly usual: string;
  readonly changedBy: (name: string) => string;
  readonly edit: string;
  readonly appliesTo: string;
  readonly removedRule: string;
  readonly save: string;
  readonly saved: string;
  readonly cancel: string;
  readonly testMail: string;
  readonly testMailSent: string;
  readonly measures: Readonly<Record<'minutes' | 'receiptsLeft' | 'pieces' | 'offers' | 'count' | 'percent' | 'hours', string>>;
  readonly webhooks: string;
  readonly webhooksLead: string;
  readonly address: string;
  readonly tellsOf: string;
  readonly waiting: string;
  readonly givenUp: string;
  readonly addWebhook: string;
  readonly add: string;
  readonly remove: string;
  readonly removed: string;
  readonly disabled: string;
  readonly active: string;
  readonly secretTitle: string;
  readonly secretText: string;
  readonly secret: string;
  readonly done: string;
  readonly noWebhooks: string;
  readonly webhookKinds: Readonly<Record<'order.paid' | 'order.refunded' | 'attention.raised' | 'help.called' | 'alarm', string>>;
  readonly kinds: Readonly<Record<AlertKind, KindWords>>;
}

const en: AlertTexts = {
  title: 'Alerts', lead: (open, unseen) => (open === 0 ? 'Nothing needs anybody.' : `${open} open, ${unseen} that nobody has seen`),
  open: 'Open', unseen: 'Not seen yet', ended: 'Ended', kiosk: 'Kiosk', what: 'What', since: 'Since', last: 'Last', times: 'Times', state: 'State', kindFilter: 'Kind', allKinds: 'All kinds',
  noneTitle: 'No alert', noneText: 'Every kiosk is as it should be. What is watched, and who is told, stands under “Rules”.', noneEnded: 'None has ended yet.',
  seenBy: (name) => `Seen by ${name}`, endedBy: (name) => `Ended by ${name}`, endedItself: 'Over by itself', notSeen: 'Nobody has seen it', detail: 'Facts', toDo: 'What to do',
  note: 'Note', noteHint: 'For whoever looks at it next', acknowledge: 'I take care of it', acknowledged: 'Noted: you take care of it', end: 'End it', endHint: 'While its cause goes on, it comes again.', endDone: 'Ended',
  severity: { notice: 'Notice', warning: 'Warning', urgent: 'Urgent' }, severityName: 'Severity',
  rules: 'Rules', rulesLead: 'What is watched, by which measure, and who gets mail. A group’s own rule goes before the one for all.', rule: 'Rule', isOn: 'On', isOff: 'Off',
  mailTo: 'Mail to', mailToHint: 'One address a line', mailWrong: 'One of these is no address', noMailServer: 'HQ has no mail server yet: MAIL_URL, MAIL_FROM and CONSOLE_URL say which. Alerts still stand here.',
  nobody: 'nobody', people: (count) => (count === 1 ? '1 address' : `${count} addresses`), forAll: 'All kiosks', removeRule: 'Go by the rule for all', usual: 'as delivered', changedBy: (name) => `set by ${name}`,
  edit: 'Change', appliesTo: 'For', removedRule: 'The rule for all holds again', save: 'Save the rule', saved: 'Saved', cancel: 'Cancel', testMail: 'Send a test mail', testMailSent: 'The mail server has taken it',
  measures: { minutes: 'Minutes', receiptsLeft: 'Receipts left', pieces: 'Pieces left, at most', offers: 'Offers, at least', count: 'How many, at least', percent: 'Share in %, at least', hours: 'Within hours' },
  webhooks: 'Webhooks', webhooksLead: 'HQ tells these addresses by itself, signed (Standard Webhooks), and tries again for days.', address: 'Address', tellsOf: 'Tells of', waiting: 'Waiting', givenUp: 'Given up', addWebhook: 'Add a webhook', add: 'Add', remove: 'Remove', removed: 'Removed', disabled: 'Ended', active: 'Active',
  secretTitle: 'The secret, this once', secretText: 'The receiver checks by it that a message is HQ’s. It is not shown again.', secret: 'Secret', done: 'I have kept it', noWebhooks: 'Nobody is told by webhook.',
  webhookKinds: { 'order.paid': 'Paid orders', 'order.refunded': 'Refunds', 'attention.raised': 'Things for a person', 'help.called': 'Calls for help', alarm: 'Alerts' },
  kinds: {
    offline: { name: 'Offline', when: 'HQ has heard nothing of the kiosk for so long.', advice: 'Ask at the place whether it has power and network. It sells on meanwhile, and tells HQ afterwards.' },
    paper: { name: 'Paper', when: 'Paper is out, or ends after so many receipts.', advice: 'Bring a roll. Customers get e-receipts meanwhile.' },
    terminal: { name: 'Card terminal', when: 'The card terminal has had a fault for so long.', advice: 'The kiosk’s page says which fault, and what to do about it.' },
    device: { name: 'Device', when: 'Another device has had a fault for so long.', advice: 'The kiosk’s page says which device, and what to do about it.' },
    closed: { name: 'Not selling', when: 'The kiosk is paused or out of service for so long.', advice: 'Look at its reasons on its page; let it go on, or restart it.' },
    stock: { name: 'Sold out', when: 'So many offers have this many pieces left, or fewer.', advice: 'Put it on a restocker’s route.' },
    refunds: { name: 'Unusual refunds', when: 'More payments went back than usual.', advice: 'Look at the orders and who sent them back.' },
    declines: { name: 'Unusual declines', when: 'More cards were declined than usual.', advice: 'Look at the terminal and its line to the bank; somebody may also be trying out cards.' },
    audit_broken: { name: 'Audit broken', when: 'A kiosk’s record of what staff did has a gap or was changed.', advice: 'Secure the kiosk, and look at who was there last.' },
    cloned: { name: 'Cloned', when: 'Two machines use one identity.', advice: 'Find out which is yours; HQ takes nothing from either until you have decided.' },
    chain_broken: { name: 'Chain broken', when: 'An event does not follow on the one before.', advice: 'Look at the kiosk’s recovery; call an engineer where there was none.' },
    next_epoch: { name: 'Kiosk or HQ restored', when: 'A kiosk has begun a new line of events: its store was restored.', advice: 'Compare with what happened at the place.' },
    staff_locked: { name: 'Staff number locked', when: 'A PIN or code was wrong five times.', advice: 'Ask the member. If it was not them, give them a new PIN and card.' },
    quarantined: { name: 'Event set aside', when: 'HQ could not understand an event.', advice: 'An engineer looks at it; it takes effect after an update.' },
    proof_red: { name: 'Day does not fit', when: 'A closed day does not fit what HQ has.', advice: 'HQ asks the kiosk again by itself; look at it if it stays.' },
    clock_skewed: { name: 'Clock wrong', when: 'The kiosk’s clock differs from HQ’s.', advice: 'Set up time synchronisation there.' },
    store_recovered: { name: 'Store brought back', when: 'The kiosk’s store was damaged or behind, and was brought back.', advice: 'Replace the disk if it comes again.' },
    disk: { name: 'Disk full or low', when: 'The kiosk’s disk is getting full.', advice: 'Make room before it stops selling.' },
    wallet_open: { name: 'Wallet money open', when: 'A wallet payment or refund has no end, was paid with another amount, or was refused.', advice: 'Open Books, “Open wallet money”: each entry says what to do.' },
    books_differ: { name: 'Books differ', when: 'The daily comparison of all books has found money that nothing explains, or a payment without an end.', advice: 'Open Books in the console: each finding says what to do.' },
    service_open: { name: 'Service without an end', when: 'A paid service has not been credited for too long.', advice: 'Ask the carrier, then settle it by hand.' },
    help_unanswered: { name: 'Help unanswered', when: 'A customer has called for a person, and nobody has answered.', advice: 'Answer the call.' },
    recovery_code_used: { name: 'Recovery code used', when: 'A member of staff has come in by a recovery code.', advice: 'Ask whether their telephone is lost.' },
    hq_audit_broken: { name: 'HQ’s own audit broken', when: 'The record of what was done at HQ was cut or changed.', advice: 'Somebody has written to the database by hand. Keep a copy of it, look at who may, and compare with the hashes in HQ’s log.' },
    publication_failed: { name: 'Planned publication not made', when: 'What was planned could not be published when its time came.', advice: 'Look at what is in force now, and publish or plan again.' },
  },
};

const zh: AlertTexts = {
  title: '告警', lead: (open, unseen) => (open === 0 ? '一切正常，无需处理。' : `未结束 ${open} 条，其中 ${unseen} 条还没有人看过`),
  open: '未结束', unseen: '未确认', ended: '已结束', kiosk: '自助机', what: '内容', since: '开始', last: '最近', times: '次数', state: '状态', kindFilter: '类型', allKinds: '全部类型',
  noneTitle: '没有告警', noneText: '所有自助机都正常。监控哪些内容、通知谁，见“规则”。', noneEnded: '还没有已结束的告警。',
  seenBy: (name) => `${name} 已确认`, endedBy: (name) => `${name} 已结束`, endedItself: '已自行恢复', notSeen: '还没有人确认', detail: '情况', toDo: '怎么处理',
  note: '备注', noteHint: '写给下一位查看的人', acknowledge: '我来处理', acknowledged: '已记录：由您处理', end: '结束告警', endHint: '如果原因还在，会再次告警。', endDone: '已结束',
  severity: { notice: '提示', warning: '警告', urgent: '紧急' }, severityName: '级别',
  rules: '规则', rulesLead: '监控什么、按什么标准、邮件发给谁。分组有自己的规则时，优先于全部自助机的规则。', rule: '规则', isOn: '开启', isOff: '关闭',
  mailTo: '邮件发给', mailToHint: '每行一个邮箱', mailWrong: '有一个不是邮箱地址', noMailServer: '总部还没有配置邮件服务器（MAIL_URL、MAIL_FROM、CONSOLE_URL）。告警仍会显示在这里。',
  nobody: '无', people: (count) => `${count} 个邮箱`, forAll: '全部自助机', removeRule: '改用全部自助机的规则', usual: '默认', changedBy: (name) => `由 ${name} 设置`,
  edit: '修改', appliesTo: '适用于', removedRule: '已改用全部自助机的规则', save: '保存规则', saved: '已保存', cancel: '取消', testMail: '发送测试邮件', testMailSent: '邮件服务器已接收',
  measures: { minutes: '分钟', receiptsLeft: '剩余小票张数', pieces: '剩余件数不超过', offers: '商品数至少', count: '笔数至少', percent: '占比（%）至少', hours: '时间范围（小时）' },
  webhooks: 'Webhook', webhooksLead: '总部会主动通知这些地址：带签名（Standard Webhooks），失败会连续几天重试。', address: '地址', tellsOf: '通知内容', waiting: '等待发送', givenUp: '已放弃', addWebhook: '添加 Webhook', add: '添加', remove: '移除', removed: '已移除', disabled: '已停用', active: '使用中',
  secretTitle: '密钥仅显示这一次', secretText: '接收方用它核对消息确实来自总部。之后不再显示。', secret: '密钥', done: '我已保存', noWebhooks: '还没有添加 Webhook。',
  webhookKinds: { 'order.paid': '已付款订单', 'order.refunded': '退款', 'attention.raised': '待人工处理', 'help.called': '顾客求助', alarm: '告警' },
  kinds: {
    offline: { name: '离线', when: '总部超过这么久没有收到自助机的消息。', advice: '请联系现场确认电源和网络。自助机仍在营业，恢复后会补报。' },
    paper: { name: '纸张', when: '已缺纸，或只够打印这么多张小票。', advice: '请带一卷纸。缺纸期间顾客可扫码领取电子小票。' },
    terminal: { name: '刷卡机', when: '刷卡机故障超过这么久。', advice: '自助机页面里有故障说明和处理办法。' },
    device: { name: '其他设备', when: '其他设备故障超过这么久。', advice: '自助机页面里有故障说明和处理办法。' },
    closed: { name: '未营业', when: '自助机暂停或停止服务超过这么久。', advice: '在自助机页面查看原因，恢复营业或重启。' },
    stock: { name: '售罄', when: '有这么多种商品只剩这么多件或更少。', advice: '请安排补货路线。' },
    refunds: { name: '退款异常', when: '退款比平常多。', advice: '请核对这些订单以及退款人。' },
    declines: { name: '拒付异常', when: '被拒的银行卡比平常多。', advice: '请检查刷卡机和银行线路；也可能有人在试卡。' },
    audit_broken: { name: '审计链断裂', when: '自助机的员工操作记录有缺失或被改动。', advice: '请保护现场，核实最后到场的人员。' },
    cloned: { name: '身份被复制', when: '两台机器使用同一身份。', advice: '请确认哪台是真的；在您决定之前，总部不接收任何一台的数据。' },
    chain_broken: { name: '事件链断裂', when: '有事件与前一条接不上。', advice: '请查看自助机的恢复记录；若没有恢复过，请联系工程师。' },
    next_epoch: { name: '自助机或总部恢复过', when: '自助机的数据库恢复过，开始了新的事件序列。', advice: '请与现场发生的情况核对。' },
    staff_locked: { name: '员工号锁定', when: 'PIN 或验证码连续五次错误。', advice: '请询问本人。若不是本人，请更换 PIN 和员工卡。' },
    quarantined: { name: '事件已搁置', when: '总部无法理解某个事件。', advice: '由工程师查看；升级后会生效。' },
    proof_red: { name: '日结不符', when: '已结的一天与总部的数据不符。', advice: '总部会自动向自助机重新索取；若一直不符，请查看。' },
    clock_skewed: { name: '时钟偏差', when: '自助机的时钟与总部不一致。', advice: '请在现场设置时间同步。' },
    store_recovered: { name: '数据库已恢复', when: '自助机的数据库损坏或落后，已恢复。', advice: '若再次出现，请更换硬盘。' },
    disk: { name: '硬盘空间不足', when: '自助机硬盘快满了。', advice: '请在停止营业之前清理空间。' },
    wallet_open: { name: '钱包款项未了结', when: '钱包付款或退款没有结果、金额不符或被拒绝。', advice: '打开“对账”里的“未了结的钱包款项”，每一条都写着怎么办。' },
    books_differ: { name: '账目不符', when: '每天核对时，有款项无法解释，或有支付一直没有结果。', advice: '在管理台打开“对账”，每一条都写着怎么办。' },
    service_open: { name: '业务没有结果', when: '已付款的业务太久没有办理完成。', advice: '请询问运营商，然后人工处理。' },
    help_unanswered: { name: '求助无人应答', when: '顾客呼叫工作人员，无人应答。', advice: '请应答顾客的求助。' },
    recovery_code_used: { name: '使用了恢复码', when: '员工用恢复码登录。', advice: '请确认其手机是否丢失。' },
    hq_audit_broken: { name: '总部审计链断裂', when: '总部的操作记录被删减或改动。', advice: '有人直接改动了数据库。请保留一份副本，核实谁有权限，并与总部日志中的哈希核对。' },
    publication_failed: { name: '定时发布未执行', when: '到了预定时间，内容未能发布。', advice: '请查看当前生效的版本，再重新发布或安排。' },
  },
};

export const alertTexts = { zh, en };
