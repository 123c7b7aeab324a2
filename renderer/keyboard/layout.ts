/** What stands on each row. Single characters type themselves; names in braces are keys of their own. */
export type KeyRow = readonly string[];

const digits: KeyRow = [...'1234567890'];

export const letterRows: readonly KeyRow[] = [digits, [...'qwertyuiop'], [...'asdfghjkl'], ['{shift}', ...'zxcvbnm', '{erase}']];

export const signRows: Readonly<Record<'latin' | 'chinese', readonly KeyRow[]>> = {
  latin: [digits, [...'-_/.,:;!?#'], [...'@&+*=%\'"'], ['{clear}', '(', ')', '{erase}']],
  chinese: [digits, [...'，。、：；！？·—-'], [...'（）《》#/.@&+'], ['{clear}', '_', '%', '{erase}']],
};
