/*
 * JSON: jansson decides whether it is JSON, our scanner says where everything stands.
 *
 * jansson's values carry no position. So when it accepts a text, one walk of the scanner over the
 * same text makes the nodes; when it refuses, the same walk finds the place where the text stops
 * being JSON and what a person most likely meant. Tests assert that both agree on what is JSON and
 * on every value.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "node.h"

struct scanner {
    struct source *source;
    struct slice text;
    ptrdiff_t at;
    struct arena *arena;
    struct diag *diag;
    struct buffer unescaped;
    ptrdiff_t nodes;
    bool is_line; /* the text is one line of several */
};

/* ---- Findings ---- */

static ptrdiff_t behind(const struct scanner *scanner, ptrdiff_t at)
{
    if (at < scanner->text.length) {
        utf8_next(scanner->text, &at);
    }
    return at;
}

static struct span span_of(const struct scanner *scanner, ptrdiff_t start, ptrdiff_t end)
{
    return span_make(scanner->source, start, end);
}

static void report_limit(struct scanner *scanner, ptrdiff_t at)
{
    char depth[16];
    char most[16];
    int depth_length = snprintf(depth, sizeof(depth), "%d", NODE_DEPTH);
    int most_length = snprintf(most, sizeof(most), "%d", NODE_LIMIT);
    DIAG(scanner->diag, CODE_json_limit, span_of(scanner, at, behind(scanner, at)),
         slice_make(depth, depth_length), slice_make(most, most_length));
}

/* A finding about [start, end) that quotes it. */
static void report_quoting(struct scanner *scanner, enum code code, ptrdiff_t start, ptrdiff_t end)
{
    DIAG(scanner->diag, code, span_of(scanner, start, end),
         quotable(slice_sub(scanner->text, start, end)));
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || c == '-' || c == '+' || c == '.' || (unsigned char)c >= 0x80;
}

/* The ASCII sign of JSON that an editor may have replaced with the character at `at`, or 0. */
static char sign_meant(const struct scanner *scanner, ptrdiff_t at)
{
    char twin = wide_twin(utf8_next(scanner->text, &at));
    return twin != '\0' && strchr(" \"',:[]{}", twin) != NULL ? twin : '\0';
}

/* One past the word that begins at `at`; `at` itself when there is none. */
static ptrdiff_t word_end(const struct scanner *scanner, ptrdiff_t at)
{
    while (at < scanner->text.length && is_word_byte(scanner->text.data[at]) &&
           sign_meant(scanner, at) == '\0') {
        at = behind(scanner, at);
    }
    return at;
}

/* The same, but at least one character. */
static ptrdiff_t piece_end(const struct scanner *scanner, ptrdiff_t at)
{
    ptrdiff_t end = word_end(scanner, at);
    return end > at ? end : behind(scanner, at);
}

/* What is wrong at a place where no reading is possible whatever was expected: true when it was
 * said. */
static bool report_foreign(struct scanner *scanner)
{
    ptrdiff_t at = scanner->at;
    if (at >= scanner->text.length) {
        return false;
    }
    char here = scanner->text.data[at];
    char next = at + 1 < scanner->text.length ? scanner->text.data[at + 1] : '\0';
    if (here == '#' || (here == '/' && (next == '/' || next == '*'))) {
        DIAG(scanner->diag, CODE_json_comment, span_of(scanner, at, at + (here == '#' ? 1 : 2)),
             {NULL, 0});
        return true;
    }
    ptrdiff_t end = behind(scanner, at);
    char sign = (unsigned char)here >= 0x80 ? sign_meant(scanner, at) : '\0';
    if (sign != '\0') {
        DIAG(scanner->diag, CODE_json_wide, span_of(scanner, at, end),
             slice_sub(scanner->text, at, end), slice_make(&sign, 1));
        return true;
    }
    return false;
}

/* The text, or the line, ends inside what opened at `opened`. */
static void report_open(struct scanner *scanner, ptrdiff_t opened)
{
    bool is_array = scanner->text.data[opened] == '[';
    DIAG(scanner->diag, scanner->is_line ? CODE_json_open_line : CODE_json_bracket,
         span_of(scanner, opened, opened + 1), is_array ? SLICE("[") : SLICE("{"),
         is_array ? SLICE("]") : SLICE("}"));
}

/* ---- Scalars ---- */

