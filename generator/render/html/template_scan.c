/* Cuts a template into markers and the text between them. */
#include "template_scan.h"

static bool is_name(struct slice s)
{
    for (ptrdiff_t i = 0; i < s.length; i++) {
        char c = s.data[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
              c == '_')) {
            return false;
        }
    }
    return s.length > 0;
}

static bool only_space(struct slice text, ptrdiff_t start, ptrdiff_t end)
{
    return slice_is_empty(slice_trim(slice_sub(text, start, end)));
}

/* Whether a marker stands alone on its line. */
static bool stands_alone(struct slice text, ptrdiff_t start, ptrdiff_t end)
{
    ptrdiff_t line = slice_find_last_byte(slice_sub(text, 0, start), '\n') + 1;
    ptrdiff_t next = slice_find_byte(text, '\n', end);
    return only_space(text, line, start) && only_space(text, end, next < 0 ? text.length : next);
}

static struct mark *push(struct marks *marks, struct arena *arena, enum mark_kind kind,
                         ptrdiff_t start, ptrdiff_t end)
{
    struct mark *mark = VECTOR_PUSH(arena, marks);
    mark->kind = kind;
    mark->start = start;
    mark->end = end;
    return mark;
}

/* `inside` is what stands between the braces. */
static bool read_marker(struct mark *mark, struct slice inside)
{
    char first = inside.length > 0 ? inside.data[0] : '\0';
    switch (first) {
    case '!':
        mark->kind = MARK_COMMENT;
        return true;
    case '%':
        mark->kind = MARK_AUTOESCAPE;
        return slice_equal(inside, SLICE("%AUTOESCAPE context=\"HTML\""));
    case '#':
        mark->kind = MARK_OPEN;
        break;
    case '/':
        mark->kind = MARK_CLOSE;
        break;
    case '>':
        mark->kind = MARK_PART;
        break;
    default:
        mark->kind = MARK_VALUE;
        mark->modifier = inside;
        mark->name = slice_cut(&mark->modifier, ':');
        return is_name(mark->name);
    }
    mark->name = slice_from(inside, 1);
    return is_name(mark->name);
}

bool template_scan(struct source *source, struct marks *marks, struct arena *arena,
                   struct diag *diag)
{
    struct slice text = source_text(source);
    bool good = true;
    ptrdiff_t at = 0;
    for (;;) {
        ptrdiff_t start = slice_find(text, SLICE("{{"), at);
        if (start < 0) {
            break;
        }
        ptrdiff_t end = slice_find(text, SLICE("}}"), start);
        ptrdiff_t line_end = slice_find_byte(text, '\n', start);
        bool is_comment = start + 2 < text.length && text.data[start + 2] == '!';
        if (end < 0 || (!is_comment && line_end >= 0 && line_end < end)) {
            DIAG(diag, CODE_template_unclosed,
                 span_make(source, start, line_end < 0 ? text.length : line_end), {0});
            marks->is_cut = true;
            return false;
        }
        end += 2;
        if (start > at) {
            push(marks, arena, MARK_TEXT, at, start);
        }
        struct mark *mark = push(marks, arena, MARK_TEXT, start, end);
        if (!read_marker(mark, slice_sub(text, start + 2, end - 2))) {
            DIAG(diag, CODE_template_syntax, span_make(source, start, end),
                 slice_sub(text, start, end));
            /* An AUTOESCAPE that says something else has been reported by that. */
            mark->kind = mark->kind == MARK_AUTOESCAPE ? MARK_AUTOESCAPE : MARK_COMMENT;
            good = false;
        }
        mark->is_alone = mark->kind != MARK_VALUE && stands_alone(text, start, end);
        at = end;
    }
    if (at < text.length) {
        push(marks, arena, MARK_TEXT, at, text.length);
    }
    return good;
}
