// Messages as bubbles. A row that did not change keeps its element, so that a playing clip goes on.

import { dayOf, linked, make, timeOf } from "./wire.js";

const NEAR_MS = 120000;

/** Put `messages` (oldest first) into `talk`. mine: the sender shown on the right. */
export function draw(talk, messages, { mine, press, open }) {
  const rows = gather(messages.filter((message) => !message.hidden), mine);
  const kept = new Map([...talk.querySelectorAll(":scope > [data-row]")].map((row) => [row.dataset.row, row]));
  let before = null;
  for (const row of rows) {
    let element = kept.get(row.key);
    if (!element || element.dataset.sign !== row.sign) {
      const fresh = row.day ? make("p", { class: "day" }, row.day) : bubble(row, { mine, press, open });
      fresh.dataset.row = row.key;
      fresh.dataset.sign = row.sign;
      element?.replaceWith(fresh);
      element = fresh;
    }
    kept.delete(row.key);
    const next = before ? before.nextElementSibling : talk.firstElementChild;
    if (next !== element) talk.insertBefore(element, next);
    before = element;
  }
  for (const gone of kept.values()) gone.remove();
}

/** Days, and photos sent together as one row. */
function gather(messages, mine) {
  const rows = [];
  let day = "", last = null;
  for (const message of messages) {
    const today = dayOf(message.time);
    if (today !== day) { rows.push({ key: "day " + today, sign: today, day: today }); day = today; last = null; }
    const photo = message.kind === "image";
    if (last && photo && last.photos && last.from === message.from && !message.text
        && message.time - last.end < NEAR_MS) {
      last.messages.push(message);
    } else {
      const joins = last && last.from === message.from && message.time - last.end < NEAR_MS;
      last = { key: message.message_id, from: message.from, photos: photo, messages: [message], joins };
      rows.push(last);
    }
    last.end = message.time;
  }
  const own = rows.filter((row) => row.from === mine).at(-1);
  for (const row of rows) {
    if (row.day) continue;
    row.receipt = row === own ? (row.messages.every((one) => one.delivered) ? "✓✓ Đã nhận" : "✓ Đã gửi") : "";
    row.sign = [row.messages.length, row.joins, row.receipt].join("|");
  }
  return rows;
}

function bubble(row, { mine, press, open }) {
  const [first] = row.messages;
  const side = row.from === mine ? "mine" : "theirs";
  const body = make("div", { class: "bubble" });
  const files = row.messages.flatMap((message) => message.attachments);
  const bare = !first.text && files.length && ["image", "gif", "video", "sticker"].includes(first.kind);
  if (bare) body.classList.add("bare");
  const photos = files.filter((file) => file.type === "image" || file.type === "gif");
  if (photos.length) {
    body.append(make("div", { class: "photos", "data-count": Math.min(photos.length, 4) },
      ...photos.map((file) => photo(file, open))));
  }
  for (const file of files) {
    const shown = SHOWN[file.type]?.(file);
    if (shown) body.append(shown);
  }
  if (first.text) body.append(make("p", { class: "words" }, ...linked(first.text)));
  const element = make("div", { class: `said ${side}${row.joins ? " joins" : ""}` }, body);
  if (first.buttons.length) {
    body.append(make("div", { class: "choices" }, ...first.buttons.map((button, number) =>
      make("button", { type: "button", onclick: () => press?.(first, number) }, button.title, MARKS[button.type] || ""))));
  }
  element.append(make("small", { class: "when" }, timeOf(row.end), row.receipt ? " · " + row.receipt : ""));
  return element;
}

const MARKS = { "oa.open.url": " ↗", "oa.open.phone": " ✆", "oa.open.sms": " ✉" };
const source = (file) => file.view || file.url;

function photo(file, open) {
  const image = make("img", { src: source(file), alt: file.name ? `Ảnh ${file.name}` : "Ảnh", loading: "lazy" });
  const frame = make("button", { type: "button", class: "photo", "aria-label": "Xem ảnh", onclick: () => open?.(source(file)) }, image);
  image.addEventListener("error", () => frame.replaceWith(make("span", { class: "photo gone" }, "Ảnh không còn tồn tại")));
  return frame;
}

const SHOWN = {
  video: (file) => make("video", { src: source(file), controls: true, preload: "metadata", playsinline: true }),
  audio: (file) => make("audio", { src: source(file), controls: true, preload: "metadata" }),
  file: (file) => make("a", { class: "attached", href: source(file), target: "_blank", rel: "noopener", download: file.name || true },
    make("b", {}, (file.name?.split(".").pop() || "tệp").slice(0, 4).toUpperCase()),
    make("span", {}, file.name || "Tệp", file.size ? make("small", {}, weight(file.size)) : null)),
  sticker: (file) => make("img", { class: "sticker", src: /^[1-6]$/.test(file.id) ? `/static/stickers/${file.id}.svg` : "/static/stickers/1.svg", alt: "Nhãn dán" }),
  card: (file) => make("div", { class: "place" }, make("i", {}, "☎"), make("span", {}, make("b", {}, file.name), make("small", {}, file.phone))),
  location: (file) => {
    const { latitude, longitude } = file.coordinates;
    return make("div", { class: "place" }, make("i", {}, "⌖"),
      make("span", {}, make("b", {}, "Vị trí"), make("small", {}, `${latitude}, ${longitude}`)));
  },
};

function weight(bytes) {
  return bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1).replace(".", ",")} MB`;
}
