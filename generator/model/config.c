#include "reading.h"

/* content/site.yaml. */

static void config_read(struct site *site, struct diag *diag)
{
    if (tree_find(site->tree, SLICE("content/site.yaml")) < 0) {
        DIAG_MISSING(diag, CODE_site_no_config, SLICE("content/site.yaml"),
                     SLICE("content/site.yaml"));
        return;
    }
    site->config_source =
        site_read_source(site, site->tree, SLICE("content/site.yaml"), LOAD_LIMIT_TEXT, diag);
    if (site->config_source != NULL) {
        struct slice text = source_text(site->config_source);
        site->config_node = yaml_parse(site->config_source, 0, text.length, &site->arena, diag);
    }
}

/* BCP 47: a language of two or three letters, then parts of letters and digits behind hyphens; at
 * most 35. */
static bool is_language_tag(struct slice tag)
{
    ptrdiff_t letters = 0;
    while (letters < tag.length && ((tag.data[letters] >= 'a' && tag.data[letters] <= 'z') ||
                                    (tag.data[letters] >= 'A' && tag.data[letters] <= 'Z'))) {
        letters++;
    }
    if (letters < 2 || letters > 3 || tag.length > 35) {
        return false;
    }
    for (ptrdiff_t i = letters; i < tag.length; i++) {
        char c = tag.data[i];
        bool part = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!part && (c != '-' || tag.data[i - 1] == '-' || i == tag.length - 1)) {
            return false;
        }
    }
    return tag.length == letters || tag.data[letters] == '-';
}

bool config_languages(struct site *site, struct diag *diag)
{
    config_read(site, diag);
    const struct node *list = node_get(site->config_node, "languages");
    site->languages = ARENA_ARRAY(&site->arena, struct language, MODEL_LANGUAGES_MOST);
    for (const struct node *child = list != NULL ? list->first : NULL; child != NULL;
         child = child->next) {
        const struct node *tag = node_get(child, "tag");
        const struct node *name = node_get(child, "name");
        if (tag == NULL || tag->kind != NODE_SCALAR || !is_language_tag(tag->text)) {
            DIAG(diag, CODE_site_language_tag, tag != NULL ? tag->span : child->span,
                 tag != NULL ? tag->text : SLICE(""));
            continue;
        }
        if (site->language_count == MODEL_LANGUAGES_MOST) {
            DIAG(diag, CODE_site_too_many_languages, child->span, SLICE(""));
            break;
        }
        struct language *language = &site->languages[site->language_count++];
        language->tag = arena_copy(&site->arena, tag->text);
        language->name = arena_copy(
            &site->arena, name != NULL && name->kind == NODE_SCALAR ? name->text : tag->text);
    }
    if (site->language_count == 0) {
        /* A file whose syntax is wrong has been told so; what it would name is not known. */
        if (site->config_node != NULL &&
            diag_errors_of_file(diag, source_path(site->config_source)) == 0) {
            DIAG(diag, CODE_site_no_languages, span_of_file(site->config_source), SLICE(""));
        }
        return false;
    }
    return true;
}

void config_build(struct site *site, const struct site_options *options, struct diag *diag)
{
    struct reading reading = {
        .site = site, .arena = &site->arena, .diag = diag, .words_are_maps = true};
    site->config = reading_record(&reading, SHAPE_site, site->config_node);
    site->base_url = options->base_url.length > 0 ? options->base_url
                                                  : record_text(site->config, FIELD_site_base_url);
    if (site->base_url.length > 0 && !slice_ends_with(site->base_url, SLICE("/"))) {
        site->base_url = ARENA_JOIN(&site->arena, site->base_url, SLICE("/"));
    }
    site->reference_date = options->reference_date.precision == DATE_DAY
                               ? options->reference_date
                               : record_date(site->config, FIELD_site_as_of);
}
