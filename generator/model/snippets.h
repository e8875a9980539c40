/*
 * snippets: what VS Code offers while front matter is typed (`.vscode/kyodo.code-snippets`).
 *
 * VS Code completes by a JSON Schema in YAML files, not in front matter of Markdown; its snippets
 * it offers there too, because its grammar takes front matter for YAML. So every field of
 * fields.def that is the schema's is a snippet here: its key is what one types, its label and
 * explanation are shown, codes and names of fields are chosen from a list with their labels behind
 * them as comments. A list of groups has one more for its next entry, by the group's name.
 *
 * Scope is `yaml`, so that none of it comes up in the text below the front matter; `include`, which
 * editors older than 2026 leave aside, keeps the kinds apart. Sources:
 * https://code.visualstudio.com/docs/editing/userdefinedsnippets.
 */
#ifndef KYODO_SNIPPETS_H
#define KYODO_SNIPPETS_H

#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Append the file. The site needs its configuration, code lists and frameworks. */
void snippets_write(const struct site *site, enum interface_language language, struct buffer *out);

#ifdef __cplusplus
}
#endif
#endif
