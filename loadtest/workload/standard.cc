#include "loadtest/workload/standard.h"

namespace origo::loadtest {
namespace {

struct Size {
  std::uint32_t instruments;
  std::uint32_t depth;
  const char* name;
};
constexpr Size kSizes[] = {{1, 1'000, "i1-d1k"},
                           {1, 100'000, "i1-d100k"},
                           {1, 1'000'000, "i1-d1m"},
                           {1000, 100'000, "i1000-d100k"},
                           {1000, 1'000'000, "i1000-d1m"}};

std::vector<NamedFlow> flows_of(const std::string& name, const FlowMix& mix) {
  std::vector<NamedFlow> flows;
  for (const Size& size : kSizes) {
    FlowOptions options;
    options.instruments = size.instruments;
    options.depth = size.depth;
    options.mix = mix;
    flows.push_back({.name = name + "-" + size.name + ".wl", .options = options});
  }
  return flows;
}

}  // namespace

std::vector<NamedFlow> standard_flows() {
  std::vector<NamedFlow> flows = flows_of("full", kFullMix);
  NamedFlow sparse{.name = "full-i1000-d1m-sparse.wl", .options = flows.back().options};
  sparse.options.sparse_ids = true;
  for (NamedFlow& flow : flows_of("basic", kBasicMix)) flows.push_back(std::move(flow));
  flows.push_back(std::move(sparse));
  return flows;
}

std::vector<NamedFlow> table_flows() {
  return flows_of("basic", kBasicMix);
}

std::vector<NamedFlow> rough_flows() {
  FlowOptions calm;
  calm.depth = 100'000;
  calm.mix = kBasicMix;
  FlowOptions swing = calm;
  swing.swing_percent = 60;
  FlowOptions sparse = calm;
  sparse.sparse_levels = 2000;
  return {{.name = "calm-i1-d100k.wl", .options = calm},
          {.name = "swing60-i1-d100k.wl", .options = swing},
          {.name = "levels2000-i1-d100k.wl", .options = sparse}};
}

}  // namespace origo::loadtest
