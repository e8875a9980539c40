/* How far the translations are: counts, what is left to do in each language, and how to do it. */
#include "pages.h"
#include "principles.h"
#include "upkeep.h"

/* More than that nobody reads; all of it is in the data. */
#define TEXTS_MOST 200

static struct slice html_title(const struct page *page, const struct item *item)
{
    static const enum field_id titles[ITEM_KINDS] = {[ITEM_CASE] = FIELD_case_title,
                                                     [ITEM_PAGE] = FIELD_page_title,
                                                     [ITEM_NEWS] = FIELD_news_title,
                                                     [ITEM_MEETING] = FIELD_meeting_title};
    return html_word(page, item->record, titles[item->kind]);
}

/* ---- Counts ---- */

static void add_counts(struct page *page, const struct upkeep *upkeep)
{
    static const enum string_id columns[] = {
        STRING_translations_language, STRING_translations_texts, STRING_translations_translated,
        STRING_translations_current};
    struct slice heading = html_string(page, STRING_translations_counts);
    struct dictionary *block =
        add_block(page->content, NAME_article_BLOCK, SLICE("counts"), heading);
    struct dictionary *table = add_table(block, SLICE("counts-table"), heading, true);
    dictionary_show(table, NAME_table_STACK, true);
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        add_column(table, html_string(page, columns[i]), i > 0);
    }
    for (int language = 1; language < page->site->language_count; language++) {
        const struct upkeep_counts *counts = &upkeep->counts[language];
        struct dictionary *row = dictionary_add(table, NAME_table_ROW);
        add_cell(row, html_in_language(page, page->site->languages[language].name, language), true,
                 false);
        const ptrdiff_t numbers[] = {counts->items, counts->translated, counts->current};
        for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
            struct dictionary *cell = add_labelled_cell(row, text_integer(page, numbers[i]),
                                                        page_string(page, columns[i + 1]));
            dictionary_show(cell, NAME_cell_NUMBER, true);
        }
    }
}

/* ---- What is left to do ---- */

/* The rows [first, *end) are of one text in one language. */
static bool find_text(const struct upkeep *upkeep, ptrdiff_t first, ptrdiff_t *end)
{
    const struct upkeep_row *of = &upkeep->rows[first];
    bool is_behind = false;
    for (*end = first; *end < upkeep->count; ++*end) {
        const struct upkeep_row *row = &upkeep->rows[*end];
        if (row->item != of->item || row->language != of->language) {
            break;
        }
        is_behind = is_behind || row->state != SECTION_CURRENT;
    }
    return is_behind;
}

/* The sections of a text that are in a state, as an enumeration; empty when there are none. */
static struct slice html_sections(const struct page *page, const struct upkeep_row *rows,
                                  ptrdiff_t count, enum section_state state)
{
    ptrdiff_t start = markup_begin(page);
    for (ptrdiff_t i = 0; i < count; i++) {
        if (rows[i].state == state && rows[i].section.length > 0) {
            if (page->buffer->length > start) {
                put_string(page, STRING_list_separator);
            }
            put_section(page, rows[i].item, rows[i].language,
                        &(struct section){.name = rows[i].section,
                                          .original = rows[i].original,
                                          .translation = rows[i].translation,
                                          .state = state});
        }
    }
    return markup_end(page, start);
}

