#include "import.h"

/* What headings mean. A heading is compared with each column's name, labels and aliases: as it
 * stands, then folded, then without what stands in brackets at its end. */

struct label_entry {
    int column;
    enum import_reason reason;
    bool is_shared; /* by another column, for the same reason */
};
struct label_index {
    const struct table *table;
    struct map exact, folded;
};

static void add(struct label_index *index, struct map *map, struct arena *arena, struct slice text,
                int column, enum import_reason reason)
{
    bool is_new;
    if (text.length == 0) {
        return;
    }
    struct map_entry *at = map_insert(map, arena, text, &is_new);
    if (is_new) {
        at->value.pointer = ARENA_NEW(arena, struct label_entry);
        *(struct label_entry *)at->value.pointer =
            (struct label_entry){.column = column, .reason = reason};
        return;
    }
    struct label_entry *entry = at->value.pointer;
    entry->is_shared = entry->is_shared || (entry->column != column && entry->reason == reason);
    (void)index;
}

static void add_all(struct label_index *index, struct map *map, bool folds, struct arena *arena)
{
    const struct table *table = index->table;
    for (int pass = 0; pass < 3; pass++) {
        for (int i = 0; i < table->column_count; i++) {
            const struct column *column = &table->columns[i];
            enum import_reason reason = pass == 0   ? REASON_NAME
                                        : pass == 1 ? REASON_LABEL
                                                    : REASON_ALIAS;
            const struct slice *texts = pass == 0   ? &column->name
                                        : pass == 1 ? column->labels
                                                    : column->aliases;
            ptrdiff_t count = pass == 0   ? 1
                              : pass == 1 ? table->site->language_count
                                          : column->alias_count;
            for (ptrdiff_t k = 0; k < count; k++) {
                add(index, map, arena, folds ? label_fold(texts[k], arena) : texts[k], i, reason);
            }
        }
    }
}

struct label_index *label_index_make(const struct table *table, struct arena *arena)
{
    struct label_index *index = ARENA_NEW(arena, struct label_index);
    index->table = table;
    add_all(index, &index->exact, false, arena);
    add_all(index, &index->folded, true, arena);
    return index;
}

/* ---- Units ---- */

int label_unit_power(struct slice unit, struct slice *rest)
{
    static const struct {
        const char *sign;
        int power;
    } powers[] = {{"十億", 9}, {"百万", 6}, {"十万", 5}, {"億", 8}, {"万", 4}, {"千", 3}};
    *rest = unit;
    for (size_t i = 0; i < sizeof(powers) / sizeof(powers[0]); i++) {
        struct slice sign = slice_of(powers[i].sign);
        if (slice_starts_with(unit, sign)) {
            *rest = slice_from(unit, sign.length);
            return powers[i].power;
        }
    }
    return 0;
}

static bool is_unit_of(const struct column *column, int languages, struct slice unit,
                       struct arena *arena)
{
    for (int i = 0; i < languages; i++) {
        if (unit.length > 0 && slice_equal(label_fold(column->unit[i], arena), unit)) {
            return true;
        }
    }
    return false;
}

/* `予算額(千円)` -> `予算額` and `千円`; false when it does not end with something in brackets. */
static bool split_brackets(struct slice label, struct slice *stem, struct slice *content,
                           struct arena *arena)
{
    static const char *const pairs[][2] = {{"(", ")"},   {"[", "]"}, {"【", "】"},
                                           {"〔", "〕"}, {"<", ">"}, {"〈", "〉"}};
    struct slice text = slice_trim_wide(utf8_nfkc_casefold(arena, label));
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        struct slice opens = slice_of(pairs[i][0]);
        struct slice closes = slice_of(pairs[i][1]);
        ptrdiff_t at = slice_find(text, opens, 0);
        if (at > 0 && slice_ends_with(text, closes)) {
            *stem = slice_sub(text, 0, at);
            *content =
                label_fold(slice_sub(text, at + opens.length, text.length - closes.length), arena);
            return true;
        }
    }
    return false;
}

static bool is_one_of_labels(const struct label_index *index, struct slice content, int column)
{
    const struct label_entry *entry = map_get(&index->folded, content);
    return entry != NULL && entry->column == column;
}

/* Words in brackets that say nothing about which column it is. */
static bool is_remark(struct slice content)
{
    static const char *const remarks[] = {"必須",     "任意",     "必須項目",
                                          "任意項目", "required", "optional"};
    for (size_t i = 0; i < sizeof(remarks) / sizeof(remarks[0]); i++) {
        if (slice_equal(content, slice_of(remarks[i]))) {
            return true;
        }
    }
    return false;
}

static struct label_match match_stem(const struct label_index *index, struct slice label,
                                     struct arena *arena)
{
    struct label_match match = {.column = -1, .reason = REASON_UNKNOWN};
    struct slice stem;
    struct slice content;
    if (!split_brackets(label, &stem, &content, arena)) {
        return match;
    }
    const struct label_entry *entry = map_get(&index->folded, label_fold(stem, arena));
    if (entry == NULL || entry->is_shared) {
        return match;
    }
    const struct table *table = index->table;
    const struct column *column = &table->columns[entry->column];
    struct slice rest;
    int power = label_unit_power(content, &rest);
    bool is_unit = is_unit_of(column, table->site->language_count, content, arena);
    match.column = entry->column;
    match.is_certain =
        is_unit || is_remark(content) || is_one_of_labels(index, content, entry->column);
    match.reason = is_unit ? REASON_UNIT : match.is_certain ? REASON_FOLDED : REASON_UNSURE;
    if (!match.is_certain && power > 0) {
        match.power = power;
        match.reason = REASON_UNIT_DIFFERS;
    }
    return match;
}

/* ---- What a heading may mean ---- */

static bool holds(struct slice a, struct slice b)
{
    return utf8_count(b) >= 2 && b.length * 2 > a.length && slice_find(a, b, 0) >= 0;
}

/* The column whose folded text is nearest: one holds the other, or a slip lies between them. */
static int nearest(const struct label_index *index, struct slice folded)
{
    int found = -1;
    int best = 1000;
    for (ptrdiff_t i = 0; i < index->folded.length; i++) {
        struct slice text = index->folded.entries[i].key;
        const struct label_entry *entry = index->folded.entries[i].value.constant;
        int limit = (int)(utf8_count(text) / 3);
        int distance = slice_distance(folded, text, limit);
        int far = distance <= limit                            ? distance
                  : holds(folded, text) || holds(text, folded) ? 100
                                                               : 1000;
        if (far < best) {
            best = far;
            found = entry->column;
        }
    }
    return found;
}

struct label_match label_match(const struct label_index *index, struct slice label,
                               struct arena *arena)
{
    struct slice folded = label_fold(label, arena);
    const struct label_entry *exact = map_get(&index->exact, slice_trim_wide(label));
    const struct label_entry *entry = exact != NULL ? exact : map_get(&index->folded, folded);
    if (folded.length == 0) {
        return (struct label_match){.column = -1, .reason = REASON_UNKNOWN};
    }
    if (entry != NULL) {
        return (struct label_match){.column = entry->column,
                                    .is_certain = !entry->is_shared,
                                    .reason = entry->is_shared ? REASON_UNSURE
                                              : exact != NULL  ? exact->reason
                                                               : REASON_FOLDED};
    }
    struct label_match match = match_stem(index, label, arena);
    if (match.column < 0) {
        match.column = nearest(index, folded);
    }
    return match;
}
