#pragma once

#include <grpcpp/support/status.h>

#include <functional>

#include "engine/core/date.h"
#include "gateway/grpc/server.h"
#include "origo/v1/reports.pb.h"

namespace origo::gateway {

// Writes the export of `from` to `to` in pieces to `sink`, which says whether it wants more. The
// journal and the history are read slice by slice, so memory is bounded and nothing waits for the
// sink.
[[nodiscard]] grpc::Status export_audit(const NodeAccess& node,
                                        Date from,
                                        Date to,
                                        const std::function<bool(const v1::AuditPiece&)>& sink);

}  // namespace origo::gateway
