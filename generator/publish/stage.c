#include "publishing.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define TREE_NAME "tree"

void stage_init(struct stage *stage)
{
    pthread_mutex_init(&stage->lock, NULL);
    stage->descriptor = -1;
    stage->tree = -1;
}

/* Only its maker may look into the stage itself; what is in it has the rights that it will have in
 * the output. */
static int make_folder(int parent, const char *name, mode_t mode, int *descriptor)
{
    if (mkdirat(parent, name, mode) != 0) {
        return errno;
    }
    *descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return *descriptor >= 0 ? 0 : errno;
}

static int open_stage(struct publishing *run)
{
    struct stage *stage = &run->stage;
    int error = 0;
    pthread_mutex_lock(&stage->lock);
    if (stage->descriptor < 0) {
        error = make_folder(run->output.descriptor, STAGE_NAME, 0700, &stage->descriptor);
    }
    if (error == 0 && stage->tree < 0) {
        error = make_folder(stage->descriptor, TREE_NAME, 0777, &stage->tree);
    }
    pthread_mutex_unlock(&stage->lock);
    return error;
}

const char *staged_name(char out[STAGED_NAME], ptrdiff_t index, bool is_packed)
{
    snprintf(out, STAGED_NAME, "%td%s", index, is_packed ? PACKED_ENDING : "");
    return out;
}

int stage_drawer_file(struct publishing *run, int worker, const char *name,
                      const struct buffer *bytes)
{
    struct press *press = &run->presses[worker];
    if (press->drawer < 0) {
        char drawer[STAGED_NAME];
        int error = open_stage(run);
        if (error == 0) {
            error = make_folder(run->stage.descriptor, staged_name(drawer, worker, false), 0700,
                                &press->drawer);
        }
        if (error != 0) {
            return error;
        }
    }
    return file_write_buffer(press->drawer, name, bytes);
}

int stage_tree_file(struct publishing *run, int worker, const char *address,
                    const struct buffer *bytes)
{
    struct press *press = &run->presses[worker];
    if (press->tree.root < 0) {
        int error = open_stage(run);
        if (error != 0) {
            return error;
        }
        folder_walk_init(&press->tree, run->stage.tree, true);
    }
    /* The folder above stays open; most files have the folder itself alone, so that is only made.
     */
    struct slice folder = address_folder(slice_of(address));
    struct slice above = address_folder(slice_sub(folder, 0, folder.length - 1));
    if (folder_go(&press->tree, above) != FOLDER_OPEN) {
        return press->tree.error;
    }
    int parent = folder_descriptor(&press->tree);
    if (!slice_equal(press->made, folder)) {
        char name[NAME_MAX + 1];
        struct slice last = slice_sub(folder, above.length, folder.length - 1);
        memcpy(name, last.data, (size_t)last.length);
        name[last.length] = '\0';
        if (mkdirat(parent, name, 0777) != 0 && errno != EEXIST) {
            return errno;
        }
        press->made =
            slice_make(address_string(press->made_path, folder, SLICE("")), folder.length);
    }
    return file_write_buffer(parent, address + above.length, bytes);
}

int stage_own_file(struct publishing *run, const char *name, struct slice bytes)
{
    int error = open_stage(run);
    return error != 0 ? error : file_write(run->stage.descriptor, name, bytes);
}

void stage_remove(struct publishing *run)
{
    struct stage *stage = &run->stage;
    if (stage->tree >= 0) {
        close(stage->tree);
    }
    if (stage->descriptor >= 0) {
        close(stage->descriptor);
        /* What can't be removed now is removed by the next build. */
        (void)folder_remove(run->output.descriptor, STAGE_NAME);
    }
    pthread_mutex_destroy(&stage->lock);
}
