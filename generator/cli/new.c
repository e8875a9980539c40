#include "cli.h"
#include "new_folder.h"
#include "specimen.h"

#include <unistd.h>

/* kyodo new: a case, page, news or meeting in all of the site's languages, from the fictional
 * example that is shipped (starter/new/<kind>/index.<lang>.md), by the table of fields. */

/* The example in the two languages that it is written in; facts stand in the Japanese one. */
enum example_language { EXAMPLE_JAPANESE, EXAMPLE_ENGLISH, EXAMPLE_LANGUAGES };

struct example {
    const struct node *front_matter;
    struct slice body;
};

struct making {
    const struct options *options;
    struct session *session;
    enum item_kind kind;
    struct slice id;
    struct example examples[EXAMPLE_LANGUAGES];
};

static bool is_japanese(const struct making *making)
{
    return making->options->language == INTERFACE_JAPANESE;
}

/* ---- The example ---- */

static bool read_example(struct making *making, const struct tree *shipped,
                         enum example_language language)
{
    struct arena *arena = &making->session->arena;
    struct diag *diag = making->session->diag;
    struct slice path =
        ARENA_JOIN(arena, SLICE("starter/new/"), shape_name(item_kind_shape(making->kind)),
                   language == EXAMPLE_JAPANESE ? SLICE("/index.ja.md") : SLICE("/index.en.md"));
    if (tree_find(shipped, path) < 0) {
        return false;
    }
    struct source *source = tree_read_source(shipped, path, LOAD_LIMIT_TEXT, false, NULL, diag);
    if (source == NULL) {
        return false;
    }
    struct front_matter matter = front_matter_split(source, diag);
    struct example *example = &making->examples[language];
    example->front_matter = yaml_parse(source, matter.yaml_start, matter.yaml_end, arena, diag);
    example->body = arena_copy(arena, slice_from(source_text(source), matter.body_start));
    source_free(source);
    return example->front_matter != NULL;
}

static bool read_examples(struct making *making)
{
    static const struct slice folder = {"starter", 7};
    struct arena *arena = &making->session->arena;
    struct slice root = shipped_root(arena);
    struct tree shipped = {0};
    if (root.length == 0 ||
        !tree_open_disk(&shipped, root, &folder, 1, NULL, arena, making->session->diag)) {
        return false;
    }
    bool is_read = read_example(making, &shipped, EXAMPLE_JAPANESE) &&
                   read_example(making, &shipped, EXAMPLE_ENGLISH);
    tree_close(&shipped);
    return is_read;
}

/* ---- Its files ---- */

/* A translation into a third language has no words yet; an original in one begins with the English
 * ones. */
static void put_text(const struct making *making, struct new_folder *folder, int language)
{
    const struct site *site = &making->session->site;
    struct arena *arena = &making->session->arena;
    struct slice tag = site->languages[language].tag;
    const struct example *example = NULL;
    if (slice_equal(tag, SLICE("ja"))) {
        example = &making->examples[EXAMPLE_JAPANESE];
    } else if (slice_equal(tag, SLICE("en")) || language == 0) {
        example = &making->examples[EXAMPLE_ENGLISH];
    }
    struct specimen specimen = {
        .site = site,
        .kind = making->kind,
        .language = language,
        .facts = making->examples[EXAMPLE_JAPANESE].front_matter,
        .words = example != NULL ? example->front_matter : NULL,
        .body = example != NULL ? example->body : SLICE(""),
    };
    struct buffer text = {0};
    specimen_write(&specimen, arena, &text);
    new_folder_put(folder, ARENA_JOIN(arena, SLICE("index."), tag, SLICE(".md")),
                   buffer_slice(&text));
    buffer_release(&text);
}

static int fail(const struct making *making, const char *path, int error)
{
    fprintf(stderr,
            is_japanese(making) ? "kyodo: %s を作れません: %s\n" : "kyodo: cannot make %s: %s\n",
            path, strerror(error));
    return EXIT_SYSTEM;
}

static void print_next_steps(const struct making *making, const struct new_folder *folder)
{
    struct slice tag = making->session->site.languages[0].tag;
    if (!option_flag(making->options, OPTION_all_quiet)) {
        printf(is_japanese(making)
                   ? "%s を作りました。架空の例と説明が入っています。%s/index.%.*s.md "
                     "から書き直し、kyodo check --drafts で確かめてください\n"
                   : "made %s: a fictional example with explanations. Begin with "
                     "%s/index.%.*s.md, and look at it with kyodo check --drafts\n",
               folder->target, folder->target, SLICE_ARGUMENTS(tag));
    }
}

