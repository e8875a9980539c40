/*
 * The cases of a list as a file: the columns of the dataset of cases without its long texts, the
 * rows of one way to browse. `cases/by/area/141356.csv`; of names, which are grouped by language,
 * `cases/by/name/ja/kana-a.csv`. (All cases are the dataset itself.)
 */
#ifndef KYODO_RENDER_LIST_FILE_H
#define KYODO_RENDER_LIST_FILE_H

#include "render_internal.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Add them to the plan. */
void list_files_plan(struct render *render);
struct slice list_file_address(const struct site *site, enum facet_id facet,
                               const struct facet_entry *entry, int language, struct arena *arena);

#ifdef __cplusplus
}
#endif
#endif
