// Notes and entries of CSL-JSON by citeproc-js: node cite.js CITEPROC STYLE LOCALE < items
const [citeproc, style, locale] = process.argv.slice(2);
const CSL = require(citeproc);
const fs = require("fs");

const read = (path) => fs.readFileSync(path, "utf-8");
const made = JSON.parse(read(0)).map(({ item, cite }) => {
  const engine = new CSL.Engine(
    { retrieveLocale: () => read(locale), retrieveItem: () => item },
    read(style),
    "en-US",
    true,
  );
  engine.setOutputFormat("text");
  const cluster = { citationItems: [{ id: item.id, ...cite }], properties: { noteIndex: 1 } };
  const [, notes] = engine.processCitationCluster(cluster, [], []);
  return [notes[0][1], engine.makeBibliography()[1][0].trim()];
});
process.stdout.write(JSON.stringify(made));
