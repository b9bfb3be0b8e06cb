/* Saving: a judgement goes into the outbox, and the next item comes when the server has acknowledged it. Trouble is
   told in a banner; the judgement stays on this device and is sent again until it arrives. */

class Saving {
  constructor(screen) {
    this.screen = screen;
    this.outbox = new Outbox("fx-rate-out:", ({ key, rater, trial, what, body }) => call(trialPath(trial, what), { ...body, rater, key }));
    this.waiting = new Set();
    this.words = el("span", {});
    this.retry = button("Try now", "redo", () => this.outbox.retryNow());
    this.goOn = button("Go on, keep it here", "arrow", () => this.acknowledge());
    this.alert = el("div", { class: "fx-alert rate-banner", role: "alert" });
  }

  /* The server's reply; "later" if the rater goes on before it came, and then `arrived` hears of it; throws what was refused. */
  async send(trial, what, body, arrived) {
    const entry = this.outbox.put({ rater: this.screen.rater, trial: trial.id, what, body });
    const acknowledged = new Promise((resolve) => { this.acknowledge = () => resolve("later"); });
    const delivered = this.deliver(entry);
    delivered.catch(() => {}); // told by whoever waits, or by `late`
    const first = await Promise.race([delivered, acknowledged]);
    if (first === "later") {
      this.late(delivered, trial, arrived);
      this.tell();
    }
    return first;
  }

  async deliver(entry) {
    this.waiting.add(entry.key);
    try {
      return await this.outbox.deliver(entry, (error, wait) => this.trouble(error, wait));
    } catch (error) {
      this.outbox.drop(entry);
      throw error;
    } finally {
      this.waiting.delete(entry.key);
      this.tell();
    }
  }

  /* Acknowledged after the rater had gone on. */
  async late(delivered, trial, arrived) {
    try {
      arrived(await delivered);
    } catch (error) {
      this.screen.fail(`Item ${trial.number} was not accepted: ${error.message}`);
    }
  }

  trouble(error, wait) {
    this.last = error;
    this.wait = wait;
    this.screen.troubled();
    this.tell();
  }

  /* The banner tells what waits; it is rebuilt only when its words change, so that focus stays. */
  tell() {
    const count = this.waiting.size;
    if (!count || !this.last) {
      this.last = count ? this.last : null;
      this.alert.replaceChildren();
      return;
    }
    const what = count === 1 ? "Your judgement is kept on this device" : `${count} judgements are kept on this device`;
    write(this.words, `Not saved yet: ${this.last.message} ${what} and sent again by itself.`);
    show(this.goOn, this.screen.phase === "failed");
    if (!this.alert.firstChild) this.alert.replaceChildren(el("p", {}, icon("warn"), this.words, this.retry, this.goOn, this.last.status === 401 ? el("a", { href: "/login", text: "Sign in again" }) : null));
  }

  /* What an earlier page could not send goes first; it may be anybody's turn only after that. */
  async flush(rater) {
    for (const entry of this.outbox.kept().filter((each) => each.rater === rater)) {
      try {
        await this.deliver(entry);
      } catch (error) {
        this.screen.fail(`A judgement kept on this device was not accepted: ${error.message}`);
      }
    }
  }
}
