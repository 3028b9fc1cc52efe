#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/node/history.h"
#include "proto/codec/json.h"

// The statement of a cancellation as a document: for programs, for the screen, for the file.
namespace origo::gateway {

enum class DocumentFormat : std::uint8_t { json, html, pdf };

// "json", "html", "pdf"; nothing for anything else.
[[nodiscard]] std::optional<DocumentFormat> parse_document_format(std::string_view text);

struct Document {
  std::string media_type;
  std::string file_name;  // "can-3.pdf"
  std::string bytes;
};

// The same statement and address give the same bytes; a PDF's also depend on the machine's fonts.
// Every document has the address at which its verification code is looked up, HTML and PDF also as
// a QR code. HTML needs no other file and no script; text in it is never markup.
//
// `public_url` names the node: "https://register.example", without a slash at the end.
[[nodiscard]] Document make_document(const StatementEntry& entry,
                                     const std::string& public_url,
                                     DocumentFormat format);

// So many claims stand on a statement, and on one in a list; all of them are a list of their own.
inline constexpr std::size_t kClaimsOnStatement = 1'000;
inline constexpr std::size_t kClaimsInList = 10;

// Fills in what has become of the cancellation since: what was withdrawn, and what its certificates
// are used for, at most `claims_max` of the claims.
[[nodiscard]] storage::Status tell_since(const Registry& registry,
                                         const HistoryView& history,
                                         StatementEntry& entry,
                                         std::size_t claims_max = kClaimsOnStatement);
// Fills in what of the claim was withdrawn since.
void tell_voided(const Registry& registry, ClaimEntry& entry);

// The statement as look-ups answer it.
[[nodiscard]] proto::Json statement_json(const StatementEntry& entry,
                                         const std::string& public_url);

// Where anybody may check the statement.
[[nodiscard]] std::string verification_url(const StatementEntry& entry,
                                           const std::string& public_url);

// A web page and the policy under which a browser shows it as it is meant.
struct WebPage {
  std::string html;
  std::string security_policy;
};

[[nodiscard]] WebPage statement_page(const StatementEntry& entry, const std::string& public_url);

// What a code confirms. `entry` null: nothing, and `typed` is shown again, unless it is empty.
[[nodiscard]] WebPage verification_page(const StatementEntry* entry,
                                        const std::string& public_url,
                                        const std::string& typed);

}  // namespace origo::gateway
