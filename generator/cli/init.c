#include "cli.h"
#include "init_descriptor.h"
#include "new_folder.h"
#include "registers.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

/* kyodo init: a new city's site, from what the program ships: starter/site with today's date and
 * what the command line says put in; code lists, frameworks and rules as they are; registers with
 * column names and no rows; workflows; JSON Schemas for editors. What starter/site holds goes
 * before a file of the same name elsewhere. */

#define VALUES_MOST 8

/* `{name}` or `{name|otherwise}` in a file of the starter becomes the value; any other braces stay.
 */
struct placed {
    struct slice name;
    struct slice text;
};

struct initialising {
    const struct options *options;
    struct arena arena;
    struct diag *diag;
    struct tree shipped; /* starter/, data/ and the workflows */
    struct new_folder folder;
    struct slice original; /* tags of its languages */
    struct slice translation;
    struct slice area; /* the city's own row of areas.csv, with its line end; empty when it was not
                          said */
    struct placed values[VALUES_MOST];
    int value_count;
};

static bool is_japanese(const struct initialising *init)
{
    return init->options->language == INTERFACE_JAPANESE;
}

static int refuse(const struct initialising *init, struct slice subject, const char *ja,
                  const char *en)
{
    fprintf(stderr, "kyodo: %.*s: %s\n", SLICE_ARGUMENTS(subject), is_japanese(init) ? ja : en);
    return EXIT_USAGE;
}

/* ---- What is shipped ---- */

/* Bytes of a file that is shipped; empty with a finding when it can't be read. */
static struct slice read_shipped(struct initialising *init, struct slice path)
{
    char *bytes = NULL;
    int64_t length = 0;
    if (!tree_read_bytes(&init->shipped, path, LOAD_LIMIT_TEXT, &bytes, &length, init->diag)) {
        return (struct slice){0};
    }
    struct slice copy = arena_copy(&init->arena, slice_make(bytes, (ptrdiff_t)length));
    free(bytes);
    return copy;
}

/* ---- What the command line says ---- */

/* The frameworks and code lists that come along are in Japanese and English, so a site begins with
 * both; the order is a city's choice. */
static bool read_languages(struct initialising *init)
{
    struct slice all = slice_of(option_value(init->options, OPTION_init_languages, "ja,en"));
    bool is_english_first = slice_equal(all, SLICE("en,ja"));
    init->original = is_english_first ? SLICE("en") : SLICE("ja");
    init->translation = is_english_first ? SLICE("ja") : SLICE("en");
    if (is_english_first || slice_equal(all, SLICE("ja,en"))) {
        return true;
    }
    refuse(
        init, all,
        "--languages には ja,en か en,ja を書きます（最初が原文）。付いてくる枠組みとコードの一覧が"
        "日本語と英語だからです。ほかの言語は、あとから site.yaml に足せます",
        "--languages takes ja,en or en,ja (the original first), for the frameworks and code lists "
        "that come along are in Japanese and English; other languages can be added to site.yaml "
        "later");
    return false;
}

static struct slice framework_path(struct initialising *init, struct slice id)
{
    return ARENA_JOIN(&init->arena, SLICE("data/principles/frameworks/"), id, SLICE(".yaml"));
}

/* The names of the frameworks that come along, `between` them. */
static struct slice framework_names(struct initialising *init, struct slice between)
{
    struct slice base = SLICE("data/principles/frameworks/");
    struct buffer text = {0};
    ptrdiff_t at;
    ptrdiff_t end;
    tree_range(&init->shipped, base, &at, &end);
    for (; at < end; at++) {
        struct slice name = slice_from(init->shipped.files[at].path, base.length);
        buffer_append(&text, text.length > 0 ? between : SLICE(""));
        buffer_append(&text, slice_sub(name, 0, name.length - SLICE(".yaml").length));
    }
    struct slice result = arena_copy(&init->arena, buffer_slice(&text));
    buffer_release(&text);
    return result;
}

