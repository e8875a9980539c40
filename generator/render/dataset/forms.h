/* Private to dataset: the makers of forms and what they share. */
#ifndef KYODO_RENDER_FORMS_H
#define KYODO_RENDER_FORMS_H

#include "dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FORMAT(identifier, ...)                                                        \
    bool form_##identifier(const struct render *render, const struct dataset *dataset, \
                           struct render_worker *worker, struct buffer *out, struct diag *diag);
#include "formats.def"
#undef FORMAT

/** Header and rows as RFC 4180 has them. `guard`: texts that a spreadsheet would take for a formula
 * get a ' in front. */
void csv_write(const struct dataset *dataset, bool guard, struct buffer *out);
void csv_write_header(const struct dataset *dataset, struct buffer *out);
void csv_write_row(const struct dataset *dataset, const struct slice *cells, bool guard,
                   struct buffer *out);

/** `README.<language>.md` of an archive. */
void readme_write(const struct render *render, const struct dataset *dataset, int language,
                  struct buffer *out);
/** CITATION.cff. */
void citation_write(const struct dataset *dataset, struct arena *scratch, struct buffer *out);
/** What the licence is and how to name the source, in every language. */
void licence_write(const struct site *site, struct buffer *out);

#ifdef __cplusplus
}
#endif
#endif
