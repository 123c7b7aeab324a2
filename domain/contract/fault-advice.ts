import { deviceCodes } from '../device/codes.ts';
import type { Bilingual } from '../language.ts';
import type { ErrorCode } from './errors.ts';

/** What is wrong and what to do about it, for staff who know no protocol. */
export interface FaultWords {
  readonly text: Bilingual;
  readonly advice: Bilingual;
}

const words = (zh: string, en: string, zhAdvice: string, enAdvice: string): FaultWords => ({ text: { zh, en }, advice: { zh: zhAdvice, en: enAdvice } });

/**
 * By the code of the registry of errors. `undefined`: nobody who stands at the kiosk can do anything about it; it is an answer to a page or a program, or is
 * HQ's own. Each code stands here, so that a new one is thought about.
 */
export const faultAdvice: Readonly<Record<ErrorCode, FaultWords | undefined>> = {
  CONFIG_UNREADABLE: words('读不到配置文件', 'The configuration file cannot be read', '请技术人员检查配置文件是否存在、是否有读取权限；改好后自动恢复，无需重启。', 'Have a technician see that the file is there and may be read. The kiosk goes on by itself when it is.'),
  CONFIG_INVALID: words('配置文件有错误', 'The configuration file has a mistake', '请技术人员按日志里给出的位置改正配置文件；改好后自动恢复。', 'Have a technician mend the place that the log names. The kiosk goes on by itself.'),
  CATALOGUE_UNREADABLE: words('读不到商品目录，仍用上一份', 'The catalogue cannot be read; the last one stays', '不影响销售。请在总部重新发布目录，或检查目录文件。', 'Selling goes on. Publish the catalogue again at HQ, or check its file.'),
  CATALOGUE_INVALID: words('商品目录有错误，仍用上一份', 'The catalogue has a mistake; the last one stays', '不影响销售。请在总部按日志里给出的位置改正后重新发布。', 'Selling goes on. Mend the place that the log names at HQ and publish it again.'),
  CATALOGUE_MISSING: words('没有商品目录', 'There is no catalogue', '请确认网络已连接，并在总部给本机发布目录。', 'See that the network is connected, and publish a catalogue to this kiosk at HQ.'),
  KEY_UNAVAILABLE: words('拿不到数据库密钥', "The store's key cannot be had", '请确认运行本程序的用户已登录系统钥匙串；仍不行请联系技术人员，切勿删除数据文件夹。', "See that the kiosk's user is signed in to the system's key ring. If that does not help, call a technician; never delete the data folder."),
  KEY_PROVIDER_CHANGED: words('密钥来源与建库时不同', 'The key comes from another place than before', '请技术人员恢复原来的密钥来源，切勿删除数据文件夹。', 'Have a technician put the earlier source of the key back; never delete the data folder.'),
  STORE_KEY_REJECTED: words('密钥打不开数据库', 'The store does not open with this key', '请技术人员找回原来的密钥；数据未被改动，切勿删除。', 'Have a technician bring the right key back. Nothing was changed; delete nothing.'),
  STORE_MISSING: words('数据库文件不见了', 'The store is gone', '请技术人员放回数据库文件；只有确认要重新开始时才清空整个数据文件夹。', 'Have a technician put the file back; empty the whole folder only where it is meant to begin anew.'),
  STORE_NOT_DURABLE: words('磁盘不能保证断电不丢数据', 'The disk cannot promise to keep an order in a power cut', '请技术人员检查磁盘和文件系统；在此之前本机不销售。', 'Have a technician check the disk and its file system. Nothing is sold until then.'),
  STORE_TOO_NEW: words('数据库是更新版本的程序写的', 'The store was written by a newer version', '请装回较新的程序版本。', 'Install the newer version again.'),
  STORE_FAILED: words('数据库读写失败', 'The store could not be opened or written', '请在无顾客时重启自助机一次；再次出现请技术人员检查磁盘。', 'Restart the kiosk once when no customer is there. If it comes again, have a technician check the disk.'),
  STORE_DAMAGED: words('数据库损坏', 'The store is damaged', '无顾客时会自动修复；若一直停在这里，请联系技术人员并更换磁盘，切勿删除数据文件夹。', 'It is mended by itself when nobody is there. If it stays so, call a technician and replace the disk; never delete the data folder.'),
  STORE_FOREIGN: words('数据库位置上是别的文件', 'Something else lies where the store should be', '请技术人员检查数据文件夹里放错了什么。', 'Have a technician see what was put into the data folder.'),
  STORE_OF_ANOTHER_KIOSK: words('数据库属于另一台自助机', 'The store belongs to another kiosk', '请把配置里的编号改回来，或用空的数据文件夹重新开始。', "Put the kiosk's name in the configuration back, or begin with an empty data folder."),
  STORE_RECOVERED: words('数据库曾损坏，已恢复', 'The store was damaged and has been brought back', '请今天内核对最近的订单和付款；再次出现请更换磁盘。', 'Look through the newest orders and payments today. If it comes again, replace the disk.'),
  STORE_COPY_FAILED: words('每小时备份没有做成', 'The hourly copy could not be made', '不影响销售。请检查备份盘是否插好、是否已满。', 'Selling goes on. See that the second disk is connected and not full.'),
  STORE_REKEY_FAILED: words('数据库密钥没有换成', "The store's key could not be changed", '不影响销售，下次启动会再试；多次失败请联系技术人员。', 'Selling goes on, and it is tried again at the next start. If it fails again and again, call a technician.'),
  DISK_LOW: words('磁盘快满了', 'The disk is getting full', '请技术人员清理磁盘上不属于自助机的文件。', "Have a technician remove files from the disk that are not the kiosk's."),
  DISK_FULL: words('磁盘已满，停止销售', 'The disk is full, and nothing is sold', '请技术人员立即腾出空间；有空间后自动恢复销售。', 'Have a technician make room at once. Selling begins again by itself.'),
  STORE_IN_USE: words('另一个自助机程序占用了数据库', 'Another kiosk program has the store open', '请关闭多开的自助机程序，或重启自助机。', 'End the second kiosk program, or restart the kiosk.'),
  CONTRACT_MALFORMED: undefined,
  CONTRACT_UNKNOWN_METHOD: undefined,
  ORDER_UNKNOWN: undefined,
  ORDER_NOT_PAYABLE: undefined,
  ORDER_NOT_CANCELLABLE: undefined,
  PAYMENT_BUSY: undefined,
  PAYMENT_UNSETTLED: words('有一笔刷卡结果未明，暂停刷卡', 'The outcome of a card payment is not known; no card is taken', '请看终端是否联网；若一直如此，请店长在“订单”里查看待处理事项并决定。', "See that the terminal is connected. If it stays so, a manager decides about it under “Orders”."),
  PRINTER_NEEDED: words('终端要用打印机打小票，而打印机不能用', 'The card terminal needs the printer, which cannot print', '请先排除打印机故障（纸、盖子、连线）。', 'Mend the printer first: paper, cover, cable.'),
  ORDER_NOT_PAID: undefined,
  DEVICE_CANNOT: undefined,
  ATTENTION_UNKNOWN: undefined,
  DECISION_NOT_ALLOWED: undefined,
  STAFF_NOT_IN: undefined,
  STAFF_NOT_ALLOWED: undefined,
  STAFF_UNKNOWN: undefined,
  AUDIT_BROKEN: words('员工操作记录不完整', 'The record of what staff did does not hold', '请立即告知总部，不要再在本机操作；需要查明谁动过数据。', 'Tell HQ at once and do nothing more here: somebody must find out who changed it.'),
  EXPORT_FAILED: words('日志没有导出成功', 'The log could not be exported', '请换一个有空间、可写入的 U 盘，插好后再试；导出完成前不要拔。', 'Use another stick with room that can be written to, and try again. Do not pull it out before it is done.'),
  OUT_OF_SERVICE: undefined,
  INTERNAL: words('程序内部出错', 'The program has met a fault of its own', '若自助机仍在销售，请导出日志发给技术支持；若卡住，请重启自助机。', 'If the kiosk sells on, export the log and send it to support. If it is stuck, restart it.'),
  HQ_BATCH_MALFORMED: words('总部不接受本机的数据', "HQ does not take this kiosk's data", '请把程序升级到与总部一致的版本，并导出日志给技术支持。', "Bring the kiosk to HQ's version, and send the exported log to support."),
  HQ_UNKNOWN_KIOSK: words('总部不认识本机', 'HQ does not know this kiosk', '请在总部为本机生成注册码，并由技术人员重新注册。', 'Make an enrolment code for this kiosk at HQ, and have a technician enrol it again.'),
  HQ_SEQUENCE_GAP: undefined,
  HQ_EVENT_CONFLICT: words('同一事件以不同内容送到总部', 'An event came to HQ twice with other contents', '请告知总部：可能有两台机器用了同一份数据。', 'Tell HQ: two machines may be using the same data.'),
  HQ_CHAIN_BROKEN: words('送往总部的记录前后不衔接', 'What goes to HQ does not follow on what it has', '请告知总部，并导出日志；不影响销售。', 'Tell HQ, and export the log. Selling goes on.'),
  HQ_EPOCH_OLD: undefined,
  HQ_SIGNATURE_WRONG: words('与总部之间的签名不对', 'A signature between the kiosk and HQ is wrong', '请检查自助机的时间是否正确；仍不行请技术人员重新注册本机。', "Check the kiosk's clock. If that does not help, have a technician enrol the kiosk again."),
  HQ_SESSION_ENDED: undefined,
  HQ_REPLAYED: undefined,
  HQ_KIOSK_REVOKED: words('总部已停用本机的身份', "HQ has revoked this kiosk's identity", '请联系总部；需要恢复时由技术人员重新注册。', 'Ask HQ. To bring it back, a technician enrols it again.'),
  HQ_KIOSK_CLONED: words('有两台机器使用同一身份', 'Two machines use the identity of this kiosk', '请立即告知总部，关闭复制出来的那一台。', 'Tell HQ at once, and switch the copied machine off.'),
  HQ_INSTANCE_SUPERSEDED: words('同一身份的另一个程序正在运行', 'Another run of this kiosk has spoken since', '请确认没有第二台机器或第二个程序使用本机的数据，然后重启。', "See that no second machine or program uses this kiosk's data, then restart."),
  HQ_NOT_ENROLLED: words('本机还没有在总部注册', 'This kiosk is not enrolled at HQ', '请技术人员用总部给的注册码注册，并在总部批准。', "Have a technician enrol it with a code of HQ's, and approve it there."),
  HQ_CODE_WRONG: words('注册码不对或已过期', 'The enrolment code is wrong or has expired', '请在总部重新生成注册码。', 'Make a new code at HQ.'),
  HQ_TOO_MANY_REQUESTS: undefined,
  HQ_KEY_CHANGED: words('总部的身份与以前不同', 'HQ has another identity than before', '请先向总部核实；确认属实后由技术人员重新注册。不影响销售。', 'Ask HQ first. If it is so, a technician enrols the kiosk again. Selling goes on.'),
  CLOCK_SKEWED: words('自助机的时钟不准', "The kiosk's clock is wrong", '请技术人员打开系统的自动校时，并检查主板电池。', "Have a technician switch on the system's time synchronisation and check the board's battery."),
  COMMAND_REFUSED: words('总部的一条指令没有执行', 'A command of HQ was not carried out', '请在总部查看原因；通常无需在现场处理。', 'Its reason stands at HQ; usually nothing is to be done here.'),
  DOCUMENT_REFUSED: words('总部下发的内容不合格，仍用原来的', 'What HQ published does not fit; what was there stays', '请在总部改正后重新发布。', 'Mend it at HQ and publish it again.'),
  HQ_NOT_SIGNED_IN: undefined,
  HQ_NOT_ALLOWED: undefined,
  HQ_INVALID: undefined,
  HQ_CHANGED_MEANWHILE: undefined,
  HQ_NOT_FOUND: undefined,
  HQ_REWOUND: words('总部的数据退回过，正在补发', 'HQ has less than it had; what it lacks is sent again', '无需现场处理，请保持网络连接。', 'Nothing to do here; keep the network connected.'),
  HQ_UNAVAILABLE: words('连不上总部', 'HQ cannot be reached', '不影响销售。请检查网线、路由器和上网卡；恢复后自动补传。', 'Selling goes on. Check the network cable, the router and its connection; everything is sent when it is back.'),
};

/** Of the other parts that can be in a state that somebody should look at. */
const otherFaults: Readonly<Record<string, FaultWords>> = {
  SPEECH_PROGRAM: words('没有语音播报程序', 'The program that speaks is missing', '请技术人员安装语音程序 espeak-ng。', 'Have a technician install the program espeak-ng.'),
  SPEECH_VOICE: words('缺少一种语言的语音', 'A voice is missing', '请技术人员安装中文和英文语音。', 'Have a technician install the Chinese and English voices.'),
};

/** Undefined where nobody at the kiosk can do anything about it, or the code is not known. */
export function faultWords(code: string): FaultWords | undefined {
  if (Object.hasOwn(deviceCodes, code)) {
    const { text, advice, severity } = deviceCodes[code as keyof typeof deviceCodes];
    return severity === 'ok' ? undefined : { text, advice };
  }
  if (Object.hasOwn(faultAdvice, code)) return faultAdvice[code as ErrorCode];
  return Object.hasOwn(otherFaults, code) ? otherFaults[code] : undefined;
}
