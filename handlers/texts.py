"""Every Vietnamese sentence the bot says. One home for wording: short, courteous, plain.

Written in the spirit of “4 xin, 4 luôn, 5 không”. At most 2000 characters a message, 100 a button.
"""

# ---- welcome and menu -----------------------------------------------------------------------------------

WELCOME = (
    "Xin chào bạn! Đây là kênh Zalo của Công an tỉnh. Tôi là trợ lý tự động, có thể giúp bạn:\n"
    "• Hướng dẫn thủ tục hành chính: cần giấy tờ gì, phí bao nhiêu, làm ở đâu, mất mấy ngày\n"
    "• Tiếp nhận tin báo về an ninh, trật tự, kèm ảnh, video, vị trí\n"
    "• Chuyển câu hỏi của bạn tới cán bộ\n\n"
    "Bạn cứ nhắn tự nhiên, có dấu hay không dấu đều được. Ví dụ: “làm hộ chiếu cần giấy tờ gì”.\n\n"
    "Việc nguy hiểm đang xảy ra: xin gọi ngay 113 (an ninh), 114 (cháy, cứu nạn), 115 (cấp cứu)."
)
MENU = "Bạn cần giúp việc gì ạ? Bạn có thể bấm nút bên dưới, hoặc nhắn luôn điều bạn muốn hỏi."
HELP = (
    "Cách dùng:\n"
    "• Hỏi thủ tục: nhắn tự nhiên, ví dụ “mất căn cước làm lại ở đâu”.\n"
    "• Báo tin: nhắn “tin báo”, rồi kể sự việc, gửi ảnh, video, vị trí; xong thì nhắn “xong”.\n"
    "• Xem tin báo của bạn: nhắn mã tin báo, ví dụ TB-ABCD-EFGH-K.\n"
    "• Xem hồ sơ đã nộp: nhắn “tra cứu hồ sơ” và mã hồ sơ.\n"
    "• Gặp cán bộ: nhắn “gặp cán bộ”.\n"
    "• Nhắn “hủy” để dừng việc đang làm, “menu” để về đầu."
)
THANKS = "Cảm ơn bạn đã nhắn. Khi cần, bạn cứ nhắn bất cứ lúc nào nhé."
GREETING = "Xin chào bạn!"
NOTHING_TO_STOP = "Hiện không có việc nào đang làm dở. Bạn cần giúp gì thêm không ạ?"
STOPPED = "Đã dừng theo ý bạn."

BUTTON_PROCEDURES = "Hỏi thủ tục"
BUTTON_TIP = "Gửi tin báo"
BUTTON_OFFICER = "Gặp cán bộ"
BUTTON_HELP = "Hướng dẫn sử dụng"
BUTTON_MENU = "Về menu"

# ---- danger going on now -----------------------------------------------------------------------------------

URGENT = (
    "⚠️ NẾU VIỆC ĐANG XẢY RA, XIN GỌI NGAY:\n{numbers}\n"
    "Gọi điện là nhanh nhất. Tin nhắn ở đây không thay được cuộc gọi khẩn cấp. Hãy giữ an toàn cho mình trước."
)
URGENT_NUMBERS = {
    "113": "☎ 113 – Công an: cướp, đánh nhau, đe dọa, tai nạn",
    "114": "☎ 114 – Chữa cháy, cứu nạn, cứu hộ",
    "115": "☎ 115 – Cấp cứu y tế",
}
URGENT_OR_NOT = (
    "⚠️ Nếu đang CHÁY, xin gọi ngay 114 và ra nơi an toàn.\n"
    "Tin nhắn không dấu nên tôi xin hỏi lại: có phải đang cháy không ạ? Nếu là việc khác, xin bạn nhắn rõ hơn."
)
URGENT_THEN_TIP = "Khi đã an toàn, bạn có thể báo tiếp tại đây để Công an nắm thêm."
BUTTON_CALL = "Gọi {number}"

# ---- procedures ----------------------------------------------------------------------------------------------

