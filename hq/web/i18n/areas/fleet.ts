import type { KioskStateName, SteerKind } from '../../../contract/api/fleet.ts';

interface FleetTexts {
  readonly title: string;
  readonly lead: (total: number) => string;
  readonly list: string;
  readonly map: string;
  readonly view: string;
  readonly groups: string;
  readonly settings: string;
  readonly addKiosk: string;
  readonly commandMany: string;
  readonly search: string;
  readonly searchHint: string;
  readonly state: string;
  readonly anyState: string;
  readonly group: string;
  readonly anyGroup: string;
  readonly version: string;
  readonly anyVersion: string;
  readonly onlyAlarms: string;
  readonly states: Readonly<Record<KioskStateName | 'off', string>>;
  readonly kiosk: string;
  readonly reason: string;
  readonly seen: string;
  readonly never: string;
  readonly paper: string;
  readonly receiptsLeft: (count: number) => string;
  readonly queue: string;
  readonly upToDate: string;
  readonly late: (span: string) => string;
  readonly clock: string;
  readonly clockRight: string;
  readonly clockBehind: (span: string) => string;
  readonly clockAhead: (span: string) => string;
  readonly alarms: string;
  readonly alarmCount: (count: number) => string;
  readonly cloned: string;
  readonly keysWaiting: string;
  readonly soldOut: (count: number) => string;
  readonly none: string;
  readonly noKiosksTitle: string;
  readonly noKiosksText: string;
  readonly noMatchTitle: string;
  readonly noMatchText: string;
  readonly mapTitle: string;
  readonly mapText: string;
  readonly without: (count: number) => string;
  readonly tabs: string;
  readonly now: string;
  readonly devices: string;
  readonly log: string;
  readonly commands: string;
  readonly documents: string;
  readonly staffActs: string;
  readonly history: string;
  readonly identity: string;
  readonly orders: string;
  readonly stock: string;
  readonly edit: string;
  readonly command: Readonly<Record<SteerKind, string>>;
  readonly commandHelp: Readonly<Record<SteerKind, string>>;
  readonly otherCommands: Readonly<Record<string, string>>;
  readonly give: string;
  readonly commandGiven: string;
  readonly cancelCommand: string;
  readonly cancelled: string;
  readonly valid: string;
  readonly validFor: readonly (readonly [minutes: string, name: string])[];
  readonly what: string;
  readonly minutes: string;
  readonly noticeZh: string;
  readonly noticeEn: string;
  readonly noticeHint: string;
  readonly result: string;
  readonly given: string;
  readonly by: string;
  readonly commandState: Readonly<Record<'waiting' | 'delivered' | 'expired' | 'cancelled' | 'done' | 'failed' | 'refused', string>>;
  readonly noCommands: string;
  readonly screenshot: string;
  readonly screenshotOf: (time: string) => string;
  readonly noScreenshots: string;
  readonly stateNow: string;
  readonly toldAt: string;
  readonly disk: string;
  readonly place: string;
  readonly zone: string;
  readonly latitude: string;
  readonly longitude: string;
  readonly name: string;
  readonly kioskId: string;
  readonly kioskIdHint: string;
  readonly ordersTotal: string;
  readonly needsPerson: string;
  readonly setAside: string;
  readonly noDevices: string;
  readonly since: string;
  readonly advice: string;
  readonly level: string;
  readonly anyLevel: string;
  readonly levels: Readonly<Record<'info' | 'warn' | 'error', string>>;
  readonly logSearch: string;
  readonly follow: string;
  readonly following: string;
  readonly noLines: string;
  readonly noLinesText: string;
  readonly time: string;
  readonly message: string;
  readonly document: string;
  readonly documentName: Readonly<Record<string, string>>;
  readonly revision: string;
  readonly outcome: string;
  readonly applied: string;
  readonly refused: string;
  readonly noDocuments: string;
  readonly closings: string;
  readonly day: string;
  readonly proof: Readonly<Record<'green' | 'red' | 'waiting', string>>;
  readonly noClosings: string;
  readonly chainHolds: string;
  readonly chainBroken: (count: number) => string;
  readonly staffNumber: string;
  readonly act: string;
  readonly subject: string;
  readonly noActs: string;
  readonly actOutcome: Readonly<Record<'begun' | 'done' | 'refused' | 'failed', string>>;
  readonly fault: Readonly<Record<'hash' | 'gap' | 'fork' | 'beginning', string>>;
  readonly availability: string;
  readonly availabilityOf: (percent: string, days: number) => string;
  readonly lastDays: string;
  readonly days: (count: number) => string;
  readonly from: string;
  readonly lasted: string;
  readonly keys: string;
  readonly fingerprint: string;
  readonly keyState: Readonly<Record<'waiting' | 'approved' | 'revoked', string>>;
  readonly compare: string;
  readonly compareText: string;
  readonly isSame: string;
  readonly approve: string;
  readonly approved: string;
  readonly newCode: string;
  readonly codeGood: (time: string) => string;
  readonly codeTitle: string;
  readonly codeText: (time: string) => string;
  readonly codeQr: string;
  readonly copy: string;
  readonly copied: string;
  readonly revoke: string;
  readonly revokeTitle: (name: string) => string;
  readonly revokeText: string;
  readonly revoked: string;
  readonly reinstate: string;
  readonly reinstated: string;
  readonly cloneTitle: string;
  readonly cloneText: string;
  readonly cloneDone: string;
  readonly noKeys: string;
  readonly addTitle: string;
  readonly addText: string;
  readonly codeFor: string;
  readonly make: string;
  readonly saved: string;
  readonly groupName: string;
  readonly addGroup: string;
  readonly noGroups: string;
  readonly noGroupsText: string;
  readonly members: string;
  readonly memberCount: (count: number) => string;
  readonly removeGroup: string;
  readonly removeGroupText: string;
  readonly removed: string;
  readonly toWhom: string;
  readonly allKiosks: string;
  readonly batchTitle: string;
  readonly batchSummary: (done: number, waiting: number, failed: number) => string;
  readonly unknownKiosk: string;
  readonly configTitle: string;
  readonly configText: string;
  readonly configFor: string;
  readonly configNone: string;
  readonly configBy: (by: string, revision: number) => string;
  readonly configRemove: string;
  readonly configSaved: string;
  readonly shop: string;
  readonly shopNameZh: string;
  readonly shopNameEn: string;
  readonly shopAddressZh: string;
  readonly shopAddressEn: string;
  readonly shopPhone: string;
  readonly shopZone: string;
  readonly shopHint: string;
  readonly defaultLanguage: string;
  readonly asMachine: string;
  readonly maxOrder: string;
  readonly helpPhone: string;
  readonly invalidShop: string;
}

