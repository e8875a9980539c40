#include "reading.h"
#include "recall.h"
#include "upkeep.h"

/*
 * Items: content/<kind>/<id>/index.<lang>.md. Each item is read by one job, its languages one after
 * the other, so that a translation meets its original's record; jobs run in parallel, each worker
 * in an arena of its own.
 */

/* A misspelt field or two is a slip; as many as this, all of one other kind, are a text in the
 * wrong folder. */
#define STRANGE_KEYS 3

/* After so many items their worker lets go of what it made of them. */
#define ITEMS_WRITTEN 64
/* And after so many, of what earlier runs made of their texts: some MiB. */
#define ITEMS_RECALLED 256

struct folder {
    enum item_kind kind;
    struct slice id;
    struct slice path;    /* content/cases/<id>/ */
    ptrdiff_t first, end; /* its files in the tree */
};

struct work {
    struct site *site;
    struct folder *folders;
    ptrdiff_t count;
    struct item *items;    /* side by side with folders */
    struct bench *benches; /* one a worker */
    struct diag *diag;
};

/* Where a worker reads one file after the other; all of it is cleared between two. */
struct bench {
    struct arena syntax;   /* nodes and the document, until what is kept has been copied */
    struct arena markdown; /* markdown_parse's own */
};

enum shape_id item_kind_shape(enum item_kind kind)
{
    static const enum shape_id shapes[ITEM_KINDS] = {[ITEM_CASE] = SHAPE_case,
                                                     [ITEM_PAGE] = SHAPE_page,
                                                     [ITEM_NEWS] = SHAPE_news,
                                                     [ITEM_MEETING] = SHAPE_meeting};
    return shapes[kind];
}

struct slice item_kind_folder(enum item_kind kind)
{
    static const char *const folders[ITEM_KINDS] = {[ITEM_CASE] = "cases",
                                                    [ITEM_PAGE] = "pages",
                                                    [ITEM_NEWS] = "news",
                                                    [ITEM_MEETING] = "meetings"};
    return slice_of(folders[kind]);
}

static bool is_text_name(struct slice name)
{
    return slice_starts_with(name, SLICE("index.")) && slice_ends_with(name, SLICE(".md"));
}

/* Where the name that was meant ends, in one to which an editor has added its own: index.ja.md.txt,
 * or in one with capitals: Index.ja.md; -1 for other names. */
static ptrdiff_t text_name_end(struct slice name)
{
    ptrdiff_t at =
        slice_starts_with(name, SLICE("index.")) ? slice_find(name, SLICE(".md."), 0) : -1;
    if (at >= 0) {
        return at + SLICE(".md").length;
    }
    ptrdiff_t last = name.length - SLICE(".md").length;
    bool has_capitals = slice_equal_ignoring_ascii_case(slice_sub(name, 0, 6), SLICE("index.")) &&
                        last > 6 &&
                        slice_equal_ignoring_ascii_case(slice_from(name, last), SLICE(".md")) &&
                        !is_text_name(name);
    return has_capitals ? name.length : -1;
}

static bool folder_has_text(const struct site *site, const struct folder *folder)
{
    for (ptrdiff_t i = folder->first; i < folder->end; i++) {
        struct slice name = slice_from(site->tree->files[i].path, folder->path.length);
        if (is_text_name(name) || text_name_end(name) >= 0) {
            return true;
        }
    }
    return false;
}

/* Every folder below content/<kind>/; a text that lies beside the folders is a finding. */
static void find_folders(struct work *work, enum item_kind kind)
{
    struct site *site = work->site;
    const struct tree *tree = site->tree;
    struct slice base =
        ARENA_JOIN(&site->arena, SLICE("content/"), item_kind_folder(kind), SLICE("/"));
    ptrdiff_t at;
    ptrdiff_t end;
    tree_range(tree, base, &at, &end);
    while (at < end) {
        struct slice rest = slice_from(tree->files[at].path, base.length);
        ptrdiff_t slash = slice_find_byte(rest, '/', 0);
        if (slash < 0) {
            DIAG(work->diag, CODE_site_stray_text,
                 span_of_file(site_read_source(site, site->tree, tree->files[at].path,
                                               LOAD_LIMIT_TEXT, work->diag)),
                 rest, item_kind_folder(kind));
            at++;
            continue;
        }
        struct folder *folder = &work->folders[work->count];
        folder->kind = kind;
        folder->path = slice_sub(tree->files[at].path, 0, base.length + slash + 1);
        folder->id = slice_sub(rest, 0, slash);
        folder->first = at;
        while (at < end && slice_starts_with(tree->files[at].path, folder->path)) {
            at++;
        }
        folder->end = at;
        if (folder_has_text(site, folder)) {
            work->count++;
        } else {
            DIAG(work->diag, CODE_site_folder_without_text,
                 span_of_file(site_read_source(site, site->tree, tree->files[folder->first].path,
                                               LOAD_LIMIT_ASSET, work->diag)),
                 folder->id, site->languages[0].tag);
        }
    }
}

