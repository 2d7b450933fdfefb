"""Files as people keep them: every format, encoding and separator that Excel writes in China."""

import codecs
import io
import json
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from pyarrow import parquet

from kouling.cli.rows import Format, Manner, Row, read_rows
from kouling.errors import InvalidInput

texts = ["长按复制￥t7Xk2bQm9Ra￥，打开淘宝", "今天“天气”真好", "两行\n的话"]
table = '编号,内容\n1,"长按复制￥t7Xk2bQm9Ra￥，打开淘宝"\n2,今天“天气”真好\n3,"两行\n的话"\n'


def rows(data: bytes, name: str = "posts.csv", **manner: object) -> list[Row]:
    return list(read_rows(io.BytesIO(data), name, Manner(**manner)))  # type: ignore[arg-type]  # as given


def read(data: bytes, name: str = "posts.csv", **manner: object) -> list[str]:
    found = rows(data, name, **manner)
    assert [row.problem for row in found] == [None] * len(found)
    return [row.fields["text"] for row in found]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("gb18030", b""),
        ("gbk", b""),
        ("utf-16", b""),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32", b""),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_is_read_as_excel_wrote_it(
    encoding: str, mark: bytes, separator: str, end: str
) -> None:
    written = table.replace("编号,", f"编号{separator}")
    for number in "123":
        written = written.replace(f"\n{number},", f"\n{number}{separator}")
    data = mark + written.replace("\n", end).encode(encoding, "replace")

    assert [text.replace("\r", "") for text in read(data)] == texts


def test_big5_is_told_and_any_encoding_can_be_named() -> None:
    said: list[str] = []
    data = "編號,內容\n1,長按複製這段描述，打開淘寶領取優惠\n2,今天天氣真好\n".encode("big5")

    for named in ("big5", ""):
        assert read(data, encoding=named, note=said.append)[1] == "今天天氣真好"
    assert said[1] == "posts.csv is read as BIG5"
    with pytest.raises(InvalidInput, match="'klingon' is unknown"):
        rows(data, encoding="klingon")
    with pytest.raises(InvalidInput, match="rot13"):
        rows(data, encoding="rot13")


def test_what_is_guessed_is_said() -> None:
    said: list[str] = []

    read(table.encode("gbk"), note=said.append)

    assert said[0] == "posts.csv is read as GB18030"
    assert said[1].endswith("column '内容'")


