/* What the forms in JSON have in common: words per language, and rows with typed values. */
#ifndef KYODO_RENDER_JSON_PARTS_H
#define KYODO_RENDER_JSON_PARTS_H

#include "dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A member `name` that is an object of a text a language; nothing when the original language has
 * none. */
void json_words(struct json_writer *json, const struct site *site, const char *name,
                const struct slice words[MODEL_LANGUAGES_MOST]);
/** The members of a row, one a column: numbers as numbers with every digit, true and false, lists
 * as arrays of texts, everything else as text, no value as null. */
void json_row(struct json_writer *json, const struct dataset *dataset, const struct slice *cells);
/** A member `kyodo:labels`: for each column with codes in this row what they mean, column -> code
 * -> language -> label. Nothing when no column has any. */
void json_row_labels(struct json_writer *json, const struct dataset *dataset,
                     const struct slice *cells);
/** JSON that was read, as it was written. */
void json_node(struct json_writer *json, const struct node *node);

#ifdef __cplusplus
}
#endif
#endif
