import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pinyinDictionary } from './pinyin-dictionary.ts';
import type { Wish } from './pinyin-input.ts';
import { createPinyinInput } from './pinyin-input.ts';

const dictionary = pinyinDictionary();
const input = createPinyinInput(dictionary);
const texts = (letters: string, wish?: Wish) => input.candidates(letters, wish).map(({ text }) => text);

/** The 50 most common family names (Ministry of Public Security, 2020), and their readings. */
const commonSurnames = [
  'wang 王', 'li 李', 'zhang 张', 'liu 刘', 'chen 陈', 'yang 杨', 'huang 黄', 'zhao 赵', 'wu 吴', 'zhou 周', 'xu 徐', 'sun 孙', 'ma 马', 'zhu 朱', 'hu 胡', 'guo 郭', 'he 何', 'lin 林', 'gao 高', 'luo 罗',
  'zheng 郑', 'liang 梁', 'xie 谢', 'song 宋', 'tang 唐', 'xu 许', 'han 韩', 'deng 邓', 'feng 冯', 'cao 曹', 'peng 彭', 'zeng 曾', 'xiao 肖', 'tian 田', 'dong 董', 'yuan 袁', 'pan 潘', 'cai 蔡', 'jiang 蒋', 'yu 余',
  'yu 于', 'du 杜', 'ye 叶', 'cheng 程', 'su 苏', 'wei 魏', 'lv 吕', 'ding 丁', 'ren 任', 'shen 沈',
].map((pair) => pair.split(' ') as [string, string]);

const commonGivenNames = [
  'wei 伟', 'fang 芳', 'na 娜', 'xiuying 秀英', 'min 敏', 'jing 静', 'li 丽', 'qiang 强', 'lei 磊', 'jun 军', 'yang 洋', 'yong 勇', 'yan 艳', 'jie 杰', 'juan 娟', 'tao 涛', 'ming 明', 'chao 超', 'xiulan 秀兰', 'xia 霞',
  'ping 平', 'gang 刚', 'guiying 桂英', 'yuting 雨婷', 'zixuan 子轩', 'haoran 浩然', 'xinyi 欣怡', 'jiahao 佳豪', 'yuxuan 雨轩', 'zihan 子涵', 'guilan 桂兰', 'yulan 玉兰', 'jianguo 建国', 'jianhua 建华', 'xiaohong 小红', 'xiaoming 小明', 'yumei 玉梅', 'jianjun 建军',
  'chunmei 春梅', 'haiyan 海燕', 'guohua 国华', 'zhiqiang 志强', 'wenjing 文静', 'meiling 梅玲', 'xuemei 雪梅', 'dandan 丹丹', 'tingting 婷婷', 'yifan 一帆', 'siyu 思雨', 'zehao 泽浩',
].map((pair) => pair.split(' ') as [string, string]);

/** What a customer does: takes from the first page what begins their text, until no letter is left. */
function choose(letters: string, text: string, wish: Wish, page = 12): string {
  let rest = letters;
  let chosen = '';
  while (rest !== '') {
    const fit = input.candidates(rest, { ...wish, before: (wish.before ?? '') + chosen }).slice(0, page).find((candidate) => text.slice(chosen.length).startsWith(candidate.text));
    if (!fit) return chosen;
    chosen += fit.text;
    rest = rest.slice(fit.used);
  }
  return chosen;
}

describe('pinyin input', () => {
  it('parts a whole name into its syllables, and a beginning too', () => {
    expect(input.syllables('wangxiaoming')).toEqual(['wang', 'xiao', 'ming']);
    expect(input.syllables('zhangw')).toEqual(['zhang', 'w']);
    expect(input.syllables('wxm')).toEqual(['w', 'x', 'm']);
  });

  it('takes an apostrophe for the border of two syllables', () => {
    expect(input.syllables('xian')).toEqual(['xian']);
    expect(input.syllables("xi'an")).toEqual(['xi', 'an']);
    expect(texts("xi'an")[0]).toBe('西安');
  });

  it('finds a word by its initials alone', () => {
    expect(texts('nrm')[0]).toBe('牛肉面');
    expect(texts('niurm')[0]).toBe('牛肉面');
    expect(texts('nr')).toContain('牛肉');
  });

  it('offers a name as a whole, and piece by piece', () => {
    const [whole, ...rest] = input.candidates('wangxiaoming', { names: true });
    expect(whole).toEqual({ text: '王小明', used: 12 });
    expect(rest).toContainEqual({ text: '王', used: 4 });
    expect(choose('wangxiaoming', '汪晓鸣', { names: true }, 30)).toBe('汪晓鸣');
  });

  it.each(commonSurnames)('%s: %s is among the first four of a name', (letters, surname) => {
    expect(texts(letters, { names: true }).slice(0, 4)).toContain(surname);
  });

  it.each(commonGivenNames)('%s: %s comes by choosing from the first page', (letters, name) => {
    expect(choose(letters, name, { names: true, before: '王' })).toBe(name);
  });

  it('knows double family names', () => {
    expect(texts('ouyang', { names: true })[0]).toBe('欧阳');
    expect(texts('zhugeliang', { names: true })[0]).toMatch(/^诸葛/);
  });

  it('writes ü as v', () => {
    expect(texts('lv', { names: true })[0]).toBe('吕');
    expect(texts('nvshi')[0]).toBe('女士');
  });

  it('puts the words of this shop before the common ones', () => {
    const shop = createPinyinInput(pinyinDictionary(['珍珠奶茶']));
    expect(shop.candidates('zhenzhunaicha')[0]).toEqual({ text: '珍珠奶茶', used: 13 });
    expect(shop.candidates('zznc')[0]!.text).toBe('珍珠奶茶');
  });

  it('has nothing for what is no pinyin', () => {
    for (const letters of ['', 'v', 'i', 'uu', "'", '12']) expect(texts(letters), letters).toEqual([]);
  });

  it('reaches every character of its dictionary by its own syllable', () => {
    for (const [syllable, characters] of dictionary.characters) {
      const found = new Set(texts(syllable));
      for (const character of characters) expect(found.has(character), `${syllable} ${character}`).toBe(true);
    }
  });

  it('never takes more letters than there are, nor none, and always ends', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-z']{0,24}$/), fc.boolean(), (letters, names) => {
      for (const { text, used } of input.candidates(letters, { names })) {
        expect(text).not.toBe('');
        expect(used).toBeGreaterThan(0);
        expect(used).toBeLessThanOrEqual(letters.length);
      }
    }), { numRuns: 300 });
  });

  it('any run of whole syllables can be typed to its end', () => {
    const syllable = fc.constantFrom(...dictionary.characters.keys());
    fc.assert(fc.property(fc.array(syllable, { minLength: 1, maxLength: 6 }), (parts) => {
      let rest = parts.join("'");
      for (let turn = 0; turn < 40 && rest !== ''; turn += 1) {
        const first = input.candidates(rest)[0];
        expect(first, rest).toBeDefined();
        rest = rest.slice(first!.used);
      }
      expect(rest).toBe('');
    }), { numRuns: 200 });
  });
});
