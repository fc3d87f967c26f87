// An admin API in a few lines, and ctl run against it.
#pragma once

#include "agent/admin/ctl.hpp"
#include "proto/http/listing.hpp"
#include "proto/http/router.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

namespace almd::testing {

/// Lists from JSON arrays, through the same filter, sort and page code as the daemon's; verbs answer what they are told.
class FakeAdmin : public HttpService {
public:
    std::map<std::string, nlohmann::json> lists; ///< path -> rows
    std::map<std::string, HttpResponse> answers; ///< "POST /api/v1/..." -> answer
    std::optional<HttpResponse> anything;        ///< answers every request
    std::vector<HttpRequest> seen;

    Async<HttpResponse> serve(HttpRequest request) override {
        seen.push_back(request);
        if (anything) co_return *anything;
        std::string_view const target = request.target;
        auto const path = std::string{target.substr(0, target.find('?'))};
        if (auto const told = answers.find(request.method + " " + path); told != answers.end()) co_return told->second;
        auto const list = lists.find(path);
        if (list == lists.end() || request.method != "GET")
            co_return error_response(404, "NOT_FOUND", "there is no " + path);
        auto const query =
            target.find('?') == std::string_view::npos ? Query{} : Query::parse(target.substr(target.find('?') + 1));
        ListSource source;
        for (auto const& [name, value] : list->second.at(0).items()) source.fields.push_back(name);
        source.size = list->second.size();
        source.row = [rows = &list->second](std::size_t index) { return rows->at(index); };
        co_return list_response(query, source);
    }
};

class NobodyThere : public HttpClient {
public:
    Async<Result<HttpResponse>> send(HttpRequest) override {
        co_return fail(ErrorCode::unreachable, "connection refused");
    }
};

struct Ran {
    int code = -1;
    std::string out, err;
};

inline std::string read_all(std::FILE* file) {
    std::rewind(file);
    std::string text;
    char part[4096];
    while (auto const n = std::fread(part, 1, sizeof part, file)) text.append(part, n);
    std::fclose(file);
    return text;
}

inline Ran ctl(std::vector<std::string> args, CtlConnect const& connect) {
    auto* out = std::tmpfile();
    auto* err = std::tmpfile();
    Ran ran;
    ran.code = run_ctl(args, connect, out, err);
    ran.out = read_all(out);
    ran.err = read_all(err);
    return ran;
}

inline Ran ctl(FakeAdmin& admin, std::vector<std::string> args) {
    return ctl(std::move(args), [&admin](Shard&, std::string const&) -> Result<std::unique_ptr<HttpClient>> {
        return std::make_unique<InProcessClient>(admin);
    });
}

class TemporaryFile {
public:
    TemporaryFile(std::string const& name, std::string const& text)
        : path_{std::filesystem::temp_directory_path() / ("almd_ctl_" + std::to_string(::getpid()) + "_" + name)} {
        std::ofstream{path_} << text;
    }
    ~TemporaryFile() { std::filesystem::remove(path_); }
    TemporaryFile(TemporaryFile const&) = delete;
    TemporaryFile& operator=(TemporaryFile const&) = delete;
    std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

/// Runs a verb against a daemon that accepts everything; the request that arrived.
inline HttpRequest request_of(std::vector<std::string> args) {
    FakeAdmin admin;
    admin.anything = json_response(200, "{}");
    auto const ran = ctl(admin, std::move(args));
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(ran.out, "done\n");
    EXPECT_EQ(admin.seen.size(), 1u);
    return admin.seen.empty() ? HttpRequest{} : admin.seen.front();
}

inline void expect_request(std::vector<std::string> args, std::string const& line, nlohmann::json const& body) {
    auto const request = request_of(std::move(args));
    EXPECT_EQ(request.method + " " + request.target, line);
    EXPECT_EQ(request.body.empty() ? nlohmann::json() : nlohmann::json::parse(request.body), body);
}

} // namespace almd::testing
