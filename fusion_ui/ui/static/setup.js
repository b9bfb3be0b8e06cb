// The Setup page: what is configured, and one short test call a member.
const make = (tag, cls, text) => { const e = document.createElement(tag); if (cls) e.className = cls; if (text) e.textContent = text; return e; };
const root = element.querySelector('.fx');
const card = props.value;

function section(title, ...parts) {
  const box = make('section', 'fx-panel');
  box.setAttribute('aria-label', title);
  box.append(make('h2', 'fx-h', title), ...parts);
  root.append(box);
  return box;
}

async function check(member, button, result) {
  button.disabled = true;
  result.className = 'fx-check-result';
  result.textContent = 'Asking …';
  try {
    const reply = await fetch('/api/members/check', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ member }),
    });
    const told = await reply.json();
    result.textContent = (told.ok ? '✓ ' : '✗ ') + (told.words || told.error);
    result.classList.add(told.ok ? 'ok' : 'bad');
  } catch {
    result.textContent = '✗ The app itself did not answer. Is it still running?';
    result.classList.add('bad');
  }
  button.disabled = false;
}

function memberCard(member) {
  const box = make('article', 'fx-member');
  const name = make('h3', 'fx-h', member.name);
  name.dir = 'auto';
  const button = make('button', 'fx-button', 'Test');
  button.type = 'button';
  button.setAttribute('aria-label', 'Test ' + member.name);
  const result = make('p', 'fx-check-result');
  result.setAttribute('role', 'status');
  button.addEventListener('click', () => check(member.name, button, result));
  const facts = make('dl', 'fx-facts');
  const rows = [['Model', member.model], ['Address', member.address], ['Weight', member.weight], ['Key', member.key]];
  for (const [term, text] of rows) {
    const value = make('dd', term === 'Key' && member.key_missing ? 'bad' : '', text);
    facts.append(make('dt', '', term), value);
  }
  const head = make('div', 'fx-member-head');
  head.append(name);
  if (member.scripted) head.append(make('span', 'fx-tag', 'scripted demo'));
  head.append(button);
  box.append(head, facts, result);
  return box;
}

const grid = make('div', 'fx-member-grid');
grid.append(...card.members.map(memberCard));
section('Members', grid);

const roles = make('dl', 'fx-facts');
roles.append(make('dt', '', 'Judge'), make('dd', '', card.judge), make('dt', '', 'Fusor'), make('dd', '', card.fusor));
section('Judge and fusor', roles);

const where = card.config ? 'Read from ' + card.config + '. Change it there and start the app again.'
  : 'Nothing is configured yet, so the scripted demo answers. To add models, put this into ' + card.default_config
    + ' beside app.py, set the keys in the environment, and start the app again.';
const example = make('pre', 'fx-code');
example.tabIndex = 0;
example.setAttribute('aria-label', 'Example configuration');
example.append(make('code', '', card.example));
section('Configuration', make('p', '', where), example);

const database = make('code', '', card.database);
const line = make('p');
line.append('Runs and ratings are in ', database, '. To read the ratings on the command line:');
const read = make('pre', 'fx-code');
read.tabIndex = 0;
read.setAttribute('aria-label', 'Command that lists the ratings');
read.append(make('code', '', card.read));
section('Database', line, read);
