// What a CITATION.cff says, as CSL-JSON: node cff.js FILE
const { Cite } = require("@citation-js/core");
require("@citation-js/plugin-cff");
const read = require("fs").readFileSync(process.argv[2], "utf-8");
process.stdout.write(JSON.stringify(new Cite(read).data));
