// The graph around an entity. The library (136 KB) is loaded when a reader asks for it.
const section = document.querySelector("#neighbourhood");
const button = section.querySelector("button");
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

section.hidden = false;
button.addEventListener("click", draw, { once: true });

async function draw() {
  button.disabled = true;
  try {
    const [answer] = await Promise.all([
      fetch(section.dataset.graph, { headers: { Accept: "application/json" } }),
      load("link", { rel: "stylesheet", href: `${section.dataset.static}/neighbourhood.css`,
        // cytoscape adds a style element, which the policy refuses, where nothing has this id.
        id: "__________cytoscape_stylesheet" }),
      load("script", { src: `${section.dataset.static}/vendor/cytoscape/cytoscape.min.js` }),
    ]);
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    show(await answer.json());
  } catch (error) {
    button.replaceWith(`The graph could not be drawn: ${error.message}.`);
  }
}

function load(name, attributes) {
  return new Promise((done, failed) => {
    const element = Object.assign(document.createElement(name), attributes);
    element.onload = done;
    element.onerror = () => failed(new Error("a file did not load"));
    document.head.append(element);
  });
}

function show(graph) {
  const dialog = document.createElement("dialog");
  dialog.className = "neighbourhood";
  dialog.setAttribute("aria-label", "Neighbourhood");
  const canvas = document.createElement("div");
  canvas.className = "graph";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${graph.nodes.length} things and ${graph.edges.length} links`);
  const close = document.createElement("button");
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  const note = document.createElement("p");
  const query = document.createElement("a");
  query.href = graph.sparql;
  query.textContent = "Open in SPARQL";
  note.append(graph.more ? "Only some of its links are drawn. " : "",
    "Choose a thing to go to its page. ", query);
  dialog.append(close, canvas, note);
  document.body.append(dialog);
  button.disabled = false;
  button.addEventListener("click", () => dialog.showModal());
  dialog.showModal();

  const lines = { color: colour("--ink-soft"), "font-size": 9, "font-family": "sans-serif" };
  const view = cytoscape({
    container: canvas,
    elements: {
      nodes: graph.nodes.map((data) => ({ data: { ...data, focus: data.id === graph.focus ? 1 : 0 } })),
      edges: graph.edges.map((data) => ({ data })),
    },
    layout: { name: "cose", animate: false, nodeDimensionsIncludeLabels: true, randomize: true,
      nodeRepulsion: () => 60000, idealEdgeLength: () => 90 },
    minZoom: 0.2, maxZoom: 3,
    style: [
      { selector: "node", style: { ...lines, label: "data(label)", color: colour("--ink"),
        "font-size": 11, "text-wrap": "wrap", "text-max-width": 110, "text-valign": "bottom",
        "text-margin-y": 3, width: 14, height: 14, "background-color": colour("--accent") } },
      { selector: "node[focus = 1]", style: { width: 24, height: 24, "font-weight": "bold",
        "background-color": colour("--accepted") } },
      { selector: "edge", style: { ...lines, label: "data(label)", width: 1,
        "line-color": colour("--rule-strong"), "target-arrow-color": colour("--rule-strong"),
        "target-arrow-shape": "triangle", "arrow-scale": 0.7, "curve-style": "bezier",
        "text-rotation": "autorotate", "text-background-color": colour("--paper"),
        "text-background-opacity": 1 } },
    ],
  });
  view.on("tap", "node", (event) => {
    const address = event.target.data("url");
    if (address) location.assign(address);
  });
}
