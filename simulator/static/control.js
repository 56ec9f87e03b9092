// The switches: each change is posted at once, the page says whether it took.

import { get, pause, post, show, timeOf, dayOf } from "./wire.js";

const at = (id) => document.getElementById(id);
let quiet;

async function attempt(act, words) {
  try {
    await act();
    show("problem", "");
    show("done", words);
    clearTimeout(quiet);
    quiet = setTimeout(() => show("done", ""), 2500);
  } catch (problem) {
    show("problem", `Chưa được: ${problem.message}`);
  }
  await status();
}

const valueOf = (input) => input.type === "checkbox" ? input.checked : Number(input.value);
for (const input of document.querySelectorAll("[data-chaos]")) {
  input.addEventListener("input", () => { const out = input.parentElement.querySelector("output"); if (out) out.textContent = Math.round(input.value * 100) + "%"; });
  input.addEventListener("change", () => attempt(() => post("/control/chaos", { [input.dataset.chaos]: valueOf(input) }), "Đã đổi."));
}
for (const input of document.querySelectorAll("[data-rule]")) {
  input.addEventListener("change", () => attempt(() => post("/control/rules", { [input.dataset.rule]: valueOf(input) }), "Đã đổi."));
}
for (const button of document.querySelectorAll("[data-once]")) {
  button.addEventListener("click", () => attempt(() => post("/control/chaos", { [button.dataset.once]: true }), "Đã hết hạn."));
}
let offset = 0;
for (const button of document.querySelectorAll("[data-advance]")) {
  button.addEventListener("click", () => {
    const by = button.dataset.advance === "back" ? -offset : Number(button.dataset.advance);
    attempt(() => post("/control/clock", { advance_seconds: by }), "Đã chỉnh đồng hồ.");
  });
}
at("webhook").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => post("/control/webhook", { url: event.target.url.value.trim() }), "Đã lưu địa chỉ webhook.");
});
at("next").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => post("/control/chaos", { next_error: Number(event.target.code.value), next_count: Number(event.target.count.value) }), "Đã đặt.");
});
at("reset").addEventListener("click", () => {
  if (confirm("Xóa mọi tin nhắn của Zalo giả lập?")) attempt(() => post("/control/reset"), "Đã làm lại từ đầu.");
});

function apart(seconds) {
  const sign = seconds < 0 ? "chậm" : "nhanh", hours = Math.round(Math.abs(seconds) / 3600);
  return hours ? `(${sign} hơn giờ thật ${hours >= 48 ? Math.round(hours / 24) + " ngày" : hours + " giờ"})` : "";
}

async function status() {
  const news = await get("/control/status").catch(() => null);
  if (!news) return;
  const numbers = { ...news.webhook, ...news.messages };
  for (const place of document.querySelectorAll("[data-number]")) place.textContent = numbers[place.dataset.number].toLocaleString("vi-VN");
  at("webhook-off").hidden = news.webhook.enabled || !news.webhook_url;
  const now = Date.parse(news.now);
  at("now").textContent = `${timeOf(now)} ${dayOf(now)}`;
  offset = news.offset_seconds;
  at("offset").textContent = apart(offset);
  at("next-left").textContent = news.chaos.next_count;
  for (const input of document.querySelectorAll("[data-chaos]")) {
    if (input === document.activeElement) continue;
    const value = news.chaos[input.dataset.chaos];
    if (input.type === "checkbox") input.checked = value; else input.value = value;
    const out = input.parentElement.querySelector("output");
    if (out) out.textContent = Math.round(value * 100) + "%";
  }
}

for (;;) {
  if (!document.hidden) await status();
  await pause(1500);
}
