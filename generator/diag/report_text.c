/*
 * For people at a terminal: the place, what is wrong, the line with the place underlined, what
 * belongs to it, and the repair.
 *
 *     data/registers/projects.csv:14:8: error[csv.type]: expected a whole number, got "1,2O0"
 *        14 | P-0013,"1,2O0",令和4年度
 *           |        ^^^^^^^
 *     help: write 1200
 */
#include <stdlib.h>

#include "reporters.h"
#include "visible.h"

/* Width of the line number; the bar stands behind it and a space. */
#define GUTTER 9
/* Places of errors that are named again at the end, where the report is longer than that. */
#define MOST_PLACES 10

struct text_report {
    const struct report_options *options;
    struct sink *sink;
    struct buffer line; /* what is being put together */
    int64_t shown;      /* findings */
};

static const char *const colour_of_severity[] = {[SEVERITY_NOTE] = "\x1b[1;36m",
                                                 [SEVERITY_WARNING] = "\x1b[1;33m",
                                                 [SEVERITY_ERROR] = "\x1b[1;31m"};
static const char colour_bold[] = "\x1b[1m";
static const char colour_quiet[] = "\x1b[34m";
static const char colour_help[] = "\x1b[1;32m";
static const char colour_end[] = "\x1b[0m";

static void append_colour(struct text_report *report, const char *colour)
{
    if (report->options->colour) {
        buffer_append(&report->line, slice_of(colour));
    }
}

static void append_coloured(struct text_report *report, const char *colour, struct slice text)
{
    append_colour(report, colour);
    buffer_append(&report->line, text);
    append_colour(report, colour_end);
}

static struct slice in_language(const struct text_report *report, struct slice japanese,
                                struct slice english)
{
    return report->options->language == INTERFACE_JAPANESE ? japanese : english;
}

static void end_line(struct text_report *report)
{
    buffer_append_byte(&report->line, '\n');
    sink_write(report->sink, buffer_slice(&report->line));
    buffer_clear(&report->line);
}

static void append_path(struct text_report *report, struct slice path)
{
    if (slice_starts_with(path, SLICE("::"))) {
        buffer_append_literal(&report->line, "./"); /* else a build server takes it for a command */
    }
    visible_append(&report->line, path);
}

static void append_place(struct text_report *report, struct slice path, struct position position)
{
    if (path.length == 0) {
        return;
    }
    append_colour(report, colour_bold);
    append_path(report, path);
    buffer_append_format(&report->line, ":%lld:%lld:", (long long)position.line,
                         (long long)position.column);
    append_colour(report, colour_end);
    buffer_append_byte(&report->line, ' ');
}

static void write_headline(struct text_report *report, const struct finding *finding)
{
    const struct code_info *info = code_info(finding->code);
    append_place(report, finding->path, finding->position);
    append_colour(report, colour_of_severity[finding->severity]);
    buffer_append(&report->line, severity_word(finding->severity, report->options->language));
    buffer_append_byte(&report->line, '[');
    buffer_append(&report->line, slice_of(info->name));
    if (finding->rule.length > 0 && !slice_equal(finding->rule, slice_of(info->rule))) {
        buffer_append_byte(&report->line,
                           ' '); /* a rule that is data: the code alone says little */
        visible_append(&report->line, finding->rule);
    }
    buffer_append_byte(&report->line, ']');
    append_colour(report, colour_end);
    buffer_append_literal(&report->line, ": ");
    visible_append(&report->line, finding->message[report->options->language]);
    end_line(report);
}

/* The part of the excerpt that is underlined, in bytes. */
static void underlined_part(const struct finding *finding, ptrdiff_t *start, ptrdiff_t *end)
{
    *start = utf8_offset(finding->excerpt, finding->position.column - finding->excerpt_column);
    *end = finding->excerpt.length; /* the place goes on in the next line */
    if (finding->end.line == finding->position.line) {
        *end = utf8_offset(finding->excerpt, finding->end.column - finding->excerpt_column);
    }
}

