/*
 * upkeep: whether translations keep up with their originals, section by section.
 *
 * A section of a text begins at a heading with an id of its own (`## 課題 {#issue}`) and ends
 * before the next such heading, of whatever level; a heading without one belongs to what stands
 * before it. The ids are what original and translation have in common. What stands before the first
 * of them is the section SECTION_LEAD, and all words of the front matter together are
 * SECTION_FRONT_MATTER; a heading that bears one of these names counts to them.
 *
 * A translation's front matter keeps, as `translated`, a hash of each of the original's sections as
 * it was when somebody said that the translation renders it (`kyodo translated`). From the hash
 * alone nobody can tell when the original was changed: "since" is the original's `updated` (ruling
 * 11).
 */
#ifndef KYODO_UPKEEP_H
#define KYODO_UPKEEP_H

#include "model.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SECTION_FRONT_MATTER SLICE("front_matter")
#define SECTION_LEAD SLICE("lead")

enum section_state {
    SECTION_CURRENT,      /* marked, and the original has not changed since */
    SECTION_OUTDATED,     /* the original was changed after it was marked */
    SECTION_UNMARKED,     /* nobody has said yet that it renders the original */
    SECTION_MISSING,      /* the translation lacks it */
    SECTION_LEFT_OVER,    /* the original has it no more, or never had */
    SECTION_UNTRANSLATED, /* of a whole item: there is no translation */
    SECTION_STATES
};
/** "current", "outdated", "unmarked", "missing", "left_over", "untranslated": as in the data. */
struct slice section_state_word(enum section_state state);

struct section {
    struct slice name;
    /* Where it begins; NULL where it does not exist, or is one of the two without a heading. */
    const struct heading *original, *translation;
    uint64_t hash; /* of the original's; 0 when LEFT_OVER */
    enum section_state state;
};
struct section_list {
    const struct section *items;
    ptrdiff_t count;
};
/** The sections of an item's translation: those of the original in its order, then those left over.
 * None when there is no original, no translation, or one of them could not be parsed. */
struct section_list item_sections(const struct item *item, int language, struct arena *arena);
/** Of a record's words in a language, with the keys and ids that lead to them; the order of entries
 * does not count. */
uint64_t record_words_hash(const struct record *record, int language);
/** 16 hexadecimal digits, as they stand in the front matter. */
#define SECTION_HASH_DIGITS 16
struct slice section_hash_text(uint64_t hash, struct arena *arena);

/** All translations of a site. */
struct upkeep_row {
    const struct item *item;
    int language;
    enum section_state state;
    /* Empty: the item as a whole, UNTRANSLATED, or UNMARKED in all of its sections. */
    struct slice section;
    const struct heading *original, *translation; /* as of the section */
};
struct upkeep {
    /* By kind, item, language and section; items as a whole stand for their sections. */
    struct upkeep_row *rows;
    ptrdiff_t count;
    struct upkeep_counts {
        ptrdiff_t items;      /* with an original */
        ptrdiff_t translated; /* of these */
        ptrdiff_t current;    /* translated, and every section is CURRENT */
        ptrdiff_t rows[SECTION_STATES];
    } * counts; /* one a language; that of the original is empty */
};
/** NULL for a site in one language. Lives in `arena`. */
const struct upkeep *upkeep_make(const struct site *site, struct arena *arena);

#ifdef __cplusplus
}
#endif
#endif