const zh: FleetTexts = {
  title: '自助机',
  lead: (total) => `共 ${total} 台，需要处理的排在前面。`,
  list: '列表',
  map: '地图',
  view: '显示方式',
  groups: '分组',
  settings: '设置下发',
  addKiosk: '添加自助机',
  commandMany: '批量命令',
  search: '搜索',
  searchHint: '名称、编号或地点',
  state: '状态',
  anyState: '全部状态',
  group: '分组',
  anyGroup: '全部分组',
  version: '版本',
  anyVersion: '全部版本',
  onlyAlarms: '只看有告警的',
  states: { out_of_service: '停止服务', offline: '离线', limited: '部分受限', paused: '已暂停', unknown: '状态未知', never: '从未联系', selling: '营业中', off: '关机或断开' },
  kiosk: '自助机',
  reason: '原因',
  seen: '最近联系',
  never: '从未',
  paper: '打印纸',
  receiptsLeft: (count) => `约剩 ${count} 张`,
  queue: '数据上传',
  upToDate: '已同步',
  late: (span) => `晚 ${span}`,
  clock: '时钟',
  clockRight: '准确',
  clockBehind: (span) => `慢 ${span}`,
  clockAhead: (span) => `快 ${span}`,
  alarms: '告警',
  alarmCount: (count) => `${count} 条告警`,
  cloned: '两台机器共用身份',
  keysWaiting: '密钥待核准',
  soldOut: (count) => `${count} 种售罄`,
  none: '无',
  noKiosksTitle: '还没有自助机',
  noKiosksText: '添加一台后，系统会给出一次性登记码，在现场输入即可接入。',
  noMatchTitle: '没有符合条件的自助机',
  noMatchText: '换一个条件，或清除筛选再看。',
  mapTitle: '自助机分布',
  mapText: '地图只画到国家轮廓，适合看全国分布；门店位置以列表中的地点为准。',
  without: (count) => `另有 ${count} 台没有填写经纬度，未在地图上显示。`,
  tabs: '自助机详情',
  now: '当前情况',
  devices: '设备',
  log: '日志',
  commands: '命令',
  documents: '下发内容',
  staffActs: '现场操作',
  history: '运行记录',
  identity: '身份与密钥',
  orders: '查看订单',
  stock: '查看库存',
  edit: '修改资料',
  command: { pause: '暂停营业', resume: '恢复营业', restart: '重启', send_logs: '上传日志', follow_logs: '实时日志', screenshot: '屏幕截图', test_print: '测试打印', back_up: '立即备份' },
  commandHelp: {
    pause: '不再接待新顾客，正在操作的顾客可以完成。', resume: '重新开始营业。', restart: '在两位顾客之间重启软件，约需几秒。', send_logs: '上传最近一段时间的全部日志。', follow_logs: '在一段时间内，每条日志都立即上传。',
    screenshot: '等没有顾客时截取一张屏幕画面，不含顾客信息。', test_print: '打印一张测试小票。', back_up: '立即备份本机数据。',
  },
  otherCommands: { refund: '退款', service_result: '业务结果', answer_help: '回复求助' },
  give: '发送命令',
  commandGiven: '命令已发出',
  cancelCommand: '撤回',
  cancelled: '已撤回',
  valid: '有效期',
  validFor: [['5', '5 分钟'], ['15', '15 分钟'], ['60', '1 小时'], ['720', '12 小时'], ['1440', '1 天'], ['10080', '7 天']],
  what: '命令',
  minutes: '分钟数',
  noticeZh: '中文提示',
  noticeEn: '英文提示',
  noticeHint: '显示在暂停页面上，可不填；要填就两种语言都填。',
  result: '结果',
  given: '发出时间',
  by: '操作人',
  commandState: { waiting: '等待领取', delivered: '已送达', expired: '已过期', cancelled: '已撤回', done: '完成', failed: '失败', refused: '被拒绝' },
  noCommands: '还没有给这台自助机发过命令。',
  screenshot: '屏幕画面',
  screenshotOf: (time) => `${time} 的屏幕画面`,
  noScreenshots: '还没有截图。点“屏幕截图”，等没有顾客时会自动传回。',
  stateNow: '状态',
  toldAt: '上报时间',
  disk: '磁盘剩余',
  place: '地点',
  zone: '时区',
  latitude: '纬度',
  longitude: '经度',
  name: '名称',
  kioskId: '编号',
  kioskIdHint: '小写字母、数字和短横线，例如 kiosk-012。之后不能更改。',
  ordersTotal: '累计订单',
  needsPerson: '待人工处理',
  setAside: '搁置的事件',
  noDevices: '这台自助机还没有上报设备状态。',
  since: '始于',
  advice: '处理建议',
  level: '级别',
  anyLevel: '全部级别',
  levels: { info: '信息', warn: '警告', error: '错误' },
  logSearch: '搜索日志',
  follow: '实时跟踪 10 分钟',
  following: '正在跟踪，新日志会自动出现',
  noLines: '没有日志',
  noLinesText: '自助机平时只上传警告和错误。可以用“上传日志”取回全部，或开启实时跟踪。',
  time: '时间',
  message: '内容',
  document: '内容',
  documentName: { catalogue: '商品目录', sold_out: '售罄', config: '设置', texts: '文案', planogram: '陈列图', staff: '现场人员' },
  revision: '版本',
  outcome: '结果',
  applied: '已生效',
  refused: '被拒绝',
  noDocuments: '还没有下发内容生效。',
  closings: '日结核对',
  day: '日期',
  proof: { green: '一致', red: '不符', waiting: '等待数据' },
  noClosings: '还没有日结。第一次在午夜之后产生。',
  chainHolds: '操作记录完整，没有被改动过。',
  chainBroken: (count) => `有 ${count} 条记录对不上：可能被删除或改动过，请到现场核实。`,
  staffNumber: '工号',
  act: '操作',
  subject: '对象',
  noActs: '还没有现场操作。',
  actOutcome: { begun: '开始做', done: '完成', refused: '被拒绝', failed: '失败' },
  fault: { hash: '内容被改动', gap: '前面缺少记录', fork: '与已收到的记录冲突', beginning: '记录重新开始' },
  availability: '可用率',
  availabilityOf: (percent, days) => `最近 ${days} 天可用率 ${percent}`,
  lastDays: '时间范围',
  days: (count) => `最近 ${count} 天`,
  from: '开始',
  lasted: '持续',
  keys: '密钥',
  fingerprint: '指纹',
  keyState: { waiting: '待核准', approved: '使用中', revoked: '已吊销' },
  compare: '核对指纹',
  compareText: '请和自助机屏幕上显示的指纹逐组比对。完全一致才能核准，不一致说明接入的不是这台机器。',
  isSame: '我已逐组比对，完全一致',
  approve: '核准',
  approved: '已核准',
  newCode: '生成登记码',
  codeGood: (time) => `有一个登记码尚未使用，${time} 前有效。`,
  codeTitle: '登记码',
  codeText: (time) => `在自助机上输入，只能用一次，${time} 前有效。关闭后不再显示。`,
  codeQr: '登记码二维码',
  copy: '复制',
  copied: '已复制',
  revoke: '吊销',
  revokeTitle: (name) => `吊销“${name}”？`,
  revokeText: '总部将立即拒收这台自助机的任何数据，未用的登记码同时作废。自助机本身会继续营业，但数据传不上来。',
  revoked: '已吊销',
  reinstate: '恢复使用',
  reinstated: '已恢复',
  cloneTitle: '两台机器在用同一个身份',
  cloneText: '在确定之前，总部不接收任何一台的数据。请先关掉不该用的那台，再点下面的按钮；之后先联系总部的那台继续使用。',
  cloneDone: '另一台已关机，恢复使用',
  noKeys: '还没有密钥登记。',
  addTitle: '添加自助机',
  addText: '添加后会得到一个登记码，在现场输入后，还要核对指纹才会接入。',
  codeFor: '登记码有效期',
  make: '添加并生成登记码',
  saved: '已保存',
  groupName: '分组名称',
  addGroup: '新建分组',
  noGroups: '还没有分组',
  noGroupsText: '按区域、客户或用途分组后，可以一起下发命令、设置和商品目录。',
  members: '成员',
  memberCount: (count) => `${count} 台`,
  removeGroup: '删除分组',
  removeGroupText: '成员自助机不受影响，但只发给这个分组的内容将不再适用。',
  removed: '已删除',
  toWhom: '发给',
  allKiosks: '全部自助机',
  batchTitle: '批量命令结果',
  batchSummary: (done, waiting, failed) => `完成 ${done}，等待 ${waiting}，未成功 ${failed}`,
  unknownKiosk: '没有这台自助机。',
  configTitle: '设置下发',
  configText: '没有填写的项，使用上一级设置或本机设置。单台优先于分组，分组优先于全部。',
  configFor: '适用范围',
  configNone: '这里还没有单独的设置。',
  configBy: (by, revision) => `版本 ${revision}，由 ${by} 发布`,
  configRemove: '取消单独设置',
  configSaved: '已下发',
  shop: '店铺信息',
  shopNameZh: '店名（中文）',
  shopNameEn: '店名（英文）',
  shopAddressZh: '地址（中文）',
  shopAddressEn: '地址（英文）',
  shopPhone: '店铺电话',
  shopZone: '店铺时区',
  shopHint: '印在小票上。店铺信息要填就填全。',
  defaultLanguage: '默认语言',
  asMachine: '不单独设置',
  maxOrder: '单笔订单上限（元）',
  helpPhone: '求助电话',
  invalidShop: '店名、地址、电话和时区要一起填写。',
};

