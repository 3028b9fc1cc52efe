#include <algorithm>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "gateway/cli/audit_tables.h"
#include "gateway/cli/base/format.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/demo/progress.h"
#include "origo/v1/reports.grpc.pb.h"
#include "storage/audit/export_reader.h"

// Exports for audit: made by a node, proved anywhere.
namespace origo::gateway {
namespace {

using namespace storage::audit;
namespace fs = std::filesystem;
using storage::StatusCode;
using storage::Tail;

constexpr const char* kExportFile = "journal.origo-audit";

struct AuditOptions {
  std::string from;
  std::string to;
  std::string output;
  std::string file;
  std::vector<std::string> continues;
  std::vector<std::string> tails;
  bool with_node = false;
  bool replay = false;
};

// ---- what others name ----

// "1234:" and 64 hex digits.
KnownTail parse_tail(const std::string& text) {
  const std::size_t colon = text.find(':');
  KnownTail known{.who = "the tail " + text.substr(0, colon)};
  const std::string hex = colon == std::string::npos ? "" : text.substr(colon + 1);
  const char* const end = text.data() + std::min(colon, text.size());
  bool sound = std::from_chars(text.data(), end, known.tail.sequence).ptr == end &&
               hex.size() == 2 * known.tail.chain.size();
  for (std::size_t i = 0; sound && i < known.tail.chain.size(); ++i) {
    std::uint8_t byte = 0;
    const char* const digits = hex.data() + 2 * i;
    sound = std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    known.tail.chain[i] = static_cast<std::byte>(byte);
  }
  if (!sound)
    throw Failure(Exit::usage,
                  "--tail: '" + text + "' is not a command's number, a colon and 64 hex digits");
  return known;
}

KnownTail tail_of_node(Shell& shell, std::uint64_t command) {
  v1::GetJournalChainRequest request;
  request.set_command(command);
  const auto answer = shell.session().ask(&v1::Reports::Stub::GetJournalChain, request);
  KnownTail known{.who = "the node", .tail = {.sequence = command}};
  if (answer.chain().size() != known.tail.chain.size())
    throw Failure(Exit::failed, "the node names a chain of unknown form");
  std::memcpy(known.tail.chain.data(), answer.chain().data(), known.tail.chain.size());
  return known;
}

Tail chain_before(const ExportHead& head) {
  Tail tail{.sequence = head.first.value() - 1};
  std::memcpy(tail.chain.data(), head.chain_before.data(), tail.chain.size());
  return tail;
}

Tail chain_after(const ExportReport& report) {
  Tail tail{.sequence = report.head.last.value()};
  std::memcpy(tail.chain.data(), report.tail.chain_after.data(), tail.chain.size());
  return tail;
}

// ---- reading ----

ExportReport read_or_throw(const std::string& file, const ReadExportOptions& options) {
  auto read = read_export(file, options);
  if (read.ok()) return std::move(read.value);
  const StatusCode code = read.status.code;
  if (code == StatusCode::damaged)
    throw Failure(Exit::unreconciled, file + ": " + read.status.message);
  if (code == StatusCode::absent) throw Failure(Exit::not_found, read.status.message);
  if (code == StatusCode::invalid) throw Failure(Exit::usage, read.status.message);
  throw Failure(Exit::failed, read.status.message);
}

// With a bar, as large files take a while.
ExportReport read_with_bar(Shell& shell,
                           const std::string& what,
                           const std::string& file,
                           ReadExportOptions options) {
  std::optional<Progress> bar;
  std::uint64_t told = 0;
  std::error_code ignored;
  const std::uintmax_t size = fs::file_size(file, ignored);
  if (!shell.json && !ignored) bar.emplace(what, static_cast<std::size_t>(size));
  options.on_progress = [&](std::uint64_t done, std::uint64_t) {
    if (bar) bar->add(static_cast<std::size_t>(done - told));
    told = done;
  };
  ExportReport report = read_or_throw(file, options);
  if (bar) bar->finish("");
  return report;
}

void print_report(Shell& shell, const std::string& file, const ExportReport& report) {
  const ExportHead& head = report.head;
  const std::string before = storage::to_hex(chain_before(head).chain);
  const std::string after = storage::to_hex(chain_after(report).chain);
  if (shell.json) {
    const nlohmann::ordered_json json{{"file", file},
                                      {"venue", head.venue},
                                      {"from", to_string(head.from)},
                                      {"to", to_string(head.to)},
                                      {"first", std::to_string(head.first.value())},
                                      {"last", std::to_string(head.last.value())},
                                      {"commands", std::to_string(report.tail.commands)},
                                      {"batches", std::to_string(report.tail.batches)},
                                      {"events", std::to_string(report.tail.events)},
                                      {"chain_before", before},
                                      {"chain_after", after},
                                      {"agreed", report.agreed},
                                      {"outside", report.outside},
                                      {"replayed", report.replayed}};
    std::cout << json.dump() << '\n';
    return;
  }
  std::cout << head.venue << ", " << to_string(head.from) << " to " << to_string(head.to)
            << ", made at " << format_instant(head.made_at) << '\n'
            << "commands " << head.first.value() << " to " << head.last.value() << " in "
            << report.tail.batches << " batches without a gap, " << report.tail.events
            << " events of the register\n"
            << "chain before  " << before << "\nchain after   " << after << '\n';
  for (const std::string& who : report.agreed) std::cout << "agrees with " << who << '\n';
  for (const std::string& who : report.outside)
    std::cout << "says nothing of " << who << ": it names a command that no batch here ends with\n";
  if (report.replayed) std::cout << "replayed: the events are what the commands cause\n";
}

AuditedSums write_tables(Shell& shell, const std::string& file, const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Failure(Exit::failed, "cannot make " + folder.string());
  AuditTables tables(folder);
  (void)read_with_bar(shell,
                      "bytes read for the tables",
                      file,
                      {.on_facts = [&](const ExportFacts& facts) { tables.know(facts); },
                       .on_event = [&](const ExportEntry& entry) { tables.add(entry); }});
  tables.end();
  return tables.sums();
}

// ---- sums against the node's statistics ----

// Whether the export is of whole months that were over when it was made.
bool is_of_whole_months(const ExportHead& head) {
  return civil(head.from).day == 1 && civil(add_days(head.to, 1)).day == 1 &&
         head.made_at >= end_of(head.to);
}

// How many months of a kind differ.
std::size_t compare(Shell& shell, const ExportHead& head, AuditedSums sums) {
  v1::ListRegisterStatisticsRequest request;
  request.set_from(to_string(head.from).substr(0, 7));
  request.set_to(to_string(head.to).substr(0, 7));
  const auto list =
      shell.session().ask_all(&v1::Reports::Stub::ListRegisterStatistics, request, 1'000'000);
  std::size_t different = 0;
  for (const v1::RegisterMonth& month : list.months()) {
    const v1::RegisterFlows& node = month.units();
    const auto own = sums.extract({.month = month.month(),
                                   .registry = month.registry_code(),
                                   .carrier = month.carrier(),
                                   .country = month.country(),
                                   .dimension = static_cast<Dimension>(month.dimension()),
                                   .unit_size = month.unit_size()});
    const RegisterFlows none;
    const RegisterFlows& here = own ? own.mapped() : none;
    const bool agrees =
        here.issued.value() == node.issued() &&
        here.entered_otherwise.value() == node.entered_otherwise() &&
        here.transferred.value() == node.transferred() && here.traded.value() == node.traded() &&
        here.cancelled.value() == node.cancelled() && here.converted.value() == node.converted() &&
        here.expired.value() == node.expired() && here.withdrawn.value() == node.withdrawn() &&
        here.left_otherwise.value() == node.left_otherwise() &&
        here.voided.value() == node.voided();
    if (!agrees) ++different;
  }
  return different + sums.size();  // what is left the node knows nothing of
}

// ---- the verbs ----

void fetch(Shell& shell, const v1::ExportAuditRequest& request, const fs::path& file) {
  grpc::ClientContext context;
  shell.session().prepare(context, std::chrono::seconds(0));
  v1::Reports::Stub stub(shell.session().channel());
  std::ofstream out(file, std::ios::binary);
  const auto stream = stub.ExportAudit(&context, request);
  std::optional<Progress> bar;
  std::uint64_t told = 0;
  v1::AuditPiece piece;
  while (stream->Read(&piece)) {
    out << piece.data();
    if (!out) {
      context.TryCancel();
      throw Failure(Exit::failed, "cannot write " + file.string());
    }
    if (!bar && !shell.json && piece.all() > 0)
      bar.emplace("of the period exported", static_cast<std::size_t>(piece.all()));
    if (bar) bar->add(static_cast<std::size_t>(piece.done() - told));
    told = piece.done();
  }
  shell.session().check(stream->Finish());
  if (bar) bar->finish("");
  out.close();
  if (out.fail()) throw Failure(Exit::failed, "cannot write " + file.string());
}

Exit make_export(Shell& shell, const AuditOptions& asked) {
  const fs::path folder = asked.output;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Failure(Exit::failed, "cannot make " + folder.string());
  const fs::path file = folder / kExportFile;
  v1::ExportAuditRequest request;
  request.set_from(asked.from);
  request.set_to(asked.to);
  fetch(shell, request, file);
  ExportReport report = read_or_throw(file.string(), {});
  ReadExportOptions options;
  for (const std::uint64_t end : {chain_before(report.head).sequence, chain_after(report).sequence})
    if (end > 0) options.known.push_back(tail_of_node(shell, end));
  report = read_with_bar(shell, "bytes proved", file.string(), options);
  const AuditedSums sums = write_tables(shell, file.string(), folder);
  print_report(shell, file.string(), report);
  if (!is_of_whole_months(report.head)) {
    if (!shell.json)
      std::cout << "sums are not compared with the node's statistics: these are of whole months "
                   "that are over\n";
    return Exit::ok;
  }
  const std::size_t different = compare(shell, report.head, sums);
  if (different > 0)
    throw Failure(Exit::unreconciled,
                  std::to_string(different) + " sums differ from the node's statistics: see " +
                      (folder / "sums.csv").string());
  if (!shell.json) std::cout << "all sums agree with the node's statistics\n";
  return Exit::ok;
}

Exit verify_export(Shell& shell, const AuditOptions& asked) {
  ReadExportOptions options{.replay = asked.replay};
  for (const std::string& text : asked.tails) options.known.push_back(parse_tail(text));
  for (const std::string& other : asked.continues) {
    const ExportReport report = read_or_throw(other, {});
    options.known.push_back({.who = "the end of " + other, .tail = chain_after(report)});
    options.known.push_back(
        {.who = "the beginning of " + other, .tail = chain_before(report.head)});
  }
  if (asked.with_node) {
    const ExportReport report = read_or_throw(asked.file, {});
    for (const std::uint64_t end :
         {chain_before(report.head).sequence, chain_after(report).sequence})
      if (end > 0) options.known.push_back(tail_of_node(shell, end));
  }
  print_report(shell, asked.file, read_with_bar(shell, "bytes proved", asked.file, options));
  return Exit::ok;
}

}  // namespace

void add_audit_commands(CLI::App& app, Shell& shell) {
  CLI::App& audit =
      *app.add_subcommand("audit", "Exports of the journal for auditors, proved offline")
           ->require_subcommand(1);
  auto asked = std::make_shared<AuditOptions>();

  CLI::App& make = *audit.add_subcommand(
      "export",
      "The journal of some days with its proof, and tables of what became of certificates");
  make.add_option("--from", asked->from, "first day, UTC, e.g. 2026-01-01")->required();
  make.add_option("--to", asked->to, "last day")->required();
  make.add_option("-o,--output", asked->output, "folder for the export and its tables")->required();
  make.footer("  origo audit export --from 2026-01-01 --to 2026-03-31 -o audit-2026-q1");
  make.callback(
      [&shell, asked] { shell.action = [&shell, asked] { return make_export(shell, *asked); }; });

  CLI::App& verify = *audit.add_subcommand(
      "verify", "Proves an export; needs no node. Ends with 7 if anything is not as it was");
  verify.add_option("file", asked->file, "the export")->required();
  verify.add_option("--beside",
                    asked->continues,
                    "another export: where one goes on where the other ends, the chains must meet");
  verify.add_option(
      "--tail",
      asked->tails,
      "a command's number, a colon and the journal's chain after it in hexadecimal, as "
      "a witness, origo-verify or a sheet of paper has them");
  verify.add_flag("--with-node", asked->with_node, "compare both ends with what the node says");
  verify.add_flag(
      "--replay",
      asked->replay,
      "of an export that begins with command 1: apply all commands again, compare events");
  verify.footer(
      "  origo audit verify audit-2026-q2/journal.origo-audit --beside "
      "audit-2026-q1/journal.origo-audit");
  verify.callback(
      [&shell, asked] { shell.action = [&shell, asked] { return verify_export(shell, *asked); }; });

  CLI::App& tables =
      *audit.add_subcommand("tables", "Writes the tables of an export again; needs no node");
  tables.add_option("file", asked->file, "the export")->required();
  tables.add_option("-o,--output", asked->output, "folder for the tables")->required();
  tables.callback([&shell, asked] {
    shell.action = [&shell, asked] {
      (void)read_or_throw(asked->file, {});
      (void)write_tables(shell, asked->file, asked->output);
      return Exit::ok;
    };
  });
}

}  // namespace origo::gateway
