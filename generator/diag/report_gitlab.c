/*
 * Code Quality for GitLab: a JSON array of what stands where
 * (docs.gitlab.com/ci/testing/code_quality, "Code Quality report format").
 *
 * GitLab tells what is new by comparing fingerprints of two reports. Ours hold no line, so that a
 * finding that only moved is the same one; equal ones in a file are counted.
 */
#include "reporters.h"

/* Findings about the whole run have to stand somewhere. */
#define WHOLE_SITE "content/site.yaml"

static struct slice fingerprint(const struct finding *finding, struct map *seen,
                                struct arena *arena)
{
    struct slice text =
        ARENA_JOIN(arena, finding->path, SLICE("\n"), slice_of(code_info(finding->code)->name),
                   SLICE("\n"), finding->message[INTERFACE_ENGLISH]);
    struct map_entry *entry = map_insert(seen, arena, text, NULL);
    entry->value.integer++;
    struct hash_128 hash = hash_128(text);
    return arena_format(arena, "%016llx%016llx-%lld", (unsigned long long)hash.high,
                        (unsigned long long)hash.low, (long long)entry->value.integer);
}

static struct slice description(const struct finding *finding, enum interface_language language,
                                struct arena *arena)
{
    struct slice help = finding->help[language];
    return help.length == 0
               ? finding->message[language]
               : ARENA_JOIN(arena, finding->message[language],
                            language == INTERFACE_JAPANESE ? SLICE("。対処: ") : SLICE(". Help: "),
                            help);
}

static void write_finding(struct json_writer *json, const struct finding *finding,
                          enum interface_language language, struct map *seen, struct arena *arena)
{
    static const char *const severities[] = {
        [SEVERITY_NOTE] = "info", [SEVERITY_WARNING] = "minor", [SEVERITY_ERROR] = "major"};
    json_object_begin(json);
    json_member(json, "description", description(finding, language, arena));
    json_member(json, "check_name", slice_of(code_info(finding->code)->name));
    json_member(json, "fingerprint", fingerprint(finding, seen, arena));
    json_member(json, "severity", slice_of(severities[finding->severity]));
    json_key(json, SLICE("location"));
    json_object_begin(json);
    json_member(json, "path", finding->path.length > 0 ? finding->path : SLICE(WHOLE_SITE));
    json_key(json, SLICE("lines"));
    json_object_begin(json);
    json_member_integer(json, "begin", finding->path.length > 0 ? finding->position.line : 1);
    json_object_end(json);
    json_object_end(json);
    json_object_end(json);
}

void report_gitlab(struct diag *diag, const struct report_options *options, struct sink *out)
{
    struct arena arena;
    arena_init(&arena, ARENA_DEFAULT_LIMIT);
    struct buffer text = {0};
    struct map seen = {0};
    struct json_writer json;
    ptrdiff_t count;
    const struct finding *findings = diag_sorted(diag, &count);
    json_begin(&json, &text, true);
    json_array_begin(&json);
    for (ptrdiff_t i = 0; i < count; i++) {
        write_finding(&json, &findings[i], options->language, &seen, &arena);
        sink_write(out, buffer_slice(&text));
        buffer_clear(&text);
    }
    json_array_end(&json);
    buffer_append_byte(&text, '\n');
    sink_write(out, buffer_slice(&text));
    buffer_release(&text);
    arena_release(&arena);
}
