#include "workbook.h"

/* The few elements of Gnumeric's XML that tell what a workbook's sheets are. It is written by a
 * program, always in the same form, and no text in it holds a `<`: so elements are looked for by
 * their tags. */

/* The text between `opens` and `closes` within [from, end of `in`), and where it ends; data NULL
 * when there is none. */
static struct slice element(struct slice in, const char *opens, const char *closes, ptrdiff_t from,
                            ptrdiff_t *behind)
{
    ptrdiff_t start = slice_find(in, slice_of(opens), from);
    ptrdiff_t text = start >= 0 ? start + slice_of(opens).length : -1;
    ptrdiff_t end = start >= 0 ? slice_find(in, slice_of(closes), text) : -1;
    if (end < 0) {
        return (struct slice){0};
    }
    *behind = end + slice_of(closes).length;
    return slice_sub(in, text, end);
}

static struct slice unescaped(struct slice text, struct arena *arena)
{
    static const struct {
        const char *entity, *sign;
    } entities[] = {
        {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&amp;", "&"}};
    struct slice out = SLICE("");
    for (ptrdiff_t at = 0; at < text.length;) {
        struct slice rest = slice_from(text, at);
        struct slice sign = slice_sub(rest, 0, 1);
        ptrdiff_t length = 1;
        for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
            if (slice_starts_with(rest, slice_of(entities[i].entity))) {
                sign = slice_of(entities[i].sign);
                length = slice_of(entities[i].entity).length;
            }
        }
        out = ARENA_JOIN(arena, out, sign);
        at += length;
    }
    return out;
}

/* `E5` of `E5:E8`; false when it is none. */
static bool take_place(struct slice *text, ptrdiff_t *row, ptrdiff_t *column)
{
    ptrdiff_t at = 0;
    *column = 0;
    *row = 0;
    for (; at < text->length && text->data[at] >= 'A' && text->data[at] <= 'Z' && at < 4; at++) {
        *column = *column * 26 + (text->data[at] - 'A' + 1);
    }
    ptrdiff_t letters = at;
    for (; at < text->length && text->data[at] >= '0' && text->data[at] <= '9' && at < 12; at++) {
        *row = *row * 10 + (text->data[at] - '0');
    }
    bool is_place = letters > 0 && at > letters && *row > 0;
    *text = slice_from(*text, at);
    (*column)--;
    (*row)--;
    return is_place;
}

static bool read_merge(struct slice text, struct workbook_merge *merge)
{
    struct slice rest = text;
    if (!take_place(&rest, &merge->first_row, &merge->first_column) ||
        !slice_starts_with(rest, SLICE(":"))) {
        return false;
    }
    rest = slice_from(rest, 1);
    return take_place(&rest, &merge->last_row, &merge->last_column) && rest.length == 0;
}

static ptrdiff_t read_count(struct slice sheet, const char *opens, const char *closes)
{
    ptrdiff_t behind;
    int64_t last;
    struct slice text = element(sheet, opens, closes, 0, &behind);
    return slice_to_integer(text, &last) && last >= -1 && last < INT32_MAX ? (ptrdiff_t)last + 1
                                                                           : 0;
}

static struct workbook_sheet read_sheet(struct slice xml, struct arena *arena)
{
    ptrdiff_t at = 0;
    ptrdiff_t tag_end = slice_find_byte(xml, '>', 0);
    struct workbook_sheet sheet = {
        .name = unescaped(element(xml, "<gnm:Name>", "</gnm:Name>", 0, &at), arena),
        .is_hidden = slice_find(slice_sub(xml, 0, tag_end), SLICE("HIDDEN"), 0) >= 0,
        .is_empty = slice_find(xml, SLICE("<gnm:Cell "), 0) < 0,
        .row_count = read_count(xml, "<gnm:MaxRow>", "</gnm:MaxRow>"),
        .column_count = read_count(xml, "<gnm:MaxCol>", "</gnm:MaxCol>"),
    };
    VECTOR(struct workbook_merge) merges = {0};
    at = 0;
    for (;;) {
        struct slice text = element(xml, "<gnm:Merge>", "</gnm:Merge>", at, &at);
        struct workbook_merge merge;
        if (text.data == NULL) {
            break;
        }
        if (read_merge(text, &merge)) {
            *VECTOR_PUSH(arena, &merges) = merge;
        }
    }
    sheet.merges = merges.data;
    sheet.merge_count = merges.length;
    return sheet;
}

struct workbook_sheets gnumeric_sheets(struct slice xml, struct arena *arena)
{
    VECTOR(struct workbook_sheet) sheets = {0};
    ptrdiff_t at = 0;
    for (;;) {
        struct slice sheet = element(xml, "<gnm:Sheet ", "</gnm:Sheet>", at, &at);
        if (sheet.data == NULL) {
            break;
        }
        *VECTOR_PUSH(arena, &sheets) = read_sheet(sheet, arena);
    }
    return (struct workbook_sheets){.list = sheets.data, .count = sheets.length};
}

struct slice workbook_column_name(ptrdiff_t index, struct arena *arena)
{
    struct slice name = SLICE("");
    for (ptrdiff_t rest = index + 1; rest > 0; rest = (rest - 1) / 26) {
        char letter = (char)('A' + (rest - 1) % 26);
        name = ARENA_JOIN(arena, arena_copy(arena, slice_make(&letter, 1)), name);
    }
    return name;
}
