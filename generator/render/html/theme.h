/*
 * The theme, opened: every template compiled for every language, every text that the program itself
 * uses looked up. Read-only afterwards.
 */
#ifndef KYODO_THEME_H
#define KYODO_THEME_H

#include "model.h"
#include "template.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The templates that a theme must have: file name, dictionary, and whether they fill CONTENT of
 * the layout. */
#define TEMPLATES(TEMPLATE)              \
    TEMPLATE(layout, page, false)        \
    TEMPLATE(foot, foot, false)          \
    TEMPLATE(chart, chart, false)        \
    TEMPLATE(card, card, false)          \
    TEMPLATE(choice, choice, false)      \
    TEMPLATE(redirect, redirect, false)  \
    TEMPLATE(home, home, true)           \
    TEMPLATE(list, list, true)           \
    TEMPLATE(ways, ways, true)           \
    TEMPLATE(case, case, true)           \
    TEMPLATE(article, article, true)     \
    TEMPLATE(register, register, true)   \
    TEMPLATE(catalogue, catalogue, true) \
    TEMPLATE(dataset, dataset, true)     \
    TEMPLATE(search, search, true)       \
    TEMPLATE(missing, missing, true)

enum template_id {
#define TEMPLATE(name, dictionary, is_content) TEMPLATE_##name,
    TEMPLATES(TEMPLATE)
#undef TEMPLATE
        TEMPLATE_COUNT
};

/** Texts of strings/<language>.yaml that the program uses itself; strings.def says what each is
 * for. */
enum string_id {
#define STRING(key, meaning) STRING_##key,
#include "strings.def"
#undef STRING
    STRING_COUNT
};

struct html_theme {
    struct template_text *templates[TEMPLATE_COUNT][MODEL_LANGUAGES_MOST];
    struct slice strings[MODEL_LANGUAGES_MOST][STRING_COUNT];
    struct arena arena; /* of what follows, HTML that nearly every page asks for */
    struct slice html[MODEL_LANGUAGES_MOST][STRING_COUNT];
    struct slice labels[MODEL_LANGUAGES_MOST][FIELD_COUNT]; /* of fields, for such content */
    /* Whether readers of content in the language expect no Han or kana in it, so that such words
     * are marked. */
    bool marks_japanese[MODEL_LANGUAGES_MOST];
    /* Addresses in the output. */
    struct slice style;
    struct slice colours; /* empty: those of the style sheet */
    struct slice icon;    /* may be empty */
    struct slice logo;    /* may be empty */
    struct slice rows;    /* the script of datasets' pages; may be empty */
    struct slice search;  /* the script of the search page; may be empty */
};

/** NULL with findings when the theme can't be used. */
struct html_theme *theme_open(const struct site *site, struct diag *diag);
void theme_close(struct html_theme *theme);
/** The HTML of its texts in a language, once these are there. */
void theme_make_html(struct html_theme *theme, const struct site *site, int language);
enum dictionary_id template_dictionary(enum template_id id);
/** A text as HTML, its Japanese words marked if `marks_japanese` says so. markup.c */
void markup_text(struct buffer *out, struct slice plain, bool marks_japanese);

/** False with findings when places {0} of a text differ between languages. theme_words.c */
bool theme_words_check(const struct site *site, struct diag *diag);
/** Warnings for keys that one language has alone; for a theme in which nothing is missing. */
void theme_words_alone(const struct site *site, struct diag *diag);
/** The word of `language` that no other language has and whose key comes near to `key`, or NULL. */
const struct node *theme_words_meant(const struct site *site, int language, struct slice key);

#ifdef __cplusplus
}
#endif
#endif