/* A folder of content/ that is no kind of item: most often a slip such as content/case/. */
static void find_unknown_folders(struct work *work)
{
    const struct site *site = work->site;
    struct slice base = SLICE("content/");
    struct slice kinds[ITEM_KINDS];
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        kinds[kind] = item_kind_folder((enum item_kind)kind);
    }
    ptrdiff_t at;
    ptrdiff_t end;
    tree_range(site->tree, base, &at, &end);
    struct slice told = {0};
    for (; at < end; at++) {
        struct slice path = site->tree->files[at].path;
        struct slice rest = slice_from(path, base.length);
        ptrdiff_t slash = slice_find_byte(rest, '/', 0);
        struct slice folder = slice_sub(rest, 0, slash > 0 ? slash : 0);
        bool known = slash < 0 || slice_equal(folder, told);
        for (int kind = 0; kind < ITEM_KINDS && !known; kind++) {
            known = slice_equal(folder, kinds[kind]);
        }
        if (!known) {
            told = folder;
            DIAG_MISSING(work->diag, CODE_site_unknown_folder, path, folder,
                         nearest_name(folder, kinds, ITEM_KINDS));
        }
    }
}

/* The language of a file name such as index.en.md; -1 when it is none of the site's. */
static int file_language(const struct site *site, struct slice name)
{
    struct slice tag = slice_sub(name, 6, name.length - 3);
    for (int i = 0; i < site->language_count; i++) {
        if (slice_equal(site->languages[i].tag, tag)) {
            return i;
        }
    }
    return -1;
}

/* The file name that may have been meant by one whose language the site does not have: index.EN.md,
 * index.jp.md, index.md; empty when nothing is near. */
static struct slice meant_name(const struct site *site, struct slice name, struct arena *arena)
{
    struct slice written = slice_sub(name, 6, name.length - 3);
    struct slice tag = name.length <= SLICE("index.md").length ? site->languages[0].tag : SLICE("");
    for (int i = 0; i < site->language_count && tag.length == 0; i++) {
        struct slice own = site->languages[i].tag;
        if (slice_equal_ignoring_ascii_case(slice_sub(written, 0, 1), slice_sub(own, 0, 1))) {
            tag = own;
        }
    }
    return tag.length > 0 ? ARENA_JOIN(arena, SLICE("index."), tag, SLICE(".md")) : SLICE("");
}

/* What stands for an original that could not be read, so that nothing is asked of its translations
 * in its place. */
static struct record *broken_record(struct arena *arena, enum item_kind kind, struct source *source)
{
    struct record *record = ARENA_NEW(arena, struct record);
    record->shape = item_kind_shape(kind);
    record->span = span_of_file(source);
    record->is_broken = true;
    return record;
}

/* A text that is there but was refused (a link, a pipe, a name that another has too). */
static void lose_version(struct work *work, struct item *item, int language, struct slice path,
                         int worker)
{
    struct version *version = &item->versions[language];
    version->exists = true;
    version->source = source_new(path, SLICE(""), NULL, NULL);
    if (item->record == NULL) {
        item->record = broken_record(&work->site->item_arenas[worker], item->kind, version->source);
    }
}

/* A text that is kept from the run before; false when it must be read or parsed. */
static bool recall_version(const struct work *work, struct version *version, ptrdiff_t file,
                           int worker, struct parsed_text *text)
{
    const struct site *site = work->site;
    struct recall *recall = site->recall;
    if (recall == NULL || !recall_knows(recall, &site->tree->files[file], file)) {
        return false;
    }
    if (version->source == NULL) {
        version->source = tree_source(site->tree, site->tree->files[file].path);
    }
    if (recall_take(recall, file, version->source, &work->benches[worker].syntax,
                    &site->item_arenas[worker], text)) {
        return true;
    }
    recall_forget(recall, file);
    return false;
}

