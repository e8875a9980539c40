/* For tests: findings as one line of text, and what is parsed as an outline. */
#ifndef KYODO_FOUND_H
#define KYODO_FOUND_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "parse.h"

/** "code line:column+length, code …", notes in brackets: `yaml.duplicate_key 2:1+1 (see.first_key
 *  1:1)`. */
static inline struct slice found_text(struct diag *diag, struct buffer *out)
{
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(diag, &count);
    for (ptrdiff_t i = 0; i < count; i++) {
        const struct finding *finding = &findings[i];
        long long length = finding->end.line == finding->position.line
                               ? (long long)(finding->end.column - finding->position.column)
                               : -1;
        buffer_append_format(out, "%s%s %lld:%lld+%lld", i > 0 ? ", " : "",
                             code_info(finding->code)->name, (long long)finding->position.line,
                             (long long)finding->position.column, length);
        for (int note = 0; note < finding->note_count; note++) {
            const struct finding_note *second = &finding->notes[note];
            buffer_append_format(out, " (%s %lld:%lld)", code_info(second->code)->name,
                                 (long long)second->position.line,
                                 (long long)second->position.column);
        }
    }
    return buffer_slice(out);
}

static inline void assert_text(struct slice got, const char *wanted)
{
    if (!slice_equal(got, slice_of(wanted))) {
        fail_msg("got  %.*s\n         want %s", SLICE_ARGUMENTS(got), wanted);
    }
}

/** The tree with kinds and places: `{a: 1 i@3-4, b: [x t@…]}`; letters t, n, b, i, f (number). */
static inline void outline(const struct node *node, bool with_places, struct buffer *out)
{
    if (node == NULL) {
        buffer_append_literal(out, "NULL");
        return;
    }
    if (node->kind == NODE_SCALAR) {
        buffer_append(out, node->text);
        buffer_append_byte(out, '|');
        buffer_append_byte(out, "tnbif"[node->scalar]);
    } else {
        bool is_mapping = node->kind == NODE_MAPPING;
        buffer_append_byte(out, is_mapping ? '{' : '[');
        ptrdiff_t children = 0;
        for (const struct node *child = node->first; child != NULL; child = child->next) {
            if (children++ > 0) {
                buffer_append_byte(out, ' ');
            }
            if (is_mapping) {
                buffer_append(out, child->key);
                if (with_places) {
                    buffer_append_format(out, "@%d-%d", (int)child->key_span.start,
                                         (int)child->key_span.end);
                }
                buffer_append_byte(out, ':');
            }
            outline(child, with_places, out);
        }
        assert_int_equal(children, node->count);
        buffer_append_byte(out, is_mapping ? '}' : ']');
    }
    if (with_places) {
        buffer_append_format(out, "@%d-%d", (int)node->span.start, (int)node->span.end);
    }
}

static inline double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/** Growth must be linear: a megabyte that takes this long under a sanitizer grew in another way. */
#define PATIENCE 10.0

/** `count` times `piece` in malloc'ed memory. */
static inline struct slice repeated(const char *piece, ptrdiff_t count)
{
    struct buffer out;
    buffer_init(&out);
    for (ptrdiff_t i = 0; i < count; i++) {
        buffer_append(&out, slice_of(piece));
    }
    return buffer_slice(&out);
}

#endif
