/*
 * deflate FOLDER THREADS: zlib alone on the bytes that kyodo compressed. Reads every file below
 * FOLDER that has a neighbour with .gz, and prints the seconds that zlib needs for all of them with
 * THREADS threads, each file as a whole and tuned as kyodo tunes it (generator/base/deflate.c), and
 * the bytes.
 */
#define _GNU_SOURCE
#include <ftw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <zlib.h>

struct file {
    unsigned char *bytes;
    size_t length;
};

struct job {
    struct file *files;
    long count;
    atomic_long next;
};

/* nftw has no context argument. */
static struct file *found;
static long found_count;
static long found_capacity;

static int look(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)place;
    char packed[4096];
    struct stat neighbour;
    snprintf(packed, sizeof packed, "%s.gz", path);
    if (type != FTW_F || stat(packed, &neighbour) != 0) {
        return 0;
    }
    if (found_count == found_capacity) {
        found_capacity = found_capacity ? 2 * found_capacity : 1024;
        found = realloc(found, (size_t)found_capacity * sizeof *found);
    }
    size_t length = (size_t)status->st_size;
    unsigned char *bytes = malloc(length + 1);
    FILE *file = fopen(path, "rb");
    if (!found || !bytes || !file || fread(bytes, 1, length, file) != length) {
        perror(path);
        exit(4);
    }
    fclose(file);
    found[found_count++] = (struct file){bytes, length};
    return 0;
}

static void pack(const struct file *file, z_stream *stream, unsigned char **out, size_t *room)
{
    size_t bound = deflateBound(stream, file->length);
    if (bound > *room) {
        *room = bound;
        *out = realloc(*out, bound);
        if (!*out) {
            exit(4);
        }
    }
    deflateReset(stream);
    deflateTune(stream, 4, 32, 258, 32);
    stream->next_in = file->bytes;
    stream->avail_in = (unsigned)file->length;
    stream->next_out = *out;
    stream->avail_out = (unsigned)*room;
    if (deflate(stream, Z_FINISH) != Z_STREAM_END) {
        fprintf(stderr, "deflate: zlib failed\n");
        exit(4);
    }
}

static void *work(void *context)
{
    struct job *job = context;
    z_stream stream;
    unsigned char *out = NULL;
    size_t room = 0;
    memset(&stream, 0, sizeof stream);
    if (deflateInit2(&stream, 3, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        exit(4);
    }
    for (long i; (i = job->next++) < job->count;) {
        pack(&job->files[i], &stream, &out, &room);
    }
    deflateEnd(&stream);
    free(out);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: deflate FOLDER THREADS\n");
        return 3;
    }
    long threads = strtol(argv[2], NULL, 10);
    if (nftw(argv[1], look, 32, FTW_PHYS) != 0 || found_count == 0 || threads < 1 ||
        threads > 256) {
        fprintf(stderr, "deflate: nothing with a .gz below %s\n", argv[1]);
        return 4;
    }
    struct job job = {.files = found, .count = found_count};
    pthread_t handles[256];
    struct timespec start;
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (long i = 1; i < threads; i++) {
        if (pthread_create(&handles[i], NULL, work, &job) != 0) {
            return 4;
        }
    }
    work(&job);
    for (long i = 1; i < threads; i++) {
        pthread_join(handles[i], NULL);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    size_t bytes = 0;
    for (long i = 0; i < found_count; i++) {
        bytes += found[i].length;
        free(found[i].bytes);
    }
    free(found);
    printf("%.6f %zu\n",
           (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9,
           bytes);
    return 0;
}
