import pytest

from kouling.gate.detectors import Detectors
from kouling.gate.records import Party

detectors = Detectors.load()


def foreign_in(text: str) -> list[str]:
    [found] = detectors.inspect([text])
    return [one.text for one in found if one.party is Party.foreign and one.kind != "link"]


@pytest.mark.parametrize(
    "text",
    [
        'strftime("dd/MM/yyyy HH:mm:ss")，复制到代码里打开看看',
        "DD MMM YYYY HH mm 格式，打开设置",
        "hw ether 0a:1B:2c:3D:4E:5f，打开路由器后台",
        "MAC 9C-D2-1e-AA-40-0F 复制到白名单",
        "2001:0DB8:85a3:0000:0000:8a2E:0370:7334",
        "（CMYK、RGB、Lab、HSB）一键复制",
        "(AAC、FLAC、OGG、WAV) 打开播放器",
        "GPU and VR Sports Arena，Keep",
        "搜索 SONY Alpha 7 与 NIKON Zed 6 的对比",
        "* [PDF from HTML](https://docs.example.org/)：打开",
        "HUAWEI Mate 60 Pro 和 HONOR Magic 5 Pro，打开京东看看",
        "git clone svn://code.example.net/team/tool.zip",
        "mount -t cifs smb://files.example.net/share/disk.iso",
        "https://baike.example.net/item/linux%E5%86%85%E6%A0%B8/77",
        "https://baike.example.net/item/Nginx%E6%9C%8D%E5%8A%A1%E5%99%A8/12",
    ],
)
def test_words_and_numbers_that_follow_each_other_are_no_code(text: str) -> None:
    assert foreign_in(text) == []


@pytest.mark.parametrize("separator", [" ", "-", "/", ".", "·", "🔥", "的", "|"])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_code_torn_into_pieces_is_found(separator: str, size: int) -> None:
    code = "r7Kq9ZtLm3X"
    pieces = [code[at : at + size] for at in range(0, len(code), size)]
    assert len(foreign_in(f"￥{separator.join(pieces)}￥ 打开淘宝")) == 1


def test_a_scheme_is_no_prefix_of_a_code_but_an_apps_letters_are() -> None:
    assert foreign_in("见 irc://k7Qm2XvT9aB 频道") == []
    assert foreign_in("复制 Xk:/ k7Qm2XvT9aB 打开抖音") != []
