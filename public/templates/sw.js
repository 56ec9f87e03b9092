/* Keeps the frame and the last pages that were read, for times without network. Nothing of forms, of /console, or of
   pages that say no-store is ever kept. */
"use strict";
const FRAME = "khung-{{ mark }}";
const PAGES = "trang-1";
const PAGES_MAX = 40;
const PATIENCE_MS = 4000;
const OFFLINE = "/ngoai-tuyen";
const PARTS = {{ parts | tojson }};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FRAME).then((frame) => frame.addAll([OFFLINE, ...PARTS])).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== FRAME && name !== PAGES).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});
self.addEventListener("fetch", (event) => {
  const request = event.request;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (/^\/(?:console|webhook|healthz|readyz|metrics)(?:\/|$)/.test(address.pathname)) return;
  if (request.mode === "navigate") event.respondWith(page(request, event));
  else if (address.pathname.startsWith("{{ prefix }}/")) event.respondWith(part(request));
});

async function part(request) {
  return (await caches.match(request)) || fetch(request);
}
async function page(request, event) {
  const asked = fetch(request).then((reply) => {
    const kept = reply.headers.get("Cache-Control") || "";
    if (reply.ok && reply.type === "basic" && !kept.includes("no-store")) event.waitUntil(keep(request, reply.clone()));
    return reply;
  });
  const known = await caches.match(request);
  try {
    return await (known ? Promise.race([asked, new Promise((_, late) => setTimeout(late, PATIENCE_MS))]) : asked);
  } catch {
    asked.catch(() => {});
    return known || (await caches.match(OFFLINE)) || Response.error();
  }
}
async function keep(request, reply) {
  const pages = await caches.open(PAGES);
  await pages.delete(request);
  await pages.put(request, reply);
  const all = await pages.keys();
  for (const old of all.slice(0, Math.max(0, all.length - PAGES_MAX))) await pages.delete(old);
}
