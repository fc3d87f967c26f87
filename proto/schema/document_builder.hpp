// How the readers of YAML and JSON fill a Document. Private to this folder; the only header with json.hpp in it.
#pragma once

#include "proto/schema/document.hpp"
#include "proto/schema/json_text.hpp"

#include <nlohmann/json.hpp>

#include <unordered_map>

namespace almd {

struct Document::Content {
    std::string name;
    nlohmann::json value;
    std::unordered_map<std::string, TextPosition> places; // by path
    std::vector<Mistake> mistakes;

    TextPosition position(std::string_view path) const;
};

class DocumentBuilder {
public:
    explicit DocumentBuilder(std::string name);
    std::string const& name() const { return content_->name; }
    void place(std::string const& path, TextPosition at);
    void given_twice(std::string const& path, TextPosition at);
    Document finish(nlohmann::json value);

private:
    std::unique_ptr<Document::Content> content_;
};

} // namespace almd
