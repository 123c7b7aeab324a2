export type PasswordFault = 'password_short' | 'password_common' | 'password_name';

/** Characters as people count them. */
const shortest = 12;

/** The commonest of at least so many characters, in small letters; shorter ones are too short anyway. */
const common: ReadonlySet<string> = new Set([
  '123456789012', '1234567890123', '12345678901234', '1234567890-=', '123456123456', '123123123123', '111111111111', '000000000000', '987654321098', '0987654321ab', '1q2w3e4r5t6y', '1q2w3e4r5t6y7u', '1qaz2wsx3edc', '1qaz2wsx3edc4rfv',
  'qazwsxedcrfv', 'qwertyuiop12', 'qwertyuiop123', 'qwertyuiop[]', 'qwerty123456', 'qwertyqwerty', 'qwerty1234567', 'asdfghjkl123', 'asdfghjkl;\'', 'zxcvbnm12345', 'abcdefghijkl', 'abcdefghijklm', 'abc123456789', 'abcd12345678',
  'password1234', 'password12345', 'password123456', 'password123!', 'password2024', 'password2025', 'password2026', 'passwordpassword', 'p@ssw0rd1234', 'p@ssword1234', 'passw0rd1234', 'mypassword12', 'mypassword123', 'newpassword1', 'newpassword123',
  'administrator', 'administrator1', 'administrator123', 'admin1234567', 'admin12345678', 'adminadminadmin', 'admin123456789', 'welcome12345', 'welcome123456', 'welcome2026!', 'letmein12345', 'letmein123456', 'changeme1234', 'changeme12345', 'changeme123!',
  'iloveyou1234', 'iloveyou12345', 'iloveyouforever', 'princess1234', 'sunshine1234', 'football1234', 'baseball1234', 'superman1234', 'dragon123456', 'monkey123456', 'michael12345', 'computer1234', 'internet1234', 'trustno1trustno1',
  'woaini520520', 'woaini1314520', 'woaini5201314', '5201314520131', '520131452013', 'a123456789012', 'aa1234567890', 'a1234567890b', 'zhangwei1234', 'wangwei12345', '147258369147', '159357159357', '112233445566', 'counter24counter24',
  'correcthorsebatterystaple', 'thisisapassword', 'thequickbrownfox', 'startrek1234', 'starwars1234', 'summer202512', 'winter202512', 'testtesttest', 'testpassword', 'test12345678', 'guestguestguest', 'defaultpassword', 'secretpassword',
]);

/** By length and by what everybody tries first; nothing about digits or signs, which makes passwords no better (NIST SP 800-63B, 3.1.1.2). */
export function faultOfPassword(password: string, name: string): PasswordFault | undefined {
  const text = password.normalize('NFKC').toLowerCase();
  if (Array.from(text).length < shortest) return 'password_short';
  if (common.has(text) || common.has(text.replace(/[!.?]+$/, '')) || isPattern(text)) return 'password_common';
  const bare = name.split('@')[0] ?? '';
  if (bare.length >= 4 && text.replaceAll(bare, '').length < 8) return 'password_name';
  return undefined;
}

/** A few characters again and again, or one row of them after another: "abababababab", "abcdefghijklm", "765432107654". */
function isPattern(text: string): boolean {
  if (/^(.{1,4})\1{2,}.{0,3}$/su.test(text)) return true;
  const steps = Array.from(text).slice(1).map((character, index) => (character.codePointAt(0) ?? 0) - (text.codePointAt(index) ?? 0));
  return steps.filter((step) => Math.abs(step) <= 1).length >= steps.length - 1;
}
