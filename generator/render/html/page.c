/* What every page has around its content. */
#include "page.h"

#include "structured.h"

struct dictionary *page_dictionary(const struct page *page, enum dictionary_id id)
{
    struct dictionary *dictionary = dictionary_new(page->arena, id, NULL);
    if (page->render->options.has_errors) {
        dictionary_allow_gaps(dictionary);
    }
    return dictionary;
}

void page_begin(struct page *page, const struct render *render, struct render_worker *worker,
                const struct artefact *artefact, enum template_id kind, int text)
{
    const struct site *site = render->site;
    *page = (struct page){
        .render = render,
        .site = site,
        .theme = render->theme,
        .arena = &worker->scratch,
        .buffer = &worker->buffer,
        .kept = &worker->kept,
        .shown = &worker->shown,
        .language = artefact->language,
        .text = text,
        .labels = site_interface_language(site, text),
        .kind = kind,
        .has_notice = text != artefact->language,
    };
    /* Folders are what readers see; the file is always index.html. */
    page->address = artefact->address;
    if (slice_ends_with(page->address, SLICE("index.html"))) {
        page->address = slice_sub(page->address, 0, page->address.length - 10);
    }
    buffer_clear(page->buffer);
    enum dictionary_id id = template_dictionary(kind);
    if (kind == TEMPLATE_choice || kind == TEMPLATE_redirect) {
        page->root = page_dictionary(page, id);
        page->content = page->root;
    } else {
        page->root = page_dictionary(page, DICTIONARY_page);
        page->content = dictionary_new(page->arena, id, page->root);
    }
}

void page_shows(const struct page *page, const struct item *item)
{
    int32_t index = (int32_t)item->index;
    if (item->kind == ITEM_CASE) {
        buffer_append(page->shown, slice_make((const char *)&index, (ptrdiff_t)sizeof(index)));
    }
}

struct slice page_root_url(const struct page *page, struct slice address)
{
    struct slice base = page->site->base_url;
    ptrdiff_t host = slice_find(base, SLICE("://"), 0);
    ptrdiff_t path = slice_find_byte(base, '/', host < 0 ? 0 : host + 3);
    return ARENA_JOIN(page->arena, path < 0 ? SLICE("/") : slice_from(base, path), address);
}

struct slice page_url(const struct page *page, struct slice address)
{
    if (page->is_rootless) {
        return page_root_url(page, address);
    }
    return address_relative(page->address, address, page->arena);
}

struct slice page_rest(const struct page *page)
{
    return slice_from(page->address, page->site->languages[page->language].tag.length + 1);
}

bool page_knows(const struct page *page, struct slice address)
{
    return map_find(&page->render->index_by_address, address) != NULL;
}

static struct slice absolute(const struct page *page, struct slice address)
{
    return ARENA_JOIN(page->arena, page->site->base_url, address);
}

static struct slice in_language(const struct page *page, int language, struct slice rest)
{
    return address_in_language(page->site, language, rest, page->arena);
}

/* Texts of the layout are in the reader's language, those of the content in the content's. */
static struct slice layout_string(const struct page *page, enum string_id id)
{
    return page->theme->strings[page->language][id];
}

static struct slice escaped(const struct page *page, struct slice plain)
{
    return html_text(page, plain);
}

static void add_switch(struct page *page, int language, struct slice address)
{
    struct dictionary *link = dictionary_add(page->root, NAME_page_SWITCH);
    dictionary_set(link, NAME_language_link_HREFLANG, page->site->languages[language].tag);
    dictionary_set(link, NAME_language_link_NAME, page->site->languages[language].name);
    dictionary_set(link, NAME_language_link_URL, page_url(page, address));
}

static void add_alternate(struct page *page, int language, struct slice address)
{
    struct dictionary *alternate = dictionary_add(page->root, NAME_page_ALTERNATE);
    dictionary_set(alternate, NAME_alternate_HREFLANG, page->site->languages[language].tag);
    dictionary_set(alternate, NAME_alternate_URL, absolute(page, address));
}

void page_alternates_known(struct page *page, struct slice rest, struct slice otherwise)
{
    const struct site *site = page->site;
    struct slice file = ARENA_JOIN(page->arena, rest, SLICE("index.html"));
    int count = 0;
    bool exists[MODEL_LANGUAGES_MOST];
    for (int language = 0; language < site->language_count; language++) {
        exists[language] = page_knows(page, in_language(page, language, file));
        count += exists[language] ? 1 : 0;
        if (language != page->language) {
            add_switch(page, language,
                       in_language(page, language, exists[language] ? rest : otherwise));
        }
    }
    for (int language = 0; language < site->language_count && count > 1; language++) {
        if (exists[language]) {
            add_alternate(page, language, in_language(page, language, rest));
        }
    }
    page->canonical = absolute(page, in_language(page, page->text, rest));
    dictionary_set(page->root, NAME_page_CANONICAL, page->canonical);
}

