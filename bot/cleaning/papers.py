"""Documents: every page is drawn as a picture, so that nothing in the copy can act, link or remember."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import pypdfium2
from PIL import Image

from bot.cleaning.orders import Cleaned, Order, TooMuch

SIDE = 1754
"""The longest side of a page in pixels: A4 at 150 dots an inch."""
QUALITY = 80


def clean(source: IO[bytes], view: IO[bytes], order: Order) -> Cleaned:
    """Write a PDF of pictures. Raises TooMuch; anything else (a password, say) means it cannot be read."""
    document = pypdfium2.PdfDocument(source.read())
    try:
        count = len(document)
        if order.limit.pages is not None and count > order.limit.pages:
            raise TooMuch("pages")
        pages = _drawn(document, count)
        first = next(pages)
        first.save(
            view,
            "PDF",
            save_all=True,
            append_images=pages,
            resolution=150,
            quality=QUALITY,
            creationDate=None,
        )
        return Cleaned(order.kind, first.width, first.height)
    finally:
        document.close()


def _drawn(document: pypdfium2.PdfDocument, count: int) -> Iterator[Image.Image]:
    for number in range(count):
        page = document[number]
        width, height = page.get_size()
        scale = SIDE / max(width, height, 1.0)
        if min(width, height) * scale < 1:
            raise ValueError("a page without a surface")
        drawn = page.render(scale=scale, draw_annots=False, may_draw_forms=False).to_pil().convert("RGB")
        page.close()
        yield drawn
