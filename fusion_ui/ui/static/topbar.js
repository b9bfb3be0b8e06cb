// The top bar: brand, pages, theme. Drawn once.
const make = (tag, cls, text) => { const e = document.createElement(tag); if (cls) e.className = cls; if (text) e.textContent = text; return e; };
const { current, links } = props.value;
const bar = make('header', 'fx-top');
const brand = make('a', 'fx-brand');
brand.href = '/';
const logo = make('span', 'fx-logo');
logo.setAttribute('aria-hidden', 'true');
brand.append(logo, 'Fusion UI');
const title = make('h1', 'fx-sr', current);
const nav = make('nav', 'fx-nav');
nav.setAttribute('aria-label', 'Pages');
for (const { label, href } of links) {
  const link = make('a', '', label);
  link.href = href;
  if (label === current) link.setAttribute('aria-current', 'page');
  nav.append(link);
}
const theme = make('button', 'fx-theme', 'Light / dark');
theme.type = 'button';
theme.addEventListener('click', () => {
  const isDark = document.body.classList.toggle('dark');
  try { localStorage.setItem('fusion-theme', isDark ? 'dark' : 'light'); } catch { /* private windows may refuse */ }
});
try {
  const kept = localStorage.getItem('fusion-theme');
  if (kept) document.body.classList.toggle('dark', kept === 'dark');
} catch { /* as above */ }
bar.append(brand, title, nav, theme);
element.querySelector('.fx').append(bar);
const here = nav.querySelector('[aria-current]');
if (here) nav.scrollLeft = here.offsetLeft - nav.offsetLeft - (nav.clientWidth - here.clientWidth) / 2;  // on a phone it may lie outside
fetch('/api/session').then((reply) => reply.json()).then(({ is_login_on: isOn, name }) => {
  if (!isOn || !name) return;
  const account = make('a', 'fx-account', name);
  account.href = '/login';
  account.setAttribute('aria-label', `Account of ${name}`);
  theme.before(account);
}).catch(() => { /* without it the bar is whole but for the name */ });
