/* The first card: what was recorded, which of it is chosen, and what the choice gives. */

class Sources {
  constructor(lab) {
    this.lab = lab;
    Object.assign(this, section("Recorded answers", "What models answered before, many times over. Everything below is drawn from these; nothing here asks a model.", "answers"));
    this.upload = new Upload(lab);
    this.empty = el("p", { class: "lab-empty", hidden: true,
      text: "Load answers that models gave to the same questions again and again, and see what every stopping rule would have cost and got. A file holds one question a line, with the answers of one model and, if it is known, the right one." });
    this.list = el("div", { class: "lab-list", tabindex: "0", role: "group", "aria-label": "Recordings" });
    this.members = el("div", { class: "lab-members" });
    this.gives = el("p", { class: "lab-gives", role: "status" });
    this.left = el("div");
    this.trouble = el("div", { class: "fx-alert", role: "alert" });
    this.chosen = el("div", { class: "lab-chosen" }, this.list, this.members, this.trouble, this.gives, this.left);
    this.body.append(this.empty, el("div", { class: "lab-two" }, this.upload.node, this.chosen));
  }

  draw() {
    const { recordings, runs } = this.lab.catalogue;
    const isEmpty = !recordings.length && !runs.candidates;
    show(this.empty, isEmpty);
    show(this.chosen, !isEmpty);
    this.node.classList.toggle("is-empty", isEmpty);
    this.upload.format.open = isEmpty;
    const groups = [...grouped(recordings)].map(([set, rows]) => this.group(set, rows));
    if (runs.candidates) groups.push(this.own(runs));
    this.list.replaceChildren(...groups);
    this.mark();
  }

  group(set, rows) {
    const ids = rows.map(({ id }) => String(id));
    const all = check(el("span", { class: "lab-set" }, foreign(set || "no set named", "fx-key"), el("span", { class: "fx-hint", text: counted(rows.length, "recording") })), false, (isChosen) => this.toggle(ids, isChosen));
    all.input.dataset.ids = JSON.stringify(ids);
    return el("div", { class: "lab-group" }, all.node, el("div", { class: "lab-rows" }, ...rows.map((row) => this.row(row))));
  }

  row({ id, name, members, questions, answers }) {
    const words = el("span", { class: "lab-row", title: name }, foreign(listed(members, 2), "lab-row-name"),
      el("span", { class: "fx-hint", text: `${counted(questions, "question")} · ${counted(answers, "answer")}` }));
    const each = check(words, false, (isChosen) => this.toggle([String(id)], isChosen));
    each.input.dataset.ids = JSON.stringify([String(id)]);
    return each.node;
  }

  own({ prompts, candidates }) {
    const words = el("span", { class: "lab-row" }, el("span", { class: "lab-row-name", text: "This app’s runs" }),
      el("span", { class: "fx-hint", text: `${counted(prompts, "prompt")} · ${counted(candidates, "candidate")}` }));
    this.runs = check(words, this.lab.address.runs, (isChosen) => this.lab.choose({ runs: isChosen, members: null }));
    return el("div", { class: "lab-group" }, this.runs.node);
  }

  toggle(ids, isChosen) {
    const kept = this.lab.address.recordings.filter((id) => !ids.includes(id));
    this.lab.choose({ recordings: isChosen ? [...kept, ...ids] : kept, members: null });
  }

  /* Ticks follow the choice. */
  mark() {
    const { recordings, runs } = this.lab.address;
    for (const input of this.list.querySelectorAll("input[data-ids]")) {
      const ids = JSON.parse(input.dataset.ids);
      const held = ids.filter((id) => recordings.includes(id)).length;
      input.checked = held === ids.length;
      input.indeterminate = held > 0 && held < ids.length;
    }
    if (this.runs) this.runs.input.checked = runs;
    this.reveal();
    this.drawMembers();
  }

  /* The first time round, what is chosen may lie far down the list. */
  reveal() {
    const first = [...this.list.querySelectorAll("input")].find(({ checked, indeterminate }) => checked || indeterminate);
    if (this.isRevealed || !first) return;
    this.isRevealed = true;
    this.list.scrollTop = first.closest(".lab-group").offsetTop - this.list.offsetTop - 12;
  }

  drawMembers() {
    const { known, address } = this.lab;
    show(this.members, known.length > 1);
    const chosen = address.members || known;
    this.members.replaceChildren(el("span", { class: "fx-hint", text: "Members of the mixture" }), ...known.map((member, place) =>
      el("button", { type: "button", class: `fx-btn lab-chip ${hue(place + 1)}`, "aria-pressed": String(chosen.includes(member)), click: () => this.pick(member, chosen) }, foreign(member))),
      address.members ? button("All", null, () => this.lab.choose({ members: null }), { class: "fx-btn fx-quiet" }) : "");
  }

  pick(member, chosen) {
    const picked = this.lab.known.filter((each) => (each === member) !== chosen.includes(each));
    if (picked.length) this.lab.choose({ members: picked.length === this.lab.known.length ? null : picked });
    else this.tell("One member at least has to stay.");
  }

  tell(words) {
    this.trouble.replaceChildren(...(words ? [complaint(words)] : []));
  }

  /* What the choice gives, once the server has put it together. */
  give(pool) {
    if (!pool) {
      write(this.gives, "");
      this.left.replaceChildren();
      return;
    }
    const judged = pool.judged === pool.questions.length ? "all with a gold answer" : `${plain(pool.judged)} with a gold answer; the others take part in draws and tokens, not in accuracy`;
    write(this.gives, `${counted(pool.questions.length, "question")}, ${judged}.`);
    const out = pool.leftOut;
    this.left.replaceChildren(...(out.length ? [disclosure(`${counted(out.length, "question")} left out`, el("ul", { class: "fx-list lab-left" }, ...out.slice(0, 200).map((words) => el("li", { text: words })), out.length > 200 ? el("li", { text: `and ${plain(out.length - 200)} more` }) : null))] : []));
  }
}

/* Recordings by the sets of questions they hold. */
function grouped(recordings) {
  const groups = new Map();
  for (const row of recordings) {
    const set = row.sets.join(", ");
    groups.set(set, [...(groups.get(set) || []), row]);
  }
  return groups;
}
