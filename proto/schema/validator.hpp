// Checks a document against a JSON Schema and tells all its mistakes at once.
#pragma once

#include "proto/schema/document.hpp"
#include "proto/schema/json_text.hpp"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string_view>
#include <vector>

namespace almd {

/// The part of JSON Schema draft-07 that OpenAPI 3.0 shares, and OpenAPI's `nullable`: type, properties, required,
/// additionalProperties, items, enum, const, pattern, minimum, maximum, minLength, maxLength, minItems, maxItems, uniqueItems,
/// minProperties, oneOf, anyOf, allOf, $ref inside the document, format date-time, uuid, int32, int64. Any other keyword is
/// refused when the schema is compiled, so nothing is silently unchecked; only annotations (title, description, default,
/// example(s), x-...) pass. `x-allowed` words what an error says is allowed.
///
/// Our own rather than valijson: its paths and texts would have to be rebuilt for people anyway, it does not know `nullable`,
/// lets unknown keywords pass, needs one instance per thread and spends 1.2 ms on a `format: date-time`.
class Validator {
public:
    static constexpr std::size_t mistakes_max = 100;     ///< then it stops looking
    static constexpr std::size_t pattern_text_max = 512; ///< a longer text never matches a pattern: std::regex recurses

    /// `pointer` is the place of the schema in the document ("#/components/schemas/Heartbeat"); references are looked up
    /// in the whole document. Errors name the place in the schema.
    static Result<Validator> compile(nlohmann::json const& document, std::string_view pointer = "#");

    /// Empty: good. Does not change the validator, so threads may share it.
    std::vector<Mistake> check(nlohmann::json const& value) const;
    /// The same question without words, three times as fast: what is refused here, check() explains. Only `uniqueItems` is
    /// left to check().
    bool accepts(JsonText const& text) const;
    /// Also the document's own mistakes; all with their place in the file, in its order.
    std::vector<Mistake> check(Document const& document) const;

    Validator(Validator&&) noexcept;
    Validator& operator=(Validator&&) noexcept;
    ~Validator();

private:
    struct Compiled;
    explicit Validator(std::unique_ptr<Compiled const> compiled);
    std::unique_ptr<Compiled const> compiled_;
};

} // namespace almd
