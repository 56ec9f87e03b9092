// The pages work without this file; it adds live looks, kept drafts, counters and keys.
"use strict";

// ---- the language of the page: its sentences stand on the body, numbers and times the browser knows --------------
const language = document.documentElement.lang;
const written = new Intl.NumberFormat(language);
function filled(sentence, blanks) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => written.format(blanks[name]));
}

// ---- times that say "5 minutes ago" ------------------------------------------------------------------------
const since = new Intl.RelativeTimeFormat(language);
function ago(then) {
  const minutes = Math.floor((Date.now() - then.getTime()) / 60000);
  if (minutes < 1) return document.body.dataset.justNow;
  if (minutes < 60) return since.format(-minutes, "minute");
  if (minutes < 1440) return since.format(-Math.floor(minutes / 60), "hour");
  if (minutes < 10080) return since.format(-Math.floor(minutes / 1440), "day");
  return null;
}
setInterval(() => {
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const words = ago(new Date(time.dateTime));
    if (words && words !== time.textContent) time.textContent = words;
  }
}, 30000);

// ---- live looks: none while the page is hidden; a session that ended is said, nothing typed is lost --------
// A list with ticked rows waits too: what is about to be acted on must not move under the officer's hand.
document.addEventListener("htmx:beforeRequest", (event) => {
  const ticked = event.target.querySelector("[data-pick]:checked");
  if (event.target.hasAttribute("data-live") && (document.hidden || ticked)) event.preventDefault();
});
document.addEventListener("htmx:responseError", (event) => {
  const bar = document.getElementById("het-phien");
  if (bar && event.detail.xhr.status === 401) bar.hidden = false;
});
document.addEventListener("htmx:afterRequest", (event) => {
  const bar = document.getElementById("het-phien");
  if (bar && event.detail.successful) bar.hidden = true;
  if (event.detail.successful) sayOnline(true);
});
// ---- no network: said at once, and nothing is sent into the void -----------------------------------------------
function sayOnline(online) {
  const bar = document.getElementById("mat-mang");
  if (bar) bar.hidden = online;
}
document.addEventListener("htmx:sendError", () => sayOnline(false));
window.addEventListener("offline", () => sayOnline(false));
window.addEventListener("online", () => sayOnline(true));
document.addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  sayOnline(false);
}, true);
if ("serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register("/console/ngoai-tuyen.js", { scope: "/console/" }).catch(() => {});
}
// A player that is running, or a button about to be pressed, is not taken away under the officer's hand.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const old = event.detail.target;
  const playing = old && [...old.querySelectorAll("video, audio")].some((one) => !one.paused);
  if (playing) event.detail.shouldSwap = false;
});

// ---- drafts: kept in this tab until the form is sent ---------------------------------------------------------
try {
  // A form that was sent, and whose next page says it went well, leaves no draft behind.
  const sent = sessionStorage.getItem("nhap-gui");
  if (sent && document.querySelector(".notice-good")) sessionStorage.removeItem(sent);
  // The page that asks for the second factor stands between a form and its answer.
  if (!document.getElementById("xac-nhan")) sessionStorage.removeItem("nhap-gui");
} catch { /* storage switched off: drafts are simply not kept */ }
for (const form of document.querySelectorAll("form[data-draft]")) {
  const key = `nhap:${document.body.dataset.officer}:${form.dataset.draft}`; // never another officer's, who logs in later
  const fields = () => [...form.querySelectorAll("textarea, select, input[type=text], input[type=url]")];
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) || "null");
    // A form opened anew takes back what was typed; one that came back from the server has it already.
    const opened = form.hasAttribute("data-restore");
    if (kept) for (const field of fields()) if ((opened || !field.value) && kept[field.name]) field.value = kept[field.name];
    form.addEventListener("input", () => {
      sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(fields().map((one) => [one.name, one.value]))));
    });
    // Sent for good only when the next page says so; a refused form comes back with its text.
    form.addEventListener("submit", () => sessionStorage.setItem("nhap-gui", key));
  } catch { /* storage switched off: drafts are simply not kept */ }
}
// Whoever logs out leaves nothing behind in this tab.
document.addEventListener("submit", (event) => {
  if (!event.target.action.endsWith("/dang-xuat")) return;
  try { sessionStorage.clear(); } catch { /* nothing was kept */ }
});
// ---- counters, ready sentences -------------------------------------------------------------------------------
for (const field of document.querySelectorAll("[data-count]")) {
  const most = Number(field.dataset.count);
  const place = document.getElementById(field.getAttribute("aria-describedby").split(" ").pop());
  const show = () => {
    const length = [...field.value].length;
    place.textContent = filled(document.body.dataset.length, { length, most });
    place.classList.toggle("over", length > most);
  };
  field.addEventListener("input", show);
  show();
}
document.addEventListener("click", (event) => {
  const sample = event.target.closest("[data-insert]");
  if (!sample) return;
  const field = document.getElementById(sample.dataset.into);
  field.value = field.value ? `${field.value.trimEnd()}\n${sample.dataset.insert}` : sample.dataset.insert;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

// ---- one press, one act ---------------------------------------------------------------------------------------
document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter && event.submitter.dataset.ask;
  if (question && !window.confirm(question)) { event.preventDefault(); return; }
  if (form.method === "post") {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 4000);
  }
});
window.addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });

