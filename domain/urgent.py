"""Danger going on now, by rule: which of 113, 114, 115 to call.

A false alarm costs the reader one extra message; a missed one may cost a life: so the rules lean towards warning,
except where the words are known to mean something harmless ("cháy hàng"), are over ("đêm qua"), or ask for papers.
The rules are frames — who, what happens, to whom — not sentences; tests/domain/alarms.py keeps them honest.
"""

from __future__ import annotations

import re

from domain.hearing import NOW, PAPERWORK, PAST, STORY, heard
from domain.reports import asks_something, tells_of_a_wrong
from domain.vietnamese import fold

POLICE, FIRE, MEDICAL = "113", "114", "115"

_HARMLESS = re.compile(
    r"\b(?:com chay|chay (?:hang|ve|tui|pho|nang|may|show|bai|bo|grab|tien|viec|an|ads|quang cao|deadline|ra|xe|toi|pin|"
    r"da|code|app|so|rong|"
    r"(?<!boc chay )(?:tren|qua|vao|nhanh|cham|dung|sai|nguoc|theo|ngang) (?:\w+ )?(?:duong|cao toc|quoc lo|via he|lan|chieu|vach|toc do|cho))|"
    r"(?:da|den|bong den|pin|mach|cau chi|phao|dang|nguoi) (?:\w+ ){0,3}bi chay(?= (?:nang|may|hong)?)|bong den (?:\w+ ){0,4}chay|"
    r"pin chay|chay pin|phao chay|xe chua chay|chua chay|chay no bat buoc|no (?:hu|xau|ngan hang|tien|hoa|mui|don|nuoc)|bung no|"
    r"dam (?:cuoi|ma|tang|gio|hoi|bao|dong)|phong dot quy|muon (?:dot quy|xiu|ngat)|ket xe|ket duong|chem gio|an cuop|"
    r"(?:tien|the|giay|hang) (?:bi )?ket|(?:meo|cho|ga|lon|bo|chim|vit) (?:\w+ ){0,4}bi (?:nhot|ban|danh|ket)|ho so (?:\w+ )?tai nan|thuoc chong co giat|sap (?:nguon|mang|mat|gia)|me chet|chet di duoc|cuoi xiu)\b"
)
"""Phrases that hold a word of danger and mean none: they are taken out, what remains is judged."""

_ONE = (
    r"(?:nguoi|nguoi ta|toi|minh|em|anh|chi|vo|chong|con|chau|me|bo|ba|ong|be|tre|cong nhan|hoc sinh|ban|nan nhan|tai xe|cu|"
    r"dua tre|nguoi nha|ca nha|hang xom|dan|khach|no)"
)
_SOON = r"(?:dang|dag|vua|moi|bi|co|lai|nay|bay gio|hien|cuu|gap)"
_ON_FIRE = (
    r"(?:nha|rung|kho|xuong|quan|cho|chung cu|can ho|phong|tro|xe khach|xe tai|o to|tau|cay xang|dong rom|bai xe|tram|truong|"
    r"toa nha|tang|cong ty|khu|cua hang|bep|nuong|doi|thong|nha may|container|ki ot|sieu thi|chua|lan|to|lon|roi|du doi|het)"
)
_ARM = r"(?:dao|kiem|bua|gay|gay gay|sung|hung khi|ma tau|mac|riu|tuyp|gach|bom xang|vu khi|luoi le|phong)"
_HURT = r"(?:danh|chem|dam|ban|cuop|bat coc|khong che|cuong hiep|hiep dam|nhot|giam giu|giam long|tan cong|hanh hung|bao vay|vay danh|bop co)"
_FELL_INTO = r"(?:gieng|song|ho|ao|muong|suoi|kenh|cong|vuc|ham|bien|dap)"

