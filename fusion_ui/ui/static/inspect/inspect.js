/* The Inspect page: the list of runs, the patterns over them, or one case, whichever the address names. */

class InspectScreen {
  constructor(root) {
    this.address = new Address();
    this.keys = new Keys();
    this.node = el("div", { class: "lab inspect" });
    this.said = el("p", { class: "fx-sr", role: "status" });
    this.caseView = typeof CaseView === "function" ? new CaseView({ screen: this }) : null;
    this.node.append(this.said, ...(this.caseView ? [this.caseView.node] : []));
    root.append(this.node);
    addEventListener("popstate", () => this.show());
    this.heard = (event) => this.hear(event);
    document.addEventListener("keydown", this.heard);
    this.show();
  }

  /* Asks the server: GET without a body, POST with one. */
  call(path, body) {
    return body === undefined ? get(API + path) : post(API + path, body);
  }

  /* For the ear, where the eye sees it anyway. */
  say(words) {
    write(this.said, words);
  }

  go(changes) {
    this.address.set(changes);
    this.show();
  }

  /* Who marks and corrects: as on Compare and on the rating screen. */
  get rater() {
    return memory.get("fx-rater") || "";
  }

  /* The name, asked once where none is known; null where nobody gave one. */
  async askName() {
    return this.rater || new NameSheet().ask(this.node);
  }

  /* A change of the address that Back need not undo and that shows nothing else. */
  note(changes) {
    this.address.set(changes, { isNew: false });
  }

  show() {
    this.address.read();
    const { run, tab } = this.address.place;
    this.layer = run ? "case" : "list";
    if (!this.caseView) return;
    show(this.caseView.node, run);
    if (run) this.caseView.open(run, tab);
    else this.caseView.close();
  }

  hear(event) {
    if (!this.node.isConnected) {
      document.removeEventListener("keydown", this.heard);
      return;
    }
    if (event.repeat && !event.key.startsWith("Arrow") && !["j", "k"].includes(event.key)) return;
    const { target } = event;
    if (event.isComposing || event.defaultPrevented || this.node.querySelector("dialog[open]")) return;
    if (target !== document.body && !this.node.contains(target)) return;
    const chord = chordOf(event);
    if (target.matches(TYPING)) return;
    if (target.matches("input[type=radio], [role=slider]") && chord.startsWith("arrow")) return;
    if (chord === "enter" && target.matches(PRESSED_BY_ENTER)) return;
    const binding = this.keys.find(chord, this.layer);
    if (!binding) return;
    event.preventDefault();
    binding.act(event);
  }
}

new InspectScreen(element.querySelector(".fx"));
