/* Questions of the rating screen: every one ends within a limit. */

const CALL_MS = 12_000;

function call(path, body, more) {
  return ask(RATE + path, { body, signal: AbortSignal.timeout(CALL_MS), ...more });
}

const trialPath = (id, what) => `/trials/${encodeURIComponent(id)}${what ? `/${what}` : ""}`;
const asRater = (rater) => `rater=${encodeURIComponent(rater)}`;
