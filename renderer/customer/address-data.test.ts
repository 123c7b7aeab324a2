import { describe, expect, it } from 'vitest';
import { initialsOf, placeName, placesBy, provincesOfChina, wayTo } from './address-data.ts';
import type { Place } from './address-data.ts';

const provinces = provincesOfChina();
const leaves = (places: readonly Place[]): readonly Place[] => places.flatMap((place) => (place.parts.length === 0 ? [place] : leaves(place.parts)));
const named = (...names: readonly string[]): Place => names.reduce<Place>((found, name) => found.parts.find((part) => part.name === name)!, { code: '', name: '', parts: provinces });
const english = (...names: readonly string[]) => placeName(named(...names), 'en');

describe('the places of an address', () => {
  it('are the 31 provinces of the mainland, and every way ends at six digits that are no province', () => {
    expect(provinces).toHaveLength(31);
    const codes = leaves(provinces).map(({ code }) => code);
    expect(codes.length).toBeGreaterThan(2800);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code).toMatch(/^\d{4}(?!00$)\d{2}$|^(4419|4420|4604|6202)00$/);
  });

  it('has the districts of a municipality directly below it', () => {
    expect(named('北京市').parts.map(({ name }) => name)).toContain('朝阳区');
    expect(named('重庆市').parts.map(({ name }) => name)).toEqual(expect.arrayContaining(['渝中区', '城口县']));
  });

  it('has counties without a city beside the cities, and cities without districts as an end', () => {
    expect(named('湖北省', '仙桃市').parts).toEqual([]);
    expect(named('新疆维吾尔自治区', '石河子市').code).toBe('659001');
    expect(named('广东省', '东莞市')).toEqual({ code: '441900', name: '东莞市', parts: [] });
  });

  it('finds the way to a code, and none to an unknown one', () => {
    expect(wayTo('440305', provinces).map(({ name }) => name)).toEqual(['广东省', '深圳市', '南山区']);
    expect(wayTo('110105', provinces).map(({ name }) => name)).toEqual(['北京市', '朝阳区']);
    expect(wayTo('999999', provinces)).toEqual([]);
  });

  it('is found by its initials', () => {
    expect(placesBy(provinces, 'BJ').map(({ name }) => name)).toEqual(['北京市']);
    expect(placesBy(provinces, 'sx').map(({ name }) => name)).toEqual(['山西省', '陕西省']);
    expect(placesBy(named('重庆市').parts, 'yz').map(({ name }) => name)).toEqual(['渝中区']);
    expect(placesBy(provinces, 'xx')).toEqual([]);
    expect(initialsOf(named('浙江省', '温州市', '乐清市'))).toBe('yq');
    for (const place of [...provinces, ...leaves(provinces)]) expect(initialsOf(place), place.name).toMatch(/^[a-z]+$/);
  });

  it('has English names, two provinces of one sound told apart', () => {
    expect(placeName(named('山西省'), 'en')).toBe('Shanxi');
    expect(placeName(named('陕西省'), 'en')).toBe('Shaanxi');
    expect(english('北京市', '朝阳区')).toBe('Chaoyang District');
    expect(english('陕西省', '西安市')).toBe("Xi'an");
    expect(english('安徽省', '六安市')).toBe("Lu'an");
    expect(english('浙江省', '温州市', '乐清市')).toBe('Yueqing');
    expect(english('山东省', '菏泽市', '单县')).toBe('Shan County');
    expect(english('海南省', '白沙黎族自治县')).toBe('Baisha Li Autonomous County');
    expect(english('贵州省', '黔东南苗族侗族自治州')).toBe('Qiandongnan Miao-Dong Autonomous Prefecture');
  });

  it('says every name in Latin letters', () => {
    const all = (places: readonly Place[]): readonly Place[] => places.flatMap((place) => [place, ...all(place.parts)]);
    for (const place of all(provinces)) expect(placeName(place, 'en'), place.name).toMatch(/^[A-Z][A-Za-z' ()-]+$/);
  });
});