static int write_item(const struct making *making, const char *root)
{
    struct arena *arena = &making->session->arena;
    bool is_here = slice_equal(slice_of(root), SLICE("."));
    const char *path =
        arena_string(arena, ARENA_JOIN(arena, is_here ? SLICE("") : slice_of(root),
                                       is_here ? SLICE("content/") : SLICE("/content/"),
                                       item_kind_folder(making->kind), SLICE("/"), making->id));
    struct new_folder folder;
    switch (new_folder_open(&folder, path, false, arena)) {
    case NEW_FOLDER_TAKEN:
        fprintf(stderr,
                is_japanese(making)
                    ? "kyodo: %s はもうあるので、何も書きませんでした。別の ID を書いてください\n"
                    : "kyodo: %s is there already, so nothing was written; choose another id\n",
                path);
        return EXIT_USAGE;
    case NEW_FOLDER_FAILED:
        return fail(making, path, folder.error);
    case NEW_FOLDER_READY:
        break;
    }
    for (int i = 0; i < making->session->site.language_count; i++) {
        put_text(making, &folder, i);
    }
    if (new_folder_finish(&folder) != 0) {
        return fail(making, path, folder.error);
    }
    print_next_steps(making, &folder);
    return EXIT_CLEAN;
}

/* ---- All of it ---- */

/* The finding that `kyodo check` would have about such a folder. */
static int refuse_id(const struct making *making, enum code fault)
{
    struct arena *arena = &making->session->arena;
    struct diag *diag = diag_new(0);
    DIAG_MISSING(diag, fault,
                 ARENA_JOIN(arena, SLICE("content/"), item_kind_folder(making->kind), SLICE("/"),
                            making->id, SLICE("/")),
                 making->id);
    release_report(diag, making->options->language, SEVERITY_ERROR);
    diag_free(diag);
    return EXIT_USAGE;
}

/* The item whose former id this is: its old address leads on to it. */
static const struct item *former_owner(const struct making *making)
{
    const struct site *site = &making->session->site;
    enum field_id aliases = shape_field_by_key(item_kind_shape(making->kind), SLICE("aliases"));
    for (ptrdiff_t i = 0; i < site->item_counts[making->kind]; i++) {
        const struct item *item = &site->items[making->kind][i];
        struct value_list list = record_list(item->record, aliases);
        for (ptrdiff_t k = 0; k < list.count; k++) {
            if (slice_equal(list.items[k].as.text, making->id)) {
                return item;
            }
        }
    }
    return NULL;
}

/* A code list that such an item must have a code of, and the site has not: whatever was written
 * would be refused. NULL when all are there. */
static const char *missing_codelist(const struct making *making)
{
    int first;
    int end;
    shape_fields(item_kind_shape(making->kind), &first, &end);
    for (int i = first; i < end; i++) {
        const struct field_info *info = field_info((enum field_id)i);
        bool is_needed = info->type == FIELD_TYPE_CODE && (info->flags & FIELD_REQUIRED) != 0;
        const struct codelist *list =
            is_needed ? site_codelist(&making->session->site, slice_of(info->target)) : NULL;
        if (is_needed && (list == NULL || list->count == 0)) {
            return info->target;
        }
    }
    return NULL;
}

static int make_item(struct making *making)
{
    const char *root = option_value(making->options, OPTION_new_site, ".");
    session_open(making->session, &(struct session_options){.site = root, .jobs = 1});
    if (!making->session->is_built) {
        return session_report(making->session, making->options, "text", false, STDERR_FILENO);
    }
    enum code fault = item_id_fault(&making->session->site, making->kind, making->id);
    if (fault != CODE_COUNT) {
        return refuse_id(making, fault);
    }
    const struct item *owner = former_owner(making);
    if (owner != NULL) {
        fprintf(stderr,
                is_japanese(making)
                    ? "kyodo: %.*s は %.*s の以前の ID なので使えません。別の ID を書いてください\n"
                    : "kyodo: %.*s is a former id of %.*s; choose another id\n",
                SLICE_ARGUMENTS(making->id), SLICE_ARGUMENTS(owner->id));
        return EXIT_USAGE;
    }
    const char *missing = missing_codelist(making);
    if (missing != NULL) {
        fprintf(
            stderr,
            is_japanese(making)
                ? "kyodo: サイトにコードの一覧 %s がないので、何も書きませんでした。kyodo init で"
                  "作ったサイトの data/ を写してから、もう一度実行してください\n"
                : "kyodo: the site has no code list %s, which it needs, so nothing was written; "
                  "copy data/ from a site that kyodo init makes and run this again\n",
            missing);
        return EXIT_INPUT;
    }
    if (!read_examples(making)) {
        say(making->options, "kyodo に付いているファイル（share/kyodo）が見つかりません",
            "the files that come with kyodo (share/kyodo) are not there");
        return EXIT_SYSTEM;
    }
    return write_item(making, root);
}

int command_new(const struct options *options)
{
    struct session session;
    struct making making = {.options = options, .session = &session};
    if (options->argument_count < 2 ||
        !kind_by_name(slice_of(options->arguments[0]), &making.kind)) {
        say(options,
            "case、page、news、meeting のどれかと、ID を書いてください（例: kyodo new case "
            "flower-beds）",
            "name one of case, page, news and meeting, and an id, for example: kyodo new case "
            "flower-beds");
        return EXIT_USAGE;
    }
    making.id = slice_of(options->arguments[1]);
    int status = make_item(&making);
    session_close(&session);
    return status;
}
