/* The Inspect page: the list of runs, the patterns over them, or one case, whichever the address names. */

class InspectScreen {
  constructor(root) {
    this.address = new Address();
    this.keys = new Keys();
    this.node = el("div", { class: "lab inspect" });
    this.said = el("p", { class: "fx-sr", role: "status" });
    this.browser = new RunBrowser({ screen: this });
    this.caseView = new CaseView({ screen: this });
    this.sheet = new KeysSheet(this.keys);
    this.keys.add({ id: "inspect-keys", chord: "?", words: "This sheet", layer: "all", act: () => this.sheet.ask(this.node) });
    this.node.append(this.said, this.browser.node, this.caseView.node);
    root.append(this.node);
    addEventListener("popstate", () => this.show());
    this.heard = (event) => this.hear(event);
    document.addEventListener("keydown", this.heard);
    this.show();
  }

  call(path) {
    return ask(API + path);
  }

  /* For the ear, where the eye sees it anyway. */
  say(words) {
    write(this.said, words);
  }

  /* ---------- the address ---------- */

  go(changes, how) {
    this.address.set(changes, how);
    this.show();
  }

  /* A change of the address that Back need not undo and that shows nothing else. */
  note(changes) {
    this.address.set(changes, { isNew: false });
  }

  get filters() {
    return this.address.query();
  }

  caseHref(run, tab = null) {
    return this.address.href({ ...NO_PLACE, run, tab, page: this.address.place.page });
  }

  listHref() {
    return this.address.href({ ...NO_PLACE, page: this.address.place.page });
  }

  openCase(run, tab = null) {
    this.go({ ...NO_PLACE, run, tab, page: this.address.place.page });
  }

  toList() {
    this.go({ ...NO_PLACE, page: this.address.place.page });
  }

  show() {
    this.address.read();
    const { run, tab } = this.address.place;
    const { run: left } = this;
    this.run = run;
    this.layer = run ? "case" : "list";
    if (run && !left) this.browser.leave(); // while it is still laid out, or it forgets how far it was scrolled
    show(this.browser.node, !run);
    show(this.caseView.node, run);
    if (run) {
      this.caseView.open(run, tab);
      return;
    }
    if (left) this.caseView.close();
    document.title = "Inspect";
    this.browser.open({ from: left });
  }

  /* ---------- the person ---------- */

  /* Who marks and corrects: as on Compare and on the rating screen. */
  get rater() {
    return memory.get("fx-rater") || "";
  }

  set rater(name) {
    memory.set("fx-rater", name);
  }

  /* The name, asked once where none is known; null where nobody gave one. */
  async askName() {
    return this.rater || new NameSheet().ask(this.node);
  }

  /* ---------- keys ---------- */

  hear(event) {
    if (!this.node.isConnected) {
      document.removeEventListener("keydown", this.heard);
      return;
    }
    const { target } = event;
    if (event.isComposing || event.defaultPrevented || this.node.querySelector("dialog[open]")) return;
    if (target !== document.body && !this.node.contains(target)) return;
    const chord = chordOf(event);
    if (target.matches(TYPING)) this.hearTyping(event, chord);
    else if (!this.belongsTo(target, chord)) this.press(event, chord);
  }

  hearTyping(event, chord) {
    if (chord === "escape" && !event.repeat) event.target.blur();
  }

  /* What a focused control does with a key itself. */
  belongsTo(target, chord) {
    if (target.matches("input[type=radio], [role=slider], [role=tab], [role=gridcell]") && chord.startsWith("arrow")) return true;
    return chord === "enter" && target.matches(PRESSED_BY_ENTER);
  }

  press(event, chord) {
    const binding = this.keys.find(chord, this.layer);
    if (!binding || (event.repeat && !binding.isRepeated)) return;
    if (binding.act(chord) !== false) event.preventDefault();
  }
}

new InspectScreen(element.querySelector(".fx"));
