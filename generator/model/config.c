#include "reading.h"

/* content/site.yaml. */

static void config_read(struct site *site, struct diag *diag)
{
    if (tree_find(site->tree, SLICE("content/site.yaml")) < 0) {
        /* One that was refused, or whose folder was, has its finding. */
        if (diag_errors_of_file(diag, SLICE("content/site.yaml")) == 0 &&
            diag_errors_of_file(diag, SLICE("content")) == 0) {
            DIAG_MISSING(diag, CODE_site_no_config, SLICE("content/site.yaml"),
                         SLICE("content/site.yaml"));
        }
        return;
    }
    site->config_source =
        site_read_source(site, site->tree, SLICE("content/site.yaml"), LOAD_LIMIT_TEXT, diag);
    if (site->config_source != NULL) {
        struct slice text = source_text(site->config_source);
        site->config_node = yaml_parse(site->config_source, 0, text.length, &site->arena, diag);
    }
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

/* ---- Languages and the files that there are ---- */

/* The language in the name of a text, content/…/index.<tag>.md; empty when it is none. */
static struct slice text_tag(struct slice path)
{
    struct slice name = slice_from(path, slice_find_last_byte(path, '/') + 1);
    bool is_text = slice_starts_with(name, SLICE("index.")) &&
                   slice_ends_with(name, SLICE(".md")) && name.length > 9;
    return is_text ? slice_sub(name, 6, name.length - 3) : (struct slice){0};
}

static ptrdiff_t count_texts(const struct site *site, struct slice tag)
{
    ptrdiff_t first;
    ptrdiff_t end;
    ptrdiff_t count = 0;
    tree_range(site->tree, SLICE("content/"), &first, &end);
    for (ptrdiff_t i = first; i < end; i++) {
        struct slice found = text_tag(site->tree->files[i].path);
        count += tag.data == NULL ? found.length > 0 : slice_equal(found, tag);
    }
    return count;
}

/* The language of more than a third of all texts that the site does not have; empty when there is
 * none. */
static struct slice unlisted_tag(const struct site *site)
{
    ptrdiff_t first;
    ptrdiff_t end;
    tree_range(site->tree, SLICE("content/"), &first, &end);
    for (ptrdiff_t i = first; i < end; i++) {
        struct slice tag = text_tag(site->tree->files[i].path);
        bool is_known = tag.length == 0;
        for (int k = 0; k < site->language_count && !is_known; k++) {
            is_known = slice_equal(tag, site->languages[k].tag);
        }
        if (!is_known) {
            ptrdiff_t all = count_texts(site, (struct slice){0});
            return all > 3 && count_texts(site, tag) * 3 > all ? tag : (struct slice){0};
        }
    }
    return (struct slice){0};
}

bool config_languages_fit(const struct site *site, struct diag *diag)
{
    struct slice unlisted = unlisted_tag(site);
    if (unlisted.length == 0) {
        return true;
    }
    if (diag_errors_of_file(diag, source_path(site->config_source)) > 0) {
        return false; /* the language was refused, with its finding */
    }
    const struct node *list = node_get(site->config_node, "languages");
    for (const struct node *child = list->first; child != NULL; child = child->next) {
        const struct node *tag = node_get(child, "tag");
        if (tag != NULL && tag->kind == NODE_SCALAR && count_texts(site, tag->text) == 0) {
            DIAG(diag, CODE_site_language_without_text, tag->span, tag->text, unlisted);
            return false;
        }
    }
    return true;
}
