// Cells, tables and JSON.
#include "agent/admin/ctl_output.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace almd {

namespace {

using nlohmann::json;

std::string dumped(json const& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string plain(json const& value) {
    if (value.is_null()) return {};
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    if (!value.is_array()) return dumped(value);
    std::string out;
    for (auto const& item : value) (out += out.empty() ? "" : ", ") += plain(item);
    return out;
}

/// What stands beside the rows: texts and numbers line by line, one level of objects in a line, deeper ones only as JSON.
std::string beside(std::string_view name, json const& value) {
    if (value.is_null() || (value.is_string() && value.get_ref<std::string const&>().empty())) return {};
    if (value.is_structured() && value.empty()) return {};
    if (!value.is_object()) {
        bool const rows = value.is_array() && value.front().is_object();
        return fmt::format("{}: {}\n", name, rows ? std::to_string(value.size()) : plain(value));
    }
    std::string out;
    for (auto const& [inner, part] : value.items()) {
        bool const deeper = part.is_structured() && std::ranges::any_of(part, &json::is_structured);
        if (deeper || (part.is_structured() && part.empty())) continue;
        if (!part.is_object()) {
            out += fmt::format("{}: {}\n", inner, plain(part));
            continue;
        }
        std::string line;
        for (auto const& [key, one] : part.items())
            line += fmt::format("{}{} {}", line.empty() ? "" : ", ", key, plain(one));
        out += fmt::format("{}: {}\n", inner, line);
    }
    return out;
}

/// "2026-11-22T08:56:24.000Z" -> "2026-11-22 08:56:24"; what is no time stays.
std::string shown_time(std::string text) {
    if (text.size() < 20 || text[10] != 'T') return text;
    text[10] = ' ';
    return text.substr(0, 19);
}

Colour colour_of(char tone) {
    switch (tone) {
    case 'g': return Colour::good;
    case 'w': return Colour::warning;
    case 'b': return Colour::bad;
    case 'f': return Colour::faint;
    default: return Colour::none;
    }
}

Colour colour_of_return_code(json const& value) {
    if (!value.is_number_integer()) return Colour::none;
    auto const code = value.get<std::int64_t>();
    return code == 0 ? Colour::good : code <= 4 ? Colour::warning : Colour::bad;
}

void print(std::FILE* out, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), out);
}

} // namespace

Cell cell_of(json const& value, CtlColumn const* column) {
    if (column == nullptr) return {plain(value)};
    switch (column->format) {
    case CtlFormat::time: return {shown_time(plain(value))};
    case CtlFormat::return_code: return {plain(value), colour_of_return_code(value)};
    case CtlFormat::words: {
        auto const code = value.is_string() ? value.get<std::string>() : dumped(value);
        auto const found = std::ranges::find(column->words, code, &CtlWord::code);
        if (found == column->words.end()) return {plain(value)};
        return {std::string{found->word}, colour_of(found->tone)};
    }
    default: return {plain(value)};
    }
}

CtlListPrinter::CtlListPrinter(CtlCommand const& command, std::FILE* out, bool colours)
    : output_{command.output}
    , one_{command.verb != nullptr && command.verb->show == CtlShow::one}
    , vertical_{one_ || (command.verb == nullptr && command.resource->one_row)}
    , lines_{command.verb != nullptr && command.verb->show == CtlShow::list}
    , out_{out}
    , colours_{colours} {
    if (vertical_ && output_ == CtlCommand::Output::table) output_ = CtlCommand::Output::wide;
    for (auto const& column : lines_ ? command.verb->columns : command.resource->columns)
        fields_.push_back({std::string{column.field}, std::string{column.title}, &column, false});
}

/// The rest of the fields: with -o wide, and when the table knows none of them.
void CtlListPrinter::add_unknown_fields(json const& items) {
    auto const named = [this](std::string const& name) {
        return std::ranges::find(fields_, name, &Field::name) != fields_.end();
    };
    bool const knows_any = std::ranges::any_of(fields_, &Field::seen);
    if (knows_any && output_ != CtlCommand::Output::wide) return;
    for (auto const& [name, value] : items.front().items())
        if (!named(name)) fields_.push_back({name, name, nullptr, true});
}

