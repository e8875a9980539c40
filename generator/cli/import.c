#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* kyodo import: the plan, the findings, and with --write the register. */

struct importing {
    const struct options *options;
    struct arena arena;
    struct session session; /* the site as it is */
    struct import_options import_options;
    struct import import;
    struct diag *diag;
    bool is_json;
    bool is_written;    /* the register */
    const char *report; /* where the report was written; or NULL */
};

/* ---- Options ---- */

/* `HEADING=COLUMN`: a heading may hold = itself, a column's name does not. */
static bool split_pair(const struct options *options, const char *text, bool at_last,
                       struct slice *left, struct slice *right)
{
    struct slice whole = slice_of(text);
    ptrdiff_t at = at_last ? slice_find_last_byte(whole, '=') : slice_find_byte(whole, '=', 0);
    if (at < 1) {
        say(options, "--map と --set には「見出し=列」「列=値」のように = が要ります",
            "--map and --set take a pair with =, such as HEADING=COLUMN or COLUMN=VALUE");
        return false;
    }
    *left = slice_trim_wide(slice_sub(whole, 0, at));
    *right = slice_trim_wide(slice_from(whole, at + 1));
    return true;
}

/* `12`, or `12-`: that row and all below it. */
static struct answer skipped_rows(struct slice rows)
{
    bool is_end = rows.length > 1 && rows.data[rows.length - 1] == '-';
    return (struct answer){.kind = ANSWER_ROW,
                           .subject = slice_sub(rows, 0, rows.length - (is_end ? 1 : 0)),
                           .text = is_end ? SLICE("end") : SLICE("skip")};
}

static bool read_spoken(struct importing *run)
{
    const struct options *options = run->options;
    struct answer *spoken = ARENA_ARRAY(&run->arena, struct answer, options->use_count + 1);
    for (int i = 0; i < options->use_count; i++) {
        const struct option_use *use = &options->uses[i];
        struct answer *answer = &spoken[run->import_options.spoken_count];
        bool is_good = true;
        if (use->option == OPTION_import_map) {
            answer->kind = ANSWER_COLUMN;
            is_good = split_pair(options, use->value, true, &answer->subject, &answer->text);
        } else if (use->option == OPTION_import_set) {
            answer->kind = ANSWER_CONSTANT;
            is_good = split_pair(options, use->value, false, &answer->subject, &answer->text);
        } else if (use->option == OPTION_import_fill) {
            *answer = (struct answer){.kind = ANSWER_FILL,
                                      .subject = slice_trim_wide(slice_of(use->value)),
                                      .text = SLICE("above")};
        } else if (use->option == OPTION_import_skip) {
            *answer = skipped_rows(slice_trim(slice_of(use->value)));
        } else {
            continue;
        }
        if (!is_good) {
            return false;
        }
        run->import_options.spoken_count++;
    }
    run->import_options.spoken = spoken;
    return true;
}

/* What is written beside the register is new: the answers that somebody filled in, or the list that
 * is imported, would be lost by a slip of the keyboard. */
static bool is_new_file(const struct importing *run, const char *path)
{
    struct stat status;
    if (path == NULL || lstat(path, &status) != 0) {
        return true;
    }
    say(run->options,
        "--template と --report のファイルは、新しい名前で書いてください。すでにあるファイルは"
        "書き換えません",
        "--template and --report take the name of a new file; one that is there is not replaced");
    return false;
}