PROCEDURE_ASK = (
    "Bạn muốn hỏi thủ tục nào ạ? Xin nhắn vài chữ, ví dụ “đăng ký tạm trú”, “đổi bằng lái xe”, "
    "hoặc chọn lĩnh vực:\n{fields}\n\nNhắn số thứ tự của lĩnh vực cũng được."
)
PROCEDURE_CHOOSE = "Để trả lời đúng, xin bạn cho biết bạn muốn hỏi việc nào:\n{choices}"
PROCEDURE_CHOOSE_TODAY = "Nay có các thủ tục sau, xin bạn chọn:\n{choices}"
PROCEDURE_NEAR = "Các mục hiện có gần với điều bạn hỏi:\n{choices}"
PROCEDURE_NEXT = "Xin lỗi bạn, tôi hiểu chưa đúng. Có phải bạn hỏi một trong các mục này không ạ?\n{choices}"
PROCEDURE_NEXT_ONE = "Xin lỗi bạn, tôi hiểu chưa đúng. Có phải bạn hỏi mục này không ạ?\n{choices}"
PROCEDURE_TELL_MORE = (
    "Xin lỗi bạn, tôi hiểu chưa đúng. Xin bạn nói rõ thêm giúp tôi:\n"
    "• Giấy tờ gì (căn cước, hộ chiếu, bằng lái, đăng ký xe, cư trú …)\n"
    "• Làm mới, đổi, hay làm lại vì mất\n"
    "• Làm cho ai (bản thân, con nhỏ, người nước ngoài, công ty)\n"
    "Ví dụ: “đổi bằng lái xe hết hạn”."
)
PROCEDURE_WAY_OUT = (
    "Xin lỗi bạn, tôi vẫn chưa hiểu đúng. Để bạn khỏi mất thời gian, xin mời chọn một cách:\n"
    "• Nhắn lại rõ hơn: giấy tờ gì, làm mới, đổi hay làm lại, làm cho ai\n"
    "• Xem các lĩnh vực rồi chọn thủ tục\n"
    "• Gặp cán bộ: cán bộ sẽ trả lời tại đây\n"
    "• Đến Công an xã, phường nơi bạn ở để hỏi trực tiếp\n"
    "• Việc khẩn cấp: gọi 113"
)
PROCEDURE_FIELD = "Lĩnh vực {field}{page}. Xin chọn thủ tục (nhắn số thứ tự):\n{choices}"
PROCEDURE_FIELD_PAGE = " (trang {page}/{pages})"
PROCEDURE_FIELD_NEXT = "\nCòn nữa: bấm “Xem thêm thủ tục” hoặc nhắn “xem thêm”."
PROCEDURE_FIELD_MORE = "\nNếu chưa thấy, xin nhắn tên thủ tục bạn cần."
PROCEDURE_UNSURE = (
    "Xin lỗi, tôi chưa chắc mình hiểu đúng câu hỏi nên không dám trả lời bừa. Bạn thử nhắn cách khác, ngắn hơn "
    "(ví dụ “cấp lại căn cước bị mất”), xem danh sách lĩnh vực, hoặc hỏi cán bộ. Việc gấp xin gọi 113."
)
PROCEDURE_ASK_SHORT = "Vâng ạ. Bạn muốn hỏi việc gì, xin nhắn cho tôi biết."
CALLED = (
    "Vâng, tôi nghe đây ạ. Bạn muốn hỏi hay báo việc gì, xin nhắn luôn cho tôi, ví dụ “làm lại căn cước bị mất”. "
    "Việc nguy hiểm đang xảy ra xin gọi ngay 113."
)
NUMBER_OF_NOTHING = "Lúc này chưa có danh sách nào để chọn số ạ. Xin bạn nhắn điều muốn hỏi, ví dụ “đăng ký tạm trú”, hoặc xem các lĩnh vực."
PENALTY_NOT_KNOWN = (
    "Về mức phạt, trừ điểm, tạm giữ, tôi chưa có thông tin chính thức nên không dám trả lời bừa. Xin bạn hỏi cán bộ. "
    "Tôi trả lời được về thủ tục, ví dụ “nộp phạt nguội ở đâu”, “đổi bằng lái xe”."
)
PROCEDURE_GONE = "Thủ tục này không còn trong danh mục hiện hành. Xin bạn nhắn tên thủ tục để tôi tìm lại."
PROCEDURE_NUMBER = "Xin nhắn một số từ 1 đến {last}, hoặc nhắn tên thủ tục bạn cần."
PROCEDURE_UNNAMED = "Mục không còn trong danh mục"
OLD_NAME = "{name} (thủ tục cũ)"
LIST_FADED = "Danh sách lần trước đã lâu nên tôi không giữ nữa. Xin bạn chọn lại."
CARD_ASK_ON = "Hỏi tiếp: nhắn “cần giấy tờ gì” …"
CARD_MORE = "Về “{name}”, bạn cần gì thêm ạ?"
PART_OF_WHICH = "Bạn muốn hỏi {part} của thủ tục nào ạ? Xin nhắn tên thủ tục, ví dụ “làm hộ chiếu”."
PART_OF_WHICH_OF_THESE = "Bạn muốn hỏi {part} của mục nào ạ? Xin chọn giúp tôi:\n{{choices}}"
PART_OF_WHICH_LISTED = (
    "Bạn muốn hỏi {part} của thủ tục nào ạ? Xin nhắn số trong danh sách ở trên, hoặc tên thủ tục."
)
TALK_FADED = (
    "Đã lâu từ câu hỏi trước nên tôi xin hỏi lại cho chắc: bạn hỏi {part} của “{name}” phải không ạ? "
    "Nếu là thủ tục khác, xin nhắn tên thủ tục đó."
)
TOPIC_HAS_NO_PARTS = "Về {part}, tôi chỉ có những thông tin sau ạ:"
TOPIC_SAYS = "Về việc này, xin bạn xem những điều sau ạ:"
POLICE_OF_PLACE = "Nơi bạn hỏi nay thuộc {unit}."
WHO_AM_I = (
    "Tôi là trợ lý tự động của Công an tỉnh, không phải người ạ. Tôi hướng dẫn thủ tục và nhận tin báo. Việc tôi chưa biết, "
    "bạn bấm “Gặp cán bộ”, cán bộ sẽ trả lời tại đây."
)
DISPLEASED = (
    "Tôi xin lỗi vì đã làm bạn phiền lòng. Bạn bấm “Gặp cán bộ” để cán bộ trả lời tại đây, hoặc nhắn lại điều cần hỏi. "
    "Muốn góp ý về phục vụ, xin nhắn “góp ý phục vụ”."
)
STILL_WAITING = (
    "Xin lỗi vì bạn phải chờ lâu. Để biết hồ sơ đang ở bước nào, bạn bấm “Tra cứu hồ sơ” rồi nhắn mã ghi trên giấy hẹn. "
    "Nếu không có mã, bạn bấm “Gặp cán bộ”, hoặc hỏi nơi đã nộp."
)
PLACE_ALONE = "Nơi này nay thuộc {unit}. Bạn muốn hỏi thủ tục hay báo việc gì ở đó ạ?"
LOST_THING = (
    "Tôi rất tiếc vì việc này. Nếu bạn muốn báo Công an, xin bấm “Gửi tin báo”. Nếu bạn hỏi làm lại giấy tờ, xin nhắn tên giấy tờ, "
    "ví dụ “làm lại đăng ký xe bị mất”."
)
FORM_USED_FOR = "Mẫu {form} dùng cho các thủ tục sau, xin bạn chọn:\n{choices}"
ASSUMED = "Tôi trả lời theo “{name}”. Nếu bạn hỏi mục khác, xin nhắn “không phải”.\n\n"
NOTHING_TO_SEND = (
    "Hiện không có tin báo nào đang viết dở ạ. Bạn muốn hỏi hay báo việc gì, xin nhắn cho tôi biết."
)
STILL_NOT = "Việc này tôi chưa trả lời được ạ. Bạn bấm “Gặp cán bộ”, cán bộ sẽ trả lời tại đây; hoặc nhắn tên thủ tục cần hỏi."
BUTTON_DOSSIER = "Tra cứu hồ sơ"
TOPIC_MAY_MEAN = "Nếu bạn hỏi về thủ tục “{name}”, xin bấm nút bên dưới."
CASE_NOT_KNOWN = (
    "Về trường hợp bạn hỏi của “{name}”, tôi chưa có thông tin chính thức nên không dám trả lời bừa. "
    "Bạn hỏi cán bộ giúp, hoặc xem thêm.\n\n{link}"
)
TOPIC_CASE_NOT_KNOWN = (
    "Về “{name}”, trường hợp bạn hỏi tôi chưa có thông tin chính thức nên không dám trả lời bừa. Xin bạn hỏi cán bộ, hoặc "
    "đến Công an xã, phường nơi gần nhất."
)
LIST_END = "Danh sách đã hết."
CHILD_HAS_ITS_OWN = "Làm cho trẻ em có thủ tục riêng, bạn bấm nút bên dưới để xem."
PART_IN_A_SENTENCE = {
    "papers": "giấy tờ cần có",
    "online": "cách nộp qua mạng",
    "proxy": "việc nhờ người khác làm thay",
    "who": "người được làm",
    "child": "việc làm cho con, cho trẻ em",
    "paper": "giấy tờ đó",
    "note": "điều cần lưu ý",
    "cases": "các trường hợp khác",
    "delivery": "việc gửi kết quả về nhà",
}
"""Names of parts that do not read well in the middle of a sentence."""
BUTTON_NONE_OF_THESE = "Không phải các mục này"
BUTTON_FIELDS = "Xem các lĩnh vực"
BUTTON_ONLINE = "Mở trang nộp trực tuyến"
BUTTON_ONLINE_PAGE = "Xem trang chính thức"
BUTTON_PAPERS = "Giấy tờ cần có"
BUTTON_STEPS = "Các bước làm"
BUTTON_LEGAL = "Căn cứ pháp lý"
BUTTON_CARD = "Xem tóm tắt thủ tục"
BUTTON_MORE = "Việc khác"
BUTTON_NOTE = "Lưu ý"
BUTTON_CASES = "Trường hợp khác"
BUTTON_WRONG_CARD = "Không phải mục này"
BUTTON_STILL_THIS = "Đúng, {name}"
BUTTON_NEXT_PAGE = "Xem thêm thủ tục"

