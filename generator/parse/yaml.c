/* YAML by libyaml's events, with the byte range of every node. */
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "node.h"
#include "yaml_error.h"

struct reader {
    yaml_parser_t parser;
    struct source *source;
    struct slice text; /* of the source */
    ptrdiff_t start, end;
    struct arena *arena;
    struct diag *diag;
    ptrdiff_t nodes;
    /* libyaml counts characters; this is the place where the count was last turned into bytes.
     * Marks come nearly in order, so the cursor moves over the text about once. */
    size_t cursor_index;
    ptrdiff_t cursor_at;
};

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* The byte offset in the source's text of libyaml's character number `index`. */
static ptrdiff_t offset_of(struct reader *reader, size_t index)
{
    const char *text = reader->text.data;
    ptrdiff_t at = reader->cursor_at;
    size_t seen = reader->cursor_index;
    while (seen < index && at < reader->end) {
        at++;
        while (at < reader->end && is_continuation(text[at])) {
            at++;
        }
        seen++;
    }
    while (seen > index && at > reader->start) {
        at--;
        while (at > reader->start && is_continuation(text[at])) {
            at--;
        }
        seen--;
    }
    reader->cursor_at = at;
    reader->cursor_index = seen;
    return at;
}

/* ---- Kinds of scalars (YAML 1.2.2, 10.3.2: core schema) ---- */

static ptrdiff_t skip_digits(struct slice s, ptrdiff_t at)
{
    while (at < s.length && s.data[at] >= '0' && s.data[at] <= '9') {
        at++;
    }
    return at;
}

static bool is_hexadecimal(struct slice s)
{
    for (ptrdiff_t i = 2; i < s.length; i++) {
        char c = s.data[i];
        bool is_digit = c >= '0' && c <= '9';
        bool is_octal_digit = c >= '0' && c <= '7';
        bool is_letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (s.data[1] == 'o' ? !is_octal_digit : !is_digit && !is_letter) {
            return false;
        }
    }
    return s.length > 2;
}

static bool is_one_of(struct slice s, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (slice_equal(s, slice_of(*words))) {
            return true;
        }
    }
    return false;
}

/* Numbers and what begins like one; anything else is text. */
static enum scalar_kind number_kind(struct slice s)
{
    static const char *const SPECIAL[] = {".inf", ".Inf", ".INF", NULL};
    static const char *const NOT_A_NUMBER[] = {".nan", ".NaN", ".NAN", NULL};
    if (s.data[0] == '0' && s.length > 1 && (s.data[1] == 'x' || s.data[1] == 'o')) {
        return is_hexadecimal(s) ? SCALAR_INTEGER : SCALAR_TEXT;
    }
    ptrdiff_t sign = s.data[0] == '-' || s.data[0] == '+' ? 1 : 0;
    if (is_one_of(slice_from(s, sign), SPECIAL) || is_one_of(s, NOT_A_NUMBER)) {
        return SCALAR_NUMBER;
    }
    ptrdiff_t whole = skip_digits(s, sign);
    ptrdiff_t at = whole;
    if (at == s.length) {
        return whole > sign ? SCALAR_INTEGER : SCALAR_TEXT;
    }
    ptrdiff_t digits = whole - sign;
    if (s.data[at] == '.') {
        ptrdiff_t fraction = skip_digits(s, at + 1);
        digits += fraction - at - 1;
        at = fraction;
    }
    if (digits == 0) {
        return SCALAR_TEXT;
    }
    if (at < s.length && (s.data[at] == 'e' || s.data[at] == 'E')) {
        at++;
        at += at < s.length && (s.data[at] == '-' || s.data[at] == '+') ? 1 : 0;
        ptrdiff_t exponent = skip_digits(s, at);
        if (exponent == at) {
            return SCALAR_TEXT;
        }
        at = exponent;
    }
    return at == s.length ? SCALAR_NUMBER : SCALAR_TEXT;
}

