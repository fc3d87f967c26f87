// Reading the bodies of the Features API.
#include "simulator/cloud/feature_body.hpp"

#include "proto/schema/json_text.hpp"
#include "simulator/cloud/features_model.hpp"
#include "simulator/kernel/characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace almd {

namespace {

constexpr std::size_t short_text_max = 1'000, description_max = 100'000; // characters

using Kind = JsonText::Kind;

Error wrong_field(JsonText const& json, std::uint32_t at, std::string_view sentence) {
    return {ErrorCode::invalid, fmt::format("{}: {}", json.path(at), sentence)};
}

/// take(at) for every member of the object that is no annotation, until one has an error.
template <class Take>
std::optional<Error> each_member(JsonText const& json, std::uint32_t object, Take take) {
    static constexpr std::string_view links[]{"@odata.bind", "@bind", "@odata.delta", "@delta"};
    if (json[object].kind != Kind::object)
        return object == 0 ? Error{ErrorCode::invalid, "an object was expected"}
                           : wrong_field(json, object, "an object was expected");
    for (auto at = object + 1; at < json[object].next; at = json[at].next) {
        auto const key = json[at].key;
        if (std::ranges::any_of(links, [key](std::string_view link) { return key.ends_with(link); }))
            return wrong_field(json, at, "nothing can be linked so; IDs are fields, references have a list");
        if (key.contains('@')) continue;
        if (auto error = take(at)) return error;
    }
    return std::nullopt;
}

Result<std::string> body_text(JsonText const& json, std::uint32_t at, std::size_t max) {
    if (json[at].kind == Kind::null) return std::string{};
    if (json[at].kind != Kind::string) return std::unexpected{wrong_field(json, at, "a text was expected")};
    if (characters(json[at].text) > max)
        return std::unexpected{wrong_field(json, at, fmt::format("at most {} characters are taken", max))};
    return std::string{json[at].text};
}

template <class Id>
Result<Id> body_uuid(JsonText const& json, std::uint32_t at) {
    if (json[at].kind == Kind::string)
        if (auto const id = Id::parse(json[at].text)) return *id;
    return std::unexpected{wrong_field(json, at, "a UUID was expected")};
}

Result<FeatureReference> reference_at(JsonText const& json, std::uint32_t object, ReferenceKind kind) {
    FeatureReference reference;
    auto error = each_member(json, object, [&](std::uint32_t at) -> std::optional<Error> {
        auto const key = json[at].key;
        if (key == "uuid" && kind == ReferenceKind::url) return std::nullopt; // it gets one of its own
        if (key == "parentUuid") {
            auto const parent = body_uuid<FeatureId>(json, at);
            if (!parent) return parent.error();
            reference.feature = *parent;
            return std::nullopt;
        }
        auto* const text = key == "name"                                    ? &reference.name
                           : key == "url"                                   ? &reference.url
                           : key == "id" && kind == ReferenceKind::external ? &reference.id
                                                                            : nullptr;
        if (text == nullptr) return wrong_field(json, at, "there is no such field");
        auto read = body_text(json, at, short_text_max);
        if (!read) return read.error();
        *text = *std::move(read);
        return std::nullopt;
    });
    if (error) return std::unexpected{*std::move(error)};
    if (auto complete = check_reference(kind, reference); !complete) {
        auto const path = json.path(object);
        return fail(ErrorCode::invalid, fmt::format("{}{}{}", path, path.empty() ? "" : ".", complete.error().context));
    }
    return reference;
}

std::optional<Error> read_references(JsonText const& json, std::uint32_t at, ReferenceKind kind,
                                     std::vector<FeatureReference>& out) {
    if (json[at].kind != Kind::array) return wrong_field(json, at, "a list was expected");
    if (json[at].count > FeatureBoard::references_max)
        return wrong_field(json, at, fmt::format("a feature has at most {}", FeatureBoard::references_max));
    for (auto one = at + 1; one < json[at].next; one = json[one].next) {
        auto reference = reference_at(json, one, kind);
        if (!reference) return reference.error();
        if (kind == ReferenceKind::external &&
            std::ranges::find(out, reference->id, &FeatureReference::id) != out.end())
            return Error{ErrorCode::invalid, fmt::format("{}.id: is given twice", json.path(one))};
        out.push_back(*std::move(reference));
    }
    return std::nullopt;
}

std::optional<Error> read_status(JsonText const& json, std::uint32_t at, FeatureWish& wish) {
    for (auto status = FeatureStatus{}; status <= FeatureStatus::not_planned;
         status = static_cast<FeatureStatus>(static_cast<int>(status) + 1))
        if (json[at].kind == Kind::string && json[at].text == code(status)) {
            wish.status = status;
            return std::nullopt;
        }
    return wrong_field(json, at, "there is no such status; FeatureStatus lists them");
}

/// A number in SAP's own collection, a text in other clients.
std::optional<Error> read_priority(JsonText const& json, std::uint32_t at, FeatureWish& wish) {
    auto const& value = json[at];
    for (int const code : {10, 20, 30, 40})
        if ((value.kind == Kind::integer && value.integer == code) ||
            (value.kind == Kind::string && value.text == fmt::format("{}", code))) {
            wish.priority = code;
            return std::nullopt;
        }
    return wrong_field(json, at, "10, 20, 30 or 40 was expected");
}

/// False: it is no field that can be written.
Result<bool> read_field(JsonText const& json, std::uint32_t at, FeatureWish& wish) {
    struct TextMember {
        std::string_view name;
        std::optional<std::string> FeatureWish::* member;
        std::size_t max;
    };
    static constexpr std::array<TextMember, 8> texts{{
        {"title", &FeatureWish::title, FeatureBoard::title_max},
        {"description", &FeatureWish::description, description_max},
        {"releaseId", &FeatureWish::release_id, short_text_max},
        {"scopeId", &FeatureWish::scope_id, short_text_max},
        {"responsibleId", &FeatureWish::responsible_id, short_text_max},
        {"workstreamId", &FeatureWish::workstream_id, short_text_max},
        {"type", &FeatureWish::type, short_text_max},
        {"tags", &FeatureWish::tags, short_text_max},
    }};
    auto const key = json[at].key;
    std::optional<Error> error;
    if (auto const found = std::ranges::find(texts, key, &TextMember::name); found != texts.end()) {
        auto text = body_text(json, at, found->max);
        if (!text) return std::unexpected{text.error()};
        if (key == "title" && is_blank(*text)) return std::unexpected{wrong_field(json, at, "a feature needs a title")};
        wish.*found->member = *std::move(text);
    } else if (key == "statusCode") {
        error = read_status(json, at, wish);
    } else if (key == "priorityCode") {
        error = read_priority(json, at, wish);
    } else if (key == "projectId") {
        auto const id = body_uuid<Uuid>(json, at);
        if (!id) return std::unexpected{id.error()};
        wish.project = *id;
    } else {
        return false;
    }
    if (error) return std::unexpected{*std::move(error)};
    return true;
}

bool says(JsonText::Value const& said, ODataProperty const& property, ODataValue const& value) {
    if (said.kind == Kind::null) return std::holds_alternative<std::monostate>(value);
    if (auto const* number = std::get_if<double>(&value))
        return (said.kind == Kind::integer || said.kind == Kind::number) && said.number() == *number;
    if (auto const* flag = std::get_if<bool>(&value)) return said.kind == Kind::boolean && (said.integer != 0) == *flag;
    if (said.kind != Kind::string) return false;
    if (auto const* time = std::get_if<TimePoint>(&value)) {
        auto const at = parse_rfc3339(said.text);
        return at && rfc3339(*at) == rfc3339(*time); // as precise as it was written
    }
    auto const* text = std::get_if<std::string>(&value);
    if (text == nullptr) return false;
    if (property.type != ODataType::guid) return said.text == *text;
    auto const id = Uuid::parse(said.text);
    return id && id->text() == *text;
}

/// Compares what can only be read with what there is. Lists are compared in the order in which GET writes them.
class ReadBack {
public:
    ReadBack(JsonText const& json, CloudState const& cloud)
        : json_{json}
        , cloud_{cloud} {}

