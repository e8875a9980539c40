/*
 * load: an input tree -> bytes and text.
 *
 * A tree is a list of files with paths relative to its root, sorted by bytes, so that nothing later
 * depends on the order of a directory. It comes from a folder on disk, from the objects of a commit
 * (git.c, git_tree.c), or from memory (tests): whoever makes a tree supplies how to read a file.
 *
 * Refused with a finding (input is hostile): symbolic links, submodules, names with control
 * characters or ill-formed UTF-8, names that collide by case or by NFC with another in the same
 * folder, files over the limit. Names that begin with `.` or `_`, end with `~` or `.swp`, and
 * `node_modules` are passed over.
 */
#ifndef KYODO_LOAD_H
#define KYODO_LOAD_H

#include "diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Largest file that is read, in bytes: text such as Markdown and YAML; registers; rows in JSON,
 * which take twenty times as much memory; pictures and others. */
#define LOAD_LIMIT_TEXT ((int64_t)4 << 20)
#define LOAD_LIMIT_REGISTER ((int64_t)2000 << 20)
#define LOAD_LIMIT_JSON ((int64_t)64 << 20)
#define LOAD_LIMIT_ASSET ((int64_t)64 << 20)

/** What tells that a file or a folder is the same as before without reading it (ruling 17): git's
 *  index looks at these, too. All zero: nothing is known. */
struct stamp {
    int64_t size;
    int64_t modified; /* nanoseconds since 1970, like the next */
    int64_t changed;  /* ctime, which nobody can set */
    int64_t inode;
};

struct tree_file {
    struct slice path;  /* relative to the root, `/` between names, NFC or refused */
    int64_t size;       /* bytes */
    struct stamp stamp; /* on disk, when it was listed */
    bool is_digested;
    struct hash_128 digest; /* of its bytes when they were read, if the tree wants it */
};

/** A folder that was walked. */
struct tree_folder {
    struct slice path;  /* relative to the root, without a slash at its end */
    struct stamp stamp; /* before its names were read; all zero when there is no such folder */
};

struct tree {
    struct slice root;       /* for messages and for reading; empty for a tree in memory */
    struct tree_file *files; /* sorted by path */
    ptrdiff_t count;
    /* Of a tree on disk: all folders that were walked or asked for, sorted by path, and when that
     * began. */
    struct tree_folder *folders;
    ptrdiff_t folder_count;
    int64_t listed;     /* nanoseconds since 1970 */
    bool has_refused;   /* something that lies there was refused, with a finding */
    bool wants_digests; /* files are hashed when they are read first; set by who opened it */
    /* Reads the bytes of a file into malloc'ed memory; false and errno on failure. */
    bool (*read)(void *context, struct slice path, char **bytes, int64_t *length);
    void (*close)(void *context); /* NULL when there is nothing to let go */
    void *context;
    struct arena *arena;
};

/** List the folders `folders` (relative names such as "content") below `root`, recursively, never
 *  following links. A folder that is missing is no error here. Findings for what is refused.
 *  `pool`: whose threads walk large folders, or NULL. False only when `root` itself can't be
 *  opened (finding folder_missing). */
bool tree_open_disk(struct tree *tree, struct slice root, const struct slice *folders,
                    ptrdiff_t folder_count, struct pool *pool, struct arena *arena,
                    struct diag *diag);
/** The same of who knows what lies there: the caller fills in the files, the folders and when it
 *  looked. False when `root` can't be opened. */
bool tree_open_known(struct tree *tree, struct slice root, struct arena *arena);
/** The stamp of a file or folder, as the system tells of it. */
struct stat;
struct stamp stamp_of(const struct stat *status);
/** Stat a path below an open folder; false when nothing is there. A link is not followed. */
bool stamp_read(int folder, const char *path, struct stamp *stamp);
/** The clock that stamps are made by, in nanoseconds since 1970. */
int64_t stamp_now(void);
/** Whether both are known and the same. */
bool stamp_is_same(const struct stamp *a, const struct stamp *b);
/** A stamp to compare with later ones: unknown when it was so young at the time `listed` that the
 *  file may have changed again without another stamp. */
struct stamp stamp_settled(struct stamp stamp, int64_t listed);
/** Let go of what a tree holds beside its arena (the folder's descriptor). Sources read from it
 *  can't come back after that. The tree itself must not move while such sources live. */
void tree_close(struct tree *tree);
/** A tree from memory: `files` and `texts` run side by side. For tests and previews. */
void tree_open_memory(struct tree *tree, const struct slice *paths, const struct slice *texts,
                      ptrdiff_t count, struct arena *arena);
/** A tree of the files at `paths`, as somebody named them; one whose text is given (data not NULL)
 *  is not on disk. `texts` run side by side. False with a finding when one is not there. */
bool tree_open_files(struct tree *tree, const struct slice *paths, const struct slice *texts,
                     ptrdiff_t count, struct arena *arena, struct diag *diag);

/** From now on the tree has `text` at `path`, which is one of its files: what would be read if the
 *  file held it. Before any source is read from the tree. */
void tree_replace(struct tree *tree, struct slice path, struct slice text);

/* ---- A commit ---- */

/** Most that a commit may hold, over all of its folders. A size is looked up before anything of
 *  the file is read, and the list ends at the first file too many, so that no commit costs more
 *  time or memory than one of these sizes. */
