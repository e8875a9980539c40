/* The files of a dataset as pages list them. */
#ifndef KYODO_RENDER_DATASET_FILES_H
#define KYODO_RENDER_DATASET_FILES_H

#include "dataset.h"
#include "page.h"

/** On its entry in the catalogue: the forms that most readers want. */
void add_main_files(const struct page *page, struct dictionary *card,
                    const struct dataset *dataset);
/** On its own page: all of them, each with its size, what it is for, and what it cannot hold. */
void add_all_files(const struct page *page, const struct dataset *dataset);

#endif
