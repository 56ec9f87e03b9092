"""Puts a broadcast before the followers of an OA's page: Zalo takes an article, made first, then broadcast.

Making the article shows it on the page to nobody's harm; broadcasting it is the send that must not happen twice.
docs/zalo.md, "Articles".
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.oa_door import OaDoor, OfThisMessage
from bot.public_media import addresses_of
from bot.zalo.client import ZaloClient
from bot.zalo.tokens import Tokens
from data import articles, leases
from data.pace import Granted, take
from data.session import Database
from domain.errors import SlowDown, TryAgainLater, WillNeverWork, WindowClosed
from domain.posts import Article

log = structlog.get_logger()

ONE_AT_A_TIME = timedelta(seconds=60)
"""How long one worker may be about an article before another tries."""
SOMEBODY_MAKES = timedelta(seconds=2)
CLOCKS_APART = timedelta(minutes=5)
IN_THE_MAKING = -214
NOT_KNOWN = -201
FOLLOWERS_FULL = (
    "Zalo báo người quan tâm trang đã nhận đủ số tin cho phép; mời trực ban đăng tay hoặc gửi lại ngày mai."
)


class SomebodyMakesIt(SlowDown, OfThisMessage):
    """Another worker has the article made just now."""


class InTheMaking(TryAgainLater, OfThisMessage):
    """Zalo has not finished the article: no fault of the official account."""


class PageSender:
    """Any number of threads and processes may use one; an article is made once for each OA."""

    def __init__(
        self,
        database: Database,
        client: ZaloClient,
        tokens: Tokens,
        *,
        clock: Callable[[], datetime],
        public_url: str,
    ) -> None:
        self._database = database
        self._client = client
        self._door = OaDoor(database, tokens, clock=clock)
        self._clock = clock
        self._public_url = public_url

    def send(self, oa_id: str, article: Article) -> str:
        """Broadcast `article` to all followers of the OA; return Zalo's message id ("" when it gave none).

        Raises  as GroupSender.send. Only the broadcast itself can be Unclear: what goes wrong before it is tried
                again, and an article whose making was unclear is looked for before it is made once more
        """
        return self._door.through(oa_id, lambda token: self._broadcast(oa_id, token, article))

    def _broadcast(self, oa_id: str, token: str, article: Article) -> str:
        article_id = self._article_id(oa_id, token, article)
        self._pace(oa_id)
        try:
            return self._client.broadcast_article(token, article_id).message_id or ""
        except WindowClosed as error:
            raise WillNeverWork(FOLLOWERS_FULL, error.code) from error
        except WillNeverWork as error:
            if error.code == NOT_KNOWN:
                self._forget(oa_id, article)
            raise

    def _forget(self, oa_id: str, article: Article) -> None:
        """Zalo does not know it, perhaps it was deleted on the page: when an officer tries again it is made anew."""
        with self._database.transaction() as session:
            articles.forget(session, oa_id, article.digest)

    def _article_id(self, oa_id: str, token: str, article: Article) -> str:
        with self._database.reading() as session:
            known = articles.find(session, oa_id, article.digest)
        if known is not None and known.article_id:
            return known.article_id
        name, holder = f"article:{oa_id}:{article.digest}", secrets.token_hex(8)
        with self._database.transaction() as session:
            if not leases.hold(session, name, holder, now=self._clock(), ttl=ONE_AT_A_TIME):
                raise SomebodyMakesIt("Bài viết đang được tạo trên trang.", wait=SOMEBODY_MAKES)
        try:
            return self._made(oa_id, token, article)
        finally:
            with self._database.transaction() as session:
                leases.let_go(session, name, holder)

    def _made(self, oa_id: str, token: str, article: Article) -> str:
        digest = article.digest
        with self._database.reading() as session:
            row, known = articles.find(session, oa_id, digest), articles.known_ids(session, oa_id)
        at_zalo = row.token if row else None
        if row is not None and not at_zalo:  # asked for, and no answer came: it may be there
            self._pace(oa_id)
            since = row.begun_at - CLOCKS_APART
            if there := self._client.find_article(token, article.title, since=since, not_of=known):
                return self._ready(oa_id, digest, there)
        if at_zalo is None:
            at_zalo = self._ask_for(oa_id, token, article, begun=row is not None)
        self._pace(oa_id)
        try:
            return self._ready(oa_id, digest, self._client.verify_article(token, at_zalo))
        except TryAgainLater as error:
            if error.code == IN_THE_MAKING:
                raise InTheMaking(error.reason, error.code) from error
            raise
        except WillNeverWork:
            self._forget(oa_id, article)
            raise

    def _ask_for(self, oa_id: str, token: str, article: Article, *, begun: bool) -> str:
        self._pace(oa_id)
        with self._database.transaction() as session:
            articles.make_public(session, [one.key for one in article.media], now=self._clock())
            if not begun:
                articles.begin(session, oa_id, article.digest, now=self._clock())
        made = self._client.create_article(token, article, addresses_of(self._public_url, article))
        with self._database.transaction() as session:
            articles.note_token(session, oa_id, article.digest, made)
        log.info("article_made", oa_id=oa_id)
        return made

    def _ready(self, oa_id: str, digest: str, article_id: str) -> str:
        with self._database.transaction() as session:
            articles.note_ready(session, oa_id, digest, article_id)
        return article_id

    def _pace(self, oa_id: str) -> None:
        """Every call counts; the broadcast itself was counted by the caller too, which errs on the safe side."""
        now = self._clock()
        with self._database.transaction() as session:
            pace = take(session, oa_id, 1, now)
        if not isinstance(pace, Granted):
            raise SlowDown("Đã dùng hết tốc độ của trang trong phút này.", wait=pace.at - now)
