#pragma once

#include <functional>

#include "gateway/feed/http_server.h"
#include "gateway/grpc/server.h"

namespace origo::gateway {

// Adds what anybody may look up by HTTP, in the JSON of the gRPC API (64-bit numbers as text):
//
//   GET /api/v1/status
//   GET /api/v1/instruments                  by id
//   GET /api/v1/instruments/{id}/trades      newest first
//   GET /api/v1/instruments/{id}/candles     what traded, oldest first: interval (1m 5m 15m 1h 1d
//   1w 1mo 1y),
//                                            from, to (date or instant)
//   GET /api/v1/prices                       the same of kinds of certificates: currency, carrier,
//   country, vintage,
//                                            dimension (energy, mass)
//   GET /api/v1/statistics                   what became of certificates: registry, carrier,
//   country, from, to (months)
//   GET /api/v1/registries
//   GET /api/v1/devices, /api/v1/devices/{id}
//   GET /api/v1/lots, /api/v1/lots/{id}, /api/v1/lots/{id}/events, /api/v1/lots/{id}/lineage
//   GET /api/v1/cancellations                public statements, newest first
//   GET /api/v1/cancellations/{id}
//   GET /api/v1/cancellations/{id}/statement  the document: format=html (or pdf, json)
//   GET /api/v1/verify/{code}                the statement whose verification code it is; 404 for
//   any other text GET /verify, /verify/{code}              the same as a page, with a form for the
//   code
//
// Ids are numbers, with or without prefix (ins-4, can-3). Lists take page_size (at most 200) and
// page_token (the last answer's next_page_token). Candles are CSV with format=csv. `node` must
// outlive the server.
void add_public_routes(HttpServer& server, const NodeAccess& node);

// The part of it that is about prices.
void add_price_routes(HttpServer& server, const NodeAccess& node);

// The part of it that is about the registers' statistics.
void add_statistics_routes(HttpServer& server, const NodeAccess& node);

// The part of it that is about devices and lots.
void add_register_routes(HttpServer& server, const NodeAccess& node);

// The part of it that is about cancellation statements.
void add_statement_routes(HttpServer& server, const NodeAccess& node);

}  // namespace origo::gateway
