// Marks one answer by mouse or keys, saves at once, one save after the other, and says what became of each.
const page = document.body.dataset;
const get = id => document.getElementById(id);
const lines = [...document.querySelectorAll(".line input")];
const note = get("note");
let isMarked = "marked" in page; // whether points, or none of them, were given
let isNoteSaved = true, isLeavingAsked = false;
let saves = Promise.resolve(), pending = 0;
let timer;

const tell = (text, isBad) => {
  get("told").textContent = text;
  get("told").classList.toggle("bad", Boolean(isBad));
};

function show(state) {
  page.seen = state.seen;
  isMarked = state.is_marked;
  get("mark").textContent = state.mark;
  get("points").textContent = state.points;
  get("progress").textContent = state.progress;
  get("done").value = state.done;
  if (get("in-all")) get("in-all").textContent = state.in_all;
  get("back").hidden = !isMarked;
}

// What somebody else decided takes the place of what is on the page.
function replace(state) {
  lines.forEach(line => { line.checked = state.lines.includes(Number(line.value)); });
  note.value = state.note;
  isNoteSaved = true;
}

async function send(isTakenBack) {
  const chosen = lines.filter(line => line.checked).map(line => Number(line.value));
  const text = note.value;
  const body = {key: page.key, csrf: page.csrf, seen: page.seen, note: isTakenBack ? "" : text,
    lines: isTakenBack ? null : chosen};
  let reply;
  try {
    reply = await fetch("/mark", {method: "POST", headers: {"Content-Type": "application/json"},
      body: JSON.stringify(body)});
  } catch {
    return failed("Not saved: the server is not there. Start course mark again, and mark this answer there.");
  }
  if (reply.status !== 200 && reply.status !== 409) return failed("Not saved. " + await reply.text());
  const state = await reply.json();
  show(state);
  if (reply.status === 409 || isTakenBack) replace(state);
  else if (note.value === text) isNoteSaved = true;
  tell(state.told, reply.status === 409);
  return reply.status === 200;
}

function failed(sentence) {
  tell(sentence, true);
  isNoteSaved = false; // so that leaving asks first
  return false;
}

function save(isTakenBack = false) {
  clearTimeout(timer);
  if (!isTakenBack) isMarked = true;
  pending += 1;
  tell("Saving");
  saves = saves.then(() => send(isTakenBack)).finally(() => { pending -= 1; });
  return saves;
}

function giveNone() {
  lines.forEach(line => { line.checked = false; });
  save();
}

function takeBack() {
  lines.forEach(line => { line.checked = false; });
  note.value = "";
  get("none").focus(); // the button that was pressed goes away
  save(true);
}

async function leave(address) {
  if (isMarked && !isNoteSaved) save();
  await saves;
  if (!isNoteSaved && !isLeavingAsked) {
    isLeavingAsked = true;
    if (!isMarked) tell("The note is not saved: give points first, 0 for none. Press again to leave without it.", true);
    return;
  }
  isNoteSaved = true;
  location.assign(address);
}

function follow(id, where) {
  const link = get(id);
  if (link) leave(link.href);
  else tell(where);
}

lines.forEach(line => line.addEventListener("change", () => save()));
get("none").addEventListener("click", giveNone);
get("back").addEventListener("click", takeBack);
note.addEventListener("input", () => {
  isNoteSaved = isLeavingAsked = false;
  clearTimeout(timer);
  if (isMarked) timer = setTimeout(save, 800);
  else tell("The note is saved with the points: 0 for none.");
});
note.addEventListener("change", () => { if (isMarked && !isNoteSaved) save(); });
document.addEventListener("click", event => {
  const link = event.target.closest("a[href^='/answer/']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  leave(link.href);
});
window.addEventListener("beforeunload", event => { if (!isNoteSaved || pending) event.preventDefault(); });

const KEYS = {
  0: giveNone,
  n: () => follow("next", "This is the last answer. u goes to the next one that is not marked."),
  p: () => follow("previous", "This is the first answer."),
  u: () => follow("waiting", "No other answer waits."),
};
document.addEventListener("keydown", event => {
  if (event.target === note) {
    if (event.key === "Escape") get("rubric").focus();
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || !get("keys").checked) return;
  const line = lines.find(one => one.value === event.key);
  if (line) line.click();
  else if (Object.hasOwn(KEYS, event.key)) KEYS[event.key]();
  else return;
  event.preventDefault();
});

// What was folded stays folded on the next answer, and keys that were switched off stay off.
for (const details of [get("question"), get("ours")]) {
  details.open = (localStorage.getItem(details.id) ?? (innerWidth < 800 ? "folded" : "open")) === "open";
  details.addEventListener("toggle", () => localStorage.setItem(details.id, details.open ? "open" : "folded"));
}
get("keys").checked = localStorage.getItem("keys") !== "off";
get("keys").addEventListener("change", () => localStorage.setItem("keys", get("keys").checked ? "on" : "off"));
