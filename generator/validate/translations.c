#include "checks.h"

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
        DIAG(checking->diag, CODE_item_section_untranslated, value->words[0].span,
             value->words[0].section->id);
        return;
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
        if (value->state != VALUE_STATED || field_info(value->field)->type != FIELD_TYPE_GROUP) {
            continue;
        }
        const struct value *items = value->is_list ? value->as.list.items : value;
        ptrdiff_t count = value->is_list ? value->as.list.count : 1;
        for (ptrdiff_t k = 0; k < count; k++) {
            if (items[k].as.group != NULL) {
                check_side_by_side(checking, items[k].as.group, path);
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
        if (value->state != VALUE_STATED || is_lost ||
            field_info(value->field)->type != FIELD_TYPE_GROUP) {
            continue;
        }
        const struct value *items = value->is_list ? value->as.list.items : value;
        ptrdiff_t count = value->is_list ? value->as.list.count : 1;
        for (ptrdiff_t k = 0; k < count; k++) {
            if (items[k].as.group != NULL) {
                check_words(checking, item, items[k].as.group, language);
            }
        }
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
        }
    }
}
