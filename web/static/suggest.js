// Typeahead for search boxes: comboboxes with a list (WAI-ARIA APG, "editable combobox"), which goes
// to whichever box has the focus. Without JavaScript each is a plain form, which this never changes.
const boxes = document.querySelectorAll("input[data-suggest]");
const list = document.createElement("ul");
let input = boxes[0];
let options = [], active = -1, pending = null, timer = 0;

list.id = "suggestions";
list.className = "suggestions";
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", "Suggestions");
list.hidden = true;

function close() {
  list.hidden = true;
  active = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

// Who has begun to choose is not to have the list changed under their hands.
function settle() {
  clearTimeout(timer);
  pending?.abort();
}

function option(hit, index) {
  const item = document.createElement("li");
  item.id = `suggestion-${index}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  const label = document.createElement("bdi");
  label.textContent = hit.label;
  const kind = document.createElement("span");
  kind.textContent = hit.kind;
  item.append(label, kind);
  item.addEventListener("mousedown", (event) => {
    event.preventDefault(); // keeps the focus in the box
    choose(hit);
  });
  return item;
}

// A box of a question keeps the name of what was picked, and sends its reference.
function choose(hit) {
  if (!("pick" in input.dataset)) return location.assign(hit.url);
  input.value = input.dataset.name = hit.label;
  input.dataset.ref = hit.iri.replace(/^.*?\/id\//, "");
  close();
}

function show(hits) {
  options = hits.filter((hit) => hit.url);
  list.replaceChildren(...options.map(option));
  active = -1;
  list.hidden = !options.length;
  input.setAttribute("aria-expanded", String(!list.hidden));
  input.removeAttribute("aria-activedescendant");
}

function move(step) {
  if (list.hidden) return;
  settle();
  active = (active + step + options.length + 1) % (options.length + 1);
  [...list.children].forEach((item, index) => {
    item.setAttribute("aria-selected", String(index === active));
    if (index === active) item.scrollIntoView({ block: "nearest" });
  });
  if (active < options.length) input.setAttribute("aria-activedescendant", `suggestion-${active}`);
  else input.removeAttribute("aria-activedescendant");
}

async function suggest() {
  settle();
  const query = input.value.trim();
  if (query.length < 2) return close();
  pending = new AbortController();
  const asked = { q: query, size: 8, names: 1, of: input.dataset.of ?? "" };
  const address = `${input.dataset.suggest}?${new URLSearchParams(asked)}`;
  try {
    const answer = await fetch(address, {
      headers: { Accept: "application/json" },
      signal: pending.signal,
    });
    if (answer.ok) show((await answer.json()).hits);
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
}

function take({ target }) {
  if (target === input) return;
  close();
  settle();
  input = target;
  input.after(list);
}

input?.after(list);
for (const box of boxes) {
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");
  box.setAttribute("aria-controls", list.id);
  box.addEventListener("focus", take);
  box.addEventListener("input", (event) => {
    take(event);
    clearTimeout(timer);
    timer = setTimeout(suggest, 120);
  });
  box.addEventListener("blur", close);
  box.form?.addEventListener("submit", () => {
    if (box.dataset.ref && box.value === box.dataset.name) box.value = box.dataset.ref;
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && options[active] && !list.hidden) choose(options[active]);
    else return;
    event.preventDefault();
  });
}

// Menus close as those of a system do: by Escape, and by whatever else is chosen.
const menus = [...document.querySelectorAll("details.menu")];
addEventListener("click", (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
});
addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && menus.find((menu) => menu.open);
  if (!open) return;
  if (open.contains(document.activeElement)) open.firstElementChild.focus();
  open.open = false;
});
