/* The chosen answers as shares: what any weights would solve in the limit, reckoned here without asking the server. */

const TIE = 1e-9; // shares this close are equal: they are sums of fractions of small counts

class Pool {
  constructor({ members, judged, left_out, questions }) {
    Object.assign(this, { members, judged, leftOut: left_out, questions });
    this.places = new Map(questions.map(({ name }, place) => [name, place]));
    this.tables = questions.map(({ shares }) => shares.map((row) => Float64Array.from(row)));
    this.golden = questions.map((_, place) => place).filter((place) => questions[place].gold !== null);
  }

  question(name) {
    return this.questions[this.places.get(name)];
  }

  get uniform() {
    return this.members.map(() => 1 / this.members.length);
  }

  single(member) {
    return this.members.map((_, place) => Number(place === member));
  }

  /* Each answer's share of the mixture's votes. */
  mixed(place, weights) {
    const rows = this.tables[place];
    const sums = new Float64Array(this.questions[place].answers.length);
    for (let member = 0; member < rows.length; member++) {
      const weight = weights[member];
      if (weight) for (let answer = 0; answer < sums.length; answer++) sums[answer] += weight * rows[member][answer];
    }
    return sums;
  }

  /* How far the gold answer is ahead of the best wrong one; ties and less are not solved. */
  lead(place, weights) {
    const sums = this.mixed(place, weights);
    const gold = this.questions[place].gold;
    let rival = 0;
    for (let answer = 0; answer < sums.length; answer++) if (answer !== gold && sums[answer] > rival) rival = sums[answer];
    return sums[gold] - rival;
  }

  /* By question with gold: 1 where these weights solve it. */
  solved(weights) {
    return Uint8Array.from(this.golden, (place) => Number(this.lead(place, weights) > TIE));
  }

  count(weights) {
    return this.solved(weights).reduce((sum, one) => sum + one, 0);
  }

  /* The answers with the largest share; several in a tie, none where nothing was answered. */
  winners(place, weights) {
    const sums = this.mixed(place, weights);
    const most = Math.max(0, ...sums);
    return most > TIE ? this.questions[place].answers.filter((_, answer) => sums[answer] >= most - TIE) : [];
  }

  bestSingle() {
    const counts = this.members.map((_, member) => this.count(this.single(member)));
    return counts.indexOf(Math.max(...counts));
  }
}
