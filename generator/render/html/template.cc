/*
 * The one file that knows ctemplate. Its own dictionaries are maps of strings, made anew for each
 * page; ours (struct dictionary) are arrays of slots in an arena that ctemplate reads through its
 * interface, so that setting a value is one store and reading one is two steps. ctemplate does what
 * it is here for: it parses the template, works out the context of each marker and escapes.
 */
/* base has a type and a function of one name, which C++ warns of. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#include "template.h"
#pragma GCC diagnostic pop

#include <ctemplate/template.h>
#include <ctemplate/template_dictionary_interface.h>
#include <ctemplate/template_emitter.h>

#include <iostream>
#include <new>
#include <sstream>

using ctemplate::TemplateDictionaryInterface;
using ctemplate::TemplateString;

namespace
{

union slot {
    struct slice value; /* of a VALUE, a FLAG has none */
    struct {
        struct dictionary *first;
        struct dictionary *last;
    } entries; /* of a SECTION */
};

const int place_letters = 4;
const int letters = 26;

} // namespace

struct dictionary final : public TemplateDictionaryInterface {
    struct arena *arena;
    struct dictionary *around;
    struct dictionary *next; /* in its section */
    enum dictionary_id id;
    int count;       /* of slots */
    bool has_gaps;   /* dictionary_allow_gaps */
    uint64_t is_set; /* a bit for each slot */
    union slot *slots;

    dictionary(struct arena *memory, enum dictionary_id identity, struct dictionary *outer,
               union slot *places, int place_count)
        : arena(memory), around(outer), next(nullptr), id(identity), count(place_count),
          has_gaps(outer != nullptr && outer->has_gaps), is_set(0), slots(places)
    {
    }

    class EntryIterator final : public TemplateDictionaryInterface::Iterator
    {
      public:
        explicit EntryIterator(const struct dictionary *first) : next_(first) {}
        bool HasNext() const override
        {
            return next_ != nullptr;
        }
        const TemplateDictionaryInterface &Next() override
        {
            const struct dictionary *entry = next_;
            next_ = entry->next;
            return *entry;
        }
        /* ctemplate deletes the iterator, but an arena has it. */
        static void *operator new(size_t size, struct arena *memory)
        {
            return arena_allocate(memory, static_cast<ptrdiff_t>(size), alignof(EntryIterator), 1);
        }
        static void operator delete(void *) {}
        static void operator delete(void *, struct arena *) {}

      private:
        const struct dictionary *next_;
    };

    /* The dictionary and slot that a marker names, or false for a name that is none (ctemplate asks
     * for those too). */
    static enum template_question question_of(const TemplateString &name)
    {
        return static_cast<enum template_question>(name.data()[place_letters - 1] - 'A');
    }

    bool find(const TemplateString &name, const struct dictionary **where, int *slot) const
    {
        if (name.size() != static_cast<size_t>(place_letters)) {
            return false;
        }
        const char *letter = name.data();
        const struct dictionary *at = this;
        for (int depth = letter[0] - 'A'; depth > 0; depth--) {
            at = at->around;
            CHECK(at != nullptr);
        }
        *where = at;
        *slot = (letter[1] - 'A') * letters + (letter[2] - 'A');
        CHECK(*slot < at->count);
        return true;
    }

    const struct vocabulary_name *name_of(int slot) const
    {
        return vocabulary_name_of(static_cast<enum name_id>(vocabulary_first(id) + slot));
    }

    TemplateString GetValue(const TemplateString &name) const override
    {
        const struct dictionary *where = nullptr;
        int slot = 0;
        if (!find(name, &where, &slot) || !(where->is_set >> slot & 1)) {
            return TemplateString("", 0);
        }
        const struct slice value = where->slots[slot].value;
        return TemplateString(value.data, static_cast<size_t>(value.length));
    }

    bool IsHiddenSection(const TemplateString &name) const override
    {
        const struct dictionary *where = nullptr;
        int slot = 0;
        if (!find(name, &where, &slot)) {
            return true; /* NAME_separator: ctemplate shows it by itself */
        }
        bool holds = where->is_set >> slot & 1;
        return question_of(name) == ASK_NONE ? holds : !holds;
    }

