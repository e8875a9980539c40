#include "cli.h"
#include "marks.h"
#include "upkeep.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

/* kyodo translated: somebody has read a translation beside its original and says that it is right.
 */

/* One translation to be marked. */
struct subject {
    const struct item *item;
    int language;
    struct section_list sections;
};

struct marking {
    const struct options *options;
    struct session session;
    struct arena arena;
    const char *site; /* its folder, absolute */
    /* The arguments: paths first, then names of sections. */
    int path_count;
    VECTOR(struct subject) subjects;
};

static int refuse(const struct marking *marking, struct slice subject, const char *ja,
                  const char *en)
{
    bool japanese = marking->options->language == INTERFACE_JAPANESE;
    fprintf(stderr, japanese ? "kyodo: 「%.*s」%s\n" : "kyodo: \"%.*s\" %s\n",
            SLICE_ARGUMENTS(subject), japanese ? ja : en);
    return EXIT_USAGE;
}

/* ---- Arguments ---- */

static bool is_path(const char *argument)
{
    struct stat status;
    struct slice text = slice_of(argument);
    return slice_find_byte(text, '/', 0) >= 0 || slice_ends_with(text, SLICE(".md")) ||
           stat(argument, &status) == 0;
}

/* The folder above a file that holds content/site.yaml; NULL when there is none. */
static const char *site_of(struct slice path, struct arena *arena)
{
    while (path.length > 0) {
        const char *config =
            arena_string(arena, ARENA_JOIN(arena, path, SLICE("/content/site.yaml")));
        if (access(config, F_OK) == 0) {
            return arena_string(arena, path);
        }
        path = slice_sub(path, 0, slice_find_last_byte(path, '/'));
    }
    return NULL;
}

/* The path below the site; empty for the site itself. False when it leads nowhere or elsewhere. */
static bool path_in_site(struct marking *marking, const char *path, struct slice *out)
{
    char resolved[PATH_MAX];
    if (realpath(path, resolved) == NULL) {
        return refuse(marking, slice_of(path), "がありません", "is not there") == EXIT_CLEAN;
    }
    struct slice whole = arena_copy(&marking->arena, slice_of(resolved));
    const char *own = site_of(whole, &marking->arena);
    if (own == NULL) {
        return refuse(marking, slice_of(path),
                      "は、サイト（content/site.yaml のあるフォルダー）の中にありません",
                      "is in no site (a folder that holds content/site.yaml)") == EXIT_CLEAN;
    }
    struct slice site = slice_of(own);
    if (marking->site != NULL && !slice_equal(slice_of(marking->site), site)) {
        return refuse(marking, slice_of(path),
                      "は、ほかのサイトのものです。サイトごとに実行してください",
                      "belongs to another site; run this once for each") == EXIT_CLEAN;
    }
    marking->site = own;
    *out = slice_from(whole, whole.length == site.length ? site.length : site.length + 1);
    return true;
}

static int take_arguments(struct marking *marking, struct slice *paths)
{
    const struct options *options = marking->options;
    for (int i = 0; i < options->argument_count; i++) {
        if (!is_path(options->arguments[i])) {
            continue;
        }
        if (i > marking->path_count) {
            return refuse(marking, slice_of(options->arguments[i]),
                          "：ファイルは、節の名前より先に書いてください",
                          "stands behind the name of a section; files come first");
        }
        if (!path_in_site(marking, options->arguments[i], &paths[marking->path_count])) {
            return EXIT_USAGE;
        }
        marking->path_count++;
    }
    if (marking->path_count == 0) {
        say(options,
            "訳のファイルかフォルダーを書いてください（例: kyodo translated "
            "content/pages/about/index.en.md）",
            "name a translation's file or its folder, for example: "
            "kyodo translated content/pages/about/index.en.md");
        return EXIT_USAGE;
    }
    return EXIT_CLEAN;
}

/* ---- Which translations ---- */

static bool is_meant(struct slice file, struct slice path)
{
    return path.length == 0 || slice_equal(file, path) ||
           (slice_starts_with(file, path) && file.data[path.length] == '/');
}

static void add_subject(struct marking *marking, const struct item *item, int language)
{
    for (ptrdiff_t i = 0; i < marking->subjects.length; i++) {
        const struct subject *known = &marking->subjects.data[i];
        if (known->item == item && known->language == language) {
            return;
        }
    }
    *VECTOR_PUSH(&marking->arena, &marking->subjects) =
        (struct subject){item, language, item_sections(item, language, &marking->arena)};
}

/* What can't be compared with its original is no translation that could be marked. */
static int check_subject(const struct marking *marking, const struct subject *subject)
{
    struct source *original = subject->item->versions[0].source;
    struct slice path = source_path(subject->item->versions[subject->language].source);
    if (!subject->item->versions[0].exists) {
        return refuse(marking, path, "の原文がありません", "has no original");
    }
    if (diag_errors_of_file(marking->session.diag, source_path(original)) > 0 ||
        subject->sections.count == 0) {
        refuse(marking, subject->sections.count == 0 ? path : source_path(original),
               "に直すところがあります。kyodo check で見てから、もう一度実行してください",
               "has errors; see kyodo check, then run this again");
        return EXIT_INPUT;
    }
    return EXIT_CLEAN;
}

