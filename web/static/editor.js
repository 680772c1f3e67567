// The query editor: YASQE in place of the box, answers put into the page without leaving it.
// The server makes each answer, the same one that a browser without JavaScript gets.
const form = document.querySelector("form.editor");
const box = form.elements.query;
const button = form.querySelector(".run-query");
let running = null;

const editor = makeEditor();

function makeEditor() {
  const terms = fetch(form.dataset.terms).then((answer) => answer.json());
  // The completers that come with YASQE ask another host.
  Yasqe.defaults.autocompleters = ["variables"];
  offer("prefixes", terms, ({ prefixes }) =>
    Object.entries(prefixes).map(([name, iri]) => ({ name: `${name}: <${iri}>`, label: "" })));
  offer("class", terms, ({ classes }) => classes);
  offer("property", terms, ({ properties }) => properties);

  // The endpoint declares these, so a query that uses them is no error.
  const declared = Object.fromEntries([...document.querySelectorAll(".prefixes dt")].map((name) =>
    [name.textContent.slice(0, -1), name.nextElementSibling.textContent]));
  Yasqe.defineMode("sparql-here", (config) => {
    const mode = Yasqe.getMode(config, "sparql11");
    return { ...mode, startState: () => ({ ...mode.startState(), prefixes: { ...declared } }) };
  });

  const parent = document.createElement("div");
  form.insertBefore(parent, box);
  const made = new Yasqe(parent, {
    mode: "sparql-here",
    value: box.value.trim(),
    persistenceId: null, // the address of the page holds the query
    consumeShareLink: null,
    createShareableLink: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "20rem",
    screenReaderLabel: "Query",
    extraKeys: { ...Yasqe.defaults.extraKeys, Tab: false, "Shift-Tab": false,
      "Ctrl-Enter": run, "Cmd-Enter": run, "Ctrl-S": () => {} },
  });
  box.hidden = true;
  box.required = false; // a hidden box cannot be pointed at; the server says what is missing
  document.querySelector("#keys").hidden = false;
  form.querySelector("label").addEventListener("click", () => made.focus());
  // YASQE's tooltip of a syntax error is styled inline, which the policy refuses.
  parent.addEventListener("mouseover", (event) => {
    if (event.target.closest(".parseErrorIcon")) event.stopPropagation();
  }, true);
  return made;
}

// One of YASQE's completers with words of our own: found by name or meaning, the commonest first.
function offer(kind, terms, list) {
  const base = Yasqe.Autocompleters[kind];
  const meaning = new Map();
  Yasqe.forkAutocompleter(kind, {
    name: `own-${kind}`,
    bulk: false,
    persistenceId: null,
    autoShow: kind !== "property",
    onInitialize: () => {},
    async get(_, token) {
      const typed = token.string.trim().toLowerCase();
      const found = list(await terms).filter(({ name, label, iri }) =>
        [name, label, iri ?? ""].some((text) => text.toLowerCase().includes(typed)));
      found.forEach(({ name, label, count }) => meaning.set(name, count ? `${label}, ${count.toLocaleString("en")}` : ""));
      return found.map(({ name }) => name);
    },
    preProcessToken: kind === "prefixes" ? base.preProcessToken : (_, token) => token,
    postProcessSuggestion: (_yasqe, _token, name) => name,
    postprocessHints: (_, hints) => hints.map((hint) => ({ ...hint,
      displayText: meaning.get(hint.text) ? `${hint.text}  –  ${meaning.get(hint.text)}` : hint.text })),
  });
}

async function run() {
  if (running) return running.abort();
  running = new AbortController();
  button.textContent = "Cancel";
  const address = `${form.action}?${new URLSearchParams({ query: editor.getValue() })}`;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: running.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector("#answer");
    if (!found) return location.assign(address);
    document.querySelector("#answer").replaceWith(document.adoptNode(found));
    if (address !== location.href) history.pushState(null, "", address);
    mark();
  } catch (error) {
    if (error.name !== "AbortError") document.querySelector("#answer").textContent = `No answer: ${error.message}.`;
  } finally {
    running = null;
    button.textContent = "Run";
  }
}

// Shows the line at which the server stopped reading, until the query is changed.
function mark() {
  for (let line = 0; line < editor.lineCount(); line++) editor.removeLineClass(line, "background", "faulty");
  const line = Number(document.querySelector(".fault")?.dataset.line);
  if (line) editor.addLineClass(line - 1, "background", "faulty");
}

mark();
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
addEventListener("popstate", () => location.reload());