static void skip_space(struct scanner *scanner)
{
    while (scanner->at < scanner->text.length) {
        char c = scanner->text.data[scanner->at];
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
            return;
        }
        scanner->at++;
    }
}

/* Four hexadecimal digits at `at`, or -1. */
static int32_t hexadecimal(struct slice text, ptrdiff_t at)
{
    int32_t value = 0;
    if (at + 4 > text.length) {
        return -1;
    }
    for (ptrdiff_t i = at; i < at + 4; i++) {
        char c = text.data[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0) {
            return -1;
        }
        value = value << 4 | digit;
    }
    return value;
}

/* The escape sequence whose backslash stands at scanner->at: appended, and passed over. */
static bool read_escape(struct scanner *scanner)
{
    static const char NAMES[] = "\"\\/bfnrt";
    static const char MEANINGS[] = "\"\\/\b\f\n\r\t";
    struct slice text = scanner->text;
    ptrdiff_t start = scanner->at;
    char name = start + 1 < text.length ? text.data[start + 1] : '\0';
    const char *known = name != '\0' ? strchr(NAMES, name) : NULL;
    if (known != NULL) {
        buffer_append_byte(&scanner->unescaped, MEANINGS[known - NAMES]);
        scanner->at = start + 2;
        return true;
    }
    int32_t value = name == 'u' ? hexadecimal(text, start + 2) : -1;
    ptrdiff_t end = start + 6;
    if (value >= 0xD800 && value <= 0xDBFF) {
        bool is_pair =
            end + 6 <= text.length && text.data[end] == '\\' && text.data[end + 1] == 'u';
        int32_t low = is_pair ? hexadecimal(text, end + 2) : -1;
        end += 6;
        value = low >= 0xDC00 && low <= 0xDFFF ? 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00)
                                               : -1;
    } else if (value >= 0xDC00 && value <= 0xDFFF) {
        value = -1;
    }
    /* A NUL is refused as it is in files. */
    if (value <= 0) {
        ptrdiff_t shown = start + (name == 'u' ? 6 : 2);
        report_quoting(scanner, CODE_json_string, start, shown < text.length ? shown : text.length);
        return false;
    }
    utf8_append(&scanner->unescaped, value);
    scanner->at = end;
    return true;
}

static void report_control(struct scanner *scanner, ptrdiff_t opened, unsigned char byte)
{
    /* As it would have to be written. */
    char shown[16];
    int length = byte == '\n'   ? snprintf(shown, sizeof(shown), "\\n")
                 : byte == '\r' ? snprintf(shown, sizeof(shown), "\\r")
                 : byte == '\t' ? snprintf(shown, sizeof(shown), "\\t")
                                : snprintf(shown, sizeof(shown), "\\u%04X", (unsigned int)byte);
    /* A line break most likely means that the text was not closed: then its beginning is the
     * place. */
    bool is_break = byte == '\n' || byte == '\r';
    ptrdiff_t start = is_break ? opened : scanner->at;
    ptrdiff_t end = is_break ? scanner->at : scanner->at + 1;
    DIAG(scanner->diag, CODE_json_string, span_of(scanner, start, end), slice_make(shown, length));
}

/* The string whose quote stands at scanner->at. */
static bool read_string(struct scanner *scanner, struct slice *value)
{
    struct slice text = scanner->text;
    ptrdiff_t opened = scanner->at;
    scanner->at++;
    buffer_clear(&scanner->unescaped);
    for (;;) {
        ptrdiff_t start = scanner->at;
        while (scanner->at < text.length && (unsigned char)text.data[scanner->at] >= 0x20 &&
               text.data[scanner->at] != '"' && text.data[scanner->at] != '\\') {
            scanner->at++;
        }
        buffer_append(&scanner->unescaped, slice_sub(text, start, scanner->at));
        if (scanner->at >= text.length) {
            report_quoting(scanner, CODE_json_string, opened, opened + 1);
            return false;
        }
        char c = text.data[scanner->at];
        if (c == '"') {
            scanner->at++;
            *value = arena_copy(scanner->arena, buffer_slice(&scanner->unescaped));
            return true;
        }
        if (c != '\\') {
            report_control(scanner, opened, (unsigned char)c);
            return false;
        }
        if (!read_escape(scanner)) {
            return false;
        }
    }
}