# ---- tips ----------------------------------------------------------------------------------------------------

TIP_WHAT = (
    "Bạn hãy kể sự việc: chuyện gì, xảy ra lúc nào, ai liên quan (nếu biết). Có thể gửi kèm ảnh, video, ghi âm, "
    "theo thứ tự nào cũng được. Bạn nên tránh ghi tên, số điện thoại, biển số xe của chính mình.\n\n"
    "Nhắn “hủy” để dừng bất cứ lúc nào. Nguy hiểm đang xảy ra xin gọi ngay 113, 114, 115."
)
TIP_WHAT_AGAIN = (
    "Bạn đang viết tin báo. Xin kể sự việc bằng vài câu, hoặc gửi ảnh, video. Nhắn “hủy” để dừng."
)
TIP_WHAT_EDIT = "Xin bạn viết lại nội dung sự việc. Ảnh, video đã gửi vẫn được giữ."
TIP_SUGGESTED = (
    "Có vẻ bạn muốn báo một sự việc. Tôi có thể chuyển nguyên lời bạn tới Công an nơi xảy ra. "
    "Bạn có muốn gửi tin báo không ạ?"
)
TIP_SUGGESTED_MORE = "Tôi đã ghi thêm lời bạn. Bạn có muốn gửi tin báo không ạ?"
BUTTON_TIP_YES = "Có, gửi tin báo"
BUTTON_TIP_NO = "Không, tôi hỏi việc khác"
TIP_ABOUT_POLICE = "Bạn cũng có thể gửi tin báo ngay tại đây: tin nói về công an chỉ Thanh tra Công an tỉnh xem, đơn vị bị nói tới không thấy."
TIP_NOT_MEANT = "Vâng ạ, tôi đã bỏ tệp vừa nhận. Bạn muốn hỏi việc gì, xin nhắn cho tôi biết."
TIP_NOT_SENT_YET = "Tin báo này chưa được gửi đi ạ. Khi bạn gửi, bạn nhận một mã; nhắn mã bất cứ lúc nào để biết tin đang ở bước nào."
TIP_WHO_SEES = (
    "Cán bộ xử lý tin không thấy tên, số điện thoại hay tài khoản Zalo của bạn, chỉ thấy một bí danh. Xin tránh ghi tên, biển số "
    "của chính mình trong lời kể."
)
TIP_ASKED_ABOUT = "{answer}\n\nBạn nhắn “xong” để gửi, “hủy” để bỏ, hoặc kể thêm."
TIP_WHERE = (
    "Sự việc xảy ra ở đâu ạ? Bạn có thể gửi vị trí (nút ＋ → Vị trí), hoặc nhắn tên xã, phường "
    "(tên cũ hay tên mới đều được), ví dụ “thôn 3, xã Tân Tiến”."
)
TIP_WHERE_AGAIN = "Xin bạn gửi vị trí, hoặc nhắn tên xã, phường nơi xảy ra sự việc. Nhắn “hủy” để dừng."
TIP_WHERE_NOT_NOW = "Nếu bạn chưa muốn báo, xin bấm “Hủy”. Nếu vẫn báo, xin gửi vị trí hoặc nhắn tên xã, phường nơi xảy ra sự việc."
TIP_WHERE_UNKNOWN = (
    "Tôi chưa tìm thấy xã, phường này trong tỉnh. Bạn thử nhắn lại tên xã, phường (kèm huyện cũ nếu nhớ), "
    "gửi vị trí, hoặc chuyển tới trực ban Công an tỉnh."
)
TIP_WHERE_CHOOSE = "Có vài nơi phù hợp. Sự việc thuộc đơn vị nào ạ?"
TIP_WHERE_BORDER = "Vị trí này ở sát ranh giới. Sự việc thuộc địa bàn nào ạ?"
TIP_WHERE_OUTSIDE = (
    "Vị trí bạn gửi nằm ngoài tỉnh. Nếu sự việc xảy ra ở tỉnh khác, xin báo Công an nơi đó hoặc gọi 113. "
    "Nếu xảy ra trong tỉnh, xin nhắn tên xã, phường."
)
TIP_PHOTO_PLACE = (
    "Trong ảnh (hoặc video) bạn gửi có ghi vị trí chụp, thuộc địa bàn {unit}. Bạn có muốn dùng vị trí này làm nơi xảy ra "
    "sự việc không?\n\nNếu dùng, cán bộ xử lý tin sẽ thấy vị trí này; xin cân nhắc nếu bạn chụp tại nhà mình. "
    "Nếu không, vị trí chỉ được giữ niêm phong cùng bản gốc.\n\n"
    "Nếu sự việc ở nơi khác, xin gửi vị trí (nút ＋ → Vị trí) hoặc nhắn tên xã, phường."
)
OR = " hoặc "
TIP_NOT_THERE = "Vâng, vị trí trong ảnh không được dùng và vẫn giữ niêm phong. "
BUTTON_PHOTO_PLACE = "Dùng vị trí trong ảnh"
BUTTON_NOT_THERE = "Không, nơi khác"
BUTTON_PROVINCE_DESK = "Chuyển trực ban Công an tỉnh"
TIP_READY = (
    "Tin báo sẽ gửi tới: {unit}.\n\n"
    "Nội dung: {what}\nNơi xảy ra: {place}\nLoại việc: {kind}\nTệp đính kèm: {files}\n{notes}\n"
    "Bạn có thể gửi thêm ảnh, video hoặc nhắn thêm chi tiết. Đúng rồi thì bấm “Gửi” hoặc nhắn “xong”."
)
TIP_ADDED_WORDS = "Đã thêm vào tin báo. Xong thì bấm “Gửi” hoặc nhắn “xong”."
TIP_KEPT_FILE = "Đã nhận {count} tệp. Bạn gửi tiếp, hoặc nhắn “xong” khi đủ."
TIP_KEPT_FILE_WHAT = "Đã nhận {count} tệp. Xin bạn kể thêm sự việc bằng vài câu."
TIP_KEPT_FILE_WHERE = "Đã nhận {count} tệp. " + TIP_WHERE
TIP_TOO_MANY_FILES = (
    "Mỗi tin báo nhận tối đa {limit} tệp. Tệp này chưa được nhận; xin gửi tin báo trước rồi báo thêm."
)
TIP_KEPT_PLACE = "Đã ghi vị trí. "
TIP_NEEDS_WORDS = "Xin bạn kể sự việc bằng vài chữ trước khi gửi, để Công an hiểu chuyện gì xảy ra."
TIP_RECEIVED = (
    "Đã nhận tin báo và chuyển tới {unit}.\n\nMã tin báo: {code}\n\n"
    "Xin giữ mã này. Nhắn mã tại đây bất cứ lúc nào để biết tin báo đang ở bước nào. "
    "Cán bộ có thể nhắn lại cho bạn qua kênh này; bạn trả lời bình thường. Trân trọng cảm ơn bạn!"
)
TIP_FILES_COMING = "\n\n{count} tệp kèm theo đang được lưu; nếu tệp nào không nhận được, tôi sẽ báo lại bạn."
TIP_DROPPED = "Đã hủy tin báo. Nội dung và tệp bạn vừa gửi không được chuyển đi."
TIP_STATUS = "Tin báo {code}: {status}"
TIP_STATUS_UNKNOWN = "Không tìm thấy tin báo nào có mã này. Xin bạn kiểm tra lại từng ký tự."
TIP_REPLY = "Bạn muốn nói thêm gì về tin báo {code}? Xin nhắn hoặc gửi ảnh, video; xong thì nhắn “xong”."
TIP_REPLY_MORE = "Đã chuyển cho cán bộ đang xử lý tin báo {code}. Bạn gửi tiếp, hoặc nhắn “xong”."
TIP_REPLY_CORRECT = (
    "Tin báo {code} đã gửi nên không sửa được nữa, nhưng bạn có thể đính chính hoặc bổ sung: xin nhắn nội dung đúng, "
    "cán bộ sẽ đọc cùng tin báo. Xong thì nhắn “xong”."
)
TIP_FILE_ADDED = (
    "Đã thêm tệp vào tin báo {code} bạn vừa gửi. Bạn gửi tiếp, hoặc nhắn “xong”. Nếu đây là việc khác, xin bấm "
    "“Tin báo mới” rồi gửi lại tệp."
)
TIP_FILES_FULL = (
    "Tin báo {code} đã đủ {limit} tệp nên tệp này chưa được nhận. Bạn có thể nhắn thêm bằng lời, hoặc bấm “Tin báo mới” "
    "để gửi tệp trong một tin khác."
)
TIP_PLACE_ADDED = "Vị trí bổ sung: {latitude:.5f}, {longitude:.5f}"
BUTTON_TIP_NEW = "Tin báo mới"
BUTTON_TIP_MORE = "Bổ sung thêm"
TIP_REPLY_DONE = "Cảm ơn bạn đã bổ sung. Cán bộ sẽ xem và trả lời tại đây."
BUTTON_TIP_REPLY = "Bổ sung, trả lời"
BUTTON_SEND = "Gửi"
BUTTON_EDIT = "Sửa nội dung"
BUTTON_EDIT_PLACE = "Sửa nơi xảy ra"
BUTTON_STOP = "Hủy"
PLACE_SHARED = "vị trí đã chia sẻ"
FILES_NONE = "không có"
FILES_COUNT = "{count} tệp"

