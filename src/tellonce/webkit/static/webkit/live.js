// Live events: one stream for all tabs of this browser, and every marked part of a page fetched again when it changed.
//
// A page that may listen carries a signed address in data-live-url (on the body or on any fragment); a part that wants
// to be fetched again names its topics: <section data-live="customer:12 arrivals" hx-get="…" hx-trigger="live">.
// A part has an id (or data-live-part), which the element that takes its place has too. What lies in [data-live-always]
// is fetched even while nobody can see the page; what has data-live-waits is not while somebody has written in it, and
// comes when that is gone. What happens while an answer is on its way is fetched after it.
// Events carry ids only; what a tab then shows comes from a page that checks who asks. One tab holds a Web Lock, keeps
// the stream and passes events on by BroadcastChannel; when it goes, another takes over and every part is fetched again.
//
// On document: "live:told" and "live:<topic>" (detail: the event), "live:refetch", "live:signed_out"; <html data-live-state="on|off|out">.

const RENEWAL = "/live-ticket";
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30000;
const SILENCE_MS = 45000; // the stream beats every 15 seconds
const RENEW_BEFORE_MS = 60000;
const SPREAD_MS = 1500; // a thousand desks must not all fetch in the same instant after a restart
const REFETCH = { topics: [], kind: "refetch" };
const CALM_MS = 400; // a part is fetched at once, and then at most this often; data-live-calm says otherwise

// ---- what the page shows ----

const lately = new Map();
const calm = (part) => Number(part.dataset.liveCalm) || CALM_MS;
const parts = () => document.querySelectorAll("[data-live]");
const standing = (name) => [...parts()].find((part) => nameOf(part) === name);

// What a part is called outlives the element: an answer may put another one in its place.
function nameOf(part) {
  return part.dataset.livePart || part.id;
}

function stateOf(name) {
  if (!lately.has(name)) lately.set(name, { at: -Infinity, timer: 0, onTheirWay: 0, stale: undefined });
  return lately.get(name);
}

function isKept(part) {
  return part.hasAttribute?.("data-live-waits") && [...part.querySelectorAll("textarea, input:not([type=hidden])")].some((each) => each.value !== each.defaultValue);
}

// An answer that is on its way may be older than what has just happened, and takes the part's place: the part waits for it.
function mustWait(part, state) {
  return (document.hidden && !part.closest("[data-live-always]")) || state.onTheirWay > 0 || isKept(part);
}

function wake(name, event) {
  const state = stateOf(name);
  const part = standing(name);
  if (state.timer || !part) return;
  if (mustWait(part, state)) {
    state.stale = event;
    return;
  }
  state.timer = setTimeout(() => fetchAgain(name, event), Math.max(0, state.at + calm(part) - performance.now()));
}

function fetchAgain(name, event) {
  const state = stateOf(name);
  const part = standing(name);
  state.timer = 0;
  state.stale = undefined;
  if (!part) return;
  if (mustWait(part, state)) {
    state.stale = event;
    return;
  }
  state.at = performance.now();
  part.dispatchEvent(new CustomEvent("live", { detail: event }));
}

function tell(event) {
  document.dispatchEvent(new CustomEvent("live:told", { detail: event }));
  for (const topic of event.topics) document.dispatchEvent(new CustomEvent(`live:${topic}`, { detail: event }));
  for (const part of parts()) {
    const wanted = part.dataset.live.split(/\s+/);
    if (event.topics.some((topic) => wanted.includes(topic))) wake(nameOf(part), event);
  }
}

function refetch() {
  setTimeout(() => {
    document.dispatchEvent(new CustomEvent("live:refetch"));
    for (const part of parts()) wake(nameOf(part), REFETCH);
  }, Math.random() * SPREAD_MS);
}

function show(state) {
  document.documentElement.dataset.liveState = state;
}

function wakeStale(names = lately.keys()) {
  for (const name of [...names]) {
    const { stale } = stateOf(name);
    if (stale) wake(name, stale);
  }
}

document.addEventListener("visibilitychange", () => wakeStale());
document.addEventListener("focusout", () => wakeStale());

// ---- the answers that are on their way; htmx is told to settle at once (defaultSettleDelay 0) ----

const placed = new WeakSet(); // the requests whose answer found its place: another element may stand there by now