#define GIT_FILES_MOST 50000
#define GIT_FILE_MOST ((int64_t)100 << 20)
#define GIT_BYTES_MOST ((int64_t)2000 << 20)

/** A repository, reached by running the program `git`: no shell, no work tree, no hook and no
 *  filter of what it holds. Replacement objects (refs/replace) are not followed. */
struct git {
    /* Its folder, NUL-terminated; NULL for the one that the environment names, with its
     * quarantine, as inside a hook. */
    const char *folder;
};

/** Run git with these words (the last one NULL) and append what it prints to `out`, up to `most`
 *  bytes; what it says on standard error is dropped. Its exit status; -1 with errno when it did not
 *  run, was killed, or printed more (EFBIG). */
int git_run(const struct git *git, const char *const *words, ptrdiff_t most, struct buffer *out);
/** Whether a text is an object's name as git prints it: 40 or 64 hexadecimal digits. */
bool git_is_object_name(struct slice text);

struct commit {
    struct slice id;
    int64_t time;   /* committer's, seconds since 1970 */
    int32_t offset; /* the committer's clock, minutes east of UTC */
};

/** The tree of a commit, like tree_open_disk: what lies in `folders` is listed. Everything else in
 *  the commit is looked at too: nobody can push a link, a submodule, a bad name or a file over the
 *  limits, wherever it stands. `commit->id` is an object's name; the rest of `*commit` is set.
 *  False with a finding when the commit can't be read or holds too much. */
bool tree_open_git(struct tree *tree, const struct git *git, struct commit *commit,
                   const struct slice *folders, ptrdiff_t folder_count, struct arena *arena,
                   struct diag *diag);

/* ---- Watching a folder ---- */

/** Tells what somebody changes below a folder, by inotify. Names that no tree lists are passed
 * over, links are not followed. Folders that come or move are watched from then on. */
struct watch;

struct changes {
    struct slice *written; /* files whose new content is whole: relative paths, each once */
    ptrdiff_t count;
    bool has_others; /* something came, went or was renamed, or events were lost: anything may be
                        different */
};

/** Watch the folders `folders` (names such as "content"; they may be missing and come later) below
 *  `root`. NULL with errno when the root can't be watched. */
struct watch *watch_open(struct slice root, const struct slice *folders, ptrdiff_t folder_count);
void watch_close(struct watch *watch);
/** For poll(): readable when there is something to tell. */
int watch_descriptor(const struct watch *watch);
/** What has changed since the last call, without waiting; what `changes` holds lives in `arena`.
 *  False when nothing has. */
bool watch_read(struct watch *watch, struct changes *changes, struct arena *arena);
/** Whether the system refused to watch some folder (fs.inotify.max_user_watches). */
bool watch_is_partial(const struct watch *watch);

/* ---- Any tree ---- */

/** Index of a path, or -1. */
ptrdiff_t tree_find(const struct tree *tree, struct slice path);
/** First file whose path starts with `prefix` ("content/cases/"), and one past the last. */
void tree_range(const struct tree *tree, struct slice prefix, ptrdiff_t *first, ptrdiff_t *end);

/** Bytes of a file as they are. The caller frees `*bytes`. False with a finding at failure. */
bool tree_read_bytes(const struct tree *tree, struct slice path, int64_t limit, char **bytes,
                     int64_t *length, struct diag *diag);

/** How a text came (opendata.md 1, Encodings). */
enum encoding {
    ENCODING_UTF8,
    ENCODING_UTF8_MARK,
    ENCODING_CP932,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE
};
/** Wherever in the text they stand, also inside a value of CSV (csv_line_end tells those apart). */
enum line_end { LINE_END_NONE, LINE_END_LF, LINE_END_CRLF, LINE_END_CR, LINE_END_MIXED };

struct decoding {
    enum encoding encoding;
    bool is_certain; /* a mark, or strict UTF-8 with something beyond ASCII, or pure ASCII */
    enum line_end line_end;
};

/** Read and decode a text file into a source (freed with source_free; its text can be dropped and
 *  comes back on demand). `allow_legacy`: CP932 and UTF-16 are decoded (registers); otherwise
 *  only UTF-8 will do and anything else is a finding. NULL with a finding at failure. `decoding`
 *  may be NULL. Thread-safe. */
struct source *tree_read_source(const struct tree *tree, struct slice path, int64_t limit,
                                bool allow_legacy, struct decoding *decoding, struct diag *diag);

/** A UTF-8 text that is one of the tree's files, as a source whose text is read when somebody wants
 *  it: for who knows already that nothing is wrong with it. */
struct source *tree_source(const struct tree *tree, struct slice path);

/** tree_read_source for a register, in whatever encoding; the threads of `pool` (may be NULL) share
 *  the work on a large one, so it must not be called from one of them. Whoever does not know the
 *  encoding from elsewhere says with report_uncertain where it was guessed. */
struct source *tree_read_table(const struct tree *tree, struct slice path, struct pool *pool,
                               struct decoding *decoding, struct diag *diag);
/** The finding that an encoding is not certain; none where it is. */
void report_uncertain(struct diag *diag, struct source *source, const struct decoding *decoding);

/** Decode bytes to UTF-8 text in `out` (malloc'ed); findings are placed in `path`. Exposed for
 *  single files and tests. */
bool decode_text(struct slice bytes, struct slice path, bool allow_legacy, char **out,
                 ptrdiff_t *length, struct decoding *decoding, struct diag *diag);

#ifdef __cplusplus
}
#endif
#endif