    std::optional<Error> member(std::uint32_t at, ODataEntity const& entity, ODataRow row) const {
        if (auto const property = find_property(entity, json_[at].key)) {
            auto const& one = entity.properties[*property];
            if (says(json_[at], one, one.get(row))) return std::nullopt;
            return wrong_field(json_, at, "this can only be read, and has another value");
        }
        auto const navigation = find_navigation(entity, json_[at].key);
        if (!navigation) return wrong_field(json_, at, fmt::format("a {} has no such field", entity.type));
        auto const& way = entity.navigations[*navigation];
        std::vector<ODataRow> rows;
        way.collect(row, &cloud_, rows);
        if (!way.many) {
            if ((json_[at].kind == Kind::null) != rows.empty()) return differs(at);
            return rows.empty() ? std::nullopt : object(at, way.entity(), rows.front());
        }
        if (json_[at].kind != Kind::array || json_[at].count != rows.size()) return differs(at);
        auto next = rows.begin();
        for (auto one = at + 1; one < json_[at].next; one = json_[one].next)
            if (auto error = object(one, way.entity(), *next++)) return error;
        return std::nullopt;
    }

private:
    std::optional<Error> object(std::uint32_t at, ODataEntity const& entity, ODataRow row) const {
        return each_member(json_, at, [&](std::uint32_t one) { return member(one, entity, row); });
    }
    Error differs(std::uint32_t at) const {
        return wrong_field(json_, at,
                           json_[at].key.ends_with("References")
                               ? "references are added with POST and taken away with DELETE"
                               : "this can only be read, and has another value");
    }