void page_alternates(struct page *page, struct slice rest, const struct item *item)
{
    const struct site *site = page->site;
    bool is_real = !page->has_notice;
    for (int language = 0; language < site->language_count; language++) {
        struct slice address = in_language(page, language, rest);
        if (language != page->language) {
            add_switch(page, language, address);
        }
        bool exists = !item || item_language(item, language) == language;
        if (is_real && exists && site->language_count > 1) {
            add_alternate(page, language, address);
        }
    }
    page->canonical = absolute(page, in_language(page, page->text, rest));
    dictionary_set(page->root, NAME_page_CANONICAL, page->canonical);
    if (page->has_notice) {
        struct dictionary *notice = dictionary_add(page->root, NAME_page_NOTICE);
        struct page reader = page_reader(page);
        ptrdiff_t start = markup_begin(page);
        put_pattern(&reader, STRING_fallback,
                    html_in_language(&reader, site->languages[page->text].name, page->text),
                    (struct slice){0});
        PUT(page, " ");
        put_link(page, in_language(page, page->text, rest),
                 escaped(page, layout_string(page, STRING_see_original)));
        dictionary_set(notice, NAME_notice_TEXT, markup_end(page, start));
    }
}

struct page page_reader(const struct page *page)
{
    struct page reader = *page;
    reader.text = page->language;
    reader.labels = site_interface_language(page->site, page->language);
    return reader;
}

void page_crumb(struct page *page, struct slice label, struct slice address)
{
    CHECK(page->crumb_count < CRUMBS_MOST);
    page->crumbs[page->crumb_count++] = (struct page_crumb){.html = label, .address = address};
    struct dictionary *crumb = dictionary_add(page->root, NAME_page_CRUMB);
    dictionary_set(crumb, NAME_link_LABEL, label);
    if (!slice_is_empty(address)) {
        dictionary_set(crumb, NAME_link_URL, page_url(page, address));
    }
}

/* ---- Navigation ---- */

static void add_layout_link(struct page *page, struct dictionary *parent, enum name_id section,
                            struct slice label, struct slice address)
{
    struct dictionary *link = dictionary_add(parent, section);
    dictionary_set(link, NAME_link_LABEL, label);
    dictionary_set(link, NAME_link_URL, page_url(page, address));
    dictionary_show(link, NAME_link_CURRENT, slice_starts_with(page->address, address));
}

static void add_layout_rest(struct page *page, struct dictionary *parent, enum name_id section,
                            enum string_id label, struct slice rest)
{
    add_layout_link(page, parent, section, escaped(page, layout_string(page, label)),
                    in_language(page, page->language, rest));
}

static const struct item *first_page_of(const struct site *site, struct slice section)
{
    for (ptrdiff_t i = 0; i < site->item_counts[ITEM_PAGE]; i++) {
        const struct item *item = &site->items[ITEM_PAGE][i];
        const struct code_entry *code = record_code(item->record, FIELD_page_section);
        if (code && slice_equal(code->code, section)) {
            return item;
        }
    }
    return NULL;
}

static void add_navigation(struct page *page)
{
    const struct site *site = page->site;
    struct dictionary *root = page->root;
    add_layout_rest(page, root, NAME_page_NAV, STRING_cases, SLICE("cases/"));
    static const char *const sections[] = {"about", "window"};
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
        /* The section's name is shorter than the page's title. */
        const struct item *item = first_page_of(site, slice_of(sections[i]));
        if (item) {
            const struct code_entry *code = record_code(item->record, FIELD_page_section);
            add_layout_link(page, root, NAME_page_NAV,
                            escaped(page, code_label(code, page->language)),
                            address_item(site, item, page->language, page->arena));
        }
    }
    if (site->framework_count > 0) {
        add_layout_rest(page, root, NAME_page_NAV, STRING_principles, SLICE("principles/"));
    }
    if (site_table(site, SLICE("indicators"))) {
        add_layout_rest(page, root, NAME_page_NAV, STRING_indicators, SLICE("indicators/"));
    }
    add_layout_rest(page, root, NAME_page_NAV, STRING_data, SLICE("data/"));
}

/* ---- Foot ---- */

