#include "visible.h"

#define TAB_COLUMNS 4

static bool is_shown_as_escape(int32_t code_point)
{
    return code_point == '\n' || utf8_is_unsafe_on_terminal(code_point);
}

void visible_append(struct buffer *out, struct slice s)
{
    for (ptrdiff_t at = 0; at < s.length;) {
        int32_t code_point = utf8_next(s, &at);
        if (code_point == '\t') {
            buffer_append_repeated(out, ' ', TAB_COLUMNS);
        } else if (is_shown_as_escape(code_point)) {
            buffer_append_format(out, "<U+%04X>", (unsigned)code_point);
        } else {
            utf8_append(out, code_point);
        }
    }
}

int visible_width(int32_t code_point)
{
    if (code_point == '\t') {
        return TAB_COLUMNS;
    }
    if (is_shown_as_escape(code_point)) {
        return (int)sizeof("<U+202E>") - 1;
    }
    return utf8_width(code_point);
}

ptrdiff_t visible_slice_width(struct slice s)
{
    ptrdiff_t width = 0;
    for (ptrdiff_t at = 0; at < s.length;) {
        width += visible_width(utf8_next(s, &at));
    }
    return width;
}
