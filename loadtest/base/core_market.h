#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

#include "engine/exchange.h"
#include "loadtest/base/sample_market.h"

namespace origo::loadtest {

// The sample market inside a bare core: no journal, no network.
class CoreMarket {
 public:
  explicit CoreMarket(const SampleMarketOptions& options) {
    Hash256 token{};
    token[0] = 1;
    must(apply(UserId(), Bootstrap{.venue_name = "Load", .admin_token = token}));
    actors_[static_cast<std::size_t>(Actor::admin)] = UserId(1);
    const Date first = *make_date(2024, 1, 1);
    market_ = build_sample_market(
        options,
        {.first = first, .last = first},
        [&](Actor actor, const Command& command) {
          return must(apply(actors_[static_cast<std::size_t>(actor)], command));
        },
        [&](Actor actor, ParticipantId participant) {
          Hash256 fresh{};
          fresh[0] = static_cast<std::uint8_t>(2 + static_cast<int>(actor));
          const Answer made = must(
              apply(UserId(1),
                    CreateUser{
                        .participant = participant, .name = "load", .person = "", .token = fresh}));
          const UserId user(static_cast<std::uint32_t>(made.id));
          actors_[static_cast<std::size_t>(actor)] = user;
          return user;
        });
  }

  [[nodiscard]] const SampleMarket& market() const { return market_; }
  [[nodiscard]] UserId user(Actor actor) const { return actors_[static_cast<std::size_t>(actor)]; }
  [[nodiscard]] UserId trader() const { return user(Actor::trader); }
  [[nodiscard]] Exchange& exchange() { return exchange_; }
  [[nodiscard]] const Exchange& exchange() const { return exchange_; }
  Events& events() { return events_; }

  // The next command happens a nanosecond after `now`.
  void advance_to(Instant now) {
    start_ = Instant(now.ns() - static_cast<std::int64_t>(exchange_.sequence().value()));
  }

  Answer apply(UserId principal, const Command& command) {
    events_.clear();
    CommandHeader header;
    header.sequence = next(exchange_.sequence());
    header.time = Instant(start_.ns() + static_cast<std::int64_t>(header.sequence.value()));
    header.origin.principal = principal;
    return exchange_.apply(header, command, events_);
  }

 private:
  static Answer must(Answer answer) {
    if (answer.ok()) return answer;
    std::fprintf(stderr,
                 "setting up the market: %s %s\n",
                 std::string(info_of(answer.code).name).c_str(),
                 answer.detail.c_str());
    std::exit(1);
  }
  Instant start_ = start_of(*make_date(2026, 1, 1));
  Exchange exchange_;
  Events events_;
  UserId actors_[4];
  SampleMarket market_;
};

}  // namespace origo::loadtest
