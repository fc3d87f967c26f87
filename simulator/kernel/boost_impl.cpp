// The one place where the separately compiled parts of Asio and Beast are built; Asio's SSL part belongs to proto/http.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
