// Lines of an object list (E071, with the table keys of E071K), one alone and packed into a list.
#pragma once

#include "proto/ids.hpp"
#include "simulator/kernel/time.hpp"

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// A line that somebody else owns: "R3TR PROG ZPROG", "R3TR TABU T001 0001*".
class ObjectView {
public:
    constexpr explicit ObjectView(std::string_view text)
        : text_{text} {} ///< as ObjectEntry::parse leaves it

    std::string_view text() const { return text_; }
    std::string_view pgmid() const { return word(0); }
    std::string_view object() const { return word(1); }
    /// OBJ_NAME; of table contents the table alone.
    std::string_view name() const;
    /// TABKEY: what follows the table; empty: the whole table, or an object without keys.
    std::string_view table_key() const;
    /// Table contents, views and clusters: such an entry has OBJFUNC K when it has a key (V).
    bool holds_table_contents() const;
    bool is_comment() const { return text_[0] == 'C' || text_[0] == '*'; } ///< transports nothing
    friend bool operator==(ObjectView a, ObjectView b) = default;

private:
    std::string_view word(int index) const;
    std::string_view after_two_words() const;
    std::string_view text_;
};

/// A line of one's own.
class ObjectEntry {
public:
    /// PGMID is R3TR, LIMU, LANG, CORR or *; OBJECT at most 4 characters; OBJ_NAME and TABKEY at most 120 each.
    static Result<ObjectEntry> parse(std::string_view text);
    /// The comment line that the release of a task leaves in its request: CORR RELE <task> <date> <time> <user> (I).
    static ObjectEntry released_task(TrRequest task, TimePoint at, std::string_view user);

    ObjectView view() const { return ObjectView{text_}; }
    operator ObjectView() const { return view(); }
    std::string const& text() const { return text_; }
    bool is_comment() const { return view().is_comment(); }
    friend bool operator==(ObjectEntry const&, ObjectEntry const&) = default;

private:
    explicit ObjectEntry(std::string text)
        : text_{std::move(text)} {}
    std::string text_;
};

/// An object list in one block of memory, each line behind its length: a hundred thousand requests are kept, and few of
/// them are ever looked at.
class ObjectList {
public:
    class Iterator {
    public:
        using difference_type = std::ptrdiff_t;
        using value_type = ObjectView;
        Iterator() = default;
        explicit Iterator(char const* at)
            : at_{at} {}
        ObjectView operator*() const { return ObjectView{{at_ + 1, length()}}; }
        Iterator& operator++() {
            at_ += 1 + length();
            return *this;
        }
        Iterator operator++(int) {
            auto const before = *this;
            ++*this;
            return before;
        }
        friend bool operator==(Iterator, Iterator) = default;

    private:
        std::size_t length() const { return static_cast<unsigned char>(*at_); }
        char const* at_ = nullptr;
    };

    Iterator begin() const { return Iterator{packed_.data()}; }
    Iterator end() const { return Iterator{packed_.data() + packed_.size()}; }
    bool empty() const { return packed_.empty(); }
    bool contains(ObjectView entry) const; ///< reads the list
    /// Lines that transport something.
    std::size_t count() const;

    void add(ObjectView entry);
    void clear() { packed_ = {}; }
    void shrink() { packed_.shrink_to_fit(); }
    std::size_t bytes() const { return packed_.capacity(); }

private:
    std::vector<char> packed_;
};

} // namespace almd