static bool read_options(struct importing *run)
{
    const struct options *options = run->options;
    struct import_options *out = &run->import_options;
    if (options->argument_count == 0 || option_value(options, OPTION_import_as, NULL) == NULL) {
        say(options, "取り込むファイルと、--as に一覧の名前が要ります",
            "it needs the file, and the register's name at --as");
        return false;
    }
    out->file = slice_of(options->arguments[0]);
    out->sheet = slice_of(option_value(options, OPTION_import_sheet, ""));
    out->answers = slice_of(option_value(options, OPTION_import_answers, ""));
    out->replaces = option_flag(options, OPTION_import_replace);
    const char *header = option_value(options, OPTION_import_header, NULL);
    if (header != NULL && (!slice_to_integer(slice_of(header), &out->header) || out->header < 1)) {
        say(options, "--header には行の番号（1 から）を書いてください",
            "--header takes a row's number, from 1");
        return false;
    }
    struct slice format = slice_of(option_value(options, OPTION_import_format, "text"));
    run->is_json = slice_equal(format, SLICE("json"));
    if (!run->is_json && !slice_equal(format, SLICE("text"))) {
        say(options, "--format に書けるのは text か json です", "--format takes text or json");
        return false;
    }
    return is_new_file(run, option_value(options, OPTION_import_template, NULL)) &&
           is_new_file(run, option_value(options, OPTION_import_report, NULL)) && read_spoken(run);
}

/* ---- The register ---- */

static const struct table *find_register(struct importing *run, int *status)
{
    struct session *session = &run->session;
    struct slice name = slice_of(option_value(run->options, OPTION_import_as, ""));
    *status = EXIT_INPUT;
    if (!session->is_built) {
        return NULL;
    }
    const struct table *table = site_table(&session->site, name);
    if (table == NULL && session->site.package != NULL && !session->site.package_is_broken) {
        struct slice all = SLICE("");
        for (ptrdiff_t i = 0; i < session->site.table_count; i++) {
            const struct table *one = &session->site.tables[i];
            all = one->is_codelist ? all
                                   : ARENA_JOIN(&run->arena, all,
                                                slice_of(all.length > 0 ? ", " : ""), one->name);
        }
        say(run->options,
            arena_string(&run->arena, ARENA_JOIN(&run->arena, SLICE("「"), name,
                                                 SLICE("」という一覧はありません。一覧: "), all)),
            arena_string(&run->arena, ARENA_JOIN(&run->arena, SLICE("there is no register \""),
                                                 name, SLICE("\"; registers: "), all)));
        *status = EXIT_USAGE;
        return NULL;
    }
    bool is_sound =
        table != NULL && table->is_read && diag_errors_of_file(session->diag, table->path) == 0;
    return is_sound ? table : NULL;
}

/* ---- Writing ---- */

/* A file whole or not at all; says when that fails. */
static int write_file(struct importing *run, const char *path, struct slice text)
{
    int error = file_replace(path, text);
    if (error == 0) {
        return EXIT_CLEAN;
    }
    struct slice reason = slice_of(strerror(error));
    say(run->options,
        arena_string(&run->arena,
                     ARENA_JOIN(&run->arena, slice_of(path), SLICE(" に書き込めません: "), reason)),
        arena_string(&run->arena, ARENA_JOIN(&run->arena, SLICE("cannot write "), slice_of(path),
                                             SLICE(": "), reason)));
    return EXIT_SYSTEM;
}

static int write_template(struct importing *run)
{
    const char *path = option_value(run->options, OPTION_import_template, NULL);
    if (path == NULL) {
        return EXIT_CLEAN;
    }
    struct buffer text = {0};
    import_write_template(&run->import, run->options->language, &text);
    int status = write_file(run, path, buffer_slice(&text));
    buffer_release(&text);
    return status;
}

/* Beside the register, under a name that no site reads: `_actors.import.csv`, then -2, -3 … */
static const char *report_path(struct importing *run, const char *target)
{
    const char *path = option_value(run->options, OPTION_import_report, NULL);
    struct slice folder =
        slice_sub(slice_of(target), 0, slice_find_last_byte(slice_of(target), '/') + 1);
    for (int i = 1; path == NULL; i++) {
        struct slice number = i == 1 ? SLICE("") : arena_format(&run->arena, "-%d", i);
        const char *one = arena_string(
            &run->arena, ARENA_JOIN(&run->arena, folder, SLICE("_"), run->import.table->name,
                                    SLICE(".import"), number, SLICE(".csv")));
        path = access(one, F_OK) == 0 ? NULL : one;
    }
    return path;
}

