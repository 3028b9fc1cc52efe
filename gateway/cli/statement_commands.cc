#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include "gateway/cli/commands.h"

namespace origo::gateway {
namespace {

struct StatementOptions {
  std::string format;  // json, html, pdf; empty: shown, or what the file's name says
  std::string output;  // file; empty: printed
};

const std::map<std::string, v1::DocumentFormat>& document_formats() {
  static const std::map<std::string, v1::DocumentFormat> formats{{"json", v1::DOCUMENT_FORMAT_JSON},
                                                                 {"html", v1::DOCUMENT_FORMAT_HTML},
                                                                 {"pdf", v1::DOCUMENT_FORMAT_PDF}};
  return formats;
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  file.close();
  if (!file) throw Failure(Exit::failed, "cannot write " + path);
}

Exit tell_statement(Shell& shell,
                    const v1::GetCancellationRequest& request,
                    const StatementOptions& options) {
  std::string format = options.format;
  if (format.empty() && !options.output.empty()) {
    const std::string extension = std::filesystem::path(options.output).extension();
    format = extension.empty() ? "" : extension.substr(1);
    if (!document_formats().contains(format)) {
      throw Failure(Exit::usage,
                    options.output + ": give --format json, html or pdf, or such an ending");
    }
  }
  if (format.empty()) {
    shell.print_page(shell.session().ask(&v1::Registry::Stub::GetCancellation, request));
    return Exit::ok;
  }
  if (format == "pdf" && options.output.empty() && ::isatty(STDOUT_FILENO) != 0) {
    throw Failure(Exit::usage, "a PDF is not for the terminal", "give --output FILE");
  }
  v1::GetStatementDocumentRequest wanted;
  wanted.set_cancellation(request.cancellation());
  wanted.set_format(document_formats().at(format));
  const auto document = shell.session().ask(&v1::Registry::Stub::GetStatementDocument, wanted);
  if (options.output.empty()) {
    std::cout << document.document() << std::flush;
  } else {
    write_file(options.output, document.document());
  }
  return Exit::ok;
}

}  // namespace

void add_statement_commands(CLI::App& app, Shell& shell) {
  CLI::App& statement = *app.add_subcommand("statement", "The public statement of a cancellation");
  const auto request = std::make_shared<v1::GetCancellationRequest>();
  const auto options = std::make_shared<StatementOptions>();
  Verb verb(statement, shell, request);
  verb.place("cancellation", "e.g. can-3");
  statement.add_option("--format", options->format, "as a document: json, html or pdf")
      ->check(CLI::IsMember({"json", "html", "pdf"}));
  statement.add_option(
      "-o,--output", options->output, "the document's file; its ending can say the format");
  verb.examples("  origo statement can-3\n  origo statement can-3 -o can-3.pdf");
  statement.callback([&shell, request, options, verb] {
    shell.action = [&shell, request, options, verb] {
      verb.resolve();
      return tell_statement(shell, *request, *options);
    };
  });
}

}  // namespace origo::gateway
