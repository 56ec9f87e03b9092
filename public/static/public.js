/* Comfort on top of pages that work without it. What is remembered stays on this device (localStorage). */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const kept = {
    read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    write(key, value) { try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, JSON.stringify(value)); } catch { /* a full or closed store: nothing is remembered */ } },
  };

  /* The answer to a form, put on the page; without network or script the form goes its own way. */
  async function answer(form) {
    const reply = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Part": "1" }, credentials: "omit" });
    if (!reply.ok) throw new Error(String(reply.status));
    return reply.text();
  }
  function put(place, html) {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    place.replaceChildren(...document.importNode(parsed.body, true).childNodes);
    wake(place);
  }

  /* ---- search ---- */
  const results = document.getElementById("ket-qua");
  function found(html) {
    put(results, html);
  }
  for (const form of all("[data-ask]")) {
    if (!results) continue;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      results.setAttribute("aria-busy", "true");
      try {
        const html = await answer(form);
        found(html);
        try { sessionStorage.setItem("tim", JSON.stringify({ at: location.pathname, q: form.q.value, html })); } catch { /* as above */ }
      } catch { form.submit(); return; } finally { results.removeAttribute("aria-busy"); }
      results.scrollIntoView({ block: "nearest" });
    });
  }
  if (results && (performance.getEntriesByType("navigation")[0] || {}).type === "back_forward") {
    try {
      const last = JSON.parse(sessionStorage.getItem("tim"));
      if (last && last.at === location.pathname && !results.children.length) { document.getElementById("q").value = last.q; found(last.html); }
    } catch { /* nothing was asked */ }
  }

  /* ---- the police where I live ---- */
  function office() {
    const mine = kept.read("noi-o");
    for (const place of all("[data-my-office]")) if (mine && !place.children.length) put(place, mine.html);
  }
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-place]");
    if (!form) return;
    event.preventDefault();
    const place = document.querySelector("[data-my-office]");
    try {
      const html = await answer(form);
      put(place, html);
      const one = place.querySelector("[data-office]");
      if (one) kept.write("noi-o", { code: one.dataset.office, html });
    } catch { form.submit(); }
  });
  const shown = document.querySelector("[data-office]");
  if (shown) kept.write("noi-o", { code: shown.dataset.office, html: shown.outerHTML });

  /* ---- papers one can tick ---- */
  function ticks(list) {
    const key = `giay-to:${list.dataset.ticks}`;
    const boxes = all("input[type=checkbox]", list);
    if (!boxes.length) return;
    const name = (box) => box.closest("label").textContent.trim();
    const count = list.querySelector("[data-count]");
    const clear = list.querySelector("[data-clear]");
    const have = new Set(kept.read(key) || []);
    const tell = () => {
      const done = boxes.filter((box) => box.checked);
      count.hidden = false;
      count.textContent = `${done.length}/${boxes.length}`;
      clear.hidden = !done.length;
      kept.write(key, done.length ? done.map(name) : null);
    };
    for (const box of boxes) { box.checked = have.has(name(box)); box.addEventListener("change", tell); }
    clear.addEventListener("click", () => { for (const box of boxes) box.checked = false; tell(); boxes[0].focus(); });
    tell();
    const print = list.querySelector("[data-print]");
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }

  /* ---- words to copy ---- */
  function wake(root) {
    for (const button of all("[data-copy]", root)) {
      if (!navigator.clipboard) continue;
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
        button.textContent = button.dataset.done;
        button.setAttribute("aria-live", "polite");
      });
    }
  }

  /* ---- pages kept for times without network ---- */
  async function keptPages(list) {
    for (const name of (await caches.keys()).filter((one) => one.startsWith("trang"))) {
      for (const request of await (await caches.open(name)).keys()) {
        const reply = await caches.match(request);
        const title = (await reply.text()).match(/<title>([^<]*)/);
        const link = document.createElement("a");
        link.href = request.url;
        link.textContent = new DOMParser().parseFromString(title ? title[1] : request.url, "text/html").body.textContent.split(" · ")[0];
        const row = document.createElement("li");
        row.append(link);
        list.append(row);
      }
    }
  }

  wake(document);
  office();
  all("[data-ticks]").forEach(ticks);
  all("[data-kept]").forEach((list) => { if ("caches" in window) keptPages(list); });
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => { /* private windows refuse it */ });
})();
