/* What was counted and what was not: rules with a switch each, sources with their hashes, and notes. */

class LeftOut extends Card {
  constructor(page) {
    super(page, { title: "Left out", hint: "By rules that were set beforehand; a judgement may fall under several. Switch one off to see whether it matters: the address keeps it, so nothing is hidden.", id: "left-out", draw: (facts) => this.content(facts) });
  }

  content({ left_out: rules }) {
    if (!rules.length) return null;
    const boxes = new Map();
    const put = () => this.page.go({ leave_out: [...boxes].filter(([, input]) => input.checked).map(([rule]) => rule) });
    const turn = ({ rule, words, is_applied: isApplied }) => {
      if (!SWITCHED.includes(rule)) return isApplied ? "unless open ratings are asked for" : "no: open ratings are asked for";
      const { node, input } = check("", isApplied, put, el("span", { class: "fx-sr" }, `Leave out: ${words}`));
      boxes.set(rule, input);
      return node;
    };
    return [table("Rules of exclusion", ["Rule", "Judgements", "Raters", "Applied"], rules.map((each) => [foreign(each.words), plain(each.judgements), plain(each.raters), turn(each)]), { className: "is-numeric an-rules" })];
  }
}

class Counted extends Card {
  constructor(page) {
    super(page, { title: "Sources and notes", hint: "What all of this rests on.", id: "sources", draw: (facts) => this.content(facts) });
  }

  content({ sources, notes: told, asked, stamp }) {
    if (!sources.length && !told.length) return null;
    const rows = sources.map((each) => [this.link(each), KINDS_OF_SOURCE[each.kind] || each.kind, each.is_blind ? "blind" : "open", plain(each.units), plain(each.judgements), plain(each.raters), each.definition_sha256 ? el("code", { class: "an-hash", title: each.definition_sha256, text: each.definition_sha256.slice(0, 12) }) : "–", this.report(each)]);
    return [sources.length ? table("Sources", ["Source", "Kind", "Names", "Items", "Judgements", "Raters", "Definition", "Report"], rows) : null,
      told.length ? el("ul", { class: "fx-list" }, ...told.map((words) => el("li", { dir: "auto", text: words }))) : null,
      hint(`Seed ${asked.seed}, ${whole(asked.level)} intervals, state ${stamp}. The same choice over the same judgements gives the same numbers.`),
      el("span", { class: "lab-downloads" }, el("a", { href: `${ANALYSE}/analysis.json${this.page.address.query()}`, download: true, text: "All of it as JSON" }))];
  }

  link({ id, title, kind }) {
    return kind === "study" ? el("a", { class: "lab-open", href: `/studies?study=${encodeURIComponent(id)}` }, foreign(title)) : foreign(title || id);
  }

  /* People are numbered in a report unless their names are asked for. */
  report({ id, kind, title }) {
    if (kind === "compare") return "–";
    const link = (words, label, more) => el("a", { class: "lab-open", href: `${ANALYSE}/report.html?${new URLSearchParams({ study: id, ...more })}`, download: true, "aria-label": `${label} of ${title}`, text: words });
    return el("span", { class: "an-reports" }, link("Report", "Report", {}), link("with names", "Report with raters’ names", { names: "1" }));
  }
}
