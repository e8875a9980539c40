/* What tells of all downloads: the Data Package of all datasets, and the checksums of every file.
 */
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

static bool make_package(const struct render *render, const struct artefact *artefact,
                         struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)artefact;
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
static bool make_checksums(const struct render *render, const struct artefact *artefact,
                           struct render_worker *worker, struct buffer *out, struct diag *diag)
{
    (void)diag;
    struct slice folder = SLICE("data/");
    struct slice *addresses = ARENA_ARRAY(&worker->scratch, struct slice, render->plan.length);
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < render->plan.length; i++) {
        struct slice address = render->plan.data[i].address;
        if (slice_starts_with(address, folder) && !slice_equal(address, artefact->address)) {
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

void catalog_plan(struct render *render, struct diag *diag)
{
    (void)diag;
    /* Its hashes are those of the files of the phase before; its own stands among the checksums of
     * the one behind. */
    plan_add(render, SLICE("data/datapackage.json"), GROUP_DATA, PHASE_PAGES, true, make_package);
    plan_add(render, SLICE("data/SHA256SUMS"), GROUP_DATA, PHASE_SUMMARY, true, make_checksums);
}
