#include "preview_cell.h"

#include "principles.h"
#include "profile_cell.h"

/* ---- Codes that are in no code list ---- */

static const struct {
    const char *column, *code;
    enum string_id words;
} words[] = {
    {"kind", "cases", STRING_cases},
    {"kind", "pages", STRING_pages},
    {"kind", "news", STRING_news},
    {"kind", "meetings", STRING_meetings},
    {"mark", "label", STRING_strength_label},
    {"mark", "body", STRING_strength_body},
    {"mark", "supporting", STRING_strength_supporting},
    {"mark", "excluded", STRING_strength_excluded},
    {"strength", "M", STRING_strength_must},
    {"strength", "S", STRING_strength_should},
    {"strength", "J", STRING_strength_judgement},
    {"state", "stated", STRING_evidence_stated},
    {"state", "not_stated", STRING_not_stated},
    {"state", "not_applicable", STRING_evidence_not_applicable},
    {"state", "contradicted", STRING_evidence_contradicted},
    {"state", "current", STRING_translation_current},
    {"state", "outdated", STRING_translation_outdated},
    {"state", "unmarked", STRING_translation_unmarked},
    {"state", "missing", STRING_translation_missing},
    {"state", "left_over", STRING_translation_left_over},
    {"state", "untranslated", STRING_translation_untranslated},
    {"applies_to", "site", STRING_whole_site},
    {"section", "front_matter", STRING_section_front_matter},
    {"section", "lead", STRING_section_lead},
};

static bool is_named(const struct dataset_column *column, const char *name)
{
    return slice_equal(column->name, slice_of(name));
}

static bool put_words(const struct page *page, const struct dataset_column *column,
                      struct slice value)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (is_named(column, words[i].column) && slice_equal(value, slice_of(words[i].code))) {
            put_string(page, words[i].words);
            return true;
        }
    }
    return false;
}

/* ---- Ids ---- */

static struct slice cell_named(const struct dataset *dataset, const struct slice *cells,
                               const char *name)
{
    for (int c = 0; c < dataset->column_count; c++) {
        if (is_named(&dataset->columns[c], name)) {
            return cells[c];
        }
    }
    return (struct slice){0};
}

static bool put_item(const struct page *page, struct slice folder, struct slice id)
{
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        const struct item *item = slice_equal(folder, item_kind_folder((enum item_kind)kind))
                                      ? site_item(page->site, (enum item_kind)kind, id)
                                      : NULL;
        if (item) {
            put_reference(page, &(struct reference_value){.target = TARGET_ITEM, .item = item});
            return true;
        }
    }
    return false;
}

static bool put_name(const struct page *page, const struct dataset *dataset,
                     const struct dataset_column *column, const struct slice *cells,
                     struct slice value)
{
    if (is_named(column, "case")) {
        return put_item(page, item_kind_folder(ITEM_CASE), value);
    }
    if (is_named(column, "item")) {
        return put_item(page, cell_named(dataset, cells, "kind"), value);
    }
    if (is_named(column, "section")) {
        struct slice state = cell_named(dataset, cells, "state");
        bool is_original = !slice_equal(state, SLICE("left_over"));
        put_in_language(page, cell_named(dataset, cells, "heading"), is_original ? 0 : page->text);
        return true;
    }
    if (is_named(column, "framework")) {
        const struct framework *framework = site_framework(page->site, value);
        if (framework) {
            put_html(page, html_framework_link(page, framework));
        }
        return framework != NULL;
    }
    if (is_named(column, "record") || is_named(column, "applies_to")) {
        const struct codelist *kinds = site_codelist(page->site, SLICE("case-kinds"));
        const struct code_entry *kind = kinds ? codelist_find(kinds, value) : NULL;
        if (kind) {
            put_text(page, code_label(kind, page->text));
        }
        return kind != NULL;
    }
    if (is_named(column, "looks_at") || is_named(column, "fields")) {
        enum field_id field = shape_field_by_key(SHAPE_case, value);
        if (field != FIELD_COUNT) {
            put_html(page, html_label(page, field));
        }
        return field != FIELD_COUNT;
    }
    return false;
}

/* ---- Cells ---- */

void put_preview_cell(const struct page *page, const struct dataset *dataset, int index,
                      const struct slice *cells)
{
    const struct dataset_column *column = &dataset->columns[index];
    struct slice rest = cells[index];
    bool is_first = true;
    do {
        struct slice part =
            column->type == COLUMN_LIST ? slice_cut(&rest, column->delimiter) : cells[index];
        if (!is_first) {
            put_string(page, STRING_list_separator);
        }
        is_first = false;
        if (dataset_is_cases(dataset) ||
            (!put_words(page, column, part) && !put_name(page, dataset, column, cells, part))) {
            put_data_value(page, column, part);
        }
    } while (column->type == COLUMN_LIST && rest.data != NULL);
}

bool preview_is_named_beside(const struct dataset *dataset, int index)
{
    static const char *const endings[] = {"_label", "_title"};
    struct slice name = dataset->columns[index].name;
    for (int c = 0; c < dataset->column_count; c++) {
        struct slice other = dataset->columns[c].name;
        for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
            struct slice ending = slice_of(endings[i]);
            if (other.length >= name.length + ending.length && slice_starts_with(other, name) &&
                slice_starts_with(slice_from(other, name.length), ending)) {
                return true;
            }
        }
    }
    /* The section's cell shows its heading. */
    return slice_equal(name, SLICE("heading")) && !dataset->table && !dataset_is_cases(dataset);
}
