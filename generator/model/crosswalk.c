#include "rule_test.h"

/* data/principles/crosswalk.yaml: which items of the frameworks speak of the same thing. */

static bool is_mark(struct slice mark)
{
    return slice_equal(mark, SLICE("label")) || slice_equal(mark, SLICE("body")) ||
           slice_equal(mark, SLICE("supporting")) || slice_equal(mark, SLICE("excluded"));
}

/* An item must be one of the framework that the match names; a framework that is not there is told
 * once, where it is named. */
static void check_match(const struct site *site, const struct record *match, struct diag *diag)
{
    const struct value *mark = record_get(match, FIELD_crosswalk_match_mark);
    const struct value *item = record_get(match, FIELD_crosswalk_match_item);
    const struct value *named = record_get(match, FIELD_crosswalk_match_framework);
    if (mark != NULL && !is_mark(mark->as.text)) {
        DIAG(diag, CODE_principles_word, mark->span, SLICE("mark"), mark->as.text,
             SLICE("label, body, supporting, excluded"));
    }
    const struct framework *framework = NULL;
    if (item != NULL && (named == NULL || site_framework(site, value_reference(named)->id)) &&
        (site_framework_item(site, item->as.text, &framework) == NULL ||
         (named != NULL && !slice_equal(framework->id, value_reference(named)->id)))) {
        DIAG(diag, CODE_principles_unknown_item, item->span, item->as.text, SLICE(""));
    }
}

void crosswalk_build(struct site *site, struct rules *rules, struct diag *diag)
{
    const struct slice path = SLICE("data/principles/crosswalk.yaml");
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(site->tree, path, &first, &end);
    if (first == end) {
        return;
    }
    struct source *source = site_read_source(site, site->tree, path, LOAD_LIMIT_TEXT, diag);
    if (source == NULL) {
        return;
    }
    const struct node *node = yaml_parse(source, 0, source_text(source).length, &site->arena, diag);
    source_drop(source);
    if (node == NULL || node->kind != NODE_MAPPING) {
        return;
    }
    struct reading reading = {
        .site = site, .arena = &site->arena, .diag = diag, .words_are_maps = true};
    struct record *record = reading_record(&reading, SHAPE_crosswalk, node);
    rules_keep_record(rules, &site->arena, record);
    rules->crosswalk = record;
    rules->crosswalk_source = source;
    struct value_list axes = record_list(record, FIELD_crosswalk_axes);
    for (ptrdiff_t i = 0; i < axes.count; i++) {
        struct value_list matches =
            record_list(axes.items[i].as.group, FIELD_crosswalk_axis_matches);
        for (ptrdiff_t k = 0; k < matches.count; k++) {
            check_match(site, matches.items[k].as.group, diag);
        }
    }
}
