/* Private to catalog: the makers of its files. */
#ifndef KYODO_RENDER_CATALOG_FILES_H
#define KYODO_RENDER_CATALOG_FILES_H

#include "catalog.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CATALOG_FILE(identifier, ...)                                                    \
    bool catalog_##identifier(const struct render *render, struct render_worker *worker, \
                              struct buffer *out, struct diag *diag);
#include "catalog.def"
#undef CATALOG_FILE

/** kyodo.sqlite. Without its full text (`has_search`) for those who measure what that costs. */
void sqlite_write(const struct render *render, struct arena *scratch, bool has_search,
                  struct buffer *out);

#ifdef __cplusplus
}
#endif
#endif
