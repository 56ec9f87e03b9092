"""Which part of a card a message asks for: “thế lệ phí bao nhiêu?”, “nop o dau”, “cần ảnh không”.

Words that only point (“thế”, “ạ”, “cái này”) are set aside; what is left over after them and after the asking words
may name another procedure, and the caller looks into that before it answers from the card at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from domain.levels import Level, levels_asked, without_levels
from domain.vietnamese import fold, nfc, strip_marks

MESSAGE_MAX = 300
"""Characters of a message that are read: who asks on says it in a line."""


class Aspect(StrEnum):
    """A part of a card; the value travels in buttons and must stay."""

    PAPERS = "papers"
    FEE = "fee"
    TIME = "time"
    WHERE = "where"
    ONLINE = "online"
    STEPS = "steps"
    LEGAL = "legal"
    VALIDITY = "validity"
    FORM = "form"
    PAPER = "paper"  # cần giấy này, ảnh này không
    PROXY = "proxy"
    WHO = "who"
    CHILD = "child"
    NOTE = "note"
    CASES = "cases"
    DELIVERY = "delivery"  # gửi kết quả về nhà


@dataclass(frozen=True)
class Asked:
    """What a message asks for.

    paper   the paper it asks about, as typed without accents (only for Aspect.PAPER)
    rest    folded words that are neither asking words nor pointing words: they may name another thing
    levels  whom it names to do it: “công an tỉnh”, “xã hay tỉnh”; Aspect.WHERE is asked then, first or beside
    more    further parts asked in the same breath: “cần giấy gì, mất mấy ngày”
    """

    aspect: Aspect
    paper: str = ""
    rest: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    more: tuple[Aspect, ...] = ()

    @property
    def apart(self) -> tuple[Asked, ...]:
        """One of each part, in the order they are told."""
        here = self.levels if self.aspect is Aspect.WHERE else ()
        others = (Asked(one, levels=self.levels if one is Aspect.WHERE else ()) for one in self.more)
        return (replace(self, more=(), levels=here), *others)

    @property
    def kept(self) -> str:
        """As a button carries it and a conversation remembers it: `aspect` or `aspect/detail`."""
        detail = self.paper or ("+".join(self.levels) if self.aspect is Aspect.WHERE else "")
        return f"{self.aspect.value}/{detail}".rstrip("/")

    @classmethod
    def of(cls, kept: str) -> Self | None:
        """Read what `kept` wrote; None when there is no such part (any more)."""
        name, _, detail = kept.partition("/")
        if name not in set(Aspect):
            return None
        aspect = Aspect(name)
        if aspect is Aspect.WHERE:
            return cls(aspect, levels=tuple(Level(one) for one in detail.split("+") if one in set(Level)))
        return cls(aspect, detail)


_CHILD = r"(?:con|chau|be|em) (?:toi|minh|nha|nho|gai|trai|em|chau)|tre em|tre nho|em be|tre con|be so sinh"
_RELATIVE = r"(?:vo|chong|bo|me|ong|ba|cha|anh|chi|em|ban)(?: (?:toi|minh|em|chau|nha|noi|ngoai))*"
_DO = r"(?:lam|nop|cap|doi|dang ky|giai quyet|nhan|xin|khai|thuc hien)"
_CITY = (
    r"(?:(?:o|tai|ra|ve|tren|duoi|trong) )?(?:ha noi|sai gon|(?:thanh pho )?ho chi minh|da nang|hai phong|hai duong|hung yen|lang son|thai nguyen|"
    r"quang ninh|bac ninh|bac giang|noi khac|cho khac)"
)
"""Other places people from here go to: asked with them, the place is meant and no procedure."""
_PAPER_BEGINS = (
    r"(?:giay(?! to)|so (?:do|hong|ho khau|tam tru|nha|dat)|bia do|hop dong|ban sao|hoa don|khai sinh|can cuoc|chung minh|"
    r"ho chieu|passport|ca vet|bang (?:cu|lai))"
)
"""How the name of a paper begins where the words around it do not say that it is one."""
_RULES: tuple[tuple[Aspect, str], ...] = (
    (
        Aspect.DELIVERY,
        r"(?:ship|gui|chuyen|tra|nhan|phat)(?: (?:the|bang|giay|ho chieu|can cuoc|ket qua|bien|no))*(?: (?:ve|tan|den|toi|qua))+ (?:tan )?(?:nha|buu dien|buu chinh)|"
        r"(?:gui|ship|tra|nhan|qua|bang|theo) (?:duong )?(?:buu dien|buu chinh)|\bship\b(?: \w+){0,2}? (?:khong|duoc)",
    ),
    (
        Aspect.WHERE,
        r"(?:nop|gui) (?:don|ho so|giay to|to khai)(?: \w+){0,2} (?:o|cho|tai|den) (?:dau|ai|cho nao|noi nao)|"
        r"(?:den|toi) (?:tan )?nha(?! nghi| hang)|luu dong|khong (?:di|den) (?:lai )?duoc|nam liet|liet giuong",
    ),
    (
        Aspect.VALIDITY,
        r"(?:co |con )?(?:gia tri|hieu luc|han su dung|han dung|thoi han su dung)(?: su dung)?(?: trong| duoc| la| den)*"
        r"(?: bao lau| may nam| khi nao| bao gio| bao nhieu nam| may thang)?|"
        r"(?:dung|xai|su dung) (?:duoc )?(?:trong )?(?:bao lau|may nam|may thang)|"
        r"(?:bao lau|may nam|khi nao|bao gio) (?:thi |la )?(?:no )?(?:het han|phai (?:doi|lam lai|gia han))",
    ),
    (
        Aspect.FORM,
        r"(?:mau|bieu mau|to khai|mau don|don|phieu)(?: \w+){0,3} (?:o dau|cho nao|nhu the nao|the nao)|"
        r"(?:xin|tai|lay|download|mua|dien|ghi|viet|dung|co) (?:cai )?(?:mau|bieu mau|to khai|don)\b(?: nao| gi)?|"
        r"mau (?:don|to khai|nao|gi|so may)|to khai (?:nao|gi)|bieu mau|don (?:gi|nao)\b",
    ),
    (
        Aspect.PROXY,
        r"(?:nho|cu|thue) (?:\w+ ){1,3}(?:lam|nop|lay|nhan|di) ?(?:ho(?! so| khau| chieu| tich)|thay|giup)?|"
        r"(?:lam|nop|lay|nhan|di|khai|dang ky) (?:ho(?! so| khau| chieu| tich| kinh)|thay|giup)(?: duoc)?|"
        r"uy quyen|(?:nguoi khac|nguoi nha|nguoi than) (?:di )?(?:lam|nop|lay|nhan)|"
        r"(?:co )?phai (?:tu|dich than|dich danh|truc tiep) (?:di|den|lam|toi)|(?:can|phai) (?:chinh chu|co mat|(?:\w+ ){0,3}di (?:cung|theo|kem))|"
        r"(?:dua|cho|dan) (?:con|be|chau|tre)(?: \w+)? (?:di|den|toi|theo)",
    ),
    (
        Aspect.ONLINE,
        r"(?:(?:lam|nop|dang ky|khai) )?(?:online|onl|truc tuyen|qua mang|tren mang|bang dien thoai|tai nha)|"
        r"(?:tren|qua|bang|vao) (?:app|ung dung|vneid|dich vu cong|cong|trang nao|web)|\blink\b|trang web|website|"
        r"(?:khong|khoi) (?:can |phai )+(?:len|den|ra|toi)(?: tan noi)?",
    ),
    (
        Aspect.TIME,
        r"(?:trong |mat |het |doi |cho |phai )*(?:bao lau|may ngay|bao nhieu ngay|may hom|may tuan|may thang)"
        r"(?: thi (?:co|xong|lay|nhan|duoc))*(?: (?:co|lay|nhan|ra) (?:duoc )?(?:bien so|bien|the|bang|ket qua|giay))?|(?:bao gio|bao h|khi nao|luc nao|chung nao|hom nao|ngay nao) "
        r"(?:thi |moi )*(?:co|xong|lay|nhan|duoc|tra)|thoi han(?: giai quyet)?|thoi gian(?: giai quyet| lam)?|"
        r"(?:co |lay |nhan |xong )+(?:ngay|lien|luon)(?: khong)?|trong ngay|(?:co )?(?:lau|nhanh|cham) khong|"
        r"hen (?:may|bao|ngay)|(?:lam )?gap duoc",
    ),
    (
        Aspect.FEE,
        r"(?:muc |thu |nop |dong |mat )*(?:le phi|\bphi\b|chi phi|tien nong)(?: la| het| mat)*(?: bao nhieu| the nao| may)?|"
        r"(?:het|mat|ton|dong|nop|tra|gia)(?: het| khoang| tam)* (?:bao nhieu|may)(?: tien| dong| xien| k)?|"
        r"bao nhieu (?:tien|dong|xien|xu)|bao tien|may tien|nhieu tien|"
        r"(?:co )?(?:mat|ton|phai dong|phai nop|phai tra|dong|thu) (?:tien|phi)|mien phi|gia (?:ca|the nao|sao)|"
        r"(?:la )?bao nhieu$",
    ),
    (
        Aspect.LEGAL,
        r"can cu(?! tru)(?: phap ly| vao dau| luat)?(?: nao)?|(?:luat|nghi dinh|thong tu|van ban|dieu) (?:nao|gi|so may)|"
        r"co so phap ly|(?:quy dinh|ghi) (?:o dau|tai dau|o luat)|theo (?:quy dinh|luat) nao|phap ly",
    ),
    (
        Aspect.WHERE,
        rf"(?:{_DO} )?(?:o|tai|den|ra|toi|len|cho|ve) (?:dau|cho nao|noi nao|co quan nao|phong nao)|"
        rf"cho nao|noi nao|dia chi|o dau|{_DO} (?:o|tai|cho) (?:xa|phuong|tinh|huyen|noi khac|tinh khac|cong an \w+)"
        r"(?: \w+){0,2} duoc khong|co quan nao|dia diem|"
        r"(?:co )?(?:phai|can) (?:ve|len|ra|den|toi) (?:que|tinh|noi (?:thuong tru|tam tru|cu|cap))(?: khong)?|"
        rf"{_CITY}(?: thi)?(?: co)? (?:lam|nop|doi|cap|dang ky|xin)(?: \w+){{0,2}}? (?:duoc )?khong|"
        r"(?:ve que|ngoai tinh|tinh khac|trai tuyen|noi khac)(?: \w+){0,2} "
        r"duoc khong",
    ),
    (
        Aspect.WHO,
        rf"{_RELATIVE} (?:thi sao|thi the nao|co duoc)|ai (?:duoc|phai|can|co the|moi|(?:lam|nop|di) duoc)|doi tuong nao|"
        r"dieu kien(?: gi| nao| la gi| ra sao| the nao)*|(?:(?:du|tu|tren|duoi) )?(?:may|bao nhieu|du) tuoi|"
        r"(?:toi|minh|em|chau) (?:co )?(?:duoc|lam duoc) (?:lam )?khong",
    ),
    (
        Aspect.PAPER,
        r"(?:co |phai |thi |ma )*(?:can(?! cuoc)|phai co|phai mang|phai nop|nop|mang|kem|doi|yeu cau)"
        r" (?:phai |theo |them |co |ca (?!vet|so)|mang |nop |den )*(?P<paper>(?!gi\b|giay to|nhung|khong)(?:\w+ ){0,5}?\w+) khong(?: (?:a|ad|vay|nhi|nha|the|ban|anh|chi|em))*$|"
        r"(?:co )?(?:phai |can )*(?P<photo>chup (?:anh|hinh)|may (?:tam )?(?:anh|hinh)|anh (?:the|3x4|4x6|chan dung|may))|"
        rf"(?:dung|co|lay|nop|mang|dua|thay bang) (?P<instead>{_PAPER_BEGINS}(?: \w+){{0,4}}?) (?:co |thi )*(?:duoc|ok)(?: (?:khong|chua))+|"
        rf"^(?:(?:the|con|vay|a) )*(?P<named>{_PAPER_BEGINS}(?: \w+){{0,4}}?) (?:co |thi )*(?:can|phai co|bat buoc)(?: (?:nop|mang|phai|co|theo))* khong\b|"
        r"(?:khong co|thieu|mat) (?P<lost>(?!gi\b|tien|thi\b)(?:\w+ ){0,5}?\w+) (?:thi )?(?:co )?(?:duoc|sao|lam (?:duoc|sao))\b(?: khong)?",
    ),
    (
        Aspect.PAPERS,
        r"(?:can|mang|chuan bi|gom|bao gom|nop|cam|dem|phai co|yeu cau|lam)(?: theo| them| nhung| cac| co| di| gom)*"
        r" (?:giay to|giay|gi|ho so|thu gi)(?: gi| nao)*|(?<!khong co )(?<!mat )(?<!mat het )(?<!thieu )giay to(?: gi| nao)*|ho so(?: gom| can| gi| bao gom| nao| co)*|"
        r"thanh phan|can nhung|thieu gi",
    ),
    (
        Aspect.STEPS,
        rf"(?:cac|tung|may|nhung) buoc|buoc nao|trinh tu|quy trinh|{_DO} (?:nhu the nao|the nao|ra sao|sao|kieu gi)|"
        r"cach (?:lam|nop|thuc hien|dang ky)|huong dan|lam sao|bat dau tu dau|phai lam gi|nhu the nao",
    ),
    (
        Aspect.CHILD,
        rf"(?:the |vay |neu )*(?:{_CHILD})(?: thi)?(?: sao| the nao)?|^(?:the )?(?:con|be|chau|tre) thi sao|"
        r"^(?:(?:con|be|chau|em|no|toi|nha|minh|moi|duoc|gan|nay) )*(?:[1-9]|1[0-3]) tuoi(?: (?:a|roi|thoi|nhe))*$",
    ),
)
_COMPILED = tuple((aspect, re.compile(rf"\b(?:{rule})\b")) for aspect, rule in _RULES)
_WITH_MORE = frozenset(
    {Aspect.PAPERS, Aspect.FEE, Aspect.TIME, Aspect.WHERE, Aspect.ONLINE, Aspect.STEPS, Aspect.CHILD}
)
_SURELY_PAPERS = re.compile(
    r"\b(?:can|mang|chuan bi|gom|nop)(?: theo| nhung| cac| co)* (?:giay to|giay|gi|ho so)(?: gi| nao)*\b|\bgiay to (?:gi|nao)\b"
)
_IN_ONE_BREATH = (
    (Aspect.PAPERS, _SURELY_PAPERS),
    *((aspect, rule) for aspect, rule in _COMPILED if aspect in {Aspect.FEE, Aspect.TIME, Aspect.WHERE}),
)
"""What is asked beside the first part in words that mean nothing else, in the order it is told."""
_CHILD_CUE = re.compile(rf"\b(?:{_CHILD})\b|\b(?:[1-9]|1[0-3]) tuoi\b")
_POINTING = frozenset(
    nfc(
        "thế vậy thì là mà và còn con nữa tôi tui mình em anh chị cháu bác cô chú bạn ad admin ạ à ơi nhé nha nhá nè nhỉ vâng dạ "
        "cho hỏi xin biết với thủ tục này nầy đó đấy ấy kia cái loại trường hợp làm nộp được đc không ko có phải cần gì nào sao "
        "rồi chưa thêm bị muốn hay hoặc tại ở trên đến ra đi lấy nhận kết quả giấy tờ hồ sơ bao nhiêu mất hết đâu khi lúc bây "
        "giờ hiện luôn hen ha ừ um ok oke okie dùng như thôi gấp vì nên cần chỉ rằng bảo các những một mỗi việc tất cả tổng "
        "cộng mang theo qua về hạn công an alo nhiều lâu ngày xong trả người tự trong để từ nhờ giúp hộ khác nhà thân đc dc "
        "quy định ntn sẽ đã đang lại cũng vẫn chắc hả hở chứ cơ nhưng nếu do nơi chỗ phía bên tới đây kìa ý giùm dùm cám cảm ơn ai v vz nhá ha nhờ"
    ).split()
)
"""Words that point at what is being spoken of, or only carry the question."""
_POINTING_FOLDED = frozenset(fold(word) for word in _POINTING) | {
    "k",
    "ak",
    "uh",
    "u",
    "z",
    "j",
    "oi",
    "khong",
    "duoc",
}


def read(message: str) -> Asked | None:
    """The part a message asks for; None when it asks for none. Never raises."""
    message = nfc(message[:MESSAGE_MAX])
    words = fold(message)
    levels = levels_asked(message)
    for aspect, rule in _COMPILED:
        found = rule.search(words)
        if found is None:
            continue
        paper = next((value for value in found.groupdict().values() if value), "")
        rest = f"{words[: found.start()]} {words[found.end() :]}"
        if _CHILD_CUE.search(words) and aspect is not Aspect.PAPER:
            aspect, rest = Aspect.CHILD, _CHILD_CUE.sub(" ", rest)
        levels = levels if aspect in _WITH_MORE else ()
        if levels:
            rest = without_levels(words if aspect is Aspect.WHERE else rest)
        rest, more = _more(rest, aspect)
        if levels and aspect is not Aspect.WHERE and Aspect.WHERE not in more:
            more = (*more, Aspect.WHERE)
        return Asked(aspect, paper, tuple(_naming(rest.split(), message)), levels, more)
    if not levels:
        return None
    rest, more = _more(without_levels(words), Aspect.WHERE)
    return Asked(Aspect.WHERE, rest=tuple(_naming(rest.split(), message)), levels=levels, more=more)


def _more(rest: str, first: Aspect) -> tuple[str, tuple[Aspect, ...]]:
    """Further parts in what is left of a message, and what is left then."""
    found: list[Aspect] = []
    for aspect, rule in _IN_ONE_BREATH if first in _WITH_MORE else ():
        if aspect is not first and rule.search(rest):
            found.append(aspect)
            rest = rule.sub(" ", rest)
    return rest, tuple(found)


_WHAT_IF = re.compile(
    r"(?:(?:the|con|vay|ua|neu|nhung|ma) )*(?!(?:con|be|chau|tre|em|vo|chong|bo|me|ong|ba|anh|chi|ban)\b)(?:\w+ ){1,6}"
    r"thi (?:sao|lam sao|the nao)(?: (?:a|ad|nhi|vay|nhe))*"
)


def what_if(message: str) -> bool:
    """Does the message ask for another case of what is spoken of (“hết hạn thì sao”)? A person is a part (WHO)."""
    return bool(_WHAT_IF.fullmatch(fold(nfc(message[:MESSAGE_MAX]))))


_AND_DOING = re.compile(
    r"(?:(?:the|vay|da|ua|ad) )*con (?P<doing>gia han|cap lai|lam lai|cap moi|lam moi|cap doi|doi|xoa|huy|thu hoi|lan dau)"
    r"(?: (?:thi|sao|a|ad|nhi|the nao|nhu the nao))*"
)


def and_doing(message: str) -> str:
    """What else may be done with what is spoken of, folded (“thế còn gia hạn”); "" when nothing of the kind is asked."""
    found = _AND_DOING.fullmatch(fold(nfc(message[:MESSAGE_MAX])))
    return found["doing"] if found else ""


_PAPERS = re.compile(
    r"\b(?:giay|ban sao|ban goc|ban chinh|cong chung|chung thuc|anh|hinh|don|to khai|so|the|bien lai|bao hiem|hoa don|hop dong|"
    r"xac nhan|van tay|khai sinh|ket hon|can cuoc|chung minh|ho khau|ho chieu|bang|phieu|van ban|mau|chu ky|photo)\b"
)


def is_paper(paper: str) -> bool:
    """Do these folded words name a paper, a copy, a photo?"""
    return bool(_PAPERS.search(paper))


def _naming(words: Iterable[str], message: str) -> Iterator[str]:
    """The words that may name something. Accents that were typed are believed: “vay” is not “vậy”."""
    typed = {strip_marks(word): word for word in _WORD.findall(message.casefold())}
    for word in words:
        as_typed = typed.get(word, word)
        accented = as_typed != word
        if word.isdecimal() or (as_typed in _POINTING if accented else word in _POINTING_FOLDED):
            continue
        yield word


_WORD = re.compile(r"[^\W_]+")
