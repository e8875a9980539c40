/* What a dataset's files say of it beside its rows: who, when, where, under which terms, from what.
 */
#ifndef KYODO_RENDER_ABOUT_H
#define KYODO_RENDER_ABOUT_H

#include "dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

struct about_line {
    struct slice item; /* "publisher": the same in every language */
    struct slice label[INTERFACE_LANGUAGES];
    struct slice value[MODEL_LANGUAGES_MOST];
};
/** In `arena`; lines without a value are left out. */
const struct about_line *about_lines(const struct dataset *dataset, ptrdiff_t *count,
                                     struct arena *arena);

#ifdef __cplusplus
}
#endif
#endif
