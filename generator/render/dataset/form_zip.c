/* An archive with everything that the table needs to be understood without this site. The same
 * bytes on every run: fixed dates, fixed attributes, members in a fixed order. */
#include <zip.h>

#include "forms.h"
#include "package_descriptor.h"

/* 1980-01-01 00:00, the earliest that the format knows. */
#define DOS_DATE ((0 << 9) | (1 << 5) | 1)
#define UNIX_MODE ((zip_uint32_t)0100644 << 16)
#define MEMBERS_MOST (MODEL_LANGUAGES_MOST + 4)

struct member {
    struct slice name;
    struct buffer bytes;
};

struct archive {
    struct arena *scratch;
    struct member members[MEMBERS_MOST];
    int count;
};

static struct buffer *add_member(struct archive *archive, struct slice name)
{
    CHECK(archive->count < MEMBERS_MOST);
    struct member *member = &archive->members[archive->count++];
    member->name = name;
    buffer_init(&member->bytes);
    return &member->bytes;
}

static void release(struct archive *archive)
{
    for (int i = 0; i < archive->count; i++) {
        buffer_release(&archive->members[i].bytes);
    }
}

static void fill(struct archive *archive, const struct render *render,
                 const struct dataset *dataset)
{
    struct arena *scratch = archive->scratch;
    const struct site *site = render->site;
    struct slice csv_name = ARENA_JOIN(scratch, dataset->name, SLICE(".csv"));
    struct buffer *csv = add_member(archive, csv_name);
    csv_write(dataset, false, csv);
    struct sha256 digest = sha256_of(buffer_slice(csv));
    struct buffer *package = add_member(archive, SLICE("datapackage.json"));
    struct json_writer json;
    json_begin(&json, package, true);
    package_begin(&json, render, dataset, scratch);
    package_resource(&json, render, dataset, csv_name, &digest, csv->length, true, scratch);
    package_end(&json);
    buffer_append_byte(package, '\n');
    for (int i = 0; i < site->language_count; i++) {
        struct slice name =
            ARENA_JOIN(scratch, SLICE("README."), site->languages[i].tag, SLICE(".md"));
        readme_write(render, dataset, i, add_member(archive, name));
    }
    licence_write(site, add_member(archive, SLICE("LICENSE")));
    int count = archive->count;
    struct buffer *sums = add_member(archive, SLICE("SHA256SUMS"));
    for (int i = 0; i < count; i++) {
        digest = sha256_of(buffer_slice(&archive->members[i].bytes));
        buffer_append(sums, sha256_hex(scratch, &digest));
        buffer_append_literal(sums, "  ");
        buffer_append(sums, archive->members[i].name);
        buffer_append_byte(sums, '\n');
    }
}

/* ---- libzip ---- */

static bool write_member(zip_t *zip, const struct member *member, struct arena *scratch)
{
    zip_source_t *source =
        zip_source_buffer(zip, member->bytes.data, (zip_uint64_t)member->bytes.length, 0);
    if (source == NULL) {
        return false;
    }
    zip_int64_t index =
        zip_file_add(zip, arena_string(scratch, member->name), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return false;
    }
    zip_uint64_t at = (zip_uint64_t)index;
    return zip_set_file_compression(zip, at, ZIP_CM_DEFLATE, 9) == 0 &&
           zip_file_set_dostime(zip, at, 0, DOS_DATE, 0) == 0 &&
           zip_file_set_external_attributes(zip, at, 0, ZIP_OPSYS_UNIX, UNIX_MODE) == 0;
}

/* The finished archive, out of the memory that libzip wrote it to. */
static bool take_bytes(zip_source_t *target, struct buffer *out)
{
    zip_stat_t stat;
    if (zip_source_stat(target, &stat) != 0 || zip_source_open(target) != 0) {
        return false;
    }
    char *at = buffer_reserve(out, (ptrdiff_t)stat.size);
    zip_int64_t taken = zip_source_read(target, at, stat.size);
    zip_source_close(target);
    if (taken < 0 || (zip_uint64_t)taken != stat.size) {
        return false;
    }
    out->length += (ptrdiff_t)taken;
    return true;
}

static bool pack(const struct archive *archive, struct buffer *out)
{
    zip_error_t error;
    zip_error_init(&error);
    bool done = false;
    zip_t *zip = NULL;
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &error);
    if (target == NULL) {
        goto out;
    }
    zip_source_keep(target);
    zip = zip_open_from_source(target, ZIP_TRUNCATE, &error);
    if (zip == NULL) {
        zip_source_free(target); /* the reference that zip_open would have taken */
        goto out;
    }
    bool is_filled = true;
    for (int i = 0; is_filled && i < archive->count; i++) {
        is_filled = write_member(zip, &archive->members[i], archive->scratch);
    }
    if (!is_filled || zip_close(zip) != 0) {
        zip_discard(zip);
        goto out;
    }
    done = take_bytes(target, out);
out:
    if (target != NULL) {
        zip_source_free(target);
    }
    zip_error_fini(&error);
    return done;
}

bool form_zip(const struct render *render, const struct dataset *dataset,
              struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct archive archive = {.scratch = &worker->scratch};
    fill(&archive, render, dataset);
    /* All of it is in memory: nothing else can be missing. */
    if (!pack(&archive, out)) {
        memory_exhausted(archive.members[0].bytes.length);
    }
    release(&archive);
    return true;
}
