// The phone: what the resident sees and does.

import { draw } from "./bubbles.js";
import { follow, get, growing, make, post, show } from "./wire.js";

const at = (id) => document.getElementById(id);
const { key, oa } = at("chat").dataset;
const base = `/control/residents/${encodeURIComponent(key)}`;
const talk = at("talk"), words = at("words");
const messages = new Map();
let waiting = [], known = 0, recorder = null;

// ---- reading ----------------------------------------------------------------------------------------------------

const low = () => talk.scrollHeight - talk.scrollTop - talk.clientHeight < 90;
let stuck = true; // at the newest message, and staying there while photos load
const down = () => { stuck = true; talk.scrollTop = talk.scrollHeight; at("jump").hidden = true; };

function redraw(first) {
  const wasLow = first || stuck;
  const list = [...messages.values()];
  at("empty").hidden = list.some((message) => !message.hidden);
  draw(talk, list, { mine: "resident", press, open: view });
  if (wasLow) down();
  else if (list.length > known) at("jump").hidden = false;
  known = list.length;
}

function news(answer) {
  const first = !messages.size;
  if (answer.count < messages.size) messages.clear();
  for (const message of answer.messages) messages.set(message.message_id, message);
  if (answer.count !== messages.size) return again();
  redraw(first);
  if (!document.hidden) seen();
}

/** The stage was cleared: read it all anew. */
async function again() {
  const whole = await get(`${base}/chat?oa_id=${oa}`);
  messages.clear();
  for (const message of whole.messages) messages.set(message.message_id, message);
  redraw(true);
}

function seen() {
  if ([...messages.values()].some((message) => message.from === "oa" && !message.seen)) {
    post(`${base}/seen`, { oa_id: oa }).catch(() => {});
  }
}

let height = 0;
talk.addEventListener("scroll", () => {
  // growing content is no scrolling up: only a smaller scrollTop is
  if (low()) { stuck = true; at("jump").hidden = true; } else if (talk.scrollTop < height - 2) stuck = false;
  height = talk.scrollTop;
});
for (const event of ["load", "loadedmetadata", "error"]) talk.addEventListener(event, () => { if (stuck) down(); }, true);
new ResizeObserver(() => { if (stuck) down(); }).observe(talk);
at("jump").addEventListener("click", down);
document.addEventListener("visibilitychange", () => { if (!document.hidden) seen(); });
follow((since, wait) => `${base}/chat?oa_id=${oa}&since=${since}&wait=${wait}`, news, (well) => {
  at("state").textContent = well ? "OA giả lập" : "Mất kết nối, đang thử lại…";
});

function view(address) {
  at("viewer").querySelector("img").src = address;
  at("viewer").showModal();
}
at("viewer").addEventListener("click", () => at("viewer").close());

// ---- saying -----------------------------------------------------------------------------------------------------

/** Do it; when it fails say so and give false: what was typed or chosen is still there. */
async function attempt(act) {
  try {
    await act();
    show("problem", "");
    return true;
  } catch (problem) {
    show("problem", `Chưa gửi được (${problem.message}). Nội dung vẫn còn, hãy thử lại.`);
    return false;
  }
}

const draft = `draft ${key} ${oa}`;
const keepDraft = () => { try { localStorage.setItem(draft, words.value); } catch { /* private window */ } };
try { words.value = localStorage.getItem(draft) || ""; } catch { /* private window */ }
const fit = growing(words, () => at("composer").requestSubmit());
words.addEventListener("input", keepDraft);

let sending = false;
at("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (sending) return;
  sending = true;
  down();
  const text = words.value.trim(), files = waiting;
  let well = true;
  if (files.length) {
    well = await attempt(() => sendFiles("image", files.map((one) => one.file), text));
    if (well) { waiting = waiting.filter((one) => !files.includes(one)); drawWaiting(); }
  } else if (text) {
    well = await attempt(() => post(`${base}/say`, { oa_id: oa, text }));
  }
  // only what was sent goes away: words typed meanwhile stay
  if (well && text && words.value.trim() === text) words.value = "";
  else if (well && text && words.value.startsWith(text)) words.value = words.value.slice(text.length).trimStart();
  keepDraft();
  fit();
  sending = false;
});