// ---- lists that narrow while one types (audience picker, deliveries) ---------------------------------------------
function plain(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
}
for (const field of document.querySelectorAll("[data-narrows]")) {
  const list = document.getElementById(field.dataset.narrows);
  field.addEventListener("input", () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    for (const item of list.querySelectorAll("[data-item]")) {
      const text = plain(item.dataset.item);
      item.hidden = !words.every((word) => text.includes(word));
    }
  });
}

// Rows that are too long for a phone are moved sideways: what is chosen in them stands in sight.
for (const row of document.querySelectorAll(".tabs, .chips")) {
  const chosen = row.querySelector("[aria-current]");
  if (chosen) row.scrollLeft = chosen.offsetLeft - row.offsetLeft - row.clientWidth / 3;
}
const entry = document.querySelector(".side-nav > [aria-current]");
if (entry) entry.parentElement.scrollTop = entry.offsetTop - entry.parentElement.clientHeight / 2;

// ---- the form of a broadcast: preview, fields that belong to the rhythm, how many groups --------------------------
for (const field of document.querySelectorAll("[data-preview]")) {
  const place = document.getElementById(field.dataset.preview);
  const empty = place.textContent;
  field.addEventListener("input", () => { place.textContent = field.value || empty; });
  if (field.value) place.textContent = field.value;
}
const rhythm = document.getElementById("rhythm");
if (rhythm) {
  const show = () => {
    for (const part of document.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(rhythm.value);
  };
  rhythm.addEventListener("change", show);
  show();
}
const audience = document.querySelector("form[data-audience]");
if (audience && document.getElementById("audience-some")) {
  const chosen = (name) => new Set([...audience.querySelectorAll(`input[name=${name}]:checked`)].map((one) => one.value));
  const show = () => {
    const some = document.getElementById("audience-some").checked;
    document.getElementById("chon-nhom").hidden = !some;
    let count = Number(audience.dataset.total);
    if (some) {
      const [districts, units, groups, out] = ["districts", "units", "groups", "exclude"].map(chosen);
      for (const list of audience.querySelectorAll("input[name=lists]:checked")) {
        for (const code of list.dataset.codes.split(" ")) groups.add(code);
      }
      count = [...audience.querySelectorAll("[data-group]")].filter((one) => (districts.has(one.dataset.district)
        || units.has(one.dataset.unit) || groups.has(one.querySelector("input").value))
        && !out.has(one.querySelector("input").value)).length;
    } else {
      count -= audience.querySelectorAll("input[name=exclude]:checked:not([data-outside])").length;
    }
    document.getElementById("so-nhom").textContent = filled(document.body.dataset.groups, { number: count });
  };
  audience.addEventListener("change", show);
  show();
}

// ---- parts of a form that belong to one choice -------------------------------------------------------------------
function showParts() {
  const chosen = document.querySelector("input[data-shows]:checked");
  if (!chosen) return;
  for (const part of document.querySelectorAll("[data-shown-for]")) part.hidden = !part.dataset.shownFor.split(" ").includes(chosen.value);
}
for (const field of document.querySelectorAll("input[data-shows]")) field.addEventListener("change", showParts);
showParts();
// ---- the blanks of the chosen kind, its lifetime, pictures before they are sent ------------------------------------
const kind = document.querySelector("[data-kind]");
if (kind) {
  const show = () => {
    for (const part of document.querySelectorAll("[data-for-kind]")) part.hidden = part.dataset.forKind !== kind.value;
    document.getElementById("hours").placeholder = kind.selectedOptions[0].dataset.hours;
  };
  kind.addEventListener("change", show);
  show();
}
for (const field of document.querySelectorAll("[data-files]")) {
  field.addEventListener("change", () => {
    const place = document.getElementById(field.dataset.files);
    for (const old of place.querySelectorAll("[data-new]")) old.remove();
    for (const file of field.files) {
      if (!file.type.startsWith("image/")) continue;
      const reader = new FileReader();
      reader.addEventListener("load", () => {
        const picture = new Image();
        picture.alt = file.name;
        picture.dataset.new = "1";
        picture.src = reader.result;
        place.append(picture);
      });
      reader.readAsDataURL(file);
    }
  });
}

// ---- wards on the map: a click ticks one, a ring drawn with the pointer ticks all inside ----------------------------
for (const map of document.querySelectorAll("[data-ward-picker]")) {
  const boxes = () => [...document.querySelectorAll(`input[name=${map.dataset.wardPicker}][data-ward]`)];
  const box = (ward) => boxes().find((one) => one.dataset.ward === ward.dataset.ward);
  const wards = [...map.querySelectorAll(".ward")];
  const ring = map.querySelector(".lasso");
  const show = () => {
    const ticked = new Set(boxes().filter((one) => one.checked).map((one) => one.dataset.ward));
    for (const ward of wards) ward.classList.toggle("is-chosen", ticked.has(ward.dataset.ward));
  };
  const set = (ward, on) => {
    const one = box(ward);
    if (one && one.checked !== on) { one.checked = on; one.dispatchEvent(new Event("change", { bubbles: true })); }
  };
  const at = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    return [point.x, point.y];
  };
  const inside = ([x, y], corners) => corners.reduce((found, [x1, y1], index) => {
    const [x2, y2] = corners[(index + 1) % corners.length];
    return (y1 > y) !== (y2 > y) && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1 ? !found : found;
  }, false);
  let drawn = null;
  map.addEventListener("pointerdown", (event) => { drawn = [at(event)]; map.setPointerCapture(event.pointerId); });
  map.addEventListener("pointermove", (event) => {
    if (!drawn) return;
    drawn.push(at(event));
    ring.setAttribute("points", drawn.map((one) => one.join(",")).join(" "));
  });
  map.addEventListener("pointerup", (event) => {
    const corners = drawn || [];
    drawn = null;
    ring.setAttribute("points", "");
    const xs = corners.map(([x]) => x), ys = corners.map(([, y]) => y);
    const small = Math.max(...xs) - Math.min(...xs) < 12 && Math.max(...ys) - Math.min(...ys) < 12;
    if (small) {
      const ward = document.elementFromPoint(event.clientX, event.clientY);
      if (ward && ward.classList.contains("ward")) { const one = box(ward); if (one) set(ward, !one.checked); }
    } else {
      for (const ward of wards) if (inside([Number(ward.dataset.x), Number(ward.dataset.y)], corners)) set(ward, true);
    }
    show();
  });
  document.addEventListener("change", show);
  show();
}

// ---- copying a text that an officer posts by hand -----------------------------------------------------------------
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const place = document.getElementById(button.dataset.copy);
  const label = button.querySelector("span");
  try {
    await navigator.clipboard.writeText(place.textContent);
    label.textContent = document.body.dataset.copied;
  } catch {
    window.getSelection().selectAllChildren(place);
    label.textContent = document.body.dataset.toCopy;
  }
});