TIP_NOTICE = (
    "Cảm ơn bạn đã tin tưởng. Trước tin báo đầu tiên, xin bạn đọc mấy điều này:\n"
    "• Ai xem: trực ban và chỉ huy Công an nơi xảy ra việc; tin nói về công an thì chỉ Thanh tra Công an tỉnh xem. "
    "Họ thấy lời kể, ảnh, video và một bí danh như “Người báo tin Sen-42”; không thấy tên, số điện thoại, ảnh đại diện "
    "hay tài khoản Zalo của bạn. Chi tiết dễ lộ bạn là ai được che sẵn.\n"
    "• “Ẩn danh” đến đâu: Zalo vẫn biết ai đã nhắn. Hệ thống giữ mã tài khoản của bạn đã niêm phong, để trả lời bạn; "
    "chỉ mở khi có căn cứ pháp luật, hai người khác đơn vị cùng duyệt, và có ghi sổ. Người trong cuộc vẫn có thể đoán "
    "qua điều bạn kể.\n"
    "• Giữ bao lâu: từ 1 đến 5 năm tùy loại việc sau khi xong, rồi xóa; vụ việc đang điều tra thì giữ lâu hơn.\n"
    "• Bản nháp chưa gửi được giữ 24 giờ; nếu có dấu hiệu nghiêm trọng, Công an sẽ được biết dù bạn chưa bấm gửi.\n"
    "• Đổi ý: nhắn “rút đồng ý” bất cứ lúc nào, tin cũ sẽ không còn nối với bạn nữa.\n\n"
    "Bạn có đồng ý không ạ? Bạn cũng có thể kể luôn; tôi chỉ gửi đi khi bạn đã đồng ý."
)
TIP_NOTICE_CHANGED = "Thông báo về tin báo vừa có thay đổi, xin bạn đọc lại.\n\n"
TIP_AGREED = "Cảm ơn bạn. "
TIP_AGREE_FIRST = (
    "Để gửi đi, tôi cần bạn đồng ý với thông báo này.\n\n{notice}\n\n"
    "Bấm “Đồng ý và gửi”, hoặc nhắn “đồng ý”. Nếu không, nhắn “hủy”; chưa có gì được gửi đi."
)
BUTTON_AGREE = "Tôi đồng ý"
BUTTON_AGREE_SEND = "Đồng ý và gửi"
TIP_WITHDRAW_ASK = (
    "Bạn muốn rút đồng ý? Các tin bạn đã gửi vẫn được xử lý nhưng không còn nối với bạn: bạn sẽ không nhận được trả lời "
    "và không bổ sung được nữa. Bản nháp (nếu có) được bỏ. Xin nhắn “rút” để xác nhận, hoặc “không”."
)
TIP_WITHDRAWN = (
    "Đã rút đồng ý. Các tin trước đây không còn nối với bạn. Muốn báo tin mới, bạn nhắn “tin báo”. "
    "Để Zalo báo chúng tôi xóa cả mã tài khoản đã niêm phong, bạn dùng mục “Xóa dữ liệu” của Zalo với trang này."
)
BUTTON_WITHDRAW = "Rút đồng ý"
BUTTON_KEEP_CONSENT = "Không rút"
TIP_INSPECTORS = "Thanh tra Công an tỉnh"
TIP_PAST_UNIT = (
    "🔒 Tin nói về công an, hoặc theo ý bạn, nên chỉ chuyển tới Thanh tra Công an tỉnh; {unit} và các đơn vị khác không "
    "thấy tin này."
)
TIP_SAYS_WHO = (
    "⚠️ Trong lời kể có chi tiết dễ lộ bạn là ai: {kinds}. Chúng sẽ được che trước cán bộ; muốn chắc hơn, bạn nhắn “sửa” "
    "để viết lại."
)
TIP_IS_DENUNCIATION = (
    "ℹ️ Đây có vẻ là tố cáo người có chức vụ. Theo Luật Tố cáo, đơn tố cáo cần họ tên, địa chỉ người tố cáo và nộp tại cơ "
    "quan có thẩm quyền. Gửi ở đây, nội dung được nhận như tin báo ẩn danh để kiểm tra, không thay cho đơn tố cáo."
)
TIP_IS_FEEDBACK = "ℹ️ Đây có vẻ là phản ánh, góp ý (không phải tố giác tội phạm). Đơn vị vẫn tiếp nhận và trả lời bạn tại đây."
TIP_KIND_UNKNOWN = "cán bộ sẽ phân loại (nhắn “loại” để chọn)"
TIP_KIND_SHOWN = "{kind} (nhắn “loại” để đổi)"
TIP_KIND_CHOOSE = "Sự việc thuộc loại nào ạ? Xin nhắn số:\n{kinds}"
TIP_KIND_NUMBER = "Xin nhắn một số từ 1 đến {last}."
TIP_ADDRESSEE_CHANGED = "Nơi nhận vừa thay đổi theo điều bạn kể thêm, xin bạn xem lại trước khi gửi.\n\n"
BUTTON_PAST_UNIT = "Không qua đơn vị này"
BUTTON_WARD = "{ward}"
TIP_WHERE_OF_PAGE = "Sự việc xảy ra tại {unit} phải không ạ? Nếu ở nơi khác, bạn sửa lại ở bước sau.\n\n"
TIP_FROM_GROUP = (
    "Bạn vừa nhắn tin báo trong nhóm “{group}”. Trong nhóm ai cũng đọc được, nên xin tiếp tục riêng tại đây; bạn có thể tự "
    "xóa tin nhắn trong nhóm.\n\n"
)
TIP_FROM_GROUP_JOINED = (
    "Lời bạn vừa nhắn trong nhóm “{group}” đã được thêm vào tin báo bạn đang viết tại đây. Trong nhóm ai cũng đọc được; "
    "bạn có thể tự xóa tin nhắn trong nhóm."
)
TIP_ADD_MORE = "Vâng, bạn nhắn hoặc gửi thêm; xong thì nhắn “xong”."
TIP_REMINDER = (
    "Bạn còn một tin báo chưa gửi; nội dung vẫn được giữ. Bạn nhắn tiếp, nhắn “xong” để gửi, hoặc “hủy” để bỏ. Sau 24 giờ "
    "kể từ lần nhắn cuối, bản nháp được bỏ; nếu có dấu hiệu nghiêm trọng, Công an sẽ được biết. Tôi chỉ nhắc một lần này."
)
TIP_KEPT_UNFINISHED = (
    "Tin báo bạn viết dở có dấu hiệu nghiêm trọng nên đã được chuyển tới {unit} dưới dạng tin chưa hoàn chỉnh.\n\n"
    "Mã tin báo: {code}\n\nNhắn mã này kèm lời bổ sung bất cứ lúc nào. Nguy hiểm đang xảy ra xin gọi 113."
)
TIP_HELD = (
    "\n\nBạn vừa gửi nhiều tin liên tiếp nên tin này xếp hàng và đến đơn vị lúc {time}; tin không bị mất. "
    "Việc gấp xin gọi 113."
)
TIP_ADDED_BY_CODE = "Đã bổ sung vào tin báo {code}. Xin cảm ơn bạn!"
TIP_SPLIT_OFF = "Phần bạn vừa nhắn nói về công an nên được tách thành tin riêng, chỉ Thanh tra Công an tỉnh xem.\n\nMã tin báo: {code}"
TIP_ENDED = {
    "done": "{unit} đã xử lý xong tin báo {code}:\n\n{text}\n\nTheo bạn, việc này đã giải quyết chưa ạ?",
    "passed_on": "{unit} đã chuyển tin báo {code} tới cơ quan có thẩm quyền:\n\n{text}\n\nXin cảm ơn bạn!",
    "refused": "{unit} trả lời tin báo {code}:\n\n{text}\n\nXin lỗi vì chưa giúp được bạn trực tiếp, và cảm ơn bạn đã báo tin.",
}
TIP_MERGED = (
    "Sự việc trong tin báo {code} đã có người báo; các tin được xử lý chung. Khi có kết quả, bạn sẽ được báo tại đây. "
    "Điều bạn kể vẫn được giữ và đang giúp ích. Xin cảm ơn bạn!"
)
BUTTON_SETTLED = "Đã giải quyết"
BUTTON_NOT_SETTLED = "Chưa giải quyết"
TIP_SETTLED_YES = "Cảm ơn bạn đã cho biết. Chúc bạn và gia đình bình an!"
TIP_SETTLED_NO = (
    "Xin lỗi bạn vì việc chưa ổn. Tin báo {code} đã được mở lại và giao cho cán bộ khác hoặc chỉ huy đơn vị. "
    "Nếu có thêm thông tin, bạn bấm “Bổ sung, trả lời” hoặc nhắn kèm mã tin."
)
TIP_SETTLED_OVER = (
    "Tin báo này hiện không chờ câu trả lời nữa. Nếu việc vẫn xảy ra, xin bạn nhắn “tin báo” để gửi tin mới."
)

