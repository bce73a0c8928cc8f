const POLL_INTERVAL = 1000;
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const KEY_SHOWN = 60_000;
const HIDDEN_KEY = "••••••••";
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

const byId = (id) => document.getElementById(id);
const shown = new Map();

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function formatMoney(amount, scale, currency, options = {}) {
  const value = amount / scale;
  const fraction = String(scale).length - 1;
  const exact = { minimumFractionDigits: fraction, maximumFractionDigits: fraction };
  const digits = (amount * 100) % scale ? exact : {};
  try {
    const style = { style: "currency", currency, ...digits, ...options };
    return new Intl.NumberFormat(undefined, style).format(value);
  } catch {
    return `${value} ${currency}`;
  }
}

function formatDay(text) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return text;
  const day = new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]));
  return day.getDate() === Number(parts[3]) ? DAY.format(day) : text;
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function renderBooking(booking) {
  const net = booking.inflow - booking.outflow;
  const row = element("li");
  const details = [
    formatDay(booking.date),
    booking.category,
    booking.account,
    booking.memo,
  ];
  row.append(
    element("span", "name", booking.payee ?? "No payee"),
    element(
      "span",
      net > 0 ? "amount income" : "amount",
      formatMoney(net, booking.scale, booking.currency, { signDisplay: "exceptZero" }),
    ),
    element("span", "meta", details.filter(Boolean).join(" · ")),
  );
  return row;
}

function renderQueueItem(item) {
  const known = ["pending", "processed", "failed"].includes(item.status);
  const row = element("li");
  row.append(
    element("span", "name", item.message_id ?? "no message id"),
    element("span", known ? `chip ${item.status}` : "chip", item.status || "no status"),
    element("span", "meta", `${CLOCK.format(new Date(item.created_at))} · sealed`),
  );
  if (item.error) row.append(element("span", "meta error", item.error));
  return row;
}

function renderAccount(account) {
  const row = element("li", account.archived ? "account archived" : "account");
  row.append(
    element("span", "name", account.archived ? `${account.name} (archived)` : account.name),
    element("span", "amount", formatMoney(account.balance, account.scale, account.currency)),
  );
  return row;
}

function renderBudget(budget) {
  const card = element("section", "card");
  const heading = element("div", "heading");
  const title = element("h2", "", budget.name);
  title.id = `budget-${budget.id}`;
  card.setAttribute("aria-labelledby", title.id);
  const own = budget.accounts.filter(({ currency }) => currency === budget.currency);
  const total = own.reduce((sum, { balance }) => sum + balance, 0);
  const scale = own[0]?.scale ?? 1000;
  heading.append(
    title,
    element("span", "amount total", formatMoney(total, scale, budget.currency)),
  );
  const accounts = element("ol", "rows");
  accounts.append(...budget.accounts.map(renderAccount));
  card.append(heading, accounts);
  return card;
}

function renderRows(id, rows, emptyText) {
  byId(id).replaceChildren(
    ...(rows.length ? rows : [element("li", "empty", emptyText)]),
  );
}

function showState(state) {
  byId("budgets").replaceChildren(...state.budgets.map(renderBudget));
  for (const [status, number] of Object.entries(state.counts)) {
    byId(status).textContent = number;
    byId(status).dataset.count = number;
  }
  showToken(state.token);
  byId("username").textContent = state.user.username;
  byId("password").textContent = state.user.password;
  byId("ids").replaceChildren(...state.budgets.map(renderIds));
}

function describeToken(token) {
  if (!token) return "There is none.";
  const state = token.is_enabled ? "Enabled" : "Disabled";
  const used = token.last_used
    ? `last used ${MOMENT.format(new Date(token.last_used))}`
    : "not used yet";
  return `${state}, made ${MOMENT.format(new Date(token.created_at))}, ${used}.`;
}

function showToken(token) {
  byId("token-state").textContent = describeToken(token);
  byId("generate-token").textContent = token ? "Generate new token" : "Generate token";
  byId("switch-token").hidden = !token;
  byId("switch-token").textContent = token?.is_enabled ? "Disable" : "Enable";
  byId("revoke-token").hidden = !token;
  byId("key-setting").hidden = !token;
}

function renderIds(budget) {
  const table = element("table");
  const caption = element("caption", "", `${budget.name} (${budget.currency})`);
  const head = element("tr");
  head.append(element("th", "", "What"), element("th", "", "Name"), element("th", "", "ID"));
  table.append(caption, head);
  const rows = [
    ["Budget", budget.name, budget.id],
    ...budget.accounts.map(({ name, id, currency, archived }) => [
      archived ? "Archived account" : "Account",
      currency === budget.currency ? name : `${name} (${currency})`,
      id,
    ]),
    ...budget.categories.map(({ name, id }) => ["Category", name, id]),
    ...budget.labels.map(({ name, id }) => ["Label", name, id]),
  ];
  for (const cells of rows) {
    const row = element("tr");
    row.append(...cells.map((cell) => element("td", "", cell)));
    table.append(row);
  }
  return table;
}