static ptrdiff_t skip_digits(struct slice text, ptrdiff_t at)
{
    while (at < text.length && text.data[at] >= '0' && text.data[at] <= '9') {
        at++;
    }
    return at;
}

/* The number that begins at scanner->at, by RFC 8259, 6. */
static bool read_number(struct scanner *scanner, enum scalar_kind *kind)
{
    struct slice text = scanner->text;
    ptrdiff_t start = scanner->at;
    ptrdiff_t at = start + (text.data[start] == '-' ? 1 : 0);
    ptrdiff_t whole = skip_digits(text, at);
    bool is_good = whole > at && (whole == at + 1 || text.data[at] != '0');
    *kind = SCALAR_INTEGER;
    at = whole;
    if (at < text.length && text.data[at] == '.') {
        ptrdiff_t fraction = skip_digits(text, at + 1);
        is_good = is_good && fraction > at + 1;
        *kind = SCALAR_NUMBER;
        at = fraction;
    }
    if (at < text.length && (text.data[at] == 'e' || text.data[at] == 'E')) {
        at++;
        at += at < text.length && (text.data[at] == '+' || text.data[at] == '-') ? 1 : 0;
        ptrdiff_t exponent = skip_digits(text, at);
        is_good = is_good && exponent > at;
        *kind = SCALAR_NUMBER;
        at = exponent;
    }
    ptrdiff_t end = word_end(scanner, at);
    if (!is_good || end != at) {
        report_quoting(scanner, CODE_json_number, start, end);
        return false;
    }
    scanner->at = at;
    return true;
}

/* true, false, null; or a word that is none of them. */
static bool read_word(struct scanner *scanner, enum scalar_kind *kind)
{
    ptrdiff_t start = scanner->at;
    ptrdiff_t end = word_end(scanner, start);
    struct slice word = slice_sub(scanner->text, start, end);
    if (slice_equal(word, SLICE("true")) || slice_equal(word, SLICE("false"))) {
        *kind = SCALAR_BOOLEAN;
    } else if (slice_equal(word, SLICE("null"))) {
        *kind = SCALAR_NULL;
    } else {
        char first = word.data[0];
        bool is_numeric = first == '+' || first == '.' || slice_equal(word, SLICE("NaN")) ||
                          slice_equal(word, SLICE("Infinity"));
        report_quoting(scanner, is_numeric ? CODE_json_number : CODE_json_quote, start, end);
        return false;
    }
    scanner->at = end;
    return true;
}

/* ---- Values ---- */

static struct node *read_value(struct scanner *scanner, int depth);

static struct node *new_node(struct scanner *scanner, enum node_kind kind)
{
    if (++scanner->nodes > NODE_LIMIT) {
        report_limit(scanner, scanner->at);
        return NULL;
    }
    struct node *node = ARENA_NEW(scanner->arena, struct node);
    node->kind = kind;
    node->span = span_of(scanner, scanner->at, scanner->at);
    return node;
}

/* Behind a member or item: true when another follows; `*is_closed` when the collection ends
 * here. */
static bool read_separator(struct scanner *scanner, ptrdiff_t opened, bool *is_closed)
{
    char close = scanner->text.data[opened] == '[' ? ']' : '}';
    char other = close == ']' ? '}' : ']';
    *is_closed = false;
    skip_space(scanner);
    if (scanner->at >= scanner->text.length) {
        report_open(scanner, opened);
        return false;
    }
    char here = scanner->text.data[scanner->at];
    if (here == close) {
        scanner->at++;
        *is_closed = true;
        return false;
    }
    if (here == ',') {
        ptrdiff_t comma = scanner->at++;
        skip_space(scanner);
        if (scanner->at < scanner->text.length && scanner->text.data[scanner->at] == close) {
            DIAG(scanner->diag, CODE_json_comma_extra, span_of(scanner, comma, comma + 1),
                 {NULL, 0});
            return false;
        }
        return true;
    }
    if (report_foreign(scanner)) {
        return false;
    }
    ptrdiff_t end = behind(scanner, scanner->at);
    if (here == other || here == ':') {
        DIAG(scanner->diag, CODE_json_expected, span_of(scanner, scanner->at, end),
             slice_sub(scanner->text, scanner->at, end), slice_make(&close, 1));
    } else {
        DIAG(scanner->diag, CODE_json_comma_missing, span_of(scanner, scanner->at, end), {NULL, 0});
    }
    return false;
}

