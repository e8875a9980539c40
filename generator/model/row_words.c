#include "cell_reader.h"

#include <string.h>

/* The words by which people tell rows that are no records, and headings. */

/* Signs that people put into headings for looks. */
static bool is_mark(int32_t c)
{
    static const int32_t marks[] = {'_', '-', '*', '.', ':', 0x30FB /* ・ */, 0x203B /* ※ */};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (c == marks[i]) {
            return true;
        }
    }
    return utf8_is_white_space(c);
}

struct slice label_fold(struct slice label, struct arena *arena)
{
    struct slice folded = utf8_nfkc_casefold(arena, label);
    char *text = arena_allocate(arena, 1, 1, folded.length + 1);
    ptrdiff_t length = 0;
    for (ptrdiff_t at = 0; at < folded.length;) {
        ptrdiff_t start = at;
        if (!is_mark(utf8_next(folded, &at))) {
            memcpy(text + length, folded.data + start, (size_t)(at - start));
            length += at - start;
        }
    }
    return slice_make(text, length);
}

bool text_means_total(struct slice text, struct arena *arena)
{
    static const char *const words[] = {"合計", "総計",  "小計",     "計",      "累計",
                                        "平均", "total", "subtotal", "average", "総数"};
    /* 多摩区計, 歳入合計; not 会計, 設計, 統計, 時計. */
    static const char *const ends[] = {"合計", "総計", "小計", "区計", "市計", "町計", "村計",
                                       "郡計", "県計", "局計", "部計", "課計", "款計", "項計"};
    struct slice folded = label_fold(text, arena);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (slice_equal(folded, slice_of(words[i]))) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (slice_ends_with(folded, slice_of(ends[i]))) {
            return true;
        }
    }
    return false;
}

/* 赤字 alone is mostly a deficit. */
bool text_names_looks(struct slice text)
{
    static const char *const words[] = {
        "網掛け", "網かけ", "網がけ", "あみかけ", "太字",     "下線",     "取り消し線",
        "取消線", "斜体",   "色付き", "色つき",   "着色",     "背景色",   "色の付",
        "色のつ", "色が付", "色がつ", "赤字部分", "赤字の箇", "赤字は変", "赤字は修",
        "赤文字", "青字",   "青文字", "塗りつぶ"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (slice_find(text, slice_of(words[i]), 0) >= 0) {
            return true;
        }
    }
    return false;
}

bool text_begins_note(struct slice text)
{
    static const char *const starts[] = {"※",    "＊",   "*",    "注",     "（注",  "(注",
                                         "備考", "出典", "資料", "（出典", "(出典", "注）"};
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        if (slice_starts_with(text, slice_of(starts[i]))) {
            return true;
        }
    }
    return false;
}
