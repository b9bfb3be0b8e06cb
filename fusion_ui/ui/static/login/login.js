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

  function show(id, focused) {
    at(id).hidden = false;
    at(id).querySelector(focused).focus();
  }

  function complain(words) {
    at('trouble').textContent = words;
    at('trouble').hidden = !words;
  }

  // Where to, once inside: the page that was asked for, or home.
  const enter = (told) => (location.pathname === '/login' ? location.replace(told.home) : location.reload());

  function connect(id, send, done) {
    const form = at(id).querySelector('form');
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
      if (told.error) form.querySelector('[type=password]').select();
      else done(told, form, says);
    });
  }

  async function open() {
    if (invitation) {
      const found = await asked('/login/invitation', { token: invitation });
      if (!found.error) {
        const { name } = at('invited').querySelector('form').elements;
        name.value = found.name || '';
        name.readOnly = Boolean(found.name);
        show('invited', found.name ? '[type=password]' : 'input');
        return;
      }
      complain(found.error);
    }
    const session = await asked('/api/session');
    if (session.error && session.status !== 401) complain(session.error);
    if (session.error) {
      show('log-in', 'input');
      return;
    }
    if (location.pathname !== '/login') complain('This page is for the owner of this app. What is yours is one step away.');
    at('who').textContent = session.name;
    at('account').querySelector('[name=name]').value = session.name;
    at('onward').href = session.home;
    at('onward').textContent = session.role === 'owner' ? 'Go to the app' : 'Go to your ratings';
    document.title = 'Account: Fusion UI';
    show('account', '#onward');
  }

  document.addEventListener('DOMContentLoaded', () => {
    at('theme').addEventListener('click', () => keepTheme(document.body.classList.toggle('dark')));
    connect('log-in', ({ name, password }) => asked('/login', { name, password }), enter);
    connect('invited', ({ name, password }) => asked('/login/invited', { token: invitation, name, password }), enter);
    connect('account', ({ old, password }) => asked('/api/session/password', { old, password }), (told, form, says) => {
      form.reset();
      says.textContent = 'Changed. Every other session of yours has ended.';
    });
    at('log-out').addEventListener('click', async () => {
      const told = await asked('/logout', {});
      if (told.error) complain(told.error);
      else location.replace('/login');
    });
    open();
  });
})();
