/* Text as full-text search needs it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "bigrams.h"

static void test_bigrams(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *pairs;
    } texts[] = {
        {"", ""},
        {"協働", "協働 "},
        {"市民協働", "市民 民協 協働 "},
        {"市", "市 "},
        {"市、町。", "市 町 "},
        {"多摩区のNPO法人2社", "多摩 摩区 区の NPO 法人 2 社 "},
        {"ＮＰＯ１２", "NPO12 "},
        {"café-bar 3.5", "café bar 3 5 "},
        {"データー々", "デー ータ ター ー々 "},
        {"𠮷野家", "𠮷野 野家 "},
        {"𠮷𠮷", "𠮷𠮷 "},
        {"ｶﾅとカナ", "ｶﾅ ﾅと とカ カナ "},
    };
    struct buffer out = {0};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        buffer_clear(&out);
        bigrams_append(&out, slice_of(texts[i].text));
        if (!slice_equal(buffer_slice(&out), slice_of(texts[i].pairs))) {
            fail_msg("%s: %.*s", texts[i].text, SLICE_ARGUMENTS(buffer_slice(&out)));
        }
    }
    buffer_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bigrams)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
