"""Short commands a citizen types instead of pressing a button; compared without accents."""

from __future__ import annotations

import re

from domain.messages import Text
from domain.vietnamese import fold
from handlers import texts

STOP = frozenset(
    fold(w)
    for w in (
        "hủy",
        "huỷ",
        "hủy bỏ",
        "dừng",
        "thôi",
        "không gửi nữa",
        "dừng lại",
        "stop",
        "tôi muốn hủy",
        "em muốn hủy",
        "hủy đi",
        "bỏ qua đi",
        "thôi bỏ đi",
    )
)
DONE = frozenset(
    fold(w) for w in ("xong", "gửi", "gửi đi", "hết", "đủ rồi", "xong rồi", "ok gửi", "hoàn tất")
)
EDIT = frozenset(fold(w) for w in ("sửa", "sửa lại", "viết lại", "sửa nội dung"))
MENU = frozenset(
    fold(w)
    for w in ("menu", "bắt đầu", "về menu", "trang chủ", "start", "về đầu", "quay lại", "trở lại", "quay về")
)
HELP = frozenset(fold(w) for w in ("trợ giúp", "hướng dẫn", "hướng dẫn sử dụng", "help", "giúp", "giúp tôi"))
GREETINGS = frozenset(
    fold(w)
    for w in (
        "xin chào",
        "chào",
        "chào bạn",
        "hello",
        "hi",
        "alo",
        "chào ad",
        "chào admin",
        "xin chào ạ",
        "ad ơi",
        "chào anh chị",
        "em chào anh chị",
    )
)
THANKS = frozenset(
    fold(w)
    for w in (
        "cảm ơn",
        "cám ơn",
        "cảm ơn bạn",
        "cảm ơn ạ",
        "thanks",
        "ok cảm ơn",
        "vâng cảm ơn",
        "cảm ơn ad",
        "ok",
        "vâng",
        "dạ",
        "được rồi",
        "thôi được rồi",
        "thôi ok",
        "không có gì",
    )
)
TIP = frozenset(
    fold(w)
    for w in (
        "tin báo",
        "báo tin",
        "gửi tin báo",
        "tố giác",
        "tố giác tội phạm",
        "báo công an",
        "tôi muốn báo tin",
        "trình báo",
        "phản ánh",
        "tôi muốn tố giác",
        "tôi muốn trình báo",
    )
)
OFFICER = frozenset(
    fold(w)
    for w in (
        "gặp cán bộ",
        "hỏi cán bộ",
        "gặp công an",
        "gặp người",
        "nói chuyện với cán bộ",
        "cho gặp cán bộ",
        "tôi muốn gặp cán bộ",
        "gặp trực ban",
    )
)
AGREE = frozenset(
    fold(w) for w in ("đồng ý", "tôi đồng ý", "em đồng ý", "đồng ý ạ", "đồng ý và gửi", "vâng đồng ý")
)
ADD = frozenset(fold(w) for w in ("thêm", "bổ sung", "gửi thêm", "nói thêm", "tôi muốn thêm"))
KIND = frozenset(fold(w) for w in ("loại", "đổi loại", "loại việc", "đổi loại việc"))
WITHDRAW = frozenset(
    fold(w)
    for w in ("rút đồng ý", "rút lại đồng ý", "tôi rút đồng ý", "không đồng ý nữa", "xóa dữ liệu của tôi")
)
WITHDRAW_YES = frozenset(fold(w) for w in ("rút", "rút đồng ý", "tôi rút", "có", "đồng ý rút"))
YES = frozenset(
    fold(w)
    for w in (
        "có",
        "vâng",
        "đúng",
        "ok",
        "dạ",
        "ừ",
        "đồng ý",
        "được",
        "dạ có",
        "dạ vâng",
        "vâng có",
        "đúng rồi",
        "dạ đúng",
        "phải",
    )
)
NO = frozenset(
    fold(w)
    for w in (
        "không",
        "ko",
        "không phải",
        "thôi",
        "không cần",
        "dạ không",
        "không đâu",
        "không cần đâu",
        "thôi không cần",
        "không muốn",
        texts.BUTTON_TIP_NO,
    )
)
NO_THANKS = NO - {"khong phai"}
"""After a card “không phải” refuses it; “không” needs nothing more."""
SURVEY = frozenset(
    fold(w)
    for w in (
        "khảo sát",
        "chấm điểm",
        "chấm điểm phục vụ",
        "đánh giá phục vụ",
        "đánh giá",
        "góp ý phục vụ",
        "phản ánh phục vụ",
        "tôi muốn góp ý phục vụ",
        "phản ánh thái độ phục vụ",
    )
)
SURVEY_NEVER = frozenset(fold(w) for w in ("không hỏi tôi nữa", "không khảo sát nữa", "đừng hỏi tôi nữa"))
MORE = frozenset(fold(w) for w in ("xem thêm", "thêm", "trang sau", "tiếp", "xem tiếp", "còn nữa không"))
_REFUSED = re.compile(
    r"(?:(?:a|o|the|da|ad|ban) )*(?:khong phai|khong dung|chua dung|sai roi|sai|nham roi|nham|lac de|khong lien quan)"
    r"(?: (?:cai|thu tuc|muc|y|nay|do|toi|minh|em|hoi|can|muon|roi|dau|a|ma|nhe|cac|ca|tat ca|luon|ad|ban|bot|oi))*"
)
_TURNING = frozenset(fold(w) for w in ("tôi", "em", "mình", "ý", "mà", "là", "cháu", "cái"))
PROCEDURES = frozenset(
    fold(w)
    for w in (
        "thủ tục",
        "hỏi thủ tục",
        "thủ tục hành chính",
        "danh sách thủ tục",
        "các lĩnh vực",
        texts.BUTTON_FIELDS,
    )
)
THANKS_WORDS_MAX = 8
REFUSAL_WORDS_MAX = 20
CALL_WORDS_MAX = 12
_COURTESY = re.compile(r"(?: (?:a|nhe|nha))+$")
_UNDERSTOOD = re.compile(
    r"(?:(?:da|vang|ok|oke|okie|a|u|uh|the|em|toi|minh|chau|anh|chi) )*"
    r"(?:ok|oke|okie|da vang|vang|da|(?:hieu|ro|biet|nho|duoc) roi)(?: (?:a|ad|admin|ban|anh|chi|em|nhe|nha|roi|shop))*"
)
_CALL_WORD = re.compile(
    r"alo+|lo|hello|hi|chao|xin|ad|adm|admin|shop|bot|anh|chi|em|chau|co|chu|bac|ba|ong|cu|di|thim|mo|bu|ban|cac|cong|an|can|bo|oi|ah?|e|c|u|vay|nhe|nha|voi|"
    r"chut|ty|ti|xiu|cho|phep|toi|minh|tui|muon|hoi|dieu|cau|viec|cai|mot|1|ai|o|day|do|truc|khong|giup|nho|the|la|da|vang|tham"
)
_CALL_CUE = re.compile(r"\b(?:oi|alo+|a lo|hello|hi|chao|hoi|co ai|co (?:o )?(?:do|day) khong|giup)\b")
"""“Có ai không”, “chị ơi”: every word calls, and one of these says so."""
_WHERE_TO_REPORT = re.compile(
    r"\b(?:trinh bao|to giac|to cao|bao(?: cao| tin)?) (?:\w+ )?(?:o dau|cho ai|ai|cho nao|cong an nao|nhu the nao|the nao)\b"
)
_ORDINALS = {
    "dau tien": 1,
    "dau": 1,
    "nhat": 1,
    "mot": 1,
    "hai": 2,
    "nhi": 2,
    "ba": 3,
    "tu": 4,
    "bon": 4,
    "nam": 5,
}
_IN_LIST = re.compile(
    r"(?:(?:toi|em|minh|chau|chon|hoi|lay|y|la|so|cai|muc|dong|thu|thu tuc) )*"
    rf"(?P<place>\d{{1,3}}|cuoi cung|cuoi|{'|'.join(_ORDINALS)})(?: (?:a|nhe|nha|ad|ban|do|di))*"
)
_TO_AN_OFFICER = re.compile(
    r"(?:(?:cho|toi|em|minh|chau|muon|can|xin|duoc|lam on|da|ad|oi) )*"
    r"(?:gap|(?:noi chuyen|chat|trao doi|ket noi) (?:truc tiep )?voi|chuyen (?:cho|sang)|hoi) (?:truc tiep )?"
    r"(?:cac )?(?:can bo|nguoi that|nguoi|nhan vien|tu van vien|truc ban|cong an|tong dai vien)(?: (?:a|voi|nhe|nha|that|truc|di|duoc|khong))*"
)
SCOLD_WORDS_MAX = 8
_SCOLD = re.compile(
    r"\b(?:(?:bot|may|ad|admin|tra loi|noi) (?:\w+ )?(?:ngu|dot|kem|te|do|nham nhi|lung tung|linh tinh|vo van|vo dung|ky vay|chan)|"
    r"ngu (?:qua|the|vay|vl|vcl|nhu)|vo dung|d[mc]m*\b|vc?l\b|lam an (?:kieu|nhu|the|gi)|lam viec (?:kieu|nhu) (?:gi|the)|buc (?:minh|qua|xuc)|"
    r"(?:goi|hoi|nhan|cho) (?:\w+ ){0,3}(?:khong|chang|cha) (?:thay )?ai (?:nghe|bat|tra loi|rep)|te qua|qua te|phien ha|hanh dan|bo tay|"
    r"chang hieu gi|khong hieu gi (?:ca|het)|chan (?:qua|the))\b"
)
_FOR_AN_AGE = re.compile(
    r" (?:cho|của) (?:người|trẻ em|công dân) (?:dưới|từ đủ|từ) \d+ tuổi.*$", re.IGNORECASE
)
_PENALTY = re.compile(
    r"\b(?:(?:muc|tien) phat|phat (?:tien )?(?:bao nhieu|the nao|nhu the nao|may|ra sao|gi|khong)|bi phat (?:khong|gi)|"
    r"co (?:bi )?(?:phat|tru diem|giam xe|giu xe)\b|tru (?:bao nhieu|may) diem|(?:giam|giu|tuoc) (?:\w+ ){1,3}(?:bao lau|may thang|may ngay))\b"
)
_THANKS = re.compile(
    r"^(?:(?:ok|oke|vang|da|a|uh|roi|the|duoc|xong|xin|em|toi|minh|chau|thoi|khong) )*(?:cam on|thanks?|thank you)\b(?!.*\b(?:hoi|can|cho|bao|khong)\b)"
)
DOSSIER = frozenset(
    fold(w)
    for w in (
        "tra cứu hồ sơ",
        "tra hồ sơ",
        "tra cứu tình trạng hồ sơ",
        "xem tình trạng hồ sơ",
        "hồ sơ của tôi",
        "hồ sơ của tôi đến đâu rồi",
        "hồ sơ đến đâu rồi",
        "kiểm tra hồ sơ",
        "theo dõi hồ sơ",
    )
)
"""These words and no others: a question such as “tra cứu hồ sơ công an nộp online” is the matcher's."""
DOSSIER_FOLLOW = "theo doi"
DOSSIER_FOLLOWED = frozenset(
    fold(w) for w in ("hồ sơ đang theo dõi", "các hồ sơ đang theo dõi", "xem hồ sơ đang theo dõi")
)
DOSSIER_UNFOLLOW = frozenset(
    fold(w)
    for w in (
        "bỏ theo dõi",
        "bỏ theo dõi hồ sơ",
        "hủy theo dõi",
        "hủy theo dõi hồ sơ",
        "ngừng theo dõi",
        "thôi theo dõi",
    )
)
_DOSSIER_BEGINS = tuple(sorted(DOSSIER, key=len, reverse=True))


