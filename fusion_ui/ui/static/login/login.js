// The door page: log in, take up an invitation, or one's own account. The theme is set before anything is drawn.
(() => {
  const keepTheme = (isDark) => { try { localStorage.setItem('fusion-theme', isDark ? 'dark' : 'light'); } catch { /* private windows may refuse */ } };
  const keptTheme = () => { try { return localStorage.getItem('fusion-theme'); } catch { return null; } };
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  document.body.classList.toggle('dark', keptTheme() ? keptTheme() === 'dark' : isDark);

  // In the fragment, which no server, proxy or log ever sees.
  const invitation = new URLSearchParams(location.hash.slice(1)).get('invitation');
  const at = (id) => document.getElementById(id);

  async function asked(path, body) {
    const how = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    try {
      const reply = await fetch(path, how || undefined);
      const told = await reply.json();
      return { ...told, status: reply.status, error: reply.ok ? '' : told.error };
    } catch {
      return { status: 0, error: 'The app itself did not answer. Is it still running?' };
    }
  }

  // One form at a time is in the page: what is not asked for is not there for readers of screens or for password managers.
  function drawn(id) {
    document.querySelector('main').append(at(id).content.cloneNode(true));
    return document.querySelector('main > section');
  }

  function complain(words) {
    at('trouble').textContent = words;
    at('trouble').hidden = !words;
  }

  // Where to, once inside: the page that was asked for, or home.
  const enter = (told) => (location.pathname === '/login' ? location.replace(told.home) : location.reload());

  function connect(form, send, done) {
    const says = form.querySelector('.door-says');
    let isBusy = false;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (isBusy) return;
      const entered = Object.fromEntries(new FormData(form));
      if ('again' in entered && entered.again !== entered.password) {
        says.textContent = 'The two passwords differ. Type the second one again.';
        form.elements.again.select();
        return;
      }
      isBusy = true;
      form.setAttribute('aria-busy', 'true');
      says.textContent = '';
      const told = await send(entered);
      isBusy = false;
      form.removeAttribute('aria-busy');
      says.textContent = told.error;
      says.classList.toggle('is-good', !told.error);
      if (told.error) form.querySelector('[type=password]').select();
      else done(told, form, says);
    });
  }

  function showLogin() {
    const section = drawn('log-in');
    connect(section.querySelector('form'), ({ name, password }) => asked('/login', { name, password }), enter);
    section.querySelector('input').focus();
  }

  function showInvitation({ name }) {
    const form = drawn('invited').querySelector('form');
    form.elements.name.value = name || '';
    form.elements.name.readOnly = Boolean(name);
    connect(form, (entered) => asked('/login/invited', { token: invitation, name: entered.name, password: entered.password }), enter);
    form.elements[name ? 'password' : 'name'].focus();
  }

  function showAccount({ name, role, home }) {
    const form = drawn('account').querySelector('form');
    at('who').textContent = form.elements.name.value = name;
    at('onward').href = home;
    at('onward').textContent = role === 'owner' ? 'Go to the app' : 'Go to your ratings';
    document.title = 'Account: Fusion UI';
    connect(form, ({ old, password }) => asked('/api/session/password', { old, password }), (told, changed, says) => {
      changed.reset();
      changed.elements.name.value = name;
      says.textContent = 'Changed. Every other session of yours has ended.';
    });
    at('log-out').addEventListener('click', async () => {
      const told = await asked('/logout', {});
      if (told.error) complain(told.error);
      else location.replace('/login');
    });
    at('onward').focus();
  }

  async function open() {
    if (invitation) {
      const found = await asked('/login/invitation', { token: invitation });
      if (!found.error) {
        showInvitation(found);
        return;
      }
      complain(found.error);
    }
    const session = await asked('/api/session');
    if (session.error && session.status !== 401) complain(session.error);
    if (session.error) {
      showLogin();
      return;
    }
    if (location.pathname !== '/login') complain('This page is for the owner of this app. What is yours is one step away.');
    showAccount(session);
  }

  document.addEventListener('DOMContentLoaded', () => {
    at('theme').addEventListener('click', () => keepTheme(document.body.classList.toggle('dark')));
    open();
  });
})();
