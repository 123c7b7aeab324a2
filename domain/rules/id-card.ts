const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const checkCharacters = '10X98765432';

/** The check character that GB 11643-1999 (ISO 7064, MOD 11-2) puts behind seventeen digits. */
export function idCardCheck(seventeen: string): string {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(seventeen[index]), 0);
  return checkCharacters.charAt(sum % 11);
}

/** Whether digits 7 to 14 of an identity card's number can be a day of birth. */
export function isBirthday(eight: string): boolean {
  const [year, month, day] = [Number(eight.slice(0, 4)), Number(eight.slice(4, 6)), Number(eight.slice(6, 8))];
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1850 && year <= 2150 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
