/* How people get in: one link for all, one for each named person, or invitations that work once. */

class Links {
  constructor(board) {
    this.board = board;
    Object.assign(this, section("Send to people", "", "links"));
    this.list = el("div", { class: "st-links" });
    this.made = el("div", { class: "st-links" });
    this.name = el("input", { class: "fx-input", type: "text", maxlength: "100" });
    const invite = command("Make an invitation", "link", () => this.invite());
    this.inviting = el("div", { class: "lab-settings", hidden: true }, field("Name (may be left out)", this.name), invite.node);
    this.rows = new Rows("Invitations", ["For", "Made", "Valid until", "Used"]);
    this.body.append(this.list, this.inviting, this.made, this.rows.node);
  }

  draw({ id, protocol, has_accounts: hasAccounts, invitations, is_closed: isClosed }) {
    const told = JSON.stringify([id, protocol.raters, hasAccounts, isClosed]);
    if (told !== this.told) this.lay(id, protocol.raters, hasAccounts, isClosed);
    this.told = told;
    show(this.rows.node, invitations.length);
    this.rows.draw(invitations, ({ name, created_at }) => `${created_at} ${name}`, ({ name, created_at, expires_at, used_by, used_at }) => [
      foreign(name || "anyone"), moment(created_at), moment(expires_at), used_at ? el("span", {}, foreign(used_by || ""), ` ${moment(used_at)}`) : "not yet"]);
  }

  lay(id, raters, hasAccounts, isClosed) {
    const link = new URL(`/rate?study=${encodeURIComponent(id)}`, location.href);
    const own = (name) => {
      const address = new URL(link);
      address.searchParams.set("rater", name);
      return address.href;
    };
    write(this.hint, isClosed ? "The study is closed: these links show that, until it is reopened." : hasAccounts ? "An invitation works once and makes its own account; people who have one already use the link." : raters.length ? "A link for each person, who judges under the name as it is spelt here." : "Whoever opens the link is asked for a name once.");
    this.list.replaceChildren(...(raters.length && !hasAccounts ? raters.map((name) => el("div", { class: "st-linked" }, foreign(name, "fx-key"), copyable(`Link for ${name}`, own(name)))) : [copyable("Link for people who judge", link.href)]));
    show(this.inviting, hasAccounts && !isClosed);
    this.made.replaceChildren();
  }

  /* The address is told this once: the server keeps only its hash. */
  async invite() {
    const name = this.name.value.trim() || null;
    const { link } = await post(`${STUDIES}/${encodeURIComponent(this.board.id)}/invitations`, { name });
    this.name.value = "";
    const words = name ? `Invitation for ${name}` : "Invitation";
    this.made.prepend(el("div", { class: "st-linked" }, el("span", {}, foreign(words, "fx-key"), el("span", { class: "fx-hint", text: " shown once, copy it now" })), copyable(words, new URL(link, location.href).href)));
    await this.board.refresh();
  }
}