_RULES: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (
        (FIRE,),
        re.compile(
            rf"\b(?:{_SOON} (?:\w+ ){{0,3}}(?:chay|hoa hoan)(?! mau)|chay {_ON_FIRE}\b|{_ON_FIRE} (?:\w+ ){{0,3}}(?:boc |bi |dang )chay|"
            rf"{_ON_FIRE} chay (?:roi|to|lon|qua|kia|du)|boc (?:chay|lua|khoi)|khoi (?:boc|nghi ngut|cuon cuon|den (?:boc|ngun))|"
            r"chay (?:o|tai|trong) (?:xuong|kho|nha|rung|chung cu|can ho|toa nha|tang|cay xang|khu)|dam chay|lua (?:boc|lan|chay|ngun ngut)|hoa hoan|chap dien|(?:nha|quan|xuong|kho|phong|cho) (?:\w+ ){0,2}chay (?:o )?dien|"
            r"no (?:binh|gas|ga|bom|min|lon|kho|tung|lop|to|duong ong)|(?:phat|tieng|vu) no|(?:ro ri|xi|ho) (?:khi |binh )?(?:ga|gas)\b|"
            r"mui (?:ga|gas)|sap (?:nha|ham|cong trinh|cau|gian giao|tuong|tran|mai)|(?:gian giao|nha|tuong|tran|ham|mai ton|can cau) (?:bi |do )?sap\b|(?:tuong|cay|cot dien) (?:bi )?do (?:vao|xuong|de|trung)|"
            rf"{_ONE} (?:\w+ ){{0,9}}(?:mac ket|bi ket(?! an| toi| hon| luan)|ket (?:trong|o|duoi|tren|lai))|(?:con|dang) (?:mac )?ket (?:trong|o|ben)|"
            r"ket (?:trong )?thang may|vui lap|chon vui|bi de\b|de (?:\w+ ){0,2}(?:nguoi|cong nhan)|con (?:\w+ ){0,2}nguoi (?:ben )?(?:trong|duoi)|"
            r"sat lo (?:\w+ ){0,4}(?:nha|nguoi|dan)|nuoc (?:lu )?(?:len|dang) (?:\w+ )?(?:nhanh|cao|qua)|chua (?:co )?ai (?:toi|den|vao) (?:don|cuu))\b"
        ),
    ),
    (
        (FIRE, MEDICAL),
        re.compile(
            rf"\b(?:(?:bi |dang |co |vua )(?:\w+ ){{0,4}}duoi nuoc|duoi nuoc (?:roi|o|cuu|ngoai|tai)|chet duoi|cuon troi|"
            rf"(?:roi|nga|lao|te|truot|rot|nhay) (?:\w+ )?(?:xuong|vao) (?:\w+ )?{_FELL_INTO}|"
            r"(?:thuyen|tau|do|xuong|be|ca no) (?:\w+ )?(?:bi )?(?:lat|chim)|lat (?:thuyen|tau|do|xuong)|"
            r"(?:lu|nuoc) (?:\w+ ){0,3}(?:noc nha|mai nha|ngang nguc|ngang co)|tren (?:mai|noc) nha|vung vay|"
            r"(?:dinh|doi|doa|muon|sap|dang|nguoi) (?:\w+ ){0,4}nhay (?:xuong|cau|lau|song|tu)|nhay (?:cau|lau)\b(?! (?:o dau|gi))|"
            r"lan can (?:\w+ ){0,3}(?:dinh|doi|nhay)|treo len (?:\w+ )?(?:cot dien|lan can|noc|mai|cau))\b"
        ),
    ),
    (
        (POLICE,),
        re.compile(
            rf"\b(?:{_SOON} (?:\w+ ){{0,4}}(?:danh nhau|danh loan|hon chien|xo xat|au da|chem|cuop|bat coc|hiep dam|"
            r"dot nha|xong vao|duoi danh|hanh hung|danh dap|bop co|truy sat|cay cua|cay khoa|pha cua|pha khoa|dot nhap|"
            r"treo tuong|dap pha|dap (?:xe|cua|nha|do)|nem (?:gach|da|chat|bom|son|mam))|"
            r"danh nhau (?:to|lon|roi|o|tai|duoi|qua|kia|ngoai)|hon chien|chem nhau|dam nhau|ban nhau|"
            rf"(?:cam|vac|mang|rut|xach|vung|co|lam lam) (?:\w+ ){{0,2}}{_ARM}\b (?:\w+ ){{0,4}}(?:duoi|chem|dap|danh|doa|dam|xong|sang|den|keo|pha|ngoai)|"
            rf"bi (?:\w+ ){{0,5}}(?:{_HURT}(?! gia| cap| mat| thue| dau| rot| may| tinh| sach)|bam theo|duoi theo|rinh|chan (?:xe|duong|danh)|de doa)|"
            rf"dang (?:\w+ ){{0,2}}(?:danh|dam|da|dap|bop) (?:\w+ )?{_ONE}\b|(?:dang|vua|sap|doi|dinh|muon) (?:\w+ ){0, 2}giet (?:nguoi|toi|em|ca|no|nhau|chet|vo|con)|doa (?:se )?(?:giet|chem|danh|dot|dam)|"
            r"(?:trom|cuop|ke la|ke gian|ke xau|nguoi la|thang nao) (?:\w+ ){0,3}(?:trong nha|vao nha|dang|cay|leo rao|dot nhap)|"
            r"cuop (?:giat|tiem|ngan hang|xe|tui|dien thoai|cua)|vu cuop|bat coc (?:tre|nguoi|em|con)|bat (?:\w+ )?len (?:xe|o to)|"
            r"dang (?:danh|chem|dam) (?:luon|tiep|day|kia|du lam|to lam)|no sung|tieng sung|sung no|ngao da|khong cho (?:ve|ra ngoai)|hung khi (?:\w+ ){0,3}(?:keo|den|sang)|"
            r"(?:keo|den) (?:\w+ ){0,3}(?:danh|chem|dap|pha nha)|"
            r"goi (?:cong an|113) (?:gap|ngay|nhanh)|cong an (?:oi )?(?:den|toi|xuong) (?:ngay|gap|nhanh))\b"
        ),
    ),
    (
        (MEDICAL,),
        re.compile(
            r"\b(?:(?:vua|co|dang|xay ra|gap|bi) (?:\w+ ){0,3}tai nan(?! lao dong)|tai nan (?:giao thong )?(?:o|tai|gan|truoc|ngay)\b|tai nan (?:\w+ ){0,8}(?:nang|chet|bat tinh|mau|nguy kich|thuong|nam)|"
            r"va cham (?:\w+ ){0,8}(?:thuong|ket|nang|bat tinh|mau)|(?:dam|tong|can|hut|can qua) (?:\w+ ){0,6}(?:bi thuong|bat tinh|nguy kich|gay chan|chay mau)|"
            r"nan nhan|bi thuong (?:nang|roi|nhieu)|thuong nang|bat tinh|bat dong(?! san)|ngat (?:xiu|lim|roi)|bi (?:ngat|xiu)\b|hon me|khong (?:tinh|tho|tho duoc)\b|"
            r"ngung (?:tho|tim)|nam im|tim tai|kho tho|co giat|dot quy|meo mieng|nguy kich|hap hoi|"
            r"(?:chay|mat|ra) (?:\w+ )?mau(?: nhieu| khong cam| roi| dam dia| tai)|mau chay|"
            r"cat (?:co tay|tay|mach mau)|uong (?:\w+ )?(?:thuoc (?:sau|ngu|chuot|co|doc|tru sau)|axit)|uong nham|ngo doc|ran (?:doc )?can|"
            r"dien giat|hoc (?:xuong|di vat|keo|hat|thuc an)|(?:sap|dang|tro da) (?:sinh|de)\b|vo oi|dau nguc|dau tim|"
            r"(?:dinh|doa|muon|dang|vua|nguoi|doi) (?:\w+ ){0,2}tu (?:tu|sat|van)\b|(?:dinh|dang|doi|that|nguoi) (?:\w+ )?treo co|(?:la|noi|nhan|bao|doi) (?:la )?muon chet|khong muon song)\b"
        ),
    ),
)
_CRIES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (
        number,
        re.compile(
            rf"(?:(?:co|bi|dang|alo|oi|cuu|gap) )*(?:{cry})(?: (?:roi|oi|voi|gap|lon|to|qua|kia|a|ad|moi nguoi|ca lang))*"
        ),
    )
    for number, cry in (
        (FIRE, "chay|hoa hoan|chay no"),
        (POLICE, "cuop|giet nguoi|danh nhau|chem nhau|dam chem|cuu"),
        (
            MEDICAL,
            "cap cuu|tai nan|(?:toi|em|minh|con|chau) (?:that su |chi |rat )*muon chet(?: cho xong| di| thoi| lam)?",
        ),
    )
)
"""The whole message is a cry of a word or two: nobody who is frightened writes more. “Có trộm” is how many a tip begins."""
_HELP = re.compile(
    r"\b(?:xin cuu(?! tro| ho)|cuu (?:\d+ )?(?:voi|toi|em|chau|minh|con|me|nguoi|mang)|cau cuu|keu cuu|giup (?:\w+ )?voi (?:\w+ )?(?:gap|nguy hiem))\b"
)
"""A cry for help without saying what happens: the police answer it."""


