/* Safe HTML, piece by piece: texts escaped, marked with their language, put into patterns. */
#include "page.h"

ptrdiff_t markup_begin(const struct page *page)
{
    return page->buffer->length;
}

struct slice markup_end(const struct page *page, ptrdiff_t start)
{
    struct slice made = slice_from(buffer_slice(page->buffer), start);
    struct slice copy = arena_copy(page->arena, made);
    page->buffer->length = start;
    return copy;
}

/* Lead bytes of Han, kana and their marks in UTF-8: U+3000 to U+9FFF. */
static bool is_wide_lead(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= 0xE3 && byte <= 0xE9;
}

/* Bytes that are looked at in one go: the compiler makes a few wide comparisons of the loop. */
#define BLOCK 64

static bool has_wide(struct slice s)
{
    ptrdiff_t at = 0;
    for (; s.length - at >= BLOCK; at += BLOCK) {
        unsigned char found = 0;
        for (int i = 0; i < BLOCK; i++) {
            found |= is_wide_lead(s.data[at + i]);
        }
        if (found != 0) {
            return true;
        }
    }
    while (at < s.length && !is_wide_lead(s.data[at])) {
        at++;
    }
    return at < s.length;
}

/* The end of a run of Japanese: digits between its characters belong to it. */
static ptrdiff_t wide_end(struct slice plain, ptrdiff_t at)
{
    ptrdiff_t end = at;
    while (at < plain.length) {
        if (is_wide_lead(plain.data[at]) && at + 3 <= plain.length) {
            at += 3;
            end = at;
        } else if (plain.data[at] >= '0' && plain.data[at] <= '9') {
            at++;
        } else {
            break;
        }
    }
    return end;
}

/* A screen reader changes its voice, and a browser its glyphs, for Japanese inside other words. */
void markup_text(struct buffer *out, struct slice plain, bool marks_japanese)
{
    if (!marks_japanese || !has_wide(plain)) {
        escape_html_text(out, plain);
        return;
    }
    ptrdiff_t from = 0;
    ptrdiff_t at = 0;
    while (at < plain.length) {
        ptrdiff_t end = is_wide_lead(plain.data[at]) ? wide_end(plain, at) : at;
        if (end == at) {
            at++;
            continue;
        }
        escape_html_text(out, slice_sub(plain, from, at));
        buffer_append_literal(out, "<span lang=\"ja\">");
        escape_html_text(out, slice_sub(plain, at, end));
        buffer_append_literal(out, "</span>");
        from = end;
        at = end;
    }
    escape_html_text(out, slice_from(plain, from));
}

void put_text(const struct page *page, struct slice plain)
{
    markup_text(page->buffer, plain, page_marks_japanese(page));
}

void put_body_html(const struct page *page, struct slice html, bool *in_tag)
{
    if (!has_wide(html)) {
        ptrdiff_t opened = slice_find_last_byte(html, '<');
        ptrdiff_t closed = slice_find_last_byte(html, '>');
        *in_tag = opened == closed ? *in_tag : opened > closed;
        buffer_append(page->buffer, html);
        return;
    }
    ptrdiff_t from = 0;
    ptrdiff_t at = 0;
    while (at < html.length) {
        char c = html.data[at];
        *in_tag = c == '<' || (*in_tag && c != '>');
        ptrdiff_t end = !*in_tag && is_wide_lead(c) ? wide_end(html, at) : at;
        if (end == at) {
            at++;
            continue;
        }
        buffer_append(page->buffer, slice_sub(html, from, at));
        PUT(page, "<span lang=\"ja\">");
        buffer_append(page->buffer, slice_sub(html, at, end));
        PUT(page, "</span>");
        from = end;
        at = end;
    }
    buffer_append(page->buffer, slice_from(html, from));
}

bool page_marks_japanese(const struct page *page)
{
    return page->theme->marks_japanese[page->text];
}

void put_html(const struct page *page, struct slice html)
{
    buffer_append(page->buffer, html);
}

static bool is_other_language(const struct page *page, int language)
{
    return language >= 0 && language != page->text;
}

void put_in_language(const struct page *page, struct slice plain, int language)
{
    if (!is_other_language(page, language) || plain.length == 0) {
        put_text(page, plain);
        return;
    }
    PUT(page, "<span lang=\"");
    escape_html_attribute(page->buffer, page->site->languages[language].tag);
    PUT(page, "\">");
    escape_html_text(page->buffer, plain);
    PUT(page, "</span>");
}

void put_paragraphs(const struct page *page, struct slice plain, int language)
{
    struct slice rest = slice_trim(plain);
    while (rest.length > 0) {
        ptrdiff_t end = slice_find(rest, SLICE("\n\n"), 0);
        struct slice paragraph = slice_trim(slice_sub(rest, 0, end < 0 ? rest.length : end));
        rest = end < 0 ? slice_make(NULL, 0) : slice_trim(slice_from(rest, end));
        if (is_other_language(page, language)) {
            PUT(page, "<p lang=\"");
            escape_html_attribute(page->buffer, page->site->languages[language].tag);
            PUT(page, "\">");
        } else {
            PUT(page, "<p>");
        }
        put_text(page, paragraph);
        PUT(page, "</p>\n");
    }
}

