/*
 * Markdown on standard input, HTML on standard output, with the destinations of links put in as
 * cmark writes them. --plain turns our additions off; --findings prints the findings instead of the
 * HTML.
 */
#include "parse.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A destination in an attribute: what RFC 3986 does not allow becomes %XX, `&` and `'` are escaped.
 */
static void append_destination(struct buffer *out, struct slice url)
{
    for (ptrdiff_t i = 0; i < url.length; i++) {
        unsigned char c = (unsigned char)url.data[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (c == '&') {
            buffer_append_literal(out, "&amp;");
        } else if (c == '\'') {
            buffer_append_literal(out, "&#x27;");
        } else if (is_letter || (c != 0 && strchr("-_.+!*(),%#@?=;:/$~", c) != NULL)) {
            buffer_append_byte(out, (char)c);
        } else {
            buffer_append_format(out, "%%%02X", c);
        }
    }
}

static void append_html(struct buffer *out, const struct document *document)
{
    ptrdiff_t from = 0;
    for (ptrdiff_t i = 0; i < document->reference_count; i++) {
        const struct reference *reference = &document->references[i];
        buffer_append(out, slice_sub(document->html, from, reference->html_offset));
        from = reference->html_offset;
        if (reference->kind == REFERENCE_CHART) {
            buffer_append_literal(out, "[chart ");
            buffer_append(out, reference->destination);
            buffer_append_literal(out, "]\n");
        } else if (!reference->is_unsafe) {
            append_destination(out, reference->destination);
        }
    }
    buffer_append(out, slice_from(document->html, from));
}

static bool read_all(struct buffer *text)
{
    for (;;) {
        ssize_t got = read(STDIN_FILENO, buffer_reserve(text, 65536), 65536);
        if (got <= 0) {
            return got == 0;
        }
        text->length += got;
    }
}

int main(int count, char **arguments)
{
    struct markdown_options options = {0};
    bool wants_findings = false;
    for (int i = 1; i < count; i++) {
        options.plain = options.plain || strcmp(arguments[i], "--plain") == 0;
        wants_findings = wants_findings || strcmp(arguments[i], "--findings") == 0;
    }
    struct buffer text;
    struct buffer html;
    buffer_init(&text);
    buffer_init(&html);
    if (!read_all(&text)) {
        perror("standard input");
        return 4;
    }
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    struct diag *diag = diag_new(0);
    struct source *source = source_new(SLICE("stdin.md"), buffer_slice(&text), NULL, NULL);
    const struct document *document = markdown_parse(source, 0, &options, &arena, diag);
    append_html(&html, document);
    /* Every HTML that Markdown gives can be read back for its text: what it meets and does not know
     * ends the program. */
    (void)document_text(document, 0, document->html_length, &arena);
    struct sink out;
    sink_open_descriptor(&out, STDOUT_FILENO);
    if (wants_findings) {
        struct report_options report = {.language = INTERFACE_ENGLISH};
        reporter_by_name(SLICE("text"))(diag, &report, &out);
    } else {
        sink_write(&out, buffer_slice(&html));
    }
    int error = sink_close(&out);
    source_free(source);
    diag_free(diag);
    arena_release(&arena);
    buffer_release(&html);
    buffer_release(&text);
    return error == 0 ? 0 : 4;
}
