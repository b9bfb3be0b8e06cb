/* The top bar: brand, pages, theme. Drawn once. Builds on dom.js. */

const { current, links } = props.value;
const pages = el("nav", { class: "fx-nav", "aria-label": "Pages" }, ...links.map(({ label, href }) => el("a", { href, text: label, "aria-current": label === current ? "page" : null })));
const turner = el("button", { type: "button", class: "fx-theme", text: "Light / dark", click: () => theme.turn() });
theme.restore();
element.querySelector(".fx").append(el("header", { class: "fx-top" },
  el("a", { class: "fx-brand", href: "/" }, el("span", { class: "fx-logo", "aria-hidden": "true" }), "Fusion UI"), el("h1", { class: "fx-sr", text: current }), pages, turner));
const here = pages.querySelector("[aria-current]");
if (here) pages.scrollLeft = here.offsetLeft - pages.offsetLeft - (pages.clientWidth - here.clientWidth) / 2; // on a phone it may lie outside
get("/api/session").then(({ is_login_on: isOn, name }) => {
  if (isOn && name) turner.before(el("a", { class: "fx-account", href: "/login", "aria-label": `Account of ${name}`, text: name }));
}).catch(() => {}); // without it the bar is whole but for the name
