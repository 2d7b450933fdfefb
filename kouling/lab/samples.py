"""Made-up share messages and ordinary ones, so that the laboratory has something to work on.

They follow the public shapes of share messages of several platforms; every code and link in
them is drawn from the seed. They show how disguises work, not how good the gate is: for that,
give real messages.
"""

from __future__ import annotations

import re
import string

from kouling.ids import RandomBytes, random_bytes
from kouling.lab.snippets import pick
from kouling.lab.tally import Labelled, Material

messages_per_shape = 4

titles = (
    "夏季新款连衣裙",
    "可折叠露营椅",
    "复古帆布书包",
    "无线机械键盘",
    "儿童画册十二本",
    "手冲咖啡壶",
)

shapes = (
    "【{title}】‹https://m.tb.cn/h.{7}› 点击链接，再选择浏览器打开；"
    "或復·制这段描述‹￥{11}￥›后到👉淘♂寳♀👈",
    "{title} 复制这条信息 ‹€{11}€› 打开手机淘宝即可查看",
    "【淘宝】7天无理由退货 ‹https://e.tb.cn/h.{15}?tk={11}› HU071 「{title}」\n点击链接直接打开",
    "1fu致这段 ‹({11})/› CZ3457 到淘宝看{title}",
    "8.92 复制打开抖音，看看【{title}】 ‹https://v.douyin.com/{11}/› 07/06 G@v.fB :5pm",
    "90 {title} 😆 ‹{15}› 😆 ‹http://xhslink.com/a/{12}›，"
    "复制本条信息，打开【小红书】App查看精彩内容！",
    "【京东】‹https://3.cn/{8}?jkl=@{12}@› CA1565 「{title}」\n点击链接直接打开",
    "‹！{14}！› MF8335 复制整段话打开京东，{title}特价",
    "{title} ‹https://v.kuaishou.com/{6}› 复制此消息，打开【快手】直接观看！",
    "链接：‹https://pan.baidu.com/s/1{22}› 提取码：{4} 复制这段内容后打开百度网盘手机App",
    "【{title}-哔哩哔哩】 ‹https://b23.tv/{7}›",
    "【得物】发现一件好物，{title} CZ1111 ‹å{8}å› ‹https://dw4.co/t/A/{9}› 点击链接直接打开",
    "‹#小程序://好物小店/{15}›",
    "{title} ‹B:/{12}› 复制此消息，打开支付宝搜索，一起来领",
)
"""Shapes of share messages: `{11}` is 11 characters to draw, and labels stand in `‹›`."""

ordinary = (
    "房间很干净，￥258一晚，含双早，下次还来。",
    "您的快递 SF{9} 已到小区门口，取件码 8-2-3016。",
    "订单号 {16} 已发货，预计后天送到。",
    "【某银行】验证码 583920，五分钟内有效，请勿告诉他人。",
    "这款 iPhone15ProMax 用了半年，电池健康还有 97%。",
    "型号是 MX{6}，说明书在盒子里。",
    "用洗发水（Schwarzkopf）两个月了，味道不错。",
    "原价$129，现价$89，买二送一。",
    "今天天气真好，带孩子去公园放风筝。",
    "论文里写 $x^2 + y^2 = z^2$，不难证明。",
    "文档在 https://docs.python.org/zh-cn/3/library/re.html，自己看看。",
    "昨天去看了 Hallelujah 的演出，太震撼了！",
    "WiFi 密码是 guest{4}，连不上找前台。",
    "航班 CA1835 延误两小时，先吃点东西吧。",
    "DAY202 打卡，跑了五公里，配速 5:40。",
    "记得把会议纪要发到 xiaoli@example.com。",
)

_alphanumeric = string.ascii_letters + string.digits
_hole = re.compile(r"\{(title|\d+)\}")
_label = re.compile("‹(.+?)›")


def sample_material(seed: int = 1) -> Material:
    """Return made-up share messages and ordinary messages, the same for the same seed."""
    random = random_bytes(seed)
    messages = tuple(_message(random, shape) for shape in shapes for _ in range(messages_per_shape))
    negatives = tuple(_filled(random, text) for text in ordinary)
    return Material(messages, negatives, seed)


def _message(random: RandomBytes, shape: str) -> Labelled:
    text = _filled(random, shape)
    return Labelled(_label.sub(r"\1", text), tuple(_label.findall(text)))


def _filled(random: RandomBytes, shape: str) -> str:
    def drawn(hole: re.Match[str]) -> str:
        if hole[1] == "title":
            return pick(random, titles)
        return "".join(pick(random, _alphanumeric) for _ in range(int(hole[1])))

    return _hole.sub(drawn, shape)
