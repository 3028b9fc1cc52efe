#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/event.h"
#include "engine/registry/registry.h"

// A unit's public number, as its scheme writes it. A format is text with keys in braces:
//   {registry} {country} {lot} {vintage}   of the lot
//   {serial} {index}                       the unit's position in the lot, from 1 and from 0
//   {start:P} {end:P}                      the production's days; P of dd, mm, yy, yyyy and other
//   signs {device.F}                             a required field of the device
// A width after a colon pads the others with zeros, as in {serial:10}.
namespace origo {

// Whether `format` has only these keys, widths of 1 to 20, and fields that every device has.
[[nodiscard]] bool is_serial_format(std::string_view format,
                                    const std::vector<FieldRule>& device_fields);

// The number of one unit by the format of the lot's scheme. What is too long for its width stays
// whole.
[[nodiscard]] std::string print_serial(const Registry& registry, const Lot& lot, Serial serial);
// "first - last" of a range of the lot.
[[nodiscard]] std::string print_range(const Registry& registry,
                                      const Lot& lot,
                                      const SerialRange& range);

}  // namespace origo