static enum scalar_kind plain_kind(struct slice s)
{
    static const char *const NULLS[] = {"~", "null", "Null", "NULL", NULL};
    static const char *const BOOLEANS[] = {"true", "True", "TRUE", "false", "False", "FALSE", NULL};
    if (s.length == 0) {
        return SCALAR_NULL;
    }
    switch (s.data[0]) {
    case '~':
    case 'n':
    case 'N':
        return is_one_of(s, NULLS) ? SCALAR_NULL : SCALAR_TEXT;
    case 't':
    case 'T':
    case 'f':
    case 'F':
        return is_one_of(s, BOOLEANS) ? SCALAR_BOOLEAN : SCALAR_TEXT;
    case '+':
    case '-':
    case '.':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return number_kind(s);
    default:
        return SCALAR_TEXT;
    }
}

/* ---- Findings ---- */

static void report_failure(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        memory_exhausted(0);
    }
    struct yaml_failure failure = {.context = parser->context,
                                   .problem = parser->problem != NULL ? parser->problem : "",
                                   .context_at = -1,
                                   .start = reader->start,
                                   .end = reader->end};
    if (parser->error == YAML_READER_ERROR) {
        /* Counted in bytes, from the start of the range. */
        failure.problem_at = reader->start + (ptrdiff_t)parser->problem_offset;
        failure.context = NULL;
    } else {
        failure.problem_at = offset_of(reader, parser->problem_mark.index);
        if (parser->context != NULL) {
            failure.context_at = offset_of(reader, parser->context_mark.index);
        }
    }
    if (failure.problem_at > reader->end) {
        failure.problem_at = reader->end;
    }
    yaml_report(reader->source, &failure, reader->diag);
}

static void report_limit(struct reader *reader, struct span span)
{
    char depth[16];
    char most[16];
    int depth_length = snprintf(depth, sizeof(depth), "%d", NODE_DEPTH);
    int most_length = snprintf(most, sizeof(most), "%d", NODE_LIMIT);
    DIAG(reader->diag, CODE_yaml_limit, span, slice_make(depth, depth_length),
         slice_make(most, most_length));
}

/* Anchors and tags say nothing that a field needs; what they stand at is read all the same. */
static void refuse_decoration(struct reader *reader, const yaml_event_t *event,
                              const yaml_char_t *anchor, const yaml_char_t *tag)
{
    struct slice text = reader->text;
    ptrdiff_t start = offset_of(reader, event->start_mark.index);
    ptrdiff_t end = start;
    while (end < reader->end && (unsigned char)text.data[end] > ' ') {
        end++;
    }
    struct span span = span_make(reader->source, start, end);
    if (anchor != NULL) {
        DIAG(reader->diag, CODE_yaml_anchor, span, quotable(slice_sub(text, start, end)));
    }
    if (tag != NULL) {
        /* As it is written; `!!str` comes as tag:yaml.org,2002:str. */
        bool is_first = text.data[start] == '!';
        struct slice written = is_first ? slice_sub(text, start, end) : slice_of((const char *)tag);
        DIAG(reader->diag, CODE_yaml_tag, span, quotable(written));
    }
}

/* ---- Events to nodes ---- */

static bool next_event(struct reader *reader, yaml_event_t *event)
{
    if (yaml_parser_parse(&reader->parser, event) == 0) {
        report_failure(reader);
        return false;
    }
    return true;
}

static struct span span_of_event(struct reader *reader, const yaml_event_t *event)
{
    ptrdiff_t start = offset_of(reader, event->start_mark.index);
    ptrdiff_t end = offset_of(reader, event->end_mark.index);
    /* A block scalar's mark stands behind its last line breaks. */
    while (end > start &&
           (reader->text.data[end - 1] == '\n' || reader->text.data[end - 1] == '\r' ||
            reader->text.data[end - 1] == ' ')) {
        end--;
    }
    return span_make(reader->source, start, end);
}

static struct node *new_node(struct reader *reader, enum node_kind kind, struct span span)
{
    if (++reader->nodes > NODE_LIMIT) {
        report_limit(reader, span);
        return NULL;
    }
    struct node *node = ARENA_NEW(reader->arena, struct node);
    node->kind = kind;
    node->span = span;
    return node;
}

static struct slice copy_scalar(struct reader *reader, const yaml_event_t *event)
{
    return arena_copy(reader->arena, slice_make((const char *)event->data.scalar.value,
                                                (ptrdiff_t)event->data.scalar.length));
}

