/* What can be done with a case: run it again otherwise, hand it on, copy it. Nothing changes the run itself; what is
   made from it is a run of its own, to which the page goes, and Back leads here again. */

class CaseActions {
  constructor(caseView) {
    this.caseView = caseView;
    this.keys = {};
  }

  /* The same press sent again stores once, so its key is kept until the server has said yes or no. */
  async send(what, body) {
    const key = this.keys[what] || (this.keys[what] = newKey());
    try {
      const reply = await this.caseView.call(`/${what}`, { key, ...body });
      delete this.keys[what];
      return reply;
    } catch (error) {
      if (error.status >= 400 && error.status < 500) delete this.keys[what];
      throw error;
    }
  }

  async retry() {
    this.arrive(await this.send("retry", {}), "The failed draws are asked for again in a run of its own.");
  }

  async refuse(without) {
    this.arrive(await this.send("refuse", { without }), `Fused again without ${without.join(", ")}, as a run of its own.`);
  }

  arrive({ run_id: id }, words) {
    this.caseView.goTo(id);
    this.caseView.say(`${words} Back leads to the run before.`);
  }

  async rerun() {
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      new CaseRerun(this, await this.caseView.call("/choices")).open();
    } catch (error) {
      this.caseView.tell(`The form could not be opened: ${error.message}`);
    } finally {
      this.isAsking = false;
    }
  }

  async copyMarkdown() {
    try {
      const text = await this.caseView.calls.askText("/copy");
      await navigator.clipboard.writeText(text);
      this.caseView.say("The case is copied as Markdown.", true);
    } catch (error) {
      this.caseView.tell(`Not copied: ${error.message}`);
    }
  }

  async copyLink() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.caseView.say("The link is copied.", true);
    } catch {
      this.caseView.tell("Copying was refused; the address bar holds the link.");
    }
  }

  get studyHref() {
    return `/studies?new=1&run=${encodeURIComponent(this.caseView.runId)}`;
  }

  toStudy() {
    location.assign(this.studyHref);
  }

  /* The row of buttons, each with its key. */
  draw(node) {
    const { caseView } = this;
    const id = encodeURIComponent(caseView.runId);
    const tool = (binding, words, name, click) => {
      const control = button(words, name, click);
      control.append(caseView.cap(binding));
      return control;
    };
    const link = (href, words, name, props, binding) => el("a", { class: "fx-btn", href, ...props }, icon(name), el("span", { text: words }), binding ? caseView.cap(binding) : null);
    node.replaceChildren(
      tool("case-rerun", "Rerun …", "redo", () => this.rerun()),
      link(this.studyHref, "Send to a study", "send", {}, "case-study"),
      tool("case-copy", "Copy as Markdown", "copy", () => this.copyMarkdown()),
      button("Copy link", "link", () => this.copyLink()),
      link(`/?run=${id}`, "Open on Compare", "arrow"),
      link(`${API}/export?run=${id}&format=jsonl`, "Export", "save", { download: `case-${caseView.runId}.jsonl`, "aria-label": "Export this case as JSON" }));
  }
}
