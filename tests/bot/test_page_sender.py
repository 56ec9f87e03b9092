"""Word to the followers of an OA's page: an article, made once and broadcast once, whatever breaks on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.page_sender import FOLLOWERS_FULL, InTheMaking, PageSender
from bot.zalo.article_bodies import Addresses, article_body
from data.session import Database
from data.tables import OaArticle, RateWindow
from domain.errors import SlowDown, Unclear, WillNeverWork
from domain.posts import Article, Attached, AttachedKind
from simulator.world import World
from tests.bot.make_believe import by_day, connected
from tests.conftest import Clock
from tests.town import OA

PICTURE = Attached("2026/11/24/1", AttachedKind.IMAGE, "anh.jpg", 10, "a" * 64)
PAPER = Attached("2026/11/24/2", AttachedKind.FILE, "thong bao.pdf", 10, "b" * 64)
LOST = Article("Tìm cháu An", "KHẨN: tìm cháu An.\n\nGọi 113.", (PICTURE, PAPER))


class Page:
    """A page with two followers, and who sends to it."""

    def __init__(self, world: World, database: Database, sender: PageSender) -> None:
        self.world, self.database, self.sender = world, database, sender

    @property
    def heard(self) -> list[str]:
        """Titles of what was broadcast."""
        return [self.world.articles[one.article_id].body["title"] for one in self.world.broadcasts]


@pytest.fixture
def clock() -> Clock:
    return by_day()


@pytest.fixture
def page(sqlite_database: Database, tmp_path: Path, clock: Clock) -> Iterator[Page]:
    with connected(sqlite_database, tmp_path, clock) as (world, client, tokens):
        for resident in list(world.residents.values())[:2]:
            resident.follows.add(OA)
        sender = PageSender(
            sqlite_database, client, tokens, clock=clock, public_url="https://congan.example.vn/"
        )
        yield Page(world, sqlite_database, sender)


def test_the_followers_get_an_article_with_words_pictures_and_the_file(page: Page):
    assert page.sender.send(OA, LOST) == page.world.broadcasts[0].message_id
    (article,) = page.world.articles.values()
    base = "https://congan.example.vn/tuyen-truyen/tep"
    assert article.body["cover"]["photo_url"] == f"{base}/{PICTURE.key}"
    assert [one.get("content") or one.get("url") for one in article.body["body"]] == [
        "KHẨN: tìm cháu An.",
        "Gọi 113.",
        f"Tệp kèm theo: thong bao.pdf: {base}/{PAPER.key}",
        f"{base}/{PICTURE.key}",
    ]
    assert len(page.world.broadcasts[0].reached) == 2
    assert page.world.chats["nguoi-dan-1", OA][0].text.startswith("Tìm cháu An\n")


def test_without_pictures_the_cover_is_ours_and_long_words_are_cut_for_the_description_only():
    body = article_body(Article("Tin", "chữ " * 200), Addresses("https://x.vn/bia.png", {}))
    assert body["cover"]["photo_url"] == "https://x.vn/bia.png"
    assert len(body["description"]) == 300
    assert body["body"][0]["content"] == "chữ " * 200


def test_an_article_that_is_still_being_made_is_asked_for_again_not_made_again(page: Page, clock: Clock):
    page.world.article_takes = timedelta(minutes=1)
    for _ in range(2):
        with pytest.raises(InTheMaking):
            page.sender.send(OA, LOST)
    assert page.heard == []
    page.world.clock.advance(timedelta(minutes=1))
    page.sender.send(OA, LOST)
    assert (len(page.world.articles), page.heard) == (1, ["Tìm cháu An"])


def test_an_article_whose_making_was_not_answered_is_found_and_not_made_twice(page: Page):
    page.world.chaos.drop_after_accept = 1.0
    with pytest.raises(Exception, match="chưa rõ"):
        page.sender.send(OA, LOST)
    assert (len(page.world.articles), page.heard) == (1, [])
    page.world.chaos.drop_after_accept = 0.0
    page.sender.send(OA, LOST)
    assert (len(page.world.articles), page.heard) == (1, ["Tìm cháu An"])


def test_an_older_article_of_the_same_title_is_never_taken_for_it(page: Page):
    page.sender.send(OA, LOST)
    corrected = Article(LOST.title, "Đính chính: cháu Anh.")
    page.world.chaos.change({"next_error": -200, "next_count": 1})  # the making fails, no article is there
    with pytest.raises(Exception, match="không thành công"):
        page.sender.send(OA, corrected)
    page.sender.send(OA, corrected)
    newest = page.world.articles[page.world.broadcasts[-1].article_id]
    assert newest.body["body"][0]["content"] == "Đính chính: cháu Anh."


def test_a_broadcast_that_was_not_answered_is_unclear_and_sent_once(page: Page):
    page.sender.send(OA, Article("Một", "Tin một"))
    with page.database.transaction() as session:
        ready = session.query(OaArticle).one()
        ready.digest = LOST.digest  # the article is there already: only the broadcast is left to do
    page.world.chaos.drop_after_accept = 1.0
    with pytest.raises(Unclear):
        page.sender.send(OA, LOST)
    assert len(page.world.broadcasts) == 2


def test_the_same_words_again_are_the_same_article(page: Page):
    page.sender.send(OA, LOST)
    page.sender.send(OA, LOST)
    assert (len(page.world.articles), len(page.world.broadcasts)) == (1, 2)


def test_at_night_zalo_takes_nothing_and_says_when(page: Page, clock: Clock):
    page.world.clock.advance(timedelta(hours=13))  # 23:00 in Vietnam
    with pytest.raises(SlowDown):
        page.sender.send(OA, LOST)
    assert page.heard == []


def test_followers_who_had_their_share_are_said_in_words_for_a_page(page: Page):
    page.sender.send(OA, LOST)
    page.world.chaos.change({"next_error": -218, "next_count": 1})
    with pytest.raises(WillNeverWork, match=FOLLOWERS_FULL[:30]):
        page.sender.send(OA, LOST)


def test_an_article_that_was_taken_down_is_forgotten_so_that_a_retry_makes_it_anew(page: Page):
    page.sender.send(OA, LOST)
    page.world.articles.clear()
    with pytest.raises(WillNeverWork):
        page.sender.send(OA, LOST)
    page.sender.send(OA, LOST)
    assert len(page.world.articles) == 1


def test_every_call_counts_for_the_pace(page: Page, clock: Clock):
    page.sender.send(OA, LOST)
    with page.database.reading() as session:
        used = {row.scope: row.used for row in session.query(RateWindow)}
    assert used == {"app": 3, f"oa:{OA}": 3}  # made, verified, broadcast
