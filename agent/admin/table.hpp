// Rows of text in aligned columns, as a terminal shows them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

enum class Colour : std::uint8_t { none, good, warning, bad, faint };

struct Cell {
    std::string text;
    Colour colour = Colour::none;
};

struct Table {
    struct Column {
        std::string title;
        bool right = false; ///< numbers
    };
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows; ///< as many cells as columns; fewer: the rest is empty
};

/// Titles in capitals, two blanks between columns, no blanks at line ends. Control characters become blanks, so that no
/// text of another system can steer the terminal. Widths count characters, not bytes.
std::string render(Table const& table, bool colours);

/// One line per column of a single row: "System:  DEV".
std::string render_as_list(Table const& table, bool colours);

} // namespace almd
