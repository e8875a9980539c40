#include "sound.h"

/* A byte that may begin something unwanted: a control other than tab and line ends, DEL, or the
 * first byte of U+061C, U+200E, U+202A and their like. */
static bool is_suspicious(unsigned char c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F || c == 0xD8 || c == 0xE2;
}

static bool turns_direction(int32_t c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

static void find_unwanted(struct source *source, struct slice text, struct diag *diag)
{
    for (ptrdiff_t at = 0; at < text.length;) {
        if (!is_suspicious((unsigned char)text.data[at])) {
            at++;
            continue;
        }
        ptrdiff_t start = at;
        int32_t c = utf8_next(text, &at);
        bool is_control = c < 0x20 || c == 0x7F;
        if (is_control || turns_direction(c)) {
            char name[16];
            int length = snprintf(name, sizeof(name), "U+%04X", (unsigned)c);
            DIAG(diag, is_control ? CODE_text_control : CODE_text_direction,
                 span_make(source, start, at), slice_make(name, length));
        }
    }
}

/* Whether a line begins with seven times `mark` and a space or its end, as git writes it. */
static bool is_mark(struct slice text, ptrdiff_t at, char mark)
{
    if (at > 0 && text.data[at - 1] != '\n' && text.data[at - 1] != '\r') {
        return false;
    }
    ptrdiff_t end = at;
    while (end < text.length && text.data[end] == mark) {
        end++;
    }
    return end - at == 7 && (end == text.length || text.data[end] == ' ' ||
                             text.data[end] == '\n' || text.data[end] == '\r');
}

/* An opening mark counts when a closing one follows: `<<<<<<<` alone may be somebody's own drawing.
 */
static bool find_conflict(struct source *source, struct slice text, struct diag *diag)
{
    ptrdiff_t at = slice_find(text, SLICE("<<<<<<<"), 0);
    while (at >= 0 && !is_mark(text, at, '<')) {
        at = slice_find(text, SLICE("<<<<<<<"), at + 7);
    }
    ptrdiff_t close = at >= 0 ? slice_find(text, SLICE(">>>>>>>"), at) : -1;
    while (close >= 0 && !is_mark(text, close, '>')) {
        close = slice_find(text, SLICE(">>>>>>>"), close + 7);
    }
    if (close < 0) {
        return false;
    }
    DIAG(diag, CODE_file_conflict, span_make(source, at, at + 7), SLICE("<<<<<<<"));
    return true;
}

bool text_is_sound(struct source *source, const struct survey *survey, struct diag *diag)
{
    struct slice text = source_text(source);
    if (survey->has_angle && find_conflict(source, text, diag)) {
        return false;
    }
    if (survey->has_unwanted) {
        find_unwanted(source, text, diag);
    }
    return true;
}
