import type { Bilingual } from '../language.ts';

/** `ok`: works. `attention`: works, or will again by itself; somebody should look. `fault`: does nothing until somebody helps. */
export type Severity = 'ok' | 'attention' | 'fault';

export interface DeviceCodeEntry {
  readonly severity: Severity;
  /** What is so. */
  readonly text: Bilingual;
  /** What to do, for staff who know no protocol; `ok` wants nothing. */
  readonly advice: Bilingual;
}

const nothing: Bilingual = { zh: '无需处理。', en: 'Nothing to do.' };

/** The one registry of what a device can be. Staff read text and advice, HQ and the log sort by the code. */
export const deviceCodes = {
  PRINTER_READY: { severity: 'ok', text: { zh: '打印机正常', en: 'The printer is ready' }, advice: nothing },
  PRINTER_PAPER_LOW: {
    severity: 'attention',
    text: { zh: '打印纸快用完', en: 'Paper is running out' },
    advice: { zh: '请在今天内更换新纸卷。', en: 'Put in a new roll today.' },
  },
  PRINTER_PAPER_OUT: {
    severity: 'fault',
    text: { zh: '打印机缺纸', en: 'The printer is out of paper' },
    advice: { zh: '请换上新纸卷，注意热敏面方向，合上盖子。', en: 'Put in a new roll with its thermal side to the print head, and close the cover.' },
  },
  PRINTER_COVER_OPEN: {
    severity: 'fault',
    text: { zh: '打印机盖未合上', en: 'The printer cover is open' },
    advice: { zh: '请检查纸卷后按紧盖子，直到听到卡扣声。', en: 'Check the roll, then press the cover until it clicks.' },
  },
  PRINTER_CUTTER_JAMMED: {
    severity: 'fault',
    text: { zh: '打印机切刀卡住', en: 'The paper cutter is jammed' },
    advice: { zh: '请关闭打印机电源，清除切刀处的纸片，再打开电源。不要用手碰刀刃。', en: 'Switch the printer off, remove the paper from the cutter without touching the blade, and switch it on.' },
  },
  PRINTER_TOO_HOT: {
    severity: 'attention',
    text: { zh: '打印头过热', en: 'The print head is too hot' },
    advice: { zh: '请等几分钟，会自动恢复；经常出现时请检查通风。', en: 'Wait some minutes: it recovers by itself. If it comes often, check the ventilation.' },
  },
  PRINTER_MECHANICAL: {
    severity: 'fault',
    text: { zh: '打印机机械故障', en: 'The printer has a mechanical fault' },
    advice: { zh: '请打开盖子，清除卡纸，再合上；仍不行请关机再开机。', en: 'Open the cover, remove jammed paper and close it. If that does not help, switch it off and on.' },
  },
  PRINTER_BROKEN: {
    severity: 'fault',
    text: { zh: '打印机损坏', en: 'The printer reports damage' },
    advice: { zh: '请关机再开机一次；仍报错请更换打印机并联系维修。', en: 'Switch it off and on once. If it says so again, replace the printer and call service.' },
  },
  PRINTER_UNPLUGGED: {
    severity: 'fault',
    text: { zh: '找不到打印机', en: 'The printer is not connected' },
    advice: { zh: '请检查打印机的数据线和转接头，重新插紧；无需重启自助机。', en: "Check the printer's data cable and adapter and plug them in again. The kiosk needs no restart." },
  },
  PRINTER_NO_ANSWER: {
    severity: 'fault',
    text: { zh: '打印机没有应答', en: 'The printer does not answer' },
    advice: { zh: '请确认打印机电源已打开且指示灯亮；仍不行请核对波特率和拨码开关。', en: 'See that the printer is switched on and its lamp is lit. If so, compare baud rate and DIP switches with the configuration.' },
  },
  TERMINAL_READY: { severity: 'ok', text: { zh: '刷卡终端正常', en: 'The card terminal is ready' }, advice: nothing },
  TERMINAL_BUSY: { severity: 'ok', text: { zh: '刷卡终端正在工作', en: 'The card terminal is at work' }, advice: nothing },
  TERMINAL_STARTING: {
    severity: 'attention',
    text: { zh: '刷卡终端正在启动', en: 'The card terminal is starting' },
    advice: { zh: '请等一分钟；若一直不变，请看终端屏幕上的提示，并检查其网络。', en: "Wait a minute. If it stays so, read the terminal's own display and check its network." },
  },
  TERMINAL_UNPLUGGED: {
    severity: 'fault',
    text: { zh: '找不到刷卡终端', en: 'The card terminal is not connected' },
    advice: { zh: '请检查终端的数据线和转接头，重新插紧；无需重启自助机。', en: "Check the terminal's data cable and adapter and plug them in again. The kiosk needs no restart." },
  },
  TERMINAL_NO_ANSWER: {
    severity: 'fault',
    text: { zh: '刷卡终端没有应答', en: 'The card terminal does not answer' },
    advice: { zh: '请确认终端有电且屏幕亮着；关机再开机一次；仍不行请核对接口设置（ZVT、波特率）。', en: 'See that the terminal has power and its display is lit; switch it off and on once. If that does not help, compare its interface settings (ZVT, baud rate).' },
  },
  SCANNER_READY: { severity: 'ok', text: { zh: '扫码器正常', en: 'The scanner is ready' }, advice: nothing },
  SCANNER_STARTING: {
    severity: 'attention',
    text: { zh: '扫码器正在启动', en: 'The scanner is starting' },
    advice: { zh: '请等一分钟；若一直不变，请重新插拔扫码器。', en: 'Wait a minute. If it stays so, unplug the scanner and plug it in again.' },
  },
  SCANNER_UNPLUGGED: {
    severity: 'fault',
    text: { zh: '找不到扫码器', en: 'The scanner is not connected' },
    advice: { zh: '请检查扫码器的数据线，重新插紧；无需重启自助机。', en: "Check the scanner's cable and plug it in again. The kiosk needs no restart." },
  },
  SCANNER_NO_ANSWER: {
    severity: 'fault',
    text: { zh: '扫码器没有应答', en: 'The scanner does not answer' },
    advice: { zh: '请重新插拔扫码器；仍不行请扫描说明书中的“串口模式”设置码，并核对波特率。', en: 'Unplug the scanner and plug it in again. If that does not help, scan the "serial mode" code of its manual and compare the baud rate.' },
  },
  PORT_IN_USE: {
    severity: 'fault',
    text: { zh: '端口被其他程序占用', en: 'The port is in use by another program' },
    advice: { zh: '请关闭占用该端口的程序（调试工具或另一个自助机程序）。', en: 'End the other program that has the port open (a service tool, or a second kiosk program).' },
  },
  PORT_DENIED: {
    severity: 'fault',
    text: { zh: '没有权限使用端口', en: 'The kiosk may not use the port' },
    advice: { zh: '请技术人员安装 udev 规则，或把运行用户加入 dialout 组。', en: "Call a technician: install the udev rules, or add the kiosk's user to the group dialout." },
  },
  PORT_AMBIGUOUS: {
    severity: 'fault',
    text: { zh: '有多个相同的设备，无法确定用哪一个', en: 'Several devices match, and it is not clear which one is meant' },
    advice: { zh: '请拔掉多余的设备，或请技术人员在配置中写上序列号。', en: 'Unplug the one too many, or have a technician write the serial number into the configuration.' },
  },
  PORT_STUCK: {
    severity: 'fault',
    text: { zh: '端口卡死', en: 'The port is stuck in the operating system' },
    advice: { zh: '请拔下该设备的 USB 线，等十秒再插上；仍不行请在无顾客时重启自助机。', en: "Unplug the device's USB cable, wait ten seconds and plug it in. If that does not help, restart the kiosk when no customer is there." },
  },
} as const satisfies Record<string, DeviceCodeEntry>;

export type DeviceCode = keyof typeof deviceCodes;