def emergency_numbers(text: str) -> tuple[str, ...]:
    """Which of 113, 114, 115 to call now; empty when the words do not speak of danger going on."""
    words = _HARMLESS.sub(" ", heard(text))
    if PAPERWORK.search(words) or STORY.search(words) or _is_over(words):
        return ()
    named = {number for numbers, rule in _RULES if rule.search(words) for number in numbers}
    named |= {number for number, rule in _CRIES if rule.fullmatch(" ".join(words.split()))}
    if not named and _HELP.search(words):
        named = {POLICE}
    return tuple(number for number in (POLICE, FIRE, MEDICAL) if number in named)


def may_mean_something_else(text: str) -> bool:
    """A cry that without its accents may be another word: “chay” is fire, or run, or a meal without meat.

    The number is named all the same; but nothing is begun before it was asked what is meant.
    """
    return text.isascii() and bool(_ONLY_CHAY.fullmatch(fold(text)))


_ONLY_CHAY = re.compile(r"(?:(?:alo|oi|ad) )*chay(?: (?:a|ad|oi|qua|di|nhe))*")


def looks_like_tip(text: str) -> bool:
    """Do these words report something: a wrong, or a danger that is over (“đêm qua nhà hàng xóm cháy”)?"""
    return tells_of_a_wrong(text) or _tells_of_danger_past(text)


