#include "checks.h"

/*
 * What nobody has filled in yet: signs that `kyodo init` put where a city's own words go, and texts
 * of the fictional examples that `kyodo new` wrote.
 */

/* The starter's signs (starter/site), and its address, which is no one's. */
static const struct slice marks[] = {{"〔記入〕", 12}, {"[write here]", 12}};
#define EXAMPLE_ADDRESS SLICE("https://www.city.example/")

#define NAMED_MOST 5

/* ---- Signs ---- */

/* The first sign at or behind `from`; -1 when there is none. */
static ptrdiff_t find_mark(struct slice text, ptrdiff_t from, struct slice *mark)
{
    ptrdiff_t found = -1;
    for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
        ptrdiff_t at = slice_find(text, marks[i], from);
        if (at >= 0 && (found < 0 || at < found)) {
            found = at;
            *mark = marks[i];
        }
    }
    return found;
}

static void report_marks(struct source *source, struct diag *diag)
{
    struct slice text = source_text(source);
    struct slice mark;
    for (ptrdiff_t at = 0; (at = find_mark(text, at, &mark)) >= 0; at += mark.length) {
        DIAG(diag, CODE_site_placeholder, span_make(source, at, at + mark.length), mark);
    }
}

void check_site_placeholders(const struct checking *checking)
{
    const struct site *site = checking->site;
    report_marks(site->config_source, checking->diag);
    const struct value *address = record_get(site->config, FIELD_site_base_url);
    if (address != NULL && slice_equal(site->base_url, EXAMPLE_ADDRESS)) {
        DIAG(checking->diag, CODE_site_example_address, address->span, site->base_url);
    }
}

/* Pages alone: the other kinds begin with an example, which has no signs. */
void check_placeholders(const struct checking *checking, const struct item *item)
{
    if (item->kind != ITEM_PAGE || item->is_draft) {
        return;
    }
    const struct value *summary = record_get(item->record, FIELD_page_summary);
    struct slice mark;
    for (int language = 0; language < checking->site->language_count; language++) {
        const struct version *version = &item->versions[language];
        if (version->document == NULL) {
            continue;
        }
        bool has_words = summary != NULL && summary->words != NULL;
        struct slice words = has_words ? summary->words[language].text : SLICE("");
        struct slice body =
            document_html(version->document, 0, version->document->html_length, checking->scratch);
        if (find_mark(words, 0, &mark) >= 0 || find_mark(body, 0, &mark) >= 0) {
            report_marks(version->source, checking->diag);
        }
    }
}

/* ---- Texts of the examples ---- */

/* Of one language's file: where the first such text stands, and the names of their fields. */
struct leftovers {
    const struct checking *checking;
    int language;
    struct span first;
    int count;
    struct slice names;
};

static void note_leftover(struct leftovers *leftovers, struct span span, struct slice name)
{
    if (leftovers->count == 0 || span.start < leftovers->first.start) {
        leftovers->first = span;
    }
    if (leftovers->count < NAMED_MOST) {
        leftovers->names = ARENA_JOIN(leftovers->checking->scratch, leftovers->names,
                                      leftovers->count > 0 ? SLICE(", ") : SLICE(""), name);
    } else if (leftovers->count == NAMED_MOST) {
        leftovers->names = ARENA_JOIN(leftovers->checking->scratch, leftovers->names, SLICE(" …"));
    }
    leftovers->count++;
}

static void look_at_record(struct leftovers *leftovers, const struct record *record)
{
    for (int i = 0; i < record->count; i++) {
        const struct value *value = &record->values[i];
        const struct word *word = value->words != NULL ? &value->words[leftovers->language] : NULL;
        if (word != NULL && word->section == NULL &&
            site_example_has_text(leftovers->checking->site, word->text)) {
            note_leftover(leftovers, word->span, field_info(value->field)->key);
        }
        struct value_list groups = value_groups(value);
        for (ptrdiff_t k = 0; k < groups.count; k++) {
            if (groups.items[k].as.group != NULL) {
                look_at_record(leftovers, groups.items[k].as.group);
            }
        }
    }
}

static void look_at_body(struct leftovers *leftovers, const struct document *document)
{
    for (ptrdiff_t i = 0; i < document->heading_count; i++) {
        const struct heading *heading = &document->headings[i];
        if (site_example_has_section(leftovers->checking->site, heading)) {
            note_leftover(leftovers, heading->span, heading->text);
        }
    }
}

void check_examples(const struct checking *checking, const struct item *item)
{
    bool is_example = item->kind == ITEM_CASE && record_boolean(item->record, FIELD_case_fictional);
    /* Of fields that cannot be read nobody knows whether they say that it is a draft. */
    if (item->is_draft || is_example || item->record->is_broken) {
        return;
    }
    for (int language = 0; language < checking->site->language_count; language++) {
        struct leftovers leftovers = {.checking = checking, .language = language};
        look_at_record(&leftovers, item->record);
        if (item->versions[language].document != NULL) {
            look_at_body(&leftovers, item->versions[language].document);
        }
        if (leftovers.count > 0) {
            DIAG(checking->diag, CODE_item_example_left, leftovers.first, leftovers.names,
                 arena_format(checking->scratch, "%d", leftovers.count));
        }
    }
}
