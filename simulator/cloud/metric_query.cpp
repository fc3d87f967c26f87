// Reading the parameters of a reading.
#include "simulator/cloud/metric_query.hpp"

#include "simulator/cloud/otlp.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <tuple>

namespace almd {

namespace {

constexpr std::array<std::string_view, 16> metric_parameters{
    "provider", "metrics",     "dimensions", "version",  "period", "resolution",        "prefix", "shift",
    "format",   "serviceType", "serviceId",  "metricId", "limit",  "preserveTimeStamp", "offset", "onLimit"}; // V
constexpr std::array<std::string_view, 7> metric_providers{"hm", "rum", "jam", "bsm", "sum", "exm", "cpi"};   // V
constexpr std::array<std::string_view, 6> metric_measures{"usage",    "value",         "limit",
                                                          "okStatus", "warningStatus", "criticalStatus"}; // V
constexpr std::array<std::string_view, 5> metric_dimensions{"serviceType", "serviceName", "serviceId", "metricName",
                                                            "metricLabel"};                           // V
constexpr std::array<std::string_view, 3> metric_formats{"text", "protobuf-binary", "protobuf-json"}; // V

template <std::size_t n>
bool is_one_of(std::array<std::string_view, n> const& allowed, std::string_view word) {
    return std::ranges::find(allowed, word) != allowed.end();
}

template <std::size_t n>
std::unexpected<Error> unknown_word(std::string_view parameter, std::string_view word,
                                    std::array<std::string_view, n> const& allowed) {
    return fail(ErrorCode::invalid,
                fmt::format("{}: {} is unknown; allowed: {}", parameter, in_quotes(word), fmt::join(allowed, ", ")));
}

std::vector<std::string> words_of(std::string_view list) {
    std::vector<std::string> words;
    while (!list.empty()) {
        auto const end = list.find(',');
        if (auto const word = list.substr(0, end); !word.empty()) words.emplace_back(word);
        list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 1);
    }
    return words;
}

/// "measure:value", as it is documented; the name alone is understood too.
std::string measure_in(std::string_view word) {
    constexpr std::string_view before = "measure:";
    return std::string{word.starts_with(before) ? word.substr(before.size()) : word};
}

/// Another word where there is one that is understood.
Result<void> check_words(Query const& query) {
    for (auto const& [name, value] : query.all())
        if (!is_one_of(metric_parameters, name)) // U for metrics; logs say it so (V)
            return fail(ErrorCode::invalid, fmt::format("{}: Unknown filter", name));
    if (query.get("shift"))
        return fail(ErrorCode::unavailable, "shift: its form is not public, so that nothing is shifted here");
    auto const keep = query.get("preserveTimeStamp").value_or("true");
    if (keep != "true" && keep != "false")
        return fail(ErrorCode::invalid, "preserveTimeStamp: true or false was expected");
    return {};
}

} // namespace

bool MetricQuery::has_dimension(std::string_view name) const {
    return std::ranges::find(dimensions, name) != dimensions.end();
}

bool is_of_measure(MetricPoint const& point, std::string_view measure) {
    auto const quota = text_attribute(point.attributes, "sap.calm.hm.quota");
    if (quota == "limit") return measure == "limit";
    if (quota == "value") return measure == "value" || measure == "usage";
    auto const rating = text_attribute(point.attributes, "sap.calm.hm.metric.rating");
    if (measure == "value") return text_attribute(point.attributes, "sap.calm.hm.metric.type") != "quota";
    if (measure == "okStatus") return rating == "ok" || rating == "info";
    if (measure == "warningStatus") return rating == "warning";
    return measure == "criticalStatus" && (rating == "critical" || rating == "fatal" || rating == "error");
}

bool MetricQuery::wants(MetricPoint const& point) const {
    return std::ranges::any_of(measures, [&](std::string const& one) { return is_of_measure(point, one); });
}

