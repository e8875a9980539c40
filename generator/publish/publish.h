/*
 * publish: artefacts -> output tree.
 *
 * All artefacts are made first, phase by phase and in parallel; what differs from the output is
 * written into a stage inside the output folder. Only when everything is there without an error is
 * it renamed into place, in one pass, folders that are new as a whole; files that the last build
 * wrote and this one does not are removed last (ruling 9). So a full disk or an unwritable folder
 * leaves the old tree as it was (finding output.*, exit status 4), and a kill inside the pass is
 * repaired by the next build, which finds a journal. An unchanged file is neither written nor
 * packed again.
 *
 * The manifest `<out>/.kyodo-manifest` lists what a build wrote, with sizes and hashes: only its
 * files are ever replaced or removed. A folder that is not empty and has none is refused (a lone
 * .gitignore does not count), and so is anything else of somebody's own that stands where a file
 * has to go. Links in the output are never followed. One build at a time: the folder is locked.
 *
 * Nothing is synced to the disk here; who makes a release does that (release/).
 */
#ifndef KYODO_PUBLISH_H
#define KYODO_PUBLISH_H

#include "render.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cache;

struct publish_options {
    struct slice out;       /* output folder; made when it is missing */
    struct slice temporary; /* folder for temporary files, or empty */
    bool gzip;              /* write .gz beside compressible artefacts of 256 bytes and more */
    bool verifies;          /* read what the output holds, however old it looks */
    /* What is known of the last build of this output, and the site that is rendered; or NULL, and
     * then every artefact is made. */
    struct cache *cache;
    const struct site *site;
    struct pool *pool;
    void (*progress)(void *context, ptrdiff_t done, ptrdiff_t total); /* may be NULL */
    void *progress_context;
};

struct publish_summary {
    int64_t files;   /* in the output now, without .gz */
    int64_t pages;   /* artefacts of group PAGE */
    int64_t written; /* new or changed, with .gz */
    int64_t removed;
    int64_t bytes; /* of all files, without .gz */
    struct hash_128 manifest;
};

enum publish_status { PUBLISH_DONE, PUBLISH_INPUT_ERROR, PUBLISH_SYSTEM_ERROR };

/** Make all artefacts of the plan and publish them. Nothing visible changes unless DONE is
 * returned. INPUT_ERROR: a maker reported an error. */
enum publish_status publish_tree(struct render *render, const struct publish_options *options,
                                 struct publish_summary *summary, struct diag *diag);

/** Look at the plan alone: addresses that are no paths, or that two artefacts claim, are findings.
 */
void publish_check(struct render *render, struct diag *diag);

/*
 * ---- The cache: a build that has nothing to do ----
 *
 * `.kyodo-cache/<name>` beside the output folder <name> tells of its last build: every folder and
 * file that it read (stamps and hashes), which program and options made it (`setting`), what it
 * found, and the hash of its manifest. When all of that is the same and the output is whole, the
 * next build would write nothing and find the same, so it need not run. Only the output's maker may
 * look into that folder, and git passes it over.
 *
 * Of each file of the output it holds a key, too: a hash of all that its maker reads
 * (artefact.inputs of render.h), and the cases that it shows, of which that is a part. An artefact
 * whose key is the same as then is not made again; its file stands in the output, as the manifest
 * says.
 *
 * Of each large packed file it knows the pieces, too (base/deflate.h): one whose bytes are the same
 * as then is not packed again but taken from the file that stands in the output.
 *
 * `<name>.texts` beside it holds what parsing gave of the site's texts (parse/recall.h), and the
 * cache tells where: the second build that runs writes it, and any further one parses those texts
 * that have changed. It grows with each build and is begun anew when most of it is of no use any
 * more. While a build has it, others do without. Each text in it has a hash and is believed by that
 * alone.
 *
 * The rule of git's index (ruling 17): a stamp that is the same tells that the content is, unless
 * it is so young that a change may have left it as it is; then, and when it differs, the file is
 * read and its hash counts. A cache that is damaged, or of another program, is as good as none.
 */

/** Read the cache of an output, and meanwhile the output's manifest; never NULL. `setting`: all
 * options that decide what is written. */
