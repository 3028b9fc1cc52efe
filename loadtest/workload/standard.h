#pragma once

#include <string>
#include <vector>

#include "loadtest/workload/flow_options.h"

namespace origo::loadtest {

struct NamedFlow {
  std::string name;  // of the file
  FlowOptions options;
};

// The eleven files that engines are compared on: both mixes over 1 and 1,000 instruments and up to
// a million resting orders, 2 million commands each, seed 1; and one with scrambled ids.
std::vector<NamedFlow> standard_flows();

// The five flows of our table: the basic mix.
std::vector<NamedFlow> table_flows();

// Flows that must not hurt: a calm one, a middle that swings 60 per cent, and 2,000 sparse levels a
// side.
std::vector<NamedFlow> rough_flows();

}  // namespace origo::loadtest
