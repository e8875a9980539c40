/* Bytes of any encoding: what comes out is UTF-8, or nothing with a finding. */
#include "fuzz.h"

#include "load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = slice_make((const char *)data, (ptrdiff_t)size);
    for (int legacy = 0; legacy < 2; legacy++) {
        struct diag *diag = diag_new(100);
        char *text;
        ptrdiff_t length;
        struct decoding decoding;
        if (decode_text(bytes, SLICE("fuzz"), legacy != 0, &text, &length, &decoding, diag)) {
            CHECK(utf8_find_invalid(slice_make(text, length)) < 0);
            free(text);
        } else {
            CHECK(diag_errors(diag) > 0);
        }
        diag_free(diag);
    }
    return 0;
}