struct cache *cache_open(struct slice out, struct slice setting, struct pool *pool);
/** When nothing needs the tree that it lists or the texts that it has kept any more. */
void cache_close(struct cache *cache);
/** Whether a build of the site in folder `site` would change nothing, as stamps tell. */
bool cache_is_current(struct cache *cache, const char *site, struct pool *pool);
/** List that folder's tree from what cache_is_current has just found, in `arena` and, its paths, in
 * the cache: while all of its folders are as they were, no others are in it. False when they have
 * to be listed. */
bool cache_lists(const struct cache *cache, const char *site, struct tree *tree,
                 struct arena *arena);
/** The same of a tree that was just listed and wants digests, by content wherever stamps do not
 * tell; `verifies`: of every file, also in the output. What was learnt is written down. */
bool cache_agrees(struct cache *cache, struct tree *tree, bool verifies, struct pool *pool);
/** What is kept of the texts of a tree that was just listed and wants digests; `verifies`: read all
 * of them. It lives as long as the cache, and has to. NULL when nothing can be kept. */
struct recall *cache_texts(struct cache *cache, struct tree *tree, bool verifies);
/** Add what that build found, and tell what it published. */
void cache_recall(const struct cache *cache, struct diag *diag, struct publish_summary *summary);
/** Write down a build that was published. A cache that can't be written is no failure: there is
 * none then. */
void cache_remember(struct cache *cache, const struct site *site, struct diag *diag,
                    const struct publish_summary *summary);

/*
 * ---- Releases: the folder W of a published site ----
 *
 *     W/current                 a link to the live release; a web server's root
 *     W/releases/<name>/        whole releases; the name is a commit, or what `deploy` gave it
 *     W/assets/                 css, js, pictures and search shards of all releases that are kept
 *     W/preview/<branch>        links to previews; W/previews/<branch>/<commit>/ holds them
 *     W/.kyodo-new/             the next release while it is made
 *     W/.kyodo-lock             held (flock) by whoever changes anything here
 *
 * A release is made aside, checked against its manifest, its inner links followed, synced to the
 * disk, and only then made live by one rename of a link. So a kill at any moment leaves the old
 * site or the new one, whole; what is left of an unfinished release is removed by the next.
 *
 * Assets are named by their content. Each release holds all of its own, so that `current` is a
 * complete site for any web server; the files are hard links to W/assets/, from where a server
 * answers for all releases that are kept: a page that somebody opened before a new release finds
 * its style sheet afterwards. W/assets/ is swept with the releases.
 *
 * Times of files are part of the contract, because servers make ETags of time and size: a file
 * whose content is that of the release before keeps its time, any other gets the release's stamp,
 * which is later than every stamp before it whatever the clock says. So equal time and size mean
 * equal content.
 *
 * Five releases are kept, and always the live one. All functions but www_open, www_releases and
 * release_check need the lock.
 */

#define RELEASES_KEPT 5

struct www;

/** What is known of a release without reading its files. */
struct release {
    struct slice name;
    struct slice commit; /* empty when it was made without git */
    /* In which its city is spoken to: ja, en; and its address. Empty when it does not say. */
    struct slice language;
    struct slice base_url;
    int64_t time; /* the commit's, or of the reference date; seconds since 1970 */
    int64_t pages;
    int64_t files;
    int64_t sequence; /* grows from release to release */
    int64_t stamp;    /* time of its files, seconds since 1970 */
    bool is_current;
    bool is_known; /* false: its label is gone or cannot be read, and nothing above is set */
};

/** Open W; `makes` it where it is missing. NULL with a finding when it can't be used. */
struct www *www_open(struct slice path, bool makes, struct diag *diag);
void www_close(struct www *www);
/** Its path, as it was named. */
struct slice www_path(const struct www *www);
/** Wait for the lock; `waits` (may be NULL) is called once before it has to wait. */
bool www_lock(struct www *www, void (*waits)(void *context), void *context, struct diag *diag);
/** All releases, the newest first; valid until the next change here. */
const struct release *www_releases(struct www *www, ptrdiff_t *count);
/** The release of a name, or of its beginning when only one begins so; NULL with a finding. */
const struct release *www_release(struct www *www, struct slice name, struct diag *diag);
/** The live release, or NULL. */
const struct release *www_current(struct www *www);

/** The empty folder in which the next release is made by publish_tree; empty with a finding. */
struct slice release_begin(struct www *www, struct diag *diag);