static void add_foot_link(struct page *page, struct dictionary *group, struct slice label,
                          struct slice address)
{
    struct dictionary *link = dictionary_add(group, NAME_link_group_LINK);
    dictionary_set(link, NAME_link_LABEL, label);
    dictionary_set(link, NAME_link_URL, page_url(page, address));
}

static void add_foot_rest(struct page *page, struct dictionary *group, enum string_id label,
                          const char *rest)
{
    add_foot_link(page, group, html_string(page, label),
                  in_language(page, page->language, slice_of(rest)));
}

static struct dictionary *add_group(struct page *page, enum string_id heading)
{
    struct dictionary *group = dictionary_add(page->content, NAME_foot_GROUP);
    dictionary_set(group, NAME_link_group_HEADING, html_string(page, heading));
    return group;
}

static void add_groups(struct page *page)
{
    const struct site *site = page->site;
    struct dictionary *group = add_group(page, STRING_foot_read);
    add_foot_rest(page, group, STRING_cases, "cases/");
    add_foot_rest(page, group, STRING_cases_by, "cases/by/");
    if (site->framework_count > 0) {
        add_foot_rest(page, group, STRING_principles, "principles/");
    }
    if (site_table(site, SLICE("indicators"))) {
        add_foot_rest(page, group, STRING_indicators, "indicators/");
    }
    add_foot_rest(page, group, STRING_news, "news/");
    add_foot_rest(page, group, STRING_meetings, "meetings/");
    if (site->item_counts[ITEM_PAGE] > 0) {
        group = add_group(page, STRING_foot_about);
        for (ptrdiff_t i = 0; i < site->item_counts[ITEM_PAGE]; i++) {
            const struct item *item = &site->items[ITEM_PAGE][i];
            add_foot_link(page, group, html_word(page, item->record, FIELD_page_title),
                          address_item(site, item, page->language, page->arena));
        }
    }
    if (page->render->upkeep) {
        add_foot_rest(page, group, STRING_translations, "translations/");
    }
    group = add_group(page, STRING_foot_data);
    add_foot_rest(page, group, STRING_data, "data/");
    for (ptrdiff_t i = 0; i < site->table_count; i++) {
        const struct table *table = &site->tables[i];
        if (html_has_register_page(site, table)) {
            add_foot_link(page, group, html_text(page, table->labels[page->language]),
                          address_table(site, table, page->language, page->arena));
        }
    }
}

static void add_publisher(struct page *page)
{
    const struct record *config = page->site->config;
    struct dictionary *foot = page->content;
    const struct record *publisher = record_group(config, FIELD_site_publisher);
    dictionary_set(foot, NAME_foot_PUBLISHER,
                   record_word(publisher, FIELD_publisher_name, page->text, NULL));
    dictionary_set_some(foot, NAME_foot_PUBLISHER_URL, record_text(publisher, FIELD_publisher_url));
    const struct record *licence = record_group(config, FIELD_site_licence);
    dictionary_set(foot, NAME_foot_LICENCE,
                   record_word(licence, FIELD_licence_name, page->text, NULL));
    dictionary_set(foot, NAME_foot_LICENCE_URL, record_text(licence, FIELD_licence_url));
    dictionary_set_some(foot, NAME_foot_ATTRIBUTION,
                        html_word(page, licence, FIELD_licence_attribution));
    ptrdiff_t start = markup_begin(page);
    put_contact(page, record_group(config, FIELD_site_contact));
    dictionary_set_some(foot, NAME_foot_CONTACT, markup_end(page, start));
}

struct slice page_make_foot(const struct page *like)
{
    struct page page = page_reader(like);
    page.content = page_dictionary(&page, DICTIONARY_foot);
    add_groups(&page);
    add_publisher(&page);
    ptrdiff_t start = markup_begin(&page);
    template_expand(page.theme->templates[TEMPLATE_foot][page.language], page.content, page.buffer);
    return markup_end(&page, start);
}

/* The foot of a page: the same for all pages of a language that stand equally deep, so it is made
 * once. */
static struct slice foot_of(const struct page *page)
{
    ptrdiff_t depth = -1;
    for (ptrdiff_t i = 0; i < page->address.length; i++) {
        depth += page->address.data[i] == '/' ? 1 : 0;
    }
    if (page->is_rootless || depth < 0 || depth >= FOOT_DEPTHS) {
        return page_make_foot(page);
    }
    return page->render->index->feet[page->language][depth];
}

/* What those see who are sent a link to the page (Open Graph, https://ogp.me/). `title` is that of
 * the page without the site's name. */
