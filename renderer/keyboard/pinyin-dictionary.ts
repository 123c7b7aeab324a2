import chinese from 'simple-keyboard-layouts/build/layouts/chinese';
import type { PinyinDictionary } from './pinyin-input.ts';

/** The hundred most common family names of the People's Republic of China, by frequency, and the usual double ones. */
const surnames =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董袁潘蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由';
const doubleSurnames = ['欧阳', '上官', '皇甫', '令狐', '诸葛', '司徒', '司马', '申屠', '夏侯', '贺兰', '完颜', '慕容', '尉迟', '长孙', '公孙', '端木', '轩辕', '宇文', '南宫', '东方', '独孤', '西门', '呼延', '钟离', '闻人', '公羊', '赫连', '濮阳', '拓跋', '百里', '东郭', '淳于', '单于', '澹台'];

/** Characters that given names are made of, roughly by frequency. */
const nameCharacters =
  '英华玉秀明文丽国红春平小金志建兰海军云林梅永桂伟生芳晓德龙光荣凤霞建强燕俊成艳杰敏静涛洪玲勇娟辉庆芬祥福清莲飞波宝琴良珍萍忠辉刚鑫雪斌洋超峰磊鹏宇浩佳家嘉欣怡子梓涵轩晨雨思诗婷娜倩雅琳雯蕾颖悦慧洁璐瑶瑞睿博智天一泽昊旭阳宁安康乐然若依可心语琪琦雪莹芸淑珊菲薇媛婧彤晴蓉薛健立民新兴东南山川江河湖宏学正义仁礼信远振启承世昌贵富顺达胜利翔坤乾宗绍继祖耀威武豪俊凯恒毅钧锋钢铁铭铮锐锦锡钰珠琼瑾瑜璇玥珂珏柏松楠桐柳杨森木叶莉莎茜茹荷菊萱蓓蕊香馨妍妮姗姣娇婉娥媚婵嫣巧彩虹霜露月星辰晖昕晗景晶智曼曦朝尚帆帅希' +
  '年庭廷延彦彬彪律念恩惠意愉懿成才扬承振捷敬斐方昱朋本权来杏枫柔栋梁楚榕樱毓汉沁沛泉泓润淇淼渊清源滨潇澜灿炎炜焕煜照熙爱牧献玄珍理瑛琛琰甜田申男畅益真石硕祯禹秋程稳立竹笑筠简粤纪纯纲纹绮维绪羽翠翰聪育胤自航良艺芝芷苏茂茗荔莺菁菡萌蓝蔚行裕言训诚谦谷贝贤赫越路轶达进远连逸道郁重野钦长雄雷霖青静韬韵顺颂风驰骏高魁鸣鸿鹤麒麟黎默鼎齐龄';

/** Words that are typed at a kiosk: addresses, what is bought, what is said of it. */
const words =
  '小区 花园 公寓 大厦 大楼 广场 中心 单元 号楼 栋 宿舍 学校 大学 中学 小学 医院 酒店 宾馆 商场 超市 市场 公园 车站 地铁 地铁站 机场 公司 工厂 办公室 办公楼 写字楼 门口 前台 物业 保安 传达室 快递柜 驿站 菜鸟驿站 电梯 楼上 楼下 东门 西门 南门 北门 ' +
  '人民路 中山路 解放路 建设路 和平路 新华路 文化路 胜利路 北京路 南京路 上海路 长江路 黄河路 友谊路 光明路 幸福路 健康路 公园路 学府路 科技路 创业路 工业路 滨江路 滨河路 迎宾路 站前路 环城路 东风路 朝阳路 青年路 民主路 团结路 振兴路 ' +
  '大道 大街 街道 路口 胡同 弄堂 巷子 东路 西路 南路 北路 中路 东街 西街 南街 北街 中街 一号 二号 三号 号院 幢 室 层 楼 村委会 居委会 社区 开发区 高新区 工业园 科技园 创业园 软件园 产业园 大院 新村 家园 嘉园 雅苑 名苑 国际 世纪 ' +
  '北京 上海 天津 重庆 广州 深圳 杭州 南京 苏州 成都 武汉 西安 长沙 郑州 青岛 济南 大连 沈阳 哈尔滨 长春 福州 厦门 合肥 南昌 昆明 贵阳 南宁 海口 石家庄 太原 兰州 银川 西宁 乌鲁木齐 拉萨 呼和浩特 宁波 无锡 佛山 东莞 ' +
  '先生 女士 小姐 老师 经理 同学 师傅 阿姨 叔叔 爷爷 奶奶 爸爸 妈妈 你好 谢谢 多谢 请 不要 不用 不客气 可以 没有 我们 你们 他们 这里 那里 什么 怎么 为什么 今天 明天 上午 下午 晚上 中午 早上 周末 现在 马上 ' +
  '牛肉面 牛肉 面条 米饭 水饺 饺子 包子 奶茶 咖啡 拿铁 可乐 果汁 柠檬茶 矿泉水 牛奶 面包 蛋糕 饼干 巧克力 薯片 方便面 火锅 咖喱 鸡肉 猪肉 鸡蛋 豆腐 青菜 水果 苹果 香蕉 葡萄 西瓜 草莓 冰淇淋 雨伞 口罩 纸巾 湿巾 毛巾 牙刷 牙膏 肥皂 充电器 充电宝 数据线 耳机 电池 手机壳 手机卡 ' +
  '话费 充值 流量 流量包 套餐 宽带 手机 号码 携号转网 呼叫转移 办理 申请 服务 服务员 态度 很好 非常好 不错 满意 很满意 不满意 好吃 难吃 好喝 太咸 太淡 太辣 太甜 太慢 很快 干净 卫生 方便 便宜 价格 太贵 排队 等待 时间 机器 屏幕 操作 简单 清楚 看不清 听不清 声音 太小 太大 打印 小票 发票 希望 建议 改进 增加 问题 故障 退款 付款 支付 取餐 取货 外卖 打包 少放 多放 香菜 葱花 辣椒 少糖 无糖 去冰 常温 加热 ' +
  '身份证 姓名 电话 地址 邮编 备注 其他 没有了 没问题 一点 一些 一个 两个 三个 第一 第二 非常 特别 有点 比较 觉得 喜欢 下次 还会 再来 推荐 朋友 家人 孩子 老人 轮椅 眼睛 字体 大字 语言 中文 英文 英语';

/** The package's types leave it out. */
const { layoutCandidates } = chinese as object as { readonly layoutCandidates: Readonly<Record<string, string>> };

/**
 * The characters come from the keyboard layout's list: 6,763 of GB 2312, the most used of each syllable first.
 * @param more further words, such as the names of what is sold here; they come before the common ones
 */
export function pinyinDictionary(more: readonly string[] = []): PinyinDictionary {
  const lists = Object.entries(layoutCandidates);
  return {
    // The list has 嗯 at "n" alone; there it would keep "n" from standing for any syllable that begins with it.
    characters: new Map(lists.flatMap(([syllable, list]) => (syllable === 'n' ? [] : [[syllable, [...list.split(' ').filter(Boolean), ...(syllable === 'en' ? ['嗯', '唔'] : [])]]]))),
    words: [...new Set([...more, ...words.split(' ')])].filter((word) => [...word].length > 1),
    surnames: [...new Set([...surnames, ...doubleSurnames])],
    nameCharacters: [...new Set(nameCharacters)],
  };
}