static bool read_frameworks(struct initialising *init)
{
    struct slice rest = slice_of(option_value(init->options, OPTION_init_framework, NULL));
    while (rest.length > 0) {
        struct slice id = slice_trim(slice_cut(&rest, ','));
        if (tree_find(&init->shipped, framework_path(init, id)) < 0) {
            bool japanese = is_japanese(init);
            fprintf(stderr,
                    japanese ? "kyodo: %.*s: という枠組みはありません。--framework に書けるのは "
                               "%.*s です\n"
                             : "kyodo: %.*s: there is no such framework; --framework takes %.*s\n",
                    SLICE_ARGUMENTS(id),
                    SLICE_ARGUMENTS(framework_names(init, japanese ? SLICE("、") : SLICE(", "))));
            return false;
        }
    }
    return true;
}

/* What the code says of itself; towns and villages are municipalities like cities. */
static struct slice area_kind(struct slice code)
{
    bool is_special = slice_starts_with(code, SLICE("131")) && code.data[3] <= '2';
    return slice_equal(slice_sub(code, 2, 5), SLICE("000")) ? SLICE("prefecture")
           : is_special                                     ? SLICE("special_ward")
                                                            : SLICE("city");
}

/* The line of a code in a list of areas, with its end; empty when the list has none. */
static struct slice line_of_area(struct initialising *init, struct slice list, struct slice code)
{
    struct slice start = ARENA_JOIN(&init->arena, SLICE("\n"), code, SLICE(","));
    ptrdiff_t at = slice_find(list, start, 0);
    if (at < 0) {
        return (struct slice){0};
    }
    return slice_sub(list, at + 1, slice_find_byte(list, '\n', at + 1) + 1);
}

/* The prefecture's code, where the list that comes along has it. */
static struct slice area_parent(struct initialising *init, struct slice code, struct slice list)
{
    struct slice five = ARENA_JOIN(&init->arena, slice_sub(code, 0, 2), SLICE("000"));
    struct slice check = arena_format(&init->arena, "%c", area_check_digit(five.data));
    struct slice parent = ARENA_JOIN(&init->arena, five, check);
    return line_of_area(init, list, parent).length > 0 ? parent : SLICE("");
}

static bool is_area_code(struct slice code)
{
    int64_t number;
    return code.length == 6 && code.data[0] >= '0' && code.data[0] <= '9' &&
           slice_to_integer(code, &number) && code.data[5] == area_check_digit(code.data);
}

/* The code of the city whose framework comes first; empty when none was named. */
static struct slice framework_city(struct initialising *init)
{
    struct slice rest = slice_of(option_value(init->options, OPTION_init_framework, ""));
    struct slice path = framework_path(init, slice_trim(slice_cut(&rest, ',')));
    struct source *source =
        tree_find(&init->shipped, path) < 0
            ? NULL
            : tree_read_source(&init->shipped, path, LOAD_LIMIT_TEXT, false, NULL, init->diag);
    if (source == NULL) {
        return (struct slice){0};
    }
    const struct node *city = node_get(
        yaml_parse(source, 0, source_text(source).length, &init->arena, init->diag), "city");
    source_free(source);
    return city != NULL ? city->text : (struct slice){0};
}

/* CODE=NAME=ENGLISH. */
static bool read_area(struct initialising *init)
{
    static const struct slice list_path = {"starter/site/data/codelists/areas.csv", 37};
    struct slice list = read_shipped(init, list_path);
    struct slice rest = slice_of(option_value(init->options, OPTION_init_area, NULL));
    if (rest.length == 0) {
        init->area = line_of_area(init, list, framework_city(init));
        return true;
    }
    struct slice whole = rest;
    struct slice code = slice_trim_wide(slice_cut(&rest, '='));
    struct slice name = slice_trim_wide(slice_cut(&rest, '='));
    struct slice english = slice_trim_wide(rest);
    if (!is_area_code(code) || name.length == 0 || english.length == 0) {
        refuse(
            init, whole,
            "--area には、市の全国地方公共団体コード（検査数字までの6桁）と、日本語と英語の名前を、"
            "--area \"141003=横浜市=Yokohama City\" のように書きます",
            "--area takes the city's local government code (six digits, the last of which is a "
            "check digit) and its name in Japanese and English, like --area "
            "\"141003=横浜市=Yokohama City\"");
        return false;
    }
    init->area = line_of_area(init, list, code);
    if (init->area.length > 0) {
        return true; /* it comes along */
    }
    struct buffer line = {0};
    const struct slice fields[] = {
        code,      name,      english,         SLICE(""),
        SLICE(""), SLICE(""), area_kind(code), area_parent(init, code, list)};
    for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
        buffer_append(&line, i > 0 ? SLICE(",") : SLICE(""));
        escape_csv_field(&line, fields[i]);
    }
    buffer_append_byte(&line, '\n');
    init->area = arena_copy(&init->arena, buffer_slice(&line));
    buffer_release(&line);
    return true;
}

