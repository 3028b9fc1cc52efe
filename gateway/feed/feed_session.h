#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>

namespace origo::gateway {

class Connection;
struct ServerCore;

// Turns a connection into a WebSocket, in answer to an upgrade request whose Host and Origin are
// checked, and serves the feed on it. Keeps itself alive.
void start_feed_session(
    ServerCore& core,
    std::shared_ptr<Connection> connection,
    const boost::beast::http::request<boost::beast::http::string_body>& request);

}  // namespace origo::gateway
