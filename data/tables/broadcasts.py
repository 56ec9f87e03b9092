"""Broadcasts, their runs, one delivery per group."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from data.columns import BigId
from data.tables.base import Base


class Broadcast(Base):
    """What officers want said. `status` is a domain.broadcasts.BroadcastStatus.

    audience      what data/audiences.py reads; `recipients` is what it meant when it was approved
    media         files of domain.posts.Attached as JSON, in the order they are sent; `link` goes under the text
    follows_id    the broadcast this one updates or withdraws (`follows_kind`); sent to those who got it, after it
    training      reaches nobody: its deliveries have no address
    review_due_at an urgent approval by the officer on duty has to be looked at by then; None: no review is open
    starts_at     the first time; `repeat` a text of domain/repeats.py in Vietnam time, None = once
    next_due_at   the next run; None when there is none left
    lifetime_minutes  a delivery later than this after its due time is expired, not sent
    """

    __tablename__ = "broadcasts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    kind: Mapped[str]
    urgent: Mapped[bool]
    status: Mapped[str] = mapped_column(index=True)
    audience: Mapped[dict[str, Any]]
    starts_at: Mapped[datetime | None]
    repeat: Mapped[str | None]
    ends_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None] = mapped_column(index=True)
    lifetime_minutes: Mapped[int] = mapped_column(default=1440, server_default="1440")
    author_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    pause_reason: Mapped[str | None]
    media: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    link: Mapped[str] = mapped_column(default="", server_default="")
    quiet_ok: Mapped[bool] = mapped_column(default=False, server_default=false())
    training: Mapped[bool] = mapped_column(default=False, server_default=false())
    recipients: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    follows_id: Mapped[int | None] = mapped_column(BigId, index=True)
    follows_kind: Mapped[str | None]
    review_due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Approval(Base):
    """Who said yes (or no) to exactly which content: `content_hash` covers text, media, audience, time and kind.

    verdict  yes, no; urgent: yes by the officer on duty, to be reviewed; review_ok, review_fault: the review
    """

    __tablename__ = "approvals"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcasts.id"), index=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    at: Mapped[datetime]
    content_hash: Mapped[str]
    verdict: Mapped[str]
    words: Mapped[str] = mapped_column(default="", server_default="")


class Run(Base):
    """One time a broadcast goes out. Unique per broadcast and due time: a tick that fires twice makes one."""

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcasts.id"))
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("broadcast_id", "due_at"),)


class Delivery(Base):
    """One message to one group. `state` is a domain.broadcasts.DeliveryStatus; text and media are frozen here.

    part        0, 1 …: the messages of one broadcast to one group; each waits until the one before is sent
    follows_id  as of its broadcast: waits until that one has reached the group
    posted_by   the officer who posted it by hand; `proof_key` their screenshot, `reminded_at` the last reminder
    """

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcasts.id"), index=True)
    group_code: Mapped[str] = mapped_column(ForeignKey("groups.code"))
    part: Mapped[int] = mapped_column(default=0, server_default="0")
    channel: Mapped[str]
    oa_id: Mapped[str | None]
    zalo_group_id: Mapped[str | None]
    text: Mapped[str]
    media: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    follows_id: Mapped[int | None] = mapped_column(BigId)
    content: Mapped[str]
    state: Mapped[str]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    error_code: Mapped[int | None]
    reason: Mapped[str | None]
    zalo_message_id: Mapped[str | None] = mapped_column(index=True)
    sending_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    posted_by: Mapped[int | None] = mapped_column(BigId)
    proof_key: Mapped[str | None]
    reminded_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("run_id", "group_code", "part"),
        Index("ix_deliveries_broadcast_id_group_code", "broadcast_id", "group_code"),
        Index("ix_deliveries_follows_id_group_code", "follows_id", "group_code"),
        Index(
            "ix_deliveries_open",
            "state",
            "due_at",
            "id",
            sqlite_where=sql("state IN ('waiting', 'claimed', 'sending', 'unknown')"),
            postgresql_where=sql("state IN ('waiting', 'claimed', 'sending', 'unknown')"),
        ),
    )


class SendingStop(Base):
    """The stop button over everything: while one is not lifted, nothing goes out to any group."""

    __tablename__ = "sending_stops"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    reason: Mapped[str]
    lifted_at: Mapped[datetime | None] = mapped_column(index=True)
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))


class GroupList(Base):
    """Groups an officer wants to reach again: a list with a name, for everybody who writes."""

    __tablename__ = "group_lists"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    codes: Mapped[list[str]]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    updated_at: Mapped[datetime]


class BroadcastMedia(Base):
    """A picture or file an officer put into a broadcast, or a screenshot of a post: kept in the media store.

    public_at  since then it stands in an article that everybody may read, and has an address of its own; None: never
    """

    __tablename__ = "broadcast_media"

    media_key: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    mime: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    created_at: Mapped[datetime]
    public_at: Mapped[datetime | None]


class OaUpload(Base):
    """A file that lies with Zalo for one OA: uploaded once, used until it is no longer good."""

    __tablename__ = "oa_uploads"

    oa_id: Mapped[str] = mapped_column(ForeignKey("official_accounts.oa_id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    attachment_id: Mapped[str]
    uploaded_at: Mapped[datetime]


class OaArticle(Base):
    """A broadcast as an article of an OA's page; `digest` is domain.posts.Article.digest.

    begun_at    Zalo was asked to make it, so one may be there although we never heard of it
    token       Zalo makes the article and will say its id for this; article_id: it is ready
    """

    __tablename__ = "oa_articles"

    oa_id: Mapped[str] = mapped_column(ForeignKey("official_accounts.oa_id"), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    begun_at: Mapped[datetime]
    token: Mapped[str | None]
    article_id: Mapped[str | None]


class GroupCheck(Base):
    """Somebody asked to compare the registry with Zalo's list of groups; a loop carries it out."""

    __tablename__ = "group_checks"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    asked_at: Mapped[datetime]
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    done_at: Mapped[datetime | None] = mapped_column(index=True)
    found: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class OfficerChat(Base):
    """An officer's own chat with an OA, told by a code: for tests of a broadcast and for what is to be posted.

    citizen  the opaque key of the chat; None until the code was sent
    """

    __tablename__ = "officer_chats"

    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"), primary_key=True)
    code: Mapped[str | None] = mapped_column(unique=True)
    code_until: Mapped[datetime | None]
    citizen: Mapped[str | None] = mapped_column(unique=True)
    oa_id: Mapped[str | None]
    linked_at: Mapped[datetime | None]
