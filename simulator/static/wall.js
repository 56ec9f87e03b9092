// The wall: every group as a card; only cards that changed are drawn anew.

import { draw } from "./bubbles.js";
import { follow, get, growing, hueOf, make, post, show, dayOf, timeOf } from "./wire.js";

const at = (id) => document.getElementById(id);
const groups = new Map(), cards = new Map();
const STORE = "wall seen";
let seen = {}, filter = "all", open = null, fresh = false;
try { seen = JSON.parse(localStorage.getItem(STORE) || "{}"); } catch { /* private window */ }

const KINDS = { image: "[Ảnh]", gif: "[Ảnh động]", file: "[Tệp]", sticker: "[Nhãn dán]" };
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
const unread = (group) => Math.max(0, group.count - Math.min(seen[group.group_id] || 0, group.count));
const broken = (group) => group.status !== "enabled" || !group.oa_is_member;
const initials = (name) => name.replace(/\(.*?\)/g, "").trim().split(/\s+/).slice(-2).map((word) => word[0]).join("").toUpperCase();
const recent = (ms) => dayOf(ms) === dayOf(Date.now()) ? timeOf(ms) : dayOf(ms).slice(0, 5);

function remember() { try { localStorage.setItem(STORE, JSON.stringify(seen)); } catch { /* private window */ } }

function card(group) {
  const many = unread(group);
  const words = group.last ? (group.last.text || KINDS[group.last.kind] || "Tin nhắn") : "Chưa có tin nào";
  return make("button", { type: "button", class: `group${many ? " new" : ""}${broken(group) ? " broken" : ""}`, onclick: () => enter(group.group_id) },
    make("span", { class: "face", style: `--hue:${hueOf(group.name)}` }, initials(group.name)),
    make("span", { class: "who" }, make("strong", {}, group.name),
      make("small", {}, broken(group) ? "Không nhận được tin của OA" : words)),
    make("span", { class: "edge" }, make("time", {}, group.last ? recent(group.last.time) : ""),
      many ? make("b", { class: "count", "aria-label": `${many} tin mới` }, String(many)) : null));
}

function put(group) {
  let item = cards.get(group.group_id);
  if (!item) {
    item = make("li", {});
    cards.set(group.group_id, item);
    at("groups").append(item);
  }
  item.replaceChildren(card(group));
  item.dataset.name = fold(group.name);
}

const wanted = {
  all: () => true,
  new: (group) => unread(group) > 0,
  quiet: (group) => !group.count,
  broken,
};

function sift() {
  const search = fold(at("search").value.trim());
  let shown = 0;
  for (const [id, item] of cards) {
    const yes = wanted[filter](groups.get(id)) && item.dataset.name.includes(search);
    item.hidden = !yes;
    shown += yes;
  }
  at("none").hidden = shown > 0 || !groups.size;
  const all = [...groups.values()];
  for (const chip of document.querySelectorAll("[data-filter]")) {
    chip.querySelector("b").textContent = all.filter(wanted[chip.dataset.filter]).length;
  }
  const fill = all.filter(wanted.new).length, filled = all.length - all.filter(wanted.quiet).length;
  at("summary").textContent = groups.size ? `${fill} nhóm có tin mới · ${filled}/${all.length} nhóm đã có tin` : "Chưa có nhóm nào.";
  at("progress").firstElementChild.style.width = all.length ? `${(100 * fill) / all.length}%` : "0";
  at("progress").setAttribute("aria-valuenow", fill);
}

function news(answer) {
  for (const group of answer.groups) {
    groups.set(group.group_id, group);
    put(group);
    if (fresh) { const item = cards.get(group.group_id); item.classList.remove("flash"); void item.offsetWidth; item.classList.add("flash"); }
    if (open === group.group_id) read();
  }
  if (answer.groups.length) sift();
  fresh = true;
}
follow((since, wait) => `/control/groups?since=${since}&wait=${wait}`, news,
  (well) => show("problem", well ? "" : "Mất kết nối, đang thử lại…"));

// ---- one group --------------------------------------------------------------------------------------------------

async function enter(id) {
  open = id;
  at("group-talk").replaceChildren();
  if (!at("group").open) at("group").showModal();
  await read();
}

async function read() {
  const id = open, group = groups.get(id);
  at("group-name").textContent = group.name;
  at("group-face").textContent = initials(group.name);
  at("group-face").style.setProperty("--hue", hueOf(group.name));
  at("group-about").textContent = `${group.members} thành viên · ${group.count} tin`;
  at("disable").textContent = group.status === "enabled" ? "Cho nhóm hết hạn (-237)" : "Gia hạn nhóm";
  at("leave").textContent = group.oa_is_member ? "Đưa OA ra khỏi nhóm (-403)" : "Mời OA vào lại";
  const messages = await get(`/control/groups/${encodeURIComponent(id)}/messages?last=200`).catch(() => null);
  if (!messages || open !== id) return;
  draw(at("group-talk"), messages, { mine: "member" });
  if (!messages.length) at("group-talk").replaceChildren(make("p", { class: "empty" }, "Nhóm chưa có tin nào."));
  else at("group-talk").querySelector(".empty")?.remove();
  at("group-talk").scrollTop = at("group-talk").scrollHeight;
  seen[id] = group.count;
  remember();
  put(group);
  sift();
}

at("group").addEventListener("close", () => { open = null; });
at("group").addEventListener("click", (event) => { if (event.target === at("group")) at("group").close(); });
const path = () => `/control/groups/${encodeURIComponent(open)}`;
at("disable").addEventListener("click", () =>
  post(path(), { status: groups.get(open).status === "enabled" ? "disabled" : "enabled" }));
at("leave").addEventListener("click", () => post(path(), { oa_is_member: !groups.get(open).oa_is_member }));
const fit = growing(at("group-words"), () => at("group-composer").requestSubmit());
at("group-composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = at("group-words").value.trim();
  if (!text) return;
  await post(`${path()}/say`, { text });
  at("group-words").value = "";
  fit();
});

// ---- search and filters -----------------------------------------------------------------------------------------

at("search").addEventListener("input", sift);
for (const chip of document.querySelectorAll("[data-filter]")) {
  chip.addEventListener("click", () => {
    filter = chip.dataset.filter;
    for (const one of document.querySelectorAll("[data-filter]")) one.setAttribute("aria-pressed", String(one === chip));
    sift();
  });
}
at("read-all").addEventListener("click", () => {
  for (const group of groups.values()) { seen[group.group_id] = group.count; put(group); }
  remember();
  sift();
});
