"""The parts of a card: just what was asked, from the record; what no source gives is said to be unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from domain import levels, papers
from domain.aspects import Asked, Aspect
from domain.cards import APART, PORTAL, checked_in_words, link_lines, plain, split
from domain.families import Wish, core_name, short
from domain.notes import for_residents
from domain.procedures import Procedure

_HEAD_MAX = 80
NOT_KNOWN = "Tôi chưa có thông tin chính thức về phần này. Xin bạn xem trang chính thức hoặc hỏi cán bộ."
_ASK_IF_UNSURE = "Nếu chưa chắc, bạn nên hỏi cán bộ trước khi đi."
NOTHING_ELSE_KNOWN = "Ngoài ra tôi chưa có thông tin chính thức. Nếu chưa chắc, bạn nên hỏi cán bộ."
LABELS = {
    Aspect.PAPERS: "🗂 Giấy tờ cần có",
    Aspect.FEE: "💰 Phí, lệ phí",
    Aspect.TIME: "⏱ Thời hạn giải quyết",
    Aspect.WHERE: "📍 Nơi làm",
    Aspect.ONLINE: "💻 Nộp qua mạng",
    Aspect.STEPS: "👣 Các bước làm",
    Aspect.LEGAL: "📚 Căn cứ pháp lý",
    Aspect.VALIDITY: "📆 Giá trị sử dụng",
    Aspect.FORM: "📝 Mẫu đơn, tờ khai",
    Aspect.PAPER: "🗂 Giấy tờ bạn hỏi",
    Aspect.PROXY: "🤝 Nhờ người khác làm thay",
    Aspect.WHO: "👤 Ai làm được",
    Aspect.CHILD: "👶 Làm cho con, cho trẻ em",
    Aspect.NOTE: "ℹ️ Lưu ý",
    Aspect.CASES: "🔀 Trường hợp khác",
    Aspect.DELIVERY: "📮 Nhận kết quả, gửi về nhà",
}
AUDIENCES = {
    "citizen": "Dành cho công dân.",
    "business": "Dành cho doanh nghiệp, hộ kinh doanh.",
    "both": "Dành cho cá nhân và tổ chức, doanh nghiệp.",
    "organisation": "Dành cho cơ quan, tổ chức.",
    "foreigner": "Dành cho người nước ngoài.",
}
_FORM = re.compile(r"\b(?:mẫu|tờ khai|đơn|phiếu|bản khai|giấy khai(?! sinh))\b", re.IGNORECASE)
_PROXY = re.compile(
    r"ủy quyền|uỷ quyền|đại diện|làm thay|nộp thay|người được|giám hộ|trực tiếp đến", re.IGNORECASE
)
_CHILD = re.compile(r"trẻ|dưới \d+ tuổi|từ đủ \d+ tuổi|giám hộ|đại diện|cha, mẹ|khai sinh", re.IGNORECASE)
_BY_POST = re.compile(r"bưu chính|bưu điện|(?:nhận|trả) (?:kết quả|hộ chiếu|thẻ|giấy)", re.IGNORECASE)
_WHO = re.compile(
    r"tuổi|đối với|áp dụng|chỉ cho|thường trú|tạm trú|nơi cư trú|bất kỳ|nước ngoài", re.IGNORECASE
)
_VALID = re.compile(r"có giá trị|hiệu lực|hết hạn|thời hạn (?:sử dụng|của)", re.IGNORECASE)


def part(wish: Wish, asked: Asked) -> list[str]:
    """The answer to one question about a procedure, as messages Zalo can carry."""
    aspect = asked.aspect
    told = _PARTS[aspect](wish) if aspect is not Aspect.PAPER else _paper(wish, asked.paper)
    if asked.levels:
        told = [levels.answer(wish, asked.levels), *told]
    head = f"{LABELS[aspect]}\n({short(wish.title, _HEAD_MAX)})"
    if told:
        return split([head, *told])
    return split([head, NOT_KNOWN, link_lines(wish)])


def has_part(wish: Wish, aspect: Aspect) -> bool:
    """Does the record know anything of this part?"""
    return bool(_PARTS[aspect](wish))


def is_form(paper: str) -> bool:
    """Is this paper of a dossier a form to fill in?"""
    return bool(_FORM.search(paper))


def _papers(wish: Wish) -> list[str]:
    lists = [(wish.label(way), way.dossier) for way in wish.ways if way.dossier]
    return _by_way(lists)


def _steps(wish: Wish) -> list[str]:
    return _by_way([(wish.label(way), way.steps) for way in wish.ways if way.steps][:1])


def _by_way(lists: Sequence[tuple[str, Sequence[str] | None]]) -> list[str]:
    """Numbered lists; the ways that share a list share a heading."""
    labels: dict[tuple[str, ...], list[str]] = {}
    for label, lines in lists:
        labels.setdefault(tuple(lines or ()), []).append(label)
    if len(labels) == 1:
        return ["\n".join(_numbered(lines)) for lines in labels]
    return [f"{', '.join(ways)}:\n" + "\n".join(_numbered(lines)) for lines, ways in labels.items()]


def _value(of: Callable[[Procedure], str | None]) -> Callable[[Wish], list[str]]:
    def told(wish: Wish) -> list[str]:
        values = [(label, value) for label, value in wish.differing(of) if value]
        if len(values) == 1 and not values[0][0]:
            return ["\n".join(f"• {plain(one[:1].upper() + one[1:])}" for one in APART.split(values[0][1]))]
        return [f"• {label}: {plain(value)}" for label, value in values]

    return told


def _online(wish: Wish) -> list[str]:
    if wish.is_online is None:
        return []
    if wish.is_online:
        return [f"Nộp qua mạng được. Bạn đăng nhập bằng tài khoản VNeID, tại:\n{wish.link or PORTAL}"]
    return ["Cổng dịch vụ công chưa nhận thủ tục này qua mạng.", *_value(lambda way: way.where)(wish)]


def _legal(wish: Wish) -> list[str]:
    lead = wish.lead
    facts = [f"Tên đầy đủ: {lead.name}"]
    if lead.code:
        facts.append(f"Mã thủ tục: {lead.code}")
    if lead.legal_basis:
        facts.append("Căn cứ:\n" + "\n".join(f"• {one}" for one in lead.legal_basis))
    else:
        facts.append(f"Căn cứ: chưa có thông tin chính thức; xin xem:\n{wish.link or PORTAL}")
    if lead.decision:
        facts.append(f"Quyết định công bố: {lead.decision}")
    return [*facts, checked_in_words(lead.checked)]


def _lines(pattern: re.Pattern[str], *, with_name: bool = False) -> Callable[[Wish], list[str]]:
    """What the record says, anywhere, in lines that match."""

    def told(wish: Wish) -> list[str]:
        found = dict.fromkeys(line for line in _spoken(wish, with_name) if pattern.search(line))
        return (
            ["Thủ tục có ghi:\n" + "\n".join(f"• {line}" for line in found), NOTHING_ELSE_KNOWN]
            if found
            else []
        )

    return told


def _spoken(wish: Wish, with_name: bool) -> Iterator[str]:
    lead = wish.lead
    if with_name:
        yield core_name(lead.name)
    yield from lead.dossier or ()
    yield from lead.steps or ()
    if with_name and lead.where:
        yield f"Nơi làm: {lead.where}"
    if note := for_residents(lead.note):
        yield note


def _form(wish: Wish) -> list[str]:
    lines = [line for line in wish.lead.dossier or () if is_form(line)]
    if not lines:
        return []
    where = f"Mẫu có trên trang thủ tục; đến nơi làm cũng có thể xin:\n{wish.link or PORTAL}"
    return ["\n".join(f"• {line}" for line in lines), where]


def _who(wish: Wish) -> list[str]:
    return [AUDIENCES.get(wish.lead.audience, ""), *_lines(_WHO, with_name=True)(wish)]


def _note(wish: Wish) -> list[str]:
    note = for_residents(wish.lead.note)
    return [note] if note else []


def _cases(wish: Wish) -> list[str]:
    return [_case(one) for one in wish.cases]


def _case(one: Procedure) -> str:
    facts = [f"• {core_name(one.name)}"]
    facts += [f"  {label}: {plain(value)}" for label, value in _known(one) if value]
    return "\n".join(facts)


def _known(one: Procedure) -> list[tuple[str, str | None]]:
    return [("Phí", one.fee), ("Thời hạn", one.time_limit), ("Nơi làm", one.where)]


def _paper(wish: Wish, paper: str) -> list[str]:
    """Is this paper asked for? Looked up in the lines of the dossier; a photo in the steps too."""
    lines = list(dict.fromkeys(line for way in wish.ways for line in way.dossier or ()))
    if papers.is_photo(paper):
        found = papers.photos([*lines, *(wish.lead.steps or ())])
    else:
        found = papers.look_up(paper, lines)
    if found.named:
        return ["Có nhắc tới:\n" + "\n".join(f"• {line}" for line in dict.fromkeys(found.named))]
    if found.wider:
        listed = "\n".join(f"• {line}" for line in found.wider)
        return [f"Danh sách không ghi riêng giấy bạn hỏi, nhưng có mục này:\n{listed}", _ASK_IF_UNSURE]
    if lines:
        return [
            "Danh sách giấy tờ của thủ tục này không nhắc tới điều bạn hỏi. Danh sách gồm:\n"
            + "\n".join(_numbered(lines)),
            _ASK_IF_UNSURE,
        ]
    return []


def _numbered(lines: Iterable[str]) -> list[str]:
    return [f"{number}. {line}" for number, line in enumerate(lines, 1)]


_PARTS: dict[Aspect, Callable[[Wish], list[str]]] = {
    Aspect.PAPERS: _papers,
    Aspect.FEE: _value(lambda way: way.fee),
    Aspect.TIME: _value(lambda way: way.time_limit),
    Aspect.WHERE: _value(lambda way: way.where),
    Aspect.ONLINE: _online,
    Aspect.STEPS: _steps,
    Aspect.LEGAL: _legal,
    Aspect.VALIDITY: _lines(_VALID),
    Aspect.FORM: _form,
    Aspect.PROXY: _lines(_PROXY),
    Aspect.WHO: _who,
    Aspect.CHILD: _lines(_CHILD, with_name=True),
    Aspect.NOTE: _note,
    Aspect.CASES: _cases,
    Aspect.DELIVERY: _lines(_BY_POST),
}
