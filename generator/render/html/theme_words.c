/*
 * The theme's words side by side: a key that only one language has is most often misspelt, and a
 * {0} that only one has would print a gap or the sign itself.
 */
#include "theme.h"

static bool has_key(const struct site *site, int language, struct slice key)
{
    return map_get(&site->theme.strings_by_key[language], key) != NULL;
}

/* The places {0} to {9} of a text, a bit each. */
static unsigned places_of(struct slice text)
{
    unsigned places = 0;
    for (ptrdiff_t i = 0; i + 2 < text.length; i++) {
        bool is_place = text.data[i] == '{' && text.data[i + 1] >= '0' && text.data[i + 1] <= '9' &&
                        text.data[i + 2] == '}';
        places |= is_place ? 1U << (text.data[i + 1] - '0') : 0;
    }
    return places;
}

static const struct node *nearest_key(const struct site *site, int language, struct slice key,
                                      int lacking)
{
    const struct node *strings = site->theme.strings[language];
    for (const struct node *one = strings != NULL ? strings->first : NULL; one != NULL;
         one = one->next) {
        if (!has_key(site, lacking, one->key) && slice_distance(one->key, key, 2) <= 2) {
            return one;
        }
    }
    return NULL;
}

const struct node *theme_words_meant(const struct site *site, int language, struct slice key)
{
    for (int other = 0; other < site->language_count; other++) {
        const struct node *meant =
            other != language ? nearest_key(site, language, key, other) : NULL;
        if (meant != NULL) {
            return meant;
        }
    }
    return NULL;
}

/* Months and days are put together in each language's own way. */
static bool is_free(struct slice key)
{
    return slice_starts_with(key, SLICE("date_"));
}

static bool compare_word(const struct site *site, int language, const struct node *word,
                         struct diag *diag)
{
    int other = language == 0 ? 1 : 0;
    const struct node *twin = map_get(&site->theme.strings_by_key[other], word->key);
    if (twin == NULL || word->kind != NODE_SCALAR || twin->kind != NODE_SCALAR ||
        is_free(word->key) || places_of(word->text) == places_of(twin->text)) {
        return true;
    }
    diag_add(diag, &(struct report){.code = CODE_string_places,
                                    .span = word->span,
                                    .arguments = {word->key, site->languages[other].tag},
                                    .note_count = 1,
                                    .notes = {{.code = CODE_see_original, .span = twin->span}}});
    return false;
}

bool theme_words_check(const struct site *site, struct diag *diag)
{
    bool good = true;
    for (int language = 1; language < site->language_count; language++) {
        const struct node *strings = site->theme.strings[language];
        for (const struct node *word = strings != NULL ? strings->first : NULL; word != NULL;
             word = word->next) {
            good = compare_word(site, language, word, diag) && good;
        }
    }
    return good;
}

void theme_words_alone(const struct site *site, struct diag *diag)
{
    for (int language = 0; language < site->language_count && site->language_count > 1;
         language++) {
        int other = language == 0 ? 1 : 0;
        const struct node *strings = site->theme.strings[language];
        for (const struct node *word = strings != NULL ? strings->first : NULL; word != NULL;
             word = word->next) {
            if (!has_key(site, other, word->key)) {
                DIAG(diag, CODE_string_alone, word->key_span, word->key,
                     site->languages[other].tag);
            }
        }
    }
}
