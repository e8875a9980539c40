/* A case page in the making: shared by page_case.c, case_people.c, case_work.c and related.c. */
#ifndef KYODO_CASE_H
#define KYODO_CASE_H

#include "evidence_part.h"
#include "page.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Most blocks of a case that others may link to. */
#define CASE_BLOCKS_MOST 32

struct case_page {
    struct page page;
    const struct item *item;
    const struct record *record;
    struct evidence_place blocks[CASE_BLOCKS_MOST];
    int block_count;
    enum case_answer answers[CASE_QUESTIONS];
    struct slice silent[CASE_QUESTIONS]; /* labels of the sections that say nothing, HTML */
    int silent_count;
};
/** A section of which the sources say nothing: it is named with the others in one line. */
void case_silent(struct case_page *maker, struct slice label);

/** Remember a block that is on the page, for links to it; those of lazy_block are known. */
void case_know_block(struct case_page *maker, struct slice id, struct slice heading);

/** A block that is made when its first part comes, so that an empty one leaves no heading. */
struct lazy_block {
    struct case_page *maker;
    struct slice id;
    struct slice heading; /* HTML */
    struct dictionary *block;
};
struct dictionary *lazy_block(struct lazy_block *lazy);

/** A PROSE value as a part; its heading is left out when `is_main`. Not stated: a line when `must`.
 */
void case_prose(struct lazy_block *lazy, const struct value *value, enum field_id field,
                bool is_main, bool must);
/** The heading of the body section that holds a value, else the name of the field. */
struct slice case_heading(const struct case_page *maker, const struct value *value,
                          enum field_id field);
/** Facts of several fields in one part; fields that say nothing are left out. */
void case_facts(struct lazy_block *lazy, struct slice heading, const struct record *record,
                const enum field_id *fields, int count);
/** A list with bullets of the words of a list of groups. */
void case_items(struct lazy_block *lazy, struct slice heading, struct value_list list,
                enum field_id word, enum field_id note);

/* case_people.c: need, purpose, who, form. case_work.c: the rest, in the order of the documents. */
void case_issue(struct case_page *maker);
void case_purpose(struct case_page *maker);
void case_actors(struct case_page *maker);
void case_form(struct case_page *maker);
void case_course(struct case_page *maker);
void case_results(struct case_page *maker);
void case_evaluations(struct case_page *maker);
void case_insights(struct case_page *maker);
void case_transfer(struct case_page *maker);
void case_participate(struct case_page *maker);
void case_after(struct case_page *maker);
/** case_evidence.c: by the frameworks that the case names; after the blocks, which it links to. */
void case_evidence(struct case_page *maker);

/** Up to RELATED_MOST cases like one: those it names, then those that share most with it.
 * Deterministic, and no slower on a large site. */
#define RELATED_MOST 4
struct related {
    const struct item *cases[RELATED_MOST];
    int count;
};
const struct related *related_cases(const struct page *page, const struct item *item);

#ifdef __cplusplus
}
#endif
#endif
