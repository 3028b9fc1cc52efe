#pragma once

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <string>
#include <string_view>

#include "gateway/schemes/toml_reader.h"

namespace origo::gateway {

// The enumerator called `word`, or `fallback` after naming what is allowed.
template <class E>
E choose(TomlReader& reader, std::string_view key, const std::string& word, E fallback) {
  E found = fallback;
  bool known = false;
  std::string allowed;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
    allowed += (allowed.empty() ? "" : ", ") + std::string(d.name);
    if (word == d.name) {
      found = d.value;
      known = true;
    }
  });
  if (!known) reader.fail(key, "\"" + word + "\" must be one of " + allowed);
  return found;
}

// The one that the text under `key` names.
template <class E>
E choice(TomlReader& reader, std::string_view key, E fallback) {
  if (!reader.has(key)) {
    static_cast<void>(reader.text(key));  // names the missing key
    return fallback;
  }
  const std::string word = reader.text(key);
  return word.empty() ? fallback : choose(reader, key, word, fallback);
}

}  // namespace origo::gateway