/* ---- Values ---- */

static void set_value(struct initialising *init, struct slice name, struct slice text)
{
    init->values[init->value_count++] = (struct placed){name, text};
}

/* SOURCE_DATE_EPOCH or the clock: a new site has no date of its own yet. */
static struct slice today(struct arena *arena)
{
    int64_t seconds = 0;
    struct tm date = {0};
    if (slice_to_integer(slice_of(getenv("SOURCE_DATE_EPOCH")), &seconds) && seconds >= 0) {
        time_t fixed = (time_t)seconds;
        gmtime_r(&fixed, &date);
    } else {
        time_t now = time(NULL);
        localtime_r(&now, &date);
    }
    return arena_format(arena, "%04d-%02d-%02d", date.tm_year + 1900, date.tm_mon + 1,
                        date.tm_mday);
}

/* A language's line in site.yaml. */
static struct slice language_line(struct initialising *init, struct slice tag)
{
    return ARENA_JOIN(&init->arena, SLICE("  - {tag: "), tag, SLICE(", name: "),
                      slice_equal(tag, SLICE("ja")) ? SLICE("日本語") : SLICE("English"),
                      SLICE("}"));
}

static void set_values(struct initialising *init)
{
    struct arena *arena = &init->arena;
    const char *title = option_value(init->options, OPTION_init_title, NULL);
    set_value(init, SLICE("today"), today(arena));
    set_value(init, SLICE("languages"),
              ARENA_JOIN(arena, language_line(init, init->original), SLICE("\n"),
                         language_line(init, init->translation)));
    /* each on a line of comment */
    set_value(init, SLICE("choices"),
              ARENA_JOIN(arena, SLICE("#     "), framework_names(init, SLICE("\n#     "))));
    set_value(init, SLICE("frameworks"),
              slice_of(option_value(init->options, OPTION_init_framework, "")));
    set_value(init, SLICE("original"), init->original);
    set_value(init, SLICE("translation"), init->translation);
    if (title != NULL) {
        struct buffer quoted = {0};
        struct json_writer json;
        json_begin(&json, &quoted, false);
        json_string(&json, slice_of(title));
        set_value(init, ARENA_JOIN(arena, SLICE("title."), init->original),
                  arena_copy(arena, buffer_slice(&quoted)));
        buffer_release(&quoted);
    }
}

static void append_with_values(const struct initialising *init, struct slice text,
                               struct buffer *out)
{
    ptrdiff_t done = 0;
    ptrdiff_t open;
    while ((open = slice_find_byte(text, '{', done)) >= 0) {
        ptrdiff_t close = slice_find_byte(text, '}', open);
        struct slice otherwise = slice_sub(text, open + 1, close > open ? close : open + 1);
        struct slice name = slice_cut(&otherwise, '|');
        bool is_value =
            otherwise.data != NULL && name.length > 0 && slice_starts_with(name, SLICE("title."));
        for (int i = 0; i < init->value_count; i++) {
            if (slice_equal(init->values[i].name, name)) {
                otherwise = init->values[i].text;
                is_value = true;
            }
        }
        buffer_append(out, slice_sub(text, done, open));
        buffer_append(out, is_value ? otherwise : SLICE("{"));
        done = is_value ? close + 1 : open + 1;
    }
    buffer_append(out, slice_from(text, done));
}

/* ---- Files ---- */

/* A page that is a translation holds no facts: its lines with one are left out of its front matter.
 */
static void append_translation(struct slice text, struct buffer *out)
{
    struct slice rest = text;
    int fences = 0;
    while (rest.data != NULL && rest.length > 0) {
        struct slice line = slice_cut(&rest, '\n');
        struct slice value = line;
        enum field_id field = shape_field_by_key(SHAPE_page, slice_cut(&value, ':'));
        bool is_fact =
            fences == 1 && field != FIELD_COUNT && (field_info(field)->flags & FIELD_WORD) == 0;
        fences += slice_equal(line, SLICE("---")) ? 1 : 0;
        if (!is_fact) {
            buffer_append(out, line);
            buffer_append_byte(out, '\n');
        }
    }
}

