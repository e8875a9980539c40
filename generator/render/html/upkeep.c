/* What readers are told where a translation is behind its original: once above the text, and at
 * each section that it is true of. */
#include "upkeep.h"

#include "page.h"

void put_section(const struct page *page, const struct item *item, int language,
                 const struct section *section)
{
    /* What is missing is shown where it can be read. */
    int there = section->state == SECTION_MISSING ? 0 : language;
    const struct heading *heading = there == 0 ? section->original : section->translation;
    struct slice address = address_item(page->site, item, there, page->arena);
    bool is_here = slice_equal(address, page->address);
    if (heading || !is_here) {
        PUT(page, "<a href=\"");
        escape_html_attribute(page->buffer, is_here ? SLICE("") : page_url(page, address));
        PUT(page, "#");
        escape_html_attribute(page->buffer, heading ? heading->id : SLICE("main"));
        PUT(page, "\">");
    }
    if (!heading) {
        put_string(page, slice_equal(section->name, SECTION_LEAD) ? STRING_section_lead
                                                                  : STRING_section_front_matter);
    } else if (page->text == 0 && section->original) {
        put_in_language(page, section->original->text, 0);
    } else {
        put_in_language(page, heading->text, there);
    }
    if (heading || !is_here) {
        PUT(page, "</a>");
    }
}

/* The sections in a state, as an enumeration; empty when there are none. */
static struct slice html_sections(const struct page *page, const struct item *item,
                                  struct section_list sections, enum section_state state)
{
    ptrdiff_t start = markup_begin(page);
    for (ptrdiff_t i = 0; i < sections.count; i++) {
        if (sections.items[i].state != state) {
            continue;
        }
        if (page->buffer->length > start) {
            put_string(page, STRING_list_separator);
        }
        put_section(page, item, page->language, &sections.items[i]);
    }
    return markup_end(page, start);
}

static void add_notice(struct page *page, const struct item *item, struct section_list sections)
{
    static const struct {
        enum section_state state;
        enum string_id words;
    } lines[] = {
        {SECTION_OUTDATED, STRING_upkeep_outdated},
        {SECTION_MISSING, STRING_upkeep_missing},
        {SECTION_LEFT_OVER, STRING_upkeep_left_over},
    };
    struct slice since = html_date(page, item->updated);
    ptrdiff_t start = markup_begin(page);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct slice list = html_sections(page, item, sections, lines[i].state);
        if (list.length > 0) {
            put_pattern(page, lines[i].words, list, since);
            PUT(page, "<br>\n");
        }
    }
    if (page->buffer->length > start) {
        put_link(page, address_item(page->site, item, 0, page->arena),
                 html_string(page, STRING_see_original));
        dictionary_set(dictionary_add(page->root, NAME_page_NOTICE), NAME_notice_TEXT,
                       markup_end(page, start));
    }
}

static int compare_notes(const void *a, const void *b)
{
    const struct section_note *left = a;
    const struct section_note *right = b;
    return left->at < right->at ? -1 : left->at > right->at ? 1 : 0;
}

void page_keep_up(struct page *page, const struct item *item)
{
    struct section_list sections = item_sections(item, page->text, page->arena);
    if (page->has_notice || sections.count == 0) {
        return;
    }
    add_notice(page, item, sections);
    struct section_note *notes = ARENA_ARRAY(page->arena, struct section_note, sections.count);
    for (ptrdiff_t i = 0; i < sections.count; i++) {
        const struct section *section = &sections.items[i];
        bool is_behind = section->state == SECTION_OUTDATED || section->state == SECTION_LEFT_OVER;
        if (is_behind && section->translation) {
            notes[page->note_count++] =
                (struct section_note){section->translation->html_content_start, section->state};
        }
    }
    if (page->note_count > 1) {
        qsort(notes, (size_t)page->note_count, sizeof(*notes), compare_notes);
    }
    page->notes = notes;
    page->since = item->updated;
}

void put_section_note(const struct page *page, const struct section_note *note)
{
    PUT(page, "<p class=\"note\">");
    if (note->state == SECTION_OUTDATED) {
        put_pattern(page, STRING_section_outdated, html_date(page, page->since), (struct slice){0});
    } else {
        put_string(page, STRING_section_left_over);
    }
    PUT(page, "</p>\n");
}
