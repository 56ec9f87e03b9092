"""What screening hides, by name: it stands in place of the words, and beside the button that shows them."""

PHONE = "số điện thoại"
PAPER = "số giấy tờ"
MAIL = "thư điện tử"
PLATE = "biển số xe của người báo"
NAME = "tên người báo"
TIE = "quan hệ của người báo"
HOME = "nhà của người báo"
ALL_HIDDEN = (PHONE, PAPER, MAIL, PLATE, NAME, TIE, HOME)
