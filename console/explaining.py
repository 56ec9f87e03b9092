"""Why the bot answers as it does, asked of the matcher that answers residents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from domain.explaining import Explanation
from domain.matching import Matcher
from domain.procedures import Decision

DECISION_WORDS: Mapping[Decision, tuple[str, str]] = {
    Decision.ANSWER: ("Trả lời ngay", "green"),
    Decision.CHOOSE: ("Hỏi lại", "blue"),
    Decision.DECLINE: ("Nói chưa chắc", "gold"),
    Decision.URGENT: ("Hướng dẫn gọi khẩn cấp", "red"),
    Decision.TIP: ("Mời gửi tin báo", "violet"),
    Decision.OTHER: ("Không phải câu hỏi", "gray"),
}
"""Decision → what officers read, and the colour of it."""
_PLAINLY: Mapping[Decision, str] = {
    Decision.ANSWER: "Mục đứng đầu đủ điểm và bỏ xa mục sau nên bot trả lời ngay.",
    Decision.CHOOSE: "Có mục gần đúng nhưng chưa đủ chắc chắn nên bot hỏi lại người dân.",
    Decision.DECLINE: "Không mục nào đủ gần câu hỏi nên bot nói chưa chắc và mời chọn lĩnh vực hoặc gặp cán bộ.",
    Decision.URGENT: "Câu có lời báo nguy hiểm đang xảy ra nên bot hướng dẫn gọi 113, 114, 115 trước.",
    Decision.TIP: "Câu kể lại một sự việc nên bot mời gửi tin báo.",
    Decision.OTHER: "Trong câu không có chữ nào để tra cứu.",
}


def explain(matcher: Matcher, question: str) -> Explanation:
    """The whole story of one question, what was decided said plainly first."""
    found = matcher.explain(question)
    return replace(found, reasons=(_PLAINLY[found.decision], *found.reasons))
