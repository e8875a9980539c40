// node typing.mjs SITE FILE...: what is marked while these files are typed in VS Code, by the engine of
// the extension that a new site recommends, with the settings that the site came with. Prints
// FILE:LINE MESSAGE for each mark.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const site = process.argv[2];
process.chdir(site); // the globs of the settings are relative to it
const require = createRequire(path.join(site, "package.json"));
const { remark } = await import(pathToFileURL(require.resolve("remark")));
const { default: settings } = await import(pathToFileURL(path.join(site, ".remarkrc.mjs")));
const { VFile } = await import(pathToFileURL(require.resolve("vfile")));
for (const name of process.argv.slice(3)) {
  const file = new VFile({ path: name, cwd: site, value: fs.readFileSync(name, "utf8") });
  const done = await remark().use(settings).process(file);
  for (const message of done.messages) {
    console.log(`${name}:${message.line} ${message.reason}`);
  }
}