const en: FleetTexts = {
  title: 'Fleet',
  lead: (total) => `${total === 1 ? '1 kiosk' : `${total} kiosks`}, those that need somebody first.`,
  list: 'List',
  map: 'Map',
  view: 'Show as',
  groups: 'Groups',
  settings: 'Settings',
  addKiosk: 'Add a kiosk',
  commandMany: 'Command many',
  search: 'Search',
  searchHint: 'Name, id or place',
  state: 'State',
  anyState: 'Any state',
  group: 'Group',
  anyGroup: 'Any group',
  version: 'Version',
  anyVersion: 'Any version',
  onlyAlarms: 'With alarms only',
  states: { out_of_service: 'Out of service', offline: 'Offline', limited: 'Limited', paused: 'Paused', unknown: 'Not known', never: 'Never seen', selling: 'Selling', off: 'Off or cut off' },
  kiosk: 'Kiosk',
  reason: 'Why',
  seen: 'Last heard',
  never: 'Never',
  paper: 'Paper',
  receiptsLeft: (count) => `${count} receipts left`,
  queue: 'Queue',
  upToDate: 'Up to date',
  late: (span) => `${span} late`,
  clock: 'Clock',
  clockRight: 'Right',
  clockBehind: (span) => `${span} behind`,
  clockAhead: (span) => `${span} ahead`,
  alarms: 'Alarms',
  alarmCount: (count) => (count === 1 ? '1 alarm' : `${count} alarms`),
  cloned: 'Two machines',
  keysWaiting: 'Key to approve',
  soldOut: (count) => `${count} sold out`,
  none: 'None',
  noKiosksTitle: 'There is no kiosk yet',
  noKiosksText: 'Add one: you get a code that is typed in at the machine, once.',
  noMatchTitle: 'No kiosk fits these filters',
  noMatchText: 'Change a filter, or clear them.',
  mapTitle: 'Where the kiosks stand',
  mapText: 'The map knows countries, not streets: good for how the fleet is spread. The place in the list says where a kiosk really stands.',
  without: (count) => (count === 1 ? '1 more has no position, and is not on the map.' : `${count} more have no position, and are not on the map.`),
  tabs: 'Kiosk',
  now: 'Now',
  devices: 'Devices',
  log: 'Log',
  commands: 'Commands',
  documents: 'Documents',
  staffActs: 'Staff acts',
  history: 'History',
  identity: 'Identity',
  orders: 'Its orders',
  stock: 'Its stock',
  edit: 'Edit',
  command: { pause: 'Pause', resume: 'Resume', restart: 'Restart', send_logs: 'Send logs', follow_logs: 'Follow the log', screenshot: 'Screenshot', test_print: 'Test print', back_up: 'Back up' },
  commandHelp: {
    pause: 'Takes no new customer; whoever is there can finish.', resume: 'Sells again.', restart: 'Restarts the software between two customers: a few seconds.', send_logs: 'Sends every line of the last minutes.',
    follow_logs: 'Sends each line at once, for some minutes.', screenshot: 'A picture of the screen, taken when no customer is there.', test_print: 'Prints a test page.', back_up: 'Makes a copy of its data now.',
  },
  otherCommands: { refund: 'Refund', service_result: 'Result of a service', answer_help: 'Answer to a call' },
  give: 'Give command',
  commandGiven: 'The command is on its way',
  cancelCommand: 'Cancel',
  cancelled: 'Cancelled',
  valid: 'Good for',
  validFor: [['5', '5 minutes'], ['15', '15 minutes'], ['60', '1 hour'], ['720', '12 hours'], ['1440', '1 day'], ['10080', '7 days']],
  what: 'Command',
  minutes: 'Minutes',
  noticeZh: 'Notice in Chinese',
  noticeEn: 'Notice in English',
  noticeHint: 'Shown while it is paused. Leave both empty, or fill in both.',
  result: 'Result',
  given: 'Given',
  by: 'By',
  commandState: { waiting: 'Waiting', delivered: 'Delivered', expired: 'Expired', cancelled: 'Cancelled', done: 'Done', failed: 'Failed', refused: 'Refused' },
  noCommands: 'This kiosk has been given no command yet.',
  screenshot: 'Screen',
  screenshotOf: (time) => `The screen at ${time}`,
  noScreenshots: 'There is no picture yet. "Screenshot" brings one as soon as no customer is there.',
  stateNow: 'State',
  toldAt: 'Told',
  disk: 'Free on disk',
  place: 'Place',
  zone: 'Time zone',
  latitude: 'Latitude',
  longitude: 'Longitude',
  name: 'Name',
  kioskId: 'Id',
  kioskIdHint: 'Small letters, digits and hyphens, such as kiosk-012. It stays as it is.',
  ordersTotal: 'Orders so far',
  needsPerson: 'Needs a person',
  setAside: 'Events set aside',
  noDevices: 'This kiosk has not told of its devices yet.',
  since: 'Since',
  advice: 'What to do',
  level: 'Level',
  anyLevel: 'Any level',
  levels: { info: 'Info', warn: 'Warning', error: 'Error' },
  logSearch: 'Search the log',
  follow: 'Follow for 10 minutes',
  following: 'Following: new lines appear by themselves',
  noLines: 'There are no lines',
  noLinesText: 'By itself a kiosk sends warnings and errors alone. "Send logs" brings everything, or follow it live.',
  time: 'Time',
  message: 'Message',
  document: 'Document',
  documentName: { catalogue: 'Catalogue', sold_out: 'Sold out', config: 'Settings', texts: 'Texts', planogram: 'Planogram', staff: 'Staff' },
  revision: 'Revision',
  outcome: 'Outcome',
  applied: 'In force',
  refused: 'Refused',
  noDocuments: 'Nothing that was published is in force here yet.',
  closings: 'Closed days',
  day: 'Day',
  proof: { green: 'Complete', red: 'Does not fit', waiting: 'On its way' },
  noClosings: 'No day has been closed yet. The first closing comes after midnight.',
  chainHolds: 'The record is whole: nothing was taken out or changed.',
  chainBroken: (count) => (count === 1 ? '1 entry does not hold: entries may have been taken out or changed. Look at the machine.' : `${count} entries do not hold: entries may have been taken out or changed. Look at the machine.`),
  staffNumber: 'Staff',
  act: 'Act',
  subject: 'What',
  noActs: 'No member of staff has done anything here yet.',
  actOutcome: { begun: 'Begun', done: 'Done', refused: 'Refused', failed: 'Failed' },
  fault: { hash: 'Was changed', gap: 'Entries before it are missing', fork: 'HQ has another entry here', beginning: 'The record begins anew' },
  availability: 'Availability',
  availabilityOf: (percent, days) => `Available ${percent} of the last ${days} days`,
  lastDays: 'Range',
  days: (count) => (count === 1 ? 'Last day' : `Last ${count} days`),
  from: 'From',
  lasted: 'For',
  keys: 'Keys',
  fingerprint: 'Fingerprint',
  keyState: { waiting: 'Waiting', approved: 'In use', revoked: 'Revoked' },
  compare: 'Compare the fingerprint',
  compareText: 'Compare it with the one on the kiosk’s screen, group by group. Where they differ, it is another machine.',
  isSame: 'I have compared them, and they are the same',
  approve: 'Approve',
  approved: 'Approved',
  newCode: 'Make a code',
  codeGood: (time) => `A code is unused, and good until ${time}.`,
  codeTitle: 'Enrolment code',
  codeText: (time) => `Type it in at the kiosk. It is good once, until ${time}, and is not shown again.`,
  codeQr: 'The code as a QR code',
  copy: 'Copy',
  copied: 'Copied',
  revoke: 'Revoke',
  revokeTitle: (name) => `Revoke ${name}?`,
  revokeText: 'HQ takes nothing more from this kiosk, from now on, and an unused code is void. The kiosk itself sells on, but nothing arrives here.',
  revoked: 'Revoked',
  reinstate: 'Take back',
  reinstated: 'Taken back',
  cloneTitle: 'Two machines use this identity',
  cloneText: 'Until you decide, HQ takes nothing from either. Switch the wrong one off, then press the button: the first that calls HQ goes on.',
  cloneDone: 'The other is off: go on',
  noKeys: 'No key has been enrolled yet.',
  addTitle: 'Add a kiosk',
  addText: 'You get a code to type in at the machine. Then its fingerprint is compared, and only then is it let in.',
  codeFor: 'Code good for',
  make: 'Add and make a code',
  saved: 'Saved',
  groupName: 'Name of the group',
  addGroup: 'New group',
  noGroups: 'There is no group yet',
  noGroupsText: 'With groups by region, customer or purpose you give commands, settings and catalogues to many at once.',
  members: 'Members',
  memberCount: (count) => (count === 1 ? '1 kiosk' : `${count} kiosks`),
  removeGroup: 'Remove the group',
  removeGroupText: 'Its kiosks stay as they are. What was published for the group alone applies no longer.',
  removed: 'Removed',
  toWhom: 'To',
  allKiosks: 'All kiosks',
  batchTitle: 'A command to many',
  batchSummary: (done, waiting, failed) => `${done} done, ${waiting} waiting, ${failed} without success`,
  unknownKiosk: 'There is no such kiosk.',
  configTitle: 'Settings of kiosks',
  configText: 'What is left empty is as the more general settings, or the machine itself, have it. A kiosk’s own goes before its groups’, theirs before what is for all.',
  configFor: 'For',
  configNone: 'Nothing is set here.',
  configBy: (by, revision) => `Revision ${revision}, published by ${by}`,
  configRemove: 'Take these settings back',
  configSaved: 'Published',
  shop: 'Shop',
  shopNameZh: 'Shop’s name in Chinese',
  shopNameEn: 'Shop’s name in English',
  shopAddressZh: 'Address in Chinese',
  shopAddressEn: 'Address in English',
  shopPhone: 'Shop’s phone',
  shopZone: 'Shop’s time zone',
  shopHint: 'Printed on receipts. Fill in all of the shop, or nothing of it.',
  defaultLanguage: 'First language',
  asMachine: 'Not set here',
  maxOrder: 'Largest order (￥)',
  helpPhone: 'Phone for help',
  invalidShop: 'Name, address, phone and time zone of the shop belong together.',
};

export const fleetTexts = { zh, en };
