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
    "/noi-nop",
    "/tin-bao",
    "/gioi-han-tep",
    "/ngoai-tuyen",
)
