#include "checks.h"

/* Headings, links, anchors and pictures of the texts. */

void check_headings(const struct checking *checking, const struct item *item)
{
    for (int language = 0; language < checking->site->language_count; language++) {
        const struct document *document = item->versions[language].document;
        int level = 1; /* the page's own title */
        for (ptrdiff_t i = 0; document != NULL && i < document->heading_count; i++) {
            const struct heading *heading = &document->headings[i];
            if (heading->level > level + 1 || heading->level == 1) {
                DIAG(checking->diag, CODE_heading_order, heading->span,
                     arena_format(checking->scratch, "h%d", level),
                     arena_format(checking->scratch, "h%d", heading->level));
            }
            level = heading->level;
        }
    }
}

static bool has_heading(const struct item *item, int language, struct slice id)
{
    const struct document *document = item->versions[item_language(item, language)].document;
    for (ptrdiff_t i = 0; document != NULL && i < document->heading_count; i++) {
        if (slice_equal(document->headings[i].id, id)) {
            return true;
        }
    }
    return false;
}

static struct slice known_headings(const struct checking *checking, const struct item *item,
                                   int language)
{
    const struct document *document = item->versions[item_language(item, language)].document;
    struct slice list = SLICE("");
    for (ptrdiff_t i = 0; document != NULL && i < document->heading_count && i < 12; i++) {
        list = ARENA_JOIN(checking->scratch, list, i > 0 ? SLICE(", #") : SLICE("#"),
                          document->headings[i].id);
    }
    return list;
}

static void report_broken(const struct checking *checking, const struct reference *reference)
{
    bool absolute = slice_starts_with(reference->destination, SLICE("/"));
    struct slice ja =
        absolute
            ? SLICE("/ で始めず、このファイルからの相対的な道筋で書いてください。")
            : SLICE(
                  "content のフォルダーの間の相対的な道筋（../別の事例/ など）で書いてください。");
    struct slice en =
        absolute
            ? SLICE("write it relative to this file instead of beginning with /")
            : SLICE("write a relative path between the folders of content, such as ../other-case/");
    DIAG(checking->diag, CODE_link_broken, reference->span, reference->destination, ja, en);
}

static void check_link(const struct checking *checking, const struct item *item, int language,
                       const struct reference *reference)
{
    struct link link =
        link_resolve(checking->site, item, language, reference->destination, checking->scratch);
    if (link.kind == LINK_BROKEN) {
        report_broken(checking, reference);
        return;
    }
    if (link.fragment.length > 0 && link.item != NULL &&
        !has_heading(link.item, language, link.fragment)) {
        DIAG(checking->diag, CODE_link_fragment, reference->span, reference->destination,
             link.fragment, known_headings(checking, link.item, language));
    }
}

static void check_picture(const struct checking *checking, const struct item *item, int language,
                          const struct reference *reference)
{
    struct link link =
        link_resolve(checking->site, item, language, reference->destination, checking->scratch);
    if (link.kind != LINK_ASSET) {
        DIAG(checking->diag, CODE_picture_missing, reference->span, reference->destination);
    } else if (!link.asset->is_picture) {
        DIAG(checking->diag, CODE_picture_kind, reference->span, reference->destination);
        ((struct asset *)link.asset)->is_used = true;
    } else if (link.asset->has_script) {
        DIAG(checking->diag, CODE_picture_script, reference->span, reference->destination);
        ((struct asset *)link.asset)->is_used = true;
    } else {
        ((struct asset *)link.asset)->is_used = true;
    }
    if (slice_trim_wide(reference->text).length == 0) {
        DIAG(checking->diag, CODE_picture_no_alternative, reference->span, reference->destination);
    }
}

void check_references(const struct checking *checking, const struct item *item)
{
    for (int language = 0; language < checking->site->language_count; language++) {
        const struct document *document = item->versions[language].document;
        for (ptrdiff_t i = 0; document != NULL && i < document->reference_count; i++) {
            const struct reference *reference = &document->references[i];
            if (reference->is_unsafe) {
                continue; /* a finding of the parser already */
            }
            if (reference->kind == REFERENCE_IMAGE) {
                check_picture(checking, item, language, reference);
            } else {
                check_link(checking, item, language, reference);
            }
        }
    }
    const struct record *picture =
        item->kind == ITEM_CASE ? record_group(item->record, FIELD_case_picture) : NULL;
    const struct value *file = record_get(picture, FIELD_picture_file);
    if (value_is_stated(file)) {
        struct reference reference = {.kind = REFERENCE_IMAGE,
                                      .destination = file->as.text,
                                      .text = SLICE("-"),
                                      .span = file->span};
        check_picture(checking, item, 0, &reference);
    }
}

void check_unused_pictures(const struct checking *checking)
{
    for (ptrdiff_t i = 0; i < checking->site->asset_count; i++) {
        const struct asset *asset = &checking->site->assets[i];
        if (!asset->is_used) {
            struct source *source = source_new(asset->path, SLICE(""), NULL, NULL);
            DIAG(checking->diag, CODE_picture_unused, span_of_file(source), asset->path);
            source_free(source);
        }
    }
}
