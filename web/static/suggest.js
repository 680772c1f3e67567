// Typeahead for the search box: a combobox with a list (WAI-ARIA APG, "editable combobox").
// Without JavaScript the box is a plain form, which this never changes.
const input = document.querySelector("input[data-suggest]");
const list = document.createElement("ul");
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
    location.assign(hit.url);
  });
  return item;
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
  const address = `${input.dataset.suggest}?${new URLSearchParams({ q: query, size: 8, names: 1 })}`;
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

if (input) {
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  input.after(list);
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, 120);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && options[active] && !list.hidden) location.assign(options[active].url);
    else return;
    event.preventDefault();
  });
}
