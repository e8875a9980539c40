/*
 * From a theme's template to the text that ctemplate gets: every name checked against the
 * vocabulary and turned into its place, parts put in, texts of the language put in, indentation
 * taken out.
 */
#ifndef KYODO_TEMPLATE_COMPILE_H
#define KYODO_TEMPLATE_COMPILE_H

#include "model.h"
#include "vocabulary.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Append the text of template `name` (as in the theme, without `.tpl`) in `language`. `around` and
 * `id` are the dictionaries in which it is expanded; `around` DICTIONARY_COUNT: none. Findings
 * (template.*, string.*) about names and parts only when `language` is 0, since they are the same
 * in every language. False when anything was found. */
bool template_compile(const struct site *site, struct slice name, int language,
                      enum dictionary_id around, enum dictionary_id id, struct buffer *out,
                      struct diag *diag);
/** The template of a name (without `.tpl`), or NULL. */
const struct theme_template *template_of_theme(const struct site *site, struct slice name);
/** The text of a key in a language: {NULL, 0} with a finding when the language's strings lack it.
 * `place` is where it is asked for (may be zero). */
struct slice theme_string(const struct site *site, int language, struct slice key,
                          struct span place, struct diag *diag);

#ifdef __cplusplus
}
#endif
#endif