document.addEventListener("htmx:beforeSend", ({ detail: { elt, target, xhr, requestConfig } }) => {
  const names = [...parts()].filter((part) => part === elt || target?.contains(part)).map(nameOf);
  const isOurs = requestConfig.verb === "get" && elt.hasAttribute("data-live");
  for (const name of names) stateOf(name).onTheirWay += 1;
  if (names.length) xhr.addEventListener("loadend", () => arrived(xhr, names, isOurs && elt));
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  placed.add(detail.xhr);
  if (detail.requestConfig?.verb !== "get" || !isKept(detail.target)) return;
  detail.shouldSwap = false; // it was on its way when somebody began to write
  stateOf(nameOf(detail.target)).stale = REFETCH;
});

function arrived(xhr, names, asker) {
  for (const name of names) stateOf(name).onTheirWay -= 1;
  const isFailed = xhr.status === 0 || xhr.status >= 500;
  if (asker && isFailed) setTimeout(() => names.forEach((name) => wake(name, REFETCH)), LONGEST_PAUSE_MS * (0.5 + Math.random() / 2));
  else if (asker && !asker.isConnected && !placed.has(xhr)) names.forEach((name) => { stateOf(name).stale ??= REFETCH; });
  wakeStale(names);
}

// ---- what the page may hear ----

function ticketIn(address) {
  const text = new URL(address, location.href).searchParams.get("ticket") ?? "";
  const packed = text.split(".")[0].replaceAll("-", "+").replaceAll("_", "/");
  const { topics, session, ends_at_s: endsAt } = JSON.parse(atob(packed));
  return { text, topics, session, endsAt: endsAt * 1000 };
}

// Each signed address of this page, and since when it may have missed something: since the page was asked for, or
// since the stream last spoke.
const missedSince = new Map();
let isFirstLook = true;

function mine() {
  const given = [...document.querySelectorAll("[data-live-url]")].map((each) => each.dataset.liveUrl).filter(Boolean);
  const since = isFirstLook ? performance.timeOrigin : Date.now() - 5000; // a fragment takes less than that to come
  for (const address of given) if (!missedSince.has(address)) missedSince.set(address, since);
  isFirstLook = false;
  return given.map((address) => ({ address, since: missedSince.get(address) }));
}

function covered(heard) {
  for (const address of missedSince.keys()) {
    if (ticketIn(address).topics.every((topic) => heard.includes(topic))) missedSince.set(address, Date.now());
  }
}

// ---- the stream, in the tab that keeps it ----

class Keeper {
  constructor(pass) {
    this.pass = pass; // says something to every tab, this one too
    this.pages = new Map(); // tab -> its signed addresses
    this.heard = []; // topics of the open stream
    this.failures = 0;
  }

  listenFor(tab, addresses) {
    this.pages.set(tab, addresses);
    const isNews = addresses.some(({ address }) => ticketIn(address).topics.some((topic) => !this.heard.includes(topic)));
    if (isNews) this.open();
    else this.pass({ type: "state", state: this.failures ? "off" : "on" });
  }

  forget(tab) {
    this.pages.delete(tab);
  }

  tickets() {
    const addresses = new Map();
    for (const page of this.pages.values()) {
      for (const { address, since } of page) addresses.set(address, Math.min(since, addresses.get(address) ?? since));
    }
    return [...addresses].map(([address, since]) => ({ ...ticketIn(address), address, since }));
  }

  // Opens a stream for all that is wanted; the old one is closed when the new one is open, so that nothing is missed.
  async open() {
    const attempt = (this.attempt = Symbol("attempt"));
    clearTimeout(this.timer);
    const wanted = this.tickets();
    if (!wanted.length) return;
    try {
      const address = await this.address(wanted);
      if (attempt !== this.attempt) return;
      if (address) this.connect(address, attempt, wanted);
      else this.signedOut();
    } catch {
      if (attempt === this.attempt) this.later();
    }
  }

