/*
 * bare IN OUT THREADS FILES BYTES: the least that a generator must do. Reads every index.*.md below
 * the folder IN, runs libyaml over its front matter and cmark over its body, and writes FILES files
 * of BYTES bytes altogether, each in a folder of its own, below OUT. Nothing is modelled, checked
 * or laid out: `make bench` holds kyodo against it.
 */
#include <cmark.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>

struct job {
    char **inputs;
    long input_count;
    const char *out;
    long file_count;
    long file_bytes;
    atomic_long next_input;
    atomic_long next_file;
    atomic_long yaml_events;
    atomic_long html_bytes;
};

static void die(const char *what)
{
    fprintf(stderr, "bare: %s: %s\n", what, strerror(errno));
    exit(4);
}

static char *read_file(const char *path, size_t *length)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        die(path);
    }
    char *text = malloc((size_t)status.st_size + 1);
    if (!text || read(descriptor, text, (size_t)status.st_size) != status.st_size) {
        die(path);
    }
    close(descriptor);
    *length = (size_t)status.st_size;
    text[*length] = '\0';
    return text;
}

static long count_yaml_events(const char *text, size_t length)
{
    yaml_parser_t parser;
    yaml_event_t event;
    long count = 0;
    int done = 0;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    while (!done) {
        if (!yaml_parser_parse(&parser, &event)) {
            fprintf(stderr, "bare: broken YAML\n");
            exit(2);
        }
        done = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
        count++;
    }
    yaml_parser_delete(&parser);
    return count;
}

static void read_one(struct job *job, const char *path)
{
    size_t length = 0;
    char *text = read_file(path, &length);
    const char *body = text;
    if (strncmp(text, "---\n", 4) == 0) {
        const char *end = strstr(text + 3, "\n---\n");
        if (end) {
            job->yaml_events += count_yaml_events(text + 4, (size_t)(end + 1 - (text + 4)));
            body = end + 5;
        }
    }
    char *html = cmark_markdown_to_html(body, length - (size_t)(body - text), CMARK_OPT_DEFAULT);
    job->html_bytes += (long)strlen(html);
    free(html);
    free(text);
}

static void write_one(const struct job *job, long number, const char *bytes)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%ld", job->out, number);
    if (mkdir(path, 0755) != 0) {
        die(path);
    }
    snprintf(path, sizeof path, "%s/%ld/index.html", job->out, number);
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor < 0 || write(descriptor, bytes, (size_t)job->file_bytes) != job->file_bytes ||
        close(descriptor) != 0) {
        die(path);
    }
}

static void *work(void *context)
{
    struct job *job = context;
    char *bytes = malloc((size_t)job->file_bytes + 1);
    if (!bytes) {
        die("memory");
    }
    memset(bytes, 'x', (size_t)job->file_bytes);
    for (long i; (i = job->next_input++) < job->input_count;) {
        read_one(job, job->inputs[i]);
    }
    for (long i; (i = job->next_file++) < job->file_count;) {
        write_one(job, i, bytes);
    }
    free(bytes);
    return NULL;
}

/* Every <in>/<folder>/index.*.md. */
static void list_inputs(struct job *job, const char *in)
{
    long capacity = 0;
    DIR *top = opendir(in);
    if (!top) {
        die(in);
    }
    for (struct dirent *folder; (folder = readdir(top));) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", in, folder->d_name);
        DIR *inner = folder->d_name[0] == '.' ? NULL : opendir(path);
        if (!inner) {
            continue;
        }
        for (struct dirent *file; (file = readdir(inner));) {
            size_t length = strlen(file->d_name);
            if (length < 4 || strcmp(file->d_name + length - 3, ".md") != 0) {
                continue;
            }
            if (job->input_count == capacity) {
                capacity = capacity ? 2 * capacity : 1024;
                job->inputs = realloc(job->inputs, (size_t)capacity * sizeof *job->inputs);
                if (!job->inputs) {
                    die("memory");
                }
            }
            size_t size = strlen(path) + length + 2;
            char *full = malloc(size);
            if (!full) {
                die("memory");
            }
            snprintf(full, size, "%s/%s", path, file->d_name);
            job->inputs[job->input_count++] = full;
        }
        closedir(inner);
    }
    closedir(top);
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: bare IN OUT THREADS FILES BYTES\n");
        return 3;
    }
    struct job job = {.out = argv[2]};
    long threads = strtol(argv[3], NULL, 10);
    job.file_count = strtol(argv[4], NULL, 10);
    job.file_bytes = job.file_count > 0 ? strtol(argv[5], NULL, 10) / job.file_count : 0;
    if (threads < 1 || threads > 256 || (mkdir(job.out, 0755) != 0 && errno != EEXIST)) {
        die(job.out);
    }
    list_inputs(&job, argv[1]);
    pthread_t handles[256];
    for (long i = 1; i < threads; i++) {
        if (pthread_create(&handles[i], NULL, work, &job) != 0) {
            die("thread");
        }
    }
    work(&job);
    for (long i = 1; i < threads; i++) {
        pthread_join(handles[i], NULL);
    }
    printf("%ld inputs, %ld YAML events, %ld bytes of HTML, %ld files of %ld bytes\n",
           job.input_count, (long)job.yaml_events, (long)job.html_bytes, job.file_count,
           job.file_bytes);
    for (long i = 0; i < job.input_count; i++) {
        free(job.inputs[i]);
    }
    free(job.inputs);
    return 0;
}