function showBookings(bookings) {
  const rows = bookings.reverse().map(renderBooking);
  renderRows("bookings", rows, "Nothing has been booked yet.");
}

function showQueue(queue) {
  const rows = queue.reverse().map(renderQueueItem);
  renderRows("queue", rows, "The queue is empty.");
}

const VIEWS = { state: showState, bookings: showBookings, queue: showQueue };

async function refresh(name) {
  const response = await fetch(`/_control/${name}`);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  const text = await response.text();
  if (shown.get(name) === text) return;
  VIEWS[name](JSON.parse(text));
  shown.set(name, text);
}

function showConnection(alive) {
  const text = alive ? "Live" : "The stand-in does not answer";
  const node = byId("connection");
  if (node.textContent === text) return;
  node.textContent = text;
  node.classList.toggle("lost", !alive);
}

async function refreshAll() {
  try {
    await Promise.all(Object.keys(VIEWS).map(refresh));
    showConnection(true);
  } catch {
    showConnection(false);
  }
}

async function poll() {
  if (!document.hidden) await refreshAll();
  setTimeout(poll, POLL_INTERVAL);
}

function describeRun({ processed, failed }) {
  if (!processed && !failed) return "Nothing was waiting.";
  const refused = failed ? `, ${failed} failed` : "";
  return `Applied ${count(processed, "transaction")}${refused}.`;
}

async function openApp() {
  const button = byId("open-app");
  button.disabled = true;
  try {
    const response = await fetch("/_control/apply", { method: "POST" });
    if (!response.ok) throw new Error(`apply: ${response.status}`);
    byId("run").textContent = describeRun(await response.json());
    await refreshAll();
  } catch {
    byId("run").textContent = "That did not work: the stand-in does not answer.";
  } finally {
    button.disabled = false;
    button.focus();
  }
}

async function ask(method, name, body) {
  const response = await fetch(`/_control/${name}`, {
    method,
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response.json();
}

function onClick(id, work, said = "push-said") {
  byId(id).addEventListener("click", async () => {
    const button = byId(id);
    button.disabled = true;
    try {
      const words = await work();
      if (words) byId(said).textContent = words;
      await refreshAll();
    } catch {
      byId(said).textContent = "That did not work: the stand-in does not answer.";
    } finally {
      button.disabled = false;
    }
  });
}

function forgetNewToken() {
  byId("new-token").hidden = true;
  byId("token-text").textContent = "";
}

async function generateToken() {
  const warning = "The old token stops working at once. Generate a new one?";
  if (!byId("revoke-token").hidden && !confirm(warning)) return;
  const { token } = await ask("POST", "token", { regenerate: true });
  byId("token-text").textContent = token;
  byId("new-token").hidden = false;
  return "This is the new token.";
}

async function switchToken() {
  const enabled = byId("switch-token").textContent === "Enable";
  await ask("POST", "token", { enabled });
  return enabled ? "The token works again." : "The token is disabled.";
}

async function revokeToken() {
  if (!confirm("Revoke the token? Programs that use it cannot add anything any more.")) return;
  await ask("DELETE", "token");
  forgetNewToken();
  hideKey();
  return "The token is revoked.";
}

let hidingKey;

function hideKey() {
  clearTimeout(hidingKey);
  byId("key-text").textContent = HIDDEN_KEY;
  byId("reveal-key").textContent = "Reveal Encryption Key";
  byId("copy-key").hidden = true;
}

async function revealKey() {
  if (byId("key-text").textContent !== HIDDEN_KEY) return hideKey();
  byId("key-text").textContent = (await ask("GET", "key")).space_key;
  byId("reveal-key").textContent = "Hide";
  byId("copy-key").hidden = false;
  hidingKey = setTimeout(hideKey, KEY_SHOWN);
}

async function clearQueue() {
  if (!confirm("Clear the queue? What is pending will not be booked.")) return;
  const { deleted } = await ask("POST", "clear");
  return `Removed from the queue: ${deleted}.`;
}

async function copy({ currentTarget: button }) {
  const text = byId(button.dataset.copies).textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(byId(button.dataset.copies));
    button.textContent = "Press Ctrl+C";
  }
  setTimeout(() => (button.textContent = "Copy"), 2000);
}

byId("address").textContent = location.origin;
byId("open-app").addEventListener("click", openApp);
onClick("generate-token", generateToken);
onClick("switch-token", switchToken);
onClick("revoke-token", revokeToken);
onClick("reveal-key", revealKey);
onClick("clear-queue", clearQueue, "queue-said");
for (const button of document.querySelectorAll(".copy")) button.addEventListener("click", copy);
poll();
