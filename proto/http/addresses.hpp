// The addresses of one host: asked once for all who connect at the same time, remembered for a short while.
#pragma once

#include "proto/http/gate.hpp"
#include "proto/http/stream.hpp"
#include "simulator/kernel/time.hpp"

#include <memory>
#include <string>
#include <vector>

namespace almd {

class Addresses : public std::enable_shared_from_this<Addresses> {
public:
    Addresses(net::io_context& io, std::string const& host, std::uint16_t port);

    bool known(WirePoint now) const;
    /// Valid while known(); the one that worked last comes first.
    std::vector<Tcp::endpoint> const& list() const { return list_; }
    void worked(Tcp::endpoint const& endpoint);

    /// The gate opens when there is an outcome: known(), or failure(). The gate must leave() if it dies before.
    void ask(Gate& gate, WirePoint now);
    void leave(Gate& gate);
    boost::system::error_code failure() const { return failure_; }

private:
    void answered(boost::system::error_code error, Tcp::resolver::results_type const& results);

    Tcp::resolver resolver_;
    std::string host_, port_;
    std::vector<Tcp::endpoint> list_;
    std::vector<Gate*> waiting_;
    WirePoint asked_{};
    boost::system::error_code failure_;
    bool asking_ = false;
    bool literal_ = false; ///< an IP address needs no resolver
};

} // namespace almd
