/* Opens the theme: compiles its templates, looks up its texts. */
#include "theme.h"

#include "template_compile.h"

struct template_row {
    struct slice name;
    enum dictionary_id dictionary;
    bool is_content;
};

#define TEXT_OF(literal)                          \
    {                                             \
        (literal), (ptrdiff_t)sizeof(literal) - 1 \
    }

static const struct template_row rows[TEMPLATE_COUNT] = {
#define TEMPLATE(name, dictionary, is_content) \
    {TEXT_OF(#name), DICTIONARY_##dictionary, is_content},
    TEMPLATES(TEMPLATE)
#undef TEMPLATE
};

static const struct slice string_keys[STRING_COUNT] = {
#define STRING(key, meaning) TEXT_OF(#key),
#include "strings.def"
#undef STRING
};

enum dictionary_id template_dictionary(enum template_id id)
{
    return rows[id].dictionary;
}

static bool open_template(struct html_theme *theme, const struct site *site, int id, int language,
                          struct diag *diag)
{
    const struct template_row *row = &rows[id];
    struct buffer text;
    buffer_init(&text);
    bool good = template_compile(site, row->name, language,
                                 row->is_content ? DICTIONARY_page : DICTIONARY_COUNT,
                                 row->dictionary, &text, diag);
    if (good) {
        struct buffer reason;
        buffer_init(&reason);
        theme->templates[id][language] = template_new(buffer_slice(&text), &reason);
        good = theme->templates[id][language] != NULL;
        if (!good && language == 0) {
            DIAG(diag, CODE_template_refused,
                 span_of_file(template_of_theme(site, row->name)->source), row->name,
                 slice_trim(buffer_slice(&reason)));
        }
        buffer_release(&reason);
    }
    buffer_release(&text);
    return good;
}

static bool open_strings(struct html_theme *theme, const struct site *site, int language,
                         struct diag *diag)
{
    bool good = true;
    for (int i = 0; i < STRING_COUNT; i++) {
        theme->strings[language][i] =
            theme_string(site, language, string_keys[i], (struct span){0}, diag);
        good = good && theme->strings[language][i].length > 0;
    }
    return good;
}

static bool expects_japanese(struct slice tag)
{
    return slice_starts_with(tag, SLICE("ja")) || slice_starts_with(tag, SLICE("zh")) ||
           slice_starts_with(tag, SLICE("ko"));
}

void theme_make_html(struct html_theme *theme, const struct site *site, int language)
{
    bool marks = !expects_japanese(site->languages[language].tag);
    enum interface_language labels = site_interface_language(site, language);
    struct buffer html;
    buffer_init(&html);
    for (int i = 0; i < STRING_COUNT; i++) {
        buffer_clear(&html);
        markup_text(&html, theme->strings[language][i], marks);
        theme->html[language][i] = arena_copy(&theme->arena, buffer_slice(&html));
    }
    for (int field = 0; field < FIELD_COUNT; field++) {
        buffer_clear(&html);
        markup_text(&html, field_info((enum field_id)field)->label[labels], marks);
        theme->labels[language][field] = arena_copy(&theme->arena, buffer_slice(&html));
    }
    buffer_release(&html);
    theme->marks_japanese[language] = marks;
}

/* At the place where it should be; one that was refused there has its finding. */
static void report_no_style(const struct site *site, struct diag *diag)
{
    struct buffer path;
    buffer_init(&path);
    buffer_append_format(&path, "themes/%.*s/assets/style.css", SLICE_ARGUMENTS(site->theme.name));
    if (diag_errors_of_file(diag, buffer_slice(&path)) == 0) {
        DIAG_MISSING(diag, CODE_template_no_style, buffer_slice(&path), site->theme.name);
    }
    buffer_release(&path);
}

struct html_theme *theme_open(const struct site *site, struct diag *diag)
{
    if (!site->theme.tree) {
        return NULL; /* the model has said so */
    }
    struct html_theme *theme = calloc(1, sizeof(*theme));
    if (!theme) {
        memory_exhausted((ptrdiff_t)sizeof(*theme));
    }
    arena_init(&theme->arena, ARENA_DEFAULT_LIMIT);
    bool good = theme_words_check(site, diag);
    for (int language = 0; language < site->language_count; language++) {
        for (int id = 0; id < TEMPLATE_COUNT; id++) {
            good = open_template(theme, site, id, language, diag) && good;
        }
        good = open_strings(theme, site, language, diag) && good;
        theme_make_html(theme, site, language);
    }
    for (ptrdiff_t i = 0; i < site->theme.asset_count; i++) {
        if (slice_ends_with(site->theme.assets[i].path, SLICE("/assets/style.css"))) {
            theme->style = site->theme.assets[i].published;
        }
        if (slice_ends_with(site->theme.assets[i].path, SLICE("/assets/colours.css"))) {
            theme->colours = site->theme.assets[i].published;
        }
        if (slice_ends_with(site->theme.assets[i].path, SLICE("/assets/icon.svg"))) {
            theme->icon = site->theme.assets[i].published;
        }
        if (slice_ends_with(site->theme.assets[i].path, SLICE("/assets/logo.svg"))) {
            theme->logo = site->theme.assets[i].published;
        }
        if (slice_ends_with(site->theme.assets[i].path, SLICE("/assets/rows.js"))) {
            theme->rows = site->theme.assets[i].published;
        }
        if (slice_ends_with(site->theme.assets[i].path, SLICE("/assets/search.js"))) {
            theme->search = site->theme.assets[i].published;
        }
    }
    if (slice_is_empty(theme->style)) {
        report_no_style(site, diag);
        good = false;
    }
    if (!good) {
        theme_close(theme);
        return NULL;
    }
    theme_words_alone(site, diag);
    return theme;
}

void theme_close(struct html_theme *theme)
{
    if (!theme) {
        return;
    }
    for (int id = 0; id < TEMPLATE_COUNT; id++) {
        for (int language = 0; language < MODEL_LANGUAGES_MOST; language++) {
            template_free(theme->templates[id][language]);
        }
    }
    arena_release(&theme->arena);
    free(theme);
}