std::optional<Duration> telemetry_period(std::string_view text) {
    if (text.starts_with('L')) text.remove_prefix(1);
    int count = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    auto const unit = std::string_view{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    if (error != std::errc{} || count < 1 || count > 10'000) return std::nullopt;
    if (unit == "M") return std::chrono::minutes{count};
    if (unit == "H") return std::chrono::hours{count};
    if (unit == "D") return std::chrono::days{count};
    return std::nullopt;
}

Result<Duration> read_period(std::string_view name, std::string_view text) {
    if (auto const period = telemetry_period(text)) return *period;
    if (text.starts_with('C') && telemetry_period(text.substr(1)))
        return fail(
            ErrorCode::unavailable,
            fmt::format("{}: what a period with C covers is not public; L{} goes back from now", name, text.substr(1)));
    return fail(ErrorCode::invalid, fmt::format("{}: a period such as L1H was expected", name));
}

Result<MetricQuery> read_metric_query(Query const& query) {
    if (auto good = check_words(query); !good) return std::unexpected{good.error()};
    MetricQuery asked;
    asked.provider = query.get("provider").value_or("");
    if (!is_one_of(metric_providers, asked.provider))
        return fail(ErrorCode::invalid,
                    fmt::format("provider: Unknown provider; allowed: {}", fmt::join(metric_providers, ", ")));
    for (auto const& word : words_of(query.get("metrics").value_or(""))) {
        asked.measures.push_back(measure_in(word));
        // Those of the other providers are not public, and nothing here has them.
        if (asked.provider == "hm" && !is_one_of(metric_measures, asked.measures.back()))
            return unknown_word("metrics", word, metric_measures);
    }
    asked.dimensions = words_of(query.get("dimensions").value_or(""));
    for (auto const& word : asked.dimensions)
        if (!is_one_of(metric_dimensions, word)) return unknown_word("dimensions", word, metric_dimensions);
    auto const period = read_period("period", query.get("period").value_or("L1H"));
    if (!period) return std::unexpected{period.error()};
    asked.period = *period;
    if (auto const text = query.get("resolution")) {
        if (text != "5Mi" && text != "15Mi") return fail(ErrorCode::invalid, "resolution: 5Mi or 15Mi was expected");
        asked.resolution = text == "5Mi" ? 5min : 15min;
    }
    asked.format = query.get("format").value_or("protobuf-json");
    if (!is_one_of(metric_formats, asked.format)) return unknown_word("format", asked.format, metric_formats);
    asked.service_type = query.get("serviceType");
    asked.metric = query.get("metricId");
    asked.prefix = query.get("prefix").value_or("");
    asked.shows_times = query.get("preserveTimeStamp") == "true";
    if (auto const text = query.get("serviceId")) {
        auto const id = LmsId::parse(*text);
        if (!id) return fail(ErrorCode::invalid, "serviceId: an LMS ID was expected");
        asked.service = *id;
    }
    return asked;
}

std::deque<MetricPoint> averaged(std::deque<MetricPoint> const& points, Duration resolution) {
    struct Sum {
        MetricPoint like;
        long double sum = 0; // holds the sum of any doubles
        int count = 0;
    };
    using Series =
        std::tuple<std::uint64_t, CloudSlot, void const*, void const*, std::string, std::string, std::string>;
    std::map<Series, std::size_t> series;
    std::deque<Sum> sums; // in the order of their first points
    auto const span = static_cast<std::uint64_t>(std::chrono::nanoseconds{resolution}.count());
    for (auto const& point : points) {
        auto const begin = point.time / span * span;
        auto const [at, is_new] = series.try_emplace(Series{begin, point.slot, &*point.resource, &*point.scope,
                                                            point.name, point.unit, otlp_protobuf(point.attributes)},
                                                     sums.size());
        if (is_new) {
            auto& like = sums.emplace_back().like;
            like = point;
            like.time = begin;
            like.start = 0;
        }
        auto& of = sums[at->second];
        of.sum += static_cast<long double>(point.number());
        ++of.count;
    }
    std::deque<MetricPoint> out;
    for (auto& one : sums) {
        one.like.value = static_cast<double>(one.sum / one.count);
        out.push_back(std::move(one.like));
    }
    std::ranges::stable_sort(out, {}, &MetricPoint::time);
    return out;
}

} // namespace almd
