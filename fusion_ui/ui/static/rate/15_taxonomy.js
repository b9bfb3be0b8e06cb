/* The classes of errors and their severities, as the study's taxonomy has them. A subtype is stored as "name/subtype". */

class Taxonomy {
  constructor({ classes, severities }) {
    this.classes = classes;
    this.severities = severities;
  }

  of(category) {
    return this.classes.find(({ name }) => name === category.split("/")[0]);
  }

  subtype(category) {
    return category.includes("/") ? category.slice(category.indexOf("/") + 1) : "";
  }

  named(category) {
    const found = this.of(category);
    const subtype = this.subtype(category);
    if (!found) return category;
    return subtype ? `${found.label}: ${subtype}` : found.label;
  }

  /* That nothing is wrong has no severity of its own: it is stored as the lightest there is. */
  usualSeverity(category) {
    const found = this.of(category);
    return found && !found.is_flaw ? this.severities.reduce((light, each) => (each.weight < light.weight ? each : light)).name : null;
  }

  isFlaw(category) {
    const found = this.of(category);
    return !found || found.is_flaw;
  }

  needsNote(category) {
    const found = this.of(category);
    return Boolean(found && found.needs_note);
  }

  severity(name) {
    return this.severities.find((severity) => severity.name === name);
  }
}