    bool IsUnhiddenSection(const TemplateString &name) const override
    {
        return !IsHiddenSection(name);
    }

    Iterator *CreateSectionIterator(const TemplateString &name) const override
    {
        const struct dictionary *where = nullptr;
        int slot = 0;
        const struct dictionary *first = nullptr;
        if (find(name, &where, &slot) && question_of(name) == ASK_EACH &&
            where->name_of(slot)->kind == NAME_SECTION) {
            first = where->slots[slot].entries.first;
            for (const struct dictionary *entry = first; entry != nullptr; entry = entry->next) {
                entry->check_complete();
            }
        }
        return new (arena) EntryIterator(first);
    }

    /* Parts are put in when a template is compiled, so nothing is left to include. */
    bool IsHiddenTemplate(const TemplateString &) const override
    {
        return true;
    }
    const char *GetIncludeTemplateName(const TemplateString &, int) const override
    {
        return "";
    }
    Iterator *CreateTemplateIterator(const TemplateString &) const override
    {
        return new (arena) EntryIterator(nullptr);
    }
    void DumpToString(std::string *, int) const override {}

    void check_complete() const
    {
        uint64_t absent = vocabulary_needed(id) & ~is_set;
        if (absent != 0 && !has_gaps) {
            int slot = __builtin_ctzll(absent);
            BUG(arena_string(arena, arena_format(arena, "%.*s.%.*s was never set",
                                                 SLICE_ARGUMENTS(vocabulary_dictionary_name(id)),
                                                 SLICE_ARGUMENTS(name_of(slot)->name))));
        }
    }
};

namespace
{

class BufferEmitter final : public ctemplate::ExpandEmitter
{
  public:
    explicit BufferEmitter(struct buffer *out) : out_(out) {}
    void Emit(char c) override
    {
        buffer_append_byte(out_, c);
    }
    void Emit(const std::string &s) override
    {
        Emit(s.data(), s.size());
    }
    void Emit(const char *s) override
    {
        buffer_append(out_, slice_of(s));
    }
    void Emit(const char *s, size_t length) override
    {
        buffer_append(out_, slice_make(s, static_cast<ptrdiff_t>(length)));
    }

  private:
    struct buffer *out_;
};

ctemplate::Template *inside(struct template_text *text)
{
    return reinterpret_cast<ctemplate::Template *>(text);
}

/* Where a name is kept, after checking that it is this dictionary's and of this kind. */
int slot_of(const struct dictionary *dictionary, enum name_id name, enum name_kind kind)
{
    const struct vocabulary_name *entry = vocabulary_name_of(name);
    if (entry->dictionary != dictionary->id || entry->kind != kind) {
        BUG(arena_string(
            dictionary->arena,
            arena_format(dictionary->arena, "%.*s is no such word of %.*s",
                         SLICE_ARGUMENTS(entry->name),
                         SLICE_ARGUMENTS(vocabulary_dictionary_name(dictionary->id)))));
    }
    return name - vocabulary_first(dictionary->id);
}

} // namespace

