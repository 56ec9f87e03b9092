"""What a citizen says to us, and what we say back. Zalo's own field names stay in bot/zalo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# ---- what a citizen says ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Text:
    """Words. NFC, control characters taken out, at most TEXT_KEPT_MAX characters."""

    text: str
    quoted_message: str | None = None


TEXT_KEPT_MAX = 10_000
"""Characters of one message that are kept; longer words are cut, and the citizen is told."""


@dataclass(frozen=True)
class Attachment:
    """A media link. `link` dies soon and is never logged; `caption` are the citizen's words beside it."""

    link: str
    caption: str = ""


@dataclass(frozen=True)
class Photo(Attachment):
    """A picture, GIFs included."""


@dataclass(frozen=True)
class Clip(Attachment):
    """A video clip."""


@dataclass(frozen=True)
class Voice(Attachment):
    """A voice message (AMR, M4A)."""


@dataclass(frozen=True)
class Document(Attachment):
    """A file; `name` is the citizen's and is shown, never used as a path. `size` in bytes, None if not said."""

    name: str = ""
    size: int | None = None


@dataclass(frozen=True)
class Place:
    """A shared location: WGS 84 degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Sticker:
    """A sticker; it says hello, nothing more."""


@dataclass(frozen=True)
class Link:
    """A web link the citizen shared."""

    url: str
    title: str = ""


@dataclass(frozen=True)
class ContactCard:
    """A business card. Whose it is stays in the sealed event."""


@dataclass(frozen=True)
class Press:
    """A button of ours was pressed: `button` says which, `value` what it carried."""

    button: str
    value: str = ""


Said = Text | Photo | Clip | Voice | Document | Place | Sticker | Link | ContactCard | Press

# ---- what else happens --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Follow:
    """The citizen follows the OA, or opened the chat for the first time."""


@dataclass(frozen=True)
class Unfollow:
    """The citizen no longer follows the OA."""


@dataclass(frozen=True)
class Erase:
    """The citizen uses the right to have their data erased (`user_withdraw`)."""


@dataclass(frozen=True)
class Receipt:
    """Zalo says messages of ours arrived (`seen` False) or were read (`seen` True)."""

    message_ids: tuple[str, ...]
    seen: bool


@dataclass(frozen=True)
class Echo:
    """Something the OA sent. `content` is what `echo_content` of the outbox makes of the same message.

    to           user id, or group id when `group`
    by_officer   True when a person typed it in Zalo's own chat tool
    """

    message_id: str
    to: str
    group: bool
    content: str
    by_officer: bool = False


@dataclass(frozen=True)
class InGroup:
    """A member wrote in a group the OA belongs to."""

    group_id: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class GroupChange:
    """A group was made, dissolved, renamed, joined or left (`change` is Zalo's event name)."""

    group_id: str
    change: str


@dataclass(frozen=True)
class Noted:
    """A known event that asks nothing of us (reactions, tags, calls, quotas …)."""

    name: str


@dataclass(frozen=True)
class Unknown:
    """An event, or a shape of one, that nobody here knows. Kept, counted, never an exception."""

    name: str


Happening = Follow | Unfollow | Erase | Receipt | Echo | InGroup | GroupChange | Noted | Unknown


@dataclass(frozen=True)
class Event:
    """One thing Zalo told us.

    key          the same for every repeat of the event; hex, without personal data
    oa_id        which official account it is about; "" when the event does not say
    user_id      Zalo's id of the citizen, None where there is none; leaves bot/ only sealed
    occurred_at  aware UTC, by Zalo's clock
    said         messages in the order they were given; empty unless a citizen wrote to the OA
    happened     everything else; None when `said` is filled
    """

    key: str
    name: str
    app_id: str
    oa_id: str
    user_id: str | None
    occurred_at: datetime
    message_id: str | None = None
    said: tuple[Said, ...] = ()
    happened: Happening | None = None


# ---- what we say --------------------------------------------------------------------------------------

REPLY_TEXT_MAX = 2000
"""Characters of one message to a citizen (docs/zalo.md, "Text")."""
BUTTONS_MAX = 5
BUTTON_TITLE_MAX = 100


@dataclass(frozen=True)
class Button:
    """A button under a message.

    title   what the citizen reads, at most BUTTON_TITLE_MAX characters
    press   comes back as Press(button, value); the wire form is `#button:value`
    url     opens a page instead; exactly one of `press`, `url`, `phone` is set
    phone   opens the dialler
    """

    title: str
    press: Press | None = None
    url: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class Reply:
    """One message to a citizen.

    text         NFC, 1 to REPLY_TEXT_MAX characters
    buttons      at most BUTTONS_MAX
    image, file  a file of the media store to send along ("" = none)
    """

    text: str
    buttons: tuple[Button, ...] = ()
    image: str = ""
    file: str = ""
