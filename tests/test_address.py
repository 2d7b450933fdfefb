"""One normal form of hosts and pages, as browsers read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.address import host_name, ip_in, is_registry, read_address
from kouling.errors import InvalidInput


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("shop.example", "shop.example"),
        ("SHOP.Example", "shop.example"),
        ("shop.example.", "shop.example"),
        ("%73hop.example", "shop.example"),
        ("ｓｈｏｐ．ｅｘａｍｐｌｅ", "shop.example"),
        ("shop。example", "shop.example"),
        ("公司.example", "xn--55qx5d.example"),
        ("XN--55QX5D.example", "xn--55qx5d.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("localhost", "localhost"),
        ("10.1.2.3", "10.1.2.3"),
        ("0xa.66051", "10.1.2.3"),
        ("0012.1.2.3", "10.1.2.3"),
        ("167838211", "10.1.2.3"),
        ("[::ffff:10.1.2.3]", "10.1.2.3"),
        ("[2001:DB8:0:0::1]", "[2001:db8::1]"),
    ],
)
def test_a_host_has_one_normal_form(written: str, host: str) -> None:
    assert host_name(written) == host
    assert host_name(host) == host


@pytest.mark.parametrize(
    "written",
    [
        *("", " ", ".", "..", "a..b", "a.cn..", "*.a.cn", "a b.cn", "a\tb.cn", "a.cn\n", "\0.cn"),
        *("https://a.cn", "a.cn/", "a.cn/x", "a.cn:443", "a.cn:", "u@a.cn", "a.cn?x", "a.cn#x"),
        *("\ud800.cn", "xn--a.cn", "256.1.1.1", "1.2.3.4.5", "a.0x1", "::1", "[::1]:80", "[::1"),
        *("[fe80::1%25eth0]", "[fe80::1%eth0]", "x" * 64 + ".cn", ".".join(["x" * 60] * 5), "a\\b"),
    ],
)
def test_what_is_no_host_is_refused_with_a_hint(written: str) -> None:
    with pytest.raises(InvalidInput, match="is not a host") as refused:
        host_name(written)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("written", "page"),
    [
        ("https://shop.example", "https://shop.example/"),
        ("http://Shop.example:80/x", "https://shop.example/x"),
        ("HTTPS://u:p@shop.example.:443/a/../%78?#top", "https://shop.example/x"),
        ("https:\\\\shop.example\\x", None),
        ("https://shop.example\\x", "https://shop.example/x"),
        ("https://shop.example:8443/x", "https://shop.example:8443/x"),
        ("https://shop.example/%7e%2f你|", "https://shop.example/~%2F%E4%BD%A0%7C"),
        ("https://shop.example/x?%61=1&b=%26", "https://shop.example/x?a=1&b=%26"),
        ("https://shop.example/%zz%", "https://shop.example/%zz%"),
        ("ftp://shop.example/", None),
        ("https:shop.example", None),
        ("shop.example/x", None),
        ("https://[broken/", None),
        ("https://a..b/", None),
        ("https://shop.example/\0", None),
        ("https://shop.example/\ud800", None),
        ("https://ev\til.example/", None),
    ],
)
def test_a_page_has_one_normal_form(written: str, page: str | None) -> None:
    address = read_address(written)

    assert (address.page if address else None) == page


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_normal_form_is_its_own(host: str, path: str) -> None:
    address = read_address(f"https://{host}/{path}")
    if address is not None:
        again = read_address(address.page)
        assert again is not None
        assert (again.page, again.host) == (address.page, address.host)


def test_a_name_is_no_internet_address() -> None:
    assert ip_in("shop7.example7") is None
    assert ip_in("shop.example") is None
    assert str(ip_in("10.1.2.3")) == "10.1.2.3"
    assert str(ip_in("[::1]")) == "::1"


def test_registries_are_told_from_what_is_registered() -> None:
    assert all(map(is_registry, ("cn", "com.cn", "co.uk", "xn--55qx5d.cn", "example")))
    assert not any(map(is_registry, ("tb.cn", "evil.example", "github.io")))
