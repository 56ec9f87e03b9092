"""Groups: sending, the reasons it fails, and what the OA may ask about them."""

from __future__ import annotations

import time
from typing import Any

import pytest

from simulator.world import Group
from tests.simulator.conftest import GROUP, OA, OTHER_GROUP, Receiver, Zalo


def ask(zalo: Zalo, what: str, **query: Any) -> dict[str, Any]:
    return dict(zalo.call("GET", f"/v3.0/oa/group/{what}", params=query).json())


def test_a_text_reaches_the_group_and_no_other(zalo: Zalo) -> None:
    answer = zalo.post({"text": "Thông báo cúp điện"})
    assert answer["error"] == 0
    assert set(answer["data"]) == {"message_id", "group_id"}
    [message] = zalo.look(f"groups/{GROUP}/messages")
    assert (message["from"], message["text"]) == ("oa", "Thông báo cúp điện")
    assert zalo.look(f"groups/{OTHER_GROUP}/messages") == []


@pytest.mark.parametrize(("group_id", "code"), [("ffff", -201), (None, -201), (7, -201), (OTHER_GROUP, -403)])
def test_a_group_that_is_not_there_or_not_ours(zalo: Zalo, group_id: Any, code: int) -> None:
    assert zalo.post({"text": "x"}, group_id)["error"] == code
    assert zalo.look(f"groups/{OTHER_GROUP}/messages") == []


def test_an_expired_group_and_one_that_threw_the_oa_out(zalo: Zalo) -> None:
    zalo.control(f"groups/{GROUP}", {"status": "disabled"})
    assert zalo.post({"text": "x"})["error"] == -237
    zalo.control(f"groups/{GROUP}", {"status": "enabled", "oa_is_member": False})
    assert zalo.post({"text": "x"})["error"] == -403
    zalo.control(f"groups/{GROUP}", {"oa_is_member": True})
    assert zalo.post({"text": "x"})["error"] == 0


def test_the_limits_of_a_text(zalo: Zalo) -> None:
    assert zalo.post({"text": "á" * 2001})["error"] == -210
    assert zalo.post({"text": "á" * 2000})["error"] == 0
    assert zalo.post({"text": ""})["error"] == -201


def test_buttons_do_not_exist_in_groups(zalo: Zalo) -> None:
    button = {"type": "oa.query.show", "title": "Hỏi", "payload": "hỏi"}
    attachment = {"type": "template", "payload": {"buttons": [button]}}
    assert zalo.post({"text": "x", "attachment": attachment})["error"] == -233


def test_groups_come_in_pages_and_only_our_own(zalo: Zalo) -> None:
    zalo.world.add_groups(Group(f"{number:020x}", f"Nhóm {number}", OA) for number in range(1, 7))
    first = ask(zalo, "getgroupsofoa")["data"]
    assert (first["total"], first["group_count"], first["offset"]) == (7, 5, 0)
    rest = ask(zalo, "getgroupsofoa", offset=5, count=50)["data"]
    names = [group["name"] for group in first["groups"] + rest["groups"]]
    assert names == ["Tổ dân phố 5", *(f"Nhóm {number}" for number in range(1, 7))]
    assert ask(zalo, "getgroupsofoa", offset="x")["error"] == -201


def test_a_group_in_detail(zalo: Zalo) -> None:
    data = ask(zalo, "getgroup", group_id=GROUP)["data"]
    assert data["group_info"]["name"] == "Tổ dân phố 5"
    assert data["group_info"]["status"] == "enabled"
    assert data["group_info"]["max_member"] == "1000"
    assert data["asset_info"]["auto_renew"] == "false"
    assert ask(zalo, "getgroup", group_id="ffff")["error"] == -201


def test_members_begin_with_the_oa(zalo: Zalo) -> None:
    data = ask(zalo, "listmember", group_id=GROUP, offset=0, count=2)["data"]
    assert data["members"][0]["oa_id"] == OA
    assert data["members"][1]["user_id"] == zalo.user_id
    assert data["member_count"] == 2


def test_making_renaming_and_ending_a_group(zalo: Zalo, told: Receiver) -> None:
    made = zalo.call("POST", "/v3.0/oa/group/creategroupwithoa", json={"group_name": "Tổ dân phố 6"}).json()
    group_id = made["data"]["group_id"]
    assert told.wait_for("create_group")[0].json["group_id"] == group_id

    body = {"group_id": group_id, "group_name": "Tổ dân phố số 6"}
    answer = zalo.call("POST", "/v3.0/oa/group/updateinfo", json=body).json()
    assert answer["data"]["group_info"]["name"] == "Tổ dân phố số 6"
    assert told.wait_for("update_group_info")[0].json["group_id"] == group_id

    assert zalo.call("POST", "/v3.0/oa/group/delete", json={"group_id": group_id}).json()["error"] == 0
    assert told.wait_for("delete_group")[0].json["group_id"] == group_id
    assert zalo.post({"text": "x"}, group_id)["error"] == -201
    assert zalo.call("POST", "/v3.0/oa/group/creategroupwithoa", json={}).json()["error"] == -201


def test_each_group_uses_up_one_asset(zalo: Zalo) -> None:
    assets = zalo.call("POST", "/v3.0/oa/quota/group", json={"quota_owner": "OA"}).json()["data"]
    assert [(one["status"], one["used_id"]) for one in assets] == [("used", GROUP)]


def test_the_history_of_a_group_is_newest_first(zalo: Zalo) -> None:
    zalo.post({"text": "một"})
    zalo.post({"text": "hai"})
    entries = ask(zalo, "conversation", group_id=GROUP)["data"]
    assert [entry["message"] for entry in entries] == ["hai", "một"]
    assert {entry["group_id"] for entry in entries} == {GROUP}


def test_a_member_writes_in_the_group(zalo: Zalo, told: Receiver) -> None:
    zalo.control(f"groups/{GROUP}/say", {"text": "Cảm ơn", "resident": "nguoi-dan-2"})
    [got] = told.wait_for("user_send_group_text")
    assert got.json["recipient"] == {"id": GROUP}
    assert got.json["oa_id"] == OA
    assert got.json["sender"] == {"id": zalo.world.residents["nguoi-dan-2"].user_ids[OA]}
    zalo.control(f"groups/{GROUP}/say", {"text": "  "}, status=400)


def test_the_wall_asks_only_for_groups_that_changed(zalo: Zalo) -> None:
    whole = zalo.look("groups")
    assert {group["group_id"] for group in whole["groups"]} == {GROUP, OTHER_GROUP}
    assert zalo.look("groups", since=whole["at"])["groups"] == []
    zalo.post({"text": "mới"})
    [card] = zalo.look("groups", since=whole["at"], wait=5)["groups"]
    assert (card["group_id"], card["count"], card["last"]["text"]) == (GROUP, 1, "mới")


def test_a_burst_to_225_groups_arrives_whole(zalo: Zalo, told: Receiver) -> None:
    ids = [f"b{number:019x}" for number in range(225)]
    zalo.world.add_groups(Group(one, f"Nhóm {one}", OA) for one in ids)
    began = time.monotonic()
    answers = [zalo.post({"text": "Tin tuyên truyền"}, one) for one in ids]
    took = time.monotonic() - began

    assert [answer["error"] for answer in answers] == [0] * 225
    assert len({answer["data"]["message_id"] for answer in answers}) == 225
    told.wait_for("oa_send_group_text", 225)
    assert took < 10
    counts = {group["group_id"]: group["count"] for group in zalo.look("groups")["groups"]}
    assert [counts[one] for one in ids] == [1] * 225
    assert counts[GROUP] == 0
