"""How was the service? From a closed tip to the marks of a unit, and every complaint to its answer."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import requests
from sqlalchemy import select

from data import survey_codes
from data.tables import Complaint, SurveyAnswer, Tip, UnitRow
from tests.citizen import Citizen
from tests.officer import Officer
from tests.stories.test_tips import BAC_GIANG
from tests.town import Town


def a_closed_tip(town: Town) -> tuple[Citizen, Officer]:
    citizen = (
        town.citizen().begins_a_tip().says("Nhà bên hát karaoke ồn ào").sends_location(*BAC_GIANG).sends_it()
    )
    officer = town.officer("duty", unit="07210")
    tip = officer.opens_newest_tip().is_taken()
    officer.posts(f"{tip.path}/trang-thai", to="done", words="Đã nhắc nhở gia đình đó.")
    assert citizen.was_told("Đã nhắc nhở gia đình đó.")
    citizen._read = len(citizen.told())
    return citizen, officer


def answers(town: Town) -> list[SurveyAnswer]:
    with town.database.reading() as session:
        return list(session.scalars(select(SurveyAnswer).order_by(SurveyAnswer.id)))


def test_three_taps_after_a_tip_is_settled_and_nobody_is_asked_twice(town: Town) -> None:
    citizen, _ = a_closed_tip(town)
    assert "Chấm điểm phục vụ" not in citizen.buttons(), "first things first"
    citizen.presses("Đã giải quyết")
    assert "đơn vị không biết ai chấm" in citizen.last_words()
    assert citizen.buttons() == ["Chấm điểm phục vụ", "Không hỏi tôi nữa"]
    citizen.presses("Chấm điểm phục vụ")
    assert "Công an phường Bắc Giang" in citizen.last_words()
    citizen.presses("Hài lòng").presses("Thiếu “4 luôn”").presses("Xong, đúng hẹn")
    [kept] = answers(town)
    assert (kept.mark, kept.state, kept.channel) == (72.5, "counted", "chat")
    citizen.says("Các anh nói hơi to, gọi tôi số 0912345678")
    assert "Xin cảm ơn bạn" in citizen.last_words()
    [kept] = answers(town)
    assert "hơi to" in kept.words
    assert "0912345678" not in kept.words
    citizen.presses("Chấm điểm phục vụ")
    assert "đã được chấm điểm rồi" in citizen.last_words()
    assert len(answers(town)) == 1


def test_what_is_kept_of_an_answer_does_not_lead_to_the_tip_or_its_reporter(town: Town) -> None:
    citizen, _ = a_closed_tip(town)
    citizen.presses("Đã giải quyết").presses("Chấm điểm phục vụ")
    citizen.says("1").says("giu dung ca").says("3")
    citizen.presses("Không nhắn thêm")
    [kept] = answers(town)
    with town.database.reading() as session:
        tip = session.scalars(select(Tip)).one()
    written = " ".join(str(value) for value in vars(kept).values())
    assert tip.code not in written
    assert str(tip.citizen) not in written
    assert kept.given == {"overall": "5", "manner": "all", "result": "open"}


def test_a_bad_mark_opens_a_case_which_is_answered_in_the_chat_and_may_go_on(town: Town) -> None:
    citizen, _ = a_closed_tip(town)
    citizen.presses("Chưa giải quyết")
    assert "đã được mở lại" in citizen.last_words()
    citizen.presses("Chấm điểm phục vụ").presses("Rất không hài lòng").presses("Thiếu “4 xin”").presses(
        "Chưa xong"
    )
    assert "Xin lỗi bạn" in citizen.last_words()
    code = citizen.last_words().split("mã ")[1].split(";")[0]
    citizen.says("Đến nơi chỉ nhìn rồi về")
    assert code in citizen.last_words()

    head = town.officer("unit_head", unit="07210")
    assert "Đến nơi chỉ nhìn rồi về" in head.goes_to("/console/phan-anh").page
    with town.database.reading() as session:
        case = session.scalars(select(Complaint)).one()
    path = f"/console/phan-anh/{case.id}"
    head.goes_to(path).posts(f"{path}/trang-thai", to="answered", words="Đã xin lỗi và cử tổ khác xuống.")
    assert citizen.was_told("Đã xin lỗi và cử tổ khác xuống.")
    citizen._read = len(citizen.told())
    citizen.presses("Tôi chưa đồng ý")
    assert "Thanh tra" in citizen.last_words()
    assert "Người dân chưa đồng ý" in town.officer("inspector").goes_to("/console/phan-anh").page
    citizen.says(code)
    assert "đang được xác minh" in citizen.last_words()
    assert "Tôi chưa đồng ý" not in citizen.buttons(), "once"
    stranger = town.officer("unit_head", unit="07228")
    assert stranger.goes_to(path).status == 404


def test_words_that_accuse_police_go_past_the_unit(town: Town) -> None:
    citizen, _ = a_closed_tip(town)
    citizen.presses("Đã giải quyết").presses("Chấm điểm phục vụ")
    citizen.presses("Rất hài lòng").presses("Có điều trong “5 không”").presses("Xong, đúng hẹn")
    citizen.says("Cán bộ công an phường đòi tiền")
    assert (
        "đòi tiền" not in town.officer("unit_head", unit="07210").goes_to("/console/phan-anh?loc=tat-ca").page
    )
    assert "đòi tiền" in town.officer("inspector").goes_to("/console/phan-anh").page


def test_who_wants_no_more_questions_gets_none_and_may_still_speak(town: Town) -> None:
    citizen, officer = a_closed_tip(town)
    citizen.presses("Đã giải quyết").presses("Không hỏi tôi nữa")
    assert "không mời bạn chấm điểm nữa" in citizen.last_words()
    citizen.begins_a_tip().says("Lại hát").sends_location(*BAC_GIANG).sends_it()
    tip = officer.opens_newest_tip().is_taken()
    officer.posts(f"{tip.path}/trang-thai", to="done", words="Đã lập biên bản.")
    assert citizen.was_told("Đã lập biên bản.")
    citizen._read = len(citizen.told())
    citizen.presses("Đã giải quyết")
    assert "Chấm điểm" not in citizen.last_words()
    citizen.says("góp ý phục vụ").presses("Công an phường Bắc Giang")
    assert "hài lòng đến mức nào" in citizen.last_words()


def test_a_code_of_a_board_leads_to_its_unit_and_a_new_wish_ends_the_survey_without_ado(town: Town) -> None:
    with town.database.transaction() as session:
        unit = session.scalars(
            select(UnitRow.id).where(UnitRow.code == "07228", UnitRow.valid_to.is_(None))
        ).one()
        code = survey_codes.of_unit(session, unit, now=datetime.now(UTC))
    citizen = town.citizen().says(f"khảo sát {code.lower()}")
    assert "Công an phường Đa Mai" in citizen.last_words()
    citizen.presses("Hài lòng").says("làm hộ chiếu cần giấy tờ gì")
    assert "hộ chiếu" in citizen.last_words().lower()
    assert answers(town) == []
    citizen.says(f"khao sat {code}")
    assert citizen.was_told("Bạn đang chấm điểm Công an phường Đa Mai")
    citizen = town.citizen().says(code)
    citizen.says("1").says("1").says("1").presses("Gửi phản ánh")
    citizen.says("Biển chỉ dẫn khó thấy")
    assert "PA-" in citizen.last_words()
    assert [one.unit_id for one in answers(town)] == [unit]
    citizen.says(f"khảo sát {code}")
    assert "mỗi người chấm một lần trong 30 ngày" in citizen.last_words()
    citizen.says("PA-AAAA-AAAA-A")
    assert "không tìm thấy" in citizen.last_words()


def test_from_a_board_on_the_wall_to_a_mark(town: Town) -> None:
    """Whoever opens the board of a unit finds its survey; the code is the same for everybody after."""
    browser = requests.Session()
    board = browser.get(f"{town.bot}/bang/xa?don-vi=07210", timeout=10).text
    link = re.search(r"/khao-sat/([A-Z0-9-]+)", board)
    assert link
    assert link[0] in browser.get(f"{town.bot}/bang/xa?don-vi=07210", timeout=10).text
    page = browser.get(town.bot + link[0], timeout=10).text
    form = re.search(r'name="form" value="([^"]+)"', page)
    assert form
    given = {"form": form[1], "overall": "5", "manner": "all", "result": "done"}
    assert "cảm ơn" in browser.post(town.bot + link[0], data=given, timeout=10).text.lower()
    [kept] = answers(town)
    assert (kept.unit_id.split("@")[0], kept.channel) == ("07210", "web")
