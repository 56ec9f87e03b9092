"""Short commands a citizen types instead of pressing a button; compared without accents."""

from __future__ import annotations

from domain.messages import Text
from domain.vietnamese import fold

STOP = frozenset(
    fold(w) for w in ("hủy", "huỷ", "hủy bỏ", "dừng", "thôi", "không gửi nữa", "dừng lại", "stop")
)
DONE = frozenset(
    fold(w) for w in ("xong", "gửi", "gửi đi", "hết", "đủ rồi", "xong rồi", "ok gửi", "hoàn tất")
)
EDIT = frozenset(fold(w) for w in ("sửa", "sửa lại", "viết lại", "sửa nội dung"))
MENU = frozenset(fold(w) for w in ("menu", "bắt đầu", "về menu", "trang chủ", "start", "về đầu"))
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
YES = frozenset(fold(w) for w in ("có", "vâng", "đúng", "ok", "dạ", "ừ", "đồng ý", "được"))
NO = frozenset(fold(w) for w in ("không", "ko", "không phải", "thôi", "không cần"))
PROCEDURES = frozenset(
    fold(w) for w in ("thủ tục", "hỏi thủ tục", "thủ tục hành chính", "danh sách thủ tục", "các lĩnh vực")
)


def is_one_of(said: object, words: frozenset[str]) -> bool:
    """Did the citizen type exactly one of these commands (accents, case and end marks aside)?"""
    return isinstance(said, Text) and fold(said.text).strip(" .!?,;:") in words