def _tells_of_danger_past(text: str) -> bool:
    words = _HARMLESS.sub(" ", heard(text))
    if not _is_over(words) or PAPERWORK.search(words) or STORY.search(words):
        return False
    if len(words.split()) > TOLD_WORDS_MAX or asks_something(text) or _WANTS.search(words):
        return False
    return any(rule.search(words) for _, rule in _RULES) or bool(_BURNT.search(words))


def _is_over(words: str) -> bool:
    return bool(PAST.search(words) and not NOW.search(words))


TOLD_WORDS_MAX = 25
"""Whoever tells of it in more words than these wants something beside, most often papers."""
_WANTS = re.compile(
    r"\b(?:nghe (?:noi|ke)|hoi (?:xua|nho)|ngay xua|nam (?:19|20)\d\d|giay to|dau khac|con dau|lam lai|cap lai|"
    r"(?:muon|can|phai|xin) (?:\w+ ){0,3}(?:lam|doi|khoa|cap|giay|so)\b)"
)
"""Told of long ago, or for the sake of papers: nobody is to be sent."""
_BURNT = re.compile(rf"\b{_ON_FIRE} (?:\w+ ){{0,4}}(?:bi )?chay(?: (?:rui|sach|het|trui|to|lon|den|xem))*$")
"""“Nhà hàng xóm cháy”, said of yesterday."""