static void parse_version(const struct work *work, struct version *version, ptrdiff_t file,
                          int worker, struct parsed_text *text)
{
    const struct site *site = work->site;
    struct arena *arena = &site->item_arenas[worker];
    struct bench *bench = &work->benches[worker];
    struct source *source = version->source;
    struct front_matter front = front_matter_split(source, work->diag);
    text->head = hash_128(slice_sub(source_text(source), 0, front.body_start));
    text->is_open = !front.is_closed;
    version->has_no_front_matter = !front.present;
    if (!front.present) {
        DIAG(work->diag, CODE_site_no_front_matter, span_of_file(source), SLICE("---"));
    }
    text->node = yaml_parse(source, front.yaml_start, front.yaml_end, &bench->syntax, work->diag);
    struct markdown_options options = {.scratch = &bench->markdown};
    text->document = markdown_parse(source, front.body_start, &options, &bench->syntax, work->diag);
    if (site->recall != NULL && text->node != NULL && text->document != NULL &&
        site->tree->files[file].is_digested && !diag_mentions(work->diag, source_path(source))) {
        recall_keep(site->recall, &site->tree->files[file], file, text, arena);
    } else if (text->document != NULL) {
        text->document = document_keep(text->document, arena, site->worker_stores[worker]);
    }
}

/* The text of a version, parsed by this run or by one before; false when it can't be read. */
static bool take_version(const struct work *work, struct version *version, struct slice path,
                         int worker, struct parsed_text *text)
{
    const struct tree *tree = work->site->tree;
    ptrdiff_t file = tree_find(tree, path);
    if (recall_version(work, version, file, worker, text)) {
        return true;
    }
    if (version->source != NULL) { /* its entry is damaged: what its stamp told does not count */
        source_free(version->source);
        tree->files[file].is_digested = false;
    }
    version->source = tree_read_source(tree, path, LOAD_LIMIT_TEXT, false, NULL, work->diag);
    if (version->source == NULL) {
        return false;
    }
    if (!recall_version(work, version, file, worker, text)) {
        parse_version(work, version, file, worker, text);
    }
    return true;
}

static ptrdiff_t strange_keys(const struct node *node, enum item_kind kind,
                              const struct node **first)
{
    ptrdiff_t count = 0;
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        if (shape_field_by_key(item_kind_shape(kind), child->key) == FIELD_COUNT && count++ == 0) {
            *first = child;
        }
    }
    return count;
}

/* Whether the fields are those of another kind, as in a folder that was moved: one finding for the
 * original, none for its translations. */
static bool is_of_other_kind(const struct work *work, struct item *item, const struct node *node)
{
    const struct node *first = NULL;
    if (item->record != NULL || strange_keys(node, item->kind, &first) < STRANGE_KEYS) {
        return item->is_misplaced;
    }
    const struct node *none = NULL;
    int kind = 0;
    while (kind < ITEM_KINDS && strange_keys(node, (enum item_kind)kind, &none) > 0) {
        kind++;
    }
    if (kind == ITEM_KINDS) {
        return false;
    }
    DIAG(work->diag, CODE_item_other_kind, first->key_span, first->key,
         item_kind_folder(item->kind), item_kind_folder((enum item_kind)kind), item->id);
    item->is_misplaced = true;
    return true;
}

static void read_version(struct work *work, struct item *item, int language, struct slice path,
                         int worker)
{
    const struct site *site = work->site;
    struct arena *arena = &site->item_arenas[worker];
    struct bench *bench = &work->benches[worker];
    struct version *version = &item->versions[language];
    struct parsed_text text = {.node = NULL};
    version->exists = true;
    if (!take_version(work, version, path, worker, &text)) {
        lose_version(work, item, language, path, worker);
        return;
    }
    version->head = text.head;
    version->document = text.document;
    version->vague_links = text.document != NULL ? link_count_vague(text.document) : 0;
    const struct node *node = text.node;
    struct reading reading = {.site = site,
                              .arena = arena,
                              .scratch = &bench->syntax,
                              .diag = work->diag,
                              .language = language,
                              .version = version};
    if (node != NULL && node->kind != NODE_MAPPING) {
        DIAG(work->diag, CODE_record_expected_group, node->span, SLICE("---"),
             reading_nearest_keys(arena, item_kind_shape(item->kind), (struct slice){0}));
        node = NULL;
    }
    if (node != NULL && is_of_other_kind(work, item, node)) {
        node = NULL;
    }
    if (node != NULL && item->record == NULL) {
        item->record = reading_record(&reading, item_kind_shape(item->kind), node);
        item->record->is_broken = text.is_open;
        version->words_hash = record_words_hash(item->record, language);
    } else if (node != NULL) {
        reading_translation(&reading, item->record, node);
    } else if (item->record == NULL) {
        item->record = broken_record(arena, item->kind, version->source);
    }
    reading_sections(&reading, item->record, version);
    source_drop(version->source);
    arena_clear(&bench->syntax);
}

