/* The one list of keys: it acts, labels the buttons and fills the sheet. It refuses a key that is taken and one that
   the browser keeps for itself. Layers exclude one another; what is in "all" works in each. */

const PRESSED_BY_ENTER = "button, a[href], summary, [role=button]";
const OURS_WITH_MODIFIER = ["mod+z", "mod+enter"];
const KEPT_BY_BROWSERS = /^(shift\+)?(tab|space|f\d+|home|end|pageup|pagedown|contextmenu|backspace|dead|unidentified|process)$/;
const CAPS = { arrowleft: "←", arrowright: "→", arrowup: "↑", arrowdown: "↓", escape: "Esc", enter: "Enter", delete: "Del", space: "Space", shift: "⇧", alt: "Alt",
  mod: /mac|iphone|ipad/i.test(navigator.platform || "") ? "⌘" : "Ctrl" };
const REBOUND = "fx-rate-keys";

/* Digits go by their place on the keyboard and letters by what they say; where a keyboard writes another script, by place. */
function chordOf(event) {
  const isLetter = /^[a-z]$/i.test(event.key);
  const place = /^(?:Digit|Numpad)(\d)$/.exec(event.code) || (!isLetter && event.key.length === 1 && event.key > "\x7f" && /^Key(\w)$/.exec(event.code));
  const key = (place ? place[1] : event.key === " " ? "space" : event.key).toLowerCase();
  const isNamed = key.length > 1 || /^[a-z0-9]$/.test(key);
  return (event.ctrlKey || event.metaKey ? "mod+" : "") + (event.altKey ? "alt+" : "") + (event.shiftKey && isNamed ? "shift+" : "") + key;
}

function capOf(chord) {
  return chord.split(/\+(?=.)/).map((part) => CAPS[part] || (part.length === 1 ? part.toUpperCase() : part)).join(" ");
}

class Keys {
  constructor() {
    this.bindings = [];
    this.rebound = memory.get(REBOUND) || {};
    this.labels = [];
  }

  /* {id, chord, words, layer, act, also, isFixed}: `also` are further chords, which stay as they are. */
  add(...bindings) {
    for (const binding of bindings) {
      const layer = binding.layer || "judge";
      const wanted = this.rebound[binding.id];
      const chord = wanted && !this.objection(wanted, layer, binding.id) ? wanted : binding.chord;
      for (const each of [chord, ...(binding.also || [])]) {
        const objection = this.objection(each, layer, binding.id);
        if (objection) throw new Error(`${binding.words}: ${objection}`);
      }
      this.bindings.push({ ...binding, layer, chord, usual: binding.chord });
    }
    this.relabel();
  }

  remove(group) {
    this.bindings = this.bindings.filter((binding) => binding.group !== group);
  }

  /* Why this chord cannot serve, or null. */
  objection(chord, layer, id) {
    const isOurs = OURS_WITH_MODIFIER.includes(chord);
    if (KEPT_BY_BROWSERS.test(chord) || (/^(mod|alt)\+/.test(chord) && !isOurs)) return `Browsers keep ${capOf(chord)} for themselves.`;
    const holder = this.bindings.find((binding) => binding.id !== id && this.meets(binding, layer) && this.chordsOf(binding).includes(chord));
    return holder ? `${capOf(chord)} is taken by “${holder.words}”.` : null;
  }

  meets(binding, layer) {
    return binding.layer === layer || binding.layer === "all" || layer === "all";
  }

  chordsOf({ chord, also }) {
    return [chord, ...(also || [])];
  }

  rebind(id, chord) {
    const binding = this.bindings.find((each) => each.id === id);
    const objection = this.objection(chord, binding.layer, id);
    if (objection) return objection;
    binding.chord = chord;
    this.rebound = { ...this.rebound, [id]: chord };
    if (chord === binding.usual) delete this.rebound[id];
    memory.set(REBOUND, this.rebound);
    this.relabel();
    return null;
  }

  reset() {
    this.rebound = {};
    memory.set(REBOUND, null);
    for (const binding of this.bindings) binding.chord = binding.usual;
    this.relabel();
  }

  find(chord, layer) {
    return this.bindings.find((binding) => this.meets(binding, layer) && this.chordsOf(binding).includes(chord));
  }

  /* A key cap that follows its binding; for the eye only, the button's name stays what it is. */
  cap(id) {
    const node = el("kbd", { "aria-hidden": "true" });
    this.labels.push({ id, node });
    this.label(id, node);
    return node;
  }

  label(id, node) {
    const binding = this.bindings.find((each) => each.id === id);
    write(node, binding ? capOf(binding.chord) : "");
    show(node, binding);
  }

  relabel() {
    this.labels = this.labels.filter(({ node }) => node.isConnected || !node.wasShown);
    for (const { id, node } of this.labels) {
      this.label(id, node);
      if (node.isConnected) node.wasShown = true;
    }
  }
}
