// Compiles a pattern to steps (Thompson's construction) and follows all ways through them at once.
#include "proto/schema/text_pattern.hpp"

#include <charconv>

namespace almd {

/// Recursive descent. Gives up (is_simple() false) at the first thing that it does not know; what is wrong std::regex says.
class TextPatternCompiler {
public:
    explicit TextPatternCompiler(std::string_view text)
        : text_{text} {}

    std::optional<TextPattern> compile() {
        alternatives(0);
        if (at_ != text_.size()) give_up();
        emit(Op::found);
        if (!simple_) return std::nullopt;
        see_if_straight();
        return std::move(made_);
    }

private:
    using Op = TextPattern::Op;
    using Class = std::bitset<256>;
    static constexpr int nesting_max = 16, atoms_max = 2048; // counts of counts of nothing

    void see_if_straight() {
        auto const& steps = made_.steps_;
        made_.first_ = steps.front().op == Op::begin ? 1 : 0;
        made_.last_ = made_.first_;
        while (steps[made_.last_].op == Op::one_of) ++made_.last_;
        auto const rest = steps.size() - made_.last_; // of them the last is `found`
        made_.straight_ = rest == 1 || (rest == 2 && steps[made_.last_].op == Op::end);
    }

    void give_up() {
        simple_ = false;
        at_ = text_.size();
    }
    bool more() const { return at_ < text_.size(); }
    char peek() const { return text_[at_]; }
    bool take(char c) {
        if (!more() || peek() != c) return false;
        ++at_;
        return true;
    }

    std::size_t here() const { return made_.steps_.size(); }
    std::size_t emit(Op op, std::size_t other = 0) {
        if (here() >= TextPattern::steps_max) {
            give_up();
            return 0;
        }
        made_.steps_.push_back({op, static_cast<std::uint16_t>(here() + 1), static_cast<std::uint16_t>(other)});
        return here() - 1;
    }
    /// Makes room for a step in front of those from `place` on.
    void insert_split(std::size_t place) {
        if (emit(Op::split) == 0 && !simple_) return;
        auto& steps = made_.steps_;
        for (auto i = steps.size() - 1; i > place; --i) {
            steps[i] = steps[i - 1];
            moved(steps[i], place);
        }
        steps[place] = {Op::split, static_cast<std::uint16_t>(place + 1), static_cast<std::uint16_t>(steps.size())};
    }
    static void moved(TextPattern::Step& step, std::size_t from) {
        if (step.next >= from) ++step.next;
        if ((step.op == Op::split || step.op == Op::jump) && step.other >= from) ++step.other;
    }

    void alternatives(int nesting) {
        if (nesting > nesting_max) return give_up();
        std::vector<std::size_t> ends;
        for (;;) {
            auto const begin = here();
            sequence(nesting);
            if (!simple_ || !take('|')) break;
            insert_split(begin);
            if (!simple_) return;
            ends.push_back(emit(Op::jump));
            made_.steps_[begin].other = static_cast<std::uint16_t>(here());
        }
        if (!simple_) return;
        for (auto const end : ends) made_.steps_[end].next = static_cast<std::uint16_t>(here());
    }

    void sequence(int nesting) {
        while (more() && peek() != '|' && peek() != ')') {
            if (take('^')) {
                emit(Op::begin);
            } else if (take('$')) {
                emit(Op::end);
            } else {
                repeated(nesting);
            }
        }
    }

