"""A record as the resident sees it, message by message: the one place of the console that knows the card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.cards import card, topic_card
from domain.procedures import Procedure, Topic


def messages_of(body: Mapping[str, Any]) -> list[str]:
    """The messages of a procedure's card. Raises nothing for a record that keeps the rules of the catalogue."""
    return card(Procedure.from_json(body))


def messages_of_topic(body: Mapping[str, Any]) -> list[str]:
    return topic_card(Topic.from_json(body))
