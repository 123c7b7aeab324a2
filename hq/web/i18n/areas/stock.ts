import type { MoveReason } from '../../../../domain/stock/stock.ts';

interface StockTexts {
  readonly title: string;
  readonly lead: string;
  readonly views: string;
  readonly tabs: { readonly offers: string; readonly kiosks: string; readonly planogram: string; readonly routes: string; readonly expiring: string; readonly differences: string; readonly visits: string };
  readonly search: string;
  readonly offer: string;
  readonly kiosk: string;
  readonly sellable: string;
  readonly expired: string;
  readonly par: string;
  readonly bring: string;
  readonly kiosks: string;
  readonly emptyAt: string;
  readonly soon: string;
  readonly slots: string;
  readonly emptySlots: string;
  readonly lastVisit: string;
  readonly noVisit: string;
  readonly noPlanogram: string;
  readonly none: string;
  readonly noneText: string;
  readonly slot: string;
  readonly shelf: string;
  readonly capacity: string;
  readonly code: string;
  readonly lots: string;
  readonly outside: string;
  readonly until: string;
  readonly noDate: string;
  readonly takeOut: (count: number) => string;
  readonly everywhere: string;
  readonly group: (name: string) => string;
  readonly scope: string;
  readonly planogramOf: (name: string, revision: number) => string;
  readonly planogramFrom: (name: string) => string;
  readonly noPlanogramText: string;
  readonly addSlot: string;
  readonly removeSlot: (slot: string) => string;
  readonly template: string;
  readonly templateTaken: (name: string) => string;
  readonly publish: string;
  readonly published: string;
  readonly withdraw: string;
  readonly withdrawn: string;
  readonly unsaved: string;
  readonly twice: string;
  readonly tooMuch: string;
  readonly missing: string;
  readonly routeName: string;
  readonly addRoute: string;
  readonly editRoute: string;
  readonly noRoutes: string;
  readonly noRoutesText: string;
  readonly stops: string;
  readonly addStop: string;
  readonly up: (name: string) => string;
  readonly down: (name: string) => string;
  readonly removeStop: (name: string) => string;
  readonly save: string;
  readonly saved: string;
  readonly cancel: string;
  readonly remove: string;
  readonly removeRoute: (name: string) => string;
  readonly removed: string;
  readonly changed: string;
  readonly by: (name: string) => string;
  readonly list: string;
  readonly listTitle: (name: string) => string;
  readonly madeAt: string;
  readonly totals: string;
  readonly print: string;
  readonly csv: string;
  readonly nothingToDo: string;
  readonly days: string;
  readonly daysLeft: (days: number) => string;
  readonly bestBefore: string;
  readonly pieces: string;
  readonly nothingExpires: string;
  readonly nothingExpiresText: string;
  readonly more: string;
  readonly when: string;
  readonly who: string;
  readonly why: string;
  readonly change: string;
  readonly reasons: Readonly<Record<MoveReason, string>>;
  readonly whys: Readonly<Record<string, string>>;
  readonly noDifferences: string;
  readonly noDifferencesText: string;
  readonly noVisits: string;
  readonly noVisitsText: string;
  readonly took: string;
  readonly in: string;
  readonly out: string;
  readonly differences: string;
  readonly minutes: (minutes: number) => string;
  readonly allKiosks: string;
}

