#include "checks.h"
#include "upkeep.h"

/* Language pairs: what has no translation yet. The page shows the original under a notice until
 * then. */

static struct slice version_path(const struct checking *checking, const struct item *item,
                                 int language)
{
    return ARENA_JOIN(checking->scratch, item->folder, SLICE("index."),
                      checking->site->languages[language].tag, SLICE(".md"));
}

static void untranslated(const struct checking *checking, const struct item *item,
                         const struct value *value, int language)
{
    struct slice tag = checking->site->languages[language].tag;
    if (value->words[0].section != NULL) {
        return; /* check_sections looks at sections */
    }
    DIAG(checking->diag, CODE_record_untranslated, value->words[0].span,
         field_info(value->field)->key, tag, version_path(checking, item, language));
}

/* Files that hold every language side by side: what one of them lacks. */
static void check_side_by_side(const struct checking *checking, const struct record *record,
                               struct slice path)
{
    for (int i = 0; i < record->count; i++) {
        const struct value *value = &record->values[i];
        for (int language = 1; value->words != NULL && language < checking->site->language_count;
             language++) {
            if (value->words[0].text.length > 0 && value->words[language].text.length == 0) {
                DIAG(checking->diag, CODE_record_untranslated, value->words[0].span,
                     field_info(value->field)->key, checking->site->languages[language].tag, path);
            }
        }
        struct value_list groups = value_groups(value);
        for (ptrdiff_t k = 0; k < groups.count; k++) {
            if (groups.items[k].as.group != NULL) {
                check_side_by_side(checking, groups.items[k].as.group, path);
            }
        }
    }
}

void check_site_translations(const struct checking *checking)
{
    const struct site *site = checking->site;
    check_side_by_side(checking, site->config, source_path(site->config_source));
    for (ptrdiff_t i = 0; i < site->framework_count; i++) {
        check_side_by_side(checking, site->frameworks[i].record,
                           source_path(site->frameworks[i].source));
    }
}

/* Words of the original that a version in `language`, which exists, leaves out. */
static void check_words(const struct checking *checking, const struct item *item,
                        const struct record *record, int language)
{
    for (int i = 0; i < record->count; i++) {
        const struct value *value = &record->values[i];
        if (value->words != NULL && value->words[0].text.length > 0 &&
            value->words[language].text.length == 0) {
            untranslated(checking, item, value, language);
        }
        /* Entries that lack their key, or share it, cannot have been translated. */
        bool is_lost = value->is_list && value->as.list.is_partial;
        struct value_list groups = value_groups(value);
        for (ptrdiff_t k = 0; k < groups.count && !is_lost; k++) {
            if (groups.items[k].as.group != NULL) {
                check_words(checking, item, groups.items[k].as.group, language);
            }
        }
    }
}

/* The first section that the translation lacks: what was renamed may be called so now. */
static struct slice first_missing(struct section_list sections)
{
    for (ptrdiff_t i = 0; i < sections.count; i++) {
        if (sections.items[i].state == SECTION_MISSING) {
            return sections.items[i].name;
        }
    }
    return (struct slice){0};
}

static void report_section(const struct checking *checking, const struct item *item, int language,
                           const struct section *section, struct slice missing)
{
    struct source *source = item->versions[language].source;
    struct slice tag = checking->site->languages[language].tag;
    struct span place =
        section->translation != NULL ? section->translation->span : span_of_file(source);
    struct report outdated = {.code = CODE_item_section_outdated, .span = place};
    switch (section->state) {
    case SECTION_MISSING:
        if (section->original != NULL) {
            DIAG(checking->diag, CODE_item_section_untranslated, section->original->span,
                 section->name, tag);
        } else {
            DIAG(checking->diag, CODE_item_lead_untranslated,
                 span_of_file(item->versions[0].source), tag);
        }
        break;
    case SECTION_OUTDATED:
        outdated.arguments[0] = section->name;
        outdated.arguments[1] = date_iso(checking->scratch, item->updated);
        outdated.arguments[2] = source_path(source);
        if (section->original != NULL) {
            outdated.note_count = 1;
            outdated.notes[0].code = CODE_see_original;
            outdated.notes[0].span = section->original->span;
        }
        diag_add(checking->diag, &outdated);
        break;
    case SECTION_UNMARKED:
        if (item->versions[language].marks.length > 0) {
            DIAG(checking->diag, CODE_item_section_unmarked, place, section->name,
                 source_path(source));
        }
        break;
    case SECTION_LEFT_OVER:
        DIAG(checking->diag, CODE_item_section_left_over, place, section->name, missing);
        break;
    case SECTION_CURRENT:
    case SECTION_UNTRANSLATED:
    case SECTION_STATES:
        break;
    }
}