    void repeated(int nesting) {
        auto const source = at_;
        auto const begin = here();
        atom(nesting);
        auto const behind_atom = at_;
        std::size_t least = 1;
        std::optional<std::size_t> most = 1;
        if (!counts(least, most)) return;
        take('?'); // a match is a match, greedy or not
        auto const after = at_;
        auto const again = [&] { // the atom once more
            at_ = source;
            atom(nesting);
            if (simple_ && at_ != behind_atom) give_up();
        };
        made_.steps_.resize(simple_ ? begin : here());
        for (std::size_t i = 0; i < least && simple_; ++i) again();
        if (!most) { // any number more
            auto const loop = here();
            again();
            if (!simple_) return;
            insert_split(loop);
            auto const back = emit(Op::jump);
            if (!simple_) return;
            made_.steps_[back].next = static_cast<std::uint16_t>(loop);
            made_.steps_[loop].other = static_cast<std::uint16_t>(here());
        } else {
            std::vector<std::size_t> ways_out;
            for (auto i = least; i < *most && simple_; ++i) {
                ways_out.push_back(emit(Op::split));
                again();
            }
            if (!simple_) return;
            for (auto const way : ways_out) made_.steps_[way].other = static_cast<std::uint16_t>(here());
        }
        if (simple_) at_ = after;
    }

    /// False: exactly once.
    bool counts(std::size_t& least, std::optional<std::size_t>& most) {
        if (!simple_) return false;
        if (take('*')) return least = 0, most.reset(), true;
        if (take('+')) return least = 1, most.reset(), true;
        if (take('?')) return least = 0, most = 1, true;
        if (!take('{')) return false;
        if (!number(least)) return give_up(), false;
        most = least;
        if (take(',')) {
            most.reset();
            std::size_t upper = 0;
            if (more() && peek() != '}') {
                if (!number(upper) || upper < least) return give_up(), false;
                most = upper;
            }
        }
        if (!take('}')) return give_up(), false;
        return true;
    }