static int add_subjects(struct marking *marking, struct slice path)
{
    const struct site *site = &marking->session.site;
    ptrdiff_t before = marking->subjects.length;
    bool is_original = false;
    bool any = false;
    for (int kind = 0; kind < ITEM_KINDS; kind++) {
        for (ptrdiff_t i = 0; i < site->item_counts[kind]; i++) {
            const struct item *item = &site->items[kind][i];
            for (int language = 0; language < site->language_count; language++) {
                const struct version *version = &item->versions[language];
                if (!version->exists || !is_meant(source_path(version->source), path)) {
                    continue;
                }
                is_original = is_original || slice_equal(source_path(version->source), path);
                any = any || language > 0;
                if (language > 0) {
                    add_subject(marking, item, language);
                }
            }
        }
    }
    if (!any) {
        return refuse(marking, path,
                      is_original ? "は原文です。訳のファイルを書いてください"
                                  : "には、このサイトの訳がありません",
                      is_original ? "is the original; name a translation"
                                  : "holds no translation of this site");
    }
    for (ptrdiff_t i = before; i < marking->subjects.length; i++) {
        int status = check_subject(marking, &marking->subjects.data[i]);
        if (status != EXIT_CLEAN) {
            return status;
        }
    }
    return EXIT_CLEAN;
}

/* ---- Which sections ---- */

static const struct section *find_section(const struct section_list *sections, struct slice name)
{
    for (ptrdiff_t i = 0; i < sections->count; i++) {
        if (slice_equal(sections->items[i].name, name)) {
            return &sections->items[i];
        }
    }
    return NULL;
}

/* The name that was meant, or all of them. */
static void tell_names(const struct marking *marking, struct section_list sections,
                       struct slice name)
{
    struct slice nearest = {0};
    int least = 3;
    for (ptrdiff_t i = 0; i < sections.count; i++) {
        int distance = slice_distance(name, sections.items[i].name, 2);
        nearest = distance < least ? sections.items[i].name : nearest;
        least = distance < least ? distance : least;
    }
    bool japanese = marking->options->language == INTERFACE_JAPANESE;
    if (nearest.length > 0) {
        fprintf(stderr, japanese ? "「%.*s」の間違いではありませんか。\n" : "was \"%.*s\" meant?\n",
                SLICE_ARGUMENTS(nearest));
        return;
    }
    fputs(japanese ? "節の名前:" : "its sections:", stderr);
    for (ptrdiff_t i = 0; i < sections.count; i++) {
        fprintf(stderr, " %.*s", SLICE_ARGUMENTS(sections.items[i].name));
    }
    fputc('\n', stderr);
}

/* Whether every section that was named can be marked in every file that was named. */
static int check_sections(const struct marking *marking)
{
    const struct options *options = marking->options;
    for (int i = marking->path_count; i < options->argument_count; i++) {
        struct slice name = slice_of(options->arguments[i]);
        for (ptrdiff_t k = 0; k < marking->subjects.length; k++) {
            const struct subject *subject = &marking->subjects.data[k];
            const struct section *section = find_section(&subject->sections, name);
            if (section == NULL) {
                refuse(marking, name, "という節はありません", "is no section of it");
                tell_names(marking, subject->sections, name);
                return EXIT_USAGE;
            }
            if (section->state == SECTION_MISSING) {
                return refuse(marking, name, "の節が、訳にまだありません",
                              "is not in the translation yet");
            }
            if (section->state == SECTION_LEFT_OVER) {
                return refuse(marking, name, "の節が、原文にありません。訳からも消してください",
                              "is not in the original; delete it from the translation");
            }
        }
    }
    return EXIT_CLEAN;
}

static bool is_chosen(const struct marking *marking, struct slice name)
{
    const struct options *options = marking->options;
    for (int i = marking->path_count; i < options->argument_count; i++) {
        if (slice_equal(slice_of(options->arguments[i]), name)) {
            return true;
        }
    }
    return marking->path_count == options->argument_count;
}

/* ---- Marking ---- */

static void append_name(struct buffer *list, struct slice name)
{
    buffer_append(list, list->length > 0 ? SLICE(", ") : SLICE(""));
    buffer_append(list, name);
}

/* All marks of a file as they will be; the names of new ones, and of what can't be marked. */
static void make_marks(struct marking *marking, const struct subject *subject, struct map *marks,
                       struct buffer *changed, struct buffer *missing)
{
    const struct map *known = &subject->item->versions[subject->language].marks;
    for (ptrdiff_t i = 0; i < subject->sections.count; i++) {
        const struct section *section = &subject->sections.items[i];
        const struct map_entry *mark = map_find(known, section->name);
        bool is_new = false;
        switch (section->state) {
        case SECTION_MISSING:
            append_name(missing, section->name);
            break;
        case SECTION_CURRENT:
        case SECTION_OUTDATED:
        case SECTION_UNMARKED:
            is_new = is_chosen(marking, section->name) && section->state != SECTION_CURRENT;
            if (is_new || mark != NULL) {
                map_insert(marks, &marking->arena, section->name, NULL)->value.integer =
                    is_new ? (int64_t)section->hash : mark->value.integer;
            }
            break;
        case SECTION_LEFT_OVER:
        case SECTION_UNTRANSLATED:
        case SECTION_STATES:
            break;
        }
        if (is_new) {
            append_name(changed, section->name);
        }
    }
}