/* A key and its colon. */
static bool read_key(struct scanner *scanner, struct slice *key, struct span *span)
{
    struct slice text = scanner->text;
    ptrdiff_t start = scanner->at;
    if (text.data[start] != '"') {
        if (report_foreign(scanner)) {
            return false;
        }
        bool is_text = is_word_byte(text.data[start]) || text.data[start] == '\'';
        if (is_text) {
            report_quoting(scanner, CODE_json_quote, start, piece_end(scanner, start));
        } else {
            DIAG(scanner->diag, CODE_json_expected, span_of(scanner, start, behind(scanner, start)),
                 slice_sub(text, start, behind(scanner, start)), SLICE("\""));
        }
        return false;
    }
    if (!read_string(scanner, key)) {
        return false;
    }
    *span = span_of(scanner, start, scanner->at);
    skip_space(scanner);
    if (scanner->at >= text.length) {
        return true; /* as behind the colon: the caller says that there is no more */
    }
    if (text.data[scanner->at] == ':') {
        scanner->at++;
        return true;
    }
    if (report_foreign(scanner)) {
        return false;
    }
    ptrdiff_t end = behind(scanner, scanner->at);
    DIAG(scanner->diag, CODE_json_expected, span_of(scanner, scanner->at, end),
         slice_sub(text, scanner->at, end), SLICE(":"));
    return false;
}

static bool read_members(struct scanner *scanner, struct node *node, ptrdiff_t opened, int depth)
{
    struct node *last = NULL;
    struct key_set keys = {.count = 0};
    bool is_closed = false;
    do {
        skip_space(scanner);
        if (scanner->at >= scanner->text.length) {
            report_open(scanner, opened);
            return false;
        }
        struct slice key;
        struct span span;
        if (!read_key(scanner, &key, &span)) {
            return false;
        }
        skip_space(scanner);
        if (scanner->at >= scanner->text.length) {
            report_open(scanner, opened);
            return false;
        }
        struct node *child = read_value(scanner, depth + 1);
        if (child == NULL) {
            return false;
        }
        child->key = key.data != NULL ? key : SLICE("");
        child->key_span = span;
        const struct node *first = key_set_add(&keys, scanner->arena, child);
        if (first == NULL) {
            node_append(node, &last, child);
        } else {
            diag_add(scanner->diag, &(struct report){.code = CODE_json_duplicate_key,
                                                     .span = span,
                                                     .arguments = {quotable(key)},
                                                     .note_count = 1,
                                                     .notes = {{.code = CODE_see_first_key,
                                                                .span = first->key_span}}});
        }
    } while (read_separator(scanner, opened, &is_closed));
    return is_closed;
}

static bool read_items(struct scanner *scanner, struct node *node, ptrdiff_t opened, int depth)
{
    struct node *last = NULL;
    bool is_closed = false;
    do {
        skip_space(scanner);
        if (scanner->at >= scanner->text.length) {
            report_open(scanner, opened);
            return false;
        }
        struct node *child = read_value(scanner, depth + 1);
        if (child == NULL) {
            return false;
        }
        node_append(node, &last, child);
    } while (read_separator(scanner, opened, &is_closed));
    return is_closed;
}

static struct node *read_collection(struct scanner *scanner, int depth)
{
    ptrdiff_t opened = scanner->at;
    bool is_array = scanner->text.data[opened] == '[';
    if (depth > NODE_DEPTH) {
        report_limit(scanner, opened);
        return NULL;
    }
    struct node *node = new_node(scanner, is_array ? NODE_SEQUENCE : NODE_MAPPING);
    if (node == NULL) {
        return NULL;
    }
    scanner->at++;
    skip_space(scanner);
    if (scanner->at < scanner->text.length &&
        scanner->text.data[scanner->at] == (is_array ? ']' : '}')) {
        scanner->at++;
        return node;
    }
    bool is_whole = is_array ? read_items(scanner, node, opened, depth)
                             : read_members(scanner, node, opened, depth);
    return is_whole ? node : NULL;
}

