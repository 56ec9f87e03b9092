"use strict";
const PAGE = {{ page|safe }};
const KEPT = {{ kept|safe }};
const STORE = `ngoai-tuyen {{ language }} ${KEPT.join(" ")}`;
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(STORE).then((store) => store.addAll([PAGE, ...KEPT])));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(
    names.filter((name) => name.startsWith("ngoai-tuyen ") && name !== STORE).map((name) => caches.delete(name)))));
});
self.addEventListener("fetch", (event) => {
  const asked = event.request;
  const address = new URL(asked.url);
  if (asked.mode === "navigate" && asked.method === "GET") {
    event.respondWith(fetch(asked).catch(() => caches.match(PAGE)));
  } else if (KEPT.includes(address.pathname + address.search)) {
    event.respondWith(caches.match(asked.url).then((kept) => kept || fetch(asked)));
  }
});