def begins_with_dossier(text: str) -> str | None:
    """What follows “tra cứu hồ sơ” and the like when it can only be meant as a code: short, a digit in every word.

    None: it is something else, a question perhaps.
    """
    folded = fold(text)
    for begin in _DOSSIER_BEGINS:
        rest = folded.removeprefix(begin).strip()
        if folded.startswith(f"{begin} ") and rest:
            words = rest.split()
            return rest if len(words) <= 6 and all(any(c.isdigit() for c in word) for word in words) else None
    return None


FOR_A_CHILD = "{name} cho trẻ em dưới 14 tuổi"
"""What is searched for when a parent asks on: “con tôi thì sao”."""


_ABOUT_PAPERS = re.compile(
    r"\b(?:thu tuc|giay to gi|can giay to|can gi|ho so gom|le phi|phi bao nhieu|het bao nhieu|bao nhieu tien|lam o dau|nop o dau|xin o dau"
    r"|mat may ngay|bao lau thi|bao lau xong|lam (?:the nao|nhu the nao|lai|ho chieu|can cuoc)|dang ky (?:tam tru|thuong tru|xe|ket hon)"
    r"|cap (?:lai|moi|doi)|doi bang lai)\b"
)


def asks_about_papers(text: str) -> bool:
    """Is it plainly a question about a procedure, even in the middle of something else?"""
    return len(text) <= 160 and bool(_ABOUT_PAPERS.search(fold(text)))