static struct node *read_scalar(struct reader *reader, const yaml_event_t *event)
{
    struct node *node = new_node(reader, NODE_SCALAR, span_of_event(reader, event));
    if (node == NULL) {
        return NULL;
    }
    if (event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL) {
        refuse_decoration(reader, event, event->data.scalar.anchor, event->data.scalar.tag);
    }
    node->text = copy_scalar(reader, event);
    node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->scalar = node->is_plain ? plain_kind(node->text) : SCALAR_TEXT;
    return node;
}

static struct node *read_alias(struct reader *reader, const yaml_event_t *event)
{
    struct span span = span_of_event(reader, event);
    DIAG(reader->diag, CODE_yaml_anchor, span,
         quotable(slice_sub(reader->text, span.start, span.end)));
    struct node *node = new_node(reader, NODE_SCALAR, span);
    if (node != NULL) {
        node->scalar = SCALAR_NULL;
        node->is_plain = true;
    }
    return node;
}

static struct node *read_node(struct reader *reader, yaml_event_t *event, int depth);

/* The children up to `node`'s end event. A flow collection ends with its bracket, a block one with
 * its last child. */
static bool close_collection(struct reader *reader, struct node *node, const yaml_event_t *event,
                             struct span last)
{
    ptrdiff_t end = offset_of(reader, event->end_mark.index);
    bool is_flow = event->end_mark.index > event->start_mark.index;
    if (!is_flow) {
        end = last.source != NULL ? last.end : node->span.start;
    }
    node->span.end = (int32_t)end;
    return true;
}

static bool read_sequence(struct reader *reader, struct node *node, int depth)
{
    struct node *last = NULL;
    struct span last_span = {NULL, 0, 0};
    yaml_event_t event;
    while (next_event(reader, &event)) {
        if (event.type == YAML_SEQUENCE_END_EVENT) {
            bool is_closed = close_collection(reader, node, &event, last_span);
            yaml_event_delete(&event);
            return is_closed;
        }
        struct node *child = read_node(reader, &event, depth + 1);
        if (child == NULL) {
            return false;
        }
        last_span = child->span;
        node_append(node, &last, child);
    }
    return false;
}

/* The key of a member, or an unnamed node when it is no usable key (a finding was made). NULL when
 * reading must stop. */
static struct node *read_key(struct reader *reader, yaml_event_t *event, int depth)
{
    bool is_scalar = event->type == YAML_SCALAR_EVENT;
    struct node *key = read_node(reader, event, depth + 1);
    if (key == NULL) {
        return NULL;
    }
    bool is_empty = is_scalar && key->text.length == 0 && key->is_plain;
    if (!is_scalar || is_empty) {
        DIAG(reader->diag, CODE_yaml_key, key->span, {NULL, 0});
        key->key = (struct slice){NULL, 0};
        return key;
    }
    int32_t first = -1;
    if (key->text.length > 0) {
        ptrdiff_t at = 0;
        first = utf8_next(key->text, &at);
    }
    if (key->is_plain && wide_twin(first) == ' ') {
        ptrdiff_t start = key->span.start;
        DIAG(reader->diag, CODE_yaml_wide_space,
             span_make(reader->source, start, start + (first == 0x3000 ? 3 : 2)), {NULL, 0});
        /* Whatever is meant by the rest of it: one mistake, one finding. */
        key->text = slice_trim_wide(key->text);
    }
    key->key = key->text.data != NULL ? key->text : SLICE("");
    return key;
}

