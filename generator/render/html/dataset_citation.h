/*
 * How to name a dataset as a source, for people and for programs: a sentence in every language, an
 * entry of a BibTeX file, and schema.org's Dataset.
 *
 * The sentence has the parts that 公共データ利用規約 (PDL1.0) asks for, whatever the site's
 * licence: 出典：「名称」（市）（URL）、licence（URL）（date of use). The date of use is the
 * reader's to fill in.
 */
#ifndef KYODO_DATASET_CITATION_H
#define KYODO_DATASET_CITATION_H

#include "dataset.h"
#include "page.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Fill CITATION and BIBTEX of the page's content. `address`: the dataset's page, absolute. */
void add_citations(const struct page *page, const struct dataset *dataset, struct slice address);
/** Add to what the page tells programs: schema.org Dataset, with a DataDownload for every form that
 * the plan has. */
void add_dataset_description(struct page *page, const struct dataset *dataset,
                             struct slice address);

#ifdef __cplusplus
}
#endif
#endif
