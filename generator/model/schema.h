/*
 * schema: JSON Schema (2020-12) of front matter, for editors and other programs.
 *
 * It comes from what the reader itself reads by: the table of fields (fields.def) and the code
 * lists and frameworks of the site. So a field that is added there is in the schema at once.
 *
 * Two schemas a kind of item, because two kinds of file exist. The original (`index.ja.md` where
 * `ja` is the site's first language) states facts and words. A translation holds words only, by
 * the keys of the original's entries: nothing is required of it but those keys, and a fact in it
 * is refused. An editor picks one by the file's name.
 *
 * What a schema refuses, `kyodo check` refuses: unknown fields, wrong types, unknown codes, dates
 * that can't be read, required fields that are absent. What a schema can't see, only `kyodo check`
 * does: whether a reference leads somewhere, whether ids are unique and dates in order, whether a
 * translation agrees with its original, and the body of the text.
 *
 * Form. Every field has `title` and, where fields.def says more, `description`, in one language.
 * Codes are `oneOf` of `const` with `title`; a code of digits only may also stand as a number,
 * as YAML reads it without quotes. Keywords are those of the vocabularies of 2020-12 only, so a
 * strict validator takes it. Sources: https://json-schema.org/draft/2020-12/schema.
 */
#ifndef KYODO_SCHEMA_H
#define KYODO_SCHEMA_H

#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

enum schema_part { SCHEMA_ORIGINAL, SCHEMA_TRANSLATION };

/** Append the schema of the front matter of `kind`. The site needs its configuration, code lists
 * and frameworks; its content is not looked at. `names_dialect`: with `$schema`, which tools for
 * editors refuse that know an older draft by name, though they read every keyword that is used. */
void schema_write(const struct site *site, enum item_kind kind, enum schema_part part,
                  enum interface_language language, bool names_dialect, struct buffer *out);

#ifdef __cplusplus
}
#endif
#endif