function sendFiles(kind, files, caption = "") {
  const form = new FormData();
  form.append("kind", kind);
  form.append("oa_id", oa);
  form.append("caption", caption);
  for (const file of files) form.append("file", file, file.name);
  return post(`${base}/send`, form);
}

function drawWaiting() {
  at("waiting").hidden = !waiting.length;
  at("waiting").replaceChildren(...waiting.map((one) => make("span", { class: "thumb" },
    make("img", { src: one.look, alt: one.file.name }),
    make("button", { type: "button", "aria-label": `Bỏ ${one.file.name}`, onclick: () => {
      waiting = waiting.filter((other) => other !== one);
      URL.revokeObjectURL(one.look);
      drawWaiting();
    } }, "×"))));
}

function choose(input, act) {
  input.addEventListener("change", () => { const files = [...input.files]; input.value = ""; if (files.length) act(files); });
}
choose(at("photos"), (files) => {
  waiting.push(...files.map((file) => ({ file, look: URL.createObjectURL(file) })));
  drawWaiting();
  fold();
  words.focus();
});
choose(at("clip"), (files) => { fold(); attempt(() => sendFiles("video", files)); });
choose(at("file"), (files) => { fold(); attempt(() => sendFiles("file", files)); });

async function sample(name, type) {
  const response = await fetch(`/static/samples/${name}`);
  if (!response.ok) throw new Error("không đọc được tệp mẫu");
  return new File([await response.blob()], name, { type });
}
const sampled = (kind, type, ...names) => () => {
  fold();
  attempt(async () => sendFiles(kind, await Promise.all(names.map((name) => sample(name, type)))));
};
at("sample-photos").addEventListener("click", sampled("image", "image/jpeg", "dem-pho.jpg", "via-he.jpg", "cay-do.jpg"));
at("sample-clip").addEventListener("click", sampled("video", "video/mp4", "clip-duong-pho.mp4"));
at("sample-voice").addEventListener("click", sampled("audio", "audio/mp4", "ghi-am.m4a"));
at("card").addEventListener("click", () => {
  fold();
  attempt(() => post(`${base}/card`, { oa_id: oa, name: "Người quen", phone: "84900000001" }));
});

// ---- trays ------------------------------------------------------------------------------------------------------

function unfold(id) {
  for (const one of ["tray", "stickers"]) at(one).hidden = one !== id || !at(one).hidden;
  at("open-tray").setAttribute("aria-expanded", String(!at("tray").hidden));
  at("open-stickers").setAttribute("aria-expanded", String(!at("stickers").hidden));
  down();
}
const fold = () => { at("tray").hidden = at("stickers").hidden = true;
  for (const id of ["open-tray", "open-stickers"]) at(id).setAttribute("aria-expanded", "false"); };
at("open-tray").addEventListener("click", () => unfold("tray"));
at("open-stickers").addEventListener("click", () => unfold("stickers"));
at("stickers").addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-sticker]");
  if (chosen) { fold(); attempt(() => post(`${base}/sticker`, { oa_id: oa, id: chosen.dataset.sticker })); }
});