/* starter/site/x -> x: `dot-` at the beginning of a name is a dot, and the README of the original's
 * language is README.md. */
static struct slice site_path(struct initialising *init, struct slice path)
{
    if (slice_starts_with(path, SLICE("dot-"))) {
        return ARENA_JOIN(&init->arena, SLICE("."), slice_from(path, 4));
    }
    struct slice first = ARENA_JOIN(&init->arena, SLICE("README."), init->original, SLICE(".md"));
    return slice_equal(path, first) ? SLICE("README.md") : path;
}

/* The list of areas with the city's own row at its end, where `kyodo new` looks for it. */
static void append_areas(const struct initialising *init, struct slice list, struct buffer *out)
{
    ptrdiff_t at = init->area.length > 0 ? slice_find(list, init->area, 0) : -1;
    buffer_append(out, at >= 0 ? slice_sub(list, 0, at) : list);
    buffer_append(out, at >= 0 ? slice_from(list, at + init->area.length) : SLICE(""));
    buffer_append(out, init->area);
}

static void put_starter(struct initialising *init)
{
    struct slice base = SLICE("starter/site/");
    ptrdiff_t at;
    ptrdiff_t end;
    tree_range(&init->shipped, base, &at, &end);
    for (; at < end; at++) {
        struct slice path = slice_from(init->shipped.files[at].path, base.length);
        struct slice text = read_shipped(init, init->shipped.files[at].path);
        ptrdiff_t stem = slice_find(path, SLICE("/index."), 0);
        struct buffer page = {0};
        struct buffer out = {0};
        if (stem >= 0 && !slice_starts_with(slice_from(path, stem + 7), init->original)) {
            append_translation(text, &page);
            text = buffer_slice(&page);
        }
        if (slice_equal(path, SLICE("data/codelists/areas.csv"))) {
            append_areas(init, text, &out);
        } else {
            append_with_values(init, text, &out);
        }
        new_folder_put(&init->folder, site_path(init, path), buffer_slice(&out));
        buffer_release(&out);
        buffer_release(&page);
    }
}

/* What is the same for every city, as it is. */
static void put_copies(struct initialising *init, struct slice from, struct slice to)
{
    ptrdiff_t at;
    ptrdiff_t end;
    tree_range(&init->shipped, from, &at, &end);
    for (; at < end; at++) {
        struct slice path = init->shipped.files[at].path;
        new_folder_put(&init->folder, ARENA_JOIN(&init->arena, to, slice_from(path, from.length)),
                       read_shipped(init, path));
    }
}

static void put_table(void *context, struct slice path, struct slice header)
{
    struct initialising *init = context;
    new_folder_put(&init->folder, ARENA_JOIN(&init->arena, SLICE("data/"), path), header);
}

static void put_descriptor(struct initialising *init)
{
    struct buffer changes = {0};
    struct buffer out = {0};
    append_with_values(init, read_shipped(init, SLICE("starter/datapackage.json")), &changes);
    if (!init_descriptor(read_shipped(init, SLICE("data/datapackage.json")), buffer_slice(&changes),
                         &out, put_table, init)) {
        BUG("a descriptor that is shipped is no JSON");
    }
    new_folder_put(&init->folder, SLICE("data/datapackage.json"), buffer_slice(&out));
    buffer_release(&out);
    buffer_release(&changes);
}

/* Where `make install` puts them, and where they are in the sources. */
static void put_workflows(struct initialising *init)
{
    static const char *const places[] = {"workflows/", "generator/publish/workflows/"};
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        put_copies(init, ARENA_JOIN(&init->arena, slice_of(places[i]), SLICE("github.yml")),
                   SLICE(".github/workflows/kyodo.yml"));
        put_copies(init, ARENA_JOIN(&init->arena, slice_of(places[i]), SLICE("gitlab.yml")),
                   SLICE(".gitlab-ci.yml"));
    }
}

/* The site as it stands aside is opened like any other: for its code lists, which the schemas hold,
 * and so that nothing is handed over that does not build. */
