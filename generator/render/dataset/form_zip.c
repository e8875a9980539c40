/* An archive with everything that the table needs to be understood without this site. The same
 * bytes on every run: fixed dates, fixed attributes, members in a fixed order. */
#include <zip.h>

#include "forms.h"
#include "package_descriptor.h"
#include "quality.h"

/* 1980-01-01 00:00, the earliest that the format knows. */
#define DOS_DATE ((0 << 9) | (1 << 5) | 1)
#define UNIX_MODE ((zip_uint32_t)0100644 << 16)
#define MEMBERS_MOST (MODEL_LANGUAGES_MOST + 6)

struct member {
    struct slice name;
    struct buffer bytes;
};

struct archive {
    struct arena *scratch;
    struct deflater *deflater;
    struct slice temporary;
    struct member members[MEMBERS_MOST];
    struct buffer packed[MEMBERS_MOST];
    int count;
};

static struct buffer *add_member(struct archive *archive, struct slice name)
{
    CHECK(archive->count < MEMBERS_MOST);
    struct member *member = &archive->members[archive->count++];
    member->name = name;
    buffer_init_spilling(&member->bytes, archive->temporary);
    return &member->bytes;
}

static void release(struct archive *archive)
{
    for (int i = 0; i < archive->count; i++) {
        buffer_release(&archive->members[i].bytes);
        buffer_release(&archive->packed[i]);
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
    struct sha256 digest = sha256_of_buffer(csv);
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
    citation_write(dataset, scratch, add_member(archive, SLICE("CITATION.cff")));
    quality_json(render, dataset, add_member(archive, SLICE("quality.json")));
    int count = archive->count;
    struct buffer *sums = add_member(archive, SLICE("SHA256SUMS"));
    for (int i = 0; i < count; i++) {
        if (i > 0) { /* the first is the CSV, whose digest is known */
            digest = sha256_of_buffer(&archive->members[i].bytes);
        }
        buffer_append(sums, sha256_hex(scratch, &digest));
        buffer_append_literal(sums, "  ");
        buffer_append(sums, archive->members[i].name);
        buffer_append_byte(sums, '\n');
    }
}

/* ---- libzip ---- */

/* A member as libzip asks for it: packed already. */
struct packed_member {
    struct slice packed;
    ptrdiff_t read; /* of `packed` */
    int64_t size;
    uint32_t crc;
    zip_error_t error;
};

static zip_int64_t tell_member(const struct packed_member *member, zip_stat_t *stat)
{
    zip_stat_init(stat);
    stat->size = (zip_uint64_t)member->size;
    stat->comp_size = (zip_uint64_t)member->packed.length;
    stat->comp_method = ZIP_CM_DEFLATE;
    stat->crc = member->crc;
    stat->valid = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_CRC;
    return (zip_int64_t)sizeof(*stat);
}

/* zip_source_callback; `length` bytes of room at `data`. */
static zip_int64_t ask_member(void *context, void *data, zip_uint64_t length,
                              zip_source_cmd_t command)
{
    struct packed_member *member = context;
    switch (command) {
    case ZIP_SOURCE_OPEN:
        member->read = 0;
        return 0;
    case ZIP_SOURCE_READ: {
        struct slice rest = slice_from(member->packed, member->read);
        struct slice part = slice_sub(rest, 0, (ptrdiff_t)length);
        if (part.length > 0) {
            memcpy(data, part.data, (size_t)part.length);
        }
        member->read += part.length;
        return part.length;
    }
    case ZIP_SOURCE_STAT:
        return tell_member(member, data);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&member->error, data, length);
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                              ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
                                              -1);
    default: /* close, free: nothing is held */
        return 0;
    }
}

static bool write_member(zip_t *zip, const struct member *member, struct archive *archive)
{
    struct packed_member *packed = ARENA_NEW(archive->scratch, struct packed_member);
    struct buffer *room = &archive->packed[member - archive->members];
    buffer_init_spilling(room, archive->temporary);
    packed->size = member->bytes.length;
    packed->crc = deflater_pack(archive->deflater, &member->bytes, room);
    packed->packed = buffer_slice(room);
    zip_source_t *source = zip_source_function(zip, ask_member, packed);
    if (source == NULL) {
        return false;
    }
    /* Names are ASCII (register.bad_name): no mark is due, and versions of libzip differ in it. */
    zip_int64_t index =
        zip_file_add(zip, arena_string(archive->scratch, member->name), source, ZIP_FL_ENC_GUESS);
    if (index < 0) {
        zip_source_free(source);
        return false;
    }
    zip_uint64_t at = (zip_uint64_t)index;
    return zip_set_file_compression(zip, at, ZIP_CM_DEFLATE, 0) == 0 &&
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

static bool pack(struct archive *archive, struct buffer *out)
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
        is_filled = write_member(zip, &archive->members[i], archive);
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
    if (worker->deflater == NULL) {
        worker->deflater = deflater_new(render->shelf);
    }
    struct archive archive = {.scratch = &worker->scratch,
                              .deflater = worker->deflater,
                              .temporary = render->options.temporary};
    fill(&archive, render, dataset);
    /* All of it is in memory: nothing else can be missing. */
    if (!pack(&archive, out)) {
        memory_exhausted(archive.members[0].bytes.length);
    }
    release(&archive);
    return true;
}
