/* All keys of the page in a sheet. */

const LAYERS = { list: "The list", case: "A case", flaws: "Marking flaws (words selected, Flaws tab)", ledger: "In the ledger’s grid", all: "Anywhere" };

class KeysSheet {
  constructor(keys) {
    this.keys = keys;
  }

  ask(root) {
    const sheet = new Sheet("Keys", { className: "is-small" });
    const layers = [...new Set([...Object.keys(LAYERS), ...this.keys.bindings.map(({ layer }) => layer)])];
    sheet.body.append(...layers.flatMap((layer) => this.group(layer)));
    sheet.open(root);
  }

  group(layer) {
    const bindings = this.keys.bindings.filter((binding) => binding.layer === layer);
    if (!bindings.length) return [];
    return [el("h3", { class: "lab-h3", text: LAYERS[layer] || capital(layer) }), el("dl", { class: "in-keys" }, ...bindings.map(({ chord, also, words }) => el("div", {}, el("dt", {}, ...this.caps([chord, ...(also || [])])), el("dd", { text: words }))))];
  }

  /* Many keys of one act are a row of digits: its ends say enough. */
  caps(chords) {
    const cap = (chord) => el("kbd", { text: capOf(chord) });
    return chords.length > 3 ? [cap(chords[0]), "–", cap(chords.at(-1))] : chords.map(cap);
  }
}