struct slice page_string(const struct page *page, enum string_id id)
{
    return page->theme->strings[page->text][id];
}

void put_string(const struct page *page, enum string_id id)
{
    put_html(page, html_string(page, id));
}

static bool is_number(struct slice s)
{
    for (ptrdiff_t i = 0; i < s.length; i++) {
        if (!((s.data[i] >= '0' && s.data[i] <= '9') || s.data[i] == ',')) {
            return false;
        }
    }
    return s.length > 0;
}

/* The half of a pattern that fits the first argument: "1 case|{0} cases". Only numbers choose. */
static struct slice choose_number(struct slice pattern, struct slice first)
{
    ptrdiff_t bar = slice_find_byte(pattern, '|', 0);
    if (bar < 0 || !is_number(first)) {
        return pattern;
    }
    return slice_equal(first, SLICE("1")) ? slice_sub(pattern, 0, bar)
                                          : slice_from(pattern, bar + 1);
}

/* Copy a pattern with its arguments; what stands between them is escaped when `escape` says so. */
static void fill_pattern(struct buffer *out, struct slice pattern,
                         const struct slice arguments[PATTERN_ARGUMENTS], bool escape)
{
    ptrdiff_t from = 0;
    for (ptrdiff_t at = 0; from < pattern.length; at++) {
        at = slice_find_byte(pattern, '{', at);
        bool is_place = at >= 0 && at + 2 < pattern.length && pattern.data[at + 1] >= '0' &&
                        pattern.data[at + 1] < '0' + PATTERN_ARGUMENTS &&
                        pattern.data[at + 2] == '}';
        if (at >= 0 && !is_place) {
            continue;
        }
        struct slice piece = slice_sub(pattern, from, at < 0 ? pattern.length : at);
        if (escape) {
            escape_html_text(out, piece);
        } else {
            buffer_append(out, piece);
        }
        if (at < 0) {
            return;
        }
        buffer_append(out, arguments[pattern.data[at + 1] - '0']);
        from = at + 3;
        at += 2;
    }
}

void put_pattern_of(const struct page *page, enum string_id id,
                    const struct slice arguments[PATTERN_ARGUMENTS])
{
    fill_pattern(page->buffer, choose_number(page_string(page, id), arguments[0]), arguments, true);
}

void put_pattern(const struct page *page, enum string_id id, struct slice a, struct slice b)
{
    put_pattern_of(page, id, (const struct slice[PATTERN_ARGUMENTS]){a, b});
}

struct slice pattern_text(const struct page *page, enum string_id id, struct slice a,
                          struct slice b)
{
    ptrdiff_t start = markup_begin(page);
    const struct slice arguments[PATTERN_ARGUMENTS] = {a, b};
    fill_pattern(page->buffer, choose_number(page_string(page, id), a), arguments, false);
    return markup_end(page, start);
}

void put_link(const struct page *page, struct slice address, struct slice html)
{
    if (slice_is_empty(address)) {
        put_html(page, html);
        return;
    }
    PUT(page, "<a href=\"");
    escape_html_attribute(page->buffer, page_url(page, address));
    PUT(page, "\">");
    put_html(page, html);
    PUT(page, "</a>");
}

struct slice html_text(const struct page *page, struct slice plain)
{
    ptrdiff_t start = markup_begin(page);
    put_text(page, plain);
    return markup_end(page, start);
}

struct slice html_in_language(const struct page *page, struct slice plain, int language)
{
    ptrdiff_t start = markup_begin(page);
    put_in_language(page, plain, language);
    return markup_end(page, start);
}

struct slice html_string(const struct page *page, enum string_id id)
{
    return page->theme->html[page->text][id];
}

struct slice html_pattern(const struct page *page, enum string_id id, struct slice a,
                          struct slice b)
{
    ptrdiff_t start = markup_begin(page);
    put_pattern(page, id, a, b);
    return markup_end(page, start);
}

struct slice html_link(const struct page *page, struct slice address, struct slice html)
{
    ptrdiff_t start = markup_begin(page);
    put_link(page, address, html);
    return markup_end(page, start);
}

struct slice html_word(const struct page *page, const struct record *record, enum field_id field)
{
    int actual = page->text;
    struct slice word = record_word(record, field, page->text, &actual);
    return html_in_language(page, word, actual);
}

struct slice html_paragraphs(const struct page *page, const struct record *record,
                             enum field_id field)
{
    int actual = page->text;
    struct slice word = record_word(record, field, page->text, &actual);
    ptrdiff_t start = markup_begin(page);
    put_paragraphs(page, word, actual);
    return markup_end(page, start);
}

struct slice html_label(const struct page *page, enum field_id field)
{
    return page->theme->labels[page->text][field];
}
