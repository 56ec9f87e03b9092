"""Every kind of public page, with one address of it, for the checks that hold for all."""

from __future__ import annotations

PAGES = (
    "/",
    "/tim",
    "/thu-tuc",
    "/linh-vuc/residence",
    "/linh-vuc/weapons?noi=province",
    "/thu-tuc/1.003197",
    "/thu-tuc/1.001456",
    "/thu-tuc/seal-dang-ky-dau-noi-dau-thu-nho-dau-xi-thuc-p",
    "/chu-de",
    "/chu-de/fraud-fake-police",
    "/duong-day-nong",
    "/lua-dao",
    "/doanh-nghiep",
    "/thong-bao",
    "/q",
    "/bang/xa?don-vi=07210",
    "/bang/xa/citizen-id?don-vi=07210",
    "/bang/tinh/immigration",
    "/bang/huyen-2022",
    "/bang/huyen-2022/vehicle",
    "/noi-nop",
    "/tin-bao",
    "/khao-sat",
    "/khao-sat/phan-anh",
    "/gioi-han-tep",
    "/ngoai-tuyen",
)
