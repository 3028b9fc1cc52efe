#pragma once

#include <memory>
#include <string>

#include "tests/scenario/driver.h"

namespace origo::scenario {

// A driver for the node at `address`; nullptr and the reason if there is none that can be used.
[[nodiscard]] std::unique_ptr<Driver> connect(const std::string& address, std::string& error);

}  // namespace origo::scenario
