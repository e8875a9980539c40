#define _GNU_SOURCE
#include "program.h"

#include <elf.h>
#include <link.h>
#include <sys/stat.h>

#include "load.h"

#define ALIGNED(size) (((size_t)(size) + 3) & ~(size_t)3)

/* The build id among the notes of a segment; empty when it has none. */
static struct slice build_id(const char *notes, size_t size)
{
    size_t at = 0;
    while (size - at >= sizeof(ElfW(Nhdr))) {
        ElfW(Nhdr) note;
        memcpy(&note, notes + at, sizeof(note));
        size_t name = at + sizeof(note);
        size_t content = name + ALIGNED(note.n_namesz);
        if (content + ALIGNED(note.n_descsz) > size) {
            break;
        }
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof(ELF_NOTE_GNU) &&
            memcmp(notes + name, ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU)) == 0) {
            return slice_make(notes + content, (ptrdiff_t)note.n_descsz);
        }
        at = content + ALIGNED(note.n_descsz);
    }
    return (struct slice){NULL, 0};
}

static int identify(struct dl_phdr_info *object, size_t size, void *context)
{
    (void)size;
    struct buffer *out = context;
    const char *path = object->dlpi_name[0] != '\0' ? object->dlpi_name : "/proc/self/exe";
    if (path[0] != '/') {
        return 0; /* the kernel's own page */
    }
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        const char *start = (const char *)(object->dlpi_addr + segment->p_vaddr);
        struct slice id = segment->p_type == PT_NOTE ? build_id(start, segment->p_memsz)
                                                     : (struct slice){NULL, 0};
        if (id.length > 0) {
            buffer_append(out, id);
            return 0;
        }
    }
    struct stat status;
    struct stamp stamp = stat(path, &status) == 0 ? stamp_of(&status) : (struct stamp){0};
    buffer_append(out, slice_of(path));
    buffer_append(out, slice_make((const char *)&stamp, (ptrdiff_t)sizeof(stamp)));
    return 0;
}

void program_identify(struct buffer *out)
{
    dl_iterate_phdr(identify, out);
}
