/**
 * The first two digits of a postcode by the first two of a GB/T 2260 code: a province's own, and a neighbour's where post for a border county goes
 * by its lines (Inner Mongolia: 13 Ulanhot, 16 Oroqen, 73 Ejin, 75 Alxa). 99 is what is written for Taiwan, Hong Kong and Macau.
 */
const byProvince: Readonly<Record<string, readonly string[]>> = {
  11: ['10'], 12: ['30'], 13: ['05', '06', '07'], 14: ['03', '04'], 15: ['01', '02', '13', '16', '73', '75'],
  21: ['11', '12'], 22: ['13'], 23: ['15', '16'],
  31: ['20'], 32: ['21', '22'], 33: ['31', '32'], 34: ['23', '24'], 35: ['35', '36'], 36: ['33', '34'], 37: ['25', '26', '27'],
  41: ['45', '46', '47'], 42: ['43', '44'], 43: ['41', '42'], 44: ['51', '52'], 45: ['53', '54'], 46: ['57'],
  50: ['40'], 51: ['61', '62', '63', '64'], 52: ['55', '56'], 53: ['65', '66', '67'], 54: ['85', '86'],
  61: ['71', '72'], 62: ['73', '74'], 63: ['81'], 64: ['75'], 65: ['83', '84'],
  71: ['99'], 81: ['99'], 82: ['99'],
};

/** Whether a postcode can be one of a district's province; also where the province is not known here. */
export function fitsProvince(postcode: string, district: string): boolean {
  const expected = byProvince[district.slice(0, 2)];
  return expected === undefined || expected.includes(postcode.slice(0, 2));
}
