#include "reading.h"

/* The index of names: the cases of each language by how their titles begin. Japanese ones are
 * ordered by their reading (五十音), which no program can know: where nobody has stated it, and the
 * title does not begin with kana, it is said to be unknown. */

enum { GROUP_KANA, GROUP_LETTERS = 10, GROUP_UNREAD, GROUP_A, GROUP_OTHER = GROUP_A + 26, GROUPS };

struct slice name_group_code(int group)
{
    static const char *const codes[GROUPS] = {
        "kana-a",  "kana-ka", "kana-sa", "kana-ta", "kana-na", "kana-ha", "kana-ma", "kana-ya",
        "kana-ra", "kana-wa", "letters", "unread",  "a",       "b",       "c",       "d",
        "e",       "f",       "g",       "h",       "i",       "j",       "k",       "l",
        "m",       "n",       "o",       "p",       "q",       "r",       "s",       "t",
        "u",       "v",       "w",       "x",       "y",       "z",       "other"};
    CHECK(group >= 0 && group < GROUPS);
    return slice_of(codes[group]);
}

/* ---- Keys ---- */

#define HIRAGANA_FIRST 0x3041
#define HIRAGANA_LAST 0x3096
#define KATAKANA_FIRST 0x30A1
#define KATAKANA_LAST 0x30F6

static bool is_between(int32_t c, int32_t first, int32_t last)
{
    return c >= first && c <= last;
}

/* Whether folding by Unicode's tables would change nothing that the loop below does not. */
static bool is_plain(struct slice text)
{
    for (ptrdiff_t at = 0; at < text.length;) {
        int32_t c = utf8_next(text, &at);
        if (c >= 0x80 && !is_between(c, HIRAGANA_FIRST, HIRAGANA_LAST) &&
            !is_between(c, KATAKANA_FIRST, KATAKANA_LAST)) {
            return false;
        }
    }
    return true;
}

/* Letters, digits and kana alone: small letters, and hiragana for katakana. */
static struct slice key_of(struct slice text, struct arena *arena)
{
    if (!is_plain(text)) {
        text = utf8_nfkc_casefold(arena, text);
    }
    struct buffer key;
    buffer_init(&key);
    for (ptrdiff_t at = 0; at < text.length;) {
        int32_t c = utf8_next(text, &at);
        if (is_between(c, 'A', 'Z')) {
            c += 'a' - 'A';
        } else if (is_between(c, KATAKANA_FIRST, KATAKANA_LAST)) {
            c -= KATAKANA_FIRST - HIRAGANA_FIRST;
        }
        if (utf8_is_letter_or_digit(c)) {
            utf8_append(&key, c);
        }
    }
    struct slice kept = arena_copy(arena, buffer_slice(&key));
    buffer_release(&key);
    return kept;
}

/* Libraries pass over the article at the head of an English title. */
static struct slice without_article(struct slice title)
{
    static const char *const articles[] = {"A ", "An ", "The "};
    for (size_t i = 0; i < sizeof(articles) / sizeof(articles[0]); i++) {
        if (slice_starts_with(title, slice_of(articles[i]))) {
            return slice_from(title, slice_of(articles[i]).length);
        }
    }
    return title;
}

/* The row of the syllabary: あ かが さざ ただ なばぱ …, small letters with the large ones. */
static int row_of(int32_t c)
{
    static const int32_t lasts[] = {0x304A, 0x3054, 0x305E, 0x3069, 0x306E,
                                    0x307D, 0x3082, 0x3088, 0x308D, 0x3093};
    for (int row = 0; row < GROUP_LETTERS; row++) {
        if (c <= lasts[row]) {
            return row;
        }
    }
    return c == 0x3094 ? 0 : 1; /* ゔ with う; small か and け */
}

static int group_of(int32_t c, bool is_japanese)
{
    bool is_letter = is_between(c, 'a', 'z');
    if (is_japanese) {
        bool is_kana = is_between(c, HIRAGANA_FIRST, HIRAGANA_LAST);
        return is_kana                                ? GROUP_KANA + row_of(c)
               : is_letter || is_between(c, '0', '9') ? GROUP_LETTERS
                                                      : GROUP_UNREAD;
    }
    return is_letter ? GROUP_A + (int)(c - 'a') : GROUP_OTHER;
}

struct name_place name_place_of(struct slice title, struct slice reading, struct slice language,
                                struct arena *arena)
{
    bool is_japanese = slice_equal(language, SLICE("ja"));
    struct slice text = title;
    if (is_japanese && reading.length > 0) {
        text = reading;
    } else if (slice_starts_with(language, SLICE("en"))) {
        text = without_article(title);
    }
    struct name_place place = {.key = key_of(text, arena)};
    ptrdiff_t at = 0;
    int32_t first = place.key.length > 0 ? utf8_next(place.key, &at) : 0;
    place.group = group_of(first, is_japanese);
    return place;
}

/* ---- The index ---- */

struct named {
    struct name_place place;
    const struct item *item;
};

static int compare_named(const void *a, const void *b)
{
    const struct named *left = a;
    const struct named *right = b;
    if (left->place.group != right->place.group) {
        return left->place.group - right->place.group;
    }
    int order = slice_compare(left->place.key, right->place.key);
    return order != 0 ? order : left->item->index - right->item->index;
}

/* All languages at once, so that each case is looked at once: what memory has let go is slow to
 * come back. */
static void place_names(const struct site *site, struct named **named, struct arena *scratch)
{
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_CASE]; i++) {
        const struct item *item = &site->items[ITEM_CASE][i];
        site_pass(site, i);
        struct slice reading = record_text(item->record, FIELD_case_reading);
        for (int language = 0; language < site->language_count; language++) {
            struct slice title = record_word(item->record, FIELD_case_title, language, NULL);
            named[language][i] = (struct named){
                name_place_of(title, reading, site->languages[language].tag, scratch), item};
        }
    }
}

static struct facet group_names(struct named *named, ptrdiff_t count, struct arena *arena)
{
    const struct item **cases = ARENA_ARRAY(arena, const struct item *, count + 1);
    qsort(named, (size_t)count, sizeof(*named), compare_named);
    VECTOR(struct facet_entry) entries = {0};
    struct facet_entry *entry = NULL;
    for (ptrdiff_t i = 0; i < count; i++) {
        cases[i] = named[i].item;
        if (entry == NULL || named[i].place.group != named[i - 1].place.group) {
            entry = VECTOR_PUSH(arena, &entries);
            entry->code = name_group_code(named[i].place.group);
            entry->cases = &cases[i];
        }
        entry->count++;
    }
    return (struct facet){.id = FACET_name, .entries = entries.data, .count = entries.length};
}

void names_build(struct site *site, struct arena *arena)
{
    struct arena scratch;
    arena_init(&scratch, ARENA_DEFAULT_LIMIT);
    ptrdiff_t count = site->item_counts[ITEM_CASE];
    struct named *named[MODEL_LANGUAGES_MOST];
    for (int language = 0; language < site->language_count; language++) {
        named[language] = ARENA_ARRAY(&scratch, struct named, count + 1);
    }
    place_names(site, named, &scratch);
    for (int language = 0; language < site->language_count; language++) {
        site->names[language] = group_names(named[language], count, arena);
    }
    arena_release(&scratch);
}
