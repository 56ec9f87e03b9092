"""Does a tip accuse the police themselves? Then the unit it is about must not be the one that reads it.

The rules lean towards yes: a tip that goes past its unit without need costs an inspector a minute; one that
reaches the accused may cost the reporter dearly. Words that only ask the police for help, and swindlers who
pose as police, are known not to accuse.
"""

from __future__ import annotations

import re

from domain.vietnamese import fold

TEXT_MAX = 10_000

_POSING = re.compile(
    r"\b(?:gia danh|mao danh|tu xung|tu nhan|gia mao|gia lam|gia|noi la|xung la|bao la)(?: \w+){0,2} "
    r"(?:can bo )?(?:cong an|canh sat|csgt)(?: (?:xa|phuong|tinh|huyen|bo|giao thong))?\b"
)
"""Swindlers who say they are police: taken out before the rest is judged."""
_CALLING = re.compile(
    r"\b(?:nho|mong|de nghi|kinh gui|kinh mong|xin|bao|trinh bao|gui|chuyen|toi|den|goi|moi|cam on|nho cac anh) "
    r"(?:cac |anh |chi |cho |toi |quy |ben |phia ){0,3}(?:cong an|canh sat)"
    r"(?: (?:xa|phuong|tinh|huyen|thi tran|giao thong|khu vuc))?\b"
)
"""The police are asked for something."""
_POLICE = (
    r"(?:cong an|canh sat|csgt|csdt|cshs|dieu tra vien|truc ban|truong cong an|pho cong an|dong chi (?:cong an|truong)"
    r"|cac chu cong an|may ong cong an|canh sat khu vuc|cskv|can bo (?:cong an|xa|phuong|huyen|tiep dan))"
)
_WRONG = (
    r"(?:nhan (?:tien|hoi lo|phong bi|qua|lot tay|chung chi)|an (?:tien|hoi lo|chan|chia)|hoi lo|doi (?:tien|chung|qua)|voi (?:tien|vinh)"
    r"|vi vinh|lam luat|chung chi|bao ke|bao che|tiep tay|dung tung|lam ngo|lo di|bo qua|khong (?:xu ly|giai quyet|lam gi|den|tiep nhan)"
    r"|ngam cho|chong lung|thong dong|cau ket|mua chuoc|tieu cuc|tham nhung|nhung nhieu|hach dich|cua quyen|quat nat|chui"
    r"|xuc pham|de doa|doa|ep|ep cung|danh (?:toi|nguoi|em|chau|dan|bac|dap|con|anh)|hanh hung|quay roi|sam so|cuong buc|hiep"
    r"|lam dung|lam quyen|lua dao|buon|choi|ca do|say|ruou|uong bia|gay tai nan|tong|bo tron|lay (?:tien|xe|dat)|chiem|giu (?:tien|xe|giay)"
    r"|tra thu|tru dap|lo thong tin|tiet lo|bao tin cho|sai pham|vi pham|co quan he|la nguoi nha|anh em voi|ho hang voi)"
)
_ACCUSED = re.compile(rf"\b{_POLICE}\b(?: \w+){{0,12}}? {_WRONG}\b")
_BY = re.compile(
    rf"\b(?:{_WRONG}|bi|dua tien|dut lot|chung tien|duoc|nop tien|tien)(?: \w+){{0,5}}? "
    rf"(?:cho|cua|boi|duoc|voi) (?:\w+ ){{0,3}}{_POLICE}\b"
)
_HARMED_BY = re.compile(
    rf"\bbi (?:\w+ ){{0,3}}{_POLICE}(?: \w+){{0,4}}? (?:danh|doa|ep|chui|giu nguoi|lay|phat oan|bat oan|xuc pham|duoi)\b"
)
_KIN = re.compile(
    r"\b(?:em trai|em gai|anh trai|chi gai|con trai|con gai|con re|em ho|anh ho|anh em|chau ruot|vo|chong|nguoi nha|nguoi quen"
    rf"|ho hang|quan he|than thiet|than voi|quen voi|co nguoi)(?: (?:voi|cua|la|ong|ba|anh|chi|lam|pho|truong)){{0,2}} {_POLICE}\b"
)
_NO_HELP = re.compile(
    r"\b(?:bao|trinh bao|goi|goi dien|to giac|phan anh|nho)(?: \w+){0,4} (?:cong an|canh sat)(?: \w+){0,8}? "
    r"(?:khong|chua|chang|cha|ma khong)(?: \w+){0,3}? (?:xu ly|giai quyet|den|toi|lam gi|tra loi|tiep nhan|xuong|thay|quan tam)\b"
)
"""The unit was told and did nothing."""
_NEAR = re.compile(
    r"\b(?:gan|canh|sat|doi dien|truoc|sau|ben canh|cach|ngay|cong|tai|o)(?: (?:tru so|cong|don|don vi|cua))* "
    r"(?:cong an|canh sat)(?: (?:xa|phuong|tinh|huyen|thi tran))?\b"
)
"""The station is only a landmark."""
_COMPLAINT = re.compile(
    rf"\b(?:to cao|khieu nai|to giac|phan anh)(?: \w+){{0,4}}? (?:ve )?(?:\w+ ){{0,2}}{_POLICE}\b"
)
_NOT_TO = re.compile(
    r"\b(?:dung|khong|chua|xin dung|khong muon|khong duoc)(?: \w+){0,3} (?:gui|bao|chuyen|cho|de)(?: \w+){0,3} "
    r"(?:cong an|xa|phuong|don vi)\b(?: \w+){0,3}(?: biet)?|\b(?:gui|chuyen) thang (?:len )?(?:thanh tra|cong an tinh|tinh)\b"
)


def accuses_police(text: str) -> bool:
    """Do these words name an officer, a police unit or “công an xã …” as the culprit?"""
    words = fold(text[:TEXT_MAX])
    words = _POSING.sub(" . ", words)
    if _NO_HELP.search(words):
        return True
    words = _NEAR.sub(" . ", _CALLING.sub(" . ", words))
    return any(rule.search(words) for rule in (_ACCUSED, _BY, _HARMED_BY, _KIN, _COMPLAINT))


def wants_past_unit(text: str) -> bool:
    """Does the citizen ask to keep it from the unit of the place?"""
    return bool(_NOT_TO.search(fold(text[:TEXT_MAX])))


def names_one_of(text: str, names: list[str]) -> bool:
    """Does a full name (two words or more) of `names` stand in the text, accents and case aside?"""
    words = f" {fold(text[:TEXT_MAX])} "
    return any(
        f" {folded} " in words for folded in (fold(name) for name in names) if len(folded.split()) >= 2
    )