    bool number(std::size_t& value) {
        auto const [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
        if (error != std::errc{} || value > TextPattern::steps_max) return false;
        at_ = static_cast<std::size_t>(end - text_.data());
        return true;
    }

    void atom(int nesting) {
        if (!more() || ++atoms_ > atoms_max) return give_up();
        char const c = text_[at_++];
        if (c == '(') {
            if (take('?') && !take(':')) return give_up();
            alternatives(nesting + 1);
            if (simple_ && !take(')')) give_up();
        } else if (c == '[') {
            bracket();
        } else if (c == '.') {
            Class any;
            any.set().reset('\n').reset('\r');
            one_of(any);
        } else if (c == '\\') {
            one_of(escape());
        } else if (static_cast<unsigned char>(c) >= 0x80 || c < ' ' || std::string_view{"*+?{})]"}.contains(c)) {
            give_up();
        } else {
            one_of(Class{}.set(static_cast<unsigned char>(c)));
        }
    }

    void one_of(Class const& allowed) {
        if (!simple_) return;
        std::size_t place = 0;
        while (place < made_.classes_.size() && made_.classes_[place] != allowed) ++place;
        if (place == made_.classes_.size()) made_.classes_.push_back(allowed);
        emit(Op::one_of, place);
    }

    static void range(Class& set, unsigned char from, unsigned char to) {
        for (unsigned c = from; c <= to; ++c) set.set(c);
    }

    /// Behind the backslash: a punctuation mark, or \d. Letters have meanings of which we need no other.
    Class escape() {
        Class set;
        if (!more()) return give_up(), set;
        char const c = text_[at_++];
        if (c == 'd')
            range(set, '0', '9');
        else if (std::string_view{"\\.[]{}()*+?^$|/-"}.contains(c))
            set.set(static_cast<unsigned char>(c));
        else
            give_up();
        return set;
    }

    void bracket() {
        Class set;
        bool const negated = take('^');
        if (more() && peek() == ']') return give_up(); // readers differ about an empty class
        while (simple_ && more() && peek() != ']') {
            char const c = text_[at_++];
            if (c == '\\') {
                set |= escape();
                if (more() && peek() == '-' && at_ + 1 < text_.size() && text_[at_ + 1] != ']') give_up();
                continue;
            }
            if (static_cast<unsigned char>(c) >= 0x80 || c < ' ' || c == '[') return give_up();
            if (more() && peek() == '-' && at_ + 1 < text_.size() && text_[at_ + 1] != ']') {
                char const to = text_[at_ + 1];
                if (to < c || to == '\\' || to == '[' || static_cast<unsigned char>(to) >= 0x80) return give_up();
                range(set, static_cast<unsigned char>(c), static_cast<unsigned char>(to));
                at_ += 2;
            } else {
                set.set(static_cast<unsigned char>(c));
            }
        }
        if (!take(']')) return give_up();
        one_of(negated ? ~set : set);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int atoms_ = 0;
    bool simple_ = true;
    TextPattern made_;
};

std::optional<TextPattern> TextPattern::compile(std::string_view text) {
    if (auto simple = TextPatternCompiler{text}.compile()) return simple;
    try {
        TextPattern pattern;
        pattern.fallback_ =
            std::make_shared<std::regex const>(std::string{text}, std::regex::ECMAScript | std::regex::nosubs);
        return pattern;
    } catch (std::regex_error const&) {
        return std::nullopt;
    }
}

/// All steps that the next character meets.
struct TextPattern::Walk {
    TextPattern const* pattern;
    std::size_t text_size;
    std::array<std::uint16_t, steps_max> now, then; // filled as far as their counts say
    std::size_t now_count = 0, then_count = 0;
    std::bitset<steps_max> seen{};
    bool found = false;

    /// Follows what takes no character, depth first with a stack of its own.
    void enter(std::uint16_t step, std::size_t at) {
        std::array<std::uint16_t, 2 * steps_max> open;
        std::size_t count = 0;
        open[count++] = step;
        while (count > 0) {
            auto const index = open[--count];
            if (seen[index]) continue;
            seen.set(index);
            auto const& one = pattern->steps_[index];
            switch (one.op) {
            case Op::one_of: then[then_count++] = index; break;
            case Op::split: open[count++] = one.other; [[fallthrough]];
            case Op::jump: open[count++] = one.next; break;
            case Op::begin:
                if (at == 0) open[count++] = one.next;
                break;
            case Op::end:
                if (at == text_size) open[count++] = one.next;
                break;
            case Op::found: found = true; return;
            }
        }
    }
};

bool TextPattern::fits_at(std::string_view text, std::size_t at) const {
    for (auto i = first_; i < last_; ++i)
        if (!classes_[steps_[i].other][static_cast<unsigned char>(text[at + i - first_])]) return false;
    return true;
}

bool TextPattern::matches(std::string_view text) const {
    if (fallback_) return std::regex_search(text.data(), text.data() + text.size(), *fallback_);
    if (!straight_) return walk(text);
    auto const length = last_ - first_;
    bool const from_begin = first_ == 1, to_end = steps_[last_].op == Op::end;
    if (text.size() < length || (from_begin && to_end && text.size() != length)) return false;
    if (from_begin) return fits_at(text, 0);
    if (to_end) return fits_at(text, text.size() - length);
    for (std::size_t at = 0; at + length <= text.size(); ++at)
        if (fits_at(text, at)) return true;
    return false;
}

bool TextPattern::walk(std::string_view text) const {
    bool const anchored = steps_.front().op == Op::begin;
    Walk all; // not initialized as a whole: it is a kilobyte
    all.pattern = this;
    all.text_size = text.size();
    for (std::size_t at = 0;; ++at) {
        if (at == 0 || !anchored) all.enter(0, at); // a match may begin anywhere
        if (all.found) return true;
        if (at == text.size() || (anchored && all.then_count == 0)) return false;
        std::swap(all.now, all.then);
        all.now_count = all.then_count;
        all.then_count = 0;
        all.seen.reset();
        for (std::size_t i = 0; i < all.now_count; ++i) {
            auto const& step = steps_[all.now[i]];
            if (classes_[step.other][static_cast<unsigned char>(text[at])]) all.enter(step.next, at + 1);
        }
        if (all.found) return true;
    }
}

} // namespace almd
