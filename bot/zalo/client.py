"""The only caller of Zalo. Every door: ids are text, errors come in a 200 body, nothing is repeated here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.zalo.answers import (
    GroupPage,
    OaProfile,
    Sent,
    TokenPair,
    article_from,
    as_text,
    error_code,
    groups_from,
    life_from,
    profile_from,
    sent_from,
)
from bot.zalo.article_bodies import Addresses, article_body
from bot.zalo.bodies import buttons_payload, checked, file_message, image_message
from bot.zalo.codes import TOO_FAST, error_for, until_next_minute
from bot.zalo.wire import TIMEOUT, Answer, NoAnswer, NotSent, Wire
from domain.errors import OfficialAccountDown, SlowDown, TryAgainLater, Unclear, WillNeverWork
from domain.messages import REPLY_TEXT_MAX, Button
from domain.posts import Article
from domain.reasons import FILE_SIZE
from domain.said import said

GROUP_TEXT_MAX = 2000
"""Characters in a group message; Zalo does not say, so as for citizens (docs/zalo.md, "Group text")."""
IMAGE_MAX = 1 << 20
GIF_MAX = FILE_MAX = 5 << 20
"""Bytes (docs/zalo.md, "Upload")."""

_CANNOT_CONNECT = "Không kết nối được tới Zalo."
_NO_ANSWER = "Mất kết nối sau khi đã gửi; chưa rõ Zalo đã nhận hay chưa."
_BUSY = "Máy chủ Zalo đang bận."
_STRANGE = "Zalo trả lời không đọc được; chưa rõ tin đã gửi hay chưa."


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ZaloClient:
    """Calls Zalo. Any number of threads may use one client.

    api_url, oauth_url  without a slash at the end
    pool_size           connections kept open per host: as many as there are sending threads
    clock               aware UTC; how long SlowDown waits depends on it
    Every call may raise TryAgainLater, SlowDown, WillNeverWork, TokenRefused and the others of codes.TABLE;
    sends also Unclear. Waits at most TIMEOUT. Messages of errors hold no words, ids or tokens.
    """

    def __init__(
        self,
        api_url: str,
        oauth_url: str,
        app_id: str,
        app_secret: str,
        *,
        pool_size: int = 16,
        timeout: tuple[float, float] = TIMEOUT,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._api_url = api_url
        self._oauth_url = oauth_url
        self._app_id = app_id
        self._app_secret = app_secret
        self._clock = clock
        self._wire = Wire(pool_size=pool_size, timeout=timeout)

    def close(self) -> None:
        self._wire.close()

    # -- tokens ---------------------------------------------------------------------------------------------

    def refresh(self, refresh_token: str) -> TokenPair:
        """Trade the refresh token for a new pair. It works once: have the new pair stored before anything else.

        Raises  OfficialAccountDown (Zalo refuses the token or the app), TryAgainLater, SlowDown;
                Unclear when it left and no answer came: the old token may be used up
        Source  docs/zalo.md, "OAuth"
        """
        try:
            answer = self._wire.ask(
                "POST",
                f"{self._oauth_url}/v4/oa/access_token",
                headers={"secret_key": self._app_secret},
                form={
                    "grant_type": "refresh_token",
                    "refresh_token": refresh_token,
                    "app_id": self._app_id,
                },
            )
        except NotSent:
            raise TryAgainLater(_CANNOT_CONNECT) from None
        except NoAnswer:
            raise Unclear(_NO_ANSWER) from None
        body = answer.body or {}
        access_token, refresh_token = as_text(body.get("access_token")), as_text(body.get("refresh_token"))
        if access_token:
            return TokenPair(access_token, refresh_token, life_from(body.get("expires_in")))
        code = error_code(body)
        if code == TOO_FAST:
            raise error_for(code, now=self._clock())
        if code and answer.status < 500:
            raise OfficialAccountDown(f"Zalo OAuth {code}")
        raise self._no_envelope(answer)

    # -- to one citizen -------------------------------------------------------------------------------------

    def send_text(
        self,
        access_token: str,
        user_id: str,
        text: str,
        buttons: Sequence[Button] = (),
        quote: str | None = None,
    ) -> Sent:
        """Write `text` to one citizen, with at most BUTTONS_MAX buttons under it.

        text    NFC, 1 to REPLY_TEXT_MAX characters
        quote   a message id to answer to; sent without it when Zalo does not take it
        Source  docs/zalo.md, "Text", "Buttons"
        """
        message: dict[str, Any] = {"text": checked(text, REPLY_TEXT_MAX)}
        if buttons:
            message["attachment"] = {"type": "template", "payload": {"buttons": buttons_payload(buttons)}}
        if quote:
            try:
                return self._send_to(access_token, user_id, {**message, "quote_message_id": quote})
            except WillNeverWork as error:
                if error.code != -201:
                    raise
        return self._send_to(access_token, user_id, message)

    def send_image(self, access_token: str, user_id: str, attachment_id: str, caption: str = "") -> Sent:
        """Send an uploaded picture, with at most REPLY_TEXT_MAX characters of caption.

        Raises  also UploadAgain
        Source  docs/zalo.md, "Media"
        """
        return self._send_to(access_token, user_id, image_message(attachment_id, caption))

    def send_file(self, access_token: str, user_id: str, file_token: str) -> Sent:
        """Send an uploaded file; it carries no words. Raises also UploadAgain. Source: docs/zalo.md, "Media"."""
        return self._send_to(access_token, user_id, file_message(file_token))

    # -- to a group -----------------------------------------------------------------------------------------

    def send_group_text(self, access_token: str, group_id: str, text: str) -> Sent:
        """Post `text` (NFC, 1 to GROUP_TEXT_MAX characters) to one group. Source: docs/zalo.md, "Group text"."""
        return self._send_to_group(access_token, group_id, {"text": checked(text, GROUP_TEXT_MAX)})

    def send_group_image(
        self, access_token: str, group_id: str, attachment_id: str, caption: str = ""
    ) -> Sent:
        """Post an uploaded picture. Raises also UploadAgain. Source: docs/zalo.md, "Group text"."""
        return self._send_to_group(access_token, group_id, image_message(attachment_id, caption))

    def send_group_file(self, access_token: str, group_id: str, file_token: str) -> Sent:
        """Post an uploaded file. Raises also UploadAgain. Source: docs/zalo.md, "Group text"."""
        return self._send_to_group(access_token, group_id, file_message(file_token))

    # -- to the followers of the page -------------------------------------------------------------------------

    def create_article(self, access_token: str, article: Article, addresses: Addresses) -> str:
        """Have an article made; return the token that verify_article asks with. Twice makes two articles.

        Source  docs/zalo.md, "Articles"
        """
        body = article_body(article, addresses)
        data = self._call("POST", "/v2.0/article/create", access_token, message=body)
        return self._named(data, "token")

    def verify_article(self, access_token: str, token: str) -> str:
        """The id of the article once it is ready; TryAgainLater (-214) until then. Source: docs/zalo.md, "Articles"."""
        data = self._call("POST", "/v2.0/article/verify", access_token, message={"token": token})
        return self._named(data, "id")

    def find_article(
        self, access_token: str, title: str, *, since: datetime, not_of: Collection[str]
    ) -> str | None:
        """The id of the newest article of this title made since then, among the newest ten and not of `not_of`.

        Source  docs/zalo.md, "Articles"
        """
        query = {"offset": "0", "limit": "10", "type": "normal"}
        data = self._call("GET", "/v2.0/article/getslice", access_token, params=query)
        return article_from(data, title, since=since, not_of=not_of)

    def broadcast_article(self, access_token: str, article_id: str) -> Sent:
        """Send an article to all followers of the OA: once, so doubt is Unclear. Source: docs/zalo.md, "Articles"."""
        element = {"media_type": "article", "attachment_id": article_id}
        attachment = {"type": "template", "payload": {"template_type": "media", "elements": [element]}}
        body = {"recipient": {"target": {"gender": "0"}}, "message": {"attachment": attachment}}
        return sent_from(self._call("POST", "/v2.0/oa/message", access_token, message=body, once=True))

    def _named(self, data: Mapping[str, Any], name: str) -> str:
        if found := as_text(data.get(name)):
            return found
        raise TryAgainLater("Zalo nhận bài viết nhưng không trả về mã.")

    # -- uploads --------------------------------------------------------------------------------------------

    def upload_image(self, access_token: str, name: str, content: bytes) -> str:
        """Leave a JPG or PNG of at most IMAGE_MAX bytes with Zalo; return its attachment id.

        Good for about a week (then UploadAgain). Source: docs/zalo.md, "Upload"
        """
        return self._upload("image", access_token, name, content, IMAGE_MAX)

    def upload_gif(self, access_token: str, name: str, content: bytes) -> str:
        """As upload_image, for a GIF of at most GIF_MAX bytes."""
        return self._upload("gif", access_token, name, content, GIF_MAX)

    def upload_file(self, access_token: str, name: str, content: bytes) -> str:
        """As upload_image, for a PDF, DOC or DOCX of at most FILE_MAX bytes; `name` is what the reader sees."""
        return self._upload("file", access_token, name, content, FILE_MAX)

    # -- looking --------------------------------------------------------------------------------------------

    def groups_of_oa(self, access_token: str, *, offset: int = 0, count: int = 20) -> GroupPage:
        """One page of the groups the OA belongs to. Source: docs/zalo.md, "Group text"."""
        data = self._call(
            "GET",
            "/v3.0/oa/group/getgroupsofoa",
            access_token,
            params={"offset": str(offset), "count": str(count)},
        )
        return groups_from(data)

    def oa_profile(self, access_token: str) -> OaProfile:
        """Who the token speaks for. Source: docs/zalo.md, "OAuth"."""
        return profile_from(self._call("GET", "/v2.0/oa/getoa", access_token))

    # -- how ------------------------------------------------------------------------------------------------

    def _send_to(self, access_token: str, user_id: str, message: Mapping[str, Any]) -> Sent:
        body = {"recipient": {"user_id": user_id}, "message": message}
        return sent_from(self._call("POST", "/v3.0/oa/message/cs", access_token, message=body, once=True))

    def _send_to_group(self, access_token: str, group_id: str, message: Mapping[str, Any]) -> Sent:
        body = {"recipient": {"group_id": group_id}, "message": message}
        return sent_from(self._call("POST", "/v3.0/oa/group/message", access_token, message=body, once=True))

    def _upload(self, kind: str, access_token: str, name: str, content: bytes, most: int) -> str:
        if not 0 < len(content) <= most:
            raise WillNeverWork(said(FILE_SIZE, most=most >> 20))
        data = self._call("POST", f"/v2.0/oa/upload/{kind}", access_token, file=(name, content))
        found = as_text(data.get("attachment_id")) or as_text(data.get("token"))
        if not found:
            raise TryAgainLater("Zalo nhận tệp nhưng không trả về mã tệp.")
        return found

    def _call(
        self, method: str, path: str, access_token: str, *, once: bool = False, **body: Any
    ) -> Mapping[str, Any]:
        """The `data` of the answer. once=True: doing it twice would be seen, so doubt is Unclear."""
        try:
            answer = self._wire.ask(
                method, f"{self._api_url}{path}", headers={"access_token": access_token}, **body
            )
        except NotSent:
            raise TryAgainLater(_CANNOT_CONNECT) from None
        except NoAnswer:
            raise (Unclear if once else TryAgainLater)(_NO_ANSWER) from None
        code = error_code(answer.body)
        if code:
            raise error_for(code, now=self._clock())
        data = (answer.body or {}).get("data")
        if 200 <= answer.status < 300 and (code == 0 or isinstance(data, Mapping)):
            return data if isinstance(data, Mapping) else {}
        error = self._no_envelope(answer)
        raise error if once or not isinstance(error, Unclear) else TryAgainLater(error.reason)

    def _no_envelope(self, answer: Answer) -> TryAgainLater | Unclear:
        """An answer without Zalo's error number: what a gateway in between says, mostly.

        4xx: turned away. 5xx: Zalo answered that it failed; that the message went out all the same is possible
        but rare, its echo then still settles the row before the next try, and calling every hiccup at Zalo
        "unknown" would leave citizens without an answer. 504 and a 200 nobody can read are like no answer at
        all: the machine that sends had the request, so nobody knows.
        """
        if answer.status == 429:
            return SlowDown(_BUSY, wait=until_next_minute(self._clock()))
        if answer.status >= 300 and answer.status != 504:
            return TryAgainLater(_BUSY)
        return Unclear(_STRANGE)
