/* Which names are read, which are refused, and which would be one on another system. */
#include "names.h"

bool name_is_passed_over(struct slice name)
{
    return name.data[0] == '.' || name.data[0] == '_' || slice_ends_with(name, SLICE("~")) ||
           slice_ends_with(name, SLICE(".swp")) || slice_equal(name, SLICE("node_modules")) ||
           slice_starts_with(name, SLICE("~$")) || /* of an open Office file */
           slice_equal(name, SLICE("Thumbs.db")) || slice_equal(name, SLICE("desktop.ini"));
}

static bool is_plain_name(struct slice name)
{
    for (ptrdiff_t i = 0; i < name.length; i++) {
        unsigned char byte = (unsigned char)name.data[i];
        if (byte < 0x20 || byte >= 0x7F || byte == '\\') {
            return false;
        }
    }
    return true;
}

bool name_is_good(struct slice name)
{
    if (is_plain_name(name)) {
        return true;
    }
    if (utf8_find_invalid(name) >= 0 || !utf8_is_nfc(name)) {
        return false;
    }
    for (ptrdiff_t at = 0; at < name.length;) {
        int32_t c = utf8_next(name, &at);
        if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == '\\' || c == 0x2028 || c == 0x2029 ||
            utf8_is_unsafe_on_terminal(c)) {
            return false;
        }
    }
    return true;
}

struct slice name_printable(struct arena *arena, struct slice name)
{
    struct buffer out;
    buffer_init(&out);
    for (ptrdiff_t at = 0; at < name.length;) {
        ptrdiff_t start = at;
        int32_t c = utf8_next(name, &at);
        bool is_broken = utf8_find_invalid(slice_sub(name, start, at)) >= 0;
        if (!is_broken && c >= 0x20 && (c < 0x7F || c >= 0xA0) && !utf8_is_unsafe_on_terminal(c)) {
            buffer_append(&out, slice_sub(name, start, at));
            continue;
        }
        for (ptrdiff_t i = start; i < at; i++) {
            buffer_append_format(&out, "\\x%02X", (unsigned int)(unsigned char)name.data[i]);
        }
    }
    struct slice copy = arena_copy(arena, buffer_slice(&out));
    buffer_release(&out);
    return copy;
}

struct slice name_folded(struct arena *arena, struct slice name)
{
    for (ptrdiff_t i = 0; i < name.length; i++) {
        unsigned char byte = (unsigned char)name.data[i];
        if (byte >= 0x80 || (byte >= 'A' && byte <= 'Z')) {
            return utf8_nfkc_casefold(arena, name);
        }
    }
    return name;
}
