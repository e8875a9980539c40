#include "checks.h"

/* Headings, links, anchors and pictures of the texts. */

/* Bytes beyond which a picture makes a reader on a telephone wait. */
#define PICTURE_LARGE 1000000

void check_headings(const struct checking *checking, const struct item *item)
{
    for (int language = 0; language < checking->site->language_count; language++) {
        const struct document *document = item->versions[language].document;
        int level = 1; /* the page's own title */
        if (item->versions[language].has_no_front_matter) {
            continue;
        }
        for (ptrdiff_t i = 0; document != NULL && i < document->heading_count; i++) {
            const struct heading *heading = &document->headings[i];
            if (heading->level == 1) {
                DIAG(checking->diag, CODE_heading_title, heading->span, SLICE(""));
            } else if (heading->level > level + 1) {
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

/* Whether the file at a place is there and was refused. A Mac parts voiced kana and accents in the
 * names of its files, which is refused; who links to one writes them whole. */
static bool is_refused(const struct checking *checking, struct slice place)
{
    return place.data != NULL &&
           (diag_errors_of_file(checking->diag, place) > 0 ||
            diag_errors_of_file(checking->diag, utf8_nfd(checking->scratch, place)) > 0);
}

/* Whether what the link names was lost with a file or a row that has its own finding. */
static bool is_lost(const struct checking *checking, const struct link *link)
{
    if (is_refused(checking, link->place)) {
        return true;
    }
    if (link->may_be_item) {
        return site_item_is_elsewhere(checking->site, link->item_kind, link->unknown) ||
               site_lacks_items(checking->site, link->item_kind, checking->diag);
    }
    if (link->table != NULL) {
        return table_may_hold(link->table, link->unknown);
    }
    return link->may_be_framework ? site_framework_is_lost(checking->site, checking->scratch,
                                                           link->unknown, checking->diag)
                                  : link->may_be_register && checking->site->package_is_broken;
}

/* `../x/index.ja.md`, as editors and GitHub link: the folder alone is meant. `www.city.example` and
 * `name@city.example` lack what an address begins with. Else the path with
 * what may have been meant in place of the part that names nothing; empty when there is no guess.
 */
static struct slice guess_link(const struct checking *checking, const struct link *link,
                               struct slice destination)
{
    ptrdiff_t hash = slice_find_byte(destination, '#', 0);
    struct slice path = slice_sub(destination, 0, hash >= 0 ? hash : destination.length);
    struct slice fragment = slice_from(destination, path.length);
    ptrdiff_t name = slice_find_last_byte(path, '/') + 1;
    if (slice_starts_with(slice_from(path, name), SLICE("index.")) &&
        slice_ends_with(path, SLICE(".md"))) {
        struct slice folder = name > 0 ? slice_sub(path, 0, name) : SLICE("./");
        return ARENA_JOIN(checking->scratch, folder, fragment);
    }
    if (slice_starts_with(destination, SLICE("www."))) {
        return ARENA_JOIN(checking->scratch, SLICE("https://"), destination);
    }
    if (slice_find_byte(path, '@', 0) > 0 && slice_find_byte(path, '/', 0) < 0) {
        return ARENA_JOIN(checking->scratch, SLICE("mailto:"), path);
    }
    ptrdiff_t at = link->nearest.length > 0 ? slice_find(path, link->unknown, 0) : -1;
    if (at < 0) {
        return SLICE("");
    }
    struct slice behind = slice_from(path, at + link->unknown.length);
    return ARENA_JOIN(checking->scratch, slice_sub(path, 0, at), link->nearest,
                      behind.length > 0 ? behind : SLICE("/"), fragment);
}

static void report_broken(const struct checking *checking, const struct link *link,
                          const struct reference *reference)
{
    switch (link->fault) {
    case LINK_LEADS_OUT:
        DIAG(checking->diag, CODE_link_outside, reference->span, reference->destination);
        return;
    case LINK_IS_ABSOLUTE:
        DIAG(checking->diag, CODE_link_absolute, reference->span, reference->destination);
        return;
    case LINK_LEADS_NOWHERE:
        break;
    }
    if (!is_lost(checking, link)) {
        DIAG(checking->diag, CODE_link_broken, reference->span, reference->destination,
             guess_link(checking, link, reference->destination));
    }
}

/* Kinds of files that browsers save or show and never run. A page, a script or a style sheet beside
 * a text would stand at the site's own address as if it were a part of it. */
static bool is_harmless(struct slice path)
{
    static const char *const endings[] = {
        ".pdf", ".csv",  ".tsv", ".txt", ".json", ".geojson", ".xlsx", ".xls",
        ".ods", ".docx", ".doc", ".odt", ".rtf",  ".pptx",    ".ppt",  ".odp",
        ".zip", ".ics",  ".png", ".jpg", ".jpeg", ".gif",     ".webp", ".avif",
        ".svg", ".mp3",  ".m4a", ".mp4", ".webm", ".ogg",     ".vtt",  ".epub"};
    ptrdiff_t dot = slice_find_last_byte(path, '.');
    for (size_t i = 0; i < sizeof(endings) / sizeof(*endings) && dot >= 0; i++) {
        if (slice_equal_ignoring_ascii_case(slice_from(path, dot), slice_of(endings[i]))) {
            return true;
        }
    }
    return false;
}

static void check_link(const struct checking *checking, const struct item *item, int language,
                       const struct reference *reference)
{
    struct link link =
        link_resolve(checking->site, item, language, reference->destination, checking->scratch);
    if (link.kind == LINK_BROKEN) {
        report_broken(checking, &link, reference);
        return;
    }
    if (link.kind == LINK_ASSET) {
        if (link.asset->has_script) {
            DIAG(checking->diag, CODE_picture_script, reference->span, reference->destination);
        } else if (!is_harmless(link.asset->path)) {
            DIAG(checking->diag, CODE_link_file_kind, reference->span, reference->destination);
        }
        ((struct asset *)link.asset)->is_used = true;
    }
    if (link.fragment.length > 0 && link.item != NULL &&
        !has_heading(link.item, language, link.fragment)) {
        DIAG(checking->diag, CODE_link_fragment, reference->span, reference->destination,
             link.fragment, known_headings(checking, link.item, language));
    }
}

/* Whether a register that the name may mean could not be read, which has a finding of its own. */
static bool is_unread(const struct site *site, struct slice name)
{
    if (site->package == NULL) {
        return site->package_is_broken;
    }
    const struct node *resources = node_get(site->package, "resources");
    const struct node *resource = resources != NULL ? resources->first : NULL;
    for (; resource != NULL; resource = resource->next) {
        const struct node *own = node_get(resource, "name");
        if (own != NULL && slice_equal(own->text, name)) {
            return site_table(site, name) == NULL;
        }
    }
    return false;
}

static void check_chart(const struct checking *checking, const struct reference *reference)
{
    const struct site *site = checking->site;
    const struct table *table = NULL;
    struct slice rest = reference->destination;
    if (site_chart(site, reference->destination, &table) != NULL ||
        is_unread(site, slice_cut(&rest, '/'))) {
        return;
    }
    struct slice names = SLICE("");
    for (ptrdiff_t t = 0; t < site->table_count; t++) {
        for (ptrdiff_t i = 0; i < site->tables[t].chart_count; i++) {
            names = ARENA_JOIN(checking->scratch, names, slice_of(names.length > 0 ? ", " : ""),
                               site->tables[t].name, SLICE("/"), site->tables[t].charts[i].name);
        }
    }
    DIAG(checking->diag, CODE_link_chart, reference->span, reference->destination,
         names.length > 0 ? names : SLICE("（図を決めた表がまだありません）"),
         names.length > 0 ? names : SLICE("(no register declares any yet)"));
}

/* The picture of the item's folder with the same name but for the case of its letters or its
 * ending; {NULL, 0} if there is none. It is not unused besides. */
static struct slice picture_meant(const struct checking *checking, const struct item *item,
                                  struct slice destination)
{
    struct slice name =
        utf8_nfkc_casefold(checking->scratch, unescape_url_path(checking->scratch, destination));
    ptrdiff_t dot = slice_find_last_byte(name, '.');
    struct slice stem = slice_sub(name, 0, dot < 0 ? name.length : dot + 1);
    for (ptrdiff_t i = 0; i < checking->site->asset_count; i++) {
        struct slice path = checking->site->assets[i].path;
        if (slice_starts_with(path, item->folder)) {
            struct slice file = slice_from(path, item->folder.length);
            if (slice_starts_with(utf8_nfkc_casefold(checking->scratch, file), stem)) {
                checking->site->assets[i].is_used = true;
                return file;
            }
        }
    }
    return (struct slice){0};
}

static void check_picture(const struct checking *checking, const struct item *item, int language,
                          const struct reference *reference)
{
    struct link link =
        link_resolve(checking->site, item, language, reference->destination, checking->scratch);
    if (link.kind == LINK_BROKEN && link.fault == LINK_LEADS_OUT) {
        DIAG(checking->diag, CODE_picture_outside, reference->span, reference->destination);
    } else if (link.kind != LINK_ASSET) {
        if (is_refused(checking, link.place)) {
            return;
        }
        DIAG(checking->diag, CODE_picture_missing, reference->span, reference->destination,
             picture_meant(checking, item, reference->destination));
    } else if (link.asset->size == 0) {
        DIAG(checking->diag, CODE_picture_empty, reference->span, reference->destination);
        ((struct asset *)link.asset)->is_used = true;
    } else if (!link.asset->is_picture) {
        DIAG(checking->diag, CODE_picture_kind, reference->span, reference->destination);
        ((struct asset *)link.asset)->is_used = true;
    } else if (link.asset->has_script) {
        DIAG(checking->diag, CODE_picture_script, reference->span, reference->destination);
        ((struct asset *)link.asset)->is_used = true;
    } else {
        if (link.asset->size > PICTURE_LARGE) {
            int64_t tenths = link.asset->size / 100000;
            DIAG(checking->diag, CODE_picture_large, reference->span, reference->destination,
                 arena_format(checking->scratch, "%lld.%lld", (long long)(tenths / 10),
                              (long long)(tenths % 10)));
        }
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
            } else if (reference->kind == REFERENCE_CHART) {
                check_chart(checking, reference);
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
        if (!asset->is_used && diag_errors_of_file(checking->diag, asset->path) == 0) {
            struct source *source = source_new(asset->path, SLICE(""), NULL, NULL);
            DIAG(checking->diag, CODE_picture_unused, span_of_file(source), asset->path);
            source_free(source);
        }
    }
}
