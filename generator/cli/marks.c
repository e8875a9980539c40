#include "marks.h"

#include "upkeep.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY "translated"
#define BYTE_ORDER_MARK SLICE("\xEF\xBB\xBF")

/* Front matter as it stands in a file's bytes. */
struct block_file {
    struct source *source;
    struct front_matter front;
    const struct node *root; /* NULL: there is none that can be read without a finding */
};

static void parse_file(struct block_file *file, struct slice text, struct arena *arena)
{
    struct diag *diag = diag_new(1);
    file->source = source_new(SLICE(""), text, NULL, NULL);
    file->front = front_matter_split(file->source, diag);
    file->root = NULL;
    if (file->front.is_closed) {
        file->root =
            yaml_parse(file->source, file->front.yaml_start, file->front.yaml_end, arena, diag);
    }
    if (diag_errors(diag) > 0 || (file->root != NULL && file->root->kind != NODE_MAPPING)) {
        file->root = NULL;
    }
    diag_free(diag);
}

static ptrdiff_t line_start(struct slice text, ptrdiff_t at)
{
    while (at > 0 && text.data[at - 1] != '\n' && text.data[at - 1] != '\r') {
        at--;
    }
    return at;
}

/* The start of the line before the one that starts at `at`. */
static ptrdiff_t previous_line(struct slice text, ptrdiff_t at)
{
    bool is_pair = at >= 2 && text.data[at - 2] == '\r' && text.data[at - 1] == '\n';
    return line_start(text, at - (is_pair ? 2 : 1));
}

/* What stands at the end of the first line, `---`. */
static struct slice line_end(struct slice text)
{
    ptrdiff_t at = 0;
    while (at < text.length && text.data[at] != '\n' && text.data[at] != '\r') {
        at++;
    }
    bool is_pair = slice_starts_with(slice_from(text, at), SLICE("\r\n"));
    return slice_sub(text, at, at + (is_pair ? 2 : 1));
}

/* The lines of the block: [*start, *end) is what a new one replaces. Comments and empty lines
 * before the next field belong to that. */
static void find_block(const struct block_file *file, struct slice text, ptrdiff_t *start,
                       ptrdiff_t *end)
{
    const struct node *block = node_get(file->root, KEY);
    *end = file->front.yaml_end;
    *start = *end;
    if (block == NULL) {
        return;
    }
    *start = line_start(text, block->key_span.start);
    if (block->next != NULL) {
        *end = line_start(text, block->next->key_span.start);
    }
    for (;;) {
        ptrdiff_t before = previous_line(text, *end);
        struct slice line = slice_trim(slice_sub(text, before, *end));
        if (before <= *start || (line.length > 0 && line.data[0] != '#')) {
            return;
        }
        *end = before;
    }
}

static void put_block(const struct map *marks, struct slice indent, struct slice newline,
                      struct buffer *out)
{
    buffer_append(out, indent);
    buffer_append_literal(out, KEY ":");
    buffer_append(out, newline);
    for (ptrdiff_t i = 0; i < marks->length; i++) {
        const struct map_entry *mark = &marks->entries[i];
        buffer_append(out, indent);
        buffer_append_literal(out, "  ");
        buffer_append(out, mark->key);
        buffer_append_format(out, ": \"%016llx\"", (unsigned long long)mark->value.integer);
        buffer_append(out, newline);
    }
}

/* ---- Nothing but the block has changed ---- */

static bool is_same(const struct node *a, const struct node *b)
{
    const struct node *left = a->first;
    const struct node *right = b->first;
    while (left != NULL && right != NULL && slice_equal(left->key, right->key) &&
           is_same(left, right)) {
        left = left->next;
        right = right->next;
    }
    return a->kind == b->kind && a->scalar == b->scalar && slice_equal(a->text, b->text) &&
           left == NULL && right == NULL;
}

static bool says_marks(const struct node *block, const struct map *marks, struct arena *arena)
{
    if (block == NULL || block->count != marks->length) {
        return false;
    }
    for (const struct node *child = block->first; child != NULL; child = child->next) {
        const struct map_entry *mark = map_find(marks, child->key);
        if (mark == NULL ||
            !slice_equal(child->text, section_hash_text((uint64_t)mark->value.integer, arena))) {
            return false;
        }
    }
    return true;
}

static bool only_block_differs(const struct node *before, const struct node *after)
{
    bool was_there = node_get(before, KEY) != NULL;
    if (after->count != before->count + (was_there ? 0 : 1)) {
        return false;
    }
    for (const struct node *child = before->first; child != NULL; child = child->next) {
        const struct node *now = node_get_slice(after, child->key);
        bool is_block = slice_equal(child->key, SLICE(KEY));
        if (!is_block && (now == NULL || !is_same(child, now))) {
            return false;
        }
    }
    return true;
}

bool marks_put(struct slice bytes, const struct map *marks, struct arena *arena, struct buffer *out)
{
    ptrdiff_t begin = slice_starts_with(bytes, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    struct slice text = slice_from(bytes, begin);
    if (utf8_find_invalid(text) >= 0) {
        return false;
    }
    struct block_file before;
    parse_file(&before, text, arena);
    bool is_done = before.root != NULL;
    if (is_done) {
        ptrdiff_t start;
        ptrdiff_t end;
        find_block(&before, text, &start, &end);
        const struct node *first = before.root->first;
        ptrdiff_t column = first != NULL ? line_start(text, first->key_span.start) : 0;
        struct slice indent =
            slice_sub(text, column, first != NULL ? first->key_span.start : column);
        ptrdiff_t out_start = out->length;
        buffer_append(out, slice_sub(bytes, 0, begin + start));
        put_block(marks, indent, line_end(text), out);
        buffer_append(out, slice_from(text, end));
        struct block_file after;
        parse_file(&after, slice_from(buffer_slice(out), out_start + begin), arena);
        is_done = after.root != NULL && only_block_differs(before.root, after.root) &&
                  says_marks(node_get(after.root, KEY), marks, arena);
        source_free(after.source);
    }
    source_free(before.source);
    return is_done;
}