static int write_report(struct importing *run, const char *path)
{
    struct buffer text = {0};
    import_write_report(&run->import, run->options->language, &text);
    int status = write_file(run, path, buffer_slice(&text));
    buffer_release(&text);
    return status;
}

/* Whether the register still is what was read: somebody may have saved it meanwhile. */
static bool is_unchanged(struct importing *run)
{
    char *bytes;
    int64_t length;
    struct diag *unheard = diag_new(1);
    bool is_same = false;
    if (tree_read_bytes(&run->session.tree, run->import.table->path, LOAD_LIMIT_REGISTER, &bytes,
                        &length, unheard)) {
        struct slice text = slice_make(bytes, (ptrdiff_t)length);
        is_same = slice_equal(slice_from(text, run->import.has_mark ? 3 : 0),
                              source_text(run->import.table->source));
        free(bytes);
    }
    diag_free(unheard);
    return is_same;
}

static int write_register(struct importing *run, const char *target)
{
    if (!is_unchanged(run)) {
        say(run->options, "一覧が、点検のあいだに変わりました。もう一度実行してください",
            "the register changed while it was being checked; run it again");
        return EXIT_SYSTEM;
    }
    struct buffer text = {0};
    buffer_append(&text, run->import.has_mark ? SLICE(IMPORT_MARK) : SLICE(""));
    buffer_append(&text, buffer_slice(&run->import.text));
    int written = write_file(run, target, buffer_slice(&text));
    buffer_release(&text);
    return written;
}

/* ---- The whole of it ---- */

/* Check the site as it would be. */
static void recheck(struct importing *run, const struct session_options *options)
{
    struct session session;
    session_start(&session, options);
    if (session_list(&session, options)) {
        tree_replace(&session.tree, run->import.table->path, buffer_slice(&run->import.text));
        session_read(&session, options);
    }
    import_recheck(&run->import, session.diag, run->session.diag, run->options->language);
    session_close(&session);
}

static void print_end(struct importing *run, bool is_clear, const char *target, struct sink *out)
{
    bool japanese = run->options->language == INTERFACE_JAPANESE;
    bool has_rows = run->import.fates[FATE_NEW] > 0 || run->import.fates[FATE_REPLACED] > 0;
    if (!is_clear) {
        sink_write(
            out,
            slice_of(
                japanese
                    ? "何も書き込んでいません。上のことを決めてから、もう一度実行してください。\n"
                    : "Nothing was written. Decide the above and run it again.\n"));
    } else if (!has_rows) {
        sink_write(out, slice_of(japanese ? "一覧に変わるところはありません。\n"
                                          : "Nothing in the register changes.\n"));
    } else if (run->is_written) {
        sink_write_format(out,
                          japanese ? "%s に書き込みました。報告: %s\n" : "Wrote %s. Report: %s\n",
                          target, run->report);
    } else {
        sink_write(
            out,
            slice_of(
                japanese
                    ? "まだ何も書き込んでいません。これでよければ --write を付けて実行してください。\n"
                    : "Nothing is written yet. If this is right, run it with --write.\n"));
    }
}

/* What is clear is written, where that is asked for. */
static int finish(struct importing *run, const char *target, struct sink *out)
{
    const struct options *options = run->options;
    struct diag_counts counts = diag_counts(run->diag);
    bool is_clear = counts.errors == 0;
    bool has_rows = run->import.fates[FATE_NEW] > 0 || run->import.fates[FATE_REPLACED] > 0;
    bool writes = is_clear && has_rows && option_flag(options, OPTION_import_write);
    bool reports = writes || option_value(options, OPTION_import_report, NULL) != NULL;
    const char *report = reports ? report_path(run, target) : NULL;
    int status = write_template(run);
    if (status == EXIT_CLEAN && reports) {
        status = write_report(run, report);
    }
    if (status == EXIT_CLEAN && writes) {
        status = write_register(run, target);
        if (status != EXIT_CLEAN) {
            unlink(report); /* it tells of what did not happen */
        }
    }
    if (status != EXIT_CLEAN) {
        return status;
    }
    run->is_written = writes;
    run->report = report;
    if (!run->is_json) {
        print_end(run, is_clear, target, out);
    }
    bool is_strict = option_flag(options, OPTION_import_strict) && counts.warnings > 0;
    return !is_clear ? EXIT_INPUT : is_strict ? EXIT_WARNINGS : EXIT_CLEAN;
}