_TURNED_TO = re.compile(
    r"(?:(?:the|vay|ua|a|da|ok|thoi|uh) )*(?:(?:the|vay) con|quay (?:lai|ve)|tro (?:lai|ve)|hoi ve) (?P<named>\w+(?: \w+){0,6}?)"
    r"(?: (?:thi sao|thi the nao|di|nhe|nha|a|ad|nao))*"
)


def turned_to(text: str) -> str:
    """What is named after “thế còn …”, “quay lại …”, as typed; "" when nothing is so turned to."""
    tokens = text.strip(" ?.!,").split()
    found = _TURNED_TO.fullmatch(" ".join(fold(" ".join(tokens)).split()))
    if found is None:
        return ""
    count = len(found["named"].split())
    before = len(fold(" ".join(tokens)).split()[: len(found.string[: found.start("named")].split())])
    kept = tokens[before : before + count]
    return " ".join(kept) if kept else ""


def refused(said: Text) -> str | None:
    """What is said after “không phải”, “sai rồi” …: "" when nothing is; None when it is no refusal.

    “Không phải nộp tiền à” asks a question and refuses nothing.
    """
    words = said.text.split()
    folded = [fold(word) for word in words]
    for taken in range(min(len(words), REFUSAL_WORDS_MAX), 0, -1):
        if not _REFUSED.fullmatch(" ".join(" ".join(folded[:taken]).split())):
            continue
        rest = words[taken:]
        begun_anew = words[taken - 1][-1] in ",.!;:" or not _TURNING.isdisjoint(folded[:taken])
        return " ".join(rest) if not rest or begun_anew else None
    return None


