// Keys for every act on a tip, and the rows that are ticked. The pages work without this file.
"use strict";

// ---- keys: what a key does stands on its target as data-key; the list of keys is the dialog #phim-tat -----------
const OFF = "phim-tat-tat";
function keysAreOff() {
  try { return localStorage.getItem(OFF) === "1"; } catch { return false; }
}
function shown(part) {
  return part.getClientRects().length > 0;
}
function reach(part) {
  // A part that is folded away is unfolded first; a field is entered, anything else is pressed.
  for (let fold = part.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const field = part.matches("details") ? part.querySelector("textarea, select, input:not([type=hidden])") : part;
  if (field && field.matches("textarea, select, input")) {
    field.focus();
    field.scrollIntoView({ block: "center" });
  } else {
    part.click();
  }
}
function walk(step) {
  const rows = [...document.querySelectorAll("[data-row]")].filter(shown);
  let at = rows.indexOf(document.activeElement);
  if (at < 0) at = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = rows[Math.max(0, Math.min(at + step, rows.length - 1))];
  if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
  return Boolean(next);
}
const dialog = document.getElementById("phim-tat");
const acts = {
  "?": () => { if (dialog) dialog.showModal(); return Boolean(dialog); },
  "/": () => {
    const search = document.querySelector("[data-search]");
    if (search) { search.focus(); search.select(); }
    return Boolean(search);
  },
  j: () => walk(1),
  k: () => walk(-1),
  s: () => {
    const row = document.activeElement.closest("li");
    const box = row && row.querySelector("[data-pick]");
    if (box) box.click();
    return Boolean(box);
  },
};
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (event.key === "Escape" && event.target.matches("textarea, input, select")) event.target.blur();
  if (event.ctrlKey || event.altKey || event.metaKey || (dialog && dialog.open)) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, video, audio")) return;
  if (keysAreOff() && event.key !== "?") return;
  const act = acts[event.key];
  if (act) { if (act()) event.preventDefault(); return; }
  if (!/^[a-z]$/.test(event.key)) return;
  const part = [...document.querySelectorAll(`[data-key="${event.key}"]`)].find((one) => shown(one) || one.closest("details"));
  if (part) { event.preventDefault(); reach(part); }
});
for (const button of document.querySelectorAll("[data-keys]")) {
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
}
if (dialog) {
  const box = dialog.querySelector("input");
  box.checked = !keysAreOff();
  box.addEventListener("change", () => {
    try { if (box.checked) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "1"); } catch { /* not kept */ }
  });
}

// ---- the list beside an open tip begins at that tip ------------------------------------------------------------
const current = document.querySelector(".inbox-list [aria-current]");
if (current && shown(current)) {
  const pane = current.closest(".inbox-list");
  pane.scrollTop = current.offsetTop - pane.clientHeight / 3;
}

// ---- many at once: the bar is there while rows are ticked ------------------------------------------------------
const many = document.querySelector("[data-many]");
if (many) {
  const ticked = () => document.querySelectorAll("[data-pick]:checked");
  const none = many.querySelector("[data-many-none]");
  const show = () => {
    const count = ticked().length;
    many.hidden = count === 0;
    many.querySelector("[data-many-count]").textContent = new Intl.NumberFormat("vi-VN").format(count);
  };
  none.hidden = false;
  none.addEventListener("click", () => { for (const box of ticked()) box.checked = false; show(); });
  document.addEventListener("change", (event) => { if (event.target.matches("[data-pick]")) show(); });
  document.addEventListener("htmx:afterSettle", show);
  many.classList.add("many-floating");
  show();
}

// ---- the tour frames what it speaks of -------------------------------------------------------------------------
const tour = document.querySelector("[data-tour]");
if (tour) {
  const target = document.querySelector(`main ${tour.dataset.tour}`);
  if (target) {
    target.classList.add("tour-here");
    target.scrollIntoView({ block: "center" });
  }
}