export const stockTexts: { readonly zh: StockTexts; readonly en: StockTexts } = {
  zh: {
    title: '库存', lead: '各自助机上报的实物，按批次和日期；应有多少由货道图决定。', views: '库存视图',
    tabs: { offers: '按商品', kiosks: '按自助机', planogram: '货道图', routes: '补货路线', expiring: '临期', differences: '差异与报损', visits: '补货记录' },
    search: '查找商品或编号', offer: '商品', kiosk: '自助机', sellable: '可售', expired: '过期', par: '应有', bring: '待补', kiosks: '自助机数', emptyAt: '售罄的自助机', soon: '7 天内到期', slots: '货道', emptySlots: '空货道',
    lastVisit: '上次补货', noVisit: '还没有', noPlanogram: '没有货道图', none: '还没有库存', noneText: '自助机上报库存后会出现在这里。',
    slot: '货道', shelf: '货架', capacity: '容量', code: '货道码', lots: '批次', outside: '不在货道图里', until: '到期', noDate: '无日期', takeOut: (count) => `取出 ${count} 件过期`,
    everywhere: '全部自助机', group: (name) => `分组：${name}`, scope: '适用范围', planogramOf: (name, revision) => `${name}，第 ${revision} 版`, planogramFrom: (name) => `这里没有自己的货道图，现在用的是${name}的。发布后就有自己的了。`,
    noPlanogramText: '还没有货道图。添加货道，或者从别的自助机复制。', addSlot: '添加货道', removeSlot: (slot) => `删除货道 ${slot}`, template: '从这里复制', templateTaken: (name) => `已复制 ${name} 的货道，发布后生效。`,
    publish: '发布货道图', published: '已发布，自助机马上收到。', withdraw: '改用上一级的货道图', withdrawn: '已改用上一级的货道图。', unsaved: '有未发布的改动', twice: '货道号重复', tooMuch: '应有量超过容量', missing: '请填写',
    routeName: '路线名称', addRoute: '新建路线', editRoute: '修改', noRoutes: '还没有补货路线', noRoutesText: '把一趟要跑的自助机按顺序排好，出发前就知道该带什么。', stops: '站点', addStop: '添加自助机', up: (name) => `${name} 上移`, down: (name) => `${name} 下移`, removeStop: (name) => `去掉 ${name}`,
    save: '保存', saved: '已保存', cancel: '取消', remove: '删除路线', removeRoute: (name) => `删除路线“${name}”？`, removed: '已删除', changed: '最近改动', by: (name) => `由 ${name}`,
    list: '补货单', listTitle: (name) => `${name}：补货单`, madeAt: '生成时间', totals: '总共要带', print: '打印', csv: '下载 CSV', nothingToDo: '不用补，也没有过期的。',
    days: '多少天内到期', daysLeft: (days) => (days < 0 ? `已过期 ${-days} 天` : days === 0 ? '今天到期' : `还有 ${days} 天`), bestBefore: '到期日', pieces: '件数', nothingExpires: '没有临期商品', nothingExpiresText: '这段时间内没有批次到期。', more: '只显示最早到期的一部分。',
    when: '时间', who: '谁', why: '原因', change: '变动', reasons: { initial: '初始', reserved: '订单占用', released: '订单退回', refilled: '补货', counted: '盘点', wasted: '报损' },
    whys: { miscounted: '上次数错', missing: '少了', stolen: '被盗', found: '多出来', sold_elsewhere: '另外卖掉', other: '其他', expired: '过期', damaged: '破损', recalled: '召回', sample: '试用' },
    noDifferences: '没有差异', noDifferencesText: '盘点与账面不符、以及报损，会列在这里。', noVisits: '还没有补货记录', noVisitsText: '补货员在自助机上完成一次补货后会列在这里。', took: '用时', in: '补入', out: '取出', differences: '差异', minutes: (minutes) => `${minutes} 分钟`, allKiosks: '全部自助机',
  },
  en: {
    title: 'Stock', lead: 'What the kiosks told lies there, by lot and date, against what the planogram says should.', views: 'Views of the stock',
    tabs: { offers: 'By offer', kiosks: 'By kiosk', planogram: 'Planogram', routes: 'Routes', expiring: 'Expiring', differences: 'Differences and waste', visits: 'Visits' },
    search: 'Find an offer or id', offer: 'Offer', kiosk: 'Kiosk', sellable: 'Sellable', expired: 'Expired', par: 'Par', bring: 'Missing', kiosks: 'Kiosks', emptyAt: 'Empty at', soon: 'Within 7 days', slots: 'Slots', emptySlots: 'Empty slots',
    lastVisit: 'Last visit', noVisit: 'None yet', noPlanogram: 'No planogram', none: 'No stock yet', noneText: 'What kiosks tell of their shelves is listed here.',
    slot: 'Slot', shelf: 'Shelf', capacity: 'Capacity', code: 'Code', lots: 'Lots', outside: 'Outside the planogram', until: 'until', noDate: 'no date', takeOut: (count) => `Take out ${count} expired`,
    everywhere: 'All kiosks', group: (name) => `Group: ${name}`, scope: 'For', planogramOf: (name, revision) => `${name}, revision ${revision}`, planogramFrom: (name) => `There is none of its own; that of “${name}” goes here. What you publish becomes its own.`,
    noPlanogramText: 'There is no planogram yet. Add slots, or copy those of another kiosk.', addSlot: 'Add a slot', removeSlot: (slot) => `Remove slot ${slot}`, template: 'Copy from', templateTaken: (name) => `The slots of ${name} are copied. They count once you publish.`,
    publish: 'Publish the planogram', published: 'Published. The kiosks hear of it now.', withdraw: 'Use the more general one', withdrawn: 'The more general one goes again.', unsaved: 'Not published yet', twice: 'two slots have this name', tooMuch: 'more than fits in', missing: 'is missing',
    routeName: 'Name of the route', addRoute: 'Add a route', editRoute: 'Edit', noRoutes: 'No routes yet', noRoutesText: 'Put the kiosks of one tour in order, and know what to bring before you leave.', stops: 'Stops', addStop: 'Add a kiosk', up: (name) => `Move ${name} up`, down: (name) => `Move ${name} down`, removeStop: (name) => `Remove ${name}`,
    save: 'Save', saved: 'Saved', cancel: 'Cancel', remove: 'Remove the route', removeRoute: (name) => `Remove the route “${name}”?`, removed: 'Removed', changed: 'Last change', by: (name) => `by ${name}`,
    list: 'Restock list', listTitle: (name) => `${name}: what to bring`, madeAt: 'Made', totals: 'To bring in all', print: 'Print', csv: 'Download CSV', nothingToDo: 'Nothing is missing, nothing has expired.',
    days: 'Within so many days', daysLeft: (days) => (days < 0 ? `expired ${-days} d ago` : days === 0 ? 'last day is today' : `${days} d left`), bestBefore: 'Best before', pieces: 'Pieces', nothingExpires: 'Nothing expires', nothingExpiresText: 'No lot comes to its day in this time.', more: 'Only those that expire first are listed.',
    when: 'When', who: 'Who', why: 'Why', change: 'Change', reasons: { initial: 'Counted in', reserved: 'Ordered', released: 'Given back', refilled: 'Refill', counted: 'Count', wasted: 'Waste' },
    whys: { miscounted: 'miscounted before', missing: 'missing', stolen: 'stolen', found: 'found', sold_elsewhere: 'sold elsewhere', other: 'other', expired: 'expired', damaged: 'damaged', recalled: 'recalled', sample: 'sample' },
    noDifferences: 'No differences', noDifferencesText: 'Counts that differ from the books, and waste, are listed here.', noVisits: 'No visits yet', noVisitsText: 'A restocker’s visit is listed here once it has ended at the kiosk.', took: 'Took', in: 'In', out: 'Out', differences: 'Differences', minutes: (minutes) => `${minutes} min`, allKiosks: 'All kiosks',
  },
};