/** In what a new release differs from the one that was live. */
struct release_changes {
    struct page_change {
        struct slice address; /* of an index.html, without that name */
        enum { PAGE_NEW, PAGE_CHANGED, PAGE_GONE } kind;
    } * pages; /* in the order of addresses */
    ptrdiff_t count;
    bool is_first; /* nothing was live before */
    bool is_same;  /* this very release was live already, and whole */
};
/** Finish what was made since release_begin and make it live. `release->commit` is empty for one
 * without git, which is then named after its content; name, sequence and stamp are set here. False
 * with a finding: the live site is what it was. `changes` lives as long as `www`. */
bool release_finish(struct www *www, struct release *release, struct release_changes *changes,
                    struct diag *diag);
/** Make a release that is there the live one, after a check of its files. */
bool release_activate(struct www *www, struct slice name, struct diag *diag);
/** Compare a release with its manifest, file by file: findings for what is missing, changed or
 * foreign. True when it is whole. */
bool release_check(struct www *www, struct slice name, struct diag *diag);

/** The folder of a branch's preview: its name with `/` as `.` and anything but a-z, 0-9 and `-` as
 * `_` and two hexadecimal digits, so that no two branches share one on any file system. */
struct slice preview_folder(struct slice branch, struct arena *arena);
/** Finish what was made since release_begin and show it as the preview of that folder. */
bool preview_finish(struct www *www, struct slice folder, struct slice commit, struct diag *diag);
/** Remove a preview; nothing happens when there is none. */
bool preview_remove(struct www *www, struct slice folder, struct diag *diag);

/*
 * ---- A preview: the site in a browser while it is written ----
 *
 * A small web server answers from the plan of artefacts: an address is looked up there and made
 * when it is asked for, so nothing is written, and nothing but the plan can be reached. What it
 * adds to a page are a link to a style sheet, a script that reloads the page when it has become
 * another one, and what was found in the files; these and its list of findings lie below
 * `/.kyodo/`, where no page can be.
 *
 * What it shows is an edition: a site that somebody has read, with its findings. A newer one takes
 * its place whole, and the old one is closed when no answer needs it any more. Between two
 * editions a revision shows one item that was saved, at once.
 *
 * Answers go to requests whose Host is an address, `localhost` or the host that was bound, so that
 * no page from elsewhere can read the preview under a name of its own (DNS rebinding).
 */
struct preview;

struct preview_options {
    const char *host; /* where to listen: an address, or a name that has one */
    int port;         /* 0: any that is free */
    enum interface_language language;
    /* Absolute path of the site's folder, so that findings link into an editor; empty: they do not.
     */
    struct slice folder;
};

/** Listen, and answer with "not read yet" until an edition is there. NULL with errno (EADDRINUSE;
 * EADDRNOTAVAIL, also for a name without an address; …). */
struct preview *preview_start(const struct preview_options *options);
/** The address for people: "http://127.0.0.1:8080/". */
const char *preview_url(const struct preview *preview);
/** Whether other machines may reach it. */
bool preview_is_open_to_others(const struct preview *preview);
/** Ends all answers, closes the edition. */
void preview_stop(struct preview *preview);

struct edition_parts {
    /* NULL: no page can be made of what is there, and the pages of the edition before stay. */
    struct render *render;
    const struct site *site; /* of `render` */
    int workers;             /* as many as `render` has */
    bool has_search; /* else the search page waits for the next edition, which is on its way */
    bool has_errors; /* nothing but pages can be made */
    const struct finding *findings; /* sorted */
    ptrdiff_t finding_count;
    void (*close)(void *context); /* called once, from any thread, when nothing needs it any more */
    void *context;
};
void preview_show(struct preview *preview, const struct edition_parts *parts);
/** From here until preview_go_on no answer begins: an edition and the revisions of what was saved
 * since it was read appear together. */
void preview_hold(struct preview *preview);
void preview_go_on(struct preview *preview);

/** One item as it was saved, in the edition of `was`; what it brings lives until `close`. */
struct revision_parts {
    const struct site *site; /* by site_read_again() */
    const struct item *was;
    const struct finding *findings; /* in the item's own folder, sorted */
    ptrdiff_t finding_count;
    void (*close)(void *context);
    void *context;
};
void preview_revise(struct preview *preview, const struct revision_parts *parts);

#ifdef __cplusplus
}
#endif
#endif
