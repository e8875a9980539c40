/*
 * What cmark reads. CommonMark decides by the characters beside a run of `*` whether it may open or
 * close emphasis, and takes 「 or 。 for punctuation like any other, so that
 * `これは**「重要」**です` stays as it is. The rule that Japanese needs (the markdown-cjk-friendly
 * amendment): beside a CJK character a run that touches no white space may do both. A mark, which
 * cmark takes for a letter, between run and punctuation gives exactly that. Marks are removed from
 * all output and counted out of all positions.
 *
 * A mark also stands behind an escaped `{`, so that `\{…}` is told from `{…}` once cmark has
 * resolved the backslash.
 */
#include "markdown.h"

#include <string.h>
#include <utf8proc.h>

static bool is_ascii_punctuation(int32_t c)
{
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
           (c >= '{' && c <= '~');
}

/* As CommonMark 0.30 and cmark count it: without symbols beyond ASCII. */
static bool is_punctuation(int32_t c)
{
    if (c < 0x80) {
        return is_ascii_punctuation(c);
    }
    utf8proc_category_t category = utf8proc_category(c);
    return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

static bool is_variation_selector(int32_t c)
{
    return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

/* The character before `at`; a variation selector counts as what it varies. */
static int32_t character_before(struct slice text, ptrdiff_t at)
{
    int32_t c = utf8_previous(text, at);
    if (is_variation_selector(c)) {
        at -= c >= 0x10000 ? 4 : 3;
        c = utf8_previous(text, at);
    }
    return c;
}

/* Nothing but quote markers and blanks stand before `at` on its line: cmark sees the start of a
 * text there. */
static bool is_behind_quote_markers(struct slice text, ptrdiff_t at)
{
    while (at > 0 && text.data[at - 1] != '\n' && text.data[at - 1] != '\r') {
        at--;
        if (text.data[at] != '>' && text.data[at] != ' ' && text.data[at] != '\t') {
            return false;
        }
    }
    return true;
}

/* Where a run of asterisks [start, end) wants a mark: `start`, `end` or nowhere (-1). With a CJK
 * character on either side and white space on neither, both sides must look alike to cmark. */
static ptrdiff_t place_of_mark(struct slice text, ptrdiff_t start, ptrdiff_t end)
{
    if (start == 0 || end == text.length) {
        return -1;
    }
    if ((signed char)text.data[start - 1] >= 0 && (signed char)text.data[end] >= 0) {
        return -1; /* two ASCII characters: the usual case */
    }
    int32_t before = character_before(text, start);
    ptrdiff_t at = end;
    int32_t after = utf8_next(text, &at);
    if (before < 0 || utf8_is_white_space(before) || utf8_is_white_space(after) ||
        (!utf8_is_wide_without_space(before) && !utf8_is_wide_without_space(after))) {
        return -1;
    }
    if (before == '>' && is_behind_quote_markers(text, start)) {
        return -1;
    }
    bool before_is_punctuation = is_punctuation(before);
    if (before_is_punctuation == is_punctuation(after)) {
        return -1;
    }
    return before_is_punctuation ? start : end;
}

static bool is_escaped(struct slice text, ptrdiff_t at)
{
    ptrdiff_t first = at;
    while (first > 0 && text.data[first - 1] == '\\') {
        first--;
    }
    return (at - first) % 2 == 1;
}

/* Offsets in `text` before which a mark goes. */
static void find_marks(struct arena *scratch, struct slice text, offset_vector *marks)
{
    ptrdiff_t star = slice_find_byte(text, '*', 0);
    ptrdiff_t brace = slice_find_byte(text, '{', 0);
    while (star >= 0 || brace >= 0) {
        if (star < 0 || (brace >= 0 && brace < star)) {
            if (is_escaped(text, brace)) {
                *VECTOR_PUSH(scratch, marks) = brace + 1;
            }
            brace = slice_find_byte(text, '{', brace + 1);
            continue;
        }
        ptrdiff_t end = star + 1;
        while (end < text.length && text.data[end] == '*') {
            end++;
        }
        ptrdiff_t start = is_escaped(text, star) ? star + 1 : star;
        ptrdiff_t mark = start < end ? place_of_mark(text, start, end) : -1;
        if (mark >= 0) {
            *VECTOR_PUSH(scratch, marks) = mark;
        }
        star = slice_find_byte(text, '*', end);
    }
}

void feed_mark(struct arena *scratch, struct slice text, struct fed *fed)
{
    find_marks(scratch, text, &fed->marks);
    fed->text = text;
    if (fed->marks.length == 0) {
        return;
    }
    ptrdiff_t length = text.length + fed->marks.length * MARK_LENGTH;
    char *out = arena_allocate(scratch, 1, 1, length);
    fed->text = slice_make(out, length);
    ptrdiff_t from = 0;
    for (ptrdiff_t i = 0; i < fed->marks.length; i++) {
        ptrdiff_t mark = fed->marks.data[i];
        memcpy(out, text.data + from, (size_t)(mark - from));
        out += mark - from;
        memcpy(out, MARK, (size_t)MARK_LENGTH);
        fed->marks.data[i] = out - fed->text.data;
        out += MARK_LENGTH;
        from = mark;
    }
    memcpy(out, text.data + from, (size_t)(text.length - from));
}

void feed_find_lines(struct arena *scratch, struct fed *fed)
{
    struct slice text = fed->text;
    VECTOR_RESERVE(scratch, &fed->lines, text.length / 32 + 16);
    *VECTOR_PUSH(scratch, &fed->lines) = 0;
    bool has_returns = slice_find_byte(text, '\r', 0) >= 0;
    for (ptrdiff_t at = 0; at < text.length;) {
        if (!has_returns) {
            at = slice_find_byte(text, '\n', at);
            if (at < 0) {
                break;
            }
        } else if (text.data[at] != '\n' &&
                   (text.data[at] != '\r' || (at + 1 < text.length && text.data[at + 1] == '\n'))) {
            at++;
            continue;
        }
        at++;
        *VECTOR_PUSH(scratch, &fed->lines) = at;
    }
}

ptrdiff_t feed_line_start(const struct fed *fed, int line)
{
    if (line < 1) {
        return 0;
    }
    return line > fed->lines.length ? fed->text.length : fed->lines.data[line - 1];
}

struct slice feed_line(const struct fed *fed, int line)
{
    ptrdiff_t start = feed_line_start(fed, line);
    ptrdiff_t end = feed_line_start(fed, line + 1);
    while (end > start && (fed->text.data[end - 1] == '\n' || fed->text.data[end - 1] == '\r')) {
        end--;
    }
    return slice_sub(fed->text, start, end);
}

/* The number of members that are at most `at`. */
static ptrdiff_t count_up_to(const ptrdiff_t *data, ptrdiff_t length, ptrdiff_t stride,
                             ptrdiff_t at)
{
    ptrdiff_t low = 0;
    ptrdiff_t high = length;
    while (low < high) {
        ptrdiff_t middle = low + (high - low) / 2;
        if (data[middle * stride] <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static ptrdiff_t follow_segments(const segment_vector *segments, ptrdiff_t at)
{
    const ptrdiff_t stride = (ptrdiff_t)(sizeof(struct segment) / sizeof(ptrdiff_t));
    if (segments->length == 0) {
        return at;
    }
    ptrdiff_t index = count_up_to(&segments->data[0].at, segments->length, stride, at) - 1;
    const struct segment *segment = &segments->data[index < 0 ? 0 : index];
    return segment->to + (at > segment->at ? at - segment->at : 0);
}

ptrdiff_t feed_to_source(const struct fed *fed, ptrdiff_t at)
{
    ptrdiff_t marks = count_up_to(fed->marks.data, fed->marks.length, 1, at);
    ptrdiff_t unmarked = at - marks * MARK_LENGTH;
    if (marks > 0 && at < fed->marks.data[marks - 1] + MARK_LENGTH) {
        unmarked = fed->marks.data[marks - 1] - (marks - 1) * MARK_LENGTH; /* inside a mark */
    }
    return fed->source_start + follow_segments(&fed->segments, unmarked);
}

ptrdiff_t place_to_source(const struct content *content, ptrdiff_t at)
{
    return feed_to_source(content->fed, follow_segments(&content->lines, at));
}

struct slice feed_unmark(struct arena *arena, struct slice s)
{
    ptrdiff_t mark = slice_find_byte(s, MARK[0], 0);
    mark = mark < 0 ? mark : slice_find(s, SLICE(MARK), mark);
    if (mark < 0) {
        return arena_copy(arena, s);
    }
    char *data = arena_allocate(arena, 1, 1, s.length);
    ptrdiff_t length = 0;
    for (ptrdiff_t from = 0; from < s.length;) {
        ptrdiff_t end = mark < 0 ? s.length : mark;
        memcpy(data + length, s.data + from, (size_t)(end - from));
        length += end - from;
        from = mark < 0 ? end : mark + MARK_LENGTH;
        mark = slice_find(s, SLICE(MARK), from);
    }
    return slice_make(data, length);
}

/* ---- What would take cmark more than linear time ---- */

/* Bytes of a list or quote marker at `at`, 0 when there is none. */
static ptrdiff_t marker_length(struct slice line, ptrdiff_t at)
{
    char c = line.data[at];
    ptrdiff_t end = at + 1;
    if (c == '>') {
        return 1;
    }
    if (c >= '0' && c <= '9') {
        while (end < line.length && line.data[end] >= '0' && line.data[end] <= '9') {
            end++;
        }
        if (end == line.length || (line.data[end] != '.' && line.data[end] != ')')) {
            return 0;
        }
        end++;
    } else if (c != '-' && c != '+' && c != '*') {
        return 0;
    }
    return end == line.length || line.data[end] == ' ' || line.data[end] == '\t' ? end - at : 0;
}

/* Upper bound of the containers that are open behind a line, when `open` were so before it: its own
 * markers, and as many list items as its indentation can continue, two columns each at least. */
static ptrdiff_t nesting_of_line(struct slice line, ptrdiff_t open)
{
    ptrdiff_t markers = 0;
    ptrdiff_t blanks = 0;
    ptrdiff_t at = 0;
    while (at < line.length) {
        if (line.data[at] == ' ' || line.data[at] == '\t') {
            blanks += line.data[at] == ' ' ? 1 : 4;
            at++;
            continue;
        }
        ptrdiff_t marker = marker_length(line, at);
        if (marker == 0) {
            break;
        }
        markers++;
        at += marker;
    }
    return markers + (blanks / 2 < open ? blanks / 2 : open);
}

/* A line like `* * *` or `> - - -`: no list. */
static bool is_ruler(struct slice line)
{
    char kind = 0;
    for (ptrdiff_t i = 0; i < line.length; i++) {
        char c = line.data[i];
        if (c == ' ' || c == '\t' || (c == '>' && kind == 0)) {
            continue;
        }
        if ((c != '-' && c != '*') || (kind != 0 && c != kind)) {
            return false;
        }
        kind = c;
    }
    return true;
}

static bool nesting_is_bearable(struct markdown *markdown)
{
    const struct fed *fed = &markdown->fed;
    ptrdiff_t open = 0;
    bool after_blank = true;
    for (int line = 1; line <= (int)fed->lines.length; line++) {
        ptrdiff_t start = fed->lines.data[line - 1];
        char first = start < fed->text.length ? fed->text.data[start] : '\n';
        if (first == '\n' || first == '\r') {
            after_blank = true;
            continue;
        }
        ptrdiff_t nesting = 0;
        if (first < '@' && strchr(" \t>-+*0123456789", first) != NULL) {
            struct slice text = feed_line(fed, line);
            nesting = nesting_of_line(text, open);
            if (nesting > NESTING_MOST && !is_ruler(text)) {
                ptrdiff_t at = feed_to_source(fed, start);
                DIAG(markdown->diag, CODE_markdown_nesting, span_make(markdown->source, at, at + 1),
                     arena_format(markdown->scratch, "%d", NESTING_MOST));
                return false;
            }
        }
        /* Only behind a blank line does a line without its markers surely end what was open. */
        open = after_blank || nesting > open ? nesting : open;
        after_blank = false;
    }
    return true;
}

static ptrdiff_t count_byte(struct slice s, char byte)
{
    ptrdiff_t count = 0;
    for (ptrdiff_t at = slice_find_byte(s, byte, 0); at >= 0;
         at = slice_find_byte(s, byte, at + 1)) {
        count++;
    }
    return count;
}

static ptrdiff_t count_pairs(struct slice s, char first, char second)
{
    ptrdiff_t count = 0;
    for (ptrdiff_t at = slice_find_byte(s, first, 0); at >= 0;
         at = slice_find_byte(s, first, at + 1)) {
        count += at + 1 < s.length && s.data[at + 1] == second;
    }
    return count;
}

/* Every link in a paragraph makes cmark 0.30.2 walk over all pictures that are still open in it
 * (CVE-2023-22486, mended in 0.30.3). The sum over paragraphs of openers times links bounds that.
 */
static bool pictures_are_bearable(struct markdown *markdown)
{
    const struct fed *fed = &markdown->fed;
    if (count_pairs(fed->text, '!', '[') < 1000) {
        return true;
    }
    int64_t steps = 0;
    ptrdiff_t start = 0;
    for (int line = 1; line <= (int)fed->lines.length; line++) {
        ptrdiff_t end = feed_line_start(fed, line + 1);
        struct slice paragraph = slice_sub(fed->text, start, end);
        bool is_last = line == (int)fed->lines.length;
        if (!is_last && slice_trim(feed_line(fed, line)).length > 0) {
            continue;
        }
        steps += (int64_t)count_pairs(paragraph, '!', '[') * count_byte(paragraph, ']');
        if (steps > OPEN_PICTURE_STEPS_MOST) {
            ptrdiff_t at = feed_to_source(fed, start);
            DIAG(markdown->diag, CODE_markdown_open_pictures,
                 span_make(markdown->source, at, at + 1), SLICE(""));
            return false;
        }
        start = end;
    }
    return true;
}

bool feed_is_bearable(struct markdown *markdown)
{
    return nesting_is_bearable(markdown) && pictures_are_bearable(markdown);
}
