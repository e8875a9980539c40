/* Where titles stand in the index of names (model.h, name_place_of). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model.h"

struct name_case {
    const char *language, *title, *reading;
    const char *group, *key;
};

static const struct name_case cases[] = {
    {"ja", "防災マップ", "ぼうさい まっぷ", "kana-ha", "ぼうさいまっぷ"},
    {"ja", "防災マップ", "ボウサイ・マップ", "kana-ha", "ぼうさいまっぷ"},
    {"ja", "防災マップ", "ﾎﾞｳｻｲﾏｯﾌﾟ", "kana-ha", "ぼうさいまっぷ"},
    {"ja", "約63の町会", "やく63の ちょうかい", "kana-ya", "やく63のちょうかい"},
    {"ja", "あおぞら市", "", "kana-a", "あおぞら市"},
    {"ja", "「ん」の話", "", "kana-wa", "んの話"},
    {"ja", "ヴァイオリン", "", "kana-a", "ゔぁいおりん"},
    {"ja", "っぽい話", "", "kana-ta", "っぽい話"},
    {"ja", "ゃ", "", "kana-ya", "ゃ"},
    {"ja", "ろう学校", "", "kana-ra", "ろう学校"},
    {"ja", "わ", "", "kana-wa", "わ"},
    {"ja", "ヶ", "", "kana-ka", "ゖ"},
    {"ja", "NPOの相談", "", "letters", "npoの相談"},
    {"ja", "２０１５年", "", "letters", "2015年"},
    {"ja", "防災マップ", "", "unread", "防災まっぷ"},
    {"ja", "", "", "unread", ""},
    {"en", "A disaster map", "ぼうさいまっぷ", "d", "disastermap"},
    {"en", "The “River” day", "", "r", "riverday"},
    {"en", "Another day", "", "a", "anotherday"},
    {"en", "63 associations", "", "other", "63associations"},
    {"en", "防災マップ", "ぼうさいまっぷ", "other", "防災まっぷ"},
    {"fr", "A la rivière", "", "a", "alarivière"},
    {"zh", "防灾地图", "", "other", "防灾地图"},
};

static void titles_find_their_place(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct name_case *one = &cases[i];
        struct name_place place = name_place_of(slice_of(one->title), slice_of(one->reading),
                                                slice_of(one->language), &arena);
        struct slice group = name_group_code(place.group);
        if (!slice_equal(group, slice_of(one->group)) ||
            !slice_equal(place.key, slice_of(one->key))) {
            fail_msg("%s \"%s\": %.*s \"%.*s\"", one->language, one->title, SLICE_ARGUMENTS(group),
                     SLICE_ARGUMENTS(place.key));
        }
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(titles_find_their_place)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
