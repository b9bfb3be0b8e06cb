// One line of plain words above the board: what could not be done, and what to do.
const line = document.createElement('p');
line.className = 'fx-notice';
line.setAttribute('role', 'alert');
element.querySelector('.fx').append(line);
const draw = () => { const text = (props.value || {}).text || ''; line.textContent = text; line.hidden = !text; };
watch('value', draw);
draw();
