#pragma once

#include <memory>
#include <string>

namespace origo::gateway {

class Connection;
struct ServerCore;

// Serves HTTP requests on a connection until it ends or becomes a WebSocket. Keeps itself alive.
void start_http_session(ServerCore& core,
                        std::shared_ptr<Connection> connection,
                        std::string remote_address);

}  // namespace origo::gateway