def excel(*sheets: list[list[object]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for place, lines in enumerate(sheets):
        sheet = book.active if place == 0 else book.create_sheet()
        assert sheet is not None
        for line in lines:
            sheet.append(line)
    book.save(out)
    return out.getvalue()


def test_a_sheet_of_excel_is_read() -> None:
    said: list[str] = []
    data = excel([[], ["编号", "内容", "日期"], [1.0, texts[0], date(2026, 1, 2)]], [["other"]])

    (row,) = rows(data, "posts.xlsx", note=said.append)

    assert row.fields["text"] == texts[0]
    assert row.columns == {"编号": "1", "内容": texts[0], "日期": "2026-01-02T00:00:00"}
    assert "only the first sheet is read" in said[0]


def test_parquet_is_read() -> None:
    out = io.BytesIO()
    parquet.write_table(pa.table({"content": [*texts, None], "n": [1, 2, 3, 4]}), out)

    assert read(out.getvalue(), "posts") == [*texts, ""]


@pytest.mark.parametrize("name", ["posts.json", "posts.jsonl", "posts.txt", "-"])
def test_a_json_array_is_no_lines_of_text(name: str) -> None:
    data = json.dumps([{"text": one, "likes": 3} for one in texts], indent=1, ensure_ascii=False)

    found = rows(data.encode(), name)

    assert [row.fields["text"] for row in found] == texts
    assert [row.line for row in found] == [1, 2, 3]
    assert read(json.dumps(texts).encode(), name) == texts


@pytest.mark.parametrize("name", ["chat.txt", "-", "chat.log"])
def test_lines_that_begin_with_brackets_are_texts(name: str) -> None:
    assert read("[微笑] 你好\n[1] 二\n".encode(), name) == ["[微笑] 你好", "[1] 二"]


@pytest.mark.parametrize("name", ["posts.txt", "posts", "-", "posts.tsv", "posts.csv"])
def test_a_header_is_no_message(name: str) -> None:
    assert read("id\ttext\n1\t好\n".encode(), name) == ["好"]
    assert read("id,text\n1,好\n".encode(), name) == ["好"]


def test_an_ending_that_lies_is_overruled_by_the_content() -> None:
    assert read(b'{"text": "a"}\n', "posts.csv") == ["a"]
    assert read(table.encode(), "posts.xlsx") == texts
    assert read(excel([["text"], ["a"]]), "posts.csv") == ["a"]


refused: dict[str, tuple[bytes, str]] = {
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel"),
    "pdf": (b"%PDF-1.7\n", "PDF"),
    "gzip": (b"\x1f\x8b\x08\x00", "gzip"),
    "sqlite": (b"SQLite format 3\0" + bytes(80), "SQLite"),
    "word": (b"", "Word"),
    "cut": (excel([["text"], ["a"]])[:200], "damaged"),
    "page": (b"<html><table><tr><td>text</table>", "HTML"),
    "zeros": (bytes(500), "no text"),
    "noise": (bytes(range(128, 256)) * 9, "encoding can't be told"),
    "parquet": (b"PAR1" + bytes(40), "no whole Parquet"),
    "json": (b"[{,]", "not JSON"),
}


@pytest.mark.parametrize("kind", refused)
def test_what_is_not_known_is_refused_with_what_is(kind: str) -> None:
    data, message = refused[kind]
    if kind == "word":
        out = io.BytesIO()
        import zipfile

        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("word/document.xml", "<w/>")
        data = out.getvalue()

    with pytest.raises(InvalidInput, match=message) as error:
        rows(data, "posts.json" if kind == "json" else "posts")

    assert error.value.hint


def test_columns_are_listed_where_none_is_known_to_hold_texts() -> None:
    data = "编号,标题,备注\n1,a,b\n".encode()

    with pytest.raises(InvalidInput, match="its columns are: 编号, 标题, 备注"):
        rows(data)
    with pytest.raises(InvalidInput, match="no column '内文'"):
        rows(data, text_column="内文")
    (row,) = rows(data, text_column="备注")
    assert (row.fields["text"], row.columns) == ("b", {"编号": "1", "标题": "a", "备注": "b"})


def test_a_bad_row_is_named_and_its_neighbours_are_read() -> None:
    data = b"id,text\n1,a,b\n2,\xff\xfe\n3," + "好好好".encode() + b"\n4," + "好".encode() + b"\n"

    found = rows(data)

    assert [(row.line, row.problem is None) for row in found] == [
        (2, False),
        (3, False),
        (4, True),
        (5, True),
    ]


def test_names_of_columns_that_repeat_or_lack_lose_no_cell() -> None:
    (row,) = rows(b"text,n,n,\na,1,2,3\n")

    assert row.columns == {"text": "a", "n": "1", "n (3)": "2", "column 4": "3"}


class Stream(io.RawIOBase):
    """What comes over a pipe: bit by bit, and once."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts = parts

    def readable(self) -> bool:
        return True

    def read1(self, size: int) -> bytes:
        return self.parts.pop(0)[:size] if self.parts else b""

    def read(self, size: int = -1) -> bytes:
        data = b"".join(self.parts)
        self.parts = []
        return data


def test_a_stream_is_answered_as_it_comes() -> None:
    stream = Stream([b'{"text": "a"}\n', b'{"text": "b"}\n'])

    found = read_rows(stream, "-")  # type: ignore[arg-type]  # it is read as one

    assert next(found).fields["text"] == "a"
    assert len(stream.parts) == 1
    assert next(found).fields["text"] == "b"


def test_a_sheet_that_comes_over_a_pipe_is_read() -> None:
    data = excel([["text"], ["a"]])
    stream = Stream([data[:100], data[100:]])

    assert [row.fields["text"] for row in read_rows(stream, "-")] == ["a"]  # type: ignore[arg-type]


@given(st.binary(max_size=300), st.sampled_from(list(Format)))
def test_no_bytes_make_reading_fail(data: bytes, form: Format) -> None:
    try:
        found = rows(data, "in", form=form)
    except InvalidInput as error:
        assert error.hint  # noqa: PT017 - a file may be none at all
        return
    for row in found:
        assert row.problem is not None or isinstance(row.fields["text"], str)
