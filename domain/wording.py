"""Words of the trade: different words for one thing, words that turn a procedure round, words of other offices.

Everything here is folded (domain/vietnamese.py) and for matching only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from domain.vietnamese import fold, nfc

ONE_THING: Mapping[str, tuple[str, ...]] = {
    "hochieu": ("ho chieu pho thong", "ho chieu", "passport", "pasport", "passpost", "so thong hanh"),
    "thithuc": ("thi thuc", "visa", "vi sa"),
    "banglai": (
        "giay phep lai xe",
        "bang lai xe",
        "bang lai",
        "giay phep lai",
        "bang xe may",
        "bang o to",
        "bang oto",
    ),
    "cancuoc": (
        "the can cuoc cong dan gan chip dien tu",
        "can cuoc cong dan gan chip dien tu",
        "the can cuoc cong dan gan chip",
        "can cuoc cong dan gan chip",
        "the can cuoc cong dan",
        "can cuoc cong dan",
        "the can cuoc gan chip",
        "can cuoc gan chip",
        "the can cuoc",
        "the cong dan",
        "chung minh thu nhan dan",
        "chung minh nhan dan",
        "chung minh thu",
        "can cuoc",
    ),
    "sochungminh": (
        "so chung minh nhan dan 09 so",
        "so chung minh nhan dan",
        "chung minh nhan dan 9 so",
        "so chung minh thu",
        "chung minh nhan dan cu",
    ),
    "noio": (
        "noi dang ky thuong tru",
        "noi thuong tru",
        "noi tam tru",
        "noi dang ky tam tru",
        "noi o hien tai",
        "dia chi thuong tru",
        "ho khau o",
        "ho khau tinh",
    ),
    "doivoi": ("doi voi", "doi tuong"),
    "laman": ("lam an", "lam viec"),
    "thoigian": ("mat bao lau", "bao lau", "may ngay", "trong bao lau"),
    "thamduyet": ("tham duyet thiet ke", "tham dinh thiet ke", "tham duyet", "tham dinh"),
    "dieuchinhthietke": ("truong hop dieu chinh thiet ke", "dieu chinh thiet ke"),
    "cancuocdientu": ("can cuoc dien tu", "the can cuoc dien tu", "can cuoc cong dan dien tu"),
    "thuongtru": ("ho khau thuong tru", "thuong tru", "ho khau", "nhap khau"),
    "sohokhau": ("so ho khau giay", "so ho khau", "so ho khau giay"),
    "tachho": ("tach ho khau", "tach so ho khau", "tach khau", "tach ho"),
    "xoathuongtru": (
        "cat ho khau",
        "cat khau",
        "xoa khau",
        "xoa ho khau",
        "xoa dang ky thuong tru",
        "xoa thuong tru",
    ),
    "xoatamtru": ("xoa dang ky tam tru", "xoa tam tru", "huy tam tru", "huy dang ky tam tru", "cat tam tru"),
    "tamtru": ("so tam tru", "tam tru"),
    "thetamtru": ("the tam tru",),
    "tamvang": ("tam vang",),
    "luutru": ("luu tru",),
    "dinhdanhmuc1": (
        "dinh danh dien tu muc do 01",
        "dinh danh dien tu muc do 1",
        "dinh danh muc 1",
        "vneid muc 1",
    ),
    "dinhdanhmuc2": (
        "dinh danh dien tu muc do 02",
        "dinh danh dien tu muc do 2",
        "dinh danh dien tu muc 2",
        "dinh danh muc do 2",
        "dinh danh muc 2",
        "vneid muc 2",
        "vneid muc do 2",
    ),
    "dinhdanh": ("dinh danh dien tu", "vneid", "vn eid", "dinh danh ca nhan dien tu"),
    "dangkyxe": (
        "giay chung nhan dang ky xe",
        "chung nhan dang ky xe",
        "giay dang ky xe",
        "dang ky xe",
        "giay to xe",
        "giay to xe may",
        "ca vet xe",
        "ca vet",
        "cavet xe",
        "cavet",
        "ca ve xe",
    ),
    "bienso": ("bien so xe", "bien so", "bien xe"),
    "xemay": ("xe mo to", "mo to", "xe gan may", "xe may"),
    "oto": ("xe o to", "o to", "xe hoi"),
    "sangten": ("dang ky sang ten", "sang ten doi chu", "sang ten", "chuyen quyen so huu xe", "doi chu xe"),
    "lylich": (
        "phieu ly lich tu phap",
        "ly lich tu phap",
        "xac nhan tien an",
        "khong tien an tien su",
        "tien an tien su",
    ),
    "nguoinuocngoai": (
        "nguoi nuoc ngoai",
        "khach nuoc ngoai",
        "khach tay",
        "nguoi tay",
        "cho tay",
        "ong tay",
        "nuoc ngoai",
        "nguoi trung quoc",
        "nguoi han quoc",
        "nguoi nhat",
        "nguoi my",
        "chuyen gia nuoc ngoai",
    ),
    "anninhtrattu": ("an ninh trat tu",),
    "phongchay": ("phong chay chua chay", "phong chay va chua chay", "phong chay"),
    "condau": ("con dau", "mau dau", "dau tron", "khac dau"),
    "caplai": ("cap lai", "lam lai", "xin lai"),
    "hethan": ("qua han", "het han", "sap het han", "het hieu luc", "het thoi han"),
    "treem": (
        "tre em",
        "tre nho",
        "em be",
        "con nho",
        "tre so sinh",
        "con moi sinh",
        "be moi sinh",
        "tre moi sinh",
    ),
    "thuetro": (
        "thue tro",
        "o tro",
        "nha tro",
        "phong tro",
        "nha thue",
        "thue nha",
        "thue phong",
        "ky tuc xa",
    ),
    "tructuyen": ("truc tuyen", "online", "qua mang", "tren mang", "onl"),
    "lephi": (
        "le phi",
        "bao nhieu tien",
        "mat phi",
        "mat tien",
        "mat bao nhieu",
        "het bao nhieu",
        "muc phi",
        "chi phi",
    ),
    "nguyenphat": ("phat nguoi", "vi pham giao thong"),
    "suasai": (
        "dinh chinh",
        "sai thong tin",
        "sua thong tin",
        "thay doi thong tin",
        "dieu chinh thong tin",
        "cai chinh",
    ),
    "vietkieu": ("viet kieu", "nguoi viet nam dinh cu o nuoc ngoai"),
    "congcuhotro": ("cong cu ho tro", "dui cui dien", "dui cui", "roi dien", "sung ban dan cao su"),
}
"""One word of our own → what people and papers call it."""

TURNS: tuple[tuple[str, ...], ...] = (
    ("xoathuongtru", "xoatamtru", "xoa", "huy"),
    ("tamtru", "xoatamtru"),
    ("thuongtru", "xoathuongtru"),
    ("tamvang",),
    ("luutru",),
    ("thetamtru",),
    ("caplai", "mat", "roi", "that lac"),
    ("gia han", "hethan"),
    ("doi", "cap doi", "hethan"),
    ("thu hoi",),
    ("tachho",),
    ("khoi phuc", "tim lai duoc", "tim thay"),
    ("trinh bao",),
    ("khoa",),
    ("mo khoa", "kich hoat lai"),
    ("sangten",),
    ("xac nhan",),
    ("nguoinuocngoai",),
    ("tam thoi",),
    ("quoc te",),
    ("duoi14", "treem"),
    ("dieuchinhthietke",),
    ("chua duoc chap thuan",),
    ("to chuc", "doanh nghiep", "cong ty"),
    ("quan su", "quan doi", "bo doi"),
)
"""Groups of words that turn a procedure round: a record that lacks what the question says, loses."""

THINGS = frozenset(
    [
        "hochieu",
        "thithuc",
        "banglai",
        "cancuoc",
        "cancuocdientu",
        "dinhdanhmuc1",
        "dinhdanhmuc2",
        "dinhdanh",
        "dangkyxe",
        "bienso",
        "lylich",
        "condau",
        "phongchay",
        "thetamtru",
        "congcuhotro",
        "tachho",
    ]
)
"""What a question may be about: a record that speaks of none of the things named in it, loses."""

OTHER_OFFICES = re.compile(
    r"\b(?:khai sinh|ket hon|ly hon|doc than|khai tu|so do|so hong|quyen su dung dat|dat dai|bao hiem|bhxh|bhyt|bhtn|"
    r"luong huu|thai san|that nghiep|thue thu nhap|ma so thue|hoa don|ho kinh doanh|thanh lap (?:cong ty|doanh nghiep)|"
    r"giay phep kinh doanh|xay dung|bao luc hoc duong|hoc phi|hoc bong|tot nghiep|dai hoc|tuyen sinh lop|thi vao|diem thi|"
    r"ngan hang|the tin dung|tin dung|lai suat|vay von|vay tien|atm|chuyen khoan|mat khau|so dien thoai|sim|thue bao|"
    r"internet|wifi|mang 4g|data|tien dien|tien nuoc|dien luc|benh vien|kham benh|vien phi|tiem chung|vacxin|"
    r"hop dong lao dong|nghi phep|nghi viec|tien luong|dang kiem|nghia vu quan su|bo doi|the dang vien|ket nap dang|"
    r"di chuc|thua ke|nhan con nuoi|cong chung|chung thuc|ve may bay|don hang|giao hang|shop|san pham|khuyen mai)\b"
)
"""Matters of other offices: a procedure of the police that does not speak of them is no answer to them."""

COMMON = frozenset(
    fold(
        nfc(
            "tôi em anh chị ạ ơi ad admin cho hỏi xin nhé vậy thế thì là mà và hay với của mình cháu bác cô chú bạn "
            "muốn cần gì như nào sao bao nhiêu lâu ở đâu khi được không con này đó đây rồi chưa nữa cũng làm phải "
            "giúp biết vâng dạ đã thủ tục giấy tờ hồ sơ những các một người bị về để từ ra vào đến tại nếu theo "
            "chào cảm ơn nay mai hôm trước sau giờ tối sáng năm tháng ngày có thể nên đang sẽ đi lại việc trường hợp "
            "nhà quy định hướng dẫn cách thực hiện bằng trên dưới nhưng vì do qua còn mới trong ngoài cùng chỉ nhiều "
            "số tiền cấp doivoi laman thoigian noio gì "
            "bắc giang ninh việt nam tỉnh "
            "chuẩn bị bao gồm thành phố hồ chí minh hà nội ai luật sư hiện nhất bắt buộc yêu cầu mang lấy hết cả rất "
            "thời gian hạn đúng đủ phép áp dụng liên quan chị vợ chồng bố mẹ quê bạn ấy nó họ hai ba tuần"
        )
    ).split()
)
"""Words of every question: they count for little."""

ADULT = 14
"""From this age on a person has papers of their own."""
_AGE = re.compile(r" ?\b(duoi )?(?:tu )?(?:du )?(\d{1,3}) tuoi(?: tro len)?\b ?")
_CANON = {variant: one for one, variants in ONE_THING.items() for variant in variants}
OF_THINGS = frozenset(word for variant in _CANON for word in variant.split())
"""Words that name things: known even with a slip in the accents."""
_VARIANTS = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, _CANON), key=len, reverse=True)) + r")\b")


_GROUPS_OF = {
    one: frozenset(number for number, group in enumerate(TURNS) if one in group)
    for group in TURNS
    for one in group
}
_TURN_PHRASES = [one for one in _GROUPS_OF if " " in one]


def one_word(folded: str) -> str:
    """The folded text with each thing called by one word of our own."""
    return _VARIANTS.sub(lambda found: _CANON[found[0]], _AGE.sub(_age, folded))


def _age(found: re.Match[str]) -> str:
    below, number = found[1], int(found[2])
    return " duoi14 " if number < ADULT or (below and number == ADULT) else " tren14 "


def turns_of(words: str) -> frozenset[int]:
    """Which groups of TURNS the text speaks of."""
    padded = f" {words} "
    groups = [_GROUPS_OF[word] for word in words.split() if word in _GROUPS_OF]
    groups += [_GROUPS_OF[phrase] for phrase in _TURN_PHRASES if f" {phrase} " in padded]
    return frozenset().union(*groups)


def speaks_of_others(folded: str) -> frozenset[str]:
    """The matters of other offices that a folded text speaks of."""
    return frozenset(OTHER_OFFICES.findall(folded))