static void add_text(struct page *page, struct dictionary *part, const struct upkeep_row *rows,
                     ptrdiff_t count)
{
    static const struct {
        enum section_state state;
        enum string_id words;
    } lines[] = {
        {SECTION_OUTDATED, STRING_state_outdated},
        {SECTION_MISSING, STRING_state_missing},
        {SECTION_LEFT_OVER, STRING_state_left_over},
        {SECTION_UNMARKED, STRING_state_unmarked},
    };
    const struct item *item = rows->item;
    struct slice since = html_date(page, item->updated);
    ptrdiff_t start = markup_begin(page);
    if (rows->section.length == 0) {
        put_string(page, rows->state == SECTION_UNTRANSLATED ? STRING_state_untranslated
                                                             : STRING_state_all_unmarked);
    }
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct slice list = html_sections(page, rows, count, lines[i].state);
        if (list.length > 0) {
            if (page->buffer->length > start) {
                PUT(page, "<br>");
            }
            put_pattern(page, lines[i].words, list, since);
        }
    }
    struct slice note = markup_end(page, start);
    struct dictionary *entry = dictionary_add(part, NAME_part_ITEM);
    bool is_there = item->versions[rows->language].exists;
    dictionary_set(
        entry, NAME_item_TEXT,
        html_link(page, address_item(page->site, item, is_there ? rows->language : 0, page->arena),
                  html_title(page, item)));
    dictionary_set(entry, NAME_item_NOTE, note);
}

static void add_language(struct page *page, const struct upkeep *upkeep, int language)
{
    const struct language *info = &page->site->languages[language];
    ptrdiff_t left = upkeep->counts[language].items - upkeep->counts[language].current;
    if (left == 0) {
        return;
    }
    struct dictionary *block = add_block(
        page->content, NAME_article_BLOCK, ARENA_JOIN(page->arena, SLICE("to-"), info->tag),
        html_pattern(page, STRING_translations_behind, html_in_language(page, info->name, language),
                     (struct slice){0}));
    struct dictionary *part = add_part(block);
    ptrdiff_t listed = 0;
    ptrdiff_t end;
    for (ptrdiff_t first = 0; first < upkeep->count && listed < TEXTS_MOST; first = end) {
        bool is_behind = find_text(upkeep, first, &end);
        if (is_behind && upkeep->rows[first].language == language) {
            add_text(page, part, &upkeep->rows[first], end - first);
            listed++;
        }
    }
    if (listed < left) {
        dictionary_set(add_part(block), NAME_part_NOTE,
                       html_pattern(page, STRING_translations_first, text_integer(page, listed),
                                    text_integer(page, left)));
    }
}

static void add_texts(struct page *page, const struct upkeep *upkeep)
{
    bool is_current = true;
    for (int language = 1; language < page->site->language_count; language++) {
        const struct upkeep_counts *counts = &upkeep->counts[language];
        is_current = is_current && counts->current == counts->items;
        add_language(page, upkeep, language);
    }
    if (is_current) {
        ptrdiff_t start = markup_begin(page);
        put_paragraphs(page, page_string(page, STRING_translations_all_current), -1);
        dictionary_set(page->content, NAME_article_PROSE, markup_end(page, start));
    }
}

bool make_translations(const struct render *render, const struct artefact *artefact,
                       struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct page page;
    page_begin(&page, render, worker, artefact, TEMPLATE_article, artefact->language);
    page_alternates(&page, page_rest(&page), NULL);
    struct slice title = page_string(&page, STRING_translations);
    page_crumb(&page, html_string(&page, STRING_home),
               address_home(page.site, page.language, page.arena));
    page_crumb(&page, html_text(&page, title), (struct slice){0});
    dictionary_set(page.content, NAME_article_TITLE, html_text(&page, title));
    ptrdiff_t start = markup_begin(&page);
    put_paragraphs(&page, page_string(&page, STRING_translations_lead), -1);
    dictionary_set(page.content, NAME_article_SUMMARY, markup_end(&page, start));
    add_counts(&page, render->upkeep);
    add_texts(&page, render->upkeep);
    struct dictionary *how = add_block(page.content, NAME_article_BLOCK, SLICE("how"),
                                       html_string(&page, STRING_translations_how));
    start = markup_begin(&page);
    put_paragraphs(&page, page_string(&page, STRING_translations_how_text), -1);
    add_prose(how, (struct slice){0}, markup_end(&page, start));
    add_more(&page,
             address_in_language(page.site, page.language, SLICE("data/translations/"), page.arena),
             html_string(&page, STRING_as_data));
    page_end(&page, title, page_string(&page, STRING_translations_lead), out);
    return true;
}
