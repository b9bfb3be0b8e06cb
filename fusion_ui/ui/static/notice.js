/* One line of plain words above the board: what could not be done, and what to do. Builds on dom.js. */

const line = el("p", { class: "fx-notice", role: "alert" });
element.querySelector(".fx").append(line);
const draw = () => {
  const words = props.value?.text || "";
  write(line, words);
  show(line, words);
};
watch("value", draw);
draw();
