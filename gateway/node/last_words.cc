#include "gateway/node/last_words.h"

#include <spdlog/spdlog.h>

#include <cstdlib>

namespace origo::gateway {

void end_process(const std::string& why) {
  spdlog::critical("{}; the node ends here", why);
  spdlog::default_logger()->flush();
  std::_Exit(EXIT_FAILURE);
}

}  // namespace origo::gateway