static struct node *read_scalar(struct scanner *scanner)
{
    struct node *node = new_node(scanner, NODE_SCALAR);
    if (node == NULL) {
        return NULL;
    }
    ptrdiff_t start = scanner->at;
    char here = scanner->text.data[start];
    bool is_number = here == '-' || (here >= '0' && here <= '9');
    if (here == '"') {
        node->scalar = SCALAR_TEXT;
        return read_string(scanner, &node->text) ? node : NULL;
    }
    node->is_plain = true;
    bool is_read =
        is_number ? read_number(scanner, &node->scalar) : read_word(scanner, &node->scalar);
    if (!is_read) {
        return NULL;
    }
    node->text = arena_copy(scanner->arena, slice_sub(scanner->text, start, scanner->at));
    return node;
}

/* The value at scanner->at, behind white space; NULL with a finding when there is none. */
static struct node *read_value(struct scanner *scanner, int depth)
{
    skip_space(scanner);
    struct slice text = scanner->text;
    ptrdiff_t start = scanner->at;
    char here = start < text.length ? text.data[start] : '\0';
    struct node *node = NULL;
    if (here == '[' || here == '{') {
        node = read_collection(scanner, depth);
    } else if (here == '"' || here == '-' || (is_word_byte(here) && (unsigned char)here < 0x80)) {
        node = read_scalar(scanner);
    } else if (!report_foreign(scanner)) {
        bool is_text = here == '\'' || (unsigned char)here >= 0x80;
        report_quoting(scanner, is_text ? CODE_json_quote : CODE_json_value, start,
                       piece_end(scanner, start));
    }
    if (node != NULL) {
        node->span.end = (int32_t)scanner->at;
    }
    return node;
}

static struct node *read_text(struct scanner *scanner)
{
    skip_space(scanner);
    if (scanner->at >= scanner->text.length) {
        DIAG(scanner->diag, CODE_json_empty, span_of(scanner, 0, 0), {NULL, 0});
        return NULL;
    }
    struct node *root = read_value(scanner, 1);
    if (root == NULL) {
        return NULL;
    }
    skip_space(scanner);
    if (scanner->at < scanner->text.length) {
        if (!report_foreign(scanner)) {
            DIAG(scanner->diag, CODE_json_after_end,
                 span_of(scanner, scanner->at, behind(scanner, scanner->at)), {NULL, 0});
        }
        return NULL;
    }
    return root;
}

/* The one value between scanner->at and the end of scanner->text. */
static struct node *read_judged(struct scanner *scanner)
{
    ptrdiff_t start = scanner->at;
    struct slice judged = slice_from(scanner->text, start);
    json_error_t error;
    json_t *value = json_loadb(judged.data != NULL ? judged.data : "", (size_t)judged.length,
                               JSON_DECODE_ANY, &error);
    struct node *root = read_text(scanner);
    if (value == NULL && root != NULL) {
        /* What only jansson refuses: numbers beyond its range. Its position stands behind the
         * token. */
        ptrdiff_t at = start + (error.position > 0 ? error.position - 1 : 0);
        DIAG(scanner->diag, CODE_json_syntax, span_of(scanner, at, at + 1), slice_of(error.text));
        root = NULL;
    }
    json_decref(value);
    return root;
}

struct node *json_parse(struct source *source, struct arena *arena, struct diag *diag)
{
    struct scanner scanner = {
        .source = source, .text = source_text(source), .arena = arena, .diag = diag};
    buffer_init(&scanner.unescaped);
    struct node *root = read_judged(&scanner);
    buffer_release(&scanner.unescaped);
    return root;
}

static bool is_blank(struct slice line)
{
    return slice_trim(line).length == 0;
}

struct node *json_parse_lines(struct source *source, struct arena *arena, struct diag *diag)
{
    struct slice text = source_text(source);
    struct scanner scanner = {.source = source, .arena = arena, .diag = diag, .is_line = true};
    struct node *root = new_node(&scanner, NODE_SEQUENCE);
    struct node *last = NULL;
    bool is_whole = true;
    buffer_init(&scanner.unescaped);
    for (ptrdiff_t start = 0; is_whole && start < text.length;) {
        ptrdiff_t end = slice_find_byte(text, '\n', start);
        end = end < 0 ? text.length : end;
        scanner.text = slice_sub(text, 0, end);
        scanner.at = start;
        if (!is_blank(slice_from(scanner.text, start))) {
            struct node *node = read_judged(&scanner);
            is_whole = node != NULL;
            if (is_whole) {
                node_append(root, &last, node);
            }
        }
        start = end + 1;
    }
    buffer_release(&scanner.unescaped);
    root->span = span_make(source, 0, text.length);
    return is_whole ? root : NULL;
}
