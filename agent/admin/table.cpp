// Column widths and ANSI colours.
#include "agent/admin/table.hpp"

#include <algorithm>

namespace almd {

namespace {

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// C0, DEL, and C1 as UTF-8 writes it (0xc2 0x80 to 0xc2 0x9f).
std::string harmless(std::string_view text) {
    std::string out{text};
    for (std::size_t i = 0; i < out.size(); ++i) {
        auto const c = static_cast<unsigned char>(out[i]);
        bool const c1 = c == 0xc2 && i + 1 < out.size() && static_cast<unsigned char>(out[i + 1]) < 0xa0;
        if (c1) out.erase(i, 1);
        if (c1 || c < ' ' || c == 0x7f) out[i] = ' ';
    }
    return out;
}

std::string_view escape(Colour colour) {
    switch (colour) {
    case Colour::good: return "\x1b[32m";
    case Colour::warning: return "\x1b[33m";
    case Colour::bad: return "\x1b[31m";
    case Colour::faint: return "\x1b[2m";
    case Colour::none: break;
    }
    return "";
}

std::string painted(std::string_view text, Colour colour, bool colours) {
    if (!colours || colour == Colour::none || text.empty()) return std::string{text};
    return std::string{escape(colour)}.append(text).append("\x1b[0m");
}

Cell const& cell_of(std::vector<Cell> const& row, std::size_t column) {
    static Cell const empty;
    return column < row.size() ? row[column] : empty;
}

std::string capitals(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

/// One line; padding is kept back until something follows it.
class Line {
public:
    void add(std::string_view text, Colour colour, std::size_t width, bool right, bool colours) {
        auto const gap = width - std::min(width, characters(text));
        if (right) pending_ += gap;
        if (!text.empty()) {
            out_.append(pending_, ' ').append(painted(text, colour, colours));
            pending_ = 0;
        }
        if (!right) pending_ += gap;
        pending_ += 2;
    }
    std::string take() { return out_ + "\n"; }

private:
    std::string out_;
    std::size_t pending_ = 0;
};

} // namespace

std::string render(Table const& table, bool colours) {
    std::vector<std::vector<std::string>> texts(table.rows.size());
    std::vector<std::size_t> widths;
    for (auto const& column : table.columns) widths.push_back(characters(column.title));
    for (std::size_t r = 0; r < table.rows.size(); ++r)
        for (std::size_t c = 0; c < table.columns.size(); ++c) {
            texts[r].push_back(harmless(cell_of(table.rows[r], c).text));
            widths[c] = std::max(widths[c], characters(texts[r][c]));
        }
    Line head;
    for (std::size_t c = 0; c < table.columns.size(); ++c)
        head.add(capitals(table.columns[c].title), Colour::faint, widths[c], table.columns[c].right, colours);
    std::string out = head.take();
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        Line line;
        for (std::size_t c = 0; c < table.columns.size(); ++c)
            line.add(texts[r][c], cell_of(table.rows[r], c).colour, widths[c], table.columns[c].right, colours);
        out += line.take();
    }
    return out;
}

std::string render_as_list(Table const& table, bool colours) {
    std::size_t width = 0;
    for (auto const& column : table.columns) width = std::max(width, characters(column.title));
    std::string out;
    for (auto const& row : table.rows) {
        if (!out.empty()) out += "\n";
        for (std::size_t c = 0; c < table.columns.size(); ++c) {
            Line line;
            line.add(table.columns[c].title + ":", Colour::faint, width + 1, false, colours);
            line.add(harmless(cell_of(row, c).text), cell_of(row, c).colour, 0, false, colours);
            out += line.take();
        }
    }
    return out;
}

} // namespace almd
