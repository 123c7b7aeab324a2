import type { DeviceCodeEntry } from '../device/codes.ts';

/** What the voice can be, told as a device's state is: staff read text and advice, the log sorts by the code. */
export const speechCodes = {
  SPEECH_READY: { severity: 'ok', text: { zh: '语音正常', en: 'Speech is ready' }, advice: { zh: '无需处理。', en: 'Nothing to do.' } },
  SPEECH_STARTING: { severity: 'ok', text: { zh: '语音正在启动', en: 'Speech is starting' }, advice: { zh: '无需处理。', en: 'Nothing to do.' } },
  SPEECH_PROGRAM_MISSING: {
    severity: 'attention',
    text: { zh: '没有安装语音程序', en: 'The speech program is not installed' },
    advice: { zh: '看不见屏幕的顾客暂时无法使用。请技术人员安装 espeak-ng；装好后一分钟内自动恢复。', en: 'Customers who do not see the screen cannot use the kiosk. Have a technician install espeak-ng: speech is back within a minute.' },
  },
  SPEECH_VOICE_MISSING: {
    severity: 'attention',
    text: { zh: '语音程序缺少中文或英文语音', en: 'The speech program lacks the Chinese or the English voice' },
    advice: { zh: '请技术人员安装 espeak-ng 1.50 或更新的版本及其语音数据。', en: 'Have a technician install espeak-ng 1.50 or newer with its voice data.' },
  },
  SPEECH_PROGRAM_BROKEN: {
    severity: 'attention',
    text: { zh: '语音程序无法运行', en: 'The speech program does not run' },
    advice: { zh: '请技术人员重新安装 espeak-ng，并检查运行权限。', en: 'Have a technician install espeak-ng anew and check that the kiosk may run it.' },
  },
} as const satisfies Record<string, DeviceCodeEntry>;

export type SpeechCode = keyof typeof speechCodes;

/** `detail` is for engineers, and never holds what was spoken. */
export interface SpeechCondition {
  readonly code: SpeechCode;
  readonly detail: string;
}
