#include "proto/codec/rejects.h"

namespace origo::proto {

void write_reject(Reject code, const std::string& detail, v1::Reject& out) {
  const RejectInfo& info = info_of(code);
  out.set_code(static_cast<std::uint32_t>(code));
  out.set_name(info.name.data(), info.name.size());
  out.set_class_(info.klass.data(), info.klass.size());
  out.set_field(info.field.data(), info.field.size());
  out.set_rule(info.rule.data(), info.rule.size());
  if (!detail.empty()) out.set_detail(detail);
}

void write_reject(const DecodeError& error, v1::Reject& out) {
  write_reject(error.code, {}, out);
  if (!error.field.empty()) out.set_field(error.field);
  if (!error.detail.empty()) out.set_rule(error.detail);
}

}  // namespace origo::proto