ATTACHMENT_REFUSED = "Một tệp trong tin báo không nhận được: {reason} Các phần khác của tin báo vẫn được giữ."
ATTACHMENT_LOST = (
    "Một tệp trong tin báo không tải về được vì đường dẫn đã hết hạn. Nếu còn, xin bạn gửi lại tệp đó."
)
ATTACHMENT_UNCLEAN = (
    "Một tệp trong tin báo đã được niêm phong, nhưng hệ thống không mở được một cách an toàn nên cán bộ chưa xem được. "
    "Nếu còn, xin bạn gửi lại bằng một ảnh chụp hoặc video khác. Xin cảm ơn bạn!"
)

# ---- how was the service? -----------------------------------------------------------------------------------------

BUTTON_SURVEY = "Chấm điểm phục vụ"
BUTTON_SURVEY_NEVER = "Không hỏi tôi nữa"
BUTTON_SURVEY_SKIP = "Không nhắn thêm"
BUTTON_COMPLAIN = "Gửi phản ánh"
BUTTON_NOT_SATISFIED = "Tôi chưa đồng ý"
SURVEY_OFFER = "\n\nNếu tiện, xin bạn chấm điểm cách phục vụ: ba lần bấm, đơn vị không biết ai chấm. Bạn không chấm cũng không sao."
SURVEY_BEGIN = (
    "Xin cảm ơn bạn đã dành thời gian. Bạn đang chấm điểm {unit}. Đơn vị chỉ thấy số liệu gộp của nhiều người; "
    "nếu bạn chấm thấp, chỉ huy và Thanh tra sẽ xem để sửa, không biết bạn là ai.\n\n"
)
SURVEY_UNIT = (
    "Xin cảm ơn bạn muốn góp ý cách phục vụ. Bạn chấm điểm công an nơi nào ạ? Xin nhắn tên xã, phường, hoặc mã khảo sát "
    "trên bảng của đơn vị."
)
SURVEY_UNIT_AGAIN = "Tôi chưa tìm thấy nơi này. Xin bạn nhắn lại tên xã, phường, hoặc mã khảo sát trên bảng."
SURVEY_UNIT_WHICH = "Có mấy nơi trùng tên. Xin bạn chọn giúp:"
SURVEY_REFUSED = {
    "rated": "Lần phục vụ này đã được chấm điểm rồi. Xin cảm ơn bạn!",
    "again": "Bạn đã chấm điểm {unit} gần đây. Để công bằng, mỗi người chấm một lần trong {days} ngày. Xin cảm ơn bạn!",
    "over": "Đường dẫn khảo sát này đã hết hạn. Xin cảm ơn bạn đã quan tâm!",
}
SURVEY_NOTHING = "Khảo sát này hiện không còn. Muốn góp ý cách phục vụ, bạn nhắn “góp ý phục vụ” nhé."
SURVEY_NO_MORE = (
    "Vâng, tôi sẽ không mời bạn chấm điểm nữa. Khi nào muốn góp ý, bạn nhắn “góp ý phục vụ”. Xin cảm ơn bạn!"
)
SURVEY_WORDS = (
    "Đã ghi nhận. Bạn muốn nhắn thêm điều gì cho đơn vị không ạ? Tên, số điện thoại nếu có sẽ được bỏ đi."
)
SURVEY_BAD = (
    "Xin lỗi bạn vì lần phục vụ chưa tốt. Ý kiến của bạn đã mở một phản ánh, mã {code}; bạn sẽ nhận trả lời tại đây.\n\n"
    "Xin bạn kể ngắn gọn điều chưa được (không bắt buộc). Tên, số điện thoại nếu có sẽ được bỏ đi."
)
SURVEY_COMPLAIN = (
    "Xin bạn kể ngắn gọn điều muốn phản ánh. Phản ánh được chuyển tới chỉ huy đơn vị và Thanh tra Công an tỉnh; "
    "nếu nói về hành vi sai phạm của công an thì chỉ Thanh tra xem."
)
SURVEY_KEPT_ALREADY = (
    "Điểm bạn chấm đã được ghi nhận nên không đổi được nữa. Bạn có thể nhắn thêm điều muốn nói."
)
SURVEY_THANKS = "Xin cảm ơn bạn! Ý kiến của bạn giúp việc phục vụ tốt hơn."
SURVEY_THANKS_CASE = (
    "Xin cảm ơn bạn. Phản ánh {code} đã được chuyển để xác minh; khi có trả lời, bạn sẽ được báo tại đây. "
    "Nhắn mã này bất cứ lúc nào để xem đang ở bước nào."
)
CASE_ANSWERED = (
    "{unit} trả lời phản ánh {code}:\n\n{text}\n\nNếu chưa đồng ý, bạn bấm nút dưới đây để Thanh tra xem lại."
)
CASE_STATUS = "Phản ánh {code}: {status}{answer}"
CASE_UNKNOWN = "Xin lỗi, tôi không tìm thấy phản ánh mang mã này. Xin bạn kiểm tra lại từng ký tự."
CASE_REOPENED = (
    "Vâng, phản ánh của bạn đã được mở lại để Thanh tra Công an tỉnh xem. Xin cảm ơn bạn đã cho biết."
)
CASE_NOT_REOPENED = "Phản ánh này đã được xem lại một lần hoặc đã kết thúc. Nếu vẫn cần, bạn nhắn “góp ý phục vụ” để gửi phản ánh mới."

