// The words of OData expressions: names, signs and literals one after the other, and where a mistake is.
#pragma once

#include "simulator/cloud/odata_model.hpp"
#include "simulator/kernel/result.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace almd {

class ODataWords {
protected:
    struct Literal {
        ODataType type;
        ODataValue value;
    };

    explicit ODataWords(std::string_view text)
        : text_{text} {}

    /// The first one counts.
    void wrong(std::string_view sentence, ErrorCode code = ErrorCode::invalid);
    bool failed() const { return error_.has_value(); }

    bool at_end(); ///< behind spaces
    bool take(char c);
    void need(char c);
    std::string_view peek_word();
    std::string_view word();
    bool call_ahead(); ///< a word with a parenthesis right behind it
    /// Nothing: something else stands here, or a broken one, which is wrong.
    std::optional<Literal> literal();

    std::optional<Error> error_;

private:
    std::optional<Literal> text_literal();
    std::optional<Literal> guid_ahead();
    std::optional<Literal> number_or_time();

    std::string_view text_;
    std::size_t at_ = 0;
};

} // namespace almd
