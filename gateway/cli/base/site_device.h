#pragma once

#include <optional>
#include <string>

#include "engine/core/command.h"
#include "gateway/cli/base/demo_data.h"

namespace origo::gateway {

// "ODRE 458": by which a site is known again, at the end of its device's name.
[[nodiscard]] std::string site_key(const Site& site);

// The site as a device with the fields of the scheme FR-GO, without registry and producer. Nothing
// if its kind is unknown.
[[nodiscard]] std::optional<RegisterDevice> device_of(const Site& site);

}  // namespace origo::gateway
