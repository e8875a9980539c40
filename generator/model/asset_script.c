#include "reading.h"

/* Whether an SVG holds what a browser would run when somebody opens it by itself (SVG 2, 15): tags
 * and attributes in the bytes as they stand, addresses with character references and white space
 * taken out, as browsers read them. */

/* A word at the beginning of a text, whatever its capitals. */
static bool begins(struct slice text, struct slice word)
{
    return slice_equal_ignoring_ascii_case(slice_sub(text, 0, word.length), word);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct slice without_spaces(struct slice text)
{
    ptrdiff_t at = 0;
    while (at < text.length && is_space(text.data[at])) {
        at++;
    }
    return slice_from(text, at);
}

/* `name "http://…"` behind `<!ENTITY`, as drawing programs write namespaces. Any other entity could
 * stand for a tag or for a part of an address. */
static bool is_namespace(struct slice entity)
{
    struct slice rest = without_spaces(entity);
    while (rest.length > 0 && !is_space(rest.data[0])) {
        rest = slice_from(rest, 1);
    }
    rest = without_spaces(rest);
    char quote = rest.length > 0 ? rest.data[0] : '\0';
    ptrdiff_t end = slice_find_byte(rest, quote, 1);
    struct slice value = slice_sub(rest, 1, end > 1 ? end : 1);
    return (quote == '"' || quote == '\'') && begins(value, SLICE("http")) &&
           slice_find_byte(value, '&', 0) < 0 && slice_find_byte(value, '<', 0) < 0;
}

/* What stands behind a `<`; a prefix may go before the name of an element. */
static bool is_refused_tag(struct slice tag)
{
    if (begins(tag, SLICE("!ENTITY"))) {
        return !is_namespace(slice_from(tag, SLICE("!ENTITY").length));
    }
    struct slice name = slice_sub(tag, 0, 64);
    for (ptrdiff_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        if (is_space(c) || c == '/' || c == '>' || c == '<') {
            name.length = i;
        }
    }
    name = slice_from(name, slice_find_last_byte(name, ':') + 1);
    return slice_equal_ignoring_ascii_case(name, SLICE("script")) ||
           slice_equal_ignoring_ascii_case(name, SLICE("foreignObject")) ||
           slice_equal_ignoring_ascii_case(name, SLICE("?xml-stylesheet"));
}

/* `onload = "` and the like behind white space. */
static bool is_event(struct slice attribute)
{
    ptrdiff_t at = 2;
    if (!begins(attribute, SLICE("on"))) {
        return false;
    }
    while (at < attribute.length && ((attribute.data[at] >= 'a' && attribute.data[at] <= 'z') ||
                                     (attribute.data[at] >= 'A' && attribute.data[at] <= 'Z'))) {
        at++;
    }
    struct slice rest = without_spaces(slice_from(attribute, at));
    if (at == 2 || rest.length == 0 || rest.data[0] != '=') {
        return false;
    }
    rest = without_spaces(slice_from(rest, 1));
    return rest.length > 0 && (rest.data[0] == '"' || rest.data[0] == '\'');
}

/* The character of `&#106;` or `&#x6a;` at the beginning of a text, if it is one of ASCII's;
 * `*length` is what it takes up. */
static int reference(struct slice text, ptrdiff_t *length)
{
    bool is_hex = text.length > 2 && (text.data[2] == 'x' || text.data[2] == 'X');
    int value = 0;
    ptrdiff_t at = is_hex ? 3 : 2;
    for (; at < text.length && value < 0x80; at++) {
        char c = text.data[at];
        bool is_letter = is_hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
        if (!is_letter && (c < '0' || c > '9')) {
            break;
        }
        value = value * (is_hex ? 16 : 10) + (is_letter ? (c | 0x20) - 'a' + 10 : c - '0');
    }
    *length = at + (at < text.length && text.data[at] == ';' ? 1 : 0);
    return value < 0x80 ? value : '?';
}

/* Whether an address that runs a program, or the namespace of HTML, stands anywhere. */
static bool has_refused_address(struct slice svg)
{
    struct buffer plain = {0};
    for (ptrdiff_t at = 0; at < svg.length;) {
        ptrdiff_t length = 1;
        int c = begins(slice_sub(svg, at, at + 2), SLICE("&#"))
                    ? reference(slice_from(svg, at), &length)
                    : (unsigned char)svg.data[at];
        if (c > ' ') {
            buffer_append_byte(&plain, (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c));
        }
        at += length;
    }
    struct slice text = buffer_slice(&plain);
    bool is_found = slice_find(text, SLICE("javascript:"), 0) >= 0 ||
                    slice_find(text, SLICE("w3.org/1999/xhtml"), 0) >= 0;
    buffer_release(&plain);
    return is_found;
}

bool svg_runs_code(struct slice svg)
{
    for (ptrdiff_t at = 0; at < svg.length; at++) {
        char c = svg.data[at];
        struct slice rest = slice_from(svg, at + 1);
        bool is_control = (unsigned char)c < ' ' && !is_space(c); /* ends a name in ISO-2022-JP */
        if (is_control || (c == '<' && is_refused_tag(rest)) || (is_space(c) && is_event(rest))) {
            return true;
        }
    }
    return has_refused_address(svg);
}
