#pragma once

#include <string>

#include "engine/core/date.h"
#include "gateway/statement/facts.h"

namespace origo::gateway {

// A4 pages, as many as the serial numbers need; text can be searched and copied. Its creation date
// is `date`, so that the same facts give the same bytes. Any thread.
[[nodiscard]] std::string statement_pdf(const StatementFacts& facts, Date date);

}  // namespace origo::gateway