static void print_findings(struct importing *run, struct sink *out)
{
    struct report_options report = {.language = run->options->language,
                                    .colour =
                                        isatty(STDOUT_FILENO) != 0 && getenv("NO_COLOR") == NULL,
                                    .most_per_code_and_file = 20};
    ptrdiff_t count;
    (void)diag_sorted(run->diag, &count);
    if (count > 0) {
        reporter_by_name(SLICE("text"))(run->diag, &report, out);
    }
}

/* {"import": the plan and what came of it, "report": what was found, as `check --format json`}. */
static void print_json(struct importing *run, struct sink *out)
{
    struct buffer text = {0};
    struct json_writer json;
    json_begin(&json, &text, true);
    json_object_begin(&json);
    import_write_plan_json(&run->import, &json);
    json_key(&json, SLICE("isWritten"));
    json_boolean(&json, run->is_written);
    if (run->report != NULL) {
        json_member(&json, "reportPath", slice_of(run->report));
    }
    json_object_end(&json);
    sink_write_literal(out, "{\"import\": ");
    sink_write(out, buffer_slice(&text));
    sink_write_literal(out, ",\n\"report\": ");
    reporter_by_name(SLICE("json"))(run->diag, &(struct report_options){0}, out);
    sink_write_literal(out, "}\n");
    buffer_release(&text);
}

static int import_into(struct importing *run, const struct table *table,
                       const struct session_options *session_options)
{
    struct slice site = slice_of(session_options->site);
    struct slice folder =
        slice_equal(site, SLICE(".")) ? SLICE("") : ARENA_JOIN(&run->arena, site, SLICE("/"));
    const char *target = arena_string(&run->arena, ARENA_JOIN(&run->arena, folder, table->path));
    struct sink out;
    sink_open_descriptor(&out, STDOUT_FILENO);
    import_run(&run->import, &run->session.site, table, &run->import_options, &run->arena,
               run->diag);
    if (run->import.is_merged) {
        recheck(run, session_options);
    }
    if (!run->is_json) {
        import_print_plan(&run->import, run->options->language, &out);
        print_findings(run, &out);
    }
    int status = finish(run, target, &out);
    if (run->is_json && status != EXIT_SYSTEM) {
        print_json(run, &out);
    }
    import_release(&run->import);
    return sink_close(&out) != 0 ? EXIT_SYSTEM : status;
}

int command_import(const struct options *options)
{
    struct importing run = {.options = options};
    arena_init(&run.arena, ARENA_DEFAULT_LIMIT);
    if (!read_options(&run)) {
        arena_release(&run.arena);
        return EXIT_USAGE;
    }
    const struct session_options session_options = {
        .site = option_value(options, OPTION_import_site, "."),
        .jobs = pool_available_threads(),
        .with_drafts = true,
        .findings_most = INT32_MAX,
    };
    session_open(&run.session, &session_options);
    int status;
    const struct table *table = find_register(&run, &status);
    if (table != NULL) {
        run.diag = diag_new(0);
        status = import_into(&run, table, &session_options);
        diag_free(run.diag);
    } else if (status == EXIT_INPUT) {
        say(options, "取り込む前に、サイトの誤りを直してください",
            "the site has errors, which come first");
        (void)session_report(&run.session, options, "text", false, STDOUT_FILENO);
    }
    session_close(&run.session);
    arena_release(&run.arena);
    return status;
}
