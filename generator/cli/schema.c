#include "schema.h"
#include "cli.h"
#include "snippets.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* `kyodo schema`: for editors, the JSON Schema of one kind of front matter, or of all of them. */

bool kind_by_name(struct slice name, enum item_kind *out)
{
    for (int i = 0; i < ITEM_KINDS; i++) {
        if (slice_equal(shape_name(item_kind_shape((enum item_kind)i)), name)) {
            *out = (enum item_kind)i;
            return true;
        }
    }
    return false;
}

static int write_file(const struct site *site, enum item_kind kind, enum schema_part part,
                      struct slice folder, struct arena *arena)
{
    struct buffer text = {0};
    schema_write(site, kind, part, site_interface_language(site, 0), false, &text);
    struct slice path = ARENA_JOIN(arena, folder, SLICE("/"), shape_name(item_kind_shape(kind)),
                                   part == SCHEMA_ORIGINAL ? SLICE(".schema.json")
                                                           : SLICE(".translation.schema.json"));
    int error = file_replace(arena_string(arena, path), buffer_slice(&text));
    buffer_release(&text);
    return error;
}

static int write_snippets(const struct site *site, struct slice folder, struct arena *arena)
{
    struct buffer text = {0};
    snippets_write(site, site_interface_language(site, 0), &text);
    struct slice path = ARENA_JOIN(arena, folder, SLICE("/kyodo.code-snippets"));
    int error = file_replace(arena_string(arena, path), buffer_slice(&text));
    buffer_release(&text);
    return error;
}

int schemas_write(const struct site *site, struct slice folder, struct arena *arena)
{
    int error = mkdir(arena_string(arena, folder), 0777) == 0 || errno == EEXIST ? 0 : errno;
    for (int kind = 0; kind < ITEM_KINDS && error == 0; kind++) {
        error = write_file(site, (enum item_kind)kind, SCHEMA_ORIGINAL, folder, arena);
        if (error == 0) {
            error = write_file(site, (enum item_kind)kind, SCHEMA_TRANSLATION, folder, arena);
        }
    }
    return error == 0 ? write_snippets(site, folder, arena) : error;
}

static int print_schema(const struct session *session, const struct options *options,
                        enum item_kind kind)
{
    struct buffer text = {0};
    bool is_translation = option_flag(options, OPTION_schema_translation);
    schema_write(&session->site, kind, is_translation ? SCHEMA_TRANSLATION : SCHEMA_ORIGINAL,
                 options->language, true, &text);
    struct sink out;
    sink_open_descriptor(&out, STDOUT_FILENO);
    sink_write(&out, buffer_slice(&text));
    buffer_release(&text);
    return sink_close(&out) != 0 ? EXIT_SYSTEM : EXIT_CLEAN;
}

static int write_schemas(struct session *session, const struct options *options)
{
    const char *folder = option_value(options, OPTION_schema_out, "");
    int error = schemas_write(&session->site, slice_of(folder), &session->arena);
    if (error != 0) {
        fprintf(stderr, "kyodo: %s: %s\n", folder, strerror(error));
    }
    return error != 0 ? EXIT_SYSTEM : EXIT_CLEAN;
}

int command_schema(const struct options *options)
{
    bool is_all = option_flag(options, OPTION_schema_out);
    enum item_kind kind = ITEM_CASE;
    if (is_all ? options->argument_count > 0
               : options->argument_count == 0 ||
                     !kind_by_name(slice_of(options->arguments[0]), &kind)) {
        say(options,
            is_all ? "--out は全種類を書き出すので、種類は要りません"
                   : "case、page、news、meeting のどれかを書いてください（例: kyodo schema case）",
            is_all ? "--out writes all kinds, so none is named with it"
                   : "name one of case, page, news and meeting, for example: kyodo schema case");
        return EXIT_USAGE;
    }
    struct session session;
    session_open(&session, &(struct session_options){
                               .site = option_value(options, OPTION_schema_site, "."), .jobs = 1});
    int status = EXIT_CLEAN;
    if (!session.is_built) { /* no site.yaml, no languages: nothing to make a schema from */
        status = session_report(&session, options, "text", false, STDERR_FILENO);
    } else if (is_all) {
        status = write_schemas(&session, options);
    } else {
        status = print_schema(&session, options, kind);
    }
    session_close(&session);
    return status;
}
