/* What a record shows of each principle that the frameworks it names ask for: a part of the page of
 * a case, and of a row of the register of projects that no case tells of. */
#ifndef KYODO_EVIDENCE_PART_H
#define KYODO_EVIDENCE_PART_H

#include "page.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A place of the page that shows what the record states. */
struct evidence_place {
    struct slice id;
    struct slice heading; /* HTML */
};
#define EVIDENCE_PLACES_MOST 64

struct evidence_part {
    struct page *page;
    const struct record *record;
    ptrdiff_t index; /* in the records of the table of evidence */
    /* Where the page shows what is stated, in its order; at most EVIDENCE_PLACES_MOST. */
    const struct evidence_place *places;
    /* The place of a field of the record that is stated, or -1. */
    int (*place_of)(const struct evidence_part *part, enum field_id field);
    const void *context; /* of place_of */
    /* Words of the page's template: the explanation, the sections of the record's own frameworks
     * and of other cities. */
    enum name_id about, own, others;
    struct slice note; /* HTML behind the explanation, or empty */
};

/** Nothing where the record names no framework that is checked. */
void add_evidence(const struct evidence_part *part);

#ifdef __cplusplus
}
#endif
#endif
