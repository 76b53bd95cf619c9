// What rss-parser reads at an address, as JSON; what JSON.parse reads, for a JSON Feed.
const Parser = require("rss-parser");

const fields = { item: [["source", "source", { includeSnippet: false }], ["dc:publisher", "publisher"]] };

async function read(address) {
  if (address.endsWith(".json")) return JSON.parse(await (await fetch(address)).text());
  return new Parser({ customFields: fields }).parseURL(address);
}

read(process.argv[2]).then((feed) => process.stdout.write(JSON.stringify(feed)));
