// Zooming into a map. The page works without it: every ward is a link, every number stands in the table.
"use strict";

for (const tools of document.querySelectorAll("[data-map-tools]")) {
  const map = document.getElementById(tools.dataset.mapTools);
  const whole = map.getAttribute("viewBox").split(" ").map(Number);
  let [x, y, width, height] = whole;
  const show = () => {
    width = Math.min(width, whole[2]);
    height = width * whole[3] / whole[2];
    x = Math.max(0, Math.min(x, whole[2] - width));
    y = Math.max(0, Math.min(y, whole[3] - height));
    map.classList.toggle("is-near", width < whole[2]); // a finger then moves the map, not the page
    map.setAttribute("viewBox", [x, y, width, height].map((one) => one.toFixed(1)).join(" "));
  };
  const zoom = (factor, atX = x + width / 2, atY = y + height / 2) => {
    const wanted = Math.max(whole[2] / 12, Math.min(whole[2], width * factor));
    x = atX - (atX - x) * wanted / width;
    y = atY - (atY - y) * wanted / width;
    width = wanted;
    show();
  };
  tools.classList.add("is-ready");
  tools.addEventListener("click", (event) => {
    const act = event.target.dataset.zoom;
    if (act === "in") zoom(1 / 1.6);
    if (act === "out") zoom(1.6);
    if (act === "all") { [x, y, width, height] = whole; show(); }
  });
  map.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return; // a plain wheel goes on scrolling the page
    event.preventDefault();
    const box = map.getBoundingClientRect();
    zoom(event.deltaY < 0 ? 1 / 1.25 : 1.25,
      x + (event.clientX - box.left) / box.width * width, y + (event.clientY - box.top) / box.height * height);
  }, { passive: false });
  let drag = null;
  map.addEventListener("pointerdown", (event) => {
    if (width < whole[2] && event.button === 0) drag = { x: event.clientX, y: event.clientY, moved: false };
  });
  map.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const scale = width / map.getBoundingClientRect().width;
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > 4) drag.moved = true;
    if (!drag.moved) return;
    x -= (event.clientX - drag.x) * scale;
    y -= (event.clientY - drag.y) * scale;
    drag.x = event.clientX;
    drag.y = event.clientY;
    show();
  });
  // A drag is no press on a ward.
  map.addEventListener("click", (event) => { if (drag && drag.moved) event.preventDefault(); drag = null; }, true);
  window.addEventListener("pointerup", () => setTimeout(() => { drag = null; }, 0));
  map.addEventListener("dragstart", (event) => event.preventDefault());
  map.addEventListener("focusin", (event) => {
    // A ward reached by keyboard is brought into sight.
    const link = event.target.closest("a");
    if (!link || width >= whole[2]) return;
    const box = link.getBBox();
    x = box.x + box.width / 2 - width / 2;
    y = box.y + box.height / 2 - height / 2;
    show();
  });
}