static void write_excerpt(struct text_report *report, const struct finding *finding)
{
    if (finding->excerpt.data == NULL) {
        return;
    }
    struct slice ellipsis = finding->excerpt_column > 1 ? SLICE("…") : SLICE("");
    append_colour(report, colour_quiet);
    buffer_append_format(&report->line, "%*lld |", GUTTER, (long long)finding->position.line);
    append_colour(report, colour_end);
    if (finding->excerpt.length > 0) {
        buffer_append_byte(&report->line, ' ');
    }
    buffer_append(&report->line, ellipsis);
    visible_append(&report->line, finding->excerpt);
    buffer_append(&report->line, finding->excerpt_is_cut ? SLICE("…") : SLICE(""));
    end_line(report);

    ptrdiff_t start;
    ptrdiff_t end;
    underlined_part(finding, &start, &end);
    struct buffer shown = {0};
    visible_append(&shown, slice_sub(finding->excerpt, 0, start));
    ptrdiff_t before = utf8_slice_width(buffer_slice(&shown)) + utf8_slice_width(ellipsis);
    buffer_clear(&shown);
    visible_append(&shown, slice_sub(finding->excerpt, start, end));
    ptrdiff_t width = utf8_slice_width(buffer_slice(&shown));
    buffer_release(&shown);

    append_colour(report, colour_quiet);
    buffer_append_repeated(&report->line, ' ', GUTTER + 1);
    buffer_append_byte(&report->line, '|');
    append_colour(report, colour_end);
    buffer_append_repeated(&report->line, ' ', before + 1);
    append_colour(report, colour_of_severity[finding->severity]);
    buffer_append_repeated(&report->line, '^', width > 0 ? width : 1);
    append_colour(report, colour_end);
    end_line(report);
}

static void write_finding(struct text_report *report, const struct finding *finding)
{
    enum interface_language language = report->options->language;
    write_headline(report, finding);
    write_excerpt(report, finding);
    for (int i = 0; i < finding->note_count; i++) {
        const struct finding_note *note = &finding->notes[i];
        append_place(report, note->path, note->position);
        append_coloured(report, colour_of_severity[SEVERITY_NOTE],
                        in_language(report, SLICE("参考: "), SLICE("note: ")));
        visible_append(&report->line, note->message[language]);
        end_line(report);
    }
    if (finding->help[language].length > 0) {
        append_coloured(report, colour_help, in_language(report, SLICE("対処: "), SLICE("help: ")));
        visible_append(&report->line, finding->help[language]);
        end_line(report);
    }
    end_line(report);
}

/* Says how many more of each code there are in this file. */
static void write_rest(struct text_report *report, struct slice path, const int64_t *counts)
{
    int64_t most = report->options->most_per_code_and_file;
    for (int code = 0; code < CODE_COUNT; code++) {
        if (most <= 0 || counts[code] <= most) {
            continue;
        }
        const char *name = code_info((enum code)code)->name;
        long long more = (long long)(counts[code] - most);
        if (path.length > 0) {
            append_path(report, path);
            buffer_append_literal(&report->line, ": ");
        }
        if (report->options->language == INTERFACE_JAPANESE) {
            buffer_append_format(&report->line, "%s はほかに %lld 件あります\n", name, more);
        } else {
            buffer_append_format(&report->line, "%lld more of %s\n", more, name);
        }
        end_line(report);
    }
}

/* "2 errors", "1 warning". */
static void append_count(struct text_report *report, int64_t count, enum severity severity)
{
    buffer_append_integer(&report->line, count);
    buffer_append_byte(&report->line, ' ');
    buffer_append(&report->line, severity_keyword(severity));
    buffer_append(&report->line, count == 1 ? SLICE("") : SLICE("s"));
}

