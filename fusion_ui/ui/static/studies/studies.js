/* The Studies page: the list, the form, or one study's board, whichever the address names. */

class Studies {
  constructor(root) {
    this.root = el("div", { class: "lab studies" });
    this.go = (place, how) => {
      goTo(place);
      this.show(how);
    };
    this.list = new List(this);
    this.form = new Form(this);
    this.board = new Board(this);
    this.views = [this.list, this.form, this.board];
    this.root.append(...this.views.map(({ node }) => node));
    root.append(this.root);
    addEventListener("popstate", () => this.show());
    this.show({ isFirst: true });
  }

  /* A change of what is shown that Back need not undo. */
  note(changes) {
    this.place = { ...this.place, ...changes };
    goTo(this.place, { isNew: false });
  }

  /* What the form may offer: asked once, and again when something was made. */
  options(isFresh) {
    if (isFresh || !this.known) {
      this.known = get(`${STUDIES}/options`);
      this.known.catch(() => this.forget());
    }
    return this.known;
  }

  forget() {
    this.known = null;
  }

  show({ isFirst, isMade } = {}) {
    this.place = whereTo();
    const { new: isNew, base, study } = this.place;
    const view = isNew ? this.form : study ? this.board : this.list;
    const isOther = view !== this.view;
    this.view = view;
    for (const each of this.views) show(each.node, each === view);
    if (view !== this.board) this.board.leave();
    document.title = isNew ? "New study" : "Studies";
    if (view === this.form) view.open({ base, runs: runsIn(location.href) });
    else view.open(this.place, { isMade });
    if (isOther && !isFirst) {
      scrollTo(0, 0);
      view.node.querySelector("h2").focus({ preventScroll: true });
    }
  }
}

/* Runs chosen elsewhere: /studies?new=1&run=…&run=… */
function runsIn(href) {
  const ids = new URL(href).searchParams.getAll("run");
  return ids.length ? ids : null;
}

new Studies(element.querySelector(".fx"));