def is_thanks(said: object) -> bool:
    """A thank-you, or a few words around one; also “ok bạn”, “em hiểu rồi ạ”."""
    if not isinstance(said, Text):
        return False
    words = fold(said.text).split()
    if is_one_of(said, THANKS) or (not words and "?" not in said.text):  # a thumb, a heart
        return True
    if len(words) > THANKS_WORDS_MAX:
        return False
    return bool(_THANKS.search(" ".join(words)) or _UNDERSTOOD.fullmatch(" ".join(words)))


def is_call(said: object) -> bool:
    """Do these words only call us or say that a question will come (“ad ơi cho em hỏi chút”)?"""
    if not isinstance(said, Text) or is_one_of(said, OFFICER):
        return False
    words = fold(said.text).split()
    if not words:
        return "?" in said.text
    return (
        len(words) <= CALL_WORDS_MAX
        and all(_CALL_WORD.fullmatch(word) for word in words)
        and bool(_CALL_CUE.search(" ".join(words)))
    )


def place_in_list(text: str, length: int) -> int | None:
    """Which of a list is meant by “2”, “số 2”, “cái thứ hai”, “cái cuối”; None when none is chosen so."""
    found = _IN_LIST.fullmatch(" ".join(fold(text.strip(" .)#")).split()))
    if found is None:
        return None
    said = found["place"]
    if said.isdecimal():
        return int(said)
    return length if said.startswith("cuoi") else _ORDINALS[said]


def wants_officer(said: object) -> bool:
    """“Gặp cán bộ”, also “cho tôi nói chuyện với người thật”."""
    return is_one_of(said, OFFICER) or (
        isinstance(said, Text) and bool(_TO_AN_OFFICER.fullmatch(" ".join(fold(said.text).split())))
    )


def is_displeased(text: str) -> bool:
    """Somebody scolds the bot: no more guessing, a way to a person."""
    folded = fold(text)
    return len(folded.split()) <= SCOLD_WORDS_MAX and bool(_SCOLD.search(folded))


def names_age(text: str) -> bool:
    """Does the message say how old somebody is?"""
    return bool(re.search(r"\b\d{1,2} ?(?:tuoi|t)\b", fold(text)))


def without_age(name: str) -> str:
    """The name of a procedure without the age it is for: “16 tuổi thì sao” asks for another one."""
    return _FOR_AN_AGE.sub("", name)


def asks_where_to_report(text: str) -> bool:
    """“Mất xe báo ở đâu”: somebody has something to tell the police."""
    return bool(_WHERE_TO_REPORT.search(fold(text)))


def asks_about_penalty(text: str) -> bool:
    """“Vượt đèn đỏ phạt bao nhiêu”: what a wrong costs, not how something is done."""
    return bool(_PENALTY.search(fold(text)))


def is_one_of(said: object, words: frozenset[str]) -> bool:
    """Did the citizen type exactly one of these commands (accents, case, end marks and “ạ”, “nhé” aside)?"""
    if not isinstance(said, Text):
        return False
    typed = fold(said.text).strip(" .!?,;:")
    return typed in words or _COURTESY.sub("", typed) in words
