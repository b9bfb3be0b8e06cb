/* What the page shows stands in its address: a study, one of its raters or units, or the form; back and forward work. */

const PLACES = ["study", "rater", "unit", "show", "new", "base"];

function whereTo() {
  const asked = new URL(location.href).searchParams;
  return Object.fromEntries(PLACES.map((name) => [name, asked.get(name)]));
}

function addressOf(place) {
  const address = new URL(location.href);
  address.hash = "";
  for (const name of PLACES) {
    address.searchParams.delete(name);
    if (place[name] !== null && place[name] !== undefined && place[name] !== "") address.searchParams.set(name, place[name]);
  }
  return address;
}

/* `isNew`: a step that Back should undo. */
function goTo(place, { isNew = true } = {}) {
  const address = addressOf(place);
  if (address.href === location.href) return;
  window.history[isNew ? "pushState" : "replaceState"](window.history.state, "", address);
}

function placeLink(words, place, go, props) {
  return stepTo(addressOf(place).href, () => go(place), { class: "lab-open", ...props }, words instanceof Node ? words : foreign(words));
}
