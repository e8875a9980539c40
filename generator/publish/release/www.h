/*
 * Private to publish/release: the folder W, open.
 *
 *     www.c       opening, the lock, what releases there are
 *     label.c     what a release says of itself, in .kyodo-release
 *     finish.c    from the folder that was built to the live site
 *     inspect.c   a release against its manifest; links inside it
 *     assets.c    the folder of assets that releases share
 *     preview.c   other branches
 */
#ifndef KYODO_RELEASE_WWW_H
#define KYODO_RELEASE_WWW_H

#include "output.h"
#include "publish.h"

#ifdef __cplusplus
extern "C" {
#endif

#define WWW_CURRENT "current"
#define WWW_CURRENT_NEXT ".kyodo-current"
#define WWW_RELEASES "releases"
#define WWW_ASSETS "assets"
#define WWW_NEW ".kyodo-new"
#define WWW_OLD ".kyodo-old"
#define WWW_LOCK ".kyodo-lock"
#define LABEL_NAME ".kyodo-release"

struct www {
    struct arena arena;
    struct slice path;
    int descriptor;
    int lock;
    bool is_listed;
    VECTOR(struct release) releases; /* the newest first */
};

/** A finding for an errno at `relative` in W. */
void www_report(const struct www *www, struct slice relative, int error, struct diag *diag);
/** Open a folder of W by its path without following links; -1 with errno. */
int www_open_folder(const struct www *www, const char *relative);
/** Forget what was listed: something changed. */
void www_changed(struct www *www);
/** Whether a text can be the name of a release. */
bool release_name_is_good(struct slice name);
/** `releases/<name>`, NUL-terminated. */
const char *release_path(struct www *www, struct slice name);
/** Remove a folder in two steps, so that nothing half removed stands under its name. 0 or an errno.
 */
int www_discard(const struct www *www, const char *relative);
/** Move the new folder to `path` in W. What stands there already is exchanged with it by one call,
 * because it may be live, and then removed. 0 or an errno. */
int www_take_place(const struct www *www, const char *path);
/** Point the link `link` in W at `target` by one rename. 0 or an errno. */
int www_point(const struct www *www, const char *link, const char *target);

/** Write the label into the open folder of a release; 0 or an errno. */
int label_write(int folder, const struct release *release);
/** Fill in a release from its label; texts are copied to `arena`. */
void label_read(int folder, struct release *release, struct arena *arena);

/** Compare the files of an open folder with its manifest; findings name them below `shown`. */
bool inspect_files(int folder, const struct manifest *manifest, struct slice shown,
                   struct diag *diag);
/** The same for what W/assets/ must have of it. */
bool inspect_shared(const struct www *www, const struct manifest *manifest, struct diag *diag);
/** Follow the links inside the pages of an open folder. */
bool inspect_links(int folder, const struct manifest *manifest, struct slice shown,
                   struct diag *diag);

#define ASSETS_PREFIX WWW_ASSETS "/"
/** Give the release in the open folder and W/assets/ the same files. 0 or an errno, with the
 * address in `*at`. */
int assets_share(const struct www *www, int folder, const struct manifest *manifest,
                 struct slice *at);
/** Remove from W/assets/ what no release there has. Nothing is removed while one cannot be read. */
void assets_sweep(struct www *www);

#ifdef __cplusplus
}
#endif
#endif
