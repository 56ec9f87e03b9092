// Asking the control API, and small things every page needs.

export async function get(path, signal) {
  return answer(await fetch(path, { signal, headers: { Accept: "application/json" } }));
}

export async function post(path, body) {
  const form = body instanceof FormData;
  return answer(await fetch(path, {
    method: "POST",
    headers: form ? {} : { "Content-Type": "application/json" },
    body: form ? body : JSON.stringify(body ?? {}),
  }));
}

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || `máy chủ trả lời ${response.status}`);
  return body;
}

export const pause = (ms) => new Promise((go) => setTimeout(go, ms));

/** Ask `path(at)` again and again; `tell` gets each answer. Says through `connected` whether it works. */
export async function follow(path, tell, connected = () => {}) {
  let at = 0;
  for (;;) {
    try {
      // a hidden page asks now and then: browsers keep only a few connections to one host
      const wait = at && !document.hidden ? 20 : 0;
      const news = await get(path(at, wait));
      at = news.at;
      connected(true);
      tell(news);
      await pause(document.hidden ? 2500 : 120);
    } catch {
      connected(false);
      await pause(1500);
    }
  }
}

/** Build an element: make("p", {class: "soft"}, "words", child …). Words are never read as HTML. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

export function show(id, words) {
  const place = document.getElementById(id);
  place.textContent = words || "";
  place.hidden = !words;
}

const clock = new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
const day = new Intl.DateTimeFormat("vi-VN", { day: "2-digit", month: "2-digit", year: "numeric", timeZone: "Asia/Ho_Chi_Minh" });
export const timeOf = (ms) => clock.format(ms);
export const dayOf = (ms) => day.format(ms);

export function hueOf(text) {
  let sum = 7;
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return sum % 360;
}

/** Words with their addresses as links. */
export function linked(text) {
  const parts = text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/g);
  return parts.map((part, number) => number % 2
    ? make("a", { href: part, target: "_blank", rel: "noopener noreferrer" }, part) : part);
}

/** A text box that grows with its words; Enter sends, Shift+Enter is a new line. */
export function growing(box, send) {
  const fit = () => { box.style.height = "auto"; box.style.height = Math.min(box.scrollHeight, 132) + "px"; };
  box.addEventListener("input", fit);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
  });
  fit();
  return fit;
}