static int64_t order_key(const struct item *item)
{
    switch (item->kind) {
    case ITEM_CASE:
        return -(int64_t)date_first_day(record_date(item->record, FIELD_case_published));
    case ITEM_NEWS: {
        struct date date = record_date(item->record, FIELD_news_date);
        if (date.precision == DATE_NONE) {
            date = record_date(item->record, FIELD_news_updated);
        }
        return -(int64_t)date_first_day(date);
    }
    case ITEM_MEETING:
        return -(int64_t)date_first_day(record_date(item->record, FIELD_meeting_date));
    case ITEM_PAGE: {
        const struct value *order = record_get(item->record, FIELD_page_order);
        return order != NULL && order->state == VALUE_STATED ? order->as.integer : INT32_MAX;
    }
    case ITEM_KINDS:
        break;
    }
    BUG("an item of no kind");
}

/* What the item itself says of its record, which has been read. */
static void settle_item(struct item *item)
{
    static const enum field_id drafts[ITEM_KINDS] = {[ITEM_CASE] = FIELD_case_draft,
                                                     [ITEM_PAGE] = FIELD_page_draft,
                                                     [ITEM_NEWS] = FIELD_news_draft,
                                                     [ITEM_MEETING] = FIELD_meeting_draft};
    item->is_draft = record_boolean(item->record, drafts[item->kind]);
    static const enum field_id updates[ITEM_KINDS] = {[ITEM_CASE] = FIELD_case_updated,
                                                      [ITEM_PAGE] = FIELD_page_updated,
                                                      [ITEM_NEWS] = FIELD_news_updated,
                                                      [ITEM_MEETING] = FIELD_meeting_updated};
    item->updated = record_date(item->record, updates[item->kind]);
    item->order = order_key(item);
}

static void keep_sources(struct site *site, const struct item *item)
{
    for (int language = 0; language < site->language_count; language++) {
        if (item->versions[language].source != NULL) {
            site_keep_source(site, item->versions[language].source);
        }
    }
}

static void read_item(void *context, ptrdiff_t index, int worker)
{
    struct work *work = context;
    struct site *site = work->site;
    struct arena *arena = &site->item_arenas[worker];
    const struct folder *folder = &work->folders[index];
    struct item *item = &work->items[index];
    item->kind = folder->kind;
    item->id = folder->id;
    item->folder = folder->path;
    item->versions = ARENA_ARRAY(arena, struct version, site->language_count);
    struct slice files[MODEL_LANGUAGES_MOST] = {{0}};
    for (ptrdiff_t i = folder->first; i < folder->end; i++) {
        struct slice path = site->tree->files[i].path;
        struct slice name = slice_from(path, folder->path.length);
        ptrdiff_t name_end = text_name_end(name);
        if (name_end >= 0) {
            item->has_stray_language = true;
            struct slice meant =
                slice_equal(slice_sub(name, 0, 6), SLICE("index.")) && name_end < name.length
                    ? slice_sub(name, 0, name_end)
                    : utf8_nfkc_casefold(arena, name);
            DIAG_MISSING(work->diag, CODE_site_text_ending, path, name, meant);
        }
        if (!is_text_name(name)) {
            continue;
        }
        int language = file_language(site, name);
        if (language >= 0) {
            files[language] = path;
            continue;
        }
        item->has_stray_language = true;
        DIAG_MISSING(work->diag, CODE_site_unknown_language, path, name,
                     meant_name(site, name, arena));
    }
    for (int language = 0; language < site->language_count; language++) {
        struct slice path = ARENA_JOIN(arena, folder->path, SLICE("index."),
                                       site->languages[language].tag, SLICE(".md"));
        if (files[language].data != NULL) {
            read_version(work, item, language, files[language], worker);
        } else if (diag_errors_of_file(work->diag, path) > 0) {
            lose_version(work, item, language, path, worker);
        }
    }
    if (item->record == NULL) {
        return; /* no text in a language of this site */
    }
    settle_item(item);
    if (index % ITEMS_WRITTEN == 0) {
        arena_rest(arena);
    }
    if (index % ITEMS_RECALLED == 0 && site->recall != NULL) {
        recall_rest(site->recall);
    }
}

