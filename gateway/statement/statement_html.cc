#include <openssl/evp.h>

#include <string>
#include <string_view>

#include "gateway/statement/document.h"
#include "gateway/statement/facts.h"
#include "gateway/statement/qr_code.h"
#include "storage/chain.h"

namespace origo::gateway {

namespace {

constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;padding:2rem 1rem}
main{max-width:46rem;margin:auto}
h1{margin:0;font-size:2rem}
.eyebrow,dt,.check{color:#666}
.eyebrow,.issuer{margin:0}
.head{display:flex;justify-content:space-between;gap:1.5rem}
.qr{width:9rem;flex:none;margin:0;text-align:center;font:0.75rem ui-monospace,monospace}
.qr svg{background:#fff;display:block}
.sum{font-size:1.2rem}
dl{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:0.35rem 1rem}
dd{margin:0;overflow-wrap:anywhere}
ul{list-style:none;margin:0;padding:0}
.final{font-weight:600}
.check{font-size:0.875rem;overflow-wrap:anywhere}
form{display:flex;flex-wrap:wrap;gap:0.5rem;align-items:end;margin-bottom:2rem}
label{flex-basis:100%}
input,button{font:inherit;padding:0.4rem 0.6rem}
input{flex:1;min-width:14rem;font-family:ui-monospace,monospace}
.verdict{padding:0.75rem 1rem;border-left:0.3rem solid #666}
.good{border-color:#187a3c}
.bad{border-color:#b3261e}
@media (max-width:34rem){dl{grid-template-columns:1fr}dd{margin-bottom:0.5rem}.head{flex-direction:column}}
@media print{form,.verdict{display:none}body{padding:0}}
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char sign : text) {
    switch (sign) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out.push_back(sign);
    }
  }
  return out;
}

// The style is named by its hash, so that nothing else in the page can style, run or load.
std::string policy(bool has_form) {
  static const std::string hash = [] {
    storage::Hasher hasher;
    hasher.begin();
    hasher.update(std::as_bytes(std::span(kStyle)));
    const storage::Chain digest = hasher.finish();
    std::string text(4 * ((digest.size() + 2) / 3) + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                       reinterpret_cast<const unsigned char*>(digest.data()),
                                       static_cast<int>(digest.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
  }();
  return "default-src 'none'; style-src 'sha256-" + hash + "'; base-uri 'none'; form-action " +
         (has_form ? "'self'" : "'none'") + "; frame-ancestors 'none'";
}

std::string page(const std::string& title, const std::string& body) {
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
         escaped(title) + "</title>\n<style>" + std::string(kStyle) +
         "</style>\n</head>\n<body>\n<main>\n" + body + "</main>\n</body>\n</html>\n";
}

std::string svg(const QrCode& code) {
  constexpr std::size_t kQuiet = 4;
  const std::string side = std::to_string(code.size + 2 * kQuiet);
  std::string path;
  for (std::size_t row = 0; row < code.size; ++row) {
    for (std::size_t column = 0; column < code.size; ++column) {
      if (!code.dark(column, row)) continue;
      path +=
          "M" + std::to_string(column + kQuiet) + " " + std::to_string(row + kQuiet) + "h1v1h-1z";
    }
  }
  return "<svg viewBox=\"0 0 " + side + " " + side +
         "\" role=\"img\" aria-label=\"QR code of the address below\"><path fill=\"#000\" d=\"" +
         path + "\"/></svg>";
}

std::string article(const StatementFacts& facts) {
  std::string html =
      "<article>\n<div class=\"head\">\n<div>\n<p class=\"eyebrow\">Cancellation "
      "statement</p>\n<h1>" +
      escaped(facts.number) + "</h1>\n<p class=\"issuer\">" + escaped(facts.issuer) +
      "</p>\n<p class=\"sum\"><strong>" + escaped(facts.amount) + "</strong> " +
      escaped(facts.sentence) + "</p>\n</div>\n<p class=\"qr\">" + svg(make_qr_code(facts.url)) +
      escaped(facts.code) + "</p>\n</div>\n<dl>\n";
  for (const StatementRow& row : facts.rows) {
    html += "<dt>" + escaped(row.label) + "</dt><dd>";
    if (row.lines.size() == 1) {
      html += escaped(row.lines.front());
    } else {
      html += "<ul>";
      for (const std::string& line : row.lines) html += "<li>" + escaped(line) + "</li>";
      html += "</ul>";
    }
    html += "</dd>\n";
  }
  return html + "</dl>\n<p class=\"final\">" + escaped(facts.finality) +
         "</p>\n<p class=\"check\">To check this statement, open <a href=\"" + escaped(facts.url) +
         "\">" + escaped(facts.url) +
         "</a> and compare: what the register holds counts, not this copy.</p>\n</article>\n";
}

std::string form(const std::string& typed) {
  return "<form action=\"/verify\" method=\"get\">\n<label for=\"code\">Verification code of a "
         "cancellation "
         "statement</label>\n<input id=\"code\" name=\"code\" value=\"" +
         escaped(typed) +
         "\" placeholder=\"ABCD-EFGH-JKMN-PQRS\" maxlength=\"40\" required autocomplete=\"off\" "
         "spellcheck=\"false\" autocapitalize=\"characters\">\n<button "
         "type=\"submit\">Check</button>\n</form>\n";
}

}  // namespace

WebPage statement_page(const StatementEntry& entry, const std::string& public_url) {
  const StatementFacts facts = statement_facts(entry, public_url);
  return {.html = page("Cancellation statement " + facts.number, article(facts)),
          .security_policy = policy(false)};
}

WebPage verification_page(const StatementEntry* entry,
                          const std::string& public_url,
                          const std::string& typed) {
  std::string body = form(typed);
  if (entry != nullptr) {
    const StatementFacts facts = statement_facts(*entry, public_url);
    body +=
        "<p class=\"verdict good\" role=\"status\">Confirmed: the register holds this "
        "cancellation, with exactly "
        "what is below. A document that says anything else was changed. <a "
        "href=\"/api/v1/cancellations/" +
        facts.number + "/statement?format=pdf\">As PDF</a></p>\n" + article(facts);
  } else if (!typed.empty()) {
    body +=
        "<p class=\"verdict bad\" role=\"alert\">This code confirms nothing at this register. "
        "Compare it with "
        "the document, sign by sign.</p>\n";
  }
  return {.html = page("Check a cancellation statement", body), .security_policy = policy(true)};
}

}  // namespace origo::gateway
