#include "registers.h"

/* One cell: from its text to a value in the lexical form of its type. Values that stay as they are
 * cost no memory. */

struct slice fold_wide(struct slice s, struct arena *arena)
{
    bool has_wide = false;
    for (ptrdiff_t at = 0; at < s.length && !has_wide;) {
        int32_t c = utf8_next(s, &at);
        has_wide = (c >= 0xFF01 && c <= 0xFF5E) || c == 0x3000;
    }
    if (!has_wide) {
        return s;
    }
    /* Folded characters are three bytes long before and one after. */
    char *text = arena_allocate(arena, 1, 1, s.length);
    ptrdiff_t length = 0;
    for (ptrdiff_t at = 0; at < s.length;) {
        ptrdiff_t start = at;
        int32_t c = utf8_next(s, &at);
        if (c >= 0xFF01 && c <= 0xFF5E) {
            text[length++] = (char)(c - 0xFF01 + '!');
        } else if (c == 0x3000) {
            text[length++] = ' ';
        } else {
            memcpy(text + length, s.data + start, (size_t)(at - start));
            length += at - start;
        }
    }
    return slice_make(text, length);
}

static bool is_one_of(const struct slices *list, struct slice s)
{
    for (ptrdiff_t i = 0; i < list->count; i++) {
        if (slice_equal(list->data[i], s)) {
            return true;
        }
    }
    return false;
}

static enum cell_problem read_boolean(const struct column_rules *rules, struct slice raw,
                                      struct arena *arena, struct cell *cell)
{
    if (is_one_of(&rules->true_values, raw)) {
        cell->value = slice_equal(raw, SLICE("true")) ? raw : SLICE("true");
        return CELL_OK;
    }
    if (is_one_of(&rules->false_values, raw)) {
        cell->value = slice_equal(raw, SLICE("false")) ? raw : SLICE("false");
        return CELL_OK;
    }
    static const char *const yes[] = {"yes", "y",    "true", "t", "1", "はい",
                                      "有",  "あり", "有り", "○", "〇"};
    static const char *const no[] = {"no", "n",    "false", "f", "0", "いいえ",
                                     "無", "なし", "無し",  "×", "✕"};
    struct slice word = slice_trim_wide(fold_wide(raw, arena));
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        if (slice_equal_ignoring_ascii_case(word, slice_of(yes[i]))) {
            cell->suggestion = rules->true_values.data[0];
        } else if (slice_equal_ignoring_ascii_case(word, slice_of(no[i]))) {
            cell->suggestion = rules->false_values.data[0];
        }
    }
    return CELL_WRONG_TYPE;
}

static enum cell_problem read_as(const struct column_rules *rules, enum column_type type,
                                 struct slice raw, struct arena *arena, struct cell *cell)
{
    switch (type) {
    case COLUMN_STRING:
    case COLUMN_ANY:
        return rules->format == FORMAT_DEFAULT ? CELL_OK : cell_read_text(rules, raw, arena, cell);
    case COLUMN_INTEGER:
        return cell_read_integer(rules, raw, arena, cell);
    case COLUMN_NUMBER:
        return cell_read_number(rules, raw, arena, cell);
    case COLUMN_BOOLEAN:
        return read_boolean(rules, raw, arena, cell);
    case COLUMN_DATE:
    case COLUMN_YEAR:
    case COLUMN_YEARMONTH:
        return cell_read_date(rules, type, raw, arena, cell);
    case COLUMN_TIME:
    case COLUMN_DATETIME:
        return cell_read_time(rules, type, raw, arena, cell);
    case COLUMN_OBJECT:
    case COLUMN_ARRAY:
    case COLUMN_GEOJSON:
    case COLUMN_GEOPOINT:
    case COLUMN_DURATION:
        return cell_read_structure(rules, type, raw, arena, cell);
    case COLUMN_LIST:
        break;
    }
    BUG("a list within a list");
}

/* Every part is read by the type of the parts; the list is written anew only when a part changes.
 */
static enum cell_problem read_list(const struct column *column, const struct column_rules *rules,
                                   struct slice raw, struct arena *arena, struct cell *cell)
{
    struct slice rest = raw;
    struct slice written = SLICE("");
    bool is_changed = false;
    bool is_first = true;
    enum cell_problem mild = CELL_OK;
    while (rest.data != NULL) {
        struct slice part = slice_cut(&rest, column->delimiter);
        struct cell one = {.value = part};
        enum cell_problem problem = part.length == 0
                                        ? CELL_WRONG_TYPE
                                        : read_as(rules, rules->item_type, part, arena, &one);
        if (problem != CELL_OK && problem != CELL_OUTSIDE_ERA && problem != CELL_WRONG_WEEKDAY) {
            cell->suggestion = one.suggestion;
            cell->part = part.length > 0 ? part : (struct slice){0};
            return problem;
        }
        if (problem != CELL_OK) {
            mild = problem;
            cell->part = part;
        }
        is_changed = is_changed || !slice_equal(one.value, part);
        if (is_changed || rules->item_type != COLUMN_STRING || rules->format != FORMAT_DEFAULT) {
            written =
                is_first ? one.value
                         : ARENA_JOIN(arena, written, slice_make(&column->delimiter, 1), one.value);
        }
        is_first = false;
    }
    if (is_changed) {
        cell->value = written;
    }
    return mild;
}

enum cell_problem cell_read(const struct column *column, const struct column_rules *rules,
                            struct slice raw, struct arena *arena, struct cell *cell)
{
    *cell = (struct cell){.value = raw};
    if (column->type == COLUMN_LIST) {
        return read_list(column, rules, raw, arena, cell);
    }
    return read_as(rules, column->type, raw, arena, cell);
}