static void tell(const struct marking *marking, struct slice path, struct slice changed,
                 struct slice missing, bool is_written)
{
    bool japanese = marking->options->language == INTERFACE_JAPANESE;
    if (option_flag(marking->options, OPTION_all_quiet)) {
        return;
    }
    if (changed.length == 0 && is_written) {
        printf(japanese ? "%.*s: もうない節の記録を消しました\n"
                        : "%.*s: marks of sections that are no more were removed\n",
               SLICE_ARGUMENTS(path));
    } else if (changed.length == 0) {
        printf(japanese ? "%.*s: 変わりません（どの節も、確認ずみと記録されています）\n"
                        : "%.*s: nothing to do, every section is marked already\n",
               SLICE_ARGUMENTS(path));
    } else {
        printf(japanese ? "%.*s: 確認ずみと記録しました: %.*s\n"
                        : "%.*s: marked as reviewed and right: %.*s\n",
               SLICE_ARGUMENTS(path), SLICE_ARGUMENTS(changed));
    }
    if (missing.length > 0) {
        printf(japanese ? "%.*s: 訳がまだない節: %.*s\n" : "%.*s: not translated yet: %.*s\n",
               SLICE_ARGUMENTS(path), SLICE_ARGUMENTS(missing));
    }
}

static int write_marks(struct marking *marking, struct slice path, const struct map *marks,
                       bool *is_written)
{
    const struct tree *tree = &marking->session.tree;
    char *bytes = NULL;
    int64_t length = 0;
    struct buffer text;
    buffer_init(&text);
    int status = EXIT_CLEAN;
    if (!tree_read_bytes(tree, path, LOAD_LIMIT_TEXT, &bytes, &length, marking->session.diag)) {
        status = refuse(marking, path, "を読めません", "cannot be read");
    } else if (!marks_put(slice_make(bytes, (ptrdiff_t)length), marks, &marking->arena, &text)) {
        refuse(
            marking, path,
            "の項目欄に書き加えられません。kyodo check で見て直してから、もう一度実行してください",
            "has front matter that nothing can be added to; see kyodo check, then run this again");
        status = EXIT_INPUT;
    } else if (!slice_equal(buffer_slice(&text), slice_make(bytes, (ptrdiff_t)length))) {
        const char *file =
            arena_string(&marking->arena,
                         ARENA_JOIN(&marking->arena, slice_of(marking->site), SLICE("/"), path));
        int error = file_replace(file, buffer_slice(&text));
        if (error != 0) {
            fprintf(stderr, "kyodo: %.*s: %s\n", SLICE_ARGUMENTS(path), strerror(error));
            status = EXIT_SYSTEM;
        }
        *is_written = true;
    }
    buffer_release(&text);
    free(bytes);
    return status;
}

static int mark(struct marking *marking, const struct subject *subject)
{
    struct slice path = source_path(subject->item->versions[subject->language].source);
    struct map marks = {0};
    struct buffer changed;
    struct buffer missing;
    buffer_init(&changed);
    buffer_init(&missing);
    make_marks(marking, subject, &marks, &changed, &missing);
    bool is_written = false;
    int status = marks.length > 0 ? write_marks(marking, path, &marks, &is_written) : EXIT_CLEAN;
    if (status == EXIT_CLEAN) {
        tell(marking, path, buffer_slice(&changed), buffer_slice(&missing), is_written);
    }
    buffer_release(&changed);
    buffer_release(&missing);
    return status;
}

static int run(struct marking *marking, const struct slice *paths)
{
    if (!marking->session.is_built) {
        return session_report(&marking->session, marking->options, "text", false, STDERR_FILENO);
    }
    int status = EXIT_CLEAN;
    for (int i = 0; i < marking->path_count && status == EXIT_CLEAN; i++) {
        status = add_subjects(marking, paths[i]);
    }
    if (status == EXIT_CLEAN) {
        status = check_sections(marking);
    }
    for (ptrdiff_t i = 0; i < marking->subjects.length && status == EXIT_CLEAN; i++) {
        status = mark(marking, &marking->subjects.data[i]);
    }
    return status;
}

int command_translated(const struct options *options)
{
    struct marking marking = {.options = options};
    arena_init(&marking.arena, ARENA_DEFAULT_LIMIT);
    struct slice *paths = ARENA_ARRAY(&marking.arena, struct slice, options->argument_count);
    int status = take_arguments(&marking, paths);
    if (status == EXIT_CLEAN) {
        session_open(&marking.session, &(struct session_options){.site = marking.site,
                                                                 .with_drafts = true,
                                                                 .jobs = pool_available_threads()});
        status = run(&marking, paths);
        session_close(&marking.session);
    }
    arena_release(&marking.arena);
    return status;
}