# ---- an officer's answer --------------------------------------------------------------------------------------

OFFICER_SAYS = "{unit} trả lời tin báo {code}:\n\n{text}"

# ---- asking an officer ------------------------------------------------------------------------------------------

OFFICER_ASK = (
    "Xin bạn nhắn câu hỏi cho cán bộ (một tin nhắn). Câu hỏi sẽ được chuyển tới trực ban Công an tỉnh."
)
OFFICER_ONLY_WORDS = (
    "Câu hỏi cho cán bộ hiện chỉ nhận bằng chữ ạ. Xin bạn nhắn câu hỏi; nếu muốn gửi ảnh, video về một sự việc, bạn bấm “Hủy” rồi chọn "
    "“Gửi tin báo”."
)
OFFICER_ASK_AGAIN = "Xin bạn nhắn câu hỏi bằng chữ, hoặc nhắn “hủy” để dừng."
OFFICER_ASKED = "Đã chuyển câu hỏi của bạn tới cán bộ. Mã: {code}. Cán bộ sẽ trả lời tại đây. Xin cảm ơn bạn!"

# ---- anything else ------------------------------------------------------------------------------------------------

FILE_WITHOUT_TIP = "Tôi đã thấy tệp bạn gửi. Bạn muốn gửi kèm tin báo cho Công an phải không ạ?"
PLACE_WITHOUT_TIP = "Tôi đã thấy vị trí bạn gửi. Bạn muốn báo một sự việc ở đó phải không ạ?"
NOT_UNDERSTOOD = "Xin lỗi, tôi chưa hiểu loại tin nhắn này."
OLD_BUTTON = "Nút này không còn dùng được. Xin mời bạn chọn lại."
TOO_LONG = (
    "Tin nhắn của bạn rất dài; tôi chỉ giữ được {limit} ký tự đầu. Phần còn lại xin gửi thêm ở tin nhắn sau."
)
SOMETHING_BROKE = "Xin lỗi bạn, hệ thống gặp trục trặc khi trả lời tin nhắn vừa rồi. Xin bạn nhắn lại giúp."
ERASED = "Đã xóa thông tin của bạn khỏi hệ thống theo yêu cầu."

