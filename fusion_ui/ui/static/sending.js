/* Files from people: a place to drop or choose them, sent with their progress, and their bad lines told. Builds on dom.js. */

/* `take` gets the files; a keyboard reaches the button, a mouse the whole place. */
function dropPlace({ label, hint, accept, take }) {
  const picker = el("input", { type: "file", multiple: true, class: "fx-sr", tabindex: "-1", "aria-label": label, accept,
    change: () => {
      const files = [...picker.files];
      picker.value = ""; // the same file may be chosen again
      take(files);
    } });
  const hover = (event, isOver) => {
    event.preventDefault();
    zone.classList.toggle("is-over", isOver);
  };
  const zone = el("div", { class: "lab-drop", dragover: (event) => hover(event, true), dragenter: (event) => hover(event, true), dragleave: (event) => hover(event, false),
    drop: (event) => {
      hover(event, false);
      take([...event.dataTransfer.files]);
    } },
  button("Choose files", "note", () => picker.click(), { class: "fx-btn fx-primary" }), picker, el("span", { class: "fx-hint", text: hint }));
  return zone;
}

/* fetch tells nothing about how much was sent. */
function sendFile(path, content, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 1);
    request.onerror = () => reject(new Error("the server could not be reached, or refused a file of this size."));
    request.onload = () => {
      let said = null;
      try {
        said = JSON.parse(request.responseText);
      } catch {
        /* A proxy may answer in its own words. */
      }
      if (request.status < 300 && said) resolve(said);
      else reject(new Error(said?.error || `the server answered with error ${request.status}.`));
    };
    request.send(content);
  });
}

/* The lines of files that could not be used: the first of them, and how many there are. */
function badLines(problems, count) {
  const named = problems.map(({ file, line, message }) => el("li", {}, el("strong", { text: `${file}, line ${line}: ` }), message));
  const more = count > problems.length ? [el("li", { text: `and ${plain(count - problems.length)} more` })] : [];
  return el("details", { class: "fx-fold", open: count <= 5 }, el("summary", { text: `${counted(count, "line")} could not be used` }), el("ol", { class: "fx-list" }, ...named, ...more));
}
