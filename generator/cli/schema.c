#include "cli.h"
#include "schema.h"

#include <unistd.h>

/* `kyodo schema`: for editors, the JSON Schema of one kind of front matter. */

static bool kind_by_name(struct slice name, enum item_kind *out)
{
    static const struct {
        struct slice name;
        enum item_kind kind;
    } kinds[] = {{{"case", 4}, ITEM_CASE},
                 {{"page", 4}, ITEM_PAGE},
                 {{"news", 4}, ITEM_NEWS},
                 {{"meeting", 7}, ITEM_MEETING}};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (slice_equal(kinds[i].name, name)) {
            *out = kinds[i].kind;
            return true;
        }
    }
    return false;
}

int command_schema(const struct options *options)
{
    enum item_kind kind;
    if (options->argument_count == 0 || !kind_by_name(slice_of(options->arguments[0]), &kind)) {
        say(options, "case、page、news、meeting のどれかを書いてください（例: kyodo schema case）",
            "name one of case, page, news and meeting, for example: kyodo schema case");
        return EXIT_USAGE;
    }
    struct session session;
    session_open(&session, &(struct session_options){
                               .site = option_value(options, OPTION_schema_site, "."), .jobs = 1});
    if (!session.is_built) { /* no site.yaml, no languages: nothing to make a schema from */
        int status = session_report(&session, options, "text", false, STDERR_FILENO);
        session_close(&session);
        return status;
    }
    struct buffer text;
    buffer_init(&text);
    schema_write(&session.site, kind,
                 option_flag(options, OPTION_schema_translation) ? SCHEMA_TRANSLATION
                                                                 : SCHEMA_ORIGINAL,
                 options->language, &text);
    struct sink out;
    sink_open_descriptor(&out, STDOUT_FILENO);
    sink_write(&out, buffer_slice(&text));
    buffer_release(&text);
    int failed = sink_close(&out);
    session_close(&session);
    return failed != 0 ? EXIT_SYSTEM : EXIT_CLEAN;
}
