/* Talk with the server: every call ends within a limit, and an error tells whether a second try can help. */

const CALL_MS = 12_000;
const PASSING = [408, 425, 429];

class CallError extends Error {
  constructor(words, status) {
    super(words);
    this.status = status;
  }

  /* Nothing was refused: the network or the server was in trouble. */
  get isPassing() {
    return !this.status || this.status >= 500 || PASSING.includes(this.status);
  }
}

async function call(path, body, more = {}) {
  const how = body ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {};
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), CALL_MS);
  try {
    const reply = await fetch(RATE + path, { ...how, ...more, signal: limit.signal });
    const said = await reply.json().catch(() => null);
    if (!reply.ok) throw new CallError((said && said.error) || `The server answered with error ${reply.status}.`, reply.status);
    if (said === null) throw new CallError("The server’s answer could not be read.", 0);
    return said;
  } catch (error) {
    if (error instanceof CallError) throw error;
    throw new CallError(limit.signal.aborted ? "The server did not answer in time." : "The server could not be reached.", 0);
  } finally {
    clearTimeout(timer);
  }
}

const trialPath = (id, what) => `/trials/${encodeURIComponent(id)}${what ? `/${what}` : ""}`;
const asRater = (rater) => `rater=${encodeURIComponent(rater)}`;
