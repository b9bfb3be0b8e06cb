/* The Setup page: what is configured, and one short test call a member. Builds on dom.js. */

const root = element.querySelector(".fx");
const card = props.value;

function panel(title, ...parts) {
  root.append(el("section", { class: "fx-panel", "aria-label": title }, el("h2", { class: "fx-h", text: title }), ...parts));
}

function facts(pairs) {
  return el("dl", { class: "fx-facts" }, ...pairs.flatMap(([term, text, className]) => [el("dt", { text: term }), el("dd", { class: className, text })]));
}

function code(text, label) {
  return el("pre", { class: "fx-code", tabindex: "0", "aria-label": label }, el("code", { text }));
}

async function test(member, control, result) {
  const tell = (words, isOk) => {
    write(result, `${isOk ? "✓" : "✗"} ${words}`);
    result.classList.add(isOk ? "ok" : "bad");
  };
  control.disabled = true;
  result.className = "fx-check-result";
  write(result, "Asking …");
  try {
    const { ok, words } = await post("/api/members/check", { member });
    tell(words, ok);
  } catch (error) {
    tell(error.message, false);
  }
  control.disabled = false;
}

function memberCard(member) {
  const result = el("p", { class: "fx-check-result", role: "status" });
  const control = el("button", { type: "button", class: "fx-button", text: "Test", "aria-label": `Test ${member.name}`, click: () => test(member.name, control, result) });
  return el("article", { class: "fx-member" },
    el("div", { class: "fx-member-head" }, el("h3", { class: "fx-h", dir: "auto", text: member.name }), member.scripted ? el("span", { class: "fx-tag", text: "scripted demo" }) : null, control),
    facts([["Model", member.model], ["Address", member.address], ["Weight", member.weight], ["Key", member.key, member.key_missing ? "bad" : null]]), result);
}

panel("Members", el("div", { class: "fx-member-grid" }, ...card.members.map(memberCard)));
panel("Judge and fusor", facts([["Judge", card.judge], ["Fusor", card.fusor]]));
panel("Configuration", el("p", { text: card.config ? `Read from ${card.config}. Change it there and start the app again.`
  : `Nothing is configured yet, so the scripted demo answers. To add models, put this into ${card.default_config} beside app.py, set the keys in the environment, and start the app again.` }),
code(card.example, "Example configuration"));
panel("Database", el("p", {}, "Runs and ratings are in ", el("code", { text: card.database }), ". To read the ratings on the command line:"), code(card.read, "Command that lists the ratings"));
