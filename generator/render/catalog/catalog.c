/* The files once a site by their table, and two of them: the Data Package of all datasets, and the
 * checksums of every file. */
#include "catalog_files.h"
#include "package_descriptor.h"

static void write_resource(struct json_writer *json, const struct render *render,
                           const struct dataset *dataset, struct arena *scratch)
{
    struct slice address = dataset_address(dataset->name, DATASET_FORM_csv, scratch);
    const struct artefact_result *result = render_result(render, address);
    package_resource(json, render, dataset, slice_from(address, (ptrdiff_t)sizeof("data/") - 1),
                     result != NULL ? &result->digest : NULL, result != NULL ? result->size : 0,
                     false, scratch);
}

bool catalog_package(const struct render *render, struct render_worker *worker, struct buffer *out,
                     struct diag *diag)
{
    (void)diag;
    struct arena *scratch = &worker->scratch;
    ptrdiff_t count;
    const struct dataset **datasets = datasets_of_site(render, scratch, &count);
    struct json_writer json;
    json_begin(&json, out, true);
    package_begin(&json, render, NULL, scratch);
    for (ptrdiff_t i = 0; i < count; i++) {
        write_resource(&json, render, datasets[i], scratch);
    }
    package_end(&json);
    buffer_append_byte(out, '\n');
    return true;
}

static int compare_addresses(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

/* A line a file, as `sha256sum --check` in /data/ reads it (ruling 13). */
bool catalog_sums(const struct render *render, struct render_worker *worker, struct buffer *out,
                  struct diag *diag)
{
    (void)diag;
    struct slice own = catalog_file(CATALOG_sums)->address;
    struct slice folder = SLICE("data/");
    struct slice *addresses = ARENA_ARRAY(&worker->scratch, struct slice, render->plan.length);
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < render->plan.length; i++) {
        struct slice address = render->plan.data[i].address;
        if (slice_starts_with(address, folder) && !slice_equal(address, own)) {
            addresses[count++] = address;
        }
    }
    qsort(addresses, (size_t)count, sizeof(*addresses), compare_addresses);
    for (ptrdiff_t i = 0; i < count; i++) {
        const struct artefact_result *result = render_result(render, addresses[i]);
        if (result == NULL) {
            continue; /* a form that the dataset turned out not to have */
        }
        buffer_append(out, sha256_hex(&worker->scratch, &result->digest));
        buffer_append_literal(out, "  ");
        buffer_append(out, slice_from(addresses[i], folder.length));
        buffer_append_byte(out, '\n');
    }
    return true;
}

/* ---- The table ---- */

#define CONSTANT(literal)                         \
    {                                             \
        (literal), (ptrdiff_t)sizeof(literal) - 1 \
    }

const struct catalog_file *catalog_file(enum catalog_file_id file)
{
    static const struct catalog_file files[CATALOG_FILES] = {
#define CATALOG_FILE(identifier, address_, media, phase_, compressible_, ja, en, about_ja, \
                     about_en)                                                             \
    [CATALOG_##identifier] = {.address = CONSTANT(address_),                               \
                              .media_type = CONSTANT(media),                               \
                              .label = {CONSTANT(ja), CONSTANT(en)},                       \
                              .about = {CONSTANT(about_ja), CONSTANT(about_en)},           \
                              .phase = PHASE_##phase_,                                     \
                              .compressible = (compressible_),                             \
                              .make = catalog_##identifier},
#include "catalog.def"
#undef CATALOG_FILE
    };
    CHECK((int)file >= 0 && file < CATALOG_FILES);
    return &files[file];
}

static bool make_file(const struct render *render, const struct artefact *artefact,
                      struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    return catalog_file((enum catalog_file_id)artefact->number)->make(render, worker, out, diag);
}

void catalog_plan(struct render *render, struct diag *diag)
{
    (void)diag;
    for (int i = 0; i < CATALOG_FILES; i++) {
        const struct catalog_file *file = catalog_file((enum catalog_file_id)i);
        struct artefact *artefact =
            plan_add(render, file->address, GROUP_DATA, file->phase, file->compressible, make_file);
        artefact->number = i;
        /* It holds all tables: nothing takes longer. */
        artefact->effort = i == CATALOG_sqlite ? INT64_MAX : 0;
        artefact->inputs = i == CATALOG_sqlite ? INPUT_DATA | INPUT_TEXTS | INPUT_FINDINGS : 0;
    }
}