static bool read_mapping(struct reader *reader, struct node *node, int depth)
{
    struct node *last = NULL;
    struct span last_span = {NULL, 0, 0};
    struct key_set keys = {.count = 0};
    yaml_event_t event;
    while (next_event(reader, &event)) {
        if (event.type == YAML_MAPPING_END_EVENT) {
            bool is_closed = close_collection(reader, node, &event, last_span);
            yaml_event_delete(&event);
            return is_closed;
        }
        struct node *key = read_key(reader, &event, depth);
        if (key == NULL || !next_event(reader, &event)) {
            return false;
        }
        struct node *child = read_node(reader, &event, depth + 1);
        if (child == NULL) {
            return false;
        }
        last_span = child->span;
        if (key->key.data == NULL) {
            continue;
        }
        child->key = key->key;
        child->key_span = key->span;
        const struct node *first = key_set_add(&keys, reader->arena, child);
        if (first != NULL) {
            diag_add(reader->diag, &(struct report){.code = CODE_yaml_duplicate_key,
                                                    .span = key->span,
                                                    .arguments = {quotable(key->key)},
                                                    .note_count = 1,
                                                    .notes = {{.code = CODE_see_first_key,
                                                               .span = first->key_span}}});
            continue;
        }
        node_append(node, &last, child);
    }
    return false;
}

static struct node *read_collection(struct reader *reader, yaml_event_t *event, int depth)
{
    bool is_mapping = event->type == YAML_MAPPING_START_EVENT;
    struct span span = span_of_event(reader, event);
    const yaml_char_t *anchor =
        is_mapping ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    const yaml_char_t *tag =
        is_mapping ? event->data.mapping_start.tag : event->data.sequence_start.tag;
    if (anchor != NULL || tag != NULL) {
        refuse_decoration(reader, event, anchor, tag);
    }
    yaml_event_delete(event);
    if (depth > NODE_DEPTH) {
        report_limit(reader, span);
        return NULL;
    }
    struct node *node = new_node(reader, is_mapping ? NODE_MAPPING : NODE_SEQUENCE, span);
    if (node == NULL) {
        return NULL;
    }
    bool is_whole =
        is_mapping ? read_mapping(reader, node, depth) : read_sequence(reader, node, depth);
    return is_whole ? node : NULL;
}

/* The node that begins with `event`, which is deleted. NULL when reading must stop. */
static struct node *read_node(struct reader *reader, yaml_event_t *event, int depth)
{
    struct node *node = NULL;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        node = read_scalar(reader, event);
        break;
    case YAML_ALIAS_EVENT:
        node = read_alias(reader, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return read_collection(reader, event, depth);
    default:
        yaml_event_delete(event);
        BUG("an event of libyaml where a node begins");
    }
    yaml_event_delete(event);
    return node;
}

/* What stands between the stream's start and end: nothing, one document, or too many. */
static struct node *read_stream(struct reader *reader)
{
    struct node *root = NULL;
    for (int documents = 0;;) {
        yaml_event_t event;
        if (!next_event(reader, &event)) {
            return NULL;
        }
        yaml_event_type_t type = event.type;
        if (type == YAML_DOCUMENT_START_EVENT && ++documents > 1) {
            DIAG(reader->diag, CODE_yaml_documents, span_of_event(reader, &event), {NULL, 0});
        }
        if (type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT ||
            type == YAML_DOCUMENT_END_EVENT || type == YAML_STREAM_END_EVENT) {
            yaml_event_delete(&event);
            if (documents > 1 || type == YAML_STREAM_END_EVENT) {
                break;
            }
            continue;
        }
        root = read_node(reader, &event, 1);
        if (root == NULL) {
            return NULL;
        }
    }
    bool is_empty =
        root == NULL || (root->kind == NODE_SCALAR && root->is_plain && root->text.length == 0);
    if (is_empty) {
        root =
            new_node(reader, NODE_MAPPING, span_make(reader->source, reader->start, reader->start));
    }
    return root;
}

struct node *yaml_parse(struct source *source, ptrdiff_t start, ptrdiff_t end, struct arena *arena,
                        struct diag *diag)
{
    struct slice text = source_text(source);
    struct slice range = slice_sub(text, start, end);
    struct reader reader = {.source = source,
                            .text = text,
                            .start = start,
                            .end = start + range.length,
                            .arena = arena,
                            .diag = diag,
                            .cursor_at = start};
    if (yaml_parser_initialize(&reader.parser) == 0) {
        memory_exhausted(0);
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser,
                                 (const unsigned char *)(range.data != NULL ? range.data : ""),
                                 (size_t)range.length);
    struct node *root = read_stream(&reader);
    yaml_parser_delete(&reader.parser);
    return root;
}
