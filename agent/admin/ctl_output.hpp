// What ctl prints: pages of a list as table or JSON, one object, the answer to a verb.
#pragma once

#include "agent/admin/ctl_command.hpp"
#include "agent/admin/table.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdio>
#include <set>
#include <string>
#include <vector>

namespace almd {

/// Takes a list page by page and keeps only what it has to: JSON goes out at once, tables need all rows for their widths.
class CtlListPrinter {
public:
    CtlListPrinter(CtlCommand const& command, std::FILE* out, bool colours);
    void page(nlohmann::json const& items);
    /// `rest`: the members of the answer beside items and total (the ledger's verdict).
    void end(std::size_t total, nlohmann::json const& rest);
    std::size_t rows() const { return rows_; }

private:
    struct Field {
        std::string name, title;
        CtlColumn const* column = nullptr;
        bool seen = false;
    };
    void add_unknown_fields(nlohmann::json const& items);
    void print_table(nlohmann::json const& rest);

    CtlCommand::Output output_;
    bool one_, vertical_, lines_; ///< one object; fields below each other; a job log's lines
    std::FILE* out_;
    bool colours_;
    std::vector<Field> fields_;
    std::vector<std::vector<Cell>> cells_;
    std::size_t rows_ = 0;
};

/// The text of a field in a table.
Cell cell_of(nlohmann::json const& value, CtlColumn const* column);

/// The messages of an answer, one a line: a text, or "E TR732 ..." of SAP's type, class, number and text.
std::string message_lines(nlohmann::json const& body);

/// The parts of one thing: what is an object as a list, then each array as the table of the resource of that name.
std::string document_text(nlohmann::json const& body, bool colours);

/// Messages one per line; other members as "name: value"; nothing to say: "done".
std::string answer_text(nlohmann::json const& body);

} // namespace almd
