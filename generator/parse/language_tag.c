#include "parse.h"

bool is_language_tag(struct slice tag)
{
    ptrdiff_t letters = 0;
    while (letters < tag.length && ((tag.data[letters] >= 'a' && tag.data[letters] <= 'z') ||
                                    (tag.data[letters] >= 'A' && tag.data[letters] <= 'Z'))) {
        letters++;
    }
    if (letters < 2 || letters > 3 || tag.length > 35) {
        return false;
    }
    for (ptrdiff_t i = letters; i < tag.length; i++) {
        char c = tag.data[i];
        bool part = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!part && (c != '-' || tag.data[i - 1] == '-' || i == tag.length - 1)) {
            return false;
        }
    }
    return tag.length == letters || tag.data[letters] == '-';
}