at("record").addEventListener("click", async () => {
  if (recorder) return recorder.stop();
  if (!navigator.mediaDevices || !window.MediaRecorder) return show("problem", "Máy này không ghi âm được; hãy dùng “Âm mẫu”.");
  try {
    const sound = await navigator.mediaDevices.getUserMedia({ audio: true });
    const pieces = [];
    recorder = new MediaRecorder(sound);
    recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
    recorder.addEventListener("stop", () => {
      const type = recorder.mimeType.split(";")[0] || "audio/webm";
      sound.getTracks().forEach((track) => track.stop());
      recorder = null;
      at("record").classList.remove("on");
      at("record").querySelector("span").textContent = "Ghi âm";
      attempt(() => sendFiles("audio", [new File(pieces, `ghi-am.${type.split("/")[1]}`, { type })]));
    });
    recorder.start();
    at("record").classList.add("on");
    at("record").querySelector("span").textContent = "Dừng và gửi";
  } catch {
    show("problem", "Chưa được phép dùng micrô; hãy dùng “Âm mẫu”.");
  }
});

// ---- place, buttons, follow -------------------------------------------------------------------------------------

const places = at("places");
at("place").addEventListener("click", () => { fold(); show("place-problem", ""); places.showModal(); });
places.addEventListener("click", (event) => {
  const preset = event.target.closest("[data-latitude]");
  if (!preset) return;
  at("latitude").value = preset.dataset.latitude;
  at("longitude").value = preset.dataset.longitude;
  for (const one of places.querySelectorAll("[data-latitude]")) one.setAttribute("aria-pressed", String(one === preset));
});
at("here").addEventListener("click", () => {
  if (!navigator.geolocation) return show("place-problem", "Máy này không cho biết vị trí.");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => { at("latitude").value = coords.latitude.toFixed(6); at("longitude").value = coords.longitude.toFixed(6); },
    () => show("place-problem", "Không lấy được vị trí của máy này; hãy nhập hoặc chọn một nơi có sẵn."),
    { timeout: 8000 });
});
places.addEventListener("close", () => {
  if (places.returnValue !== "send") return;
  places.returnValue = "";
  attempt(() => post(`${base}/location`, { oa_id: oa, latitude: at("latitude").value, longitude: at("longitude").value }));
});

async function press(message, index) {
  const button = message.buttons[index];
  await attempt(() => post(`${base}/press`, { oa_id: oa, message_id: message.message_id, index }));
  if (button.type === "oa.open.url" && /^https?:\/\//.test(button.payload.url)) window.open(button.payload.url, "_blank", "noopener");
  if (button.type === "oa.open.phone") show("problem", `Trên điện thoại thật, máy sẽ gọi số ${button.payload.phone_code}.`);
  if (button.type === "oa.open.sms") show("problem", `Trên điện thoại thật, máy sẽ soạn tin nhắn tới ${button.payload.phone_code}.`);
}

function drawFollow() {
  const on = at("follow").dataset.on;
  at("follow").textContent = on ? "Đang quan tâm" : "Quan tâm";
  at("follow").setAttribute("aria-pressed", String(!!on));
}
at("follow").addEventListener("click", async () => {
  const on = at("follow").dataset.on;
  if (await attempt(() => post(`${base}/${on ? "unfollow" : "follow"}`, { oa_id: oa }))) at("follow").dataset.on = on ? "" : "yes";
  drawFollow();
});
drawFollow();

const ACTS = { block: ["unblock", "Bỏ chặn của OA"], unblock: ["block", "Chặn tin nhắn của OA"] };
for (const button of document.querySelectorAll("[data-act]")) {
  button.addEventListener("click", async () => {
    const act = button.dataset.act;
    if (act === "withdraw" && !confirm("Yêu cầu xóa mọi dữ liệu cá nhân của người dân này?")) return;
    if (!await attempt(() => post(`${base}/${act}`, { oa_id: oa }))) return;
    button.closest("details").open = false;
    if (ACTS[act]) [button.dataset.act, button.textContent] = ACTS[act];
  });
}
document.addEventListener("click", (event) => {
  const menu = document.querySelector(".menu");
  if (menu.open && !menu.contains(event.target)) menu.open = false;
});
at("phrases").addEventListener("click", (event) => {
  if (!event.target.matches("button")) return;
  words.value = event.target.textContent;
  keepDraft();
  fit();
  words.focus();
});
