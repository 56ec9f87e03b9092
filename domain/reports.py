"""Words that report something to the police rather than ask for anything: a wrong that is told as a fact.

A question about the same wrong (“đánh bạc bị phạt bao nhiêu”) and a complaint about a shop or a bank are not reports.
"""

from __future__ import annotations

import re

from domain.hearing import heard

_WRONGS = (
    # cờ bạc
    r"danh (?:bac|bai|lo|de|lieng|phom)|(?:ghi|ban|choi|thau) (?:lo|de|so)\b|lo de|[xs]oc dia|sat phat|ca (?:do|cuoc)|"
    r"(?:truong|choi|da) ga\b|ban ca (?:tra hinh|an tien)|may ban ca|co bac|song bac|an tien|bau cua",
    # giao thông, lòng lề đường
    r"dua (?:xe|nhau)|boc dau|net po|lang lach|danh vong|phong nhanh|(?:chay|phong) (?:\w+ ){0,2}(?:au|bat mang)|vuot den do|nguoc chieu|"
    r"qua (?:tai|kho)|roi vai|xe (?:du|coc)\b|bat khach|lan chiem|chiem (?:dung|het|long|via he|loi|duong|le)|"
    r"(?:do|dau|de|bo) (?:xe )?(?:\w+ ){0,3}(?:chan|bit|kin|bua bai|trai phep|sai(?! (?:ngay|ten|nam|thang|thong tin|chinh ta|dia chi|so|que|ho|gioi|giay))|long duong|via he|che)|xe (?:\w+ ){0,4}(?:do|dau) (?:\w+ ){0,3}(?:chan|che|kin)|"
    r"chan (?:\w+ )?(?:loi|duong|cong|ngo)|un tac|can tro|cat co|via he (?:\w+ ){0,6}(?:chiem|bay|ban hang)|mat an toan|"
    r"gay (?:\w+ )?nguy hiem|xe (?:\w+ ){0,3}(?:cho|tai|ben) (?:\w+ ){0,5}(?:am am|nut nha|hong duong)",
    # ồn ào
    r"(?:mo|bat|choi|keo) (?:\w+ )?(?:nhac|loa) (?:\w+ ){0,8}(?:to|lon|am|dem|khuya|sang|inh|rung)|loa (?:keo|thung)|hat (?:karaoke|ho)|karaoke (?:\w+ ){0,5}(?:on|dem|khuya|to|am|sang)|on ao|gay on|am i\b|"
    r"inh oi|tieng on|khong (?:\w+ )?ngu (?:duoc|noi)|mat ngu|mat trat tu",
    # ma túy
    r"ma tuy|con nghien|nghien hut|(?:tiem|hut|choi|chich) (?:chich|hut|da)|kim tiem|hang (?:trang|da|cam)\b|bay lac|ngao da|bong cuoi|can sa|"
    r"thuoc lac|thuoc phien",
    # trộm cắp
    r"trom|an cap|lay cap|mat cap|moc tui|be khoa|cay (?:cua|khoa)|dot nhap|ke gian|cuop|giat (?:do|day chuyen|tui|dien thoai)|"
    r"(?:qua|kia|nay|truoc|sang|bi) (?:\w+ ){0,4}mat (?:(?:con|chiec|cai|het|hai|may|\d+) )*(?:xe|cho|dien thoai|vang|tien|trau|bo|ga|chiec|laptop|may)",
    # môi trường, tài nguyên
    r"do (?:trom|rac|xa ban|phe thai|thai|chat thai|dat)|xa (?:rac|thai|nuoc|thang|khoi|trom|chat)|(?:nuoc|chat|rac) thai|khet|mu mit|"
    r"hoi thoi|boc mui|o nhiem|hut cat|cat tac|khai thac (?:\w+ ){0,4}(?:trai phep|lau|trom)|chat pha|pha rung|lam tac|"
    r"kich dien|danh bat (?:\w+ ){0,4}(?:trai phep|dien|min)|trai phep|trai quy dinh|khong (?:co )?phep\b|tran lan|giua (?:long )?duong|cua duc",
    # tín dụng đen, lừa đảo
    r"tin dung den|lai (?:nang|cat co|cao)|nang lai|boc (?:bat )?ho\b|doi no|xiet no|khung bo|lua (?:dao|gat|tien|ban|chuyen|mat)|bi lua|chiem doat|"
    r"gia (?:danh|mao)|mao danh|bi hack|tien gia|hang gia|da cap",
    # trật tự, bạo lực
    r"(?:chong|vo|bo duong|di ghe|nguoi yeu|ban trai|hang xom) (?:\w+ ){0,2}(?:danh|tat|dam) (?:toi|em|minh|chau|me|con|vo|chong)\b|"
    r"danh nhau|chan danh|danh (?:dap|hoi dong|nguoi|vo|con|chong|bat)|hanh hung|bao luc|bi (?:\w+ ){0,3}bao hanh|bao hanh (?:vo|con|tre|chau|me|bo)|gay (?:roi|go|su)|quay pha|hung khi|de doa|doa (?:giet|danh|dot)|"
    r"nem (?:gach|da|chat|mam|son|bom)|dap pha|pha hoai|chem (?:nhau|nguoi|bi|\w+ bi)|xam hai|dam o|sam so|quay roi|bien thai|khoe (?:cua|hang)|du do|bat coc|"
    r"lang vang|kha nghi|dang ngo|truy na|chui boi|ham doa|tu tap|hon chien|bao ke|con do",
    # tệ nạn, cư trú, pháo, súng, chó
    r"mai dam|gai goi|ban dam|tra hinh|kich duc|chua chap|khong (?:khai bao|dang ky tam)|o chui|nhap canh (?:lau|trai)|vuot bien|tang tru|"
    r"tu che|(?:ban|san xuat|dot|no|lam) phao(?! hoa)|phao (?:hoa )?no|cho (?:du|dai|tha rong)|cho (?:\w+ )?can (?:nguoi|tre|chet|bi)|bi cho (?:\w+ ){0,3}can\b|tha (?:rong )?cho|ro mom|buon lau|te nan",
    # cán bộ
    r"tieu cuc|nhan (?:tien|hoi lo)|hoi lo|nhung nhieu|vol vinh|lam tien|lam ngo",
    # kêu gọi cứu trợ
    r"(?:mong|xin|nho|can) (?:\w+ ){0,4}(?:cuu ho|cuu tro|cuu nan|giup do)|cuu (?:ho|tro) (?:\w+ ){0,3}(?:khan|tiep can|som)|co lap|"
    r"chua (?:\w+ )?(?:so tan|di doi)|nuoc (?:\w+ ){0,3}dang (?:len|cao|nhanh)|ngap (?:sau|nang|lut)",
    # nguy hiểm chung: đường sá, dây điện, ga, vật liệu nổ, nước lũ
    r"nap cong|den do (?:\w+ ){0,5}(?:khong|hong|tat)|day dien (?:\w+ ){0,3}(?:vong|dut|sat|ho)|cot dien (?:\w+ ){0,3}(?:nghieng|do|gay)|sut lun|"
    r"chap (?:chay|dien)|loi thoat (?:hiem|nan)|chiet nap|sang chiet|(?:bo|dang) chay khoi|(?:dan|bom|min|luu dan|dau dan) (?:\w+ )?(?:coi|phao|ri|chua no|con sot)|"
    r"qua (?:dan|bom|luu dan|min)|vat (?:lieu )?no|vet nut|(?:tuong|nha|cot) nghieng|sat lo|lu ve|ngap (?:toi|den|sau|nang|lut)|ap luc|chua ai (?:toi|den)|"
    r"tong (?:xe|nguoi)|bo chay|gay tai nan|tai nan (?:o|tai|gan)|xac (?:chet|nguoi|lon|dong vat|troi)|vut (?:xac|rac|kim)|khong (?:\w+ )?(?:ao phao|che bat|mu bao hiem|xich|ro mom)|khong co den\b|"
    r"ho vo|xung dien|xiet dien|go lau|thau dem|mo lau|giet mo|dong vat hoang da|ho con",
    # lừa đảo, giấy tờ giả, đời tư
    r"(?:dau tu|san|tien) (?:\w+ ){0,3}ao\b|link (?:la|doc)|duong link|tong tien|nhiem vu (?:\w+ ){0,4}hoa hong|(?:can cuoc|giay to|bang|cccd|so do|bien so) gia|"
    r"anh (?:nhay cam|ghep|nong)|ghep anh|quay len|chup len|nghe len|lot (?:ao|do|quan)|quang cao cho vay|app vay|xin anh (?:can cuoc|cccd)|"
    r"mat (?:\w+ ){0,2}(?:trieu|tram|ty)|to roi|noi dung xau|phan dong|xuyen tac|kich dong",
    # trẻ em, người yếu
    r"(?:tre|con|be|chau) (?:\w+ ){0,4}bi danh|khoc thet|bo (?:quen|roi) (?:\w+ )?(?:em be|tre|con)|xich (?:con|me|bo)|nhot",
    # súng, pháo, hàng cấm, giả danh nghề; suốt đêm; mất xe
    r"sung (?:con|hoi|san|tu che|dien)|(?:che|nem|quang) phao|ban chim|gia (?:lam )?(?:nhan vien|can bo|bac si|nguoi cua|shipper)|(?:nhom|ke|dua|doi tuong|bon) lua|"
    r"rao ban (?:bang|giay|tien|sung|dan|hang)|khong can thi|ru (?:\w+ )?(?:sang|di) (?:bien gioi|campuchia|nuoc ngoai)|khong lien lac duoc|bat coc|mat tich|"
    r"suot dem|ca (?:dem|trua)|rai dinh|bit (?:kin|loi)|che khuat|khong (?:co )?rao|khong (?:doi )?mu|giua nga (?:ba|tu|sau)|den tin hieu|bien bao|"
    r"vung ngap|ngap (?:\d|mot|hai|nua)|mat (?:chiec |con |cai )?xe (?:dap|may|dien|o to)(?: dien)? (?:o|tai|dem|sang|trua|chieu|truoc)|go (?:lau|tu trong rung)|khoi den|xa phan",
)
_WRONG = re.compile(rf"\b(?:{'|'.join(_WRONGS)})\b")
_URGING = re.compile(
    r"\b(?:(?:toi|em|minh|chau|xin|muon|can) (?:\w+ )?(?:bao (?:tin|cao|voi|cong an|cac)|to (?:giac|cao)|phan anh|trinh bao|kien nghi)|"
    r"phat hien|bao giup|(?:de nghi|yeu cau|mong|nho|can|xin) (?:\w+ ){0,4}(?:xu ly|kiem tra|can thiep|dep|vao cuoc|xuong|lam ro|xac minh|toi ngay))\b"
)
_WORRYING = re.compile(
    r"\b(?:nguy hiem|kha nghi|dang (?:nghi|ngo|lo)|rat la|mo am|lam lui|lung tung|lo (?:lang|so|ngai)|bat an|kinh hoang|buc xuc|hoang mang|"
    r"khong (?:ai )?(?:dam|an toan)|so (?:qua|lam)|bui (?:mu|phu)|vo nat|bi vo|dut)\b"
)
_SOMEBODY = re.compile(
    r"\b(?:doi tuong|thanh nien|thieu nien|thanh thieu nien|nhom|bon|dam|tui|may dua|mot (?:nguoi|nhom|ho|so)|nhieu (?:nguoi|xe|con|ho)|co (?:nguoi|ke|thang|xe)|"
    r"ai do|nguoi la|hang xom|nha (?:ben|hang xom|ong|ba|anh)|quan|xuong|lo|doan xe|xe|tau|sa lan|chu)\b"
)
_THERE_IS = re.compile(
    r"^(?:\w+ ){0,3}(?:co|thay|phat hien|nghi) (?:may |mot |hai |ba |vai |\d+ |nhieu )?(?:nguoi|nhom|ke|thang|dua|doi tuong|thanh nien|vat)\b"
    r"(?! nuoc ngoai| nha| than| quen| yeu| bao| giup| huong dan)"
)
"""“Có người lạ cứ chụp ảnh học sinh”: a sentence that begins so tells of something."""
WORDS_MIN = 5
_SOMEWHERE = re.compile(
    r"\b(?:o|tai|canh|gan|doan|dau|cuoi|giua|ngoai|sau|truoc|doc|tren|trong|khu|ben) (?:\w+ ){0,2}(?:xom|thon|lang|to dan pho|xa|phuong|ngo|hem|duong|pho|"
    r"cho|cau|truong|kenh|song|ho|suoi|de|khu|cong vien|via he|nga (?:tu|ba|sau)|quoc lo|tinh lo|cao toc|ben|benh vien|dinh|chua|nghia trang|nha hoang|"
    r"nha ben|hang xom|quan|cho|tram|bai|vuon|doi|rung|dong|day tro|nha tro|chung cu|toa nha|cong truong|cong ty|kcn|cum)\b"
)
_ASKED_OF_US = re.compile(
    r"\b(?:cong an|cac anh|cac chu|co quan|chinh quyen|ai) (?:\w+ ){0,4}(?:biet|xu ly|can thiep|quan tam|lam gi) (?:\w+ )?(?:khong|chua)\b"
    r"|\b(?:khong biet (?:phai )?lam (?:sao|gi)|lam sao bay gio|phai lam sao day|khong biet (?:\w+ ){0,8}ra sao)\b|\bsao (?:\w+ )?khong ai xu ly\b"
)
"""“… công an có biết không”: asks nothing, urges."""
_ASKING = re.compile(
    r"\b(?:thu tuc|giay to gi|can (?:gi|nhung)|co (?:can|phai|bi|duoc)|co the (?:\w+ ){0,8}khong|nhu the nao|the nao|nhu nao|lam (?:sao|gi|the nao)|phai lam|"
    r"o dau|cho nao|bao nhieu|bao lau|may (?:nam|ngay|tuoi)|duoc khong|so (?:nao|may)|la gi|muc phat|bi phat|phat (?:bao|the|nguoi)|di tu|"
    r"ai (?:co|quan ly|cap|lam|dua|chiu|quyet|giai quyet|phai|duoc|to chuc)|co quan nao|(?:khi|luc) nao|ra sao|hay (?:khong|la)|hinh su|hanh chinh|bi coi|"
    r"may (?:do|thang|lan|gio)|do tuoi|chi phi|tieu chuan|thu tu|tham quyen|nghi huu|(?:muc|tien|bac) luong|luong huu|muc nao|cao nhat|gi$|luat|quy dinh|xin (?:cap|phep|giay)|giay (?:phep|chung nhan|xac nhan)|dang ky|cap (?:lai|moi|doi|giay)|lam lai|dieu kien|"
    r"ho so (?:gom|can|xin)|den dau roi|tu van|khoi kien|nop don|toa nao|nao$|cho (?:em |toi |minh |chau )?hoi|xin hoi|muon hoi|hoi ve)\b|\b(?:khong|chua)(?: a| ad| vay| nhi| the| ban)*$"
)
_COMMERCE = re.compile(
    r"\b(?:shop|san pham|giao hang|giao do an|don hang|dat hang|mua hang|hang kem|kem chat luong|bao hanh|ngan hang|atm|the tin dung|"
    r"tong dai|nhan vien|khach hang|ship|shipper|khuyen mai|internet|wifi|mang di dong|nha mang|goi cuoc|quang cao san|tra hang|"
    r"doi hang|vietcombank|vcb|bidv|agribank|vietinbank|remote|quan ao)\b"
)
_CRIME = re.compile(
    r"\b(?:chiem doat|doi tuong|hang trang|bi (?:\w+ ){0,3}bao hanh|bao hanh (?:vo|con|tre|chau|me)|to giac|to cao|trinh bao|bao cong an|ma tuy|cuop|trom|danh (?:bac|nhau|nguoi|dap)|de doa|gia danh|mao danh|phao no|phao hoa no|lua (?:viec|ban|sang|qua)|(?:mat|het) (?:\w+ ){0,2}(?:trieu|tram|ty))\b"
)
"""What makes even talk of a shop or a bank a matter for the police."""


def asks_something(text: str) -> bool:
    """Is it a question rather than a report? Who urges somebody to act asks nothing."""
    words = _ASKED_OF_US.sub(" ", heard(text))
    urges = _URGING.search(words) is not None
    return bool(_ASKING.search(words) or (text.rstrip().endswith("?") and not urges))


def tells_of_a_wrong(text: str) -> bool:
    """Do these words report a wrong rather than ask about a procedure or complain of a shop?"""
    if asks_something(text):
        return False
    words = _ASKED_OF_US.sub(" ", heard(text))
    urges = _URGING.search(words) is not None
    if _COMMERCE.search(words) and not _CRIME.search(words):
        return False
    if _WRONG.search(words):
        return True
    if _THERE_IS.search(words) and len(words.split()) >= WORDS_MIN:
        return True
    told = _SOMEBODY.search(words) or _SOMEWHERE.search(words)
    return bool(told and (urges or _WORRYING.search(words)))