    JsonText const& json_;
    CloudState const& cloud_;
};

} // namespace

Result<void> check_reference(ReferenceKind kind, FeatureReference const& reference) {
    if (kind == ReferenceKind::external && reference.id.empty())
        return fail(ErrorCode::invalid, "id: an external reference needs one, such as jira:ABC-123");
    if (kind == ReferenceKind::url && reference.url.empty())
        return fail(ErrorCode::invalid, "url: a URL reference needs one");
    if (kind == ReferenceKind::transport && reference.name.empty())
        return fail(ErrorCode::invalid, "name: a transport reference needs one");
    std::pair<std::string_view, std::string_view> const texts[]{
        {"id", reference.id}, {"name", reference.name}, {"url", reference.url}};
    for (auto const& [name, text] : texts)
        if (characters(text) > short_text_max)
            return fail(ErrorCode::invalid, fmt::format("{}: at most {} characters are taken", name, short_text_max));
    return {};
}

Result<FeatureWish> read_new_feature(std::string_view body) {
    auto const parsed = parse_request_body(body);
    if (!parsed) return std::unexpected{parsed.error()};
    auto const& json = *parsed;
    FeatureWish wish;
    auto error = each_member(json, 0, [&](std::uint32_t at) -> std::optional<Error> {
        static constexpr std::string_view computed[]{"uuid", "displayId", "createdAt", "modifiedAt"};
        auto const known = read_field(json, at, wish);
        if (!known) return known.error();
        if (*known || std::ranges::find(computed, json[at].key) != std::end(computed)) return std::nullopt;
        if (json[at].key == "toURLReferences")
            return read_references(json, at, ReferenceKind::url, wish.url_references);
        if (json[at].key == "toExternalReferences")
            return read_references(json, at, ReferenceKind::external, wish.external_references);
        return wrong_field(json, at, "a feature is made with no such field");
    });
    if (error) return std::unexpected{*std::move(error)};
    return wish;
}

Result<FeatureWish> read_feature_change(std::string_view body, Feature const& feature, CloudState const& cloud) {
    auto const json = parse_request_body(body);
    if (!json) return std::unexpected{json.error()};
    FeatureWish wish;
    ReadBack const read_back{*json, cloud};
    auto error = each_member(*json, 0, [&](std::uint32_t at) -> std::optional<Error> {
        auto const known = read_field(*json, at, wish);
        if (!known) return known.error();
        return *known ? std::nullopt : read_back.member(at, features_model::feature(), &feature);
    });
    if (error) return std::unexpected{*std::move(error)};
    return wish;
}

Result<FeatureReference> read_reference(std::string_view body, ReferenceKind kind) {
    auto const json = parse_request_body(body);
    if (!json) return std::unexpected{json.error()};
    return reference_at(*json, 0, kind);
}

} // namespace almd
