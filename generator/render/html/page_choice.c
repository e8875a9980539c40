/* Pages beside the site proper: the choice of language, addresses that do not exist, redirects from
 * former ids. */
#include "page.h"
#include "pages.h"

static void add_languages(struct page *page, bool is_missing)
{
    const struct site *site = page->site;
    for (int language = 0; language < site->language_count; language++) {
        struct dictionary *choice = dictionary_add(page->content, NAME_choice_LANGUAGE);
        struct slice home = address_home(site, language, page->arena);
        dictionary_set(choice, NAME_choice_language_HREFLANG, site->languages[language].tag);
        dictionary_set(choice, NAME_choice_language_NAME, site->languages[language].name);
        dictionary_set(choice, NAME_choice_language_URL, page_url(page, home));
        dictionary_set(choice, NAME_choice_language_SITE_TITLE,
                       record_word(site->config, FIELD_site_title, language, NULL));
        dictionary_set(choice, NAME_choice_language_TAGLINE,
                       record_word(site->config, FIELD_site_tagline, language, NULL));
        if (is_missing) {
            dictionary_set(choice, NAME_choice_language_MESSAGE,
                           page->theme->strings[language][STRING_not_found_text]);
        } else {
            struct dictionary *alternate = dictionary_add(page->content, NAME_choice_ALTERNATE);
            dictionary_set(alternate, NAME_alternate_HREFLANG, site->languages[language].tag);
            dictionary_set(alternate, NAME_alternate_URL,
                           ARENA_JOIN(page->arena, site->base_url, home));
        }
    }
}

bool make_choice(const struct render *render, const struct artefact *artefact,
                 struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct page page;
    page_begin(&page, render, worker, artefact, TEMPLATE_choice, 0);
    const struct site *site = page.site;
    bool is_missing = artefact->number == 1;
    page.is_rootless = is_missing; /* a server sends it at any depth */
    dictionary_set(page.content, NAME_choice_LANG, site->languages[0].tag);
    dictionary_set(page.content, NAME_choice_STYLE, page_url(&page, page.theme->style));
    if (page.theme->colours.length > 0) {
        dictionary_set(page.content, NAME_choice_COLOURS, page_url(&page, page.theme->colours));
    }
    if (page.theme->icon.length > 0) {
        dictionary_set(page.content, NAME_choice_ICON, page_url(&page, page.theme->icon));
    }
    struct slice title = record_word(site->config, FIELD_site_title, 0, NULL);
    dictionary_set(page.content, NAME_choice_TITLE,
                   is_missing ? pattern_text(&page, STRING_title_and_site,
                                             page_string(&page, STRING_not_found), title)
                              : title);
    dictionary_show(page.content, NAME_choice_NOINDEX, is_missing || render->options.is_preview);
    if (!is_missing) {
        dictionary_set(page.content, NAME_choice_CANONICAL, site->base_url);
    }
    add_languages(&page, is_missing);
    template_expand(page.theme->templates[TEMPLATE_choice][0], page.content, out);
    return true;
}

bool make_missing(const struct render *render, const struct artefact *artefact,
                  struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct page page;
    page_begin(&page, render, worker, artefact, TEMPLATE_missing, artefact->language);
    const struct site *site = page.site;
    page.is_rootless = true; /* sent in place of a page at any depth */
    for (int language = 0; language < site->language_count; language++) {
        if (language != page.language) {
            struct dictionary *link = dictionary_add(page.root, NAME_page_SWITCH);
            dictionary_set(link, NAME_language_link_HREFLANG, site->languages[language].tag);
            dictionary_set(link, NAME_language_link_NAME, site->languages[language].name);
            dictionary_set(link, NAME_language_link_URL,
                           page_url(&page, address_home(site, language, page.arena)));
        }
    }
    dictionary_show(page.root, NAME_page_NOINDEX, true);
    struct slice cases = address_kind(site, ITEM_CASE, page.language, page.arena);
    struct slice data = address_in_language(site, page.language, SLICE("data/"), page.arena);
    dictionary_set(page.content, NAME_missing_CASES, page_url(&page, cases));
    dictionary_set(page.content, NAME_missing_DATA, page_url(&page, data));
    page_end(&page, page_string(&page, STRING_not_found), (struct slice){0}, out);
    return true;
}

bool make_redirect(const struct render *render, const struct artefact *artefact,
                   struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    static const enum field_id titles[ITEM_KINDS] = {FIELD_case_title, FIELD_page_title,
                                                     FIELD_news_title, FIELD_meeting_title};
    const struct item *item = artefact->subject;
    struct page page;
    page_begin(&page, render, worker, artefact, TEMPLATE_redirect, artefact->language);
    struct slice target = address_item(page.site, item, page.language, page.arena);
    dictionary_set(page.content, NAME_redirect_LANG, page.site->languages[page.language].tag);
    dictionary_set(page.content, NAME_redirect_TITLE,
                   record_word(item->record, titles[item->kind], page.text, NULL));
    dictionary_set(page.content, NAME_redirect_URL, page_url(&page, target));
    dictionary_set(page.content, NAME_redirect_CANONICAL,
                   ARENA_JOIN(page.arena, page.site->base_url, target));
    template_expand(page.theme->templates[TEMPLATE_redirect][page.language], page.content, out);
    return true;
}
