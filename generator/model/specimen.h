/*
 * specimen: the text of a new item, to be overwritten by its author (`kyodo new`).
 *
 * Fields, their order and what is said of them come from the table that the reader itself reads by
 * (fields.def); values come from a fictional example that is shipped, so that every field is seen
 * in use. What the site at hand can't hold is put right: a code that its lists have not becomes one
 * that they have, a reference leads to the first row of its register, and a field that would need
 * a list or a register that is empty stands as a comment, like the fields that the example leaves
 * out. So a specimen is without errors in any site whose registers hold one source.
 *
 * The city of the example becomes the city whose site this is: that of its newest case, else the
 * last city in its list of areas, where `kyodo init` puts it.
 *
 * It is always a draft, whatever the example says, dated by the site's reference date, and checked
 * by the frameworks that are in force.
 */
#ifndef KYODO_SPECIMEN_H
#define KYODO_SPECIMEN_H

#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

struct specimen {
    const struct site *site;
    enum item_kind kind;
    int language;             /* of this file, in the site; 0 is the original */
    const struct node *facts; /* front matter of the example, with facts */
    const struct node *words; /* front matter with its words in this language; may be `facts`; NULL
                                 when there are none: then words are left to be filled in */
    struct slice body;
};

/** Append the whole file: front matter with comments in the language of the file, and body. */
void specimen_write(const struct specimen *specimen, struct arena *arena, struct buffer *out);

#ifdef __cplusplus
}
#endif
#endif
