// The graph around an entity, in a dialog. The library (136 KB) is loaded when a reader asks for it.
const section = document.querySelector("#neighbourhood");
const button = section.querySelector("button");
const dialog = document.createElement("dialog");
const filters = document.createElement("form");
const canvas = document.createElement("div");
const note = document.createElement("p");
let view = null;

section.hidden = false;
button.addEventListener("click", open);

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

async function open() {
  button.disabled = true;
  try {
    if (!view) {
      await Promise.all([
        load("link", { rel: "stylesheet", href: `${section.dataset.static}/neighbourhood.css`,
          // cytoscape adds a style element, which the policy refuses, where nothing has this id.
          id: "__________cytoscape_stylesheet" }),
        load("script", { src: `${section.dataset.static}/vendor/cytoscape/cytoscape.min.js` }),
      ]);
    }
    const found = await ask();
    if (!view) build(found);
    dialog.showModal();
    view ??= draw();
    show(found);
  } catch (error) {
    button.after(`The graph could not be drawn: ${error.message}.`);
  }
  button.disabled = false;
}

function load(name, attributes) {
  return new Promise((done, failed) => {
    const element = make(name, attributes);
    element.onload = done;
    element.onerror = () => failed(new Error("a file did not load"));
    document.head.append(element);
  });
}

async function ask() {
  const chosen = [...new FormData(filters)].filter(([, value]) => value);
  const answer = await fetch(`${section.dataset.graph}&${new URLSearchParams(chosen)}`,
    { headers: { Accept: "application/json" } });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.detail);
  return found;
}

function build({ choices }) {
  const list = (name, title) => make("label", {}, `${title} `, make("select", { name },
    new Option("any", ""), ...choices[name].map(({ value, label }) => new Option(label, value))));
  filters.append(list("type", "Kind"), list("source", "Source"), make("label", {}, "Period ",
    make("input", { name: "period", size: 9, placeholder: "2015-05" })));
  filters.addEventListener("change", () =>
    ask().then(show, (error) => { note.textContent = error.message; }));
  filters.addEventListener("submit", (event) => event.preventDefault());
  const close = make("button", { textContent: "Close", onclick: () => dialog.close() });
  dialog.className = "neighbourhood";
  dialog.setAttribute("aria-label", "Neighbourhood");
  canvas.className = "graph";
  canvas.setAttribute("role", "img");
  dialog.append(make("header", {}, filters, close), canvas, note);
  document.body.append(dialog);
}

function draw() {
  const words = { color: colour("--ink-soft"), "font-size": 9, "font-family": "sans-serif",
    "text-background-color": colour("--paper"), "text-background-opacity": 1 };
  const made = cytoscape({
    container: canvas,
    minZoom: 0.2,
    maxZoom: 3,
    style: [
      { selector: "node", style: { ...words, label: "data(label)", color: colour("--ink"),
        "font-size": 11, "text-wrap": "wrap", "text-max-width": 110, "text-valign": "bottom",
        "text-margin-y": 3, width: 14, height: 14, "background-color": colour("--accent") } },
      { selector: "node[focus = 1]", style: { width: 24, height: 24, "font-weight": "bold",
        "background-color": colour("--accepted") } },
      { selector: "edge", style: { ...words, label: "data(label)", width: 1,
        "line-color": colour("--rule-strong"), "target-arrow-color": colour("--rule-strong"),
        "target-arrow-shape": "triangle", "arrow-scale": 0.7, "curve-style": "bezier",
        "text-rotation": "autorotate" } },
    ],
  });
  made.on("tap", "node", (event) => {
    const address = event.target.data("url");
    if (address) location.assign(address);
  });
  return made;
}

function show(graph) {
  view.elements().remove();
  // Half of them nearer, so that names have room; the order keeps those of one kind together.
  view.add(graph.nodes.map((data, at) => ({ data: { ...data, ring: at % 2,
    focus: Number(data.id === graph.focus) } })));
  view.add(graph.edges.map((data) => ({ data })));
  view.layout({ name: "concentric", animate: false, nodeDimensionsIncludeLabels: true, minNodeSpacing: 24,
    concentric: (node) => node.data("focus") ? 2 : node.data("ring"), levelWidth: () => 1 }).run();
  canvas.setAttribute("aria-label", `${graph.nodes.length} things and ${graph.edges.length} links`);
  const rest = graph.rest.flatMap(({ label, count, url }) => [
    make("a", { href: url, textContent: `${label}: ${count.toLocaleString("en")} more` }), ", "]);
  note.replaceChildren("Choose a thing to go to its page. ", ...(rest.length ? ["Not drawn: ", ...rest] : []),
    make("a", { href: graph.sparql, textContent: "Open in SPARQL" }));
}
