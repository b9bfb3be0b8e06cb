/* The Data page: what comes in, and what goes out. */

class Data {
  constructor(root) {
    root.append(el("div", { class: "lab data" }, new Bring().node, new Hand().node));
  }
}

new Data(element.querySelector(".fx"));
