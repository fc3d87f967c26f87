// A YAML or JSON document together with the place of every value in its file.
#pragma once

#include "simulator/kernel/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace almd {

/// One thing that is wrong in a document, told so that its author can mend it.
struct Mistake {
    std::string path;      ///< "systems[2].client"; empty for the document as a whole
    std::string message;   ///< "is 200 (a number); allowed: three digits in quotes, such as \"200\""
    std::string hint;      ///< what to do, may be empty
    std::string where;     ///< "demo.yaml:12:5", empty when there is no file behind the value
    bool too_long = false; ///< a list with more elements than allowed
};
/// "demo.yaml:12:5: systems[2].client: is 200 ..., put it in quotes"
std::string to_text(Mistake const& mistake);

class Document {
public:
    static constexpr std::size_t bytes_max = 8 * 1024 * 1024;
    static constexpr std::size_t depth_max = 64;
    /// Values after aliases were followed, a text of n bytes counting as 1 + n / 64: refuses alias bombs.
    static constexpr std::size_t values_max = 500'000;

    /// By name: *.json is JSON, anything else YAML (of which JSON is nearly a subset).
    static Result<Document> load(std::string const& file);
    /// `name` is what where() calls it. Errors name the first place that cannot be read.
    /// Plain scalars are typed as in YAML 1.2: only true and false are booleans (yes, no, on, off are text), 0100 is the
    /// number 100 (no octal), 1:30 and 1_000 are text. Tags other than !!str, merge keys and several documents are refused.
    static Result<Document> from_yaml(std::string_view text, std::string name);
    static Result<Document> from_json(std::string_view text, std::string name);

    nlohmann::json const& value() const;
    std::string const& name() const;
    /// "demo.yaml:12:5"; of the nearest value around it when the path itself is not there.
    std::string where(std::string_view path) const;
    std::size_t line(std::string_view path) const; ///< the line of where(), from 1
    /// What did not keep the document from being read: keys given twice (the first one counts).
    std::vector<Mistake> const& mistakes() const;

    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();

private:
    friend class DocumentBuilder;
    struct Content;
    explicit Document(std::unique_ptr<Content> content);
    std::unique_ptr<Content> content_;
};

} // namespace almd