# ---- officers in their own chat -----------------------------------------------------------------------------

OFFICER_LINKED = "Đã liên kết Zalo này với tài khoản cán bộ của đồng chí."
OFFICER_NOT_LINKED = "Xin lỗi, mã liên kết không đúng hoặc đã hết hạn. Xin lấy mã mới trong mục Tài khoản."
POSTED = "Xin cảm ơn đồng chí. Đã ghi nhận tin được đăng vào nhóm “{group}”."
POSTED_NOT = "Xin lỗi, lượt đăng này đã xong, đã hết hạn, hoặc không thuộc đơn vị của đồng chí."

# ---- dossiers ------------------------------------------------------------------------------------------------

DOSSIER_ASK = (
    "Bạn muốn xem hồ sơ nào ạ? Xin nhắn mã hồ sơ ghi trên giấy hẹn hoặc trên Cổng dịch vụ công, "
    "ví dụ {example}.\n\n"
    "Chưa nộp hồ sơ, hoặc muốn nộp trực tuyến: mời vào dichvucong.gov.vn, hoặc nhắn tên thủ tục để tôi hướng dẫn."
)
DOSSIER_BAD_CODE = (
    "Mã này chưa đúng dạng mã hồ sơ. Xin bạn xem lại trên giấy hẹn rồi nhắn cả mã, ví dụ {example}. "
    "Nếu bạn muốn hỏi thủ tục, xin nhắn tên thủ tục."
)
DOSSIER_PROOF = "Để giữ kín thông tin của người nộp, xin bạn nhắn 4 số cuối của số điện thoại hoặc của số CCCD đã ghi khi nộp hồ sơ."
DOSSIER_PROOF_FORM = "Xin bạn nhắn đúng 4 chữ số, ví dụ 0123. Nhắn “hủy” nếu không muốn tra cứu nữa."
DOSSIER_WRONG = (
    "Xin lỗi bạn, mã hồ sơ và 4 số vừa nhắn không khớp với hồ sơ nào tôi được phép cho xem. Xin kiểm tra lại mã trên giấy hẹn "
    "và 4 số cuối của điện thoại hoặc CCCD đã ghi khi nộp, rồi nhắn lại. Hồ sơ mới nộp có thể sau một ngày mới tra được; "
    "cần gấp, xin hỏi nơi nộp."
)
DOSSIER_TOO_OFTEN = (
    "Để bảo vệ thông tin của người nộp, tôi xin tạm dừng tra cứu mã này một thời gian vì đã có nhiều lần nhắn chưa khớp. "
    "Xin bạn thử lại sau, hoặc hỏi trực tiếp nơi nộp hồ sơ."
)
DOSSIER_STATUS = (
    "Hồ sơ {ending}{procedure}\nNơi giải quyết: {unit}\n\n📌 {label} (từ ngày {on})\n{words}{due}"
)
DOSSIER_DUE = "\nNgày hẹn trả: {due}."
DOSSIER_NEWS = "Xin thông báo: hồ sơ bạn theo dõi có thay đổi.\n\n{status}"
DOSSIER_FOLLOWING = "Vâng ạ. Khi hồ sơ {ending} có bước mới, tôi sẽ nhắn cho bạn tại đây. Khi không cần nữa, xin nhắn “bỏ theo dõi”."
DOSSIER_FOLLOWS_MAX = (
    "Bạn đang theo dõi {count} hồ sơ, là mức nhiều nhất. Xin bỏ bớt một hồ sơ rồi theo dõi thêm."
)
DOSSIER_UNFOLLOWED = "Vâng ạ, tôi đã bỏ theo dõi hồ sơ {ending}. Bạn vẫn tra cứu được bất cứ lúc nào."
DOSSIER_UNFOLLOWED_ALL = "Vâng ạ, tôi đã bỏ theo dõi tất cả hồ sơ. Bạn vẫn tra cứu được bất cứ lúc nào."
DOSSIER_UNFOLLOW_WHICH = "Bạn muốn bỏ theo dõi hồ sơ nào ạ?\n{list}"
DOSSIER_FOLLOWS_NONE = (
    "Hiện bạn không theo dõi hồ sơ nào. Xin nhắn “tra cứu hồ sơ” kèm mã để xem và theo dõi."
)
DOSSIER_FOLLOWS = "Các hồ sơ bạn đang theo dõi:\n{list}"
DOSSIER_LINE = "• {ending}{procedure}: {label} (từ {on})"
BUTTON_DOSSIER_FOLLOW = "Theo dõi hồ sơ này"
BUTTON_DOSSIER_UNFOLLOW = "Bỏ theo dõi {ending}"
BUTTON_DOSSIER_UNFOLLOW_ALL = "Bỏ theo dõi tất cả"