static void add_share(const struct page *page, struct slice title)
{
    struct dictionary *root = page->root;
    struct slice tag = page->site->languages[page->text].tag;
    if (page->canonical.length == 0) {
        return;
    }
    dictionary_set(root, NAME_page_SHARE_TITLE, title);
    dictionary_show(root, NAME_page_SHARE_ARTICLE, page->is_article);
    /* Its locales have a territory, and it takes pages without one to be in en_US. */
    if (slice_equal(tag, SLICE("ja"))) {
        dictionary_set(root, NAME_page_SHARE_LOCALE, SLICE("ja_JP"));
    }
    if (page->is_article && page->published.precision == DATE_DAY) {
        dictionary_set(root, NAME_page_SHARE_PUBLISHED, date_iso(page->arena, page->published));
    }
    if (page->is_article && page->updated.precision == DATE_DAY) {
        dictionary_set(root, NAME_page_SHARE_MODIFIED, date_iso(page->arena, page->updated));
    }
    if (page->image.length > 0) {
        dictionary_set(root, NAME_page_SHARE_IMAGE, absolute(page, page->image));
    }
}

static struct slice template_class(enum template_id id)
{
    switch (id) {
#define TEMPLATE(name, dictionary, is_content) \
    case TEMPLATE_##name:                      \
        return SLICE(#name);
        TEMPLATES(TEMPLATE)
#undef TEMPLATE
    case TEMPLATE_COUNT:
        break;
    }
    BUG("no such template");
}

void page_end(struct page *page, struct slice title, struct slice description, struct buffer *out)
{
    const struct site *site = page->site;
    struct dictionary *root = page->root;
    dictionary_set(root, NAME_page_LANG, site->languages[page->language].tag);
    if (page->has_notice) {
        dictionary_set(root, NAME_page_TEXT_LANG, site->languages[page->text].tag);
    }
    dictionary_set(root, NAME_page_KIND, template_class(page->kind));
    struct slice site_title = record_word(site->config, FIELD_site_title, page->language, NULL);
    dictionary_set(root, NAME_page_SITE_TITLE, site_title);
    dictionary_set(root, NAME_page_TAGLINE,
                   record_word(site->config, FIELD_site_tagline, page->language, NULL));
    struct page reader = page_reader(page);
    if (page->updated.precision != DATE_NONE) {
        dictionary_set(root, NAME_page_UPDATED, html_date(&reader, page->updated));
    }
    dictionary_set(root, NAME_page_TITLE,
                   slice_equal(title, site_title)
                       ? site_title
                       : pattern_text(&reader, STRING_title_and_site, title, site_title));
    dictionary_set_some(root, NAME_page_DESCRIPTION, description);
    add_share(page, title);
    put_structured_data(page);
    dictionary_set(root, NAME_page_STYLE, page_url(page, page->theme->style));
    if (page->theme->colours.length > 0) {
        dictionary_set(root, NAME_page_COLOURS, page_url(page, page->theme->colours));
    }
    if (page->theme->icon.length > 0) {
        dictionary_set(root, NAME_page_ICON, page_url(page, page->theme->icon));
    }
    if (page->theme->logo.length > 0) {
        dictionary_set(root, NAME_page_LOGO, page_url(page, page->theme->logo));
    }
    dictionary_set(root, NAME_page_HOME,
                   page_url(page, address_home(site, page->language, page->arena)));
    dictionary_set(root, NAME_page_FIND,
                   page_url(page, in_language(page, page->language, SLICE("search/"))));
    dictionary_show(root, NAME_page_HAS_FIND,
                    page->kind != TEMPLATE_home && page->kind != TEMPLATE_search);
    struct slice feed = in_language(page, page->language, SLICE("feed.xml"));
    if (page_knows(page, feed)) {
        dictionary_set(root, NAME_page_FEED, page_url(page, feed));
    }
    if (page->render->options.is_preview) {
        dictionary_show(root, NAME_page_NOINDEX, true);
    }
    dictionary_show(root, NAME_page_UNOFFICIAL, page->unofficial && page->language != 0);
    add_navigation(page);
    dictionary_set(root, NAME_page_FOOT, foot_of(page));
    buffer_clear(page->buffer);
    template_expand(page->theme->templates[page->kind][page->text], page->content, page->buffer);
    dictionary_set(root, NAME_page_CONTENT, buffer_slice(page->buffer));
    template_expand(page->theme->templates[TEMPLATE_layout][page->language], root, out);
    buffer_clear(page->buffer);
}