extern "C" {

struct template_text *template_new(struct slice text, struct buffer *reason)
{
    std::ostringstream said;
    std::streambuf *before = std::cerr.rdbuf(said.rdbuf());
    ctemplate::Template *made = nullptr;
    try {
        made = ctemplate::Template::StringToTemplate(text.data, static_cast<size_t>(text.length),
                                                     ctemplate::DO_NOT_STRIP);
        if (made != nullptr && made->state() != ctemplate::TS_READY) {
            delete made;
            made = nullptr;
        }
    } catch (const std::bad_alloc &) {
        memory_exhausted(text.length);
    } catch (...) {
        made = nullptr;
    }
    std::cerr.rdbuf(before);
    if (made == nullptr) {
        /* "ERROR: Template : ERROR: Auto-Escape: …" */
        const std::string words = said.str();
        const size_t last = words.rfind("ERROR: ");
        const std::string cause = last == std::string::npos ? words : words.substr(last + 7);
        buffer_append(reason, slice_make(cause.data(), static_cast<ptrdiff_t>(cause.size())));
    }
    return reinterpret_cast<struct template_text *>(made);
}

void template_free(struct template_text *text)
{
    delete inside(text);
}

void template_expand(const struct template_text *text, const struct dictionary *dictionary,
                     struct buffer *out)
{
    dictionary->check_complete();
    bool done = false;
    try {
        BufferEmitter emitter(out);
        done = inside(const_cast<struct template_text *>(text))->Expand(&emitter, dictionary);
    } catch (const std::bad_alloc &) {
        memory_exhausted(out->length);
    } catch (...) {
        done = false;
    }
    CHECK(done);
}

void template_place(struct buffer *out, int depth, int slot, enum template_question question)
{
    CHECK(depth >= 0 && depth < TEMPLATE_DEPTH_MOST && slot >= 0 && slot < DICTIONARY_SLOTS_MOST);
    buffer_append_byte(out, static_cast<char>('A' + depth));
    buffer_append_byte(out, static_cast<char>('A' + slot / letters));
    buffer_append_byte(out, static_cast<char>('A' + slot % letters));
    buffer_append_byte(out, static_cast<char>('A' + question));
}

struct dictionary *dictionary_new(struct arena *arena, enum dictionary_id id,
                                  struct dictionary *around)
{
    /* The slots stand behind it. */
    static_assert(alignof(union slot) <= alignof(struct dictionary), "slots follow at once");
    int count = vocabulary_count(id);
    const ptrdiff_t own = sizeof(struct dictionary);
    const ptrdiff_t size = own + static_cast<ptrdiff_t>(sizeof(union slot)) * count;
    char *memory = static_cast<char *>(arena_allocate(arena, 1, alignof(struct dictionary), size));
    union slot *slots = reinterpret_cast<union slot *>(memory + own);
    return new (memory) struct dictionary(arena, id, around, slots, count);
}

void dictionary_allow_gaps(struct dictionary *dictionary)
{
    dictionary->has_gaps = true;
}

void dictionary_set(struct dictionary *dictionary, enum name_id name, struct slice value)
{
    int slot = slot_of(dictionary, name, NAME_VALUE);
    if (value.length == 0 && dictionary->has_gaps) {
        value = slice_of("—");
    }
    if (value.length == 0) {
        BUG(arena_string(dictionary->arena,
                         arena_format(dictionary->arena, "%.*s is set to nothing",
                                      SLICE_ARGUMENTS(vocabulary_name_of(name)->name))));
    }
    dictionary->slots[slot].value = value;
    dictionary->is_set |= static_cast<uint64_t>(1) << slot;
}

void dictionary_set_some(struct dictionary *dictionary, enum name_id name, struct slice value)
{
    if (value.length > 0) {
        dictionary_set(dictionary, name, value);
    }
}

void dictionary_show(struct dictionary *dictionary, enum name_id flag, bool shown)
{
    int slot = slot_of(dictionary, flag, NAME_FLAG);
    if (shown) {
        dictionary->is_set |= static_cast<uint64_t>(1) << slot;
    }
}

struct dictionary *dictionary_add(struct dictionary *dictionary, enum name_id section)
{
    int slot = slot_of(dictionary, section, NAME_SECTION);
    struct dictionary *entry =
        dictionary_new(dictionary->arena, vocabulary_name_of(section)->child, dictionary);
    union slot *at = &dictionary->slots[slot];
    if (at->entries.last != nullptr) {
        at->entries.last->next = entry;
    } else {
        at->entries.first = entry;
    }
    at->entries.last = entry;
    dictionary->is_set |= static_cast<uint64_t>(1) << slot;
    return entry;
}

bool dictionary_has(const struct dictionary *dictionary, enum name_id name)
{
    return dictionary->is_set >> (name - vocabulary_first(dictionary->id)) & 1;
}

} // extern "C"