  // A page's own address while it is fresh and enough; otherwise one ticket for all pages. Empty when signed out.
  async address(wanted) {
    const isFresh = wanted[0].endsAt - Date.now() > RENEW_BEFORE_MS;
    if (wanted.length === 1 && isFresh && !this.failures) return wanted[0].address;
    const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
    const answer = await fetch(RENEWAL, {
      method: "POST",
      body: new URLSearchParams(wanted.map(({ text }) => ["ticket", text])),
      headers: { ...headers, Accept: "application/json" },
      credentials: "same-origin",
      redirect: "manual",
    });
    if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) return "";
    if (!answer.ok) throw new Error(`no ticket: ${answer.status}`);
    return (await answer.json()).url;
  }

  connect(address, attempt, wanted) {
    const { topics, endsAt } = ticketIn(address);
    const news = wanted.filter((each) => each.topics.some((topic) => !this.heard.includes(topic)));
    const missed = news.map(({ since }) => Date.now() - since);
    const from = new URL(address, location.href);
    from.searchParams.set("heard_s", this.failures ? "0" : (Math.max(0, ...missed) / 1000 + 0.5).toFixed(1));
    const source = new EventSource(from);
    const isCurrent = () => attempt === this.attempt;
    let silence;
    const lost = () => {
      clearTimeout(silence);
      source.close();
      if (isCurrent()) this.later();
    };
    const spoke = () => {
      clearTimeout(silence);
      silence = setTimeout(lost, SILENCE_MS);
    };
    const on = (name, deed) => source.addEventListener(name, (event) => { spoke(); deed(event); });
    on("open", () => (isCurrent() ? this.opened(source, topics, endsAt) : lost()));
    on("beat", () => this.pass({ type: "beat", heard: topics }));
    on("message", ({ data }) => this.pass({ type: "told", event: JSON.parse(data) }));
    on("refetch", () => this.pass({ type: "refetch" }));
    on("signed_out", () => { lost(); this.signedOut(); });
    on("over", lost);
    on("error", lost);
    spoke();
  }

  opened(source, topics, endsAt) {
    this.source?.close();
    this.source = source;
    this.heard = topics;
    this.pass({ type: "state", state: "on" });
    if (this.failures) this.pass({ type: "refetch" });
    this.failures = 0;
    this.timer = setTimeout(() => this.renew(), Math.max(5000, endsAt - Date.now() - RENEW_BEFORE_MS));
  }

  // A new ticket for the tabs that are open by then: each is asked, and those that crashed do not answer.
  renew() {
    this.pages.clear();
    this.pass({ type: "who" });
    this.timer = setTimeout(() => this.open(), 500);
  }

  later() {
    this.failures += 1;
    this.heard = [];
    this.pass({ type: "state", state: "off" });
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.failures - 1));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), pause * (0.5 + Math.random() / 2));
  }

  signedOut() {
    this.stop();
    this.pass({ type: "signed_out" });
  }

  stop() {
    this.attempt = undefined;
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
  }
}

// ---- the tabs of one session, among themselves ----

const RECEIVED = {
  told: ({ event }) => tell(event),
  beat: ({ heard }) => covered(heard),
  refetch: () => refetch(),
  state: ({ state }) => show(state),
  signed_out: () => {
    show("out");
    document.dispatchEvent(new CustomEvent("live:signed_out"));
  },
};

class Tab {
  constructor(session) {
    this.name = `${Date.now()}-${Math.random()}`;
    this.session = `tellonce-live-${session}`;
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(this.session) : undefined;
    if (this.channel) this.channel.onmessage = ({ data }) => this.receive(data);
    this.say({ type: "here" });
    if (navigator.locks && this.channel) {
      const isOver = new Promise((resolve) => { this.end = resolve; });
      const lock = navigator.locks.request(this.session, () => (this.keep(), isOver));
      lock.catch(() => {});
    } else {
      this.keep(); // an address without TLS has no locks: a stream for each tab
    }
  }

  keep() {
    if (this.isGone) return;
    this.keeper = new Keeper((message) => {
      this.receive(message);
      if (navigator.locks) this.channel?.postMessage(message);
    });
    this.say({ type: "who" });
    this.keeper.listenFor(this.name, mine());
  }

  say(message) {
    this.channel?.postMessage({ tab: this.name, addresses: message.type === "here" ? mine() : [], ...message });
  }

  // This page may listen to more, or to something else: a fragment brought another signed address.
  changed() {
    if (this.keeper) this.keeper.listenFor(this.name, mine());
    else this.say({ type: "here" });
  }

  receive(message) {
    if (message.type === "who") this.changed();
    else if (message.type === "here") this.keeper?.listenFor(message.tab, message.addresses);
    else if (message.type === "bye") this.keeper?.forget(message.tab);
    else RECEIVED[message.type]?.(message);
  }

  leave() {
    this.isGone = true;
    this.keeper?.stop();
    this.say({ type: "bye" });
    this.channel?.close();
    this.end?.();
  }
}

// ---- start ----

let tab;
let listensTo = "";

function start() {
  const addresses = mine().map(({ address }) => address);
  if (!addresses.length || addresses.join() === listensTo) return;
  listensTo = addresses.join();
  if (tab) tab.changed();
  else tab = new Tab(ticketIn(addresses[0]).session);
}

start();
document.addEventListener("htmx:afterSettle", start);
window.addEventListener("pagehide", () => {
  tab?.leave();
  tab = undefined;
  listensTo = "";
});
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  start();
  refetch();
});
