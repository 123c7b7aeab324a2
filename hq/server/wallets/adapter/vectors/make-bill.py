#!/usr/bin/env python3
"""A bill as Alipay packs it, made by Python's zipfile and codecs and none of our code: a zip of two CSVs, names and text in GBK, deflated."""
import os
import zipfile

HEADING = ('支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,'
           '支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注')


def row(trade, order, kind, name, at, amount, refund, fee):
    return ','.join([trade + '\t', order + '\t', kind, name, at, at, '', '', '', 'kiosk-001', 'abc***@example.com', amount, amount, '0.00', '0.00', '0.00', '0.00', '0.00', '', '0.00', '0.00', refund, fee, '0.00', ''])


details = '\r\n'.join([
    '#支付宝业务明细查询', '#账号：[20880000000000010156]', '#起始日期：[2026年01月02日 00:00:00]   终止日期：[2026年01月03日 00:00:00]', '#-----------------------------------------业务明细列表----------------------------------------',
    HEADING,
    row('2026010222001400001', 'a' * 32, '交易', '"流量包, 5GB ""大"""', '2026-01-02 12:30:05', '12.05', '', '-0.07'),
    row('2026010222001400001', 'a' * 32, '退款', '流量包', '2026-01-02 23:59:59', '-2.05', 'b' * 32, '0.01'),
    '#-----------------------------------------业务明细列表结束------------------------------------', '#交易合计：1笔，商家实收共12.05元，商家优惠共0.00元', '#退款合计：1笔，商家实收退款共-2.05元', '#导出时间：[2026年01月03日 09:12:44]', '',
])
summary = '\r\n'.join(['#支付宝业务汇总查询', '门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）', '合计,,1,1,10.00', ''])


class Name(zipfile.ZipInfo):
    """Names in GBK and no flag that says so, as the archives have them."""

    def _encodeFilenameFlags(self):
        return self.filename.encode('gbk'), self.flag_bits & ~0x800


with zipfile.ZipFile(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'alipay-bill.zip'), 'w', zipfile.ZIP_DEFLATED) as archive:
    for name, text in [('20880000000000010156_20260102_业务明细(汇总).csv', summary), ('20880000000000010156_20260102_业务明细.csv', details)]:
        info = Name(name, (2026, 1, 3, 9, 12, 44))
        info.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(info, text.encode('gbk'))
