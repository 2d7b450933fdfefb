"""What stands in the pictures: share codes, links, and the nasty strings of honest ones."""

from __future__ import annotations

import string

from kouling.lab.pictures.chance import Chance

code_length = 11

titles = (
    "恭喜您获得大额红包",
    "内部优惠券 先到先得",
    "限时抢购 仅此一天",
    "满减红包 天天领",
    "今日最后 100 份",
)
products = (
    "夏季新款连衣裙",
    "可折叠露营椅",
    "复古帆布书包",
    "无线机械键盘",
    "手冲咖啡壶",
    "儿童画册十二本",
)
instructions = (
    "复制这条信息 打开手机淘宝领取",
    "长按复制 打开淘宝 立即领券",
    "復·制这段话 到手机淘宝查看",
    "保存图片 复制口令 打开淘宝",
)
scan_instructions = (
    "长按识别二维码 领取优惠券",
    "扫一扫 进群领红包",
    "微信扫码 马上领取",
    "打开相机 扫码下单",
)
footers = (
    "分享给好友 一起领红包 8.8 元",
    "活动截止 12 月 31 日",
    "数量有限 领完为止",
    "分享三个群 再得一张",
)
chatter = (
    "在吗",
    "这个你看看",
    "昨天那家店不错，下次一起去",
    "好的，晚上七点见",
    "哈哈哈哈",
    "给你发个好东西",
    "收到，谢谢",
    "周末去爬山吗？天气应该不错",
    "孩子睡了，明天再说吧",
)
names = ("领券一群 (213)", "二手交流", "家长群", "周末爬山", "好物分享")

wrappers = (("￥", "￥"), ("￥", "￥"), ("¥", "¥"), ("€", "€"), ("$", "$"), ("£", "£"))
"""What a code stands between; the first is twice as likely as the others."""

_letters = string.ascii_letters + string.digits
_plain = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
_links = (
    "https://m.tb.cn/h.{8}?tk={10}",
    "https://v.douyin.com/{8}/{10}",
    "https://u.jd.com/{8}?c={10}",
    "weixin://wxpay/bizpayurl?pr={8}{10}",
    "https://qr.alipay.com/{8}{10}",
    "https://weixin.qq.com/g/{8}{10}",
    "https://p.pinduoduo.com/{8}?x={10}",
)

honest = (
    "到手价 ¥{price}",
    "原价￥{price} 现价￥{price}",
    "$ {price} / € {price}",
    "满{hundreds}减{tens} 每人限领一张",
    "型号 iPhone15ProMax 256GB",
    "MacBookAirM2 教育优惠",
    "HUAWEI Mate60Pro 12GB+512GB",
    "RTX4070Ti 显卡 主机 i7-13700KF",
    "NikeAir270 跑鞋 42码",
    "WH-1000XM5 头戴耳机",
    "货号 {capitals}{digits6}",
    "订单号 {digits16}",
    "订单编号：{year}{digits12}",
    "快递单号 SF{digits13}",
    "运单 YT{digits13} 已签收",
    "取件码 8-2-{digits4}",
    "【某银行】验证码 {digits6}，请勿告诉他人",
    "客服电话 400-{digits3}-{digits4}",
    "联系电话 138{digits8}",
    "活动时间 2026/11/11 20:00",
    "重量 2.5kg 尺寸 30x20x15cm",
    "WiFi 密码 guest{digits4}",
    "航班 CA{digits4} 14:35 起飞",
    "座位 12车08F号 G{digits4}次",
    "发票号 {digits8}",
    "身高 165cm 体重 52kg 穿M码",
    "Sony FE 24-70mm F2.8 GM II",
    "USB3.2Gen2 Type-C 100W",
    "版本 v2.11.4-beta3",
    "车牌 京A·{capitals}{digits3}",
    "会员积分 {digits6} 分",
    "生产批号 L{digits8}B",
    "www.example.com",
    "邮箱 xiaoli@example.com",
)
"""Lines of honest pictures, with holes to draw."""


def share_code(chance: Chance) -> tuple[str, str]:
    """Return a code and the same as written, between its delimiters."""
    opener, closer = chance.pick(wrappers)
    while True:
        code = chance.text(_letters, code_length)
        if any(map(str.isdigit, code)) and any(map(str.isalpha, code)):
            return code, f"{opener}{code}{closer}"


def share_link(chance: Chance) -> str:
    """Return a link as QR codes carry it."""
    link = chance.pick(_links)
    return link.replace("{8}", chance.text(_plain, 8)).replace("{10}", chance.text(_plain, 10))


def honest_line(chance: Chance) -> str:
    """Return a line that has digits, signs and Latin letters, and no share code."""
    line = chance.pick(honest)
    while "{" in line:
        hole = line[line.index("{") + 1 : line.index("}")]
        line = line.replace(f"{{{hole}}}", _drawn(chance, hole), 1)
    return line


def _drawn(chance: Chance, hole: str) -> str:
    if hole == "price":
        return f"{chance.integer(1, 9999)}.{chance.integer(0, 99):02d}"
    if hole in ("hundreds", "tens", "year"):
        low, unit = {"hundreds": (2, 100), "tens": (1, 10), "year": (2024, 1)}[hole]
        return str(chance.integer(low, low + (7 if unit > 1 else 2)) * unit)
    if hole == "capitals":
        return chance.text(string.ascii_uppercase, 2)
    return chance.text(string.digits, int(hole.removeprefix("digits")))
