// What a failed request says: our plain words for a person, SAP's wording beside them where the reference has one.
#pragma once

#include "proto/http/client.hpp"
#include "proto/http/codec.hpp"
#include "proto/http/stream.hpp"

#include <boost/system/error_code.hpp>

namespace almd {

class ClientErrors {
public:
    ClientErrors(Origin origin, std::optional<ProxySettings> const& proxy);

    Error stopped() const;
    Error unsendable(std::string_view why) const;
    Error no_free_connection(std::size_t connections_max, WireDuration waited) const;

    Error name_unknown(std::string_view detail) const;
    Error not_connected(boost::system::error_code why) const;
    Error connect_timed_out(WireDuration waited) const;
    Error proxy_answered(int status, std::string_view reason) const;
    Error proxy_broke(std::string_view detail) const;
    Error handshake_failed(TlsFailure failure, std::string_view detail) const;
    Error handshake_timed_out(WireDuration waited) const;

    Error no_answer(WireDuration waited) const;
    Error closed(bool answer_begun, std::string_view detail) const;
    Error bad_answer(ReadFault fault, ReadLimits const& limits) const;

private:
    std::string sap_handshake(std::string_view code) const;

    Origin origin_;
    std::string peer_, proxy_; ///< "host:port"; proxy_ is empty without one
};

} // namespace almd
