// Unpacking gzip with zlib.
#define ZLIB_CONST
#include "proto/http/gzip.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <zlib.h>

namespace almd {

namespace {

struct Inflating {
    z_stream stream{};
    int state = inflateInit2(&stream, 16 + MAX_WBITS); // 16: gzip only
    ~Inflating() { inflateEnd(&stream); }
};

} // namespace

Result<std::string> gunzip(std::string_view packed, std::size_t bytes_max) {
    constexpr std::size_t step = 64 * 1024;
    Inflating in;
    in.stream.next_in = reinterpret_cast<Bytef const*>(packed.data());
    in.stream.avail_in = static_cast<uInt>(packed.size());
    std::string out;
    std::size_t filled = 0;
    while (in.state == Z_OK) {
        if (filled == out.size()) out.resize(std::min(std::max(2 * filled, step), bytes_max + 1));
        in.stream.next_out = reinterpret_cast<Bytef*>(out.data() + filled);
        in.stream.avail_out = static_cast<uInt>(out.size() - filled);
        in.state = inflate(&in.stream, Z_NO_FLUSH);
        filled = out.size() - in.stream.avail_out;
        if (filled > bytes_max)
            return fail(ErrorCode::too_large,
                        fmt::format("Content-Encoding: the body unpacks to more than {} bytes", bytes_max));
        // Several members behind each other are one body (RFC 1952 2.2).
        if (in.state == Z_STREAM_END && in.stream.avail_in > 0) in.state = inflateReset(&in.stream);
    }
    if (in.state != Z_STREAM_END)
        return fail(ErrorCode::invalid, "Content-Encoding: the body is not gzip, or not all of it");
    out.resize(filled);
    return out;
}

} // namespace almd