static void check_sections(const struct checking *checking, const struct item *item, int language)
{
    struct section_list sections = item_sections(item, language, checking->scratch);
    struct slice missing = first_missing(sections);
    for (ptrdiff_t i = 0; i < sections.count; i++) {
        report_section(checking, item, language, &sections.items[i], missing);
    }
}

/* Whether a record states what it must; a translation without its original does not. */
static bool has_facts(const struct record *record)
{
    int first;
    int end;
    shape_fields(record->shape, &first, &end);
    for (int field = first; field < end; field++) {
        bool is_required = (field_info((enum field_id)field)->flags & FIELD_REQUIRED) != 0;
        if (is_required && record_get(record, (enum field_id)field) == NULL) {
            return false;
        }
    }
    return true;
}

void check_translations(const struct checking *checking, const struct item *item)
{
    const struct site *site = checking->site;
    int shown = item_language(item, 0);
    if (shown != 0 && item->has_stray_language) {
        return; /* a file of a wrong name may be the original */
    }
    if (shown != 0) {
        bool is_whole = has_facts(item->record);
        DIAG(checking->diag, is_whole ? CODE_item_no_original : CODE_item_facts_missing,
             span_of_file(item->versions[shown].source), site->languages[0].tag);
        return;
    }
    for (int language = 1; language < site->language_count; language++) {
        if (!item->versions[language].exists && item->has_stray_language) {
            continue; /* that file may be the translation */
        }
        if (!item->versions[language].exists) {
            DIAG(checking->diag, CODE_item_no_translation, span_of_file(item->versions[0].source),
                 site->languages[language].tag);
        } else if (diag_errors_of_file(checking->diag,
                                       source_path(item->versions[language].source)) == 0) {
            check_words(checking, item, item->record, language);
            if (diag_errors_of_file(checking->diag, source_path(item->versions[0].source)) == 0) {
                check_sections(checking, item, language);
            }
        }
    }
}

static bool is_unmarked(const struct item *item, int language)
{
    return !item->is_misplaced && item->versions[0].exists && item->versions[language].exists &&
           item->versions[language].marks.length == 0;
}

static bool any_marked(const struct site *site)
{
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        for (ptrdiff_t i = 0; i < site->item_counts[kind]; i++) {
            site_pass(site, i);
            for (int language = 1; language < site->language_count; language++) {
                if (site->items[kind][i].versions[language].marks.length > 0) {
                    return true;
                }
            }
        }
    }
    return false;
}

void check_unmarked(const struct checking *checking)
{
    const struct site *site = checking->site;
    if (!any_marked(site)) {
        return; /* nobody here keeps up translations by marks */
    }
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        for (ptrdiff_t i = 0; i < site->item_counts[kind]; i++) {
            site_pass(site, i);
            const struct item *item = &site->items[kind][i];
            for (int language = 1; language < site->language_count; language++) {
                if (is_unmarked(item, language)) {
                    struct source *source = item->versions[language].source;
                    DIAG(checking->diag, CODE_item_translation_unmarked, span_of_file(source),
                         source_path(source));
                }
            }
        }
    }
}