void item_read_again(struct site *site, const struct item *was, struct item *item,
                     struct diag *diag)
{
    struct folder folder = {.kind = was->kind, .id = was->id, .path = was->folder};
    tree_range(site->tree, was->folder, &folder.first, &folder.end);
    struct bench bench;
    arena_init(&bench.syntax, ARENA_DEFAULT_LIMIT);
    arena_init(&bench.markdown, ARENA_DEFAULT_LIMIT);
    struct work work = {.site = site,
                        .folders = &folder,
                        .count = 1,
                        .items = item,
                        .benches = &bench,
                        .diag = diag};
    read_item(&work, 0, 0);
    keep_sources(site, item);
    arena_release(&bench.syntax);
    arena_release(&bench.markdown);
}

/* ---- Order of lists ---- */

static int compare_items(const void *a, const void *b)
{
    const struct item *left = a;
    const struct item *right = b;
    if (left->order != right->order) {
        return left->order < right->order ? -1 : 1;
    }
    return slice_compare(left->id, right->id);
}

void items_build(struct site *site, const struct site_options *options, struct pool *pool,
                 struct diag *diag)
{
    ptrdiff_t file_count = site->tree->count;
    struct work work = {.site = site, .diag = diag};
    ptrdiff_t starts[ITEM_KINDS + 1];
    struct arena folders;
    arena_init(&folders, ARENA_DEFAULT_LIMIT);
    work.folders = ARENA_ARRAY(&folders, struct folder, file_count);
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        starts[kind] = work.count;
        find_folders(&work, (enum item_kind)kind);
    }
    find_unknown_folders(&work);
    starts[ITEM_KINDS] = work.count;
    work.items = ARENA_ARRAY(&site->arena, struct item, work.count);
    work.benches = ARENA_ARRAY(&site->arena, struct bench, site->worker_count);
    for (int i = 0; i < site->worker_count; i++) {
        arena_init(&work.benches[i].syntax, ARENA_DEFAULT_LIMIT);
        arena_init(&work.benches[i].markdown, ARENA_DEFAULT_LIMIT);
    }
    pool_run(pool, work.count, read_item, &work);
    arena_release(&folders);
    for (int i = 0; i < site->worker_count; i++) {
        arena_release(&work.benches[i].syntax);
        arena_release(&work.benches[i].markdown);
    }
    for (ptrdiff_t i = 0; i < work.count; i++) {
        site_pass(site, i);
        keep_sources(site, &work.items[i]);
    }
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        struct item *items = &work.items[starts[kind]];
        ptrdiff_t count = 0;
        for (ptrdiff_t i = 0; i < starts[kind + 1] - starts[kind]; i++) {
            if (items[i].record != NULL && (!items[i].is_draft || options->with_drafts)) {
                items[count++] = items[i];
            } else { /* it is no page, but what points at it is not wrong */
                map_insert(&site->drafts[kind], &site->arena, items[i].id, NULL);
            }
        }
        if (count > 1) {
            qsort(items, (size_t)count, sizeof(*items), compare_items);
        }
        site->items[kind] = items;
        site->item_counts[kind] = count;
        for (ptrdiff_t i = 0; i < count; i++) {
            items[i].index = (int32_t)i;
            map_insert(&site->items_by_id[kind], &site->arena, items[i].id, NULL)->value.pointer =
                &items[i];
        }
    }
}

const struct item *site_item(const struct site *site, enum item_kind kind, struct slice id)
{
    return map_get(&site->items_by_id[kind], id);
}

bool site_is_draft(const struct site *site, enum item_kind kind, struct slice id)
{
    return map_find(&site->drafts[kind], id) != NULL;
}

bool site_lacks_items(const struct site *site, enum item_kind kind, struct diag *diag)
{
    if (site->item_counts[kind] > 0 || site->drafts[kind].length > 0) {
        return false;
    }
    struct slice name = item_kind_folder(kind);
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    DIAG_MISSING(diag, CODE_item_none, ARENA_JOIN(&arena, SLICE("content/"), name), name);
    arena_release(&arena);
    return true;
}

bool site_item_is_elsewhere(const struct site *site, enum item_kind kind, struct slice id)
{
    for (int other = 0; other < ITEM_KINDS; other++) {
        const struct item *item = site_item(site, (enum item_kind)other, id);
        if (item != NULL && item->is_misplaced) {
            return true;
        }
    }
    for (ptrdiff_t i = 0; i < site->item_counts[kind]; i++) {
        if (slice_equal_ignoring_ascii_case(site->items[kind][i].id, id)) {
            return true;
        }
    }
    return false;
}

int item_language(const struct item *item, int language)
{
    if (item->versions[language].exists) {
        return language;
    }
    int first = 0;
    while (!item->versions[first].exists) {
        first++; /* an item exists because some version does */
    }
    return first;
}
