"""Labels that stand in TOML files are found for the translations; what residents read is not."""

from __future__ import annotations

from io import BytesIO

from console.translations.labels import toml
from data.broadcast_kinds import FILE, kinds

SOURCE = """
[scam]
label = "Cảnh báo lừa đảo"
template = "CẢNH BÁO LỪA ĐẢO"
[scam.fields.trick]
label = "Thủ đoạn"
[[more]]
label = "Khác"
"""


def test_every_label_is_found_and_nothing_else() -> None:
    found = [words for _, _, words, _ in toml(BytesIO(SOURCE.encode()), {}, (), {})]

    assert found == ["Cảnh báo lừa đảo", "Thủ đoạn", "Khác"]


def test_the_labels_are_those_the_console_shows() -> None:
    with FILE.open("rb") as file:
        found = {words for _, _, words, _ in toml(file, {}, (), {})}  # type: ignore[arg-type]

    shown = {kind.label for kind in kinds().values()} | {
        field.label for kind in kinds().values() for field in kind.fields
    }
    assert found == shown