static int put_schemas(struct initialising *init)
{
    struct session session;
    session_open(&session, &(struct session_options){.site = init->folder.aside, .jobs = 1});
    int status = EXIT_CLEAN;
    if (diag_errors(session.diag) > 0) {
        release_report(session.diag, init->options->language, SEVERITY_ERROR);
        status = EXIT_INPUT;
    } else {
        struct slice folder =
            ARENA_JOIN(&init->arena, slice_of(init->folder.aside), SLICE("/.vscode"));
        init->folder.error = schemas_write(&session.site, folder, &init->arena);
    }
    session_close(&session);
    return status;
}

/* ---- All of it ---- */

static int fail(const struct initialising *init)
{
    fprintf(stderr,
            is_japanese(init) ? "kyodo: %s を作れません: %s\n" : "kyodo: cannot make %s: %s\n",
            init->folder.target, strerror(init->folder.error));
    return EXIT_SYSTEM;
}

static int make_site(struct initialising *init, const char *target)
{
    switch (new_folder_open(&init->folder, target, true, &init->arena)) {
    case NEW_FOLDER_TAKEN:
        return refuse(
            init, slice_of(target),
            "空ではないので、何も書きませんでした。まだないフォルダーか、空のフォルダーを"
            "書いてください",
            "it is not empty, so nothing was written; name a folder that is empty or does "
            "not exist yet");
    case NEW_FOLDER_FAILED:
        return fail(init);
    case NEW_FOLDER_READY:
        break;
    }
    set_values(init);
    put_starter(init);
    put_copies(init, SLICE("data/README.md"), SLICE("data/README.md"));
    put_copies(init, SLICE("data/codelists/"), SLICE("data/codelists/"));
    put_copies(init, SLICE("data/principles/"), SLICE("data/principles/"));
    put_descriptor(init);
    put_workflows(init);
    int status = init->folder.error == 0 ? put_schemas(init) : EXIT_SYSTEM;
    if (status != EXIT_CLEAN && init->folder.error == 0) {
        new_folder_abandon(&init->folder);
        return status;
    }
    return new_folder_finish(&init->folder) == 0 ? EXIT_CLEAN : fail(init);
}

static void print_next_steps(const struct initialising *init)
{
    if (option_flag(init->options, OPTION_all_quiet)) {
        return;
    }
    printf(
        is_japanese(init)
            ? "%s にサイトを作りました。次は、%s/README.md を読み、content/site.yaml に市のことを"
              "書いて:\n    cd %s\n    kyodo new case my-first-case\n    kyodo build --drafts\n"
            : "made a site in %s. Now read %s/README.md, put your city into content/site.yaml "
              "and:\n    cd %s\n    kyodo new case my-first-case\n    kyodo build --drafts\n",
        init->folder.target, init->folder.target, init->folder.target);
}

int command_init(const struct options *options)
{
    if (options->argument_count == 0) {
        say(options, "作るフォルダーを書いてください（例: kyodo init our-city）",
            "name the folder to make, for example: kyodo init our-city");
        return EXIT_USAGE;
    }
    static const struct slice folders[] = {
        {"starter", 7}, {"data", 4}, {"workflows", 9}, {"generator/publish/workflows", 27}};
    struct initialising init = {.options = options, .diag = diag_new(0)};
    arena_init(&init.arena, ARENA_DEFAULT_LIMIT);
    struct slice root = shipped_root(&init.arena);
    int status = EXIT_SYSTEM;
    if (root.length == 0 ||
        !tree_open_disk(&init.shipped, root, folders, sizeof(folders) / sizeof(*folders), NULL,
                        &init.arena, init.diag) ||
        tree_find(&init.shipped, SLICE("starter/datapackage.json")) < 0) {
        say(options, "kyodo に付いているファイル（share/kyodo）が見つかりません",
            "the files that come with kyodo (share/kyodo) are not there");
    } else if (!read_languages(&init) || !read_frameworks(&init) || !read_area(&init)) {
        status = EXIT_USAGE;
    } else {
        status = make_site(&init, options->arguments[0]);
    }
    if (status == EXIT_CLEAN) {
        print_next_steps(&init);
    }
    tree_close(&init.shipped);
    diag_free(init.diag);
    arena_release(&init.arena);
    return status;
}
