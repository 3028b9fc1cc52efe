#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "engine/exchange.h"

namespace origo::gateway {

// A core of the importer's own, under the node's scheme and on its day, that is told what the
// node's register holds: what it refuses, the node would refuse. So all rows are judged by the
// node's own rules before anything is sent; only what others do meanwhile can still be in the way.
class Rehearsal {
 public:
  Rehearsal(const Scheme& scheme, const std::string& country, Instant now);

  struct Heard {
    std::uint64_t id = 0;  // of what was created
    std::string refused;   // field and rule; empty: accepted
    [[nodiscard]] bool ok() const { return refused.empty(); }
  };
  // Why it is of no use: what is wrong with the scheme; empty: nothing.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }
  // As the registry, its operator and issuing body at once; or as those who act for the companies.
  Heard registry(const Command& command) { return give(kAdmin, command); }
  Heard company(const Command& command) { return give(trustee_, command); }

  // The company of this name, which begins with these kinds.
  ParticipantId participant(const std::string& name, const std::vector<ParticipantKind>& kinds);
  // Its account, opened if it has none.
  Heard account(const std::string& name);
  // A device of it, approved, or why it cannot be.
  Heard add_device(const std::string& key, const RegisterDevice& details, ParticipantId producer);
  [[nodiscard]] DeviceId device(const std::string& key) const;  // unset: there is none
  // A production of the device; one that was declared before is found again.
  Heard declare(const std::string& key,
                const std::string& carrier,
                const Period& period,
                Measured gross);
  // It can do nothing from now on.
  void freeze(FreezeTarget target, std::uint32_t id);
  // Asked for by its producer, approved by the registry.
  Heard change(ChangeDevice change);

 private:
  static constexpr UserId kAdmin{1};
  Heard give(UserId principal, const Command& command);

  Exchange exchange_;
  std::uint64_t sequence_ = 0;
  const Instant now_;
  const std::string country_;
  std::string trouble_;
  UserId trustee_;
  std::map<std::string, ParticipantId> participants_;
  std::map<std::string, AccountId> accounts_;
  std::map<std::string, DeviceId> devices_;
  std::map<std::tuple<std::string, std::string, Date, Date>, std::uint64_t> declared_;
};

}  // namespace origo::gateway