void CtlListPrinter::page(json const& items) {
    if (output_ == CtlCommand::Output::json) {
        for (auto const& item : items)
            print(out_, (rows_++ == 0 ? (one_ ? "" : "{\"items\":[\n") : ",\n") + dumped(item));
        return;
    }
    if (items.empty()) return;
    for (auto& field : fields_)
        field.seen = field.seen || std::ranges::any_of(items, [&](json const& item) {
                         return item.is_object() && item.contains(field.name);
                     });
    if (items.front().is_object()) add_unknown_fields(items);
    for (auto const& item : items) {
        std::vector<Cell> row;
        for (auto const& field : fields_) {
            auto const found = item.is_object() ? item.find(field.name) : item.end();
            row.push_back(found == item.end() ? Cell{} : cell_of(*found, field.column));
        }
        cells_.push_back(std::move(row));
        ++rows_;
    }
}

void CtlListPrinter::end(std::size_t total, json const& rest) {
    if (output_ != CtlCommand::Output::json) return print_table(rest);
    if (one_) return print(out_, "\n");
    if (rows_ == 0) print(out_, "{\"items\":[");
    std::string tail = fmt::format("{}],\"total\":{}", rows_ == 0 ? "" : "\n", total);
    for (auto const& [name, value] : rest.items()) tail += fmt::format(",{}:{}", dumped(json(name)), dumped(value));
    print(out_, tail + "}\n");
}

void CtlListPrinter::print_table(json const& rest) {
    Table table;
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (!fields_[i].seen) continue;
        auto const* column = fields_[i].column;
        bool const right =
            column != nullptr && (column->format == CtlFormat::number || column->format == CtlFormat::return_code);
        table.columns.push_back({fields_[i].title, right});
        shown.push_back(i);
    }
    for (auto& row : cells_) {
        std::vector<Cell> kept;
        for (auto i : shown) kept.push_back(i < row.size() ? std::move(row[i]) : Cell{});
        table.rows.push_back(std::move(kept));
    }
    if (rows_ > 0 && lines_ && table.columns.size() == 1) {
        for (auto const& row : table.rows) print(out_, row[0].text + "\n");
    } else if (rows_ > 0) {
        print(out_, vertical_ ? render_as_list(table, colours_) : render(table, colours_));
    }
    for (auto const& [name, value] : rest.items()) print(out_, beside(name, value));
}

std::string message_lines(json const& body) {
    std::string out;
    auto const messages = body.is_object() ? body.find("messages") : body.end();
    if (!body.is_object() || messages == body.end() || !messages->is_array()) return out;
    for (auto const& message : *messages) {
        if (!message.is_object()) {
            out += plain(message) + "\n";
            continue;
        }
        auto const part = [&](char const* name) { return plain(message.value(name, json(""))); };
        auto const id = part("class") + part("number");
        out += part("type") + " " + (id.empty() ? "" : id + " ") + part("text") + "\n";
    }
    return out;
}

std::string document_text(json const& body, bool colours) {
    std::string out;
    for (auto const& [name, part] : body.items()) {
        if (!part.is_object()) continue;
        Table table;
        table.rows.emplace_back();
        for (auto const& [field, value] : part.items()) {
            table.columns.push_back({field});
            table.rows[0].push_back({shown_time(plain(value))});
        }
        out += render_as_list(table, colours);
    }
    for (auto const& [name, part] : body.items()) {
        auto const* resource = find_ctl_resource(name);
        if (!part.is_array() || part.empty() || !resource) continue;
        Table table;
        for (auto const& column : resource->columns)
            table.columns.push_back({std::string{column.title}, column.format == CtlFormat::number});
        for (auto const& item : part) {
            auto& row = table.rows.emplace_back();
            for (auto const& column : resource->columns) {
                auto const found = item.find(column.field);
                row.push_back(found == item.end() ? Cell{} : cell_of(*found, &column));
            }
        }
        out += fmt::format("\n{} ({})\n{}", name, part.size(), render(table, colours));
    }
    return out;
}

std::string answer_text(json const& body) {
    if (!body.is_object() || body.empty()) return "done\n";
    std::string out;
    for (auto const& [name, value] : body.items()) {
        if (name != "messages" || !value.is_array()) out += beside(name, value);
    }
    out += message_lines(body);
    return out;
}

} // namespace almd