static void write_summary(struct text_report *report, struct diag_counts counts, ptrdiff_t kept)
{
    int64_t all = counts.errors + counts.warnings + counts.notes;
    long long lost = (long long)(all - kept);
    if (report->options->language == INTERFACE_JAPANESE) {
        if (lost > 0) {
            buffer_append_format(&report->line, "多すぎるため、残りの %lld 件は示していません\n",
                                 lost);
        }
        if (all == 0) {
            buffer_append_literal(&report->line, "指摘はありません");
        } else {
            buffer_append_format(&report->line, "エラー %lld 件、警告 %lld 件、注意 %lld 件",
                                 (long long)counts.errors, (long long)counts.warnings,
                                 (long long)counts.notes);
        }
    } else {
        if (lost > 0) {
            buffer_append_format(&report->line, "too many to show: %lld more were found\n", lost);
        }
        if (all == 0) {
            buffer_append_literal(&report->line, "nothing found");
        } else {
            append_count(report, counts.errors, SEVERITY_ERROR);
            buffer_append_literal(&report->line, ", ");
            append_count(report, counts.warnings, SEVERITY_WARNING);
            buffer_append_literal(&report->line, ", ");
            append_count(report, counts.notes, SEVERITY_NOTE);
        }
    }
    if (counts.notes > 0 && report->options->mildest > SEVERITY_NOTE &&
        !report->options->worst_first) {
        buffer_append(&report->line,
                      in_language(report, SLICE("（注意の内容は kyodo check で見られます）"),
                                  SLICE(" (kyodo check shows the notes)")));
    }
    end_line(report);
}

static bool is_full(const struct text_report *report)
{
    return report->options->most > 0 && report->shown >= report->options->most;
}

/* The findings between two severities. `counts`: zeroes, one a code. */
static void write_findings(struct text_report *report, const struct finding *findings,
                           ptrdiff_t count, enum severity mildest, enum severity worst,
                           int64_t *counts)
{
    int64_t most = report->options->most_per_code_and_file;
    for (ptrdiff_t i = 0; i < count; i++) {
        const struct finding *finding = &findings[i];
        if (finding->severity >= mildest && finding->severity <= worst) {
            int64_t same = ++counts[finding->code];
            if ((most <= 0 || same <= most) && !is_full(report)) {
                write_finding(report, finding);
                report->shown++;
            }
        }
        if (i + 1 == count || !slice_equal(findings[i + 1].path, finding->path)) {
            if (!is_full(report)) {
                write_rest(report, finding->path, counts);
            }
            memset(counts, 0, sizeof(*counts) * CODE_COUNT);
        }
    }
}

/* Where the errors are, when milder findings around them may fill many screens. */
static void write_error_places(struct text_report *report, const struct finding *findings,
                               ptrdiff_t count, int64_t errors)
{
    int64_t left = MOST_PLACES;
    for (ptrdiff_t i = 0; i < count && left > 0; i++) {
        if (findings[i].severity == SEVERITY_ERROR) {
            buffer_append_literal(&report->line, "    ");
            append_place(report, findings[i].path, findings[i].position);
            append_coloured(report, colour_of_severity[SEVERITY_ERROR],
                            slice_of(code_info(findings[i].code)->name));
            end_line(report);
            left--;
        }
    }
    if (errors > MOST_PLACES) {
        buffer_append_literal(&report->line, "    …");
        end_line(report);
    }
}

void report_text(struct diag *diag, const struct report_options *options, struct sink *out)
{
    struct text_report report = {.options = options, .sink = out};
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(diag, &count);
    int64_t *counts = calloc(CODE_COUNT, sizeof(*counts));
    if (counts == NULL) {
        memory_exhausted((ptrdiff_t)sizeof(*counts) * CODE_COUNT);
    }
    struct diag_counts all = diag_counts(diag);
    int64_t milder = options->mildest > SEVERITY_NOTE ? all.notes : 0;
    milder += options->mildest > SEVERITY_WARNING ? all.warnings : 0;
    if (options->worst_first) {
        for (int severity = SEVERITY_ERROR; severity >= (int)options->mildest; severity--) {
            write_findings(&report, findings, count, (enum severity)severity,
                           (enum severity)severity, counts);
        }
        write_summary(&report, all, (ptrdiff_t)(report.shown + milder));
    } else {
        write_findings(&report, findings, count, options->mildest, SEVERITY_ERROR, counts);
        write_summary(&report, all, count);
        if (report.shown > MOST_PLACES && report.shown > all.errors) {
            write_error_places(&report, findings, count, all.errors);
        }
    }
    free(counts);
    buffer_release(&report.line);
}
